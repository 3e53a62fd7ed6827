"""Calls in which something breaks: the person never meets silence, and the record tells what happened."""

import psutil
import pytest

from calls.conversation.gather_mouth import VOICE_DOWN_KEY
from calls.models import TERMINAL, Call
from calls.services import place_call
from calls.turn_stream import redis
from tests.calls.conversation.test_end_to_end import hold_call, spoken
from tests.factories import make_call, make_campaign
from tests.simulator.server import wait_until


def said_by_assistant(product, call):
    return " ".join(line["text"] for line in spoken(product, call) if line["speaker"] == "assistant")


def test_a_model_that_is_down_ends_the_call_politely(product):
    product.simulator.set_faults(model_status=500)
    call = hold_call(product)
    assert said_by_assistant(product, call).endswith("Le llamaremos en otro momento. Adiós.")
    assert (call.disposition, call.end_reason) == ("failed", "conversation_failed")


@pytest.fixture
def no_voice(product):
    """The vendor of the voice is down, and nothing that it said before is kept."""
    product.simulator.set_faults(speech_status=503)
    yield
    redis().delete(VOICE_DOWN_KEY)


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_when_the_voice_is_down_the_carriers_voice_speaks(product, no_voice, transport):
    call = hold_call(product, campaign=make_campaign(transport=transport))
    said = said_by_assistant(product, call)
    assert said.startswith("Le habla un asistente virtual de la Clínica Sol.")
    assert "¿Le viene bien el martes a las diez?" in said
    assert call.disposition == "completed"
    assert call.disclosed_at is not None


def test_a_lost_socket_is_survived(product):
    product.simulator.set_faults(drop_relay_after_prompts=1)
    call = hold_call(product)
    assert call.events.filter(kind="relay_lost").count() == 1
    assert call.disposition == "completed"


def test_a_worker_that_is_killed_in_a_turn_costs_a_moment(product):
    product.simulator.set_faults(first_token_ms=1500)
    call = make_call(campaign=make_campaign())
    product.simulator.pin(call.to_number, "cooperative")
    place_call(call_id=call.pk)
    wait_until(lambda: call.turns.filter(sequence=1).exists(), seconds=20)
    product.simulator.set_faults()
    for worker in workers_of(product):
        worker.kill()
    wait_until(lambda: Call.objects.get(pk=call.pk).status in TERMINAL, seconds=60)
    call.refresh_from_db()
    assert call.disposition == "completed"
    assert call.turns.get(sequence=1).said


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_without_any_worker_the_call_ends_politely(product_without_workers, transport):
    product = product_without_workers
    call = hold_call(product, campaign=make_campaign(transport=transport))
    said = said_by_assistant(product, call)
    assert said.startswith("Le habla un asistente virtual de la Clínica Sol.")
    assert said.endswith("Disculpe, tenemos un problema técnico. Le llamaremos en otro momento. Adiós.")
    assert (call.disposition, call.end_reason) == ("failed", "conversation_failed")


def workers_of(product):
    return psutil.Process(product.pids("turns")[0]).children(recursive=True)

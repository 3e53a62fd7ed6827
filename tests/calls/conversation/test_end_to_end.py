"""Whole calls through our own processes and the practice network, over real sockets."""

from datetime import timedelta

import pytest

from callcenter import clock
from calls.models import TERMINAL, Call
from calls.services import place_call
from contacts.services import is_on_dnc
from tests.factories import make_call, make_campaign
from tests.simulator.server import wait_until


def hold_call(product, *, persona="cooperative", campaign=None, **fields) -> Call:
    """A call placed now to a person of that kind, when it has ended."""
    call = make_call(campaign=campaign or make_campaign(), **fields)
    product.simulator.pin(call.to_number, persona)
    assert place_call(call_id=call.pk)
    wait_until(lambda: Call.objects.get(pk=call.pk).status in TERMINAL, seconds=90)
    call.refresh_from_db()
    return call


def spoken(product, call):
    """What the practice network heard of both sides."""
    return product.simulator.call(call.carrier_sid)["transcript"]


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_a_conversation_is_held_to_its_end(product, transport):
    call = hold_call(product, campaign=make_campaign(transport=transport))
    heard = " ".join(line["text"] for line in spoken(product, call) if line["speaker"] == "assistant")
    assert call.disposition == "completed"
    assert "Le habla un asistente virtual de la Clínica Sol." in heard
    assert "¿Le viene bien el martes a las diez?" in heard
    assert product.simulator.call(call.carrier_sid)["complaints"] == []


def test_the_transcript_is_what_both_sides_said(product):
    call = hold_call(product)
    heard = [line["text"] for line in spoken(product, call) if line["speaker"] == "person"][1:]
    said = [line["text"] for line in spoken(product, call) if line["speaker"] == "assistant"][4:]
    turns = list(call.turns.exclude(kind="opening"))
    assert [turn.heard for turn in turns] == heard
    assert [turn.said for turn in turns] == said


def test_each_turn_keeps_its_clock_readings(product):
    call = hold_call(product)
    turn = call.turns.get(sequence=1)
    assert 0 < turn.model_first_token_ms <= turn.first_words_ms <= turn.total_ms
    assert turn.queue_ms < turn.first_words_ms


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_the_disclosure_is_spoken_first_and_its_time_kept(product, transport):
    call = hold_call(product, campaign=make_campaign(transport=transport))
    first = next(line["text"] for line in spoken(product, call) if line["speaker"] == "assistant")
    assert first == "Le habla un asistente virtual de la Clínica Sol."
    assert call.answered_at < call.disclosed_at < call.ended_at


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_who_asks_not_to_be_called_is_never_called_again(product, transport):
    call = hold_call(product, persona="opt-out", campaign=make_campaign(transport=transport))
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert call.disposition == "do_not_call"
    assert call.end_reason == "opted_out"


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_key_nine_at_the_opening_ends_the_call_for_good(product, transport):
    call = hold_call(product, persona="opt-out-key", campaign=make_campaign(transport=transport))
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert call.turns.last().heard == "[9]"


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_a_callback_is_promised_for_the_time_the_person_names(product, transport):
    call = hold_call(product, persona="hurried-callback", campaign=make_campaign(transport=transport))
    assert call.disposition == "callback"
    assert call.answered_at < call.callback_at < call.answered_at + timedelta(minutes=2)


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_who_says_nothing_is_asked_once_and_left_alone(product, transport):
    call = hold_call(product, persona="silent", campaign=make_campaign(transport=transport, silence_seconds=1))
    assert [turn.said for turn in call.turns.exclude(kind="opening")] == [
        "¿Sigue ahí?",
        "Parece que no me oye. Le llamaremos en otro momento. Adiós.",
    ]
    assert (call.disposition, call.end_reason) == ("no_conversation", "silence")


def test_an_interruption_keeps_only_what_was_heard(product):
    call = hold_call(product, persona="interrupter")
    turn = call.turns.filter(was_interrupted=True).first()
    assistant = [line["text"] for line in spoken(product, call) if line["speaker"] == "assistant"]
    assert turn.said
    assert any(words.startswith(turn.said) for words in assistant)  # one more word may slip out while the network stops

"""The sockets door while Redis is away: an opt-out is the one thing that must never be lost."""

import json

import pytest

from callcenter import clock
from calls.models import Call
from contacts.services import is_on_dnc
from tests.calls.conversation.test_relay_door import KEY_NINE, TROUBLE, conversation, is_blocked_soon
from tests.calls.running import address_settings, running_product
from tests.redis_servers import running_redis
from tests.simulator.server import wait_until

OPTED_OUT = "De acuerdo, no volveremos a llamarle. Disculpe las molestias. Adiós."
NO_MORE_CALLS = {"type": "prompt", "voicePrompt": "No me llamen más", "last": True}


@pytest.fixture(scope="module")
def lonely_door(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sockets door alone; its Redis has stopped since it began."""
    directory = tmp_path_factory.mktemp("lonely")
    with (
        django_db_blocker.unblock(),
        running_redis() as redis,
        running_product(directory, only=["sockets"], environment={"REDIS_URL": redis.url}) as product,
    ):
        redis.stop()
        yield product


@pytest.fixture
def call(lonely_door, answered_call, settings):
    address_settings(settings, lonely_door)
    return answered_call


@pytest.mark.parametrize("wish", [NO_MORE_CALLS, KEY_NINE])
def test_who_asks_not_to_be_called_and_hangs_up_at_once_is_obeyed(call, wish):
    with conversation(call_id=call.pk) as carrier:
        carrier.send(**wish)
    assert is_blocked_soon(call)


def test_the_person_hears_that_the_wish_was_understood(call):
    with conversation(call_id=call.pk) as carrier:
        carrier.send(**NO_MORE_CALLS)
        assert carrier.spoken_words() == OPTED_OUT
        carrier.send(type="info", name="agentSpeaking", value="off")
        end = carrier.next_frame()
    assert is_blocked_soon(call)
    assert json.loads(end["handoffData"]) == {"reason": "opted_out", "wish": "No me llamen más"}


def test_the_record_keeps_what_was_said_and_why_the_call_ended(call):
    with conversation(call_id=call.pk) as carrier:
        carrier.send(**NO_MORE_CALLS)
        carrier.spoken_words()
    assert is_blocked_soon(call)
    wait_until(lambda: call.turns.exists() and Call.objects.get(pk=call.pk).end_reason, seconds=10)
    assert call.turns.get().heard == "No me llamen más"
    assert Call.objects.get(pk=call.pk).end_reason == "opted_out"


def test_whoever_says_something_else_hears_an_apology_and_is_not_blocked(call):
    with conversation(call_id=call.pk) as carrier:
        carrier.says("Hola")
        assert carrier.spoken_words() == TROUBLE
    wait_until(lambda: call.turns.exists(), seconds=10)
    assert not is_on_dnc(e164=call.to_number, now=clock.now())

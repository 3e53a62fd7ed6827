"""The sockets door as the carrier meets it. The tests play the carrier, and the workers behind the turn stream."""

import json
import socket
import time
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from twilio.request_validator import RequestValidator
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from callcenter import clock
from callcenter.identifiers import new_id
from calls.addresses import relay_url
from calls.conversation.dispatch import turns_queue
from calls.turn_stream import TurnCanceled, TurnWriter
from contacts.services import is_on_dnc
from tests.simulator.server import wait_until

KEY_NINE = {"type": "dtmf", "digit": "9"}
TROUBLE = "Disculpe, tenemos un problema técnico. Le llamaremos en otro momento. Adiós."


class Carrier:
    """The carrier's end of one socket."""

    def __init__(self, socket, call_id):
        self.socket = socket
        self.call_id = call_id

    def send(self, **frame):
        self.socket.send(json.dumps(frame))

    def setup(self, *, account_sid="", **parameters):
        values = {"call_id": str(self.call_id), "language": "es-ES", "silence_seconds": "8", "sequence": "0"}
        account_sid = account_sid or django_settings.TWILIO_ACCOUNT_SID
        self.send(type="setup", accountSid=account_sid, customParameters=values | parameters)

    def says(self, words):
        self.send(type="prompt", voicePrompt=words, lang="es-ES", last=True)

    def next_frame(self, seconds=30):
        return json.loads(self.socket.recv(timeout=seconds))

    def spoken_words(self, seconds=30):
        """Everything until the frame that ends the message."""
        words = ""
        while (frame := self.next_frame(seconds))["type"] == "text":
            words += frame["token"]
            if frame["last"]:
                return words
        raise AssertionError(frame)

    def writer(self, sequence=1, attempt=1):
        return TurnWriter(call_id=self.call_id, sequence=sequence, attempt=attempt)


@contextmanager
def conversation(*, call_id=None, signature="", url="", **parameters):
    call_id = call_id or new_id()
    address = url or relay_url(call_id)
    signed = signature or RequestValidator(django_settings.TWILIO_AUTH_TOKEN).compute_signature(address, {})
    with connect(address, additional_headers={"X-Twilio-Signature": signed}) as socket:
        carrier = Carrier(socket, call_id)
        carrier.setup(**parameters)
        yield carrier


def jobs():
    """What the door asked the workers for: name of the job and its arguments after the call's id."""
    return [(job.func_name.split(".")[-1], *job.args[1:4]) for job in turns_queue().jobs]


def is_blocked_soon(call, seconds=30):
    """Whether the call's number comes onto the do-not-call list."""
    wait_until(lambda: is_on_dnc(e164=call.to_number, now=clock.now()), seconds=seconds)
    return True


def is_asked_for(*expected, seconds=30):
    """Whether the door asks the workers for this: name of the job and its arguments after the call's id."""
    wait_until(lambda: expected in jobs(), seconds=seconds)
    return True


@pytest.mark.parametrize("signature", ["wrong", "bm90IHRoZSByaWdodCBvbmUhISE="])
def test_a_wrong_signature_is_refused(sockets_door, signature):
    with pytest.raises(InvalidStatus) as refused, conversation(signature=signature):
        pass
    assert refused.value.response.status_code == 403


def test_a_missing_signature_is_refused(sockets_door):
    with pytest.raises(InvalidStatus) as refused, connect(relay_url(new_id())):
        pass
    assert refused.value.response.status_code == 403


def test_another_calls_secret_is_refused_even_when_signed(sockets_door):
    mine, other = relay_url(new_id()), relay_url(new_id())
    url = mine.replace(mine.split("/")[5], other.split("/")[5])
    with pytest.raises(InvalidStatus) as refused, conversation(url=url):
        pass
    assert refused.value.response.status_code == 403


def test_a_foreign_account_is_shown_out(sockets_door):
    with conversation(account_sid="AC" + "9" * 32) as carrier, pytest.raises(ConnectionClosed) as closed:
        carrier.next_frame()
    assert closed.value.rcvd.code == 1008


def test_what_the_person_says_becomes_a_turn(sockets_door):
    with conversation() as carrier:
        carrier.says("Sí, soy yo")
        assert is_asked_for("run_turn", 1, "Sí, soy yo", 1)


def test_words_are_spoken_as_they_are_published(sockets_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)
        writer = carrier.writer()
        writer.started()
        writer.words("Buenos ")
        assert carrier.next_frame() == {"type": "text", "token": "Buenos ", "last": False}
        writer.words("días.")
        writer.done()
        assert carrier.spoken_words() == "días."


def test_a_reader_that_comes_late_misses_nothing(sockets_door):
    call_id = new_id()
    writer = TurnWriter(call_id=call_id, sequence=3, attempt=1)
    writer.started()
    writer.words("Lo primero. ")
    with conversation(call_id=call_id, sequence="3", resumes="turn") as carrier:
        assert carrier.next_frame()["token"] == "Lo primero. "
        writer.words("Lo segundo.")
        writer.done()
        assert carrier.spoken_words() == "Lo segundo."


def test_after_a_lost_socket_the_person_is_asked_to_repeat(sockets_door):
    with conversation(sequence="4", resumes="conversation") as carrier:
        assert carrier.spoken_words() == "Perdone, se ha cortado un momento. ¿Me decía?"
        carrier.says("Decía que sí")
        assert is_asked_for("run_turn", 5, "Decía que sí", 1)


def test_an_interruption_stops_the_turn_and_keeps_what_was_heard(sockets_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)
        writer = carrier.writer()
        writer.started()
        writer.words("Le llamo de la clínica para su cita.")
        carrier.next_frame()
        carrier.send(type="interrupt", utteranceUntilInterrupt="Le llamo de la", durationUntilInterruptMs=900)
        assert is_asked_for("keep_heard", 1, "Le llamo de la")
        with pytest.raises(TurnCanceled) as canceled:
            writer.words(" ¿Le viene bien?")
        assert canceled.value.heard == "Le llamo de la"


def test_a_turn_without_a_sign_of_life_is_asked_for_again(punctual_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)
        began = time.monotonic()
        assert is_asked_for("run_turn", 1, "Hola", 2)
        assert time.monotonic() - began > 0.5


def test_a_late_answer_of_a_worker_that_was_given_up_is_not_spoken(punctual_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 2)
        second = carrier.writer(attempt=2)
        second.started()
        carrier.writer(attempt=1).words("De antes.")
        second.words("De ahora.")
        second.done()
        words = carrier.spoken_words()
        assert words.removeprefix("Un momento, por favor. ") == "De ahora."


def test_a_slow_answer_is_announced(punctual_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)
        carrier.writer().started()
        assert carrier.next_frame()["token"] == "Un momento, por favor. "


def test_without_any_worker_the_door_apologises_and_ends(punctual_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert carrier.spoken_words(seconds=30).endswith(TROUBLE)
        carrier.send(type="info", name="agentSpeaking", value="off")
        assert carrier.next_frame() == {"type": "end", "handoffData": '{"reason": "no_worker"}'}
        with pytest.raises(TurnCanceled, match="canceled") as canceled:
            carrier.writer().started()
        assert canceled.value.heard == TROUBLE


def test_the_call_ends_when_the_farewell_has_been_spoken(sockets_door):
    with conversation() as carrier:
        carrier.says("Adiós")
        assert is_asked_for("run_turn", 1, "Adiós", 1)
        writer = carrier.writer()
        writer.started()
        writer.words("Gracias por su tiempo. Adiós.")
        writer.ends_call("assistant_ended")
        writer.done()
        assert carrier.spoken_words() == "Gracias por su tiempo. Adiós."
        with pytest.raises(TimeoutError):
            carrier.next_frame(0.5)
        carrier.send(type="info", name="agentSpeaking", value="off")
        assert carrier.next_frame() == {"type": "end", "handoffData": '{"reason": "assistant_ended"}'}


@pytest.mark.parametrize("wish", [{"type": "prompt", "voicePrompt": "Y no me llamen más", "last": True}, KEY_NINE])
def test_a_wish_not_to_be_called_counts_even_during_the_farewell(sockets_door, answered_call, wish):
    with conversation(call_id=answered_call.pk) as carrier:
        carrier.says("Adiós")
        writer = carrier.writer()
        writer.started()
        writer.words("Adiós.")
        writer.ends_call("assistant_ended")
        writer.done()
        carrier.spoken_words()
        carrier.send(**wish)
        assert is_blocked_soon(answered_call)


def test_nobody_who_asks_not_to_be_called_has_to_wait_for_a_worker(sockets_door, answered_call):
    with conversation(call_id=answered_call.pk) as carrier:
        carrier.says("No me llamen más")
    assert is_blocked_soon(answered_call)


def test_without_any_worker_the_record_tells_that_nobody_answered(punctual_door, answered_call):
    with conversation(call_id=answered_call.pk) as carrier:
        carrier.says("Hola")
        carrier.spoken_words(seconds=30)
        wait_until(lambda: answered_call.turns.exists(), seconds=30)
    turn = answered_call.turns.get()
    assert (turn.sequence, turn.heard, turn.kind) == (1, "Hola", "farewell")
    assert turn.said.endswith(TROUBLE)


def test_key_nine_is_a_turn_of_its_own(sockets_door):
    with conversation() as carrier:
        carrier.send(type="dtmf", digit="9")
        assert is_asked_for("run_turn", 1, "[9]", 1)


def test_silence_becomes_a_turn_in_which_nothing_was_heard(sockets_door):
    with conversation(silence_seconds="0.3"):
        assert is_asked_for("run_turn", 1, "", 1)


def test_frames_that_make_no_sense_change_nothing(sockets_door):
    with conversation() as carrier:
        carrier.socket.send("{not json")
        carrier.socket.send('["a list"]')
        carrier.send(type="unknown")
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)


def test_who_hangs_up_in_the_middle_of_a_turn_has_heard_what_was_sent(sockets_door):
    with conversation() as carrier:
        carrier.says("Hola")
        writer = carrier.writer()
        writer.started()
        writer.words("Buenos días. ")
        carrier.next_frame()
    assert is_asked_for("keep_heard", 1, "Buenos días. ")


def test_a_socket_that_breaks_leaves_the_turn_to_the_next_one(sockets_door):
    with conversation() as carrier:
        carrier.says("Hola")
        assert is_asked_for("run_turn", 1, "Hola", 1)
        carrier.socket.socket.shutdown(socket.SHUT_RDWR)
    carrier.writer().words("Buenos días.")
    assert "keep_heard" not in [name for name, *_ in jobs()]


def test_a_complaint_of_the_carrier_is_logged_by_its_code_and_not_with_the_words_it_repeats(sockets_door):
    with conversation() as carrier:
        carrier.send(type="error", description='Invalid message received, code: 64107, "Señora Ruiz"')
        wait_until(lambda: "relay_error_frame" in sockets_door.log("sockets"))
    assert "64107" in sockets_door.log("sockets")
    assert "Ruiz" not in sockets_door.log("sockets")

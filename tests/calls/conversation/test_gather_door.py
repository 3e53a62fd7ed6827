"""Clips at the sockets door: each address waits for its sentence."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.conf import settings

from callcenter.identifiers import new_id
from calls.addresses import clip_url
from calls.conversation.dispatch import ask_for_turn
from calls.models import Call
from calls.sockets.waiting_turn import LAST_LIFE_SHARE, STALL_SECONDS
from calls.sound import silence, wav, wav_duration_ms
from calls.turn_stream import TurnWriter
from tests.calls.conversation.test_relay_door import TROUBLE, is_asked_for
from tests.simulator.server import wait_until

SOUND = wav(b"\x55" * 400)


@pytest.fixture
def writer(sockets_door):
    writer = TurnWriter(call_id=new_id(), sequence=1, attempt=1)
    writer.call_id = writer._stream.split(":")[1]
    writer.started()
    return writer


def fetch(writer, position, answers):
    thread = threading.Thread(
        target=lambda: answers.append(requests.get(clip_url(writer.call_id, 1, position), timeout=60))
    )
    thread.start()
    return thread


def test_an_address_waits_for_its_sentence_and_answers_at_once(writer):
    answers = []
    waiting = fetch(writer, 2, answers)
    writer.clip("a" * 64, silence(50))
    first = requests.get(clip_url(writer.call_id, 1, 1), timeout=60)
    assert (wav_duration_ms(first.content), answers) == (50, [])
    writer.clip("b" * 64, SOUND)
    waiting.join(30)
    assert answers[0].content == SOUND
    assert answers[0].headers["content-length"] == str(len(SOUND))
    assert answers[0].headers["content-type"] == "audio/wav"


def test_a_finished_turn_answers_the_remaining_addresses_with_a_moment_of_silence(writer):
    writer.clip("a" * 64, SOUND)
    writer.done()
    answer = requests.get(clip_url(writer.call_id, 1, 2), timeout=60)
    assert wav_duration_ms(answer.content) == 20


def test_a_sentence_that_never_comes_is_silence_after_ten_seconds(writer):
    answer = requests.get(clip_url(writer.call_id, 1, 1), timeout=60)
    assert answer.elapsed.total_seconds() > 9.5
    assert wav_duration_ms(answer.content) == 20


def test_a_turn_without_a_sign_of_life_is_asked_for_again(punctual_door):
    call_id = new_id()
    ask_for_turn(call_id=call_id, sequence=1, heard="Sí", may_be_asked_again=True)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(requests.get(clip_url(call_id, 1, 1), timeout=60)))
    thread.start()
    assert is_asked_for("run_turn", 1, "Sí", 2)
    TurnWriter(call_id=call_id, sequence=1, attempt=2).done()
    thread.join(30)
    assert answers


def test_a_turn_whose_worker_died_on_the_way_is_asked_for_again(sockets_door):
    call_id, answers = new_id(), []
    ask_for_turn(call_id=call_id, sequence=1, heard="Sí", may_be_asked_again=True)
    TurnWriter(call_id=call_id, sequence=1, attempt=1).started()
    thread = threading.Thread(target=lambda: answers.append(requests.get(clip_url(call_id, 1, 2), timeout=60)))
    thread.start()
    assert is_asked_for("run_turn", 1, "Sí", 2, seconds=30)
    TurnWriter(call_id=call_id, sequence=1, attempt=2).done()
    thread.join(30)
    assert answers


@pytest.mark.parametrize("asks_ahead", [True, False])
def test_a_turn_that_nobody_answers_is_given_up_before_three_seconds_of_silence(
    punctual_door, answered_call, asks_ahead
):
    ask_for_turn(call_id=answered_call.pk, sequence=1, heard="Sí", may_be_asked_again=True)
    urls = [clip_url(answered_call.pk, 1, position) for position in range(1, 6)]
    began = time.monotonic()
    with ThreadPoolExecutor(5 if asks_ahead else 1) as carrier:
        answers = list(carrier.map(lambda url: requests.get(url, timeout=60), urls))
    assert 2 < time.monotonic() - began < STALL_SECONDS
    assert [wav_duration_ms(answer.content) for answer in answers] == [20] * 5


def test_nobody_meets_three_seconds_of_silence():
    assert (2 + LAST_LIFE_SHARE) * settings.TURN_LIFE_SECONDS < 3


def test_the_record_tells_that_nobody_answered(punctual_door, answered_call):
    ask_for_turn(call_id=answered_call.pk, sequence=1, heard="Sí", may_be_asked_again=True)
    requests.get(clip_url(answered_call.pk, 1, 1), timeout=60)
    wait_until(lambda: Call.objects.get(pk=answered_call.pk).end_reason, seconds=30)
    turn = answered_call.turns.get()
    assert (turn.heard, turn.said, turn.kind) == ("Sí", TROUBLE, "farewell")
    assert Call.objects.get(pk=answered_call.pk).end_reason == "conversation_failed"


def test_an_opening_that_nobody_makes_is_passed_over_before_three_seconds_of_silence(punctual_door):
    began = time.monotonic()
    answer = requests.get(clip_url(new_id(), 0, 1), timeout=60)
    assert 2 < time.monotonic() - began < STALL_SECONDS
    assert wav_duration_ms(answer.content) == 20


def test_the_live_call_is_ended_after_its_last_clip(writer):
    writer.clip("a" * 64, SOUND)
    writer.ends_call("assistant_ended")
    writer.done()
    for position in (1, 2, 3):
        requests.get(clip_url(writer.call_id, 1, position), timeout=60)
    assert is_asked_for("end_live_call", "assistant_ended")


@pytest.mark.parametrize("path", ["/telephony/x/y/clips/1/1.wav", "/", "/telephony/../clips"])
def test_other_addresses_do_not_exist(sockets_door, path):
    assert requests.get(f"http://127.0.0.1:{sockets_door.plan.ports.sockets}{path}", timeout=60).status_code == 404


def test_a_wrong_secret_opens_nothing(writer):
    url = clip_url(writer.call_id, 1, 1)
    assert requests.get(url.replace(url.split("/")[5], "0" * 32), timeout=60).status_code == 404

"""Turns as a worker runs them, with a language model that answers as the test scripts it."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter import clock
from callcenter.identifiers import new_id
from calls import providers
from calls.conversation import records
from calls.conversation.engine import record_failure, run_turn
from calls.live_page import growing_transcript
from calls.models import Turn
from calls.speech_cache import Sentence
from calls.turn_stream import TurnWriter, cancel_now, clip_key, redis, stream_key
from contacts.services import is_on_dnc
from tests.calls.conversation.scripted import Answer, says
from tests.factories import make_call, make_campaign, make_turn

TROUBLE = "Disculpe, tenemos un problema técnico. Le llamaremos en otro momento. Adiós."

pytestmark = pytest.mark.django_db
claims_again = pytest.mark.django_db(transaction=True)
"""A refused claim would break the transaction that other tests run in."""


@pytest.fixture
def call():
    return make_call(status="in_progress", carrier_sid="CA1")


def turn(call, heard="Hola", *, sequence=1, attempt=1, asked_at=None):
    run_turn(
        call_id=call.pk,
        sequence=sequence,
        heard=heard,
        attempt=attempt,
        asked_at=asked_at or clock.now().timestamp(),
    )
    call.refresh_from_db()
    return Turn.objects.get(call=call, sequence=sequence)


def published(call):
    """What stands on the turn stream: kinds, and the words among them."""
    entries = [entry for _, entry in redis().xrange(stream_key(call.pk))]
    words = b"".join(entry[b"text"] for entry in entries if entry[b"kind"] == b"words")
    return [entry[b"kind"].decode() for entry in entries], words.decode()


def test_a_turn_is_published_and_stored(call, model):
    model.answers[0] = says("Buenos ", "días.")
    stored = turn(call, "¿Diga?")
    assert (stored.heard, stored.said, stored.status) == ("¿Diga?", "Buenos días.", "done")
    assert published(call)[1] == "Buenos días."
    assert published(call)[0][0] == "started"
    assert published(call)[0][-1] == "done"


def test_a_turn_asks_three_queries(call, model, django_assert_num_queries):
    turn(call, sequence=1)
    with django_assert_num_queries(3):
        run_turn(call_id=call.pk, sequence=2, heard="Sí", attempt=1, asked_at=clock.now().timestamp())


@claims_again
def test_running_a_turn_twice_answers_once(call, model):
    turn(call)
    turn(call)
    assert len(model.requests) == 1


@claims_again
def test_a_turn_that_its_worker_abandoned_is_taken_over(call, model):
    abandoned = make_turn(call=call, sequence=1, heard="Hola")
    stored = turn(call, attempt=2)
    assert (stored.pk, stored.attempt, stored.said) == (abandoned.pk, 2, "De acuerdo.")


@claims_again
def test_a_turn_whose_worker_is_alive_is_left_to_it(call, model):
    asked_at = clock.now().timestamp()
    make_turn(call=call, sequence=1, heard="Hola")
    assert turn(call, attempt=2, asked_at=asked_at).said == ""
    assert not model.requests


def test_a_worker_that_was_given_up_stores_nothing(call):
    row = make_turn(call=call, sequence=1, heard="Hola", attempt=2)
    late = Turn(pk=row.pk, call=call, sequence=1, attempt=1)
    records.store_turn(late, said="Tarde.", was_interrupted=False)
    assert Turn.objects.get(pk=row.pk).said == ""


@pytest.mark.parametrize("answer", [Answer("", status=500), Answer("<html/>", content_type="text/html")])
def test_a_model_that_fails_is_covered_by_a_polite_end(call, model, answer):
    model.answers[0] = answer
    stored = turn(call)
    assert (stored.said, stored.status, stored.kind) == (TROUBLE, "failed", "farewell")
    assert (call.disposition, call.end_reason) == ("failed", "conversation_failed")
    assert "ends_call" in published(call)[0]


def test_a_passing_failure_of_the_model_is_never_heard(call, model, settings):
    settings.TURN_TRY_AGAIN_WITHIN_SECONDS = 60
    model.answers.insert(0, Answer("busy", status=503))
    assert turn(call).said == "De acuerdo."
    assert len(model.requests) == 2


def test_a_model_that_breaks_off_is_followed_by_the_apology(call, model):
    model.answers[0] = Answer(
        'data: {"choices":[{"index":0,"delta":{"content":"Un momento. "}}]}\n\ndata: {"error":{"message":"x"}}\n\n'
    )
    assert turn(call).said == f"Un momento. {TROUBLE}"


def test_a_wish_not_to_be_called_is_honoured_before_any_model_is_asked(call, model):
    stored = turn(call, "No me llamen más, por favor")
    assert stored.said == "De acuerdo, no volveremos a llamarle. Disculpe las molestias. Adiós."
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert (call.disposition, call.end_reason, model.requests) == ("do_not_call", "opted_out", [])


def test_who_asks_not_to_be_called_and_hangs_up_at_once_is_obeyed(call, model):
    cancel_now(call.pk, 1, heard="")
    turn(call, "No me llamen más")
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert call.disposition == "do_not_call"


def test_who_goes_on_talking_after_that_wish_hears_that_it_is_granted(call, model):
    cancel_now(call.pk, 1, heard="")
    turn(call, "No me llamen más")
    assert turn(call, "¿Me oye?", sequence=2).said.startswith("De acuerdo, no volveremos a llamarle.")
    assert not model.requests


def test_the_model_may_mark_a_number_too(call, model):
    model.answers[0] = says("Lo anoto. Adiós.", tool="mark_do_not_call", arguments='{"reason": "molesto"}')
    assert turn(call, "Esto es un acoso").kind == "farewell"
    assert is_on_dnc(e164=call.to_number, now=clock.now())


def test_the_model_ends_the_call_with_a_result(call, model):
    model.answers[0] = says("Gracias. Adiós.", tool="end_call", arguments='{"disposition": "interested"}')
    stored = turn(call)
    assert call.disposition == "interested"
    assert stored.tool_calls[0]["name"] == "end_call"


def test_a_result_that_no_model_may_settle_counts_as_completed(call, model):
    model.answers[0] = says("Adiós.", tool="end_call", arguments='{"disposition": "do_not_call"}')
    turn(call)
    assert call.disposition == "completed"


def test_a_farewell_without_words_is_spoken_from_the_script(call, model):
    model.answers[0] = says(tool="end_call", arguments='{"disposition": "completed"}')
    assert turn(call).said == "Gracias por su tiempo. Adiós."


def test_a_callback_at_an_impossible_time_is_asked_for_again(call, model):
    model.answers[:] = [
        says("Perfecto.", tool="schedule_callback", arguments='{"at": "ayer", "note": ""}'),
        says(" Perdone, ¿a qué hora?"),
    ]
    assert turn(call, "Llámeme luego").said == "Perfecto. Perdone, ¿a qué hora?"
    assert call.callback_at is None
    assert model.requests[1]["messages"][-1] == {"role": "tool", "tool_call_id": "call_1", "content": "no_such_time"}


def test_nothing_is_promised_outside_the_calling_window(model):
    call = make_call(campaign=make_campaign(rules={"windows": {"0": [["10:00", "10:01"]]}}), status="in_progress")
    model.answers[:] = [
        says(tool="schedule_callback", arguments=json.dumps({"at": in_an_hour(), "note": ""})),
        says("A esa hora no llamamos."),
    ]
    assert turn(call, "Llámeme en una hora").said == "A esa hora no llamamos."
    assert call.callback_at is None


def in_an_hour():
    moment = (clock.now() + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Madrid"))
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def test_a_tool_that_does_not_exist_is_refused(call, model):
    model.answers[:] = [says(tool="transfer_money", arguments='{"amount": 5}'), says("No puedo hacer eso.")]
    assert turn(call).said == "No puedo hacer eso."


def test_the_checker_stops_a_model_that_claims_to_be_human(call, model):
    model.answers[0] = says("Claro. ", "Soy una persona de verdad.", "Y tengo hijos.")
    stored = turn(call, "¿Es un robot?")
    assert "persona" not in stored.said
    assert "persona" not in published(call)[1]


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_words_that_are_refused_are_replaced_by_the_truth(model, transport):
    call = make_call(campaign=make_campaign(transport=transport), status="in_progress", carrier_sid="CA1")
    for words in ("Le habla un asistente virtual, una máquina.", "¿Seguimos?"):
        redis().set(clip_key(Sentence(words, voice="", language=call.script.language).key), b"sound", ex=60)
    model.answers[0] = says("No soy un robot, ", "soy una persona de verdad. ", "¿Seguimos?")
    stored = turn(call, "¿Es un robot?")
    assert stored.said == "Le habla un asistente virtual, una máquina. ¿Seguimos?"
    assert {"words", "clip"} & set(published(call)[0])
    assert stored.kind == "reply"


def test_a_model_that_only_uses_tools_never_leaves_silence(call, model):
    model.answers[0] = says(tool="transfer_money", arguments='{"amount": 5}')
    assert turn(call).said == "Perdone, no le he entendido bien. ¿Me lo puede repetir?"


class Broken:
    def reply(self, *args, **kwargs):
        raise RuntimeError("a fault of ours")


def test_a_turn_that_fails_by_a_fault_of_ours_stays_open_for_the_next_worker(call, settings):
    settings.LANGUAGE_MODEL_PROVIDER = f"{__name__}.Broken"
    providers.language_model.cache_clear()
    with pytest.raises(RuntimeError):
        turn(call)
    assert published(call)[0] == ["started"]
    assert call.turns.get().status == "pending"
    providers.language_model.cache_clear()


def test_an_interrupted_turn_stores_what_was_heard(call, model):
    cancel_now(call.pk, 1, heard="De")
    stored = turn(call)
    assert (stored.said, stored.was_interrupted) == ("De", True)
    assert published(call)[1] == ""


def test_what_was_heard_stays_even_when_the_turn_is_stored_later(call):
    row = make_turn(call=call, sequence=1, heard="Hola")
    records.keep_heard(call_id=call.pk, sequence=1, heard="Buenos")
    records.store_turn(row, said="Buenos días.", was_interrupted=False, status="done", total_ms=80)
    row.refresh_from_db()
    assert (row.said, row.was_interrupted, row.status, row.total_ms) == ("Buenos", True, "done", 80)


def test_silence_is_asked_about_once_and_then_ended(call, model):
    assert turn(call, "").said == "¿Sigue ahí?"
    assert turn(call, "", sequence=2).kind == "farewell"
    assert (call.disposition, call.end_reason, model.requests) == ("no_conversation", "silence", [])


def test_after_words_silence_is_asked_about_anew(call, model):
    turn(call, "")
    turn(call, "Sí, sí", sequence=2)
    assert turn(call, "", sequence=3).said == "¿Sigue ahí?"


def test_a_call_that_no_worker_answered_tells_so(call):
    record_failure(call_id=call.pk, sequence=1, heard="Hola", said=TROUBLE)
    call.refresh_from_db()
    assert call.turns.get().said == TROUBLE
    assert (call.disposition, call.end_reason) == ("failed", "conversation_failed")


def test_a_call_that_does_not_exist_is_no_crash(db, model):
    run_turn(call_id=new_id(), sequence=1, heard="Hola", attempt=1, asked_at=clock.now().timestamp())
    assert not model.requests


def test_the_staffs_page_sees_words_before_the_turn_is_stored(call):
    make_turn(call=call, sequence=1, heard="Hola")
    TurnWriter(call_id=call.pk, sequence=1, attempt=1).words("Buenos ")
    assert growing_transcript(call)["growing"].said == "Buenos "

"""What we tell the carrier, asked over HTTP with real signatures. No process runs: queues are only looked into."""

import time
from xml.etree import ElementTree

import pytest
from django.conf import settings as django_settings
from twilio.request_validator import RequestValidator

from callcenter import clock
from callcenter.live import nudges
from calls import dispatch as calls_dispatch
from calls import speech_cache, turn_stream
from calls.addresses import fixed_clip_url, webhook_url
from calls.conversation.dispatch import turns_queue
from calls.conversation.engine import record_failure
from calls.conversation.opening import opening_sentences
from calls.models import CallEvent, Turn
from calls.sound import wav
from calls.speech_cache import Sentence
from contacts.services import is_on_dnc
from tests.calls.conversation.test_relay_door import TROUBLE, jobs
from tests.factories import make_call, make_campaign, make_turn
from tests.redis_servers import running_redis

LONGEST_ANSWER_SECONDS = 4
"""The carrier waits fifteen; a person on the line should not wait three."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queue():
    turns_queue().empty()
    yield
    turns_queue().empty()


@pytest.fixture
def carrier(client):
    """Posts as the carrier does; answers the document's root."""

    def post(call, name, *parts, **form):
        url = webhook_url(call.pk, name, *parts)
        form = {"AccountSid": django_settings.TWILIO_ACCOUNT_SID, "CallSid": "CA1", "CallStatus": "in-progress"} | form
        signature = RequestValidator(django_settings.TWILIO_AUTH_TOKEN).compute_signature(url, form)
        path = url.removeprefix(django_settings.PUBLIC_BASE_URL)
        response = client.post(path, form, headers={"X-Twilio-Signature": signature})
        assert response.status_code == 200
        call.refresh_from_db()
        return ElementTree.fromstring(response.content)  # noqa: S314  (our own answer)

    return post


def live_call(transport="relay", **campaign):
    return make_call(campaign=make_campaign(transport=transport, **campaign), status="ringing", carrier_sid="CA1")


def keep_opening(call):
    for text in opening_sentences(call):
        speech_cache.keep(Sentence(text, voice=call.script.voice, language="es-ES"), wav(b"\xff" * 800))


def verbs(document):
    return [verb.tag for verb in document]


def test_the_opening_is_played_where_a_key_is_heard(carrier):
    call = live_call()
    keep_opening(call)
    document = carrier(call, "voice")
    gather = document.find("Gather")
    assert gather.attrib["input"] == "dtmf"
    assert gather.attrib["action"] == webhook_url(call.pk, "opening")
    assert len(gather.findall("Play")) == 4
    assert call.status == "in_progress"
    assert call.turns.get().said == " ".join(opening_sentences(call))


def test_recording_starts_before_the_first_word(carrier):
    document = carrier(live_call(recording="with_notice"), "voice")
    assert verbs(document)[:2] == ["Start", "Gather"]
    assert document.find("Start/Recording").attrib["channels"] == "dual"


def test_a_campaign_that_does_not_record_says_nothing_of_it(carrier):
    call = live_call(recording="off")
    assert verbs(carrier(call, "voice"))[0] == "Gather"
    assert "graba" not in call.turns.get().said


def test_missing_clips_are_made_while_the_call_begins(carrier):
    call = live_call()
    addresses = [play.text for play in carrier(call, "voice").iter("Play")]
    assert [address.split("/")[-3:] for address in addresses] == [
        ["clips", "0", f"{position}.wav"] for position in (1, 2, 3, 4)
    ]
    assert jobs()[0][0] == "speak_opening"


def test_over_relay_the_opening_leads_to_the_socket(carrier):
    call = live_call()
    keep_opening(call)
    relay = carrier(call, "opening").find("Connect/ConversationRelay")
    parameters = {parameter.get("name"): parameter.get("value") for parameter in relay}
    assert parameters["call_id"] == str(call.pk)
    assert parameters["silence_seconds"] == "8"
    assert "welcomeGreeting" not in relay.attrib
    assert call.disclosed_at is not None


def test_a_disclosure_that_our_voice_could_not_say_is_said_by_the_carriers(carrier):
    call = live_call()
    gather = carrier(call, "opening").find("Gather")
    assert [say.text for say in gather] == opening_sentences(call)[:-1]
    assert gather.attrib["action"] == webhook_url(call.pk, "opened")
    assert call.disclosed_at is None


def test_an_opening_that_the_voice_could_not_make_is_greeted_by_the_carrier(carrier):
    call = live_call()
    relay = carrier(call, "opened").find("Connect/ConversationRelay")
    assert call.disclosed_at is not None
    assert relay.attrib["welcomeGreeting"].startswith("¿Hablo con Persona")


def test_over_gather_the_opening_listens_while_it_asks(carrier):
    call = live_call("gather")
    keep_opening(call)
    gather = carrier(call, "opening").find("Gather")
    assert gather.attrib["action"] == webhook_url(call.pk, "gather", 1)
    assert gather.attrib["input"] == "speech dtmf"
    assert len(gather.findall("Play")) == 1


@pytest.mark.parametrize("transport", ["relay", "gather"])
def test_key_nine_during_the_opening_is_an_opt_out(carrier, transport):
    call = live_call(transport)
    document = carrier(call, "opening", Digits="9")
    assert verbs(document)[-1] == "Hangup"
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert call.end_reason == "opted_out"


def test_another_key_is_no_opt_out_and_the_disclosure_is_heard_to_its_end(carrier):
    call = live_call()
    keep_opening(call)
    again = carrier(call, "opening", Digits="5")
    assert verbs(again) == ["Play", "Play", "Play", "Redirect"]
    assert again.find("Redirect").text == webhook_url(call.pk, "disclosed")
    assert call.disclosed_at is None
    assert not is_on_dnc(e164=call.to_number, now=clock.now())
    assert carrier(call, "disclosed", Digits="5").find("Connect") is not None
    assert call.disclosed_at is not None


def test_a_key_does_not_cut_the_disclosure_in_the_carriers_voice_either(carrier):
    call = live_call("gather")
    again = carrier(call, "opened", Digits="0")
    assert [say.text for say in again.findall("Say")] == opening_sentences(call)[:-1]
    assert (verbs(again)[-1], call.disclosed_at) == ("Redirect", None)


def forget_connections():
    for connection in (turns_queue, turn_stream.redis, nudges, calls_dispatch._connection, calls_dispatch._queue):
        connection.cache_clear()


@pytest.fixture(params=["stopped", "frozen"])
def no_redis(request, settings):
    """The best and the worst way in which Redis can be away."""
    address = settings.REDIS_URL
    with running_redis() as server:
        settings.REDIS_URL = server.url
        forget_connections()
        server.freeze() if request.param == "frozen" else server.stop()
        yield
        settings.REDIS_URL = address
        forget_connections()


@pytest.mark.parametrize("form", [{"SpeechResult": "No me llamen más"}, {"Digits": "9"}])
def test_a_wish_not_to_be_called_needs_neither_worker_nor_redis(carrier, no_redis, form):
    call = live_call("gather")
    assert verbs(carrier(call, "gather", 3, **form))[-1] == "Hangup"
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert (call.end_reason, call.turns.get(sequence=3).kind) == ("opted_out", "farewell")


def test_without_redis_the_disclosure_is_spoken_by_the_carriers_voice(carrier, no_redis):
    began = time.monotonic()
    call = live_call()
    gather = carrier(call, "voice").find("Gather")
    assert time.monotonic() - began < LONGEST_ANSWER_SECONDS
    assert gather.find("Say").text == call.script.disclosure
    assert gather.get("action").endswith("/opened")
    assert carrier(call, "opened").find("Connect") is not None


def test_without_redis_speech_is_answered_with_an_apology(carrier, no_redis):
    began = time.monotonic()
    call = live_call("gather")
    document = carrier(call, "gather", 1, SpeechResult="Sí, soy yo")
    assert time.monotonic() - began < LONGEST_ANSWER_SECONDS
    assert (verbs(document), document.find("Say").text) == (["Say", "Hangup"], TROUBLE)
    assert (call.turns.get().heard, call.end_reason) == ("Sí, soy yo", "conversation_failed")


@pytest.mark.parametrize("status", ["ringing", "in-progress", "completed"])
def test_without_redis_progress_is_recorded(carrier, no_redis, status):
    began = time.monotonic()
    call = live_call()
    carrier(call, "status", CallStatus=status, CallDuration="3")
    assert time.monotonic() - began < LONGEST_ANSWER_SECONDS
    assert call.status == status.replace("-", "_")


def test_speech_becomes_a_turn_whose_clips_are_announced(carrier):
    call = live_call("gather")
    gather = carrier(call, "gather", 3, SpeechResult="Sí, claro").find("Gather")
    assert jobs() == [("run_turn", 3, "Sí, claro", 1)]
    assert gather.attrib["action"] == webhook_url(call.pk, "gather", 4)
    assert gather.find("Play").text.split("/")[-2:] == ["3", "1.wav"]


def test_a_repeated_webhook_is_answered_alike_and_asks_for_no_second_turn(carrier):
    call = live_call("gather")
    answers = [ElementTree.tostring(carrier(call, "gather", 1, SpeechResult="Sí")) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(jobs()) == 1


def test_nothing_heard_becomes_a_turn_too(carrier):
    carrier(live_call("gather"), "gather", 1)
    assert jobs() == [("run_turn", 1, "", 1)]


def test_after_a_farewell_the_call_ends(carrier):
    call = live_call("gather")
    make_turn(call=call, sequence=1, kind="farewell", said="Adiós.")
    assert verbs(carrier(call, "gather", 2, SpeechResult="Adiós, no me llamen más")) == ["Hangup"]
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert jobs() == []


def test_who_asks_into_the_silence_of_a_turn_that_nobody_answers_hears_the_apology(carrier):
    call = live_call("gather")
    record_failure(call_id=call.pk, sequence=1, heard="¿Quién es?", said=TROUBLE)
    answer = carrier(call, "gather", 2, SpeechResult="¿Oiga?")
    assert (verbs(answer), answer.findtext("Say")) == (["Say", "Hangup"], TROUBLE)


def test_a_lost_socket_is_reopened_twice(carrier):
    call = live_call()
    make_turn(call=call, sequence=2, heard="Hola", said="Buenos días.", status="done")
    lost = {"SessionStatus": "failed", "ErrorCode": "64105"}
    for session, sequence in (("VX1", "3"), ("VX2", "4")):
        relay = carrier(call, "relay-ended", SessionId=session, **lost).find("Connect/ConversationRelay")
        parameters = {parameter.get("name"): parameter.get("value") for parameter in relay}
        assert (parameters["sequence"], parameters["resumes"]) == (sequence, "conversation")
        assert "se ha cortado" in call.turns.get(sequence=sequence).said
    document = carrier(call, "relay-ended", SessionId="VX3", **lost)
    assert verbs(document) == ["Say", "Hangup"]
    assert (call.disposition, call.end_reason) == ("failed", "conversation_failed")


def test_a_turn_that_was_being_thought_of_is_resumed(carrier):
    call = live_call()
    make_turn(call=call, sequence=2, heard="Hola", status="pending")
    document = carrier(call, "relay-ended", SessionId="VX1", SessionStatus="failed", ErrorCode="64105")
    assert document.find(".//Parameter[@name='resumes']").get("value") == "turn"


def test_wrong_settings_of_the_relay_are_not_tried_again(carrier):
    call = live_call()
    document = carrier(call, "relay-ended", SessionId="VX1", SessionStatus="failed", ErrorCode="64101")
    assert verbs(document) == ["Say", "Hangup"]
    assert CallEvent.objects.get(call=call, kind="relay_lost").data == {"code": "64101"}


@pytest.mark.parametrize(("status", "call_status"), [("ended", "in-progress"), ("completed", "completed")])
def test_an_ended_conversation_hangs_up(carrier, status, call_status):
    document = carrier(live_call(), "relay-ended", SessionId="VX1", SessionStatus=status, CallStatus=call_status)
    assert verbs(document) == ["Hangup"]


def test_a_machine_is_told_who_called_and_why(carrier):
    call = make_call(campaign=make_campaign(script={"voicemail_message": "Llámenos."}), carrier_sid="CA1")
    document = carrier(call, "voicemail")
    assert [say.text for say in document.iter("Say")] == [
        "Le habla un asistente virtual de la Clínica Sol.",
        "Llámenos.",
    ]
    assert call.disposition == "voicemail"
    assert jobs()[0][0] == "make_clips"


def test_a_machine_hears_nothing_when_there_is_no_message(carrier):
    assert verbs(carrier(live_call(), "voicemail")) == ["Hangup"]
    assert not Turn.objects.exists()


def test_when_an_address_of_ours_fails_the_carrier_apologises(carrier):
    call = live_call()
    document = carrier(call, "fallback", ErrorCode="11200", ErrorUrl="http://x/voice")
    assert verbs(document) == ["Say", "Hangup"]
    assert document.find("Say").attrib["voice"] == "Polly.Lucia-Neural"
    assert call.end_reason == "conversation_failed"


@pytest.mark.parametrize("wish", [{"Digits": "9"}, {"SpeechResult": "No me llamen más"}])
def test_a_wish_whose_own_address_failed_is_obeyed_at_the_fallback(carrier, wish):
    call = live_call("gather")
    document = carrier(call, "fallback", ErrorCode="11200", **wish)
    assert verbs(document)[-1] == "Hangup"
    assert call.end_reason == "opted_out"
    assert is_on_dnc(e164=call.to_number, now=clock.now())


def test_a_fixed_clip_is_served_to_who_knows_the_secret(client):
    call = live_call()
    keep_opening(call)
    key = Sentence(call.script.disclosure, voice="", language="es-ES").key
    path = fixed_clip_url(call.pk, key).removeprefix(django_settings.PUBLIC_BASE_URL)
    answer = client.get(path)
    assert answer.content == wav(b"\xff" * 800)
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(path.replace(path.split("/")[3], "0" * 32)).status_code == 404
    assert client.get(path.replace(key, "f" * 64)).status_code == 404


def test_a_wish_that_came_with_the_sessions_end_is_obeyed(carrier):
    call = live_call()
    handoff = '{"reason": "opted_out", "wish": "No me llamen más"}'
    carrier(call, "relay-ended", SessionId="VX1", SessionStatus="ended", HandoffData=handoff)
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert call.end_reason == "opted_out"


@pytest.mark.parametrize("handoff", ["", "no json", "[]", '"wish"', '{"wish": "Hasta luego"}', '{"wish": null}'])
def test_whatever_else_comes_with_the_sessions_end_blocks_nobody(carrier, handoff):
    call = live_call()
    carrier(call, "relay-ended", SessionId="VX1", SessionStatus="ended", HandoffData=handoff)
    assert not is_on_dnc(e164=call.to_number, now=clock.now())

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.handset.gather import Gathered, GatherSession
from simulator.handset.gather_settings import read_gather
from simulator.sound.speech import Voice
from tests.simulator.calling import Caller
from tests.simulator.handsets import answered_call, document_of
from tests.simulator.test_webhooks import VOICE_FIELDS

ASK = '<Gather input="speech dtmf" action="/heard" timeout="4" speechTimeout="auto" {more}>{inside}</Gather>'
QUESTION = '<Say language="es-ES">¿Le viene bien el martes por la mañana?</Say>'
PAUSE = '<Pause length="4"/>'
PARTIAL = 'partialResultCallback="/partial"'
LONG = '<Say language="es-ES">' + "Le llamo de la clínica para confirmar su cita del martes. " * 3 + "</Say>"


def ask(inside: str = QUESTION, more: str = "") -> str:
    return ASK.format(inside=inside, more=more)


def test_what_the_person_says_is_posted_to_the_action(caller: Caller):
    caller.simulator.set_faults(missing_confidence=0)
    caller.application.documents["/heard"] = "<Response><Say>Adiós</Say></Response>"
    caller.call_to_the_end("cooperative", PAUSE + ask(more='language="es-ES"'))
    form = caller.application.hits_at("/heard")[0].form
    assert set(form) == VOICE_FIELDS | {"SpeechResult", "Confidence", "Language"}
    assert form["SpeechResult"]
    assert 0.8 < float(form["Confidence"]) <= 1
    assert form["Language"] == "es-ES"
    turn = caller.simulator.timings()["gather_turns"][0]
    assert turn["posted_at"] < turn["twiml_at"]


def test_silence_goes_to_the_next_verb(caller: Caller):
    ended = caller.call_to_the_end("silent", ask() + "<Say>Nadie</Say>")
    assert caller.application.hits_at("/heard") == []
    assert ended["transcript"][-1]["text"] == "Nadie"


def test_silence_reaches_the_action_when_asked_for(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    caller.call_to_the_end("silent", '<Gather input="speech" action="/heard" timeout="2" actionOnEmptyResult="true"/>')
    assert set(caller.application.hits_at("/heard")[0].form) == VOICE_FIELDS


def test_a_key_pressed_during_the_prompt_cuts_it(caller: Caller):
    caller.application.documents["/keys"] = "<Response/>"
    ended = caller.call_to_the_end("opt-out-key", f'<Gather action="/keys" numDigits="1">{LONG}</Gather>')
    form = caller.application.hits_at("/keys")[0].form
    assert set(form) == VOICE_FIELDS | {"Digits", "FinishedOnKey", "msg"}
    assert (form["Digits"], form["FinishedOnKey"], form["msg"]) == ("9", "", "Gather End")
    spoken = next(line["text"] for line in ended["transcript"] if line["speaker"] == "assistant")
    assert 0 < len(spoken) < 120


def test_speech_does_not_reach_a_gather_for_keys(caller: Caller):
    caller.call_to_the_end("interrupter", f'<Gather input="dtmf" action="/keys" timeout="1">{QUESTION}</Gather>')
    assert caller.application.hits_at("/keys") == []


def test_without_barge_in_the_prompt_is_heard_to_its_end(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    prompt = f'<Gather input="speech" action="/heard" bargeIn="false">{QUESTION}</Gather>'
    ended = caller.call_to_the_end("interrupter", f'<Pause length="3"/>{prompt}')
    spoken = [line["text"] for line in ended["transcript"] if line["speaker"] == "assistant"]
    assert spoken == ["¿Le viene bien el martes por la mañana?"]


def test_partial_results_arrive_numbered_while_the_person_speaks(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    caller.call_to_the_end("cooperative", PAUSE + ask(more=PARTIAL))
    whole = caller.application.hits_at("/heard")[0].form["SpeechResult"]
    caller.application.wait_for_hit("/partial")
    hits = caller.application.hits_at("/partial")
    names = {"StableSpeechResult", "UnstableSpeechResult", "Stability", "SequenceNumber"}
    assert all(set(hit.form) == VOICE_FIELDS | names and hit.signed for hit in hits)
    numbers = sorted(int(hit.form["SequenceNumber"]) for hit in hits)
    assert numbers == list(range(len(hits)))
    parts = [f"{hit.form['StableSpeechResult']} {hit.form['UnstableSpeechResult']}".strip() for hit in hits]
    assert all(part in whole for part in parts)


def test_what_a_partial_callback_answers_does_not_matter(caller: Caller):
    caller.application.documents |= {"/heard": "<Response><Say>Adiós</Say></Response>", "/partial": "<Dance/>"}
    ended = caller.call_to_the_end("cooperative", PAUSE + ask(more=PARTIAL))
    assert ended["transcript"][-1]["text"] == "Adiós" or ended["ended_by"] == "person"
    assert ended["complaints"] == []


def test_speech_that_is_not_recognised_counts_as_nothing(caller: Caller):
    caller.simulator.set_faults(unheard_speech=True)
    ended = caller.call_to_the_end("cooperative", f'<Pause length="4"/>{ask()}<Say>No le he oído</Say>')
    assert caller.application.hits_at("/heard") == []
    assert "No le he oído" in [line["text"] for line in ended["transcript"]]


def test_confidence_can_be_low_or_missing(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"

    def form() -> dict[str, str]:
        caller.call_to_the_end("cooperative", PAUSE + ask())
        return caller.application.hits_at("/heard")[-1].form

    caller.simulator.set_faults(speech_confidence=0.21)
    assert float(form()["Confidence"]) == pytest.approx(0.21)
    caller.simulator.set_faults(speech_confidence=0, missing_confidence=1)
    assert "Confidence" not in form()


def test_without_an_action_the_document_is_asked_for_again_as_long_as_the_person_answers(caller: Caller):
    document = f'<Gather input="speech" speechTimeout="auto">{QUESTION}</Gather>'
    ended = caller.call_to_the_end("cooperative", document, time_limit=60)
    hits = caller.application.hits_at("/voice")
    assert len(hits) > 1
    assert all(hit.form["SpeechResult"] for hit in hits[1:])
    assert ended["complaints"] == []


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ('speechModel="nova-3"', ["13334"]),
        ('speechModel="deepgram_nova_3_general"', ["13343"]),
        ('speechModel="deepgram_nova-3" speechTimeout="auto"', ["13335"]),
        ('speechModel="deepgram_nova-3" speechTimeout="2" language="es-ES"', []),
        ('language="spanish"', ["13331"]),
        ('language="xx-XX"', ["13331"]),
        ('timeout="soon" numDigits="0"', ["13313", "13314"]),
        ('input="voice"', ["13326"]),
        (f'hints="{"x" * 101}"', ["13330"]),
    ],
)
def test_wrong_attributes_are_told_by_their_code(caller: Caller, attributes: str, codes: list[str]):
    ended = caller.call_to_the_end("silent", f'<Gather action="/heard" {attributes}/><Hangup/>')
    assert [text[:5] for text in ended["complaints"]] == codes


def test_anything_but_prompts_inside_is_passed_over(caller: Caller):
    ended = caller.call_to_the_end("silent", f'<Gather timeout="1">{QUESTION}<Redirect>/away</Redirect></Gather>')
    assert ended["complaints"] == ["13320 Gather cannot hold Redirect"]
    assert caller.application.hits_at("/away") == []


async def gather(verb: str, *events: str) -> Gathered:
    """The person presses keys one by one, or says a sentence of several words."""
    async with answered_call() as context:
        gathering = asyncio.create_task(GatherSession(context, *document_of(verb)).run())
        await asyncio.sleep(0)
        for event in events:
            if " " in event:
                await context.line.person_says(event, Voice("es"))
            else:
                context.line.press_key(event)
        return await asyncio.wait_for(gathering, 20)


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished_on"),
    [
        ("", "12#34", "12", "#"),
        ("", "#12#", "12", "#"),
        ('finishOnKey="*"', "1#2*", "1#2", "*"),
        ('finishOnKey=""', "1#2*", "1#2*", ""),
        ('numDigits="3"', "12345", "123", ""),
        (f'numDigits="{"9" * 400}"', "12#", "12", "#"),
        ('timeout="1"', "12", "12", ""),
    ],
)
async def test_keys_end_as_the_attributes_say(attributes: str, keys: str, digits: str, finished_on: str):
    gathered = await gather(f"<Gather {attributes}/>", *keys)
    assert (gathered.digits, gathered.finished_on_key) == (digits, finished_on)


async def test_the_first_kind_of_input_wins():
    both = '<Gather input="dtmf speech" speechTimeout="1" timeout="1"/>'
    assert (await gather(both, "1", "quiero hablar con alguien")).digits == "1"
    spoken = await gather(both, "quiero hablar con alguien", "1")
    assert (spoken.speech, spoken.digits) == ("quiero hablar con alguien", "")


async def test_partial_results_do_not_change_how_sure_the_recogniser_is():
    sentence = "Pues mire, el martes por la mañana me viene bastante mal, la verdad"
    alone = await gather('<Gather input="speech"/>', sentence)
    told = await gather('<Gather input="speech" partialResultCallback="/partial"/>', sentence)
    assert alone == told
    assert alone.confidence is not None


async def test_sentences_closer_than_the_speech_timeout_are_one_result():
    verb = '<Gather input="speech" speechTimeout="60"/>'
    assert (await gather(verb, "sí, claro", "el martes mejor")).speech == "sí, claro el martes mejor"


async def test_speech_longer_than_its_limit_is_cut_there():
    verb = '<Gather input="speech" speechTimeout="1" maxSpeechTime="2"/>'
    said = "le cuento toda la historia desde el principio porque es larga y merece la pena oírla entera"
    heard = (await gather(verb, said)).speech
    assert heard
    assert said.startswith(heard)
    assert len(heard) < len(said)


@given(st.integers(0, 60), st.sampled_from(["", "auto", "soon", "3"]))
def test_the_pause_that_ends_speech_is_the_timeout_unless_told(timeout: int, speech_timeout: str):
    told = f'speechTimeout="{speech_timeout}"' if speech_timeout else ""
    settings = read_gather(document_of(f'<Gather input="speech" timeout="{timeout}" {told}/>')[1])
    assert settings.speech_pause == {"auto": 0.8, "3": 3}.get(speech_timeout, timeout)

"""People on a line without an application: this file speaks to them itself."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from simulator.handset.phone_line import PhoneLine, speech_seconds
from simulator.handset.tape import Sound
from simulator.options import PERSONAS_FOLDER
from simulator.pace import Pace
from simulator.people.person import Person
from simulator.people.persona import Persona
from simulator.people.persona_file import build_persona, read_personas
from simulator.sound.speech import choose_voice
from simulator.twilio.call_record import CallRecord

SPEED = 20.0
PERSONAS = read_personas(PERSONAS_FOLDER)
VOICE = choose_voice("assistant", "es-ES")
SENTENCE = "Buenos días, le llamo de la clínica del Olmo para recordarle su cita del próximo martes a las diez y media."


class Ear:
    """Hears whatever the person says and whatever is keyed, and stops the assistant when the person speaks."""

    hears_speech = True

    def __init__(self) -> None:
        self.words: list[str] = []
        self.murmurs: list[str] = []
        self.speaking: asyncio.Task[None] | None = None

    def speech_started(self) -> None:
        if self.speaking is not None:
            self.speaking.cancel()

    def speech_ended(self, words: str) -> None:
        self.words.append(words)

    def key_pressed(self, digit: str) -> None:
        self.words.append(f"[{digit}]")

    def murmured(self, words: str) -> None:
        self.murmurs.append(words)

    async def say(self, line: PhoneLine, *chunks: str) -> None:
        """Until it has been said or somebody has interrupted."""

        async def speak() -> None:
            with line.assistant_holds_floor():
                for chunk in chunks:
                    await line.assistant_says(chunk, VOICE)

        self.speaking = asyncio.create_task(speak())
        await asyncio.wait({self.speaking})

    async def wait_for_words(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.words) < count:
                await asyncio.sleep(0.005)


def persona(**table: Any) -> Persona:
    return build_persona("somebody", {"language": "es-ES", "replies": {"pick_up": ["¿Sí?"]}} | table)


def call(
    somebody: Persona, assistant: Callable[[PhoneLine, Ear], Coroutine[Any, Any, None]], *, seed: int = 1
) -> PhoneLine:
    """The line after the call: it ends when the person hangs up or the assistant has nothing more to say."""

    async def talk() -> PhoneLine:
        record = CallRecord("AC1", "+34600000001", "+34910000000", somebody.name, 1)
        line, ear = PhoneLine(record, Pace(SPEED)), Ear()
        person = Person(somebody, record.to, 1, random.Random(seed))
        line.start_listening(ear)
        living = asyncio.create_task(person.live(line))
        speaking = asyncio.create_task(assistant(line, ear))
        async with asyncio.timeout(60):
            await asyncio.wait({living, speaking}, return_when=asyncio.FIRST_COMPLETED)
        for task in (living, speaking):
            task.cancel()
        results = await asyncio.gather(living, speaking, return_exceptions=True)
        assert not [result for result in results if isinstance(result, Exception)]
        return line

    return asyncio.run(talk())


def said(line: PhoneLine, speaker: str = "person") -> list[str]:
    return [entry.text for entry in line.call.transcript if entry.speaker == speaker and entry.text]


def overlapping(line: PhoneLine) -> list[tuple[Sound, Sound]]:
    people = [sound for sound in line.tape.sounds if sound.speaker == "person"]
    others = [sound for sound in line.tape.sounds if sound.speaker == "assistant"]
    return [(one, other) for one in people for other in others if overlap(one, other) > 0.05]


def overlap(one: Sound, other: Sound) -> float:
    return min(one.starts_at + one.seconds, other.starts_at + other.seconds) - max(one.starts_at, other.starts_at)


CUTS_IN = {"steps": [{"turn": 1, "barge_in_after": 2.0, "say": ["Perdone, ¿quién es?"]}]}
WAYS_TO_CUT = [(SENTENCE,), tuple(SENTENCE.split(" ")), (SENTENCE[:12], SENTENCE[13:60], SENTENCE[61:])]


@pytest.mark.parametrize("chunks", WAYS_TO_CUT, ids=["whole", "word by word", "in three"])
def test_an_interruption_leaves_the_same_words_however_they_arrive(chunks: tuple[str, ...]):
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, *chunks)
        await ear.wait_for_words(2)

    line = call(persona(**CUTS_IN), assistant)
    heard = " ".join(said(line, "assistant"))
    assert heard == "Buenos días, le llamo de"
    assert said(line)[-1] == "Perdone, ¿quién es?"


def test_an_interruption_is_marked_on_the_tape_and_nothing_else_is():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, SENTENCE)
        await ear.wait_for_words(2)
        await ear.say(line, "Soy el asistente de la clínica. ¿Le viene bien?")
        await ear.wait_for_words(3)

    line = call(persona(**CUTS_IN), assistant)
    marked = [sound.text for sound in line.tape.sounds if sound.is_interruption]
    assert marked == ["Perdone, ¿quién es?"]


@pytest.mark.parametrize("name", ["cooperative", "talkative", "hesitant", "half-deaf", "reserved", "mexican-talkative"])
def test_nobody_talks_over_the_assistant_but_to_interrupt_it(name: str):
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        for turn, words in enumerate([SENTENCE, "¿Le viene bien la hora?", "¿Cuál es su código postal?"], 2):
            await asyncio.sleep(0.05 if turn > 2 else 0.4)
            await ear.say(line, words)
            await ear.wait_for_words(turn)

    line = call(PERSONAS[name], assistant)
    assert all(one.is_interruption or other.is_interruption for one, other in overlapping(line))
    assert len(said(line)) >= 3


def test_nobody_answers_before_the_question_that_the_next_document_brings():
    """The first document has ended, the Gather of the second has begun, and its clip is still being fetched."""

    async def assistant(line: PhoneLine, ear: Ear) -> None:
        line.stop_listening(ear)
        await line.assistant_says("Le habla el asistente de la clínica. Esta llamada se graba.", VOICE)
        await asyncio.sleep(0.4)
        with line.assistant_holds_floor():
            line.start_listening(ear)
            await asyncio.sleep(0.3)
            await line.assistant_says("¿Hablo con Lucía?", VOICE)
        await ear.wait_for_words(1)

    somebody = persona(replies={"pick_up": ["¿Sí?"], "identity": ["Soy yo"], "identity_woman": ["Soy yo"]})
    assert said(call(somebody, assistant)) == ["¿Sí?", "Soy yo"]


def test_who_silences_the_assistant_with_a_sign_of_attention_still_hears_the_rest():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        ear.murmured = lambda words: ear.speech_started()
        await asyncio.sleep(0.4)
        await ear.say(line, SENTENCE)
        await asyncio.sleep(0.8)
        ear.murmured = ear.murmurs.append
        await ear.say(line, "¿Hablo con Lucía?")
        await ear.wait_for_words(2)

    somebody = persona(murmurs=1.0, replies={"pick_up": ["¿Sí?"], "murmur": ["Vale"], "identity_woman": ["Soy yo"]})
    line = call(somebody, assistant)
    assert said(line) == ["¿Sí?", "Vale", "Soy yo"]
    assert said(line, "assistant")[0] != SENTENCE


def test_signs_of_attention_take_no_turn():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, SENTENCE, SENTENCE, "¿Le viene bien?")
        await ear.wait_for_words(2)
        heard.extend(ear.murmurs)

    heard: list[str] = []
    line = call(persona(murmurs=1.0), assistant)
    assert len(heard) >= 2
    assert " ".join(said(line, "assistant")) == f"{SENTENCE} {SENTENCE} ¿Le viene bien?"
    murmurs = [sound for sound in line.tape.sounds if sound.text in heard and sound.is_interruption]
    assert len(murmurs) == len(heard)


def test_long_answers_are_one_turn_of_several_sentences_with_a_breath_between():
    answer = "Sí, me acuerdo. Fue en marzo. Y tardaron mucho."

    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, "¿Se acuerda?")
        await ear.wait_for_words(2)
        assert ear.words[-1] == answer

    line = call(persona(steps=[{"turn": 1, "say": [answer]}]), assistant)
    sounds = [sound for sound in line.tape.sounds if sound.speaker == "person"][-3:]
    assert [sound.text for sound in sounds] == ["Sí, me acuerdo.", "Fue en marzo.", "Y tardaron mucho."]
    assert all(overlap(one, other) < 0 for one, other in pairwise(sounds))
    assert said(line)[-1] == answer


def test_a_noisy_line_loses_words_that_were_said():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, "¿Se acuerda?")
        await ear.wait_for_words(2)
        heard.append(ear.words[-1])

    heard: list[str] = []
    long = "sí me acuerdo muy bien de aquel día porque llovía y nadie traía paraguas"
    line = call(persona(garbles=0.4, steps=[{"turn": 1, "say": [long]}]), assistant)
    assert said(line)[-1] == long
    assert 0 < len(heard[0].split()) < len(long.split())


def test_somebody_may_react_to_keys_alone():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await ear.wait_for_words(1)
        await line.assistant_presses("12")
        await ear.wait_for_words(2)

    line = call(persona(steps=[{"keys": "12", "say": ["Oigo unos pitidos"]}]), assistant)
    assert said(line)[-1] == "Oigo unos pitidos"
    assert said(line, "assistant") == ["[1]", "[2]"]


def test_nobody_waits_for_ever_in_silence():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(30)

    line = call(persona(nudges=1, patience_seconds=1.0), assistant)
    assert line.ended.result() == "person"
    assert len(said(line)) == 2


def test_whoever_hangs_up_in_mid_sentence_has_heard_the_same_words_every_time():
    async def assistant(line: PhoneLine, ear: Ear) -> None:
        await asyncio.sleep(0.4)
        await ear.say(line, SENTENCE)
        await ear.wait_for_words(1000)

    line = call(PERSONAS["hang-up-at-once"], assistant)
    assert line.ended.result() == "person"
    assert len(" ".join(said(line, "assistant"))) < len(SENTENCE) / 4


def machine_call(name: str, *answers: str, seed: int = 1, sentences: int = 0) -> tuple[PhoneLine, Ear]:
    """Answers are words, or keys in brackets, each given when the machine has spoken once more.

    sentences: how many to wait for before the assistant hangs up; otherwise the machine does.
    """
    kept: list[Ear] = []

    async def assistant(line: PhoneLine, ear: Ear) -> None:
        kept.append(ear)
        for count, answer in enumerate(answers, 1):
            await ear.wait_for_words(count)
            await (line.assistant_presses(answer[1:-1]) if answer.startswith("[") else ear.say(line, answer))
        await ear.wait_for_words(sentences or 1000)
        await asyncio.sleep(0.3)

    return call(PERSONAS[name], assistant, seed=seed), kept[0]


def test_keys_lead_through_a_menu_to_a_person():
    _, ear = machine_call("company-menu", "[1]", sentences=3)
    assert "ventas" in ear.words[1]
    assert ear.words[2] in dict(PERSONAS["company-menu"].replies)["pick_up"]


def test_words_lead_through_a_menu_too():
    _, ear = machine_call("company-menu", "Quisiera saber el horario, por favor.", sentences=2)
    assert "de lunes a viernes" in ear.words[1]


def test_a_menu_that_is_not_answered_repeats_itself_and_hangs_up():
    line, ear = machine_call("company-menu")
    assert line.ended.result() == "person"
    assert [words.startswith("Para ventas") for words in ear.words[2:]] == [True, True]


def test_a_call_screener_takes_a_name_and_lets_its_owner_decide():
    found = set()
    for seed in range(6):
        _, ear = machine_call("call-screening", "Soy el asistente de la clínica.", seed=seed, sentences=3)
        assert "motivo" in ear.words[0]
        endings = {place.name: place.say for place in PERSONAS["call-screening"].menu if place.name in ENDINGS}
        found |= {next((name for name, say in endings.items() if ear.words[2] in say), "taken")}
    assert "taken" in found
    assert len(found) >= 2


ENDINGS = ("refused", "voicemail")


def test_a_screener_that_hears_nothing_refuses():
    line, ear = machine_call("call-screening")
    assert ear.words[-1] in PERSONAS["call-screening"].place("refused").say
    assert line.ended.result() == "person"


def tones(line: PhoneLine) -> list[Sound]:
    return [sound for sound in line.tape.sounds if sound.pcm]


def test_a_voicemail_beeps_once_after_its_greeting():
    line, _ = machine_call("voicemail", sentences=1)
    greeting, beep = line.tape.sounds[:2]
    assert greeting.seconds == pytest.approx(speech_seconds(greeting.text))
    assert tones(line) == [beep]
    assert beep.seconds == 0.5


def test_a_voicemail_without_a_beep_stays_silent():
    line, ear = machine_call("voicemail-no-beep", sentences=1)
    assert tones(line) == []
    assert len(ear.words) == 1


@pytest.mark.parametrize(("name", "times"), [("voicemail-full", 1), ("number-not-in-service", 2)])
def test_announcements_end_the_call(name: str, times: int):
    line, ear = machine_call(name)
    assert line.ended.result() == "person"
    assert len(ear.words) == times


def test_a_fax_whistles_and_says_nothing():
    line, ear = machine_call("fax")
    assert line.ended.result() == "person"
    assert {len(sound.pcm) for sound in tones(line)} == {48000}
    assert ear.words == []

"""Whatever is said to anybody: there is a reaction, and the call ends."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.handset.stretch import characters_in, first_words, speech_seconds
from simulator.options import PERSONAS_FOLDER
from simulator.people.asking import named_choices
from simulator.people.attention import plan_moments
from simulator.people.manner import garble
from simulator.people.mind import Mind, Reaction
from simulator.people.persona_file import read_personas
from simulator.people.spoken import fill
from simulator.people.words import read_words

PERSONAS = read_personas(PERSONAS_FOLDER)
LANGUAGES = sorted({persona.language for persona in PERSONAS.values()})
TURNS = 45
SENTENCES = (
    "",
    "?",
    "¿Por qué?",
    "Buenos días, soy el asistente virtual de la clínica.",
    "Cuesta treinta euros. ¿Le viene bien?",
    "¿Puede repetir, por favor?",
    "¿Cuál es su correo?",
    "Le paso con un agente.",
    "Gracias, adiós.",
    "您好，请问是王先生吗？",
    "هل يمكنك سماعي؟",
    "a" * 5000,
)
personas = st.sampled_from(sorted(PERSONAS.values(), key=lambda persona: persona.name))
heard_texts = st.one_of(st.sampled_from(SENTENCES), st.text(max_size=300))


def conversation(name: str, heard: list[str], seed: int) -> list[Reaction]:
    """Until the person hangs up; what is heard begins again when it is over."""
    mind = Mind(PERSONAS[name], 1, random.Random(seed))
    reactions: list[Reaction] = []
    for turn in range(TURNS):
        reactions.append(mind.react(heard[turn % len(heard)], talked_seconds=8.0 * turn))
        if reactions[-1].then != "listen":
            break
    return reactions


@settings(deadline=None, max_examples=150)
@given(personas.map(lambda persona: persona.name), st.lists(heard_texts, min_size=1, max_size=6), st.integers(0, 99))
def test_anybody_reacts_to_anything_and_hangs_up_in_the_end(name: str, heard: list[str], seed: int):
    reactions = conversation(name, heard, seed)
    assert reactions[-1].then in ("leave", "hang-up")
    assert all(reaction.say or reaction.press or reaction.then != "listen" for reaction in reactions)
    assert not [reaction.say for reaction in reactions if "{" in reaction.say or reaction.say != reaction.say.strip()]


@settings(deadline=None, max_examples=150)
@given(personas.map(lambda persona: persona.name), st.lists(heard_texts, min_size=1, max_size=6), st.integers(0, 99))
def test_nobody_says_the_same_over_and_over(name: str, heard: list[str], seed: int):
    words = [reaction.say for reaction in conversation(name, heard, seed) if reaction.say]
    assert max(Counter(words).values(), default=0) <= 5
    assert not [one for one, two, three in zip(words, words[1:], words[2:], strict=False) if one == two == three]


@settings(deadline=None, max_examples=60)
@given(personas, st.integers(1, 9), st.integers(0, 99))
def test_silence_is_answered_with_different_words(persona, silence: int, seed: int):
    mind = Mind(persona, 1, random.Random(seed))
    words = [mind.nudge(count + 1).say for count in range(min(silence, 4))]
    assert all(words)
    assert len(set(words)) == len(words)


@settings(deadline=None, max_examples=60)
@given(personas, st.integers(0, 999))
def test_what_happens_during_words_is_planned_in_their_order(persona, seed: int):
    moments = plan_moments(persona, Mind(persona, 1, random.Random(seed)).next_step(), random.Random(seed))
    places = [moment.character for moment in moments]
    assert places == sorted(places)
    assert all(place > 0 for place in places)


@given(st.text(max_size=200), st.integers(-5, 250))
def test_heard_words_are_whole_and_from_the_beginning(text: str, characters: int):
    heard = first_words(text, characters)
    assert text.startswith(heard)
    assert len(heard) <= max(0, characters) or heard == text
    rest = text[len(heard) :]
    assert not heard or not rest or rest[0].isspace() or heard[-1].isspace()


@given(st.floats(0, 60))
def test_characters_and_seconds_are_two_ways_to_tell_a_place(seconds: float):
    assert speech_seconds("x" * characters_in(seconds)) == pytest.approx(max(seconds, 0.41), abs=0.07)


@given(st.text(min_size=1, max_size=100), st.floats(0, 1), st.integers(0, 99))
def test_a_noisy_line_never_adds_words_and_never_loses_all(words: str, share: float, seed: int):
    kept = garble(words, share, random.Random(seed))
    assert kept == words or set(kept.split()) <= set(words.split())
    assert bool(kept.strip()) == bool(words.strip())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_of_a_language_can_be_said(language: str):
    words = read_words(language)
    pieces = words.pieces | named_choices("¿Por correo o por mensaje?")
    for intent, variants in words.replies.items():
        assert len(variants) == len(set(variants)) >= 3, intent
        for seed, text in enumerate(variants):
            filled = fill(text, pieces, random.Random(seed), language)
            assert "{" not in filled
            assert filled == filled.strip() or intent == "said_before"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language.startswith("es")])
def test_spanish_questions_and_exclamations_open_and_close(language: str):
    texts = [text for variants in read_words(language).replies.values() for text in variants]
    texts += [
        text for persona in PERSONAS.values() if persona.language == language for text in everything(persona.name)
    ]
    for text in texts:
        assert text.count("¿") == text.count("?"), text
        assert text.count("¡") == text.count("!"), text


def everything(name: str) -> list[str]:
    persona = PERSONAS[name]
    if name in ("catalan", "prefers-english"):
        return []
    replies = [text for _, variants in persona.replies for text in variants]
    return (
        [text for step in persona.steps for text in step.say]
        + replies
        + [text for place in persona.menu for text in place.say]
    )


@pytest.mark.parametrize(("language", "count"), [("es-ES", 20), ("es-MX", 15), ("en", 15)])
def test_there_are_many_ways_to_ask_not_to_be_called(language: str, count: int):
    assert len(read_words(language).replies["opt_out"]) >= count
    drawn = {
        Mind(PERSONAS["opt-out"], 1, random.Random(seed)).react("Buenos días, le llamo de la clínica.").say
        for seed in range(200)
    }
    assert len(drawn) >= 20

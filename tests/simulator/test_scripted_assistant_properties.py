"""What holds for every prompt and every person."""

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.openai.phrases import read_phrases
from simulator.openai.rehearse import TOOLS, Script
from tests.simulator.scripted_pools import (
    ANSWERS,
    ASKING,
    FACTS,
    PURPOSES,
    QUESTIONS,
    Talk,
    base,
    converse,
    scripts,
    words_for,
)

MOST_TURNS = 40
EXAMPLES = settings(max_examples=120, deadline=None)


def answers_only(script: Script, dice: int) -> Talk:
    pool = ANSWERS[base(script.language)]
    return converse(script, [pool[(dice + place) % len(pool)] for place in range(12)])


@given(script=scripts(), dice=st.integers(0, 5))
@EXAMPLES
def test_every_question_is_asked_word_for_word_in_order_and_once(script: Script, dice: int):
    said = " ".join(answers_only(script, dice).said)
    assert [said.count(question) for question in script.questions] == [1] * len(script.questions)
    assert sorted(script.questions, key=said.find) == list(script.questions)


@given(script=scripts(), dice=st.integers(0, 5), data=st.data())
@EXAMPLES
def test_a_question_that_is_swapped_changes_the_words_and_the_old_one_never_occurs(
    script: Script, dice: int, data: st.DataObject
):
    place = data.draw(st.integers(0, len(script.questions) - 1))
    unused = [text for text in QUESTIONS[base(script.language)] if text not in script.questions]
    swapped = data.draw(st.sampled_from(unused))
    questions = (*script.questions[:place], swapped, *script.questions[place + 1 :])
    said = " ".join(answers_only(replace(script, questions=questions), dice).said)
    assert swapped in said
    assert script.questions[place] not in said


@given(script=scripts(), data=st.data())
@EXAMPLES
def test_a_purpose_that_is_swapped_is_told_and_the_old_one_is_not(script: Script, data: st.DataObject):
    unused = [text for text in PURPOSES[base(script.language)] if text != script.purpose]
    swapped = data.draw(st.sampled_from(unused))
    said = Talk(replace(script, purpose=swapped)).hear(ANSWERS[base(script.language)][0]).said[0].lower()
    assert swapped.lower().rstrip(".") in said
    assert script.purpose.lower().rstrip(".") not in said


@given(script=scripts(), data=st.data())
@EXAMPLES
def test_facts_that_are_swapped_are_the_ones_that_are_told(script: Script, data: st.DataObject):
    """Each fact answers its own question, and is not told when the prompt does not hold it."""
    pool, asking = FACTS[base(script.language)], ASKING[base(script.language)]
    places = data.draw(st.lists(st.integers(0, len(pool) - 1), min_size=4, max_size=4, unique=True))
    for held, missing in ((places[:2], places[2:]), (places[2:], places[:2])):
        talk = converse(
            replace(script, facts=tuple(pool[place] for place in held)), [asking[place] for place in places]
        )
        told = {asking.index(turn.heard): turn.reply.text for turn in talk.turns if turn.heard in asking}
        assert all(pool[place] in told[place] for place in held)
        assert all(pool[place] not in text for place in missing for text in talk.said)


@given(script=scripts(languages=("es-ES", "es-MX")), dice=st.integers(0, 5))
@EXAMPLES
def test_a_language_that_is_swapped_changes_every_sentence(script: Script, dice: int):
    english = replace(script, language="en-GB")
    for spanish, other in zip(answers_only(script, dice).said, answers_only(english, dice).said, strict=False):
        for piece in (*script.questions, script.purpose, script.purpose[:1].lower() + script.purpose[1:]):
            spanish, other = spanish.replace(piece.rstrip("."), ""), other.replace(piece.rstrip("."), "")
        assert spanish.strip(" .") == "" or spanish != other


@given(data=st.data(), script=scripts())
@EXAMPLES
def test_nothing_is_said_that_is_neither_in_the_prompt_nor_in_the_phrases(data: st.DataObject, script: Script):
    talk = converse(script, data.draw(words_for(script.language)))
    known = known_sentences(script)
    for said in talk.said:
        assert known.fullmatch(said), said


@given(data=st.data(), script=scripts())
@EXAMPLES
def test_no_number_is_said_that_is_not_in_the_prompt(data: st.DataObject, script: Script):
    talk = converse(script, data.draw(words_for(script.language)))
    assert set(re.findall(r"\d+", " ".join(talk.said))) <= set(re.findall(r"\d+", script.prompt()))


@st.composite
def tool_sets(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Some of the tools, with dispositions of the application's own choice."""
    values = ["completed", "Not interested", "callback", "WRONG_NUMBER", "do_not_call", "voicemail", "otra cosa"]
    options = draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
    ending = {
        "type": "object",
        "properties": {"disposition": {"type": "string", "enum": options}, "urgent": {"type": "boolean"}},
        "required": ["disposition", "urgent"],
        "additionalProperties": False,
    }
    names = draw(st.sets(st.sampled_from(sorted(TOOLS))))
    return {name: ending if name == "end_call" else TOOLS[name] for name in names}


@given(data=st.data(), script=scripts(), tools=tool_sets())
@EXAMPLES
def test_only_offered_tools_are_used_and_by_their_schema(
    data: st.DataObject, script: Script, tools: dict[str, dict[str, Any]]
):
    talk = converse(script, data.draw(words_for(script.language)), longest=30, tools=tools)
    for turn in talk.turns:
        for tool in turn.reply.tools:
            jsonschema.validate(tool.arguments, tools[tool.name])


@given(data=st.data(), script=scripts())
@EXAMPLES
def test_every_conversation_comes_to_an_end_with_one_farewell(data: st.DataObject, script: Script):
    talk = converse(script, data.draw(words_for(script.language)))
    assert talk.is_over
    assert len(talk.turns) <= MOST_TURNS
    farewells = [text for text in talk.said if any(end in text for end in farewells_of(script.language))]
    assert len(farewells) <= 1


@given(script=scripts(), words=st.sampled_from([word for pool in ASKING.values() for word in pool]))
@EXAMPLES
def test_somebody_who_says_one_thing_for_ever_is_let_go(script: Script, words: str):
    talk = converse(script, [words] * 60)
    assert talk.is_over
    assert len(talk.turns) <= MOST_TURNS


@given(data=st.data(), script=scripts())
@EXAMPLES
def test_the_same_words_are_never_said_twice_in_a_row_nor_over_and_over(data: st.DataObject, script: Script):
    said = converse(script, data.draw(words_for(script.language))).said
    assert all(before != after for before, after in itertools.pairwise(said))
    assert all(said.count(text) <= 2 for text in said)
    assert all(" ".join(said).count(question) <= 5 for question in script.questions)


@given(data=st.data(), script=scripts())
@settings(max_examples=40, deadline=None)
def test_the_same_messages_get_the_same_words(data: st.DataObject, script: Script):
    words = data.draw(words_for(script.language))
    assert converse(script, words) == converse(script, words)


@cache
def farewells_of(language: str) -> tuple[str, ...]:
    says = read_phrases(language).says
    return tuple(text.split("{")[0] for text in says["farewell"] if len(text.split("{")[0]) > 8)


@cache
def known_sentences(script: Script) -> re.Pattern[str]:
    """Any sequence of the assistant's phrases, filled from the prompt, and of the prompt's own sentences."""
    says = read_phrases(script.language).says
    templates = [text for variants in says.values() for text in variants]
    own = [*script.questions, *script.facts, introduction(script)]
    pieces = [as_pattern(text, script) for text in templates] + [re.escape(text) for text in own if text]
    one = "(?:" + "|".join(sorted(set(pieces), key=len, reverse=True)) + ")"
    return re.compile(f"{one}(?: {one})*")


def as_pattern(template: str, script: Script) -> str:
    facts = "|".join(re.escape(fact) for fact in script.facts) or "(?!)"
    purpose = re.escape(script.purpose.rstrip("."))
    first = re.escape(next((word for word in script.name.split() if not word.endswith(".")), ""))
    values = {
        "fact": f"(?:{facts})(?: (?:{facts}))*",
        "purpose": f"(?i:{purpose})\\.",
        "name": f"(?:, )?{first}",
        "when": r"[A-Za-zéáíóúñ, -]+",
    }
    values["calling"] = (
        "(?:" + "|".join(re.escape(text).replace(r"\{purpose\}", values["purpose"]) for text in calling(script)) + ")"
    )
    pattern = re.escape(template)
    for name, value in values.items():
        pattern = pattern.replace(rf"\{{{name}\}}", value)
    return pattern


def calling(script: Script) -> list[str]:
    says = read_phrases(script.language).says
    return [text for name in ("calling_to", "calling_noun", "calling_about") for text in says[name]]


def introduction(script: Script) -> str:
    """The opening without its greeting."""
    words = script.opening.partition(", ")[2]
    return words[:1].upper() + words[1:]


@given(script=scripts())
@settings(max_examples=20, deadline=None)
def test_whoever_judges_the_sentences_would_notice_an_invention(script: Script):
    invented = (
        "La oficina cuesta 3 euros.",
        "Le habla Pedro.",
        "The office is in Paris.",
        f"{script.questions[0]} No.",
    )
    assert not any(known_sentences(script).fullmatch(text) for text in invented)

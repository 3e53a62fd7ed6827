"""Structured output: what a schema asks is filled from the conversation, within the schema's limits."""

import json
from enum import Enum
from typing import Annotated, Any, Literal

import jsonschema
import openai
import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import OpenAI

from simulator.openai.prompt import read_prompt
from simulator.openai.schema_filler import fill_schema
from tests.simulator.server import SimulatorHandle
from tests.simulator.test_openai import MODEL, PROMPT

Disposition = Literal[
    "interested", "not_interested", "callback", "wrong_number", "do_not_call", "completed", "human_requested"
]
SYSTEM = PROMPT + "2. ¿Qué nota nos pondría?\n# Person\nName: Lucía Pérez\n# Time\n2026-11-22T17:05 (Europe/Madrid)\n"
LINES = {
    "answers": [
        ("Sí, dígame", "Gracias. ¿Le viene bien el martes?"),
        ("Sí, claro", "Perfecto. ¿Qué nota nos pondría?"),
        ("Pues un ocho", "Tomo nota. Gracias, adiós."),
    ],
    "opt-out": [("No me llamen más", "Disculpe las molestias. Adiós.")],
    "callback": [("Ahora no puedo, llámeme mañana a las cinco", "De acuerdo, le llamaremos mañana.")],
    "refusal": [("Sí", "¿Le viene bien el martes?"), ("No me interesa, gracias", "Lo entiendo. Adiós.")],
    "human": [("Páseme con una persona, por favor", "Claro, tomo nota. Adiós.")],
    "wrong": [("No, se ha equivocado de número", "Disculpe. Adiós.")],
    "complaint": [("Es una vergüenza, llevo tres semanas esperando", "Lamento lo ocurrido. ¿Le viene bien el martes?")],
}


class Sentiment(Enum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Answer(pydantic.BaseModel):
    question: str
    answer: str
    is_affirmative: bool


class Callback(pydantic.BaseModel):
    callback_at: str
    reason: str


class Analysis(pydantic.BaseModel):
    summary: str
    disposition: Disposition
    sentiment: Sentiment
    answers: list[Answer]
    callback: Callback | None
    rating: Annotated[int, pydantic.Field(ge=1, le=10)] | None
    tuesday_works: bool | None = pydantic.Field(description="¿Le viene bien el martes?")
    opted_out: bool
    complaints: list[str]
    next_step: str


@pytest.fixture
def model(simulator: SimulatorHandle) -> OpenAI:
    return OpenAI(api_key="sk-practice", base_url=simulator.openai_url, max_retries=0, timeout=60)


def conversation(name: str) -> list[dict[str, Any]]:
    messages = [{"role": "system", "content": SYSTEM}]
    for heard, said in LINES[name]:
        messages += [{"role": "user", "content": heard}, {"role": "assistant", "content": said}]
    return [*messages, {"role": "user", "content": "[silence]"}]


def transcript(name: str) -> list[dict[str, Any]]:
    """The same call, told in one message."""
    lines = [line for heard, said in LINES[name] for line in (f"Person: {heard}", f"Assistant: {said}")]
    time = "# Time\n2026-11-22T17:05\n"
    return [
        {"role": "system", "content": f"You analyse telephone calls.\n{time}"},
        {"role": "user", "content": "Analyse this call:\n" + "\n".join(lines)},
    ]


def analyse(model: OpenAI, messages: list[dict[str, Any]], **more: Any) -> Analysis:
    answer = model.chat.completions.parse(model=MODEL, messages=messages, response_format=Analysis, **more)
    return answer.choices[0].message.parsed


@pytest.mark.parametrize("told", [conversation, transcript])
@pytest.mark.parametrize(
    ("name", "disposition", "sentiment"),
    [
        ("answers", "completed", "positive"),
        ("opt-out", "do_not_call", "negative"),
        ("callback", "callback", "neutral"),
        ("refusal", "not_interested", "negative"),
        ("human", "human_requested", "neutral"),
        ("wrong", "wrong_number", "neutral"),
        ("complaint", "completed", "negative"),
    ],
)
def test_what_came_of_a_call_is_read_from_what_was_said(
    model: OpenAI, told: Any, name: str, disposition: str, sentiment: str
):
    found = analyse(model, told(name))
    assert found.disposition == disposition
    assert found.opted_out == (disposition == "do_not_call")
    assert found.callback is None or disposition == "callback"
    if disposition != "wrong_number":
        assert found.sentiment.value == sentiment


@pytest.mark.parametrize("told", [conversation, transcript])
def test_each_answer_stands_beside_its_question(model: OpenAI, told: Any):
    found = analyse(model, told("answers"))
    assert [(part.question, part.answer, part.is_affirmative) for part in found.answers] == [
        ("¿Le viene bien el martes?", "Sí, claro", True),
        ("¿Qué nota nos pondría?", "Pues un ocho", False),
    ]
    assert (found.rating, found.tuesday_works) == (8, True)
    assert found.summary == (
        "La persona atendió la llamada y contestó. A «¿Le viene bien el martes?» respondió «Sí, claro». "
        "A «¿Qué nota nos pondría?» respondió «Pues un ocho»."
    )


def test_the_agreed_time_of_a_callback_is_told(model: OpenAI):
    found = analyse(model, conversation("callback"))
    assert found.callback == Callback(
        callback_at="2026-11-23T17:00:00", reason="Ahora no puedo, llámeme mañana a las cinco"
    )
    assert found.next_step == "Volver a llamar mañana a las cinco de la tarde."


def test_what_was_not_said_is_null(model: OpenAI):
    found = analyse(model, conversation("opt-out"))
    assert (found.answers, found.callback, found.rating, found.tuesday_works) == ([], None, None, None)


def test_complaints_are_listed(model: OpenAI):
    assert analyse(model, conversation("complaint")).complaints == ["Es una vergüenza, llevo tres semanas esperando"]


def test_a_call_in_english_is_summed_up_in_english(model: OpenAI):
    lines = "Agent: Would you like to try it?\nCustomer: Yes, of course\nAgent: Thank you, goodbye."
    found = analyse(model, [{"role": "user", "content": lines}])
    assert found.disposition == "interested"
    assert found.summary.startswith("The person showed interest.")


def test_a_transcript_as_json_is_read_too(model: OpenAI):
    turns = [{"heard": "No me llamen más", "said": "Disculpe. Adiós."}]
    found = analyse(model, [{"role": "user", "content": json.dumps(turns)}])
    assert found.disposition == "do_not_call"


def test_a_length_stop_is_raised_by_the_sdk(model: OpenAI):
    with pytest.raises(openai.LengthFinishReasonError):
        analyse(model, conversation("answers"), max_completion_tokens=5)


def test_a_refusal_leaves_nothing_parsed(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_refuses=True)
    answer = model.chat.completions.parse(model=MODEL, messages=conversation("answers"), response_format=Analysis)
    assert answer.choices[0].message.parsed is None
    assert answer.choices[0].message.refusal


def test_broken_json_is_raised_by_the_sdk(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_bad_json=True)
    with pytest.raises(pydantic.ValidationError):
        analyse(model, conversation("answers"))


def test_a_json_object_has_the_keys_that_the_messages_name(model: OpenAI):
    asked = 'Answer as JSON: {"summary": …, "disposition": …}'
    answer = model.chat.completions.create(
        model=MODEL,
        messages=[*conversation("opt-out"), {"role": "developer", "content": asked}],
        response_format={"type": "json_object"},
    )
    found = json.loads(answer.choices[0].message.content)
    assert set(found) == {"summary", "disposition"}
    assert found["disposition"] == "do_not_call"


TEXT_LIMITS = st.sampled_from(
    [
        {},
        {"maxLength": 12},
        {"minLength": 30},
        {"pattern": r"^[A-Z]{3}-\d{4}$"},
        {"pattern": r"^(yes|no)+ ?\w{2,}$"},
        {"format": "date-time"},
        {"format": "date"},
        {"format": "email"},
    ]
)
NUMBER_LIMITS = st.sampled_from(
    [{}, {"minimum": 3}, {"maximum": -2}, {"exclusiveMinimum": 5}, {"multipleOf": 4, "minimum": 1}]
)
NAMES = st.sampled_from(["summary", "disposition", "callback_at", "rating", "answers", "color", "opted_out", "note"])
LEAVES = st.one_of(
    TEXT_LIMITS.map(lambda limits: {"type": "string"} | limits),
    st.tuples(st.sampled_from(["integer", "number"]), NUMBER_LIMITS).map(lambda pair: {"type": pair[0]} | pair[1]),
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.lists(st.sampled_from(["callback", "completed", "yes", "unknown", "red"]), min_size=1, unique=True).map(
        lambda values: {"type": "string", "enum": values}
    ),
    st.just({"const": "v1"}),
    st.just({"type": ["string", "null"]}),
    st.just({"$ref": "#/$defs/shared"}),
)


def make_object(parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}


def branch(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.tuples(inner, st.integers(0, 2)).map(
        lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1], "maxItems": 3}
    )
    unions = st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"anyOf": [*parts, {"type": "null"}]})
    return lists | unions | st.dictionaries(NAMES, inner, max_size=4).map(make_object)


SCHEMAS = st.dictionaries(NAMES, st.recursive(LEAVES, branch, max_leaves=8), max_size=5).map(make_object)


@given(schema=SCHEMAS, name=st.sampled_from(sorted(LINES)))
@settings(max_examples=300, deadline=None)
def test_every_schema_is_obeyed_whatever_was_said(schema: dict[str, Any], name: str):
    schema |= {"$defs": {"shared": make_object({"summary": {"type": "string"}, "amount": {"type": "integer"}})}}
    filled = fill_schema(schema, read_prompt(conversation(name)))
    jsonschema.validate(filled, schema, format_checker=jsonschema.FormatChecker())


def test_a_schema_that_holds_itself_comes_to_an_end():
    node = make_object({"text": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}})
    schema = make_object({"root": {"$ref": "#/$defs/node"}}) | {"$defs": {"node": node}}
    jsonschema.validate(fill_schema(schema, read_prompt(conversation("answers"))), schema)

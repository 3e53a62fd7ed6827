"""What a chat completion refuses, in OpenAI's shape: status, code and the parameter's name."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import OpenAI

from simulator.openai.errors import ModelRefused
from simulator.openai.parameters import check_parameters
from simulator.openai.schema_rules import strict_fault
from tests.simulator.server import SimulatorHandle, running_simulator
from tests.simulator.test_openai import KEY, MESSAGES, MODEL, TOOLS, make_tool, post

SYSTEM, USER = MESSAGES
CALL = {"id": "c1", "type": "function", "function": {"name": "end_call", "arguments": "{}"}}
STRICT = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def wished(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "analysis", "strict": True, "schema": schema} | more}


def refusal(simulator: SimulatorHandle, **body: Any) -> tuple[int, str | None, str | None]:
    answer = post(simulator, **body)
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    return answer.status_code, error["code"], error["param"]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"temperature": 3, "model": "gpt-4.1"}, "decimal_above_max_value", "temperature"),
        ({"temperature": -1, "model": "gpt-4.1"}, "decimal_below_min_value", "temperature"),
        ({"temperature": "hot"}, "invalid_type", "temperature"),
        ({"temperature": 0.2}, "unsupported_value", "temperature"),
        ({"max_tokens": 10}, "unsupported_parameter", "max_tokens"),
        ({"max_completion_tokens": 0}, "integer_below_min_value", "max_completion_tokens"),
        ({"max_completion_tokens": 1.5}, "invalid_type", "max_completion_tokens"),
        ({"n": 129}, "integer_above_max_value", "n"),
        ({"stream": "yes"}, "invalid_type", "stream"),
        ({"reasoning_effort": "extreme"}, "invalid_value", "reasoning_effort"),
        ({"verbosity": "chatty"}, "invalid_value", "verbosity"),
        ({"service_tier": "gold"}, "invalid_value", "service_tier"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "array_above_max_length", "stop"),
        ({"stop": 5}, "invalid_type", "stop"),
        ({"max_output_tokens": 5}, "unknown_parameter", "max_output_tokens"),
        ({"functions": []}, "unsupported_parameter", "functions"),
        ({"logprobs": True}, "unsupported_parameter", "logprobs"),
        ({"stream_options": {"include_usage": True}}, None, "stream_options"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(
    simulator: SimulatorHandle, body: dict[str, Any], code: str | None, param: str
):
    assert refusal(simulator, **body) == (400, code, param)


@pytest.mark.parametrize(
    ("messages", "code", "param"),
    [
        (None, "missing_required_parameter", "messages"),
        ([], "empty_array", "messages"),
        ("hello", "invalid_type", "messages"),
        (["hello"], "invalid_type", "messages[0]"),
        ([{"content": "hi"}], "missing_required_parameter", "messages[0].role"),
        ([USER, {"role": "boss", "content": "hi"}], "invalid_value", "messages[1].role"),
        ([{"role": "user", "content": 5}], "invalid_type", "messages[0].content"),
        ([{"role": "user"}], None, "messages[0].content"),
        ([{"role": "user", "content": [{"type": "smell"}]}], "invalid_value", "messages[0].content[0].type"),
        ([USER, {"role": "tool", "content": "ok", "tool_call_id": "c1"}], None, "messages.[1].role"),
        ([USER, {"role": "assistant", "tool_calls": [CALL]}, USER], None, "messages.[2].role"),
    ],
)
def test_a_conversation_that_cannot_be_is_refused(
    simulator: SimulatorHandle, messages: Any, code: str | None, param: str
):
    assert refusal(simulator, messages=messages) == (400, code, param)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"tools": []}, "array_length", "tools"),
        ({"tool_choice": "auto"}, None, "tool_choice"),
        ({"parallel_tool_calls": False}, None, "parallel_tool_calls"),
        ({"tools": [{"type": "plugin"}]}, "invalid_value", "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "missing_required_parameter", "tools[0].function"),
        ({"tools": [make_tool("end call")]}, "invalid_value", "tools[0].function.name"),
        ({"tools": TOOLS, "tool_choice": "always"}, "invalid_value", "tool_choice"),
        (
            {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "fly"}}},
            "invalid_value",
            "tool_choice",
        ),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "string"}}}]},
            "invalid_function_parameters",
            "tools[0].function.parameters",
        ),
        (
            {
                "tools": [
                    {"type": "function", "function": {"name": "f", "strict": True, "parameters": {"type": "object"}}}
                ]
            },
            "invalid_function_parameters",
            "tools[0].function.parameters",
        ),
    ],
)
def test_tools_that_cannot_be_are_refused(
    simulator: SimulatorHandle, body: dict[str, Any], code: str | None, param: str
):
    assert refusal(simulator, **body) == (400, code, param)


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({"type": "xml"}, "invalid_value", "response_format.type"),
        ({"type": "json_object"}, None, "messages"),
        (wished(STRICT, name=""), "missing_required_parameter", "response_format.json_schema.name"),
        (wished(None), "missing_required_parameter", "response_format.json_schema.schema"),
        (wished({"type": "array", "items": STRICT}), None, "response_format"),
        (wished(STRICT | {"additionalProperties": True}), None, "response_format"),
        (wished(STRICT | {"required": []}), None, "response_format"),
        (wished(STRICT | {"properties": {"a": {"type": "string", "default": "x"}}}), None, "response_format"),
        (wished(STRICT | {"properties": {"a": {"$ref": "#/$defs/nowhere"}}}), None, "response_format"),
        (wished(STRICT | {"properties": {"a": {"description": "no type"}}}), None, "response_format"),
    ],
)
def test_formats_that_cannot_be_are_refused(
    simulator: SimulatorHandle, wish: dict[str, Any], code: str | None, param: str
):
    assert refusal(simulator, response_format=wish) == (400, code, param)


def test_the_strict_rules_hold_for_every_object_within():
    inner = {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}
    for part in (inner, {"type": "array", "items": inner}, {"anyOf": [inner, {"type": "null"}]}):
        assert "additionalProperties" in strict_fault(STRICT | {"properties": {"a": part}})
    assert strict_fault(STRICT | {"$defs": {"inner": inner}}) != ""
    assert strict_fault(STRICT) == ""


def test_a_schema_that_is_not_strict_may_be_anything(simulator: SimulatorHandle):
    loose = {"type": "object", "properties": {"a": {"type": "string", "default": "x"}}}
    assert post(simulator, response_format=wished(loose, strict=False)).status_code == 200


@pytest.fixture(scope="module")
def small() -> Iterator[SimulatorHandle]:
    options = {"openai_key": "sk-right", "openai_models": "my-model,other", "openai_context_tokens": 200}
    with running_simulator(**options) as simulator:
        yield simulator


def test_only_the_right_key_opens(small: SimulatorHandle):
    wrong = OpenAI(api_key="sk-wrong", base_url=small.openai_url, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as raised:
        wrong.models.list()
    assert raised.value.code == "invalid_api_key"
    assert "sk-wrong" not in raised.value.message
    assert wrong.with_options(api_key="sk-right").models.list().data


def test_a_missing_key_is_refused(simulator: SimulatorHandle):
    answer = requests.post(f"{simulator.openai_url}/chat/completions", json={}, timeout=60)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")


def test_only_models_on_offer_answer(simulator: SimulatorHandle, small: SimulatorHandle):
    client = OpenAI(api_key="sk-right", base_url=small.openai_url, max_retries=0)
    hello = [{"role": "user", "content": "Hello"}]
    assert client.chat.completions.create(model="my-model", messages=hello).model == "my-model"
    with pytest.raises(openai.NotFoundError) as raised:
        client.with_options(base_url=simulator.openai_url).chat.completions.create(model="my-model", messages=hello)
    assert raised.value.code == "model_not_found"


def test_a_conversation_longer_than_the_context_is_refused(small: SimulatorHandle):
    client = OpenAI(api_key="sk-right", base_url=small.openai_url, max_retries=0)
    for words, room in (("word " * 500, None), ("word", 5000)):
        with pytest.raises(openai.BadRequestError) as raised:
            client.chat.completions.create(
                model=MODEL, messages=[{"role": "user", "content": words}], max_completion_tokens=room
            )
        assert (raised.value.code, raised.value.param) == ("context_length_exceeded", "messages")


def test_a_body_that_is_no_json_is_refused(simulator: SimulatorHandle):
    for body in (b"{", b"[]"):
        answer = requests.post(f"{simulator.openai_url}/chat/completions", data=body, headers=KEY, timeout=60)
        assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_model_told_not_to_reason_takes_a_temperature(simulator: SimulatorHandle):
    assert post(simulator, temperature=0.2, reasoning_effort="none").status_code == 200
    assert post(simulator, temperature=1).status_code == 200
    assert post(simulator, temperature=0.2, model="gpt-4.1").status_code == 200


def test_every_parameter_that_the_product_may_send_is_taken(simulator: SimulatorHandle):
    everything = {
        "stream": True,
        "stream_options": {"include_usage": True, "include_obfuscation": False},
        "tools": TOOLS,
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "max_completion_tokens": 200,
        "reasoning_effort": "none",
        "verbosity": "low",
        "service_tier": "auto",
        "prompt_cache_key": "campaign-1",
        "seed": 7,
        "store": False,
        "safety_identifier": "call-7",
        "metadata": {"call": "7"},
        "user": "7",
        "temperature": None,
    }
    assert post(simulator, **everything).status_code == 200


@given(
    name=st.sampled_from(["temperature", "n", "stop", "stream", "seed", "service_tier", "user", "max_tokens"]),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just({}),
)
@settings(max_examples=300, deadline=None)
def test_no_value_of_a_parameter_breaks_the_door(name: str, value: Any):
    """It is taken or refused by name."""
    assert refused_parameter({"model": MODEL, name: value}) in (None, name)


def refused_parameter(body: dict[str, Any]) -> str | None:
    try:
        check_parameters(body)
    except ModelRefused as refused:
        return refused.param
    return None

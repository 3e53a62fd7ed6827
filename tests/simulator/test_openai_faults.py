"""What goes wrong at the model, as the unmodified SDK sees it."""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest
import requests
from openai import OpenAI

from tests.simulator.server import SimulatorHandle
from tests.simulator.test_openai import MESSAGES, MODEL, OPT_OUT, TOOLS, post

SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string"}},
    "required": ["summary"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "analysis", "strict": True, "schema": SCHEMA}}


@pytest.fixture
def model(simulator: SimulatorHandle) -> OpenAI:
    return OpenAI(api_key="sk-practice", base_url=simulator.openai_url, max_retries=0, timeout=60)


@pytest.fixture
def impatient(model: OpenAI) -> OpenAI:
    return model.with_options(timeout=1.0)


def ask(model: OpenAI, **more: Any) -> Any:
    return model.chat.completions.create(model=MODEL, **({"messages": MESSAGES} | more))


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, openai.BadRequestError, None),
        (401, openai.AuthenticationError, "invalid_api_key"),
        (403, openai.PermissionDeniedError, "unsupported_country_region_territory"),
        (404, openai.NotFoundError, "model_not_found"),
        (409, openai.ConflictError, "conflict"),
        (422, openai.UnprocessableEntityError, "unprocessable_entity"),
        (429, openai.RateLimitError, "rate_limit_exceeded"),
        (500, openai.InternalServerError, None),
        (503, openai.InternalServerError, None),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_each_status_is_raised_with_its_code(
    simulator: SimulatorHandle, model: OpenAI, status: int, error: type, code: str | None, stream: bool
):
    simulator.set_faults(model_status=status)
    with pytest.raises(error) as raised:
        ask(model, stream=stream)
    assert (raised.value.status_code, raised.value.code) == (status, code)
    assert raised.value.request_id


def test_a_refusal_has_exactly_the_documented_fields(simulator: SimulatorHandle):
    simulator.set_faults(model_status=429, model_retry_after_seconds=7)
    refused = post(simulator)
    assert set(refused.json()) == {"error"}
    assert set(refused.json()["error"]) == {"message", "type", "param", "code"}
    assert (refused.headers["Retry-After"], refused.headers["x-should-retry"]) == ("7", "true")


def test_an_empty_purse_is_told_not_to_be_asked_again(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_error="insufficient_quota")
    refused = post(simulator)
    assert (refused.status_code, refused.headers["x-should-retry"]) == (429, "false")
    assert "Retry-After" not in refused.headers
    simulator.reset_timings()
    with pytest.raises(openai.RateLimitError) as raised:
        ask(model.with_options(max_retries=3))
    assert raised.value.code == "insufficient_quota"
    assert len(simulator.timings()["model_requests"]) == 1


def test_the_sdk_tries_again_after_a_limit_and_gets_its_answer(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_status={"value": 429, "times": 1}, model_retry_after_seconds=0.05)
    assert ask(model.with_options(max_retries=1)).choices[0].message.content
    assert len(simulator.timings()["model_requests"]) == 2


def test_an_error_inside_the_stream_has_no_status(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_stream_error=True)
    words = []
    with pytest.raises(openai.APIError) as raised:
        words.extend(chunk.choices[0].delta.content for chunk in ask(model, stream=True))
    assert not isinstance(raised.value, openai.APIStatusError)
    assert any(words)


def test_a_stream_without_its_end_mark_is_complete(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_no_done=True)
    assert list(ask(model, stream=True))[-1].choices[0].finish_reason == "stop"
    assert "[DONE]" not in post(simulator, stream=True).text


def test_a_stall_in_the_middle_runs_out_of_time(simulator: SimulatorHandle, impatient: OpenAI):
    simulator.set_faults(model_stalls=True)
    words = []
    with pytest.raises(openai.APITimeoutError):
        words.extend(chunk.choices[0].delta.content for chunk in ask(impatient, stream=True))
    assert any(words)


def test_a_stall_before_the_first_word_runs_out_of_time(simulator: SimulatorHandle, impatient: OpenAI):
    simulator.set_faults(model_stalls_first=True)
    with pytest.raises(openai.APITimeoutError):
        ask(impatient, stream=True)


@pytest.mark.parametrize("stream", [False, True])
def test_a_cut_connection_is_told_apart(simulator: SimulatorHandle, model: OpenAI, stream: bool):
    simulator.set_faults(model_cuts=True)
    with pytest.raises(openai.APIConnectionError) as raised:
        list(ask(model, stream=stream))
    assert not isinstance(raised.value, openai.APITimeoutError)


@pytest.mark.parametrize("fault", ["model_html", "model_json"])
def test_a_body_without_events_gives_no_chunk_and_no_error(simulator: SimulatorHandle, model: OpenAI, fault: str):
    simulator.set_faults(**{fault: True})
    assert list(ask(model, stream=True)) == []
    assert post(simulator).status_code == 200


def test_an_empty_answer_says_nothing(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_empty=True)
    chunks = list(ask(model, stream=True))
    assert not any(chunk.choices[0].delta.content for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert ask(model).choices[0].message.content == ""


def test_a_refusal_stands_where_the_content_is_missing(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_refuses=True)
    message = ask(model).choices[0].message
    assert (message.content, message.refusal) == (None, "I'm sorry, but I can't assist with that request.")
    chunks = list(ask(model, stream=True))
    assert "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks) == message.refusal


def test_filtered_words_end_the_answer(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_filters=True)
    answer = ask(model).choices[0]
    assert (answer.finish_reason, "¿Le viene bien el martes?" in answer.message.content) == ("content_filter", False)


def test_structured_output_may_be_no_json(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_bad_json=True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(model, response_format=FORMAT).choices[0].message.content)


def test_arguments_of_tools_may_be_no_json(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_bad_arguments=True)
    (call,) = ask(model, messages=OPT_OUT, tools=TOOLS).choices[0].message.tool_calls
    with pytest.raises(json.JSONDecodeError):
        json.loads(call.function.arguments)


@pytest.mark.parametrize("messages", [MESSAGES, OPT_OUT])
def test_a_tool_may_be_one_that_nobody_offered(simulator: SimulatorHandle, model: OpenAI, messages: list):
    simulator.set_faults(model_unknown_tool=True)
    (call,) = ask(model, messages=messages, tools=TOOLS).choices[0].message.tool_calls
    assert call.function.name not in {tool["function"]["name"] for tool in TOOLS}


@pytest.mark.parametrize(
    "take",
    [lambda faults: faults(first_token_ms=0, tokens_per_second=20), lambda faults: faults(model_delay_ms=1500)],
    ids=["slow tokens", "late answer"],
)
def test_an_answer_may_take_its_time(simulator: SimulatorHandle, model: OpenAI, take: Callable[..., None]):
    take(simulator.set_faults)
    list(ask(model, stream=True))
    (reading,) = simulator.timings()["model_requests"]
    assert reading["finished_at"] - reading["received_at"] > 0.3


def test_a_fault_counted_down_strikes_once(simulator: SimulatorHandle):
    simulator.set_faults(model_html={"value": True, "times": 1})
    kinds = [post(simulator).headers["Content-Type"].partition(";")[0] for _ in range(2)]
    assert kinds == ["text/html", "application/json"]


def test_a_caller_who_gives_up_leaves_the_network_at_peace(simulator: SimulatorHandle, impatient: OpenAI):
    simulator.set_faults(model_stalls_first=True)
    with pytest.raises(openai.APITimeoutError):
        ask(impatient)
    simulator.set_faults()
    assert requests.get(f"{simulator.base_url}/simulator/identity", timeout=10).ok

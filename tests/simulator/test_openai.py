import json

import openai
import pytest
import requests
from openai import OpenAI

from tests.simulator.server import SimulatorHandle

PROMPT = "# Language\nes-ES\n# Purpose\nConfirmar la cita.\n# Questions\n1. ¿Le viene bien el martes?\n"
MESSAGES = [{"role": "system", "content": PROMPT}, {"role": "user", "content": "Sí, dígame"}]
OPT_OUT = [MESSAGES[0], {"role": "user", "content": "No me llame más"}]
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    for name in ("end_call", "schedule_callback", "mark_do_not_call")
]


@pytest.fixture
def model(simulator: SimulatorHandle) -> OpenAI:
    return OpenAI(api_key="sk-practice", base_url=simulator.openai_url, max_retries=0, timeout=60)


def test_a_streamed_answer_comes_in_pieces_and_ends_with_usage(model: OpenAI):
    stream = model.chat.completions.create(
        model="m", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "¿Le viene bien el martes?" in text
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == chunks[-1].usage.prompt_tokens + chunks[-1].usage.completion_tokens
    assert len(chunks) > 8


def test_the_wire_is_server_sent_events_closed_by_done(simulator: SimulatorHandle):
    answer = requests.post(
        f"{simulator.openai_url}/chat/completions",
        json={"model": "m", "messages": MESSAGES, "stream": True},
        headers={"Authorization": "Bearer sk-practice"},
        timeout=60,
    )
    events = answer.text.strip().split("\n\n")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert events[-1] == "data: [DONE]"
    assert json.loads(events[0][6:])["object"] == "chat.completion.chunk"
    assert all(json.loads(event[6:])["choices"] for event in events[:-1])


def test_tool_calls_come_in_fragments_under_one_index(model: OpenAI):
    chunks = list(model.chat.completions.create(model="m", messages=OPT_OUT, tools=TOOLS, stream=True))
    fragments = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or ()]
    assert fragments[0].function.name == "mark_do_not_call"
    assert fragments[0].id
    assert [fragment.id for fragment in fragments[1:]] == [None] * len(fragments[1:])
    arguments = json.loads("".join(fragment.function.arguments for fragment in fragments))
    assert arguments == {"reason": "No me llame más"}
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_only_tools_on_offer_are_used(model: OpenAI):
    answer = model.chat.completions.create(model="m", messages=OPT_OUT)
    assert answer.choices[0].message.tool_calls is None
    assert answer.choices[0].message.content


def test_a_schema_is_obeyed(model: OpenAI):
    schema = {
        "type": "object",
        "properties": {
            "summary": {"type": "string"},
            "disposition": {"type": "string", "enum": ["completed", "do_not_call"]},
            "callback_at": {"anyOf": [{"type": "null"}, {"type": "string"}]},
            "topics": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
        "required": ["summary", "disposition", "callback_at", "topics"],
        "additionalProperties": False,
    }
    wished = {"type": "json_schema", "json_schema": {"name": "analysis", "strict": True, "schema": schema}}
    answer = model.chat.completions.create(model="m", messages=OPT_OUT, response_format=wished)
    filled = json.loads(answer.choices[0].message.content)
    assert set(filled) == set(schema["properties"])
    assert filled["disposition"] == "do_not_call"
    assert filled["callback_at"] is None


def test_a_missing_key_and_a_missing_model_are_refused(simulator: SimulatorHandle, model: OpenAI):
    answer = requests.post(f"{simulator.openai_url}/chat/completions", json={}, timeout=60)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    with pytest.raises(openai.NotFoundError) as missing:
        model.chat.completions.create(model="missing-model", messages=MESSAGES)
    assert missing.value.code == "model_not_found"


@pytest.mark.parametrize(("status", "error"), [(429, openai.RateLimitError), (503, openai.InternalServerError)])
def test_the_model_fails_when_told_to(simulator: SimulatorHandle, model: OpenAI, status: int, error: type):
    simulator.set_faults(model_status=status)
    with pytest.raises(error):
        model.chat.completions.create(model="m", messages=MESSAGES, stream=True)


def test_an_error_inside_the_stream_is_told_in_the_stream(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(model_stream_error=True)
    with pytest.raises(openai.APIError):
        list(model.chat.completions.create(model="m", messages=MESSAGES, stream=True))


def test_first_token_and_rate_follow_the_settings(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(first_token_ms=2000, tokens_per_second=100)
    stream = model.chat.completions.create(
        model="m", messages=MESSAGES, stream=True, extra_headers={"X-Client-Request-Id": "7:1:1"}
    )
    tokens = sum(1 for chunk in stream if chunk.choices and chunk.choices[0].delta.content)
    reading = simulator.timings()["model_requests"][0]
    assert reading["client_request_id"] == "7:1:1"
    assert 2 <= reading["first_token_at"] - reading["received_at"] < 4
    assert reading["first_token_at"] <= reading["first_sentence_at"] <= reading["finished_at"]
    assert reading["finished_at"] - reading["first_token_at"] >= (tokens - 1) / 100 * 0.95


def test_models_are_listed(model: OpenAI):
    assert "practice-assistant" in [entry.id for entry in model.models.list()]

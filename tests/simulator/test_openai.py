"""The shapes of chat completions, field by field, as the unmodified SDK and the bare wire see them."""

import json
from typing import Any

import openai
import pytest
import requests
from openai import OpenAI

from tests.simulator.server import SimulatorHandle, running_simulator

MODEL = "gpt-6-luna"
PROMPT = "# Language\nes-ES\n# Purpose\nConfirmar la cita.\n# Questions\n1. ¿Le viene bien el martes?\n"
MESSAGES = [{"role": "system", "content": PROMPT}, {"role": "user", "content": "Sí, dígame"}]
OPT_OUT = [MESSAGES[0], {"role": "user", "content": "No me llame más"}]
KEY = {"Authorization": "Bearer sk-practice"}
ENVELOPE = {"id", "object", "created", "model", "service_tier", "system_fingerprint", "choices"}
USAGE = {
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_tokens_details",
    "completion_tokens_details",
}


def make_tool(name: str, **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


TOOLS = [
    make_tool("end_call", disposition={"type": "string", "enum": ["completed", "not_interested"]}),
    make_tool("schedule_callback", at={"type": "string"}, note={"type": "string"}),
    make_tool("mark_do_not_call", reason={"type": "string"}),
]


@pytest.fixture
def model(simulator: SimulatorHandle) -> OpenAI:
    return OpenAI(api_key="sk-practice", base_url=simulator.openai_url, max_retries=0, timeout=60)


def post(simulator: SimulatorHandle, **body: Any) -> requests.Response:
    body = {"model": MODEL, "messages": MESSAGES} | body
    return requests.post(f"{simulator.openai_url}/chat/completions", json=body, headers=KEY, timeout=60)


def read_events(answer: requests.Response) -> list[dict[str, Any]]:
    """All events but the last, which closes the stream."""
    events = answer.text.strip().split("\n\n")
    assert events[-1] == "data: [DONE]"
    return [json.loads(event.removeprefix("data: ")) for event in events[:-1]]


def test_a_whole_answer_has_exactly_the_documented_fields(simulator: SimulatorHandle):
    body = post(simulator).json()
    assert set(body) == ENVELOPE | {"usage"}
    assert (body["object"], body["model"], body["service_tier"]) == ("chat.completion", MODEL, "default")
    assert body["id"].startswith("chatcmpl-")
    (choice,) = body["choices"]
    assert set(choice) == {"index", "message", "logprobs", "finish_reason"}
    assert (choice["index"], choice["logprobs"], choice["finish_reason"]) == (0, None, "stop")
    assert set(choice["message"]) == {"role", "content", "refusal", "annotations"}
    assert choice["message"]["refusal"] is None


def test_every_event_of_a_stream_has_exactly_the_documented_fields(simulator: SimulatorHandle):
    options = {"include_usage": True, "include_obfuscation": False}
    answer = post(simulator, stream=True, stream_options=options)
    *chunks, usage = read_events(answer)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert all(set(chunk) == ENVELOPE | {"usage"} and chunk["usage"] is None for chunk in chunks)
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in chunks)
    assert {chunk["id"] for chunk in chunks} == {usage["id"]}
    assert all(set(chunk["choices"][0]) == {"index", "delta", "logprobs", "finish_reason"} for chunk in chunks)
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert all(set(chunk["choices"][0]["delta"]) == {"content"} for chunk in chunks[1:-1])
    assert (chunks[-1]["choices"][0]["delta"], chunks[-1]["choices"][0]["finish_reason"]) == ({}, "stop")
    assert (usage["choices"], set(usage["usage"])) == ([], USAGE)


def test_usage_comes_only_when_asked_for(simulator: SimulatorHandle):
    chunks = read_events(post(simulator, stream=True))
    assert all("usage" not in chunk and chunk["choices"] for chunk in chunks)


def test_events_are_padded_unless_told_otherwise(simulator: SimulatorHandle):
    padded = read_events(post(simulator, stream=True))
    bare = read_events(post(simulator, stream=True, stream_options={"include_obfuscation": False}))
    assert all(chunk["obfuscation"] for chunk in padded[1:-1])
    assert not any("obfuscation" in chunk for chunk in bare)


def test_a_streamed_answer_says_what_the_whole_one_says(model: OpenAI):
    whole = model.chat.completions.create(model=MODEL, messages=MESSAGES)
    chunks = list(model.chat.completions.create(model=MODEL, messages=MESSAGES, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert "¿Le viene bien el martes?" in text
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    assert len(chunks) == whole.usage.completion_tokens + 2


def test_the_helper_of_the_sdk_tells_of_words_and_tools(model: OpenAI):
    with model.chat.completions.stream(model=MODEL, messages=OPT_OUT, tools=TOOLS) as stream:
        kinds = {event.type for event in stream}
        message = stream.get_final_completion().choices[0].message
    assert {"chunk", "content.delta", "content.done", "tool_calls.function.arguments.done"} <= kinds
    assert message.tool_calls[0].function.name == "mark_do_not_call"


def test_tool_calls_come_in_fragments_under_one_index(simulator: SimulatorHandle):
    chunks = read_events(post(simulator, messages=OPT_OUT, tools=TOOLS, stream=True))
    fragments = [call for chunk in chunks for call in chunk["choices"][0]["delta"].get("tool_calls", ())]
    first, *rest = fragments
    assert set(first) == {"index", "id", "type", "function"}
    assert first["function"] == {"name": "mark_do_not_call", "arguments": ""}
    assert all(set(part) == {"index", "function"} and set(part["function"]) == {"arguments"} for part in rest)
    assert json.loads("".join(part["function"]["arguments"] for part in fragments)) == {"reason": "No me llame más"}
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_a_whole_tool_call_has_exactly_the_documented_fields(simulator: SimulatorHandle):
    choice = post(simulator, messages=OPT_OUT, tools=TOOLS).json()["choices"][0]
    (call,) = choice["message"]["tool_calls"]
    assert set(call) == {"id", "type", "function"}
    assert call["id"].startswith("call_")
    assert set(call["function"]) == {"name", "arguments"}
    assert choice["finish_reason"] == "tool_calls"


def test_only_tools_on_offer_are_used(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=OPT_OUT)
    assert answer.choices[0].message.tool_calls is None
    assert answer.choices[0].message.content


def test_no_tool_is_used_when_the_choice_is_none(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS, tool_choice="none")
    assert answer.choices[0].message.tool_calls is None


def test_a_required_tool_is_used_whatever_was_said(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=MESSAGES, tools=TOOLS, tool_choice="required")
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name in {"end_call", "schedule_callback", "mark_do_not_call"}
    assert answer.choices[0].finish_reason == "tool_calls"


def test_the_named_tool_is_used_and_no_other(model: OpenAI):
    choice = {"type": "function", "function": {"name": "end_call"}}
    answer = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS, tool_choice=choice)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "end_call"
    assert json.loads(call.function.arguments)["disposition"] in ("completed", "not_interested")
    assert answer.choices[0].message.content is None


def test_only_the_allowed_ones_among_the_tools_are_used(model: OpenAI):
    allowed = {"mode": "auto", "tools": [{"type": "function", "function": {"name": "end_call"}}]}
    choice = {"type": "allowed_tools", "allowed_tools": allowed}
    answer = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS, tool_choice=choice)
    assert [call.function.name for call in answer.choices[0].message.tool_calls or ()] in ([], ["end_call"])


def test_never_two_tools_at_once_when_that_is_forbidden(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS, parallel_tool_calls=False)
    assert len(answer.choices[0].message.tool_calls) == 1


@pytest.mark.parametrize("parameter", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_at_the_greatest_length(model: OpenAI, parameter: str):
    name = "practice-assistant"
    whole = model.chat.completions.create(model=name, messages=MESSAGES).choices[0].message.content
    cut = model.chat.completions.create(model=name, messages=MESSAGES, **{parameter: 3})
    assert cut.choices[0].finish_reason == "length"
    assert cut.usage.completion_tokens == 3
    assert whole.startswith(cut.choices[0].message.content)
    assert cut.choices[0].message.content != whole


def test_arguments_cut_by_the_greatest_length_are_no_json(model: OpenAI):
    whole = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS)
    room = whole.usage.completion_tokens - 1
    cut = model.chat.completions.create(model=MODEL, messages=OPT_OUT, tools=TOOLS, max_completion_tokens=room)
    assert cut.choices[0].finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.choices[0].message.tool_calls[0].function.arguments)


def test_an_answer_ends_before_a_stop_sequence(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=MESSAGES, stop=["el martes", "never"])
    assert answer.choices[0].message.content.endswith("¿Le viene bien ")
    assert answer.choices[0].finish_reason == "stop"


def test_several_choices_are_numbered(model: OpenAI):
    whole = model.chat.completions.create(model=MODEL, messages=MESSAGES, n=3)
    chunks = list(model.chat.completions.create(model=MODEL, messages=MESSAGES, n=3, stream=True))
    texts = {
        index: "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices[0].index == index)
        for index in range(3)
    }
    assert texts == {choice.index: choice.message.content for choice in whole.choices}


def test_the_developers_words_are_the_prompt_and_content_may_come_in_parts(model: OpenAI):
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": PROMPT}]},
        {"role": "user", "content": [{"type": "text", "text": "Sí,"}, {"type": "text", "text": "dígame"}]},
    ]
    answer = model.chat.completions.create(model=MODEL, messages=messages)
    assert "¿Le viene bien el martes?" in answer.choices[0].message.content


@pytest.mark.parametrize(("wished", "given"), [("flex", "flex"), ("auto", "default"), ("fast", "priority")])
def test_the_service_tier_is_told(model: OpenAI, wished: str, given: str):
    assert model.chat.completions.create(model=MODEL, messages=MESSAGES, service_tier=wished).service_tier == given


def test_a_prompt_seen_before_is_read_from_the_cache(model: OpenAI):
    long = [{"role": "system", "content": PROMPT + "# Facts\n" + "- La consulta abre a las nueve.\n" * 300}]

    def cached(words: str, key: str = "campaign-1") -> int:
        answer = model.chat.completions.create(
            model=MODEL, messages=[*long, {"role": "user", "content": words}], prompt_cache_key=key
        )
        assert answer.usage.prompt_tokens_details.cached_tokens <= answer.usage.prompt_tokens
        return answer.usage.prompt_tokens_details.cached_tokens

    assert cached("Sí, dígame") == 0
    first = cached("Hola")
    assert first >= 1024
    assert first % 128 == 0
    assert cached("Hola", key="campaign-2") == 0
    long.append({"role": "assistant", "content": "Le llamo por la cita. " * 100})
    assert (cached("Sí"), cached("Sí") > first) == (first, True)


def test_a_short_prompt_is_never_cached(model: OpenAI):
    for _ in range(2):
        usage = model.chat.completions.create(model=MODEL, messages=MESSAGES).usage
        assert usage.prompt_tokens_details.cached_tokens == 0


def test_what_is_left_of_the_limits_falls_with_every_request(simulator: SimulatorHandle):
    answers = [post(simulator), post(simulator, stream=True)]
    for answer in answers:
        for unit in ("requests", "tokens"):
            left, limit = (int(answer.headers[f"x-ratelimit-{name}-{unit}"]) for name in ("remaining", "limit"))
            assert 0 < left < limit
            assert answer.headers[f"x-ratelimit-reset-{unit}"].endswith("s")
        assert answer.headers["x-request-id"].startswith("req_")


def test_the_id_of_a_request_reaches_the_caller(model: OpenAI):
    answer = model.chat.completions.create(model=MODEL, messages=MESSAGES)
    assert answer._request_id.startswith("req_")
    with pytest.raises(openai.NotFoundError) as missing:
        model.models.retrieve("gpt-0")
    assert missing.value.request_id.startswith("req_")


def test_more_requests_than_allowed_are_refused_until_the_minute_has_refilled():
    with running_simulator(speed=1, openai_requests_per_minute=2) as simulator:
        answers = [post(simulator) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == "rate_limit_exceeded"
    assert 0 < float(answers[2].headers["Retry-After"]) <= 30
    assert answers[2].headers["x-ratelimit-remaining-requests"] == "0"


def test_first_token_and_rate_follow_the_settings(simulator: SimulatorHandle, model: OpenAI):
    simulator.set_faults(first_token_ms=2000, tokens_per_second=100)
    stream = model.chat.completions.create(
        model=MODEL, messages=MESSAGES, stream=True, extra_headers={"X-Client-Request-Id": "7:1:1"}
    )
    tokens = sum(1 for chunk in stream if chunk.choices and chunk.choices[0].delta.content)
    reading = simulator.timings()["model_requests"][0]
    assert reading["client_request_id"] == "7:1:1"
    assert 2 <= reading["first_token_at"] - reading["received_at"] < 4
    assert reading["first_token_at"] <= reading["first_sentence_at"] <= reading["finished_at"]
    assert reading["finished_at"] - reading["first_token_at"] >= (tokens - 1) / 100 * 0.95


def test_models_are_listed_and_shown(model: OpenAI):
    listed = {entry.id: entry for entry in model.models.list()}
    shown = model.models.retrieve(MODEL)
    assert (shown.id, shown.object, shown.owned_by) == (MODEL, "model", "practice")
    assert listed[MODEL] == shown
    assert "practice-assistant" in listed

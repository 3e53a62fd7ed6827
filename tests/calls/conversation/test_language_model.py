import pytest
import time_machine

from calls.providers import openai as provider
from calls.providers.base import ProviderError, TextChunk, ToolCall
from tests.calls.conversation.scripted import Answer, says, scripted_server

WORDS = 'data: {"choices":[{"index":0,"delta":{"content":"Hola"}}]}\n\n'


def ask(settings, server):
    settings.OPENAI_BASE_URL = f"{server.url}/v1"
    model = provider.OpenAILanguageModel()
    return list(model.reply([{"role": "user", "content": "hola"}], tools=[], model="m", request_id="call:1:1"))


def test_words_come_as_they_are_streamed(settings):
    with scripted_server(says("Buenos ", "días")) as server:
        assert ask(settings, server) == [TextChunk("Buenos "), TextChunk("días")]
        assert server.headers[0]["x-client-request-id"] == "call:1:1"


def test_turns_share_a_connection_also_after_a_pause(settings):
    with scripted_server(says("Hola.")) as server, time_machine.travel(0) as clock:
        settings.OPENAI_BASE_URL = f"{server.url}/v1"
        model = provider.OpenAILanguageModel()
        for _ in range(3):
            list(model.reply([{"role": "user", "content": "hola"}], tools=[], model="m", request_id="call:1:1"))
            clock.shift(30)
        assert len(server.peers) == 3
        assert len(set(server.peers)) == 1


def test_a_tool_is_put_together_from_its_fragments(settings):
    with scripted_server(says("Adiós.", tool="end_call", arguments='{"disposition": "completed"}')) as server:
        assert ask(settings, server)[-1] == ToolCall("call_1", "end_call", {"disposition": "completed"})


def test_an_answer_without_its_end_mark_is_an_answer(settings):
    with scripted_server(Answer(WORDS)) as server:
        assert ask(settings, server) == [TextChunk("Hola")]


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (Answer("<html>Welcome</html>", content_type="text/html"), "empty_answer", False),
        (Answer('data: {"error": {"message": "overloaded"}}\n\n'), "stream_error", False),
        (Answer("data: {broken\n\n"), "garbled_answer", False),
        (Answer('{"error": {"code": "invalid_api_key"}}', 401, "application/json"), "invalid_api_key", True),
        (Answer('{"error": {"code": "model_not_found"}}', 404, "application/json"), "model_not_found", True),
        (Answer('{"error": {"code": "insufficient_quota"}}', 429, "application/json"), "insufficient_quota", True),
        (Answer('{"error": {"code": "rate_limit"}}', 429, "application/json"), "rate_limit", False),
        (Answer("bad gateway", 502, "text/html"), "502", False),
    ],
)
def test_each_refusal_says_whether_trying_again_may_help(settings, answer, code, permanent):
    with scripted_server(answer) as server, pytest.raises(ProviderError) as raised:
        ask(settings, server)
    assert (raised.value.code, raised.value.permanent) == (code, permanent)


def test_a_stalled_answer_is_given_up(settings):
    with scripted_server(Answer(WORDS, stalls=True)) as server, pytest.raises(ProviderError) as raised:
        ask(settings, server)
    assert not raised.value.permanent


def test_a_server_that_is_not_there_is_no_crash(settings):
    with scripted_server(Answer("")) as server:
        pass
    with pytest.raises(ProviderError):
        ask(settings, server)

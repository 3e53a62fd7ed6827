"""Twilio's refusals, each as the SDK raises it, and what we make of them. A real server answers on a real socket."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import translation

from callcenter import clock
from calls.providers.base import OutcomeUnknown, PlaceRequest, ProviderError
from calls.providers.twilio import TwilioTelephony
from calls.providers.twilio_refusals import REFUSALS, Effect, refusal_of

PERMANENT, RETRY, STOP, UNKNOWN = "permanent", "retry", "stop", "unknown"
ROWS = {
    (20003, 401): STOP,
    (10001, 401): STOP,
    (20005, 401): STOP,
    (20404, 404): STOP,
    (20429, 429): RETRY,
    (20001, 400): STOP,
    (20004, 405): STOP,
    (20422, 400): STOP,
    (20500, 500): UNKNOWN,
    (20503, 503): UNKNOWN,
    (10004, 429): RETRY,
    (22005, 400): RETRY,
    (21201, 400): PERMANENT,
    (21213, 400): STOP,
    (21205, 400): STOP,
    (21206, 400): STOP,
    (21208, 400): STOP,
    (21209, 400): STOP,
    (21210, 400): STOP,
    (21212, 400): STOP,
    (21211, 400): PERMANENT,
    (21217, 400): PERMANENT,
    (21214, 400): PERMANENT,
    (21215, 400): STOP,
    (21216, 403): PERMANENT,
    (21218, 400): STOP,
    (21219, 400): PERMANENT,
    (21264, 400): PERMANENT,
    (21220, 400): PERMANENT,
    (21262, 400): STOP,
    (21263, 400): STOP,
    (21610, 400): PERMANENT,
    (0, 400): STOP,
    (32014, 400): PERMANENT,
    (32015, 400): PERMANENT,
    (32016, 400): PERMANENT,
    (32017, 400): PERMANENT,
    (13221, 400): PERMANENT,
    (13222, 400): PERMANENT,
    (13223, 400): PERMANENT,
    (13224, 400): PERMANENT,
    (13225, 400): PERMANENT,
    (13226, 400): PERMANENT,
    (13227, 400): PERMANENT,
    (573005, 400): PERMANENT,
}
REQUEST = PlaceRequest(
    to_number="+34600000001",
    from_number="+34910000000",
    voice_url="https://voz.example.com/voice",
    fallback_url="https://voz.example.com/fallback",
    status_url="https://voz.example.com/status",
    amd_url="https://voz.example.com/amd",
    ring_timeout_seconds=30,
    max_call_seconds=600,
)


class Refuser(ThreadingHTTPServer):
    """Answers every request with one status and body, or not at all, and remembers the forms."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), RefusingHandler)
        self.status, self.body, self.forms, self.silent = 400, b"", [], False
        self.asked, self.url = threading.Event(), f"http://127.0.0.1:{self.server_port}"


class RefusingHandler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.server.forms.append(parse_qs(self.rfile.read(length).decode()))
        if self.server.silent:
            self.connection.close()
            return
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def log_message(self, *arguments) -> None:
        """Quiet."""


@pytest.fixture
def twilio(settings):
    server = Refuser()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.TWILIO_BASE_URL = server.url
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def refuse(twilio: Refuser, code: int | None, status: int) -> None:
    error = {"code": code, "message": "no", "more_info": "", "status": status}
    twilio.status, twilio.body = status, json.dumps(error).encode()


def kind_of(error: ProviderError) -> str:
    if isinstance(error, OutcomeUnknown):
        return UNKNOWN
    if error.stops_campaign:
        return STOP
    return PERMANENT if error.permanent else RETRY


@pytest.mark.parametrize(("code", "status"), ROWS)
def test_every_refusal_of_a_call_means_what_the_table_says(code, status, twilio):
    refuse(twilio, code, status)
    with pytest.raises(ProviderError) as raised:
        TwilioTelephony().place_call(REQUEST)
    assert kind_of(raised.value) == ROWS[code, status]
    assert raised.value.code == str(code)
    assert raised.value.message == str(refusal_of(code=code, http_status=status).message)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, STOP), (400, STOP), (405, STOP), (413, STOP), (401, STOP), (429, RETRY), (408, UNKNOWN), (502, UNKNOWN)],
)
@pytest.mark.parametrize("body", [b"<html>proxy</html>", b"{}", b""])
def test_a_refusal_that_is_not_the_carriers_own_gives_no_number_up(body, status, kind, twilio):
    twilio.status, twilio.body = status, body
    with pytest.raises(ProviderError) as raised:
        TwilioTelephony().place_call(REQUEST)
    assert kind_of(raised.value) == kind


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"", b"[]"])
def test_an_answer_that_cannot_be_read_leaves_a_new_call_unclear(body, twilio):
    twilio.status, twilio.body = 201, body
    with pytest.raises(OutcomeUnknown):
        TwilioTelephony().place_call(REQUEST)


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b""])
@pytest.mark.parametrize(
    "ask",
    [
        lambda carrier: carrier.fetch_call("CA1"),
        lambda carrier: carrier.find_calls("+34600000001", clock.now()),
        lambda carrier: list(carrier.live_calls()),
        lambda carrier: list(carrier.list_calls(clock.now())),
        lambda carrier: carrier.end_call("CA1"),
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(ask, body, twilio):
    twilio.status, twilio.body = 200, body
    with pytest.raises(ProviderError) as raised:
        ask(TwilioTelephony())
    assert kind_of(raised.value) == RETRY


def test_the_table_holds_no_row_that_is_not_tested():
    assert set(REFUSALS) == {code for code, _ in ROWS if code < 573_000}


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_has_its_words_in_both_languages(code):
    message = REFUSALS[code].message
    with translation.override("en"):
        english = str(message)
    with translation.override("es"):
        spanish = str(message)
    assert english
    assert spanish not in ("", english)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (502, b"<html>bad gateway</html>", UNKNOWN),
        (429, b"slow down", RETRY),
        (401, b"who are you", STOP),
        (418, b"a teapot", STOP),
        (400, b'{"type":"x","title":"No","status":400,"code":21211,"detail":"no"}', PERMANENT),
        (503, b'{"type":"x","title":"No","status":503,"code":20503}', UNKNOWN),
        (201, b"{}", UNKNOWN),
    ],
)
def test_answers_of_other_shapes_are_understood_too(status, body, expected, twilio):
    twilio.status, twilio.body = status, body
    with pytest.raises(ProviderError) as raised:
        TwilioTelephony().place_call(REQUEST)
    assert kind_of(raised.value) == expected


def test_a_connection_that_breaks_after_the_question_leaves_the_outcome_unknown(twilio):
    twilio.silent = True
    with pytest.raises(OutcomeUnknown):
        TwilioTelephony().place_call(REQUEST)


def test_a_connection_that_was_never_made_may_be_tried_again(twilio):
    twilio.shutdown()
    twilio.server_close()
    with pytest.raises(ProviderError) as raised:
        TwilioTelephony().place_call(REQUEST)
    assert kind_of(raised.value) == RETRY


def test_a_list_that_cannot_be_had_is_no_unknown_outcome(twilio):
    twilio.status, twilio.body = 503, b"{}"
    with pytest.raises(ProviderError) as raised:
        TwilioTelephony().find_calls("+34600000001", clock.now())
    assert kind_of(raised.value) == RETRY


@pytest.mark.parametrize(("code", "status"), [(20404, 404), (21220, 400)])
def test_ending_a_call_that_has_ended_is_no_error(code, status, twilio):
    refuse(twilio, code, status)
    TwilioTelephony().end_call("CA1")
    TwilioTelephony().redirect_call("CA1", twiml="<Response/>")
    assert TwilioTelephony().fetch_call("CA1") is None


def test_a_call_is_asked_for_as_the_documentation_wants_it(twilio):
    twilio.status, twilio.body = 201, json.dumps({"sid": "CA1"}).encode()
    assert TwilioTelephony().place_call(REQUEST).carrier_sid == "CA1"
    [form] = twilio.forms
    assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    assert (form["MachineDetection"], form["AsyncAmd"]) == (["DetectMessageEnd"], ["true"])
    assert (form["Timeout"], form["TimeLimit"]) == (["30"], ["600"])
    assert "Record" not in form


def test_only_a_creation_can_have_an_unknown_outcome():
    assert refusal_of(code=None, http_status=500).effect is Effect.UNKNOWN

import socket
import time
from pathlib import Path

from tests.simulator.application import running_application
from tests.simulator.calling import Caller, make_client
from tests.simulator.certificates import make_certificate, server_side
from tests.simulator.server import running_simulator

HELLO = "<Response><Say>Hello</Say></Response>"


def test_the_voice_request_carries_empty_places_and_a_valid_signature(caller: Caller):
    caller.call_to_the_end("cooperative", "<Say>Hello</Say>")
    hit = caller.application.hits_at("/voice")[0]
    assert hit.signed
    assert (hit.form["FromCity"], hit.form["CallStatus"], hit.form["Direction"]) == ("", "in-progress", "outbound-api")
    assert hit.headers["I-Twilio-Idempotency-Token"]


def test_a_url_with_query_and_get_is_signed_with_its_fields_in_the_query(caller: Caller):
    caller.application.documents["/voice"] = HELLO
    url = f"{caller.application.base_url}/voice?run=9&name=Jos%C3%A9"
    ended = caller.call_to_the_end("silent", url=url, method="GET")
    hit = caller.application.hits_at("/voice")[0]
    assert hit.signed
    assert hit.method == "GET"
    assert ended["transcript"][-1]["text"] == "Hello"


def test_a_failed_url_is_replaced_by_the_fallback_which_learns_why(caller: Caller):
    caller.application.statuses["/voice"] = 500
    caller.application.documents["/fallback"] = HELLO
    ended = caller.call_to_the_end("silent", "<Hangup/>", fallback_url=f"{caller.application.base_url}/fallback")
    form = caller.application.hits_at("/fallback")[0].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{caller.application.base_url}/voice")
    assert ended["transcript"][-1]["text"] == "Hello"


def test_without_a_fallback_the_person_hears_an_application_error(caller: Caller):
    caller.application.statuses["/voice"] = 500
    ended = caller.call_to_the_end("silent", "<Hangup/>")
    assert "application error" in ended["transcript"][-1]["text"]
    assert ended["status"] == "completed"
    assert "11200" in ended["complaints"][0]


def test_documents_that_cannot_be_executed_are_named_by_their_code(caller: Caller):
    def complaint(body: str, **headers: str) -> str:
        caller.application.documents["/voice"] = body
        caller.application.headers["/voice"] = headers
        return str(caller.call_to_the_end("silent")["complaints"][0])[:5]

    assert complaint("<Response><Say>") == "12100"
    assert complaint(" <?xml version='1.0'?><Response/>") == "12100"
    assert complaint("<Wrong/>") == "12100"
    assert complaint(f"<Response>{' ' * 65_536}</Response>") == "11750"
    assert complaint("{}", **{"Content-Type": "application/json"}) == "12300"


def test_an_address_where_nobody_listens_is_tried_twice_and_complained_about(caller: Caller):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/voice"
        ended = caller.call_to_the_end("silent", url=url)
    assert ended["complaints"][0].startswith("11205")


def test_relative_addresses_resolve_against_their_document(caller: Caller):
    caller.application.documents["/a/b/voice"] = "<Response><Redirect>next?step=2</Redirect></Response>"
    caller.application.documents["/a/b/next"] = HELLO
    ended = caller.call_to_the_end("silent", url=f"{caller.application.base_url}/a/b/voice")
    assert caller.application.hits_at("/a/b/next")[0].signed
    assert ended["transcript"][-1]["text"] == "Hello"


def test_running_out_of_verbs_ends_the_call(caller: Caller):
    ended = caller.call_to_the_end("silent", "<Response/>", url=f"{caller.application.base_url}/nothing-to-say")
    assert (ended["status"], ended["ended_by"], ended["complaints"]) == ("completed", "application", [])
    assert len(caller.application.hits_at("/nothing-to-say")) == 1


VOICE_FIELDS = {
    *("AccountSid", "ApiVersion", "CallSid", "CallStatus", "Called", "Caller", "Direction", "From", "To"),
    *(f"{side}{place}" for side in ("To", "From", "Called", "Caller") for place in ("City", "State", "Zip", "Country")),
}


def test_the_voice_request_has_exactly_the_documented_fields(caller: Caller):
    sid = caller.call_to_the_end("silent", "<Hangup/>")["sid"]
    form = caller.application.hits_at("/voice")[0].form
    assert set(form) == VOICE_FIELDS
    assert (form["CallSid"], form["ApiVersion"], form["ToCountry"], form["ToZip"]) == (sid, "2010-04-01", "ES", "")
    assert (form["From"], form["To"]) == (form["Caller"], form["Called"])


def test_the_fallback_serves_later_documents_too(caller: Caller):
    caller.application.statuses["/gone"] = 404
    caller.application.documents["/fallback"] = HELLO
    fallback = f"{caller.application.base_url}/fallback"
    ended = caller.call_to_the_end("silent", "<Redirect>/gone</Redirect>", fallback_url=fallback)
    form = caller.application.hits_at("/fallback")[0].form
    assert set(form) == VOICE_FIELDS | {"ErrorCode", "ErrorUrl"}
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{caller.application.base_url}/gone")
    assert ended["complaints"][0].startswith("11200")
    assert ended["transcript"][-1]["text"] == "Hello"


def test_a_fallback_that_fails_as_well_ends_in_the_application_error(caller: Caller):
    caller.application.statuses |= {"/voice": 503, "/fallback": 500}
    ended = caller.call_to_the_end("silent", "<Hangup/>", fallback_url=f"{caller.application.base_url}/fallback")
    assert [text[:5] for text in ended["complaints"]] == ["11200", "11200"]
    assert "application error" in ended["transcript"][-1]["text"]
    assert ended["status"] == "completed"


def test_bytes_before_the_declaration_are_12100(caller: Caller):
    caller.application.documents["/voice"] = b"\xef\xbb\xbf<?xml version='1.0'?><Response/>"
    assert caller.call_to_the_end("silent")["complaints"][0].startswith("12100")


def test_what_the_schema_does_not_know_is_warned_about_and_passed_over(caller: Caller):
    document = '<Say tone="high" loop="often">Hello</Say><Dance/><Pause length="1"/><Gather><Redirect/></Gather>'
    ended = caller.call_to_the_end("silent", document)
    codes = [text.partition(" ")[0] for text in ended["complaints"]]
    assert codes == ["12200", "13510", "13320", "12200"]
    assert ended["transcript"][-1]["text"] == "Hello"


def test_an_application_that_never_answers_has_fifteen_seconds_of_the_clock_on_the_wall(caller: Caller):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        started = time.monotonic()
        call = caller.call("silent", url=f"http://127.0.0.1:{deaf.getsockname()[1]}/voice", status_callback=None)
        complaints = caller.simulator.wait_until(lambda: caller.simulator.call(str(call.sid))["complaints"])
    assert complaints[0].startswith("11200")
    assert time.monotonic() - started > 14.9


def test_documents_that_lead_to_each_other_for_ever_are_ended(caller: Caller):
    caller.application.documents["/other"] = "<Response><Redirect>/voice</Redirect></Response>"
    ended = caller.call_to_the_end("silent", "<Redirect>/other</Redirect>")
    assert ended["complaints"][0].startswith("14106")
    assert ended["status"] == "completed"
    assert 20 < len(caller.application.hits) < 80


def test_https_applications_are_reached_with_their_own_authority(tmp_path: Path):
    certificate = make_certificate(tmp_path)
    tls = server_side(certificate)
    with running_simulator(ca_file=certificate) as trusting, running_application(tls) as application:
        ended = Caller(trusting, make_client(trusting), application).call_to_the_end("silent", "<Say>Hello</Say>")
        assert application.hits_at("/voice")[0].signed
    assert ended["transcript"][-1]["text"] == "Hello"

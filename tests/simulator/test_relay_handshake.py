"""The socket's opening (protocol reference 2.8): TLS, signature, headers, the setup frame."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from tests.simulator.application import Application
from tests.simulator.calling import FROM, Caller, make_client
from tests.simulator.certificates import make_certificate, server_side
from tests.simulator.relay_calling import PEOPLE, SPEED, RelayCalls
from tests.simulator.relay_server import relay_server
from tests.simulator.server import AUTH_TOKEN, running_simulator


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def secure(certificate: Path, application: Application) -> Iterator[RelayCalls]:
    """A network that trusts the server's authority, and takes no plain sockets."""
    options = {"ca_file": certificate, "allow_plain_ws": False, "personas": PEOPLE, "speed": SPEED}
    with running_simulator(**options) as network, relay_server(server_side(certificate)) as server:
        caller = Caller(network, make_client(network), application)
        yield RelayCalls(caller, server)
        caller.end_all()


def test_a_server_with_a_private_certificate_is_reached_when_its_authority_is_trusted(secure: RelayCalls):
    assert secure.server.url.startswith("wss://")
    assert secure.call("quiet").wait_for("setup")["callStatus"] == "IN_PROGRESS"


def test_the_handshake_is_signed_over_exactly_the_url_attribute(secure: RelayCalls):
    headers = secure.call("quiet").headers
    validator, signature = RequestValidator(AUTH_TOKEN), headers["X-Twilio-Signature"]
    assert validator.validate(secure.server.url, {}, signature)
    for other in ("ws", "https", "http"):
        assert not validator.validate(secure.server.url.replace("wss", other), {}, signature)


def test_the_handshake_has_the_headers_that_were_captured(secure: RelayCalls):
    headers = secure.call("quiet").headers
    assert headers["x-amzn-bedrock-agentcore-runtime-custom-twilio-signature"] == headers["X-Twilio-Signature"]
    assert headers["User-Agent"] == "Jetty/11.0.24"
    assert "Sec-WebSocket-Protocol" not in headers


def test_a_plain_socket_is_refused_and_the_complaint_names_the_option(secure: RelayCalls):
    form = secure.fail('url="ws://127.0.0.1:1/ws"')
    assert (form["SessionStatus"], form["ErrorCode"]) == ("failed", "64101")
    assert any("--allow-plain-ws" in complaint for complaint in secure.last_call()["complaints"])


def test_a_certificate_that_nobody_vouches_for_is_no_connection(relay: RelayCalls, certificate: Path):
    with relay_server(server_side(certificate)) as server:
        form = relay.fail(f'url="{server.url}"')
    assert (form["ErrorCode"], form["ErrorMessage"]) == ("64102", "Unable to connect to websocket URL")


def test_setup_tells_the_call_field_by_field(relay: RelayCalls):
    session = relay.call("quiet", inside='<Parameter name="call_id" value="7"/><Parameter name="plan" value=""/>')
    setup = session.wait_for("setup")
    call = relay.last_call()
    assert re.fullmatch(r"VX[0-9a-f]{32}", setup.pop("sessionId"))
    assert list(setup.items()) == [
        ("type", "setup"),
        ("accountSid", relay.caller.simulator.account_sid),
        ("parentCallSid", ""),
        ("callSid", call["sid"]),
        ("from", FROM),
        ("to", call["to"]),
        ("forwardedFrom", ""),
        ("callerName", ""),
        ("direction", "outbound-api"),
        ("callType", "PSTN"),
        ("callStatus", "IN_PROGRESS"),
        ("customParameters", {"call_id": "7", "plan": ""}),
    ]


def test_a_server_that_refuses_the_handshake_is_no_connection(relay: RelayCalls):
    address = relay.caller.application.ws_url
    assert relay.fail(f'url="{address}/nowhere"')["ErrorCode"] == "64102"

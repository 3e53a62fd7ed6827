"""TERM ends the network quietly and at once, whatever its calls are doing."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.handset.clips import ClipStore
from simulator.pace import Pace
from simulator.relay.socket import CONNECT_FAILURES, RelaySocket
from simulator.twilio.call_request import Callback
from simulator.twilio.webhook_client import WebhookClient, WebhookFailed
from tests.simulator.application import Application
from tests.simulator.calling import ALL_EVENTS, FROM, make_client, numbers
from tests.simulator.server import SimulatorHandle, running_simulator

LONGEST_STOP_SECONDS = 5.0
CALLS = 25
SENTENCE = "Le llamo de la clínica para confirmar la cita que tiene el próximo martes por la mañana. " * 6
PROMPT = f'<Say language="es-ES">{SENTENCE}</Say>'
RECORDING = '<Start><Recording recordingStatusCallback="/recorded"/></Start>'
DOCUMENTS = {
    "relay": '<Connect action="/ended"><ConversationRelay url="{ws_url}/relay/talk" welcomeGreeting="'
    + SENTENCE
    + '"/></Connect>',
    "gather": f'<Gather input="speech" action="/ended" partialResultCallback="/partial">{PROMPT}</Gather>',
    "say": RECORDING + PROMPT,
    "record": '<Record action="/ended" recordingStatusCallback="/recorded" timeout="60"/>',
    "dial": '<Dial action="/ended" record="record-from-answer"><Number url="/whisper">+34600999000</Number></Dial>',
    "pauses": '<Pause length="1"/><Redirect/>',
}


@pytest.fixture
def errors(tmp_path: Path) -> Path:
    return tmp_path / "errors"


@pytest.fixture
def network(errors: Path) -> Iterator[SimulatorHandle]:
    with errors.open("w") as file, running_simulator(errors=file, speed=4, calls_per_second=200) as handle:
        yield handle


def call_many(network: SimulatorHandle, application: Application, document: str) -> None:
    """Until they all talk."""
    written = DOCUMENTS[document].replace("{ws_url}", application.ws_url)
    application.documents |= {"/voice": f"<Response>{written}</Response>", "/whisper": "<Response/>"}
    network.pin("+34600999000", "silent")
    twilio, sids = make_client(network), set()
    for _ in range(CALLS):
        number = f"+34{next(numbers)}"
        network.pin(number, "silent")
        urls = {
            name: f"{application.base_url}/{path}" for name, path in (("url", "voice"), ("status_callback", "news"))
        }
        call = twilio.calls.create(to=number, from_=FROM, status_callback_event=ALL_EVENTS, record=True, **urls)
        sids.add(call.sid)
    network.wait_until(lambda: all(network.call(sid)["status"] != "queued" for sid in sids))
    network.wait_until(lambda: sum(call["status"] == "in-progress" for call in network.calls()) >= CALLS // 2)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_network_with_live_calls_stops_at_once_and_says_nothing(
    network: SimulatorHandle, application: Application, errors: Path, document: str
):
    call_many(network, application, document)
    began = time.monotonic()
    network.process.terminate()
    assert network.process.wait(timeout=60) == 0
    assert time.monotonic() - began < LONGEST_STOP_SECONDS
    assert errors.read_text() == ""
    application.reset()


async def test_whoever_still_asks_after_the_end_is_refused_like_after_a_lost_connection():
    client = WebhookClient("token")
    await client.close()
    with pytest.raises(WebhookFailed) as refused:
        await client.send(Callback("http://127.0.0.1:9/voice"), {})
    assert refused.value.code == 11206
    with pytest.raises(WebhookFailed):
        await ClipStore(client).fetch("http://127.0.0.1:9/clip.wav")
    with pytest.raises(CONNECT_FAILURES):
        await RelaySocket(client, Pace(1), "ws://127.0.0.1:9/relay").open()

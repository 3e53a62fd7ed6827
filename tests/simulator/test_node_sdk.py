"""The official Node SDK against the practice network: what works from Python works from JavaScript."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.calling import FROM
from tests.simulator.server import ROOT, SimulatorHandle

PROGRAM = Path(__file__).parent / "node" / "call.mjs"
NUMBER = "+34600424242"


def find_node() -> str:
    """The machine's own, or the one that requirements-dev.txt brings."""
    return shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")


@pytest.fixture(scope="module")
def seen(shared_simulator: SimulatorHandle) -> dict[str, Any]:
    shared_simulator.set_faults()
    shared_simulator.pin(NUMBER, "silent")
    credentials = [shared_simulator.account_sid, shared_simulator.auth_token]
    result = subprocess.run(
        [find_node(), str(PROGRAM), shared_simulator.base_url, *credentials, FROM, NUMBER],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_it_creates_a_call(seen: dict[str, Any]):
    created = seen["created"]
    assert created["sid"].startswith("CA")
    assert (created["status"], created["direction"]) == ("queued", "outbound-api")
    assert created["date"].endswith("Z")


def test_it_lists_the_calls_page_by_page_newest_first(seen: dict[str, Any]):
    assert len(seen["listed"]) == 2
    assert seen["listed"][1] == seen["created"]["sid"]


def test_it_fetches_the_ended_call(seen: dict[str, Any], shared_simulator: SimulatorHandle):
    fetched = seen["fetched"]
    assert (fetched["status"], fetched["to"]) == ("completed", NUMBER)
    assert int(fetched["duration"]) > 0
    assert fetched["uri"].endswith(f"/Calls/{seen['created']['sid']}.json")
    words = shared_simulator.call(seen["created"]["sid"])["transcript"]
    assert words[-1]["text"] == "Hola, ¿qué tal está?"


def test_its_validator_accepts_every_webhook_and_no_altered_one(seen: dict[str, Any]):
    voice = [hit for hit in seen["hits"] if hit["path"].startswith("/voice")]
    assert [(hit["valid"], hit["altered"]) for hit in voice] == [(True, False)]
    news = [hit for hit in seen["hits"] if hit["path"] == "/status"]
    assert {hit["status"] for hit in news} >= {"initiated", "in-progress", "completed"}
    assert {(hit["valid"], hit["altered"]) for hit in news} == {(True, False)}


def test_a_refusal_is_its_rest_exception(seen: dict[str, Any]):
    assert seen["refused"] == {
        "status": 400,
        "code": 21211,
        "message": "The phone number you are attempting to call is not valid.",
        "moreInfo": "https://www.twilio.com/docs/errors/21211",
    }


def test_it_reads_the_price_list(seen: dict[str, Any]):
    assert seen["country"] == "ES"

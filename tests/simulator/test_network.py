from typing import Any

import pytest
import requests

from tests.simulator.application import Application
from tests.simulator.calling import FROM, Caller, make_client
from tests.simulator.server import SPEED, SimulatorHandle, running_simulator


def test_it_identifies_itself_as_a_simulator(simulator: SimulatorHandle):
    assert simulator.identity() == {
        "simulator": True,
        "speed": SPEED,
        "seed": 7,
        "account_sid": simulator.account_sid,
    }


def test_accepted_calls_are_in_the_dial_log(caller: Caller):
    call = caller.call("always-busy", "<Hangup/>")
    assert {"sid": call.sid, "to": call.to} in [
        {"sid": entry["sid"], "to": entry["to"]} for entry in caller.simulator.dial_log()
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"weather": "bad"}),
        ("personas/pin", {"number": "+34600000001", "persona": "nobody"}),
        ("personas/pin", {}),
        ("faults", [1]),
    ],
)
def test_wrong_orders_to_the_network_are_refused_with_a_message(simulator: SimulatorHandle, path: str, body: Any):
    answer = requests.post(f"{simulator.base_url}/simulator/{path}", json=body, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_it_stops_on_term_without_a_trace(application: Application):
    with running_simulator(speed=1) as network:
        application.documents["/voice"] = "<Response><Pause length='100'/></Response>"
        network.pin("+34600000001", "silent")
        make_client(network).calls.create(to="+34600000001", from_=FROM, url=f"{application.base_url}/voice")
        network.process.terminate()
        assert network.process.wait(timeout=60) == 0

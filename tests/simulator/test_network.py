from typing import Any

import pytest
import requests

from tests.simulator.application import Application
from tests.simulator.calling import FROM, Caller, make_client
from tests.simulator.server import SPEED, SimulatorHandle, running_simulator

QUESTION = '<Say language="es-ES">¿Le viene bien el martes por la mañana?</Say>'
# A wait for words that a machine's hesitation does not end.
ASK = '<Response><Gather input="speech dtmf" action="{action}" timeout="60">' + QUESTION + "</Gather></Response>"


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


def test_two_runs_with_one_seed_have_the_same_words_and_outcomes(application: Application):
    def run() -> dict[str, Any]:
        with running_simulator(seed=11, speed=8) as network:
            application.documents["/voice"] = ASK.format(action="/again")
            application.documents["/again"] = ASK.format(action="/end")
            application.documents["/end"] = "<Response><Say>Adiós</Say></Response>"
            client = make_client(network)
            sids = [
                client.calls.create(to=f"+346001234{n:02d}", from_=FROM, url=f"{application.base_url}/voice", timeout=8)
                for n in range(8)
            ]
            caller = Caller(network, client, application)
            ended = [caller.wait_for_end(str(call.sid), seconds=60) for call in sids]
        return {call["to"]: (call["persona"], call["status"], person_words(call)) for call in ended}

    assert run() == run()


def person_words(call: dict[str, Any]) -> list[str]:
    return [line["text"] for line in call["transcript"] if line["speaker"] == "person"]


def test_it_stops_on_term_without_a_trace(application: Application):
    with running_simulator(speed=1) as network:
        application.documents["/voice"] = "<Response><Pause length='100'/></Response>"
        network.pin("+34600000001", "silent")
        make_client(network).calls.create(to="+34600000001", from_=FROM, url=f"{application.base_url}/voice")
        network.process.terminate()
        assert network.process.wait(timeout=60) == 0

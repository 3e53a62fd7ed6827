from pathlib import Path

import pytest
import requests

from simulator.faults import FaultError, Faults, read_faults


def test_a_plain_value_strikes_every_time():
    faults = Faults()
    faults.update({"model_status": 500})
    assert [faults.strikes("model_status") for _ in range(3)] == [True, True, True]


def test_a_fault_can_strike_a_number_of_times():
    faults = Faults()
    faults.update({"model_status": {"value": 500, "times": 2}})
    assert [faults.strikes("model_status") for _ in range(4)] == [True, True, False, False]


def test_a_fault_can_strike_some_numbers_only():
    faults = Faults()
    faults.update({"speech_status": {"value": 503, "numbers": ["+34600000001"]}})
    assert faults.strikes("speech_status", number="+34600000001")
    assert not faults.strikes("speech_status", number="+34600000002")


def test_a_share_of_the_time_is_the_same_share_for_the_same_seed():
    drawn = []
    for _ in range(2):
        faults = Faults(seed=7)
        faults.update({"model_status": {"value": 500, "share": 0.3}})
        drawn.append([faults.strikes("model_status") for _ in range(1000)])
    assert drawn[0] == drawn[1]
    assert 250 < sum(drawn[0]) < 350


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gremlins": 1}, "unknown fault: gremlins"),
        ({"model_status": "soon"}, "is not what this fault takes"),
        ({"calls_api_hangs": "sometimes"}, "is not what this fault takes"),
        ({"model_status": {"value": 500, "share": 2}}, "share is a number from 0 to 1"),
        ({"model_status": {"value": 500, "times": "often"}}, "times is a whole number"),
        ({"model_status": {"value": 500, "when": "noon"}}, "a fault's table holds"),
    ],
)
def test_what_cannot_be_a_fault_is_refused_and_nothing_changes(changes, words):
    faults = Faults()
    with pytest.raises(FaultError, match=words):
        faults.update({"model_delay_ms": 5, **changes})
    assert faults.body() == Faults().body()


def test_faults_are_read_from_a_file(tmp_path: Path):
    path = tmp_path / "bad-day.toml"
    path.write_text(
        'model_delay_ms = 900\nspeech_status = { value = 429, times = 1 }\nfail_calls_with = { "+346" = 21211 }\n'
    )
    faults = Faults()
    faults.update(read_faults(path))
    assert faults.body()["model_delay_ms"] == 900
    assert faults.body()["speech_status"] == {"value": 429, "share": 1.0, "times": 1, "numbers": ()}
    assert faults.fail_calls_with == {"+346": 21211}


def test_a_file_that_is_no_toml_is_named(tmp_path: Path):
    path = tmp_path / "bad-day.toml"
    path.write_text("= 5")
    with pytest.raises(FaultError, match=r"bad-day\.toml"):
        read_faults(path)


def test_faults_are_changed_shown_and_cleared_at_run_time(simulator):
    shown = simulator.post("faults", {"model_status": {"value": 500, "times": 2}})
    assert shown["model_status"] == {"value": 500, "share": 1.0, "times": 2, "numbers": []}
    assert simulator.get("faults") == shown
    assert simulator.post("faults", {})["model_status"] == 0


def test_a_wrong_fault_is_refused_with_the_names_of_all(simulator):
    answer = requests.post(f"{simulator.base_url}/simulator/faults", json={"gremlins": 1}, timeout=10)
    assert answer.status_code == 400
    assert "drop_status_callbacks" in answer.json()["error"]

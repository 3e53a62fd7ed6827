"""News of a call's progress, field by field and in the disorder in which Twilio delivers them."""

import re
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest

from tests.simulator.application import Application, Form
from tests.simulator.calling import Caller, make_client
from tests.simulator.server import running_simulator
from tests.simulator.test_webhooks import VOICE_FIELDS

PROGRESS = VOICE_FIELDS | {"Timestamp", "CallbackSource", "SequenceNumber"}
FINAL = PROGRESS | {"CallDuration", "Duration", "SipResponseCode"}
ORDERLY = {"swap_status_callbacks": 0, "duplicate_status_callbacks": 0, "skip_ringing": 0}


def news_of(caller: Caller, sid: str, count: int = 4) -> list[Form]:
    """In the order of arrival."""

    def arrived() -> list[Form]:
        return [hit.form for hit in caller.application.hits_at("/status") if hit.form["CallSid"] == sid]

    caller.simulator.wait_until(lambda: len(arrived()) >= count)
    return arrived()


def by_status(news: list[Form]) -> dict[str, Form]:
    return {form["CallStatus"]: form for form in news}


def test_every_event_has_exactly_its_fields(caller: Caller):
    caller.simulator.set_faults(**ORDERLY)
    ended = caller.call_to_the_end("silent", '<Pause length="70"/>')
    news = by_status(news_of(caller, ended["sid"]))
    assert {status: set(form) for status, form in news.items()} == {
        "initiated": PROGRESS,
        "ringing": PROGRESS | {"StirStatus"},
        "in-progress": PROGRESS | {"StirStatus"},
        "completed": FINAL,
    }
    assert [news[status]["SequenceNumber"] for status in news] == ["0", "1", "2", "3"]
    assert {form["CallbackSource"] for form in news.values()} == {"call-progress-events"}
    assert all(hit.signed for hit in caller.application.hits_at("/status"))


def test_call_duration_counts_seconds_and_duration_started_minutes(caller: Caller):
    ended = caller.call_to_the_end("silent", '<Pause length="70"/>', status_callback_event=["completed"])
    (form, *_) = news_of(caller, ended["sid"], 1)
    assert int(form["CallDuration"]) == ended["duration_seconds"] >= 60
    assert form["Duration"] == str(-(-ended["duration_seconds"] // 60))
    assert form["SipResponseCode"] == "200"


def test_timestamps_are_in_the_form_of_mail_headers_and_rise(caller: Caller):
    caller.simulator.set_faults(**ORDERLY)
    ended = caller.call_to_the_end("silent", "<Hangup/>")
    news = sorted(news_of(caller, ended["sid"]), key=lambda form: int(form["SequenceNumber"]))
    times = [form["Timestamp"] for form in news]
    assert all(re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", text) for text in times)
    assert all(parsedate_to_datetime(one) <= parsedate_to_datetime(two) for one, two in pairwise(times))


@pytest.mark.parametrize(
    ("persona", "status", "code"),
    [("always-busy", "busy", "486"), ("no-answer", "no-answer", "480"), ("unreachable", "failed", "404")],
)
def test_subscribed_only_to_completed_every_final_state_arrives(caller: Caller, persona: str, status: str, code: str):
    ended = caller.call_to_the_end(persona, "<Hangup/>", status_callback_event=["completed"], timeout=5)
    (form, *_) = news_of(caller, ended["sid"], 1)
    assert (form["CallStatus"], form["SipResponseCode"], form["CallDuration"]) == (status, code, "0")
    assert set(form) == FINAL


def test_a_cancelled_call_tells_487(caller: Caller):
    call = caller.call("no-answer", "<Hangup/>", status_callback_event=["completed"])
    caller.simulator.wait_until(lambda: caller.simulator.call(str(call.sid))["status"] == "ringing")
    caller.twilio.calls(str(call.sid)).update(status="canceled")
    (form, *_) = news_of(caller, str(call.sid), 1)
    assert (form["CallStatus"], form["SipResponseCode"]) == ("canceled", "487")


def test_a_call_cancelled_in_the_queue_was_never_initiated(application: Application):
    with running_simulator(speed=1, calls_per_second=0.1) as slow:
        caller = Caller(slow, make_client(slow), application)
        caller.call("no-answer", "<Hangup/>", status_callback=None)
        waiting = str(caller.call("no-answer", "<Hangup/>").sid)
        slow.set_faults(**ORDERLY)
        caller.twilio.calls(waiting).update(status="canceled")
        (form,) = news_of(caller, waiting, 1)
    assert (form["CallStatus"], form["SequenceNumber"]) == ("canceled", "0")


def test_swapped_events_arrive_in_pairs_the_wrong_way_round(caller: Caller):
    caller.simulator.set_faults(**ORDERLY | {"swap_status_callbacks": {"value": 1, "times": 1}})
    ended = caller.call_to_the_end("silent", "<Hangup/>")
    arrived = [form["SequenceNumber"] for form in news_of(caller, ended["sid"])]
    assert arrived.index("1") < arrived.index("0")
    assert sorted(arrived) == ["0", "1", "2", "3"]


def test_an_event_without_a_close_successor_is_told_all_the_same(caller: Caller):
    caller.simulator.set_faults(**ORDERLY | {"swap_status_callbacks": 1})
    call = caller.call("silent", '<Pause length="60"/>')
    caller.simulator.wait_until(lambda: "in-progress" in caller.statuses(str(call.sid)))
    assert caller.simulator.call(str(call.sid))["status"] == "in-progress"
    assert sorted(form["SequenceNumber"] for form in news_of(caller, str(call.sid), 3)) == ["0", "1", "2"]


def test_ringing_can_be_skipped_when_the_answer_is_fast(caller: Caller):
    caller.simulator.set_faults(**ORDERLY | {"skip_ringing": 1})

    def statuses(persona: str) -> set[str]:
        ended = caller.call_to_the_end(persona, "<Hangup/>", timeout=5)
        caller.simulator.wait_until(lambda: ended["status"] in caller.statuses(ended["sid"]))
        return set(caller.statuses(ended["sid"]))

    assert statuses("always-busy") == {"initiated", "ringing", "busy"}
    assert {"initiated", "in-progress", "completed"} in (statuses("silent") for _ in range(40))


def test_very_late_news_can_be_one_in_many(caller: Caller):
    caller.simulator.set_faults(**ORDERLY | {"late_status_callbacks_ms": {"value": 20_000, "times": 1}})
    ended = caller.call_to_the_end("silent", '<Pause length="5"/>')
    arrived = [form["CallStatus"] for form in news_of(caller, ended["sid"])]
    assert arrived[-1] == "initiated"


def test_a_refused_callback_is_noted_and_not_repeated(caller: Caller):
    caller.simulator.set_faults(**ORDERLY)
    caller.application.statuses["/status"] = 500
    ended = caller.call_to_the_end("silent", "<Hangup/>", status_callback_event=["completed"])
    caller.simulator.wait_until(lambda: caller.simulator.call(ended["sid"])["complaints"])
    assert caller.simulator.call(ended["sid"])["complaints"][0].startswith("15003")
    assert len(news_of(caller, ended["sid"], 1)) == 1


def test_the_recording_asked_for_by_rest_is_told_of_at_the_end(caller: Caller):
    caller.simulator.set_faults(**ORDERLY)
    ended = caller.call_to_the_end("silent", "<Say>Hello</Say>", record=True, status_callback_event=["completed"])
    (form, *_) = news_of(caller, ended["sid"], 1)
    assert set(form) == FINAL | {"RecordingUrl", "RecordingSid", "RecordingDuration"}
    assert form["RecordingUrl"].endswith(f"/Recordings/{form['RecordingSid']}")
    assert abs(int(form["RecordingDuration"]) - ended["duration_seconds"]) <= 2


def test_what_detection_found_is_told_at_the_end(caller: Caller):
    caller.simulator.set_faults(**ORDERLY)
    ended = caller.call_to_the_end("silent", "<Hangup/>", machine_detection="Enable")
    news = by_status(news_of(caller, ended["sid"]))
    assert news["completed"]["AnsweredBy"] == ended["answered_by"]
    assert set(news["completed"]) == FINAL | {"AnsweredBy"}

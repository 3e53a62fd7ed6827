"""Lengths, events and evidence in words."""

import pytest

from calls.models import CallEvent
from calls.templatetags.call_words import clock_length
from calls.words import describe_event, describe_evidence, describe_reason


@pytest.mark.parametrize(("seconds", "shown"), [(None, ""), (0, ""), (7, "0:07"), (125, "2:05"), (3600, "60:00")])
def test_a_length_reads_as_on_a_clock_and_no_conversation_has_none(seconds, shown):
    assert clock_length(seconds) == shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "moved", "to_status": "completed"}, "Completed"),
        ({"kind": "disposition", "data": {"disposition": "completed"}}, "Outcome: Questions answered"),
        ({"kind": "answered_by", "data": {"answered_by": "voicemail"}}, "Answered by: Voicemail"),
        ({"kind": "recording_stored", "data": {"recording": "RE1"}}, "The recording was stored"),
        ({"kind": "something_new"}, "Something new"),
    ],
)
def test_an_event_says_what_happened(fields, words):
    assert describe_event(CallEvent(**fields)) == words


def test_a_refusal_of_the_carrier_is_told_in_the_words_for_its_code():
    event = CallEvent(kind="carrier_refused", data={"code": "21211"})
    assert describe_reason(event) not in ("", "21211")


def test_days_of_the_same_hours_stand_together():
    windows = {"0": [["10:00", "14:00"]], "1": [["10:00", "14:00"]], "5": [["11:00", "13:00"]], "6": []}
    [(_label, words)] = describe_evidence({"windows": windows})
    assert words == "Mon, Tue 10:00–14:00; Sat 11:00–13:00"


def test_a_practice_campaign_is_open_at_any_hour():
    [(_label, words)] = describe_evidence({"windows": {}, "is_always_open": True})
    assert words == "any hour (practice only)"

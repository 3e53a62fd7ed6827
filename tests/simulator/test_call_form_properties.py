"""Whatever a client sends, Twilio answers: with a call that keeps to the limits, or with a refusal that it knows."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from simulator.twilio.call_form import read_call_request, redirect_target
from simulator.twilio.call_record import CallRecord, formatted
from simulator.twilio.errors import MESSAGES, TwilioError
from simulator.twilio.listing import filter_calls, page_body

NAMES = st.sampled_from(
    [
        "To",
        "From",
        "Url",
        "Method",
        "FallbackUrl",
        "FallbackMethod",
        "Twiml",
        "ApplicationSid",
        "StatusCallback",
        "StatusCallbackMethod",
        "StatusCallbackEvent",
        "Timeout",
        "TimeLimit",
        "SendDigits",
        "Record",
        "RecordingChannels",
        "RecordingStatusCallback",
        "Trim",
        "MachineDetection",
        "MachineDetectionTimeout",
        "AsyncAmd",
        "CallerId",
    ]
)
LIKELY = st.sampled_from(
    [
        "+34600000000",
        "http://127.0.0.1/x",
        "http://[",
        "http://a:b/",
        "//",
        "GET",
        "true",
        "30",
        "²",
        "Enable",
        "mono",
        "",
    ]
)
FORMS = st.lists(st.tuples(NAMES, LIKELY | st.text(max_size=40)), max_size=14)


def refusal(act: Callable[[], object]) -> int | None:
    try:
        act()
    except TwilioError as refused:
        return refused.code
    return None


@given(pairs=FORMS)
def test_any_form_is_a_call_within_the_limits_or_a_refusal_of_the_dictionary(pairs: list[tuple[str, str]]):
    form = MultiDict([*pairs, ("To", "+34600000000"), ("From", "+34910000000"), ("Url", "http://127.0.0.1/voice")])
    code = refusal(lambda: read_call_request(form, {}))
    assert code is None or code in MESSAGES
    if code is None:
        request = read_call_request(form, {})
        assert 1 <= request.ring_seconds <= 600
        assert len(request.send_digits) <= 32
        assert 3 <= request.detection_timeout_seconds <= 59
        assert (request.voice is None) != (request.twiml == "")
        assert not (request.send_digits and request.detection)


@given(pairs=FORMS)
def test_any_update_is_a_target_or_a_refusal(pairs: list[tuple[str, str]]):
    code = refusal(lambda: redirect_target(MultiDict(pairs)))
    assert code is None or code in MESSAGES


@given(count=st.integers(0, 40), size=st.integers(1, 12), born=st.integers(0, 6))
def test_pages_show_every_row_once_whatever_is_added_meanwhile(count: int, size: int, born: int):
    rows = [{"sid": f"CA{number}"} for number in range(count)]
    seen, query = [], {"PageSize": str(size)}
    while True:
        body = page_body("calls", rows, MultiDict(query), "/Calls.json")
        seen += [row["sid"] for row in body["calls"]]
        if body["next_page_uri"] is None:
            break
        query = dict(pair.split("=") for pair in body["next_page_uri"].partition("?")[2].split("&"))
        rows = [{"sid": f"new{len(rows)}-{number}"} for number in range(born)] + rows
    assert seen == [f"CA{number}" for number in range(count)]


@given(count=st.integers(0, 40), size=st.integers(1, 12))
def test_rows_without_a_sid_are_paged_by_counting(count: int, size: int):
    seen, query, rows = [], {"PageSize": str(size)}, [{"prefix": number} for number in range(count)]
    while query and len(seen) <= count:
        body = page_body("content", rows, MultiDict(query), "/Countries")
        seen += [row["prefix"] for row in body["content"]]
        query = dict(pair.split("=") for pair in (body["next_page_uri"] or "").partition("?")[2].split("&") if pair)
    assert seen == list(range(count))


@pytest.mark.parametrize("name", ["StartTime", "StartTime<", "EndTime>", "Page", "PageSize", "PageToken"])
@given(text=st.text(min_size=1, max_size=30))
def test_any_question_about_calls_has_an_answer_or_a_refusal(name: str, text: str):
    calls, query = [CallRecord("AC1", "+34600000000", "+34910000000", "busy", 1)], MultiDict({name: text})
    code = refusal(lambda: page_body("calls", filter_calls(calls, query), query, "/Calls.json", vars))
    assert code is None or code in MESSAGES


@given(number=st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_only_north_american_numbers_are_formatted_and_lose_no_digit(number: str):
    shown = formatted(number)
    assert shown == number or (number.startswith("+1") and "1" + "".join(filter(str.isdigit, shown)) == number[1:])

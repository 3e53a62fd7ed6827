"""What a developer looks at when a call went astray: its webhooks, notifications and alerts."""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.calling import Caller


@pytest.fixture
def monitor(caller: Caller) -> Client:
    caller.twilio.monitor.base_url = caller.simulator.base_url
    return caller.twilio


def broken_call(caller: Caller) -> str:
    caller.application.statuses["/broken"] = 500
    caller.application.documents["/broken"] = "Out of order"
    return str(caller.call_to_the_end("silent", url=f"{caller.application.base_url}/broken")["sid"])


def told_statuses(caller: Caller, sid: str) -> set[str]:
    events = caller.twilio.calls(sid).events.list()
    return {
        event.request["parameters"].get("CallStatus") for event in events if event.request["url"].endswith("/status")
    }


def test_every_webhook_of_a_call_is_listed_with_its_answer(caller: Caller):
    sid = caller.call_to_the_end("silent", "<Say>Hello</Say>")["sid"]
    caller.simulator.wait_until(lambda: {"in-progress", "completed"} <= told_statuses(caller, sid))
    events = caller.twilio.calls(sid).events.list()
    (voice,) = [event for event in events if event.request["url"].endswith("/voice")]
    assert set(voice.request) == {"method", "url", "parameters"}
    assert (voice.request["method"], voice.request["parameters"]["CallSid"]) == ("POST", sid)
    assert voice.response["response_code"] == 200
    assert voice.response["response_body"] == "<Response><Say>Hello</Say></Response>"
    assert voice.response["content_type"].startswith("text/xml")
    assert voice.response["request_duration"] >= 0
    assert {event.request["method"] for event in events} == {"POST"}


def test_events_come_in_pages(caller: Caller):
    sid = caller.call_to_the_end("silent", "<Say>Hello</Say>")["sid"]
    caller.simulator.wait_until(lambda: len(caller.twilio.calls(sid).events.list()) >= 4)
    assert len(caller.twilio.calls(sid).events.list(page_size=1)) >= 4


def test_a_webhook_without_an_answer_is_an_event_with_the_error(caller: Caller):
    sid = caller.call_to_the_end("silent", url="http://127.0.0.1:9/nobody")["sid"]
    events = caller.twilio.calls(sid).events.list()
    (voice,) = [event for event in events if event.request["url"].endswith("/nobody")]
    assert (voice.response["response_code"], voice.response["error_code"]) == (None, 11205)


def test_a_failed_webhook_is_a_notification_of_its_call(caller: Caller):
    sid = broken_call(caller)
    (notice,) = caller.twilio.calls(sid).notifications.list(log=0)
    assert (notice.call_sid, notice.error_code, notice.log) == (sid, "11200", "0")
    assert notice.more_info == "https://www.twilio.com/docs/errors/11200"
    assert (notice.request_method, notice.request_url) == ("POST", f"{caller.application.base_url}/broken")
    whole = caller.twilio.api.v2010.account.notifications(notice.sid).fetch()
    assert whole.response_body == "Out of order"
    assert f"CallSid={sid}" in whole.request_variables


def test_a_failed_webhook_is_an_alert_of_the_account(caller: Caller, monitor: Client):
    sid = broken_call(caller)
    found = [alert for alert in monitor.monitor.v1.alerts.list(log_level="error") if alert.resource_sid == sid]
    assert [alert.error_code for alert in found] == ["11200"]
    assert "ErrorCode=11200" in found[0].alert_text
    assert monitor.monitor.v1.alerts(found[0].sid).fetch().response_body == "Out of order"
    assert found[0].date_created <= datetime.now(UTC)


def test_warnings_of_a_new_call_are_alerts_too(caller: Caller, monitor: Client):
    caller.call("always-busy", "<Hangup/>", machine_detection="Enable", async_amd="true")
    warnings = monitor.monitor.v1.alerts.list(log_level="warning")
    assert "21262" in [alert.error_code for alert in warnings]
    assert {alert.log_level for alert in warnings} == {"warning"}


def test_alerts_are_asked_for_by_period(caller: Caller, monitor: Client):
    broken_call(caller)
    hour = timedelta(hours=1)
    assert monitor.monitor.v1.alerts.list(start_date=datetime.now(UTC) - hour, limit=1)
    assert monitor.monitor.v1.alerts.list(end_date=datetime.now(UTC) - hour) == []


def test_an_alert_that_does_not_exist_is_not_found(monitor: Client):
    with pytest.raises(TwilioRestException) as unknown:
        monitor.monitor.v1.alerts("NO" + "0" * 32).fetch()
    assert (unknown.value.status, unknown.value.code) == (404, 20404)

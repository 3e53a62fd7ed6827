import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.simulator.calling import FROM, Caller, make_client
from tests.simulator.server import SimulatorHandle, running_simulator

FIELDS = {
    "sid",
    "account_sid",
    "parent_call_sid",
    "phone_number_sid",
    "api_version",
    "to",
    "to_formatted",
    "from",
    "from_formatted",
    "direction",
    "status",
    "answered_by",
    "start_time",
    "end_time",
    "duration",
    "price",
    "price_unit",
    "caller_name",
    "forwarded_from",
    "group_sid",
    "trunk_sid",
    "queue_time",
    "date_created",
    "date_updated",
    "uri",
    "subresource_uris",
}


def test_a_new_call_has_every_field_of_the_resource(caller: Caller):
    call = caller.call("silent", "<Hangup/>")
    body = requests.get(
        f"{caller.simulator.base_url}/2010-04-01/Accounts/{caller.simulator.account_sid}/Calls/{call.sid}.json",
        auth=(caller.simulator.account_sid, caller.simulator.auth_token),
        timeout=60,
    ).json()
    assert set(body) == FIELDS
    assert call._from == FROM
    assert call.status == "queued"
    assert call.direction == "outbound-api"
    assert call.date_created.tzinfo is not None


def test_a_wrong_token_is_refused_with_20003(simulator: SimulatorHandle):
    client = Client(simulator.account_sid, "wrong", http_client=TwilioHttpClient(timeout=60))
    client.api.base_url = simulator.base_url
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to="+34600000000", from_=FROM, url="http://127.0.0.1/voice")
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "600123456"}, 21211),
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"from_": "911"}, 21212),
        ({"url": "ftp://example.com/voice"}, 21205),
        ({"url": "/voice"}, 21205),
        ({"url": "http://127.0.0.1/voice", "method": "PUT"}, 21209),
        ({"url": "http://127.0.0.1/voice", "timeout": "soon"}, 21208),
        ({"url": "http://127.0.0.1/voice", "machine_detection": "Maybe"}, 21263),
    ],
)
def test_a_bad_request_is_refused_with_the_code_of_the_dictionary(twilio: Client, changes: dict, code: int):
    wanted = {"to": "+34600000000", "from_": FROM, "url": "http://127.0.0.1/voice"} | changes
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(**wanted)
    assert refused.value.code == code


def test_a_number_refused_on_purpose_places_no_call(caller: Caller):
    caller.simulator.set_faults(fail_calls_with={"+34600999999": 21215})
    before = len(caller.simulator.dial_log())
    with pytest.raises(TwilioRestException) as refused:
        caller.call("", "<Hangup/>", number="+34600999999")
    assert refused.value.code == 21215
    assert len(caller.simulator.dial_log()) == before


def test_a_call_unknown_to_the_network_is_not_found(twilio: Client):
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_queued_or_ringing_call_can_be_canceled(caller: Caller):
    call = caller.call("no-answer", "<Hangup/>")
    caller.twilio.calls(call.sid).update(status="canceled")
    ended = caller.wait_for_end(call.sid)
    assert ended["status"] == "canceled"
    assert caller.application.hits_at("/voice") == []


def test_completed_hangs_up_a_call_in_progress(caller: Caller):
    call = caller.call("cooperative", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    caller.twilio.calls(call.sid).update(status="completed")
    ended = caller.wait_for_end(call.sid)
    assert (ended["status"], ended["ended_by"]) == ("completed", "rest")


def test_ending_or_redirecting_an_ended_call_is_21220(caller: Caller):
    sid = caller.call_to_the_end("always-busy", "<Hangup/>")["sid"]
    for change in ({"status": "completed"}, {"twiml": "<Response/>"}):
        with pytest.raises(TwilioRestException) as refused:
            caller.twilio.calls(sid).update(**change)
        assert refused.value.code == 21220


def test_a_live_call_is_redirected_to_another_document(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    caller.application.documents["/elsewhere"] = "<Response><Say>Goodbye then</Say></Response>"
    caller.twilio.calls(call.sid).update(url=f"{caller.application.base_url}/elsewhere", method="POST")
    ended = caller.wait_for_end(call.sid)
    assert ended["transcript"][-1]["text"] == "Goodbye then"
    assert caller.application.hits_at("/elsewhere")[0].signed


def test_a_live_call_is_redirected_to_inline_twiml(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    caller.twilio.calls(call.sid).update(twiml="<Response><Say>Over</Say><Hangup/></Response>")
    assert caller.wait_for_end(call.sid)["transcript"][-1]["text"] == "Over"


def test_a_finished_call_can_be_deleted_and_a_live_one_cannot(caller: Caller):
    call = caller.call("cooperative", '<Pause length="300"/>')
    with pytest.raises(TwilioRestException) as refused:
        caller.twilio.calls(call.sid).delete()
    assert refused.value.code == 20009
    caller.twilio.calls(call.sid).update(status="completed")
    caller.wait_for_end(call.sid)
    assert caller.twilio.calls(call.sid).delete()
    with pytest.raises(TwilioRestException):
        caller.twilio.calls(call.sid).fetch()


def test_lists_are_filtered_and_paged_to_the_last_call(caller: Caller):
    number = "+34600555111"
    sids = [caller.call("always-busy", "<Hangup/>", number=number).sid for _ in range(5)]
    for sid in sids:
        caller.wait_for_end(sid)
    found = caller.twilio.calls.list(to=number, page_size=2)
    assert [call.sid for call in found] == sids[::-1]
    assert caller.twilio.calls.list(to=number, status="completed") == []
    started = found[0].date_created
    assert len(caller.twilio.calls.list(to=number, start_time_after=started.replace(year=2020))) == 5
    assert caller.twilio.calls.list(to=number, start_time_before=started.replace(year=2020)) == []


def test_a_list_with_a_bad_filter_fails_as_the_sdk_expects_even_without_calls():
    with running_simulator() as empty, pytest.raises(TwilioException):
        make_client(empty).calls.list(start_time="yesterday")


def test_faster_posts_wait_in_the_queue_at_the_accounts_rate():
    with running_simulator(speed=1, calls_per_second=2) as slow:
        client = make_client(slow)
        waits = [
            int(client.calls.create(to=f"+3460000000{n}", from_=FROM, url="http://127.0.0.1:9/x").queue_time)
            for n in range(4)
        ]
    assert waits[0] == 0
    assert [round(wait / 500) for wait in waits] == [0, 1, 2, 3]


def test_calls_above_the_concurrency_limit_are_refused_with_10004():
    with running_simulator(max_concurrent=1, speed=1) as small:
        client = make_client(small)
        client.calls.create(to="+34600000001", from_=FROM, url="http://127.0.0.1:9/x")
        with pytest.raises(TwilioRestException) as refused:
            client.calls.create(to="+34600000002", from_=FROM, url="http://127.0.0.1:9/x")
    assert (refused.value.code, refused.value.status) == (10004, 429)


def test_the_price_is_unknown_at_first_and_negative_later():
    with running_simulator(speed=200) as fast:
        client = make_client(fast)
        fast.pin("+34600000001", "silent")
        call = client.calls.create(to="+34600000001", from_=FROM, twiml="<Response><Pause length='5'/></Response>")
        fast.wait_until(lambda: fast.call(call.sid)["status"] == "completed")
        assert client.calls(call.sid).fetch().price is None
        price = fast.wait_until(lambda: client.calls(call.sid).fetch().price)
        assert price == "-0.04860"
        assert float(client.balance.fetch().balance) < 500


def test_the_account_is_active_and_owns_numbers(twilio: Client, simulator: SimulatorHandle):
    account = twilio.api.accounts(simulator.account_sid).fetch()
    assert (account.status, account.type) == ("active", "Full")
    assert FROM in [number.phone_number for number in twilio.incoming_phone_numbers.list()]


def test_canceled_leaves_an_answered_call_alone(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    assert caller.twilio.calls(call.sid).update(status="canceled").status == "in-progress"


def test_an_ended_call_answers_the_update_with_its_final_status(caller: Caller):
    call = caller.call("no-answer", "<Hangup/>")
    assert caller.twilio.calls(call.sid).update(status="canceled").status == "canceled"
    assert caller.wait_for_end(str(call.sid))["ended_by"] == "rest"


def test_a_redirect_takes_either_an_address_or_a_document(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    with pytest.raises(TwilioRestException) as both:
        caller.twilio.calls(call.sid).update(url="http://127.0.0.1/voice", twiml="<Response/>")
    assert both.value.code == 20422
    with pytest.raises(TwilioRestException) as none:
        caller.twilio.calls(call.sid).update()
    assert none.value.code == 21205


def test_a_call_that_is_not_in_progress_cannot_be_redirected(caller: Caller):
    call = caller.call("no-answer", "<Hangup/>")
    with pytest.raises(TwilioRestException) as refused:
        caller.twilio.calls(call.sid).update(twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_redirect_that_fails_asks_its_fallback(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    caller.application.statuses["/broken"] = 500
    caller.application.documents |= {"/broken": "no", "/spare": "<Response><Say>Spare words</Say></Response>"}
    base = caller.application.base_url
    caller.twilio.calls(call.sid).update(url=f"{base}/broken", fallback_url=f"{base}/spare", fallback_method="GET")
    spare = caller.application.wait_for_hit("/spare")
    assert spare.method == "GET"
    assert caller.wait_for_end(str(call.sid))["transcript"][-1]["text"] == "Spare words"


def test_a_live_call_gets_a_time_limit(caller: Caller):
    call = caller.call("silent", '<Pause length="3000"/>')
    caller.application.wait_for_hit("/voice")
    caller.twilio.calls(call.sid).update(time_limit=20)
    ended = caller.wait_for_end(str(call.sid))
    assert ended["ended_by"] == "time-limit"
    assert 19 <= ended["duration_seconds"] < 60


def test_the_news_of_a_live_call_can_be_sent_elsewhere(caller: Caller):
    call = caller.call("silent", '<Pause length="300"/>')
    caller.application.wait_for_hit("/voice")
    caller.twilio.calls(call.sid).update(status_callback=f"{caller.application.base_url}/other-status")
    caller.twilio.calls(call.sid).update(status="completed")
    assert caller.application.wait_for_hit("/other-status").form["CallStatus"] == "completed"
    assert "completed" not in caller.statuses(str(call.sid))


def test_what_a_live_call_may_change_an_ended_one_may_not(caller: Caller):
    sid = caller.call_to_the_end("always-busy", "<Hangup/>")["sid"]
    for change in ({"time_limit": 30}, {"status_callback": "http://127.0.0.1/status"}):
        with pytest.raises(TwilioRestException) as refused:
            caller.twilio.calls(sid).update(**change)
        assert refused.value.code == 21220


def test_a_queued_call_that_is_canceled_lets_the_others_move_up():
    with running_simulator(speed=1, calls_per_second=0.5) as slow:
        client = make_client(slow)
        slow.pin("+34600000001", "no-answer")
        calls = [client.calls.create(to="+34600000001", from_=FROM, url="http://127.0.0.1:9/x") for _ in range(4)]
        assert [call.queue_time for call in calls] == ["0", "2000", "4000", "6000"]
        assert client.calls(calls[1].sid).update(status="canceled").status == "canceled"
        later = client.calls.create(to="+34600000001", from_=FROM, url="http://127.0.0.1:9/x")
        assert later.queue_time in ("4000", "6000")


def test_more_than_a_day_of_queued_calls_is_refused_with_22005():
    with running_simulator(speed=1, calls_per_second=0.00001) as slow:
        client = make_client(slow)
        client.calls.create(to="+34600000001", from_=FROM, url="http://127.0.0.1:9/x")
        with pytest.raises(TwilioRestException) as refused:
            client.calls.create(to="+34600000002", from_=FROM, url="http://127.0.0.1:9/x")
    assert (refused.value.code, refused.value.status) == (22005, 400)

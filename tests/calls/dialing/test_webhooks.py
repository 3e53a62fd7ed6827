import pytest

from calls.addresses import webhook_url
from calls.models import AnsweredBy, CallEvent, CallStatus, Recording, RecordingStatus, WebhookReceipt
from calls.signatures import call_secret
from tests.calls.webhooks import FOREIGN_ACCOUNT, carrier_form, post_webhook
from tests.factories import make_call

pytestmark = pytest.mark.django_db
RINGING = {"CallStatus": "ringing", "SequenceNumber": "1"}
COMPLETED = {"CallStatus": "completed", "CallDuration": "42", "Duration": "1"}


@pytest.fixture
def call():
    return make_call(status=CallStatus.DIALING, carrier_sid="CA" + "1" * 32)


def is_untouched(call) -> bool:
    call.refresh_from_db()
    return call.status == CallStatus.DIALING and not WebhookReceipt.objects.exists()


def test_signed_news_moves_the_call(client, call):
    answer = post_webhook(client, call, "status", RINGING)
    call.refresh_from_db()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml")
    assert call.status == CallStatus.RINGING


def test_unsigned_news_is_refused(client, call):
    answer = client.post(webhook_url(call.pk, "status"), carrier_form(call, **RINGING))
    assert answer.status_code == 403
    assert is_untouched(call)


def test_wrongly_signed_news_is_refused(client, call):
    assert post_webhook(client, call, "status", RINGING, token="another token").status_code == 403
    assert is_untouched(call)


def test_news_that_was_changed_on_the_way_is_refused(client, call):
    url = webhook_url(call.pk, "status")
    signature = post_webhook(client, call, "status", RINGING).wsgi_request.headers["X-Twilio-Signature"]
    changed = carrier_form(call, **COMPLETED)
    assert client.post(url, changed, headers={"X-Twilio-Signature": signature}).status_code == 403


def test_a_foreign_account_is_refused(client, call):
    assert post_webhook(client, call, "status", RINGING | {"AccountSid": FOREIGN_ACCOUNT}).status_code == 403
    assert is_untouched(call)


def test_another_calls_secret_is_refused(client, call):
    other = make_call(carrier_sid="CA" + "2" * 32)
    url = webhook_url(call.pk, "status").replace(call_secret(call.pk), call_secret(other.pk))
    assert post_webhook(client, call, "status", RINGING, url=url).status_code == 403
    assert is_untouched(call)


def test_another_calls_id_at_the_carrier_is_refused(client, call):
    other = make_call(carrier_sid="CA" + "2" * 32)
    assert post_webhook(client, call, "status", RINGING | {"CallSid": other.carrier_sid}).status_code == 403
    assert is_untouched(call)


def test_the_carriers_addresses_take_posts_only(client, call):
    assert client.get(webhook_url(call.pk, "status")).status_code == 405


def test_the_first_news_tells_under_which_id_the_carrier_knows_the_call(client):
    call = make_call(status=CallStatus.DIALING)
    post_webhook(client, call, "status", RINGING | {"CallSid": "CA" + "3" * 32})
    call.refresh_from_db()
    assert call.carrier_sid == "CA" + "3" * 32


def test_a_repeat_is_answered_as_the_first_time_and_changes_nothing(client, call):
    first = post_webhook(client, call, "status", COMPLETED)
    events = CallEvent.objects.count()
    second = post_webhook(client, call, "status", COMPLETED)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert CallEvent.objects.count() == events
    assert WebhookReceipt.objects.count() == 1


def test_late_news_is_harmless(client, call):
    post_webhook(client, call, "status", COMPLETED)
    assert post_webhook(client, call, "status", RINGING).status_code == 200
    call.refresh_from_db()
    assert (call.status, call.duration_seconds) == (CallStatus.COMPLETED, 42)


@pytest.mark.parametrize("form", [{}, {"CallStatus": "dancing"}, {"CallStatus": "\0"}, {"CallStatus": "x" * 5000}])
def test_malformed_news_is_answered_and_changes_nothing(client, call, form):
    assert post_webhook(client, call, "status", form).status_code == 200
    call.refresh_from_db()
    assert call.status == CallStatus.DIALING


@pytest.mark.parametrize("duration", ["", "-1", "many", "9" * 40, "٤٢"])
def test_a_senseless_duration_is_left_out(client, call, duration):
    assert post_webhook(client, call, "status", COMPLETED | {"CallDuration": duration}).status_code == 200
    call.refresh_from_db()
    assert (call.status, call.duration_seconds) == (CallStatus.COMPLETED, None)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("human", AnsweredBy.HUMAN), ("machine_end_beep", AnsweredBy.VOICEMAIL), ("unknown", AnsweredBy.UNCERTAIN)],
)
def test_the_verdict_of_the_machine_detection_is_stored(client, call, verdict, expected):
    post_webhook(client, call, "amd", {"AnsweredBy": verdict, "MachineDetectionDuration": "2300"})
    call.refresh_from_db()
    assert (call.answered_by, call.status) == (expected, CallStatus.IN_PROGRESS)


def test_a_machine_on_a_live_call_is_sent_to_the_voicemail_message(
    client, call, dialing_queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post_webhook(client, call, "amd", {"AnsweredBy": "machine_end_silence"})
    assert [(job.func_name, job.args[0]) for job in dialing_queue.jobs] == [
        ("calls.jobs.redirect_to_voicemail", str(call.pk))
    ]


def test_a_recording_is_announced_once(client, call):
    form = {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed", "RecordingDuration": "40"}
    post_webhook(client, call, "recording", form)
    post_webhook(client, call, "recording", form)
    recording = Recording.objects.get()
    assert (recording.status, recording.duration_seconds) == (RecordingStatus.ANNOUNCED, 40)


def test_a_recording_that_came_to_nothing_is_noted(client, call):
    post_webhook(client, call, "recording", {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "absent"})
    assert Recording.objects.get().status == RecordingStatus.ABSENT


def test_a_handler_that_fails_leaves_no_receipt(client, call):
    """The carrier's next try must be handled, not answered with nothing."""
    call.campaign.rules.delete()
    client.raise_request_exception = False
    assert post_webhook(client, call, "status", {"CallStatus": "busy"}).status_code == 500
    assert is_untouched(call)


@pytest.mark.django_db(transaction=True)
def test_the_same_news_twice_at_once_is_handled_once(client, at_once):
    call = make_call(status=CallStatus.DIALING, carrier_sid="CA" + "1" * 32)
    answers = at_once(*[lambda: post_webhook(client, call, "status", COMPLETED).status_code] * 4)
    assert answers == [200] * 4
    assert CallEvent.objects.filter(to_status=CallStatus.COMPLETED).count() == 1
    assert WebhookReceipt.objects.count() == 1

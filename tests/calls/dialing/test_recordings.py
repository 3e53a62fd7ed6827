from datetime import timedelta

import pytest

from callcenter import clock
from calls.jobs import fetch_missing_recordings, fetch_recording, settle_prices
from calls.models import CallStatus, Recording, RecordingStatus
from calls.providers import telephony
from calls.providers.base import CarrierCall, CarrierRecording
from calls.services.recordings import announce_recording
from tests.factories import make_call, make_campaign

pytestmark = pytest.mark.django_db
SOUND = b"RIFF....WAVEfmt "
EARLIER = timedelta(minutes=5)


class Shelf:
    """A carrier of the tests' own, named in the settings as any other: it keeps recordings and prices."""

    sounds = {"RE1": SOUND}

    def fetch_recording(self, carrier_sid: str) -> bytes:
        from calls.providers.base import ProviderError

        if carrier_sid not in self.sounds:
            raise ProviderError("gone", permanent=carrier_sid == "RE-gone", code="20404")
        return self.sounds[carrier_sid]

    def find_recordings(self, carrier_sid: str) -> list[CarrierRecording]:
        return [CarrierRecording("RE1", 12)] if carrier_sid == "CA-recorded" else []

    def fetch_call(self, carrier_sid: str) -> CarrierCall:
        return CarrierCall(carrier_sid, "+34600000001", "completed", price_micros=48_600, price_currency="USD")


@pytest.fixture(autouse=True)
def _shelf(settings):
    settings.TELEPHONY_PROVIDER = f"{__name__}.Shelf"
    telephony.cache_clear()
    yield
    telephony.cache_clear()


def ended_call(**fields):
    ended = {"status": CallStatus.COMPLETED, "ended_at": clock.now() - EARLIER, "duration_seconds": 30}
    return make_call(**ended | {"carrier_sid": "CA-recorded"} | fields)


def test_an_announced_recording_is_copied_into_our_storage():
    call = ended_call()
    announce_recording(call=call, carrier_sid="RE1", duration_seconds=12)
    fetch_recording(str(call.pk))
    recording = Recording.objects.get()
    assert recording.status == RecordingStatus.STORED
    assert recording.file.read() == SOUND


def test_fetching_twice_stores_once():
    call = ended_call()
    announce_recording(call=call, carrier_sid="RE1", duration_seconds=12)
    fetch_recording(str(call.pk))
    stored_at = Recording.objects.get().stored_at
    fetch_recording(str(call.pk))
    assert Recording.objects.get().stored_at == stored_at


@pytest.mark.parametrize(
    ("sid", "status"), [("RE-later", RecordingStatus.ANNOUNCED), ("RE-gone", RecordingStatus.FAILED)]
)
def test_a_fetch_that_fails_is_tried_again_unless_it_never_can_succeed(sid, status):
    call = ended_call()
    announce_recording(call=call, carrier_sid=sid, duration_seconds=12)
    fetch_recording(str(call.pk))
    assert Recording.objects.get().status == status
    assert call.events.filter(kind="recording_fetch_failed").exists()


def test_a_recording_whose_announcement_was_lost_is_found(dialing_queue):
    call = ended_call()
    fetch_missing_recordings()
    assert Recording.objects.get(call=call).carrier_sid == "RE1"


def test_a_campaign_without_recordings_is_not_asked_about():
    ended_call(campaign=make_campaign(recording="off"))
    fetch_missing_recordings()
    assert not Recording.objects.exists()


def test_a_recording_that_never_appears_is_given_up():
    call = ended_call(carrier_sid="CA-silent", ended_at=clock.now() - timedelta(hours=1))
    fetch_missing_recordings()
    assert Recording.objects.get(call=call).status == RecordingStatus.ABSENT


def test_what_a_call_cost_is_stored_once_and_counts_against_the_budget():
    call = ended_call(campaign=make_campaign(budget_micros=1_000_000))
    settle_prices()
    settle_prices()
    call.refresh_from_db()
    call.campaign.refresh_from_db()
    assert (call.price_micros, call.price_currency) == (48_600, "USD")
    assert call.campaign.spent_micros == 48_600


def test_a_price_in_another_currency_is_kept_but_not_added():
    call = ended_call(campaign=make_campaign(budget_currency="EUR"))
    settle_prices()
    call.refresh_from_db()
    call.campaign.refresh_from_db()
    assert (call.price_micros, call.campaign.spent_micros) == (48_600, 0)

"""What the workers and the schedule run. Running a job twice changes nothing."""

from uuid import UUID

from calls import services
from calls.models import Call
from calls.providers import telephony
from calls.services import hanging_up, recordings, settling, sweeping


def place_call(call_id: str) -> None:
    services.place_call(call_id=UUID(call_id))


def redirect_to_voicemail(call_id: str) -> None:
    """A machine picked up: the live call goes on at its webhook `voicemail`."""
    from calls.addresses import webhook_url

    call = Call.objects.filter(pk=call_id).first()
    if call and call.carrier_sid and not call.is_terminal:
        telephony().redirect_call(call.carrier_sid, url=webhook_url(call.pk, "voicemail"))


def end_at_carrier(call_id: str) -> None:
    """Hang up there; where it has ended already, nothing happens."""
    call = Call.objects.filter(pk=call_id).first()
    if call and call.carrier_sid:
        hanging_up.end_at_carrier(call)


def fetch_recording(call_id: str) -> None:
    """What fails for now is fetched by a later `fetch_missing_recordings`."""
    call = Call.objects.filter(pk=call_id).first()
    if call is not None:
        recordings.fetch(call=call)


def delete_recording_at_carrier(carrier_sid: str) -> None:
    """The voice of somebody who was erased; where the carrier has it no longer, nothing happens."""
    telephony().delete_recording(carrier_sid)


def sweep() -> None:
    """Every minute: settle what got no news, and hang up what should not be live."""
    sweeping.sweep()
    sweeping.hang_up_strays()


def fetch_missing_recordings() -> None:
    """Every few minutes: recordings whose fetch failed or whose news was lost."""
    recordings.fetch_missing()


def settle_prices() -> None:
    """Every minute: what the carrier charges is known some time after a call's end."""
    settling.settle_prices()

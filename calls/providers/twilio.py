"""Calls through Twilio's REST API."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any, TypeVar

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from callcenter.money import to_micros
from calls.amd import answered_by
from calls.models import CallStatus
from calls.providers.base import (
    CarrierCall,
    CarrierRecording,
    OutcomeUnknown,
    PlacedCall,
    PlaceRequest,
    ProviderError,
)
from calls.providers.twilio_http import AimedHttpClient
from calls.providers.twilio_refusals import NOT_FOUND, NOT_IN_THAT_STATE, Effect, refusal_of

Answer = TypeVar("Answer")

API = "https://api.twilio.com/2010-04-01"
STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]
STATUSES: dict[str, CallStatus] = {
    "queued": CallStatus.DIALING,
    "initiated": CallStatus.DIALING,
    "ringing": CallStatus.RINGING,
    "in-progress": CallStatus.IN_PROGRESS,
    "completed": CallStatus.COMPLETED,
    "busy": CallStatus.BUSY,
    "no-answer": CallStatus.NO_ANSWER,
    "failed": CallStatus.FAILED,
    "canceled": CallStatus.CANCELED,
}
LIVE = ("queued", "ringing", "in-progress")
GONE = frozenset({NOT_FOUND, NOT_IN_THAT_STATE})


class TwilioTelephony:
    def __init__(self) -> None:
        self._client_of_process: tuple[int, Client] | None = None

    def place_call(self, request: PlaceRequest) -> PlacedCall:
        """Raises OutcomeUnknown whenever Twilio may have taken the call without our knowing."""
        call = _asked(lambda: self._client.calls.create(**_parameters(request)), is_creation=True)
        if not call.sid:
            raise OutcomeUnknown(_("The carrier answered without naming the call."))
        return PlacedCall(call.sid)

    def end_call(self, carrier_sid: str) -> None:
        _unless_gone(lambda: self._client.calls(carrier_sid).update(status="completed"))

    def cancel_call(self, carrier_sid: str) -> None:
        _unless_gone(lambda: self._client.calls(carrier_sid).update(status="canceled"))

    def redirect_call(self, carrier_sid: str, *, url: str = "", twiml: str = "") -> None:
        target = {"url": url, "method": "POST"} if url else {"twiml": twiml}
        _unless_gone(lambda: self._client.calls(carrier_sid).update(**target))

    def fetch_call(self, carrier_sid: str) -> CarrierCall | None:
        call = _unless_gone(lambda: self._client.calls(carrier_sid).fetch())
        return _carrier_call(call) if call else None

    def find_calls(self, to_number: str, started_after: datetime) -> list[CarrierCall]:
        """Twilio filters by start, which a queued call has not; creation is compared here, to the second."""
        calls = _asked(lambda: self._client.calls.list(to=to_number, limit=100))
        return [call for call in map(_carrier_call, calls) if _was_created_since(call, started_after)]

    def list_calls(self, started_after: datetime) -> Iterator[CarrierCall]:
        calls = _asked(lambda: self._client.calls.list(start_time_after=started_after, page_size=1000))
        return map(_carrier_call, calls)

    def live_calls(self) -> Iterator[CarrierCall]:
        return (call for status in LIVE for call in self._calls_in(status))

    def find_recordings(self, carrier_sid: str) -> list[CarrierRecording]:
        recordings = _asked(lambda: self._client.calls(carrier_sid).recordings.list(limit=20))
        return [
            CarrierRecording(recording.sid, int(recording.duration) if recording.duration else None)
            for recording in recordings
            if recording.status == "completed"
        ]

    def fetch_recording(self, carrier_sid: str) -> bytes:
        url = f"{API}/Accounts/{settings.TWILIO_ACCOUNT_SID}/Recordings/{carrier_sid}.wav"
        credentials = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
        status, sound = _asked(lambda: self._client.http_client.download(url, credentials))
        if status != HTTPStatus.OK:
            raise _error(code=None, http_status=status)
        return bytes(sound)

    def delete_recording(self, carrier_sid: str) -> None:
        _unless_gone(lambda: self._client.recordings(carrier_sid).delete())

    def _calls_in(self, status: str) -> list[CarrierCall]:
        return list(map(_carrier_call, _asked(lambda: self._client.calls.list(status=status, page_size=1000))))

    @property
    def _client(self) -> Client:
        """One client a process: a forked worker must not share its parent's connections."""
        if self._client_of_process is None or self._client_of_process[0] != os.getpid():
            http_client = AimedHttpClient(settings.TWILIO_BASE_URL)
            client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=http_client)
            self._client_of_process = (os.getpid(), client)
        return self._client_of_process[1]


def _parameters(request: PlaceRequest) -> dict[str, Any]:
    """`async_amd` is a string to the SDK: True would be sent as "True". One parameter per event: a list."""
    return {
        "to": request.to_number,
        "from_": request.from_number,
        "url": request.voice_url,
        "fallback_url": request.fallback_url,
        "status_callback": request.status_url,
        "status_callback_event": STATUS_EVENTS,
        "machine_detection": "DetectMessageEnd",
        "async_amd": "true",
        "async_amd_status_callback": request.amd_url,
        "timeout": request.ring_timeout_seconds,
        "time_limit": request.max_call_seconds,
    }


def _asked(ask: Callable[[], Answer], *, is_creation: bool = False) -> Answer:
    """Ask Twilio, and put every way in which the SDK says no into our words."""
    try:
        return ask()
    except (TwilioRestException, TwilioServiceException) as refused:
        raise _error(code=refused.code, http_status=refused.status, is_creation=is_creation) from refused
    except TwilioException as failed:
        raise _error(code=None, http_status=_status_in(failed), is_creation=is_creation) from failed
    except requests.RequestException as failed:
        raise _transport_error(failed, is_creation=is_creation) from failed
    except (ValueError, AttributeError) as unreadable:
        # No JSON, or not the object that the SDK expects: a page of some proxy, with a status of success.
        raise _unreadable(is_creation=is_creation) from unreadable


def _unless_gone(ask: Callable[[], Answer]) -> Answer | None:
    """As `_asked`, but a call that is unknown there, or past the state for this, is no error."""
    try:
        return _asked(ask)
    except ProviderError as error:
        if error.code in {str(code) for code in GONE} | {str(int(HTTPStatus.NOT_FOUND))}:
            return None
        raise


def _error(*, code: int | None, http_status: int, is_creation: bool = False) -> ProviderError:
    refusal = refusal_of(code=code, http_status=http_status)
    message, shown_code = str(refusal.message), str(http_status if code is None else code)
    if refusal.effect is Effect.UNKNOWN and is_creation:
        return OutcomeUnknown(message, code=shown_code)
    return ProviderError(
        message,
        permanent=refusal.effect in (Effect.PERMANENT, Effect.STOP_CAMPAIGN),
        code=shown_code,
        stops_campaign=refusal.effect is Effect.STOP_CAMPAIGN,
    )


def _transport_error(failed: requests.RequestException, *, is_creation: bool) -> ProviderError:
    if is_creation and not _was_never_sent(failed):
        return OutcomeUnknown(_("The carrier did not answer in time."), code="timeout")
    return ProviderError(_("The carrier could not be reached."), permanent=False, code="unreachable")


def _unreadable(*, is_creation: bool) -> ProviderError:
    message = _("The carrier's answer could not be read.")
    if is_creation:
        return OutcomeUnknown(message, code="unreadable")
    return ProviderError(message, permanent=False, code="unreadable")


def _was_never_sent(failed: requests.RequestException) -> bool:
    """No connection was made, so the carrier cannot have heard of the call."""
    if isinstance(failed, requests.ConnectTimeout):
        return True
    cause = getattr(failed.args[0], "reason", None) if failed.args else None
    return isinstance(cause, NewConnectionError)


def _status_in(failed: TwilioException) -> int:
    """Lists raise a bare TwilioException with the response as second argument."""
    response = failed.args[1] if len(failed.args) > 1 else None
    return int(getattr(response, "status_code", HTTPStatus.BAD_GATEWAY))


def _carrier_call(call: Any) -> CarrierCall:
    return CarrierCall(
        carrier_sid=call.sid,
        to_number=call.to,
        status=STATUSES.get(call.status, CallStatus.DIALING),
        created_at=_utc(call.date_created),
        started_at=_utc(call.start_time),
        ended_at=_utc(call.end_time),
        duration_seconds=int(call.duration) if call.duration else None,
        answered_by=answered_by(call.answered_by) if call.answered_by else "",
        price_micros=abs(to_micros(Decimal(call.price))) if call.price else None,
        price_currency=call.price_unit or "",
    )


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _was_created_since(call: CarrierCall, moment: datetime) -> bool:
    return call.created_at is None or call.created_at >= moment.replace(microsecond=0)

"""How the page of a running call grows, and when it has nothing more to wait for."""

from datetime import datetime, timedelta
from typing import Any

from callcenter import clock
from calls.models import Call, CallStatus, RecordingStatus, TurnStatus
from calls.turn_stream import words_so_far
from campaigns.models import CampaignStatus, ContactStatus, RecordingMode

LAST_NEWS = timedelta(minutes=2)
"""A recording is at hand seconds after its call; a page does not wait longer for news of an ended one."""
_UNFINISHED = (TurnStatus.PENDING, TurnStatus.SPEAKING)


def is_settled(call: Call, *, now: datetime) -> bool:
    """Whether the page shows all there will be, so that it need not listen any more."""
    if not call.is_terminal:
        return False
    if call.ended_at is None or now - call.ended_at > LAST_NEWS:
        return True
    return not (_awaits_recording(call) or call.turns.filter(status__in=_UNFINISHED).exists())


def possible_controls(call: Call) -> dict[str, bool]:
    """Which buttons make sense now; the services have the last word."""
    is_waiting = call.status in (CallStatus.QUEUED, CallStatus.DIALING, CallStatus.RINGING)
    is_over = call.is_terminal and call.membership is not None
    return {
        "cancel": is_waiting,
        "hang_up": call.status == CallStatus.IN_PROGRESS,
        "reschedule": call.status == CallStatus.QUEUED or (is_over and _may_be_tried_again(call)),
        "call_again": is_over and call.contact is not None and _may_be_tried_again(call),
    }


def _may_be_tried_again(call: Call) -> bool:
    membership = call.membership
    if membership is None or call.campaign.status == CampaignStatus.FINISHED:
        return False
    return membership.status not in (ContactStatus.IN_CALL, ContactStatus.BLOCKED)


def growing_transcript(call: Call, *, after: int = -1) -> dict[str, Any]:
    """The turns past `after`: those that will not change, then the last one, which may, while the call is not over.

    A turn changes while it is spoken, and again when the person cuts it short; both are over once the next one exists.
    """
    settled = is_settled(call, now=clock.now())
    turns = list(call.turns.filter(sequence__gt=after).order_by("sequence"))
    growing = turns.pop() if turns and not settled else None
    if growing and growing.status == TurnStatus.PENDING:
        growing.said = growing.said or words_so_far(call.pk, growing.sequence)
    return {
        "call": call,
        "turns": turns,
        "growing": growing,
        "after": turns[-1].sequence if turns else after,
        "is_settled": settled,
    }


def _awaits_recording(call: Call) -> bool:
    recording = getattr(call, "recording", None)
    if recording is None:
        return call.answered_at is not None and call.campaign.recording != RecordingMode.OFF
    return recording.status == RecordingStatus.ANNOUNCED

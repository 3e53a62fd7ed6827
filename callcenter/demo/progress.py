"""How far the calling is, told while it goes on."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from django.db import close_old_connections

from callcenter import clock
from calls.models import TERMINAL, Call, Recording, RecordingStatus
from campaigns.models import Campaign, CampaignContact, CampaignStatus

LOOK_SECONDS = 0.5
PLAIN_LINE_SECONDS = 5
LONGEST_SECONDS = 900
RECORDINGS_SECONDS = 20


@dataclass(frozen=True)
class Standing:
    contacts: int
    final: int
    calls: int
    in_flight: int
    is_finished: bool

    def __str__(self) -> str:
        calls = "1 call" if self.calls == 1 else f"{self.calls} calls"
        return f"{self.final} of {self.contacts} contacts done, {calls}, {self.in_flight} in flight"


def standing(campaigns: Sequence[Campaign]) -> Standing:
    memberships = CampaignContact.objects.filter(campaign__in=campaigns)
    calls = Counter(Call.objects.filter(campaign__in=campaigns).values_list("status", flat=True).order_by())
    in_flight = sum(count for status, count in calls.items() if status not in TERMINAL)
    running = Campaign.objects.filter(pk__in=[campaign.pk for campaign in campaigns], status=CampaignStatus.RUNNING)
    return Standing(
        contacts=memberships.count(),
        final=memberships.final().count(),
        calls=calls.total(),
        in_flight=in_flight,
        is_finished=not in_flight and not running.exists(),
    )


def follow(campaigns: Sequence[Campaign], output: IO[str]) -> bool:
    """Tell until both campaigns are finished; False when that takes too long."""
    started = last_line_at = clock.monotonic()
    while not (now_standing := standing(campaigns)).is_finished:
        now = clock.monotonic()
        if now - started > LONGEST_SECONDS:
            return False
        if output.isatty():
            output.write(f"\r\033[K  {now - started:4.0f} s  {now_standing}")
            output.flush()
        elif now - last_line_at >= PLAIN_LINE_SECONDS:
            output.write(f"  {now - started:4.0f} s  {now_standing}\n")
            output.flush()
            last_line_at = now
        time.sleep(LOOK_SECONDS)
        close_old_connections()
    output.write(f"{chr(13) if output.isatty() else ''}  {clock.monotonic() - started:4.0f} s  {now_standing}\n")
    return True


def await_recordings(campaigns: Sequence[Campaign]) -> None:
    """The last calls' recordings come a moment after their end; a missing one is no reason to wait for long."""
    deadline = clock.monotonic() + RECORDINGS_SECONDS
    announced = Recording.objects.filter(call__campaign__in=campaigns, status=RecordingStatus.ANNOUNCED)
    while announced.exists() and clock.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)

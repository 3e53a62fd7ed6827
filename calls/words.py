"""Why a call went as it went, in words: events, reasons and evidence are stored as codes and read by people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.end_reasons import label_of
from calls.models import AnsweredBy, Call, CallEvent, CallStatus
from calls.providers import carrier_message
from campaigns.models import CampaignKind, Disposition
from campaigns.pause_reasons import PauseReason, register_words
from contacts.models import Basis

Evidence = dict[str, Any]

EVENTS: dict[str, str | Promise] = {
    "answered_by": gettext_lazy("Answered by"),
    "callback_promised": gettext_lazy("A callback was promised"),
    "cancelled_too_late": gettext_lazy("Cancelled too late: somebody had answered"),
    "carrier_refused": gettext_lazy("The carrier refused"),
    "other_carrier_id": gettext_lazy("The carrier reported another call for this one"),
    "disposition": gettext_lazy("Outcome"),
    "outcome_unknown": gettext_lazy("The carrier did not answer clearly"),
    "recording_announced": gettext_lazy("The carrier announced a recording"),
    "recording_fetch_failed": gettext_lazy("The recording could not be fetched"),
    "recording_stored": gettext_lazy("The recording was stored"),
}
SOURCES: dict[str, str | Promise] = {
    "assistant": gettext_lazy("the assistant"),
    "carrier": gettext_lazy("the carrier"),
    "dialer": gettext_lazy("the dialer"),
    "opt_out": gettext_lazy("an opt-out"),
    "staff": gettext_lazy("staff"),
    "sweeper": gettext_lazy("the comparison with the carrier"),
    "system": gettext_lazy("the system"),
}
STATUSES = dict(CallStatus.choices)
FINDINGS: dict[str, dict[str, str | Promise]] = {
    "answered_by": dict(AnsweredBy.choices),
    "disposition": dict(Disposition.choices),
}
"""Kind of event -> words for what its data hold under that name."""


def describe_event(event: CallEvent) -> str:
    """What happened: the status it moved to, or what was found out."""
    if event.to_status:
        return str(STATUSES.get(event.to_status, event.to_status))
    found = event.data.get(event.kind)
    name = str(EVENTS.get(event.kind, event.kind.replace("_", " ").capitalize()))
    return f"{name}: {FINDINGS.get(event.kind, {}).get(found, found)}" if found else name


def describe_source(event: CallEvent) -> str:
    return str(SOURCES.get(event.source, event.source))


def describe_reason(event: CallEvent) -> str:
    """Why it happened; a refusal of the carrier in the words for its code."""
    return label_of(event.reason, str(event.data.get("code", "")))


def describe_end(call: Call) -> str:
    """Why it ended; a refusal of the carrier in the words for its code."""
    return label_of(call.end_reason, call.error_code)


def describe_evidence(evidence: Evidence) -> list[tuple[str, str]]:
    """The rules that were checked when the call was placed, as label and finding; what was not kept is left out."""
    rows = ((str(label), words(evidence)) for key, (label, words) in EVIDENCE.items() if key in evidence)
    return [(label, finding) for label, finding in rows if finding]


def register_pause_words() -> None:
    """A campaign that the carrier stopped says so in the words for the carrier's code."""
    register_words(PauseReason.CARRIER_REFUSED, lambda details: carrier_message(str(details.get("code", ""))))


def _checked_at(evidence: Evidence) -> str:
    return date_format(localtime(datetime.fromisoformat(evidence["checked_at"])), "SHORT_DATETIME_FORMAT")


def _basis(evidence: Evidence) -> str:
    return str(dict(Basis.choices).get(evidence["basis"], evidence["basis"]))


def _kind(evidence: Evidence) -> str:
    return str(dict(CampaignKind.choices).get(evidence["kind"], evidence["kind"]))


def _dnc_list(evidence: Evidence) -> str:
    return _("checked, not on it") if evidence["dnc_checked"] else _("not checked")


def _window(evidence: Evidence) -> str:
    if evidence.get("is_always_open"):
        return _("any hour (practice only)")
    return "; ".join(f"{', '.join(days)} {hours}" for hours, days in _days_by_hours(evidence["windows"]).items())


def _days_by_hours(windows: dict[str, list[list[str]]]) -> dict[str, list[str]]:
    """Days of the same hours together: `10:00–14:00, 16:00–20:00` -> Mon, Tue, …"""
    found: dict[str, list[str]] = {}
    for day, spans in sorted(windows.items()):
        if spans:
            hours = ", ".join(f"{start}–{end}" for start, end in spans)
            found.setdefault(hours, []).append(str(WEEKDAYS_ABBR[int(day)]))
    return found


def _zones(evidence: Evidence) -> str:
    return ", ".join(evidence["zones"])


def _holidays(evidence: Evidence) -> str:
    return _("no calls on them") if evidence["observes_holidays"] else _("not observed")


def _commercial_hours(evidence: Evidence) -> str:
    return str(evidence["commercial_hours"])


def _attempt(evidence: Evidence) -> str:
    return _of(evidence["attempt"], evidence.get("attempts_allowed"))


def _recent_calls(evidence: Evidence) -> str:
    return _of(evidence["recent_calls"], evidence.get("recent_calls_allowed"))


def _of(count: int, limit: int | None) -> str:
    return str(count) if limit is None else _("%(count)s of %(limit)s") % {"count": count, "limit": limit}


EVIDENCE: dict[str, tuple[str | Promise, Callable[[Evidence], str]]] = {
    "checked_at": (gettext_lazy("Checked"), _checked_at),
    "kind": (gettext_lazy("Kind of campaign"), _kind),
    "basis": (gettext_lazy("Legal basis"), _basis),
    "dnc_checked": (gettext_lazy("Do-not-call list"), _dnc_list),
    "windows": (gettext_lazy("Calling window"), _window),
    "zones": (gettext_lazy("The contact's time zones"), _zones),
    "observes_holidays": (gettext_lazy("Public holidays"), _holidays),
    "commercial_hours": (gettext_lazy("Hours of the law for commercial calls"), _commercial_hours),
    "attempt": (gettext_lazy("Attempt"), _attempt),
    "recent_calls": (gettext_lazy("Calls to this number in a day"), _recent_calls),
}

"""What this app knows of a person: the calls made to them, what was said in them, and the sound of it.

Speech that was made for one person and what Redis keeps of a running call run out by themselves: after a week and
after an hour.
"""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from calls.models import Call, Recording, Turn, WebhookReceipt
from contacts.models import Contact, DoNotCallEntry
from contacts.personal_data import PersonalDataSource, register
from contacts.services import ContactRefused

TOLD_IN_CALLS = ["conversation", "assistant"]
"""Sources of do-not-call entries whose reason is what the person said."""


def describe(contact: Contact) -> list[dict[str, Any]]:
    calls = Call.objects.filter(contact=contact).select_related("campaign", "recording").prefetch_related("turns")
    return [_told(call) for call in calls.order_by("pk")]


def move(source: Contact, target: Contact) -> None:
    """The calls of both, and the counters that sum them up."""
    for contact in (source, target):
        _refuse_in_call(contact)
    Call.objects.filter(contact=source).update(contact=target)
    last = max(source, target, key=lambda contact: (contact.last_called_at is not None, contact.last_called_at))
    Contact.objects.filter(pk=target.pk).update(
        call_count=F("call_count") + source.call_count,
        last_called_at=last.last_called_at,
        last_disposition=last.last_disposition,
    )


def erase(contact: Contact) -> None:
    """A call stays as a figure: when, how long, what came of it. Number, words and sound go.

    The keyed hash of the number stays too: by it the do-not-call list is obeyed and the caps are judged.
    """
    from calls.services.recordings import erase_recording

    _refuse_in_call(contact)
    calls = Call.objects.filter(contact=contact)
    for recording in Recording.objects.filter(call__in=calls):
        erase_recording(recording)
    _forget_wishes(contact, calls)
    Turn.objects.filter(call__in=calls).delete()
    WebhookReceipt.objects.filter(call__in=calls).update(body="")
    calls.update(to_number="", contact=None)


def _forget_wishes(contact: Contact, calls: QuerySet[Call]) -> None:
    """The wish not to be called stays in force; in which words it was told to us goes, from the trail too."""
    numbers = {*contact.numbers.values_list("e164", flat=True), *calls.values_list("to_number", flat=True)} - {""}
    told = DoNotCallEntry.objects.of_numbers(numbers).filter(source__in=TOLD_IN_CALLS)
    ids = [str(pk) for pk in told.values_list("pk", flat=True)]
    trail = AuditEntry.objects.filter(subject_type=DoNotCallEntry._meta.label_lower, subject_id__in=ids)
    for entry in trail.filter(details__source__in=TOLD_IN_CALLS):
        entry.details["reason"] = ""
        entry.save(update_fields=["details"])
    told.update(reason="")


def register_calls() -> None:
    register(PersonalDataSource("calls", describe, move, erase))


def _refuse_in_call(contact: Contact) -> None:
    if Call.objects.in_flight().filter(contact=contact).exists():
        raise ContactRefused(_("This contact is in a call; hang up first."))


def _told(call: Call) -> dict[str, Any]:
    recording = getattr(call, "recording", None)
    return {
        "id": str(call.pk),
        "campaign": call.campaign.name,
        "number": call.to_number,
        "placed_at": call.placed_at.isoformat() if call.placed_at else None,
        "duration_seconds": call.duration_seconds,
        "status": call.status,
        "disposition": call.disposition,
        "callback_at": call.callback_at.isoformat() if call.callback_at else None,
        "rules_checked": call.evidence,
        "recording": recording.file.name if recording and recording.file else "",
        "turns": [{"at": turn.at.isoformat(), "heard": turn.heard, "said": turn.said} for turn in call.turns.all()],
    }

"""What this app knows of a person: the campaigns they are in, and where they stand in each."""

from typing import Any

from campaigns.models import CampaignContact, ContactStatus
from contacts.models import Contact
from contacts.personal_data import PersonalDataSource, register

MOST_DECISIVE_FIRST = (
    ContactStatus.BLOCKED,
    ContactStatus.DONE,
    ContactStatus.PENDING,
    ContactStatus.EXHAUSTED,
    ContactStatus.FAILED,
)
"""Which standing two entries of one person leave together: a wish and a result outlast everything else."""


def describe(contact: Contact) -> list[dict[str, Any]]:
    entries = CampaignContact.objects.filter(contact=contact).select_related("campaign").order_by("pk")
    return [
        {
            "campaign": entry.campaign.name,
            "status": entry.status,
            "attempts": entry.attempts,
            "next_attempt_at": entry.next_attempt_at.isoformat(),
            "reason": entry.reason,
            "disposition": entry.disposition,
        }
        for entry in entries
    ]


def move(source: Contact, target: Contact) -> None:
    """A campaign that has both keeps one entry, with the attempts of both: nobody is called more often for it."""
    held = CampaignContact.objects.select_for_update(no_key=True)
    kept = {entry.campaign_id: entry for entry in held.filter(contact=target)}
    for entry in held.filter(contact=source):
        if (own := kept.get(entry.campaign_id)) is None:
            CampaignContact.objects.filter(pk=entry.pk).update(contact=target)
        else:
            _join(own, entry)


def erase(contact: Contact) -> None:
    CampaignContact.objects.filter(contact=contact).delete()


def register_campaigns() -> None:
    register(PersonalDataSource("campaigns", describe, move, erase))


def _join(own: CampaignContact, other: CampaignContact) -> None:
    own.attempts += other.attempts
    decisive = min(own, other, key=lambda entry: MOST_DECISIVE_FIRST.index(ContactStatus(entry.status)))
    for name in ("status", "reason", "reason_at", "last_outcome", "disposition", "next_attempt_at", "is_callback"):
        setattr(own, name, getattr(decisive, name))
    own.save()
    other.delete()

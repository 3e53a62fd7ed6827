"""What is done with contacts and the do-not-call list, whoever asks for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from callcenter import clock
from contacts.models import Contact, ContactList, ContactListMembership, ContactNumber, DoNotCallEntry, NumberHashKey
from contacts.names import joined_name, sort_name
from contacts.number_hash import configured_fingerprints, fingerprint, number_hash, numbers_by_hash
from contacts.personal_data import move_person
from contacts.phone import PhoneNumber


class ContactRefused(Exception):
    """The contact cannot be saved; the message is for the person who wrote it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@transaction.atomic
def add_to_dnc(
    *, e164: str, reason: str, source: str, user: User | None = None, expires_at: datetime | None = None
) -> DoNotCallEntry:
    """Block a number. One that is blocked stays so, at least as long as either order says."""
    details = {"reason": reason[:200], "source": source[:64]}
    held = DoNotCallEntry.objects.select_for_update()
    entry, is_new = held.of_numbers([e164]).first(), False
    if entry is None:
        NumberHashKey.objects.get_or_create(fingerprint=fingerprint(settings.NUMBER_HASH_KEY))
        fields = details | {"e164": e164, "created_by": user, "expires_at": expires_at}
        entry, is_new = held.get_or_create(number_hash=number_hash(e164), defaults=fields)
    if is_new or _prolong(entry, expires_at):
        audit.record(action="add_to_dnc", subject=entry, user=user, **details)
    return entry


def _prolong(entry: DoNotCallEntry, expires_at: datetime | None) -> bool:
    """False where the entry lasts as long already. An entry that had run out begins anew."""
    if entry.expires_at is None or (expires_at is not None and expires_at <= entry.expires_at):
        return False
    now = clock.now()
    if entry.expires_at <= now:
        entry.created_at = now
    entry.expires_at = expires_at
    entry.save(update_fields=["created_at", "expires_at"])
    return True


@transaction.atomic
def remove_from_dnc(*, entry: DoNotCallEntry, reason: str, user: User | None) -> None:
    """Allow a number again. The audit trail keeps who did it and why, and by the hash which calls it had forbidden."""
    audit.record(
        action="remove_from_dnc",
        subject=entry,
        user=user,
        reason=reason[:200],
        number_hash=entry.number_hash,
        since=entry.created_at.isoformat(),
        expires_at=entry.expires_at.isoformat() if entry.expires_at else None,
    )
    entry.delete()


def is_on_dnc(*, e164: str, now: datetime) -> bool:
    return bool(blocked_numbers(numbers=[e164], now=now))


def blocked_numbers(*, numbers: Iterable[str], now: datetime) -> set[str]:
    """Those of the numbers that are on the list."""
    by_hash = numbers_by_hash(numbers)
    entries = DoNotCallEntry.objects.in_force(now).filter(number_hash__in=list(by_hash))
    return {by_hash[found] for found in entries.values_list("number_hash", flat=True)}


def is_dnc_list_readable() -> bool:
    """Whether every key that entries were written with is configured; if not, no number may be dialled."""
    return set(NumberHashKey.objects.values_list("fingerprint", flat=True)) <= configured_fingerprints()


def dnc_entries_of(*, numbers: Iterable[str], now: datetime) -> QuerySet[DoNotCallEntry]:
    """Mostly one a number; two where one was written while the key of the other was missing."""
    return DoNotCallEntry.objects.of_numbers(numbers).in_force(now)


def save_contact(
    *,
    contact: Contact,
    number: PhoneNumber,
    lists: Sequence[ContactList] = (),
    user: User | None = None,
) -> Contact:
    """Create or change a contact, the number that is dialled, and the lists it stands in."""
    is_new = contact._state.adding
    contact.full_name = contact.full_name or joined_name(contact.first_name, contact.last_name)
    contact.sort_name = sort_name(contact.full_name)
    contact.updated_at = clock.now()
    try:
        with transaction.atomic():
            contact.save()
            _save_number(contact, number)
            _save_lists(contact, lists)
            audit.record(action="create_contact" if is_new else "change_contact", subject=contact, user=user)
    except IntegrityError as error:
        raise ContactRefused(_("Another contact has this number already.")) from error
    return contact


def _save_number(contact: Contact, number: PhoneNumber) -> None:
    details = {"country": number.country, "kind": number.kind, "time_zones": list(number.time_zones)}
    ContactNumber.objects.update_or_create(contact=contact, rank=1, defaults=details | {"e164": number.e164})


def _save_lists(contact: Contact, lists: Sequence[ContactList]) -> None:
    ContactListMembership.objects.filter(contact=contact).exclude(contact_list__in=lists).delete()
    ContactListMembership.objects.bulk_create(
        [ContactListMembership(contact=contact, contact_list=contact_list) for contact_list in lists],
        ignore_conflicts=True,
    )


@transaction.atomic
def merge_contacts(*, target: Contact, others: Sequence[Contact], user: User | None) -> None:
    """Hand everything of the others to `target`; they are gone afterwards."""
    for other in others:
        merged = str(other.pk)
        move_person(source=other, target=target)
        audit.record(action="merge_contact", subject=target, user=user, merged=merged)

"""Makers of valid records: every argument is optional, and what is given wins."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import User
from callcenter import clock
from calls.models import Call, CallStatus, Turn
from campaigns.models import CallingRules, Campaign, CampaignContact, CampaignStatus, ContactStatus, Script
from contacts.models import Basis, ConsentRecord, Contact, ContactList, ContactListMembership, ContactNumber

_numbers = count(1)
PASSWORD = "correct horse battery staple"


def make_user(*, role: str = "supervisor", email: str = "", **fields: Any) -> User:
    user = User.objects.create_user(email or f"user{next(_numbers)}@example.com", PASSWORD, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_contact(*, e164: str = "", basis: str = Basis.CONSENT, **fields: Any) -> Contact:
    serial = next(_numbers)
    contact = Contact.objects.create(**{"full_name": f"Persona {serial}", "sort_name": f"persona {serial}"} | fields)
    ContactNumber.objects.create(
        contact=contact,
        e164=e164 or f"+34600{serial:06d}",
        country="ES",
        kind="mobile",
        time_zones=["Europe/Madrid"],
    )
    if basis:
        ConsentRecord.objects.create(
            contact=contact, basis=basis, source="test", obtained_at=clock.now() - timedelta(minutes=1)
        )
    return contact


def make_list(*contacts: Contact, **fields: Any) -> ContactList:
    contact_list = ContactList.objects.create(**{"name": f"List {next(_numbers)}"} | fields)
    ContactListMembership.objects.bulk_create(
        ContactListMembership(contact_list=contact_list, contact=contact) for contact in contacts
    )
    return contact_list


def make_campaign(
    *,
    rules: dict[str, Any] | None = None,
    script: dict[str, Any] | None = None,
    lists: Any = (),
    **fields: Any,
) -> Campaign:
    """A running service campaign that may call at any hour of any day."""
    campaign = Campaign.objects.create(
        **{
            "name": f"Campaign {next(_numbers)}",
            "status": CampaignStatus.RUNNING,
            "caller_number": "+34910000000",
            "started_at": clock.now() - timedelta(hours=1),
        }
        | fields
    )
    campaign.lists.set(lists)
    make_rules(campaign=campaign, **(rules or {}))
    make_script(campaign=campaign, **(script or {}))
    return campaign


def make_rules(*, campaign: Campaign, **fields: Any) -> CallingRules:
    every_day = {str(day): [["00:00", "24:00"]] for day in range(7)}
    return CallingRules.objects.create(campaign=campaign, **{"windows": every_day, "observes_holidays": False} | fields)


def make_script(*, campaign: Campaign, **fields: Any) -> Script:
    return Script.objects.create(
        campaign=campaign,
        **{
            "version": 1,
            "disclosure": "Le habla un asistente virtual de la Clínica Sol.",
            "opening": "¿Hablo con {name}?",
            "purpose": "Confirmar la cita del martes.",
            "questions": ["¿Le viene bien el martes a las diez?"],
            "facts": ["La consulta está en la calle Mayor 5."],
            "farewell": "Gracias por su tiempo. Adiós.",
        }
        | fields,
    )


def make_membership(*, campaign: Campaign, contact: Contact | None = None, **fields: Any) -> CampaignContact:
    return CampaignContact.objects.create(
        campaign=campaign,
        contact=contact or make_contact(),
        **{"next_attempt_at": clock.now() - timedelta(minutes=1)} | fields,
    )


def make_call(*, campaign: Campaign | None = None, membership: CampaignContact | None = None, **fields: Any) -> Call:
    """A queued call of a contact in a running campaign."""
    from contacts.number_hash import number_hash

    campaign = campaign or make_campaign()
    membership = membership or make_membership(campaign=campaign, status=ContactStatus.IN_CALL, attempts=1)
    number = membership.contact.primary_number
    now = clock.now()
    return Call.objects.create(
        campaign=campaign,
        membership=membership,
        contact=membership.contact,
        **{
            "script": campaign.script,
            "transport": campaign.transport,
            "to_number": number.e164,
            "from_number": campaign.caller_number,
            "number_hash": number_hash(number.e164),
            "attempt_number": membership.attempts or 1,
            "status": CallStatus.QUEUED,
            "place_at": now,
            "lease_expires_at": now + timedelta(minutes=2),
        }
        | fields,
    )


def make_turn(*, call: Call, sequence: int = 1, **fields: Any) -> Turn:
    return Turn.objects.create(call=call, sequence=sequence, **fields)

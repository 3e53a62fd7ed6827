"""A campaign whose people answer every question, so that calls last as long as a measurement needs."""

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from campaigns.models import Campaign

QUESTIONS = 10
STARTS_PER_SECOND = 20


def start_campaign_of(*, calls: int, transport: str, simulator: str) -> "Campaign":
    from campaigns.models import CallingRules, Campaign, RecordingMode, Script
    from campaigns.services import save_campaign, start_campaign
    from contacts.models import Basis

    campaign = Campaign(
        name="Benchmark",
        required_basis=Basis.PRACTICE,
        transport=transport,
        caller_number="+34910000000",
        recording=RecordingMode.OFF,
        max_call_seconds=600,
    )
    rules = CallingRules(
        is_always_open=True,
        observes_holidays=False,
        max_attempts=1,
        max_concurrent_calls=calls,
        starts_per_second=STARTS_PER_SECOND,
    )
    script = Script(
        language="es-ES",
        disclosure="Le habla un asistente virtual.",
        opening="¿Hablo con {name}?",
        purpose="Conocer su opinión sobre el servicio.",
        questions=[f"¿Está satisfecho con la parte número {number} del servicio?" for number in range(QUESTIONS)],
        facts=["El horario de atención es de nueve a ocho.", "La oficina está en la calle Mayor 5."],
        farewell="Gracias, adiós.",
    )
    user = make_user()
    contacts = make_contacts(calls, simulator)
    save_campaign(campaign=campaign, rules=rules, script=script, lists=[contacts], agents=[], user=user)
    return start_campaign(campaign=campaign, user=user)


def make_user() -> Any:
    from accounts.models import User

    return User.objects.create_user("benchmark@example.com", "benchmark")


def make_contacts(count: int, simulator: str) -> Any:
    from contacts.models import ConsentRecord, Contact, ContactList, ContactListMembership, ContactNumber

    contact_list = ContactList.objects.create(name="Benchmark")
    for number in range(count):
        contact = Contact.objects.create(full_name=f"Persona {number}", first_name="Persona")
        e164 = f"+34600{number:06d}"
        ContactNumber.objects.create(contact=contact, e164=e164, country="ES", time_zones=["Europe/Madrid"])
        ConsentRecord.objects.create(contact=contact, basis="practice", source="benchmark")
        ContactListMembership.objects.create(contact_list=contact_list, contact=contact)
        pinned = requests.post(
            f"{simulator}/simulator/personas/pin", json={"number": e164, "persona": "cooperative"}, timeout=10
        )
        pinned.raise_for_status()
    return contact_list

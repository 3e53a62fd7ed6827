"""Fills an empty portal with a little of everything, and prints the addresses as JSON. Run as a module."""

import io
import json
import math
import wave
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402

from accounts.models import User  # noqa: E402
from callcenter import clock  # noqa: E402
from callcenter.demo import contact_lists  # noqa: E402
from callcenter.demo.campaigns import start_demo_campaign  # noqa: E402
from calls.models import AnsweredBy, Call, CallEvent, CallStatus, Recording, RecordingStatus, TurnKind  # noqa: E402
from campaigns.models import CallingRules, Campaign, CampaignStatus, ContactStatus, Disposition, Script  # noqa: E402
from campaigns.services import pause_campaign  # noqa: E402
from contacts.models import Basis, Contact, ContactList  # noqa: E402
from tests.factories import make_call, make_campaign, make_contact, make_membership, make_turn, make_user  # noqa: E402

RATE = 8000
SECONDS = 12
CONVERSATION = [
    (
        "",
        "Hola, le habla el asistente virtual de la Clínica Sol. Esta llamada se graba. ¿Hablo con Lucía?",
        False,
    ),
    ("Sí, soy yo. ¿Qué quería?", "Le llamo para recordarle su cita del martes a las diez. ¿Le viene bien?", False),
    ("Espere, espere. ¿Dónde era?", "La clínica está en la calle Mayor", True),
    (
        "Ah, ya sé. El martes no puedo, llámeme mañana a las cinco.",
        "De acuerdo, mañana a las cinco.",
        False,
    ),
    ("Gracias, adiós.", "Muchas gracias por su tiempo. Que tenga un buen día.", False),
]
OUTCOMES = [
    (CallStatus.COMPLETED, AnsweredBy.HUMAN, Disposition.COMPLETED),
    (CallStatus.COMPLETED, AnsweredBy.HUMAN, Disposition.INTERESTED),
    (CallStatus.COMPLETED, AnsweredBy.VOICEMAIL, Disposition.VOICEMAIL),
    (CallStatus.BUSY, "", ""),
    (CallStatus.NO_ANSWER, "", ""),
    (CallStatus.COMPLETED, AnsweredBy.HUMAN, Disposition.DO_NOT_CALL),
    (CallStatus.COMPLETED, AnsweredBy.HUMAN, Disposition.NOT_INTERESTED),
    (CallStatus.FAILED, "", Disposition.FAILED),
]


def main() -> None:
    alice = make_user(role="supervisor", email="alice@example.com", name="Alice", time_zone="Europe/Madrid")
    make_user(role="administrator", email="admin@example.com", name="Admin", is_staff=True, time_zone="Europe/Madrid")
    contact_lists.import_sample(contact_lists.GATHER_FILE, list_name="Clientes de muestra", user=alice)
    campaign = make_history(alice)
    finished = make_finished_call(campaign)
    campaigns = {
        "marta_campaign": make_ready_campaign(alice, "Cita del martes", "Marta Ruiz Vega", "+34655100200"),
        "pablo_campaign": at_length(make_ready_campaign(alice, "Cita del jueves", "Pablo Sanz Mora", "+34655100300")),
        "eva_campaign": make_ready_campaign(alice, "Cita del viernes", "Eva Prieto Lara", "+34655100400"),
        "many_campaign": make_larger_campaign(alice),
    }
    found = {name: each.get_absolute_url() for name, each in campaigns.items()}
    print(json.dumps(addresses(campaign, finished) | found))


def make_history(alice: User) -> Campaign:
    """A paused campaign with one call of each outcome, this morning and yesterday."""
    campaign = make_campaign(
        name="Recordatorio de citas", status=CampaignStatus.PAUSED, created_by=alice, required_basis=Basis.PRACTICE
    )
    contacts = list(Contact.objects.order_by("sort_name")[: 2 * len(OUTCOMES)])
    for position, contact in reversed(list(enumerate(contacts))):
        make_past_call(campaign, contact, position)
    for contact in Contact.objects.order_by("sort_name")[2 * len(OUTCOMES) : 40]:
        make_membership(campaign=campaign, contact=contact, reason="campaign_not_running")
    return campaign


def make_past_call(campaign: Campaign, contact: Contact, position: int) -> Call:
    status, answered_by, disposition = OUTCOMES[position % len(OUTCOMES)]
    placed_at = clock.now() - timedelta(minutes=7 * position + 20, days=position // len(OUTCOMES))
    membership = make_membership(
        campaign=campaign, contact=contact, attempts=1, status=ContactStatus.DONE, disposition=disposition
    )
    length = 35 + 11 * position if status == CallStatus.COMPLETED else None
    Contact.objects.filter(pk=contact.pk).update(call_count=1, last_called_at=placed_at, last_disposition=disposition)
    return make_call(
        campaign=campaign,
        membership=membership,
        status=status,
        answered_by=answered_by,
        disposition=disposition,
        queued_at=placed_at - timedelta(seconds=1),
        placed_at=placed_at,
        answered_at=placed_at + timedelta(seconds=6) if length else None,
        ended_at=placed_at + timedelta(seconds=6 + (length or 20)),
        duration_seconds=length,
    )


def make_finished_call(campaign: Campaign) -> Call:
    """A call with all that a page can show."""
    contact = make_contact(full_name="Lucía Pérez Gómez", sort_name="lucia perez gomez", e164="+34611222333")
    call = make_past_call(campaign, contact, 0)
    call.disposition, call.end_reason = Disposition.CALLBACK, "assistant_ended"
    call.callback_at = clock.now() + timedelta(days=1)
    call.disclosed_at, call.evidence = call.answered_at, evidence(call)
    call.save()
    for sequence, (heard, said, was_interrupted) in enumerate(CONVERSATION, start=1):
        figures = {"queue_ms": 2, "model_first_token_ms": 148 + sequence, "first_words_ms": 156 + sequence}
        kind = TurnKind.OPENING if sequence == 1 else TurnKind.REPLY
        spoken = {} if sequence == 1 else figures
        make_turn(call=call, sequence=sequence, kind=kind, status="done", heard=heard, said=said,
                  was_interrupted=was_interrupted, **spoken)  # fmt: skip
    make_events(call)
    recording = Recording(call=call, carrier_sid=f"RE{call.pk.hex}", status=RecordingStatus.STORED)
    recording.file.save(f"{call.pk}.wav", ContentFile(tone()), save=False)
    recording.save()
    return call


def evidence(call: Call) -> dict[str, Any]:
    return {
        "checked_at": clock.now().isoformat(),
        "basis": "consent",
        "kind": "service",
        "dnc_checked": True,
        "windows": {str(day): [["10:00", "14:00"], ["16:00", "20:00"]] for day in range(5)},
        "zones": ["Europe/Madrid"],
        "observes_holidays": True,
        "attempt": 1,
        "attempts_allowed": 3,
        "recent_calls": 0,
        "recent_calls_allowed": 3,
    }


def make_events(call: Call) -> None:
    steps = [
        ("moved", "", "queued", "dialer", {}),
        ("moved", "queued", "dialing", "dialer", {}),
        ("moved", "dialing", "ringing", "carrier", {}),
        ("moved", "ringing", "in_progress", "carrier", {}),
        ("answered_by", "", "", "carrier", {"answered_by": "human"}),
        ("disposition", "", "", "assistant", {"disposition": "callback"}),
        ("moved", "in_progress", "completed", "carrier", {}),
        ("recording_stored", "", "", "system", {}),
    ]
    assert call.placed_at is not None
    for number, (kind, from_status, to_status, source, data) in enumerate(steps):
        at = call.placed_at + timedelta(seconds=2 * number)
        CallEvent.objects.create(
            call=call, kind=kind, from_status=from_status, to_status=to_status, source=source, data=data, at=at
        )


def tone() -> bytes:
    """An audible sound of a known length."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        samples = (int(8000 * math.sin(2 * math.pi * 440 * at / RATE)) for at in range(RATE * SECONDS))
        sound.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return file.getvalue()


def make_ready_campaign(alice: User, name: str, person: str, number: str) -> Campaign:
    """Paused; when it is resumed it calls one person of the practice network."""
    contact = make_contact(full_name=person, sort_name=person.lower(), e164=number, basis=Basis.PRACTICE)
    contact_list = ContactList.objects.create(name=f"Solo {person}")
    contact_list.memberships.create(contact=contact)
    return _paused(start_demo_campaign(name=name, transport="relay", contact_list=contact_list, user=alice))


def at_length(campaign: Campaign) -> Campaign:
    """Its call is still alive when a slow browser comes to see it."""
    questions = [f"¿Le viene bien el jueves a las {hour} y {minutes}?" for hour in range(9, 20) for minutes in (10, 20)]
    Script.objects.filter(campaign=campaign).update(questions=questions)
    return campaign


def make_larger_campaign(alice: User) -> Campaign:
    """Paused; when it is resumed it calls a few people at once, for long enough to be looked at."""
    contact_list = ContactList.objects.get(name="Clientes de muestra")
    campaign = start_demo_campaign(
        name="Encuesta de satisfacción", transport="relay", contact_list=contact_list, user=alice
    )
    CallingRules.objects.filter(campaign=campaign).update(max_concurrent_calls=6, starts_per_second=1)
    return _paused(campaign)


def _paused(campaign: Campaign) -> Campaign:
    pause_campaign(campaign=campaign, user=campaign.created_by)
    return campaign


def addresses(campaign: Campaign, finished: Call) -> dict[str, str]:
    return {
        "campaign": campaign.get_absolute_url(),
        "finished_call": finished.get_absolute_url(),
        "contact": f"/contacts/{finished.contact_id}/",
        "call_now": f"/calls/call-now/{finished.contact_id}/",
    }


if __name__ == "__main__":
    main()

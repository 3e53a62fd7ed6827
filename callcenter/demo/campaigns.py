"""The two campaigns of the demonstration, one for each way to hold a conversation."""

from decimal import Decimal

from django.conf import settings

from accounts.models import User
from campaigns.models import CallingRules, Campaign, CampaignKind, RecordingMode, Script, Transport
from campaigns.pause_reasons import PauseReason
from campaigns.services import pause_campaign, save_campaign, start_campaign
from contacts.models import Basis, ContactList

RETRY_SECONDS = {"busy": 4, "no_answer": 5, "failed": 5, "voicemail": 8, "no_conversation": 5}
STARTS_PER_SECOND = {Transport.RELAY: Decimal(6), Transport.GATHER: Decimal(2)}
CALLS_AT_ONCE = {Transport.RELAY: 30, Transport.GATHER: 8}
MANY = 1000
"""Calls to one number a day: the demonstration may be repeated as often as one likes."""


def start_demo_campaign(*, name: str, transport: Transport, contact_list: ContactList, user: User) -> Campaign:
    campaign = Campaign(
        name=name,
        kind=CampaignKind.SERVICE,
        required_basis=Basis.PRACTICE,
        transport=transport,
        caller_number=settings.TWILIO_CALLER_NUMBER,
        recording=RecordingMode.WITH_NOTICE,
        ring_timeout_seconds=20,
        max_call_seconds=300,
    )
    script = reminder() if transport == Transport.RELAY else survey()
    save_campaign(campaign=campaign, rules=rules(transport), script=script, lists=[contact_list], agents=[], user=user)
    return start_campaign(campaign=campaign, user=user)


def pause_earlier_campaigns(*, user: User) -> None:
    """A demonstration that was stopped half-way would take the lines and the people from the next one."""
    for campaign in Campaign.objects.running().filter(created_by=user):
        pause_campaign(campaign=campaign, user=user, reason=PauseReason.NEW_DEMONSTRATION)


def rules(transport: Transport) -> CallingRules:
    return CallingRules(
        is_always_open=True,
        observes_holidays=False,
        max_attempts=3,
        retry_delays=RETRY_SECONDS,
        max_concurrent_calls=CALLS_AT_ONCE[transport],
        starts_per_second=STARTS_PER_SECOND[transport],
        max_attempts_per_day=MANY,
    )


def reminder() -> Script:
    return Script(
        language="es-ES",
        disclosure="Hola, le habla el asistente virtual de la Clínica Dental Sol.",
        opening="¿Hablo con {name}?",
        purpose="Recordar la cita del próximo martes a las diez en la clínica y confirmar su asistencia.",
        questions=[
            "¿Le viene bien la cita del martes a las diez?",
            "¿Prefiere que le enviemos el recordatorio por correo o por mensaje?",
        ],
        facts=[
            "La clínica está en la calle Mayor 5 de Madrid, segunda planta.",
            "La revisión dura unos treinta minutos y no tiene coste.",
            "El horario de atención es de lunes a viernes, de nueve a ocho.",
            "El teléfono de atención es el 910 000 000.",
        ],
        farewell="Muchas gracias por su tiempo. Que tenga un buen día.",
        voicemail_message=(
            "Le recordamos su cita del próximo martes a las diez en la Clínica Dental Sol. "
            "Si no puede venir, llámenos al 910 000 000. Gracias."
        ),
    )


def survey() -> Script:
    return Script(
        language="es-ES",
        disclosure="Buenos días, soy el asistente virtual de Talleres Norte.",
        opening="¿Es usted {name}?",
        purpose="Conocer en dos preguntas su opinión sobre la última revisión de su coche.",
        questions=[
            "¿Quedó satisfecho con la revisión de su coche?",
            "¿Nos recomendaría a un amigo o a un familiar?",
        ],
        facts=[
            "La revisión se hizo el mes pasado en el taller de la avenida del Norte 12.",
            "La garantía de la reparación es de dos años.",
        ],
        farewell="Gracias por ayudarnos a mejorar. Hasta pronto.",
        voicemail_message="Le llamábamos de Talleres Norte para conocer su opinión. Volveremos a intentarlo. Gracias.",
    )

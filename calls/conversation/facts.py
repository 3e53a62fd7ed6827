"""What a conversation must know of its call and campaign, in one small record that no turn has to gather again.

It does not change while the call lasts, so it is kept in Redis; when it is not there, the database tells it.
"""

import json
from dataclasses import asdict, dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone
from redis.exceptions import RedisError

from calls.conversation.opening import opening_sentences
from calls.models import Call
from calls.turn_stream import TTL_SECONDS, redis
from contacts.models import Contact

EARLIER_CALLS = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CallFacts:
    """`zone` is where the person lives; `already_said` is the fixed opening, and `greeting` its last
    sentence, with their name filled in."""

    call_id: str
    script_id: int
    campaign_id: str
    transport: str
    language: str
    voice: str
    model: str
    name: str
    zone: str
    already_said: str
    greeting: str
    farewell: str
    earlier_calls: list[str]


def facts_of(call_id: UUID | str) -> CallFacts | None:
    """The call's facts, or None when there is no such call."""
    known = redis().get(_key(call_id))
    if known:
        return CallFacts(**json.loads(known))
    call = Call.objects.select_related("script", "contact", "campaign").filter(pk=call_id).first()
    return remember_facts(call) if call else None


def remember_facts(call: Call) -> CallFacts:
    """Gather the facts from the database and keep them for the turns to come."""
    facts = _gather(call)
    try:
        redis().set(_key(call.pk), json.dumps(asdict(facts)), ex=TTL_SECONDS)
    except RedisError as error:
        log.warning("facts_not_kept", call=str(call.pk), error=type(error).__name__)
    return facts


def _gather(call: Call) -> CallFacts:
    script, sentences = call.script, opening_sentences(call)
    return CallFacts(
        call_id=str(call.pk),
        script_id=script.pk,
        campaign_id=str(call.campaign_id),
        transport=call.transport,
        language=script.language,
        voice=script.voice,
        model=script.model,
        name=call.contact.full_name if call.contact else "",
        zone=str(zone_of(call.contact)),
        already_said=" ".join(sentences),
        greeting=sentences[-1],
        farewell=script.farewell,
        earlier_calls=_earlier_calls(call),
    )


def zone_of(contact: Contact | None) -> ZoneInfo:
    """The person's own zone, else the first their number may ring in, else ours."""
    number = contact.primary_number if contact else None
    names = [contact.time_zone if contact else "", *(number.time_zones if number else ())]
    known = next((name for name in names if name), "")
    return ZoneInfo(known) if known else ZoneInfo(timezone.get_default_timezone_name())


def _earlier_calls(call: Call) -> list[str]:
    """When the person was spoken to before, in whatever campaign, and what came of it; newest first."""
    if call.contact_id is None:
        return []
    earlier = Call.objects.filter(contact=call.contact_id, answered_at__isnull=False, pk__lt=call.pk)
    rows = earlier.exclude(disposition="").order_by("-pk").values_list("answered_at", "disposition")[:EARLIER_CALLS]
    return [f"{answered_at:%Y-%m-%d}: {disposition}" for answered_at, disposition in rows]


def _key(call_id: UUID | str) -> str:
    return f"calls:{call_id}:facts"

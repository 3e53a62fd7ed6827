"""Words of campaigns that templates need: the last outcome of a contact, sums of money."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString

from callcenter.money import from_micros
from callcenter.templatetags.badges import badge
from campaigns.models import CampaignContact
from campaigns.outcomes import OUTCOME_LABELS

register = template.Library()


@register.simple_tag
def outcome_badge(membership: CampaignContact) -> SafeString:
    """What the business got, or else what the line did; nothing before the first attempt."""
    value = membership.disposition or membership.last_outcome
    return badge(value, str(OUTCOME_LABELS.get(value, value)))


@register.filter
def money(micros: int, currency: str) -> str:
    return f"{number_format(from_micros(micros).quantize(Decimal('0.01')))} {currency}"

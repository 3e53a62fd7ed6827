"""Which number a campaign may show to the person it calls."""

import re

from django.utils.translation import gettext as _

from campaigns.models import CampaignKind

E164 = re.compile(r"\+[1-9]\d{6,14}")
SPAIN = "+34"
SPANISH_MOBILES = ("+346", "+347")


def caller_number_refusal(*, caller_number: str, kind: str, calls_spain: bool) -> str:
    """Why this number may not be shown; empty when it may.

    Orden TDF/149/2025, article 9 (BOE-A-2025-2870): no commercial calls from mobile numbers in Spain.
    """
    if not caller_number:
        return _("Enter the number to call from.")
    if not E164.fullmatch(caller_number):
        return _("Enter the number with its country code, for example +34910000000.")
    if kind == CampaignKind.COMMERCIAL and calls_spain and caller_number.startswith(SPANISH_MOBILES):
        return _("Commercial calls to Spain may not come from a Spanish mobile number.")
    return ""

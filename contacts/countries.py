"""Countries that numbers are read in, by ISO 3166 code; those of our users first."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNTRIES: dict[str, Promise] = {
    "ES": _("Spain"),
    "MX": _("Mexico"),
    "AR": _("Argentina"),
    "BO": _("Bolivia"),
    "CL": _("Chile"),
    "CO": _("Colombia"),
    "CR": _("Costa Rica"),
    "CU": _("Cuba"),
    "DO": _("Dominican Republic"),
    "EC": _("Ecuador"),
    "SV": _("El Salvador"),
    "GT": _("Guatemala"),
    "HN": _("Honduras"),
    "NI": _("Nicaragua"),
    "PA": _("Panama"),
    "PY": _("Paraguay"),
    "PE": _("Peru"),
    "PR": _("Puerto Rico"),
    "UY": _("Uruguay"),
    "VE": _("Venezuela"),
    "AD": _("Andorra"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "FR": _("France"),
    "DE": _("Germany"),
    "IE": _("Ireland"),
    "IT": _("Italy"),
    "PT": _("Portugal"),
    "CH": _("Switzerland"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
}


def country_choices() -> list[tuple[str, str | Promise]]:
    """With the default country of this installation, wherever that is."""
    home = settings.DEFAULT_COUNTRY
    return [*([] if home in COUNTRIES else [(home, home)]), *COUNTRIES.items()]

"""What must hold before a campaign may run."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcenter import clock
from callcenter.practice import is_practice_network
from campaigns.caller_number import SPAIN, caller_number_refusal
from campaigns.calling_hours import InvalidWindows, validate_windows, zone_named
from campaigns.commercial_hours import commercial_hours_on
from campaigns.models import CallingRules, Campaign, CampaignKind, Script
from contacts.models import Basis, Contact, ContactList, ContactNumber
from contacts.services import is_dnc_list_readable


class CampaignRefused(Exception):
    """A campaign may not do what was asked; the message is for people, `field` names where to mend it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def check_ready(campaign: Campaign) -> None:
    """Refuse a campaign that lacks something, may not call at the hours it asks for, or dials what it may not."""
    _check_dnc_list()
    _check_script(campaign.script)
    rules = CallingRules.objects.filter(campaign=campaign).first()
    _check_rules(rules, campaign.required_basis)
    _check_commercial(campaign)
    _check_practice(campaign.required_basis)
    contacts = _check_contacts(campaign)
    _check_caller_number(campaign)
    _check_commercial_hours(campaign)
    _check_zones(contacts)


def calls_spain(lists: Iterable[ContactList]) -> bool:
    """Whether anybody on these lists is called at a Spanish number."""
    return _calls_prefix(lists, SPAIN)


def _calls_prefix(lists: Iterable[ContactList], prefix: str) -> bool:
    numbers = ContactNumber.objects.filter(rank=1, contact__memberships__contact_list__in=lists)
    return numbers.filter(e164__startswith=prefix).exists()


def _check_dnc_list() -> None:
    if not is_dnc_list_readable():
        raise CampaignRefused(_("The do-not-call list cannot be read with the configured keys."))


def _check_script(script: Script | None) -> None:
    if script is None:
        raise CampaignRefused(_("Write a script first."), "disclosure")
    for field, message in (
        ("disclosure", _("Say first that an assistant is speaking: the disclosure may not be empty.")),
        ("opening", _("Write the opening.")),
        ("purpose", _("Write what the call is for.")),
    ):
        if not getattr(script, field).strip():
            raise CampaignRefused(message, field)


def _check_rules(rules: CallingRules | None, required_basis: str) -> None:
    if rules is None:
        raise CampaignRefused(_("Set the calling rules first."), "windows_0")
    if rules.is_always_open and required_basis != Basis.PRACTICE:
        raise CampaignRefused(_("Only practice campaigns may call at any hour."), "is_always_open")
    if not rules.is_always_open:
        try:
            validate_windows(rules.windows)
        except InvalidWindows as problem:
            raise CampaignRefused(str(problem), f"windows_{problem.weekday or 0}") from problem


def _check_commercial(campaign: Campaign) -> None:
    """Calls without human intervention to sell need prior express consent (Spain: LGTel 11/2022, article 66.1.a)."""
    if campaign.kind == CampaignKind.COMMERCIAL and campaign.required_basis not in (Basis.CONSENT, Basis.PRACTICE):
        raise CampaignRefused(_("Automated commercial calls need prior express consent."), "required_basis")


def _check_practice(required_basis: str) -> None:
    if required_basis == Basis.PRACTICE and not is_practice_network():
        message = _("Practice campaigns only call on the practice phone network, and the carrier is not that.")
        raise CampaignRefused(message, "required_basis")


def _check_contacts(campaign: Campaign) -> QuerySet[Contact]:
    if not campaign.lists.exists():
        raise CampaignRefused(_("Choose at least one contact list."), "lists")
    contacts = Contact.objects.filter(memberships__contact_list__campaigns=campaign)
    if not contacts.exists():
        raise CampaignRefused(_("There is no contact on the chosen lists."), "lists")
    return contacts


def _check_caller_number(campaign: Campaign) -> None:
    refusal = caller_number_refusal(
        caller_number=campaign.caller_number, kind=campaign.kind, calls_spain=calls_spain(campaign.lists.all())
    )
    if refusal:
        raise CampaignRefused(refusal, "caller_number")


def _check_commercial_hours(campaign: Campaign) -> None:
    """The dialer keeps these hours in any case; windows that promise more are refused before they mislead anybody."""
    if not campaign.is_bound_by_commercial_hours:
        return
    rules = CallingRules.objects.get(campaign=campaign)
    for hours in commercial_hours_on(clock.now().date()):
        weekday = hours.first_day_outside(rules.windows)
        if (weekday is None and rules.observes_holidays) or not _calls_prefix(campaign.lists.all(), hours.prefix):
            continue
        message = _(
            "Commercial calls to %(prefix)s numbers may only ring from %(opens)s to %(closes)s, Monday to Friday, "
            "and not on public holidays (%(law)s)."
        )
        words = {"prefix": hours.prefix, "opens": hours.opens, "closes": hours.closes, "law": hours.law}
        raise CampaignRefused(message % words, f"windows_{weekday}" if weekday else "observes_holidays")


def _check_zones(contacts: QuerySet[Contact]) -> None:
    """A contact whose zone nobody knows would never be dialled; better to say so before starting."""
    names = contacts.exclude(time_zone="").order_by().values_list("time_zone", flat=True).distinct()
    unknown = sorted(name for name in names if zone_named(name) is None)
    if unknown:
        message = ngettext(
            "Contacts on the lists have an unknown time zone: %(zones)s. Correct it first.",
            "Contacts on the lists have unknown time zones: %(zones)s. Correct them first.",
            len(unknown),
        )
        raise CampaignRefused(message % {"zones": ", ".join(unknown[:5])}, "lists")

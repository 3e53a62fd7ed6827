from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact, ContactList
from contacts.names import AFTER_N, sort_name
from contacts.phone import NotANumber, parse_number

FEWEST_DIGITS = 3


class ContactFilterForm(forms.Form):
    """Narrows the list of contacts. Parts of a number find it only for those who may see numbers."""

    q = forms.CharField(
        label=_("Name, number, e-mail or company"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )
    contact_list = forms.ModelChoiceField(
        label=_("List"),
        required=False,
        queryset=ContactList.objects.all(),
        empty_label=_("Every list"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, may_see_numbers: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.may_see_numbers = may_see_numbers

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, contacts: QuerySet[Contact]) -> QuerySet[Contact]:
        """Nobody at all where a filter is not valid: a wrong filter must not show everybody."""
        if not self.is_valid():
            return contacts.none()
        if text := self.cleaned_data["q"].replace("\0", ""):
            plain_name = Replace("sort_name", Value(AFTER_N), Value("n"))
            contacts = contacts.alias(plain_name=plain_name).filter(self._matches(text))
        if contact_list := self.cleaned_data["contact_list"]:
            contacts = contacts.filter(memberships__contact_list=contact_list)
        return contacts

    def _matches(self, text: str) -> Q:
        words = (
            Q(plain_name__contains=sort_name(text).replace(AFTER_N, "n"))
            | Q(email__icontains=text)
            | Q(company__icontains=text)
        )
        return words | self._number_matches(text)

    def _number_matches(self, text: str) -> Q:
        if (e164 := _whole_number(text)) is not None:
            return Q(numbers__e164=e164)
        digits = "".join(filter(str.isdigit, text))
        if self.may_see_numbers and len(digits) >= FEWEST_DIGITS:
            return Q(pk__in=Contact.objects.filter(numbers__e164__contains=digits).values("pk"))
        return Q()


def _whole_number(text: str) -> str | None:
    try:
        return parse_number(text, settings.DEFAULT_COUNTRY).e164
    except NotANumber:
        return None

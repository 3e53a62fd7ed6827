from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.models import Contact, ContactList, ContactNumber
from contacts.phone import NotANumber, PhoneNumber, display, parse_number
from contacts.services import ContactRefused, save_contact

LANGUAGES = [("", _("Not known")), ("es", _("Spanish")), ("en", _("English"))]


class ContactForm(forms.ModelForm):
    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        help_text=_("Numbers from abroad need their prefix, such as +52."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    lists = forms.ModelMultipleChoiceField(
        label=_("Lists"), required=False, queryset=ContactList.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Contact
        fields = ("full_name", "first_name", "last_name", "email", "company", "language", "time_zone", "notes")
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    field_order = ("full_name", "number", "first_name", "last_name", "email", "company", "language", "time_zone")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=_with_own(LANGUAGES, self.instance.language)
        )
        self.fields["time_zone"].help_text = _("Such as Europe/Madrid; blank: that of the number.")
        if not self.instance._state.adding:
            number = self.instance.primary_number
            self.initial["number"] = display(number.e164) if number else ""
            self.initial["lists"] = list(self.instance.lists.values_list("pk", flat=True))

    def clean_number(self) -> PhoneNumber:
        try:
            number = parse_number(self.cleaned_data["number"], settings.DEFAULT_COUNTRY)
        except NotANumber as refusal:
            raise forms.ValidationError(refusal.reason, code=refusal.code) from refusal
        if ContactNumber.objects.filter(e164=number.e164).exclude(contact=self.instance.pk, rank=1).exists():
            raise forms.ValidationError(_("Another contact has this number already."), code="taken")
        return number

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("This time zone does not exist."), code="unknown")
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("full_name", "first_name", "last_name")):
            self.add_error("full_name", _("Give the contact a name."))
        return cleaned

    def store(self, user: User) -> Contact | None:
        """Save what is valid; None, with an error at the number, where somebody took it meanwhile."""
        values = self.cleaned_data
        try:
            return save_contact(contact=self.instance, number=values["number"], lists=values["lists"], user=user)
        except ContactRefused as refusal:
            self.add_error("number", str(refusal))
            return None


def _with_own(choices: list[Any], own: str) -> list[Any]:
    return choices if own in {code for code, _label in choices} else [*choices, (own, own)]

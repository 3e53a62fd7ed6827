import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import LinesField
from campaigns.models import Script
from campaigns.models.script import SPOKEN

LONGEST_SPEECH = 1000
"""Characters: about a minute of speech."""
SPOKEN_AS_IT_STANDS = ("disclosure", "farewell", "voicemail_message")
BRACES = re.compile(r"[{}]")


def refuse_braces(text: str) -> None:
    if BRACES.search(text):
        raise ValidationError(_("Only the opening may hold {name}; this is spoken as it stands."), code="braces")


def refuse_braces_but_name(text: str) -> None:
    if BRACES.search(text.replace("{name}", "")):
        raise ValidationError(_("In braces only {name} can stand, for the person's name."), code="braces")


class ScriptForm(forms.ModelForm):
    questions = LinesField(label=_("Questions"), help_text=_("One a line; the assistant asks them in this order."))
    facts = LinesField(label=_("Facts"), help_text=_("One a line; the assistant answers from these and nothing else."))

    class Meta:
        model = Script
        fields = SPOKEN
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in {
                "disclosure": 2,
                "opening": 2,
                "purpose": 3,
                "farewell": 2,
                "voicemail_message": 2,
            }.items()
        }
        help_texts = {
            "disclosure": _(
                "Always spoken first: that an assistant is calling, for whom and what for. The law demands it."
            ),
            "opening": _("Spoken right after the disclosure. {name} stands for the person's name."),
            "purpose": _("What the call is for, in your words; the assistant keeps to it."),
            "voicemail_message": _("Spoken after the tone. Empty: hang up without a message."),
            "voice": _("The vendor's voice; empty: the standard voice."),
            "model": _("Empty: the standard model."),
        }
        error_messages = {
            "disclosure": {"required": _("Say first that an assistant is speaking: the disclosure may not be empty.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SPOKEN_AS_IT_STANDS:
            self.fields[name].validators += [MaxLengthValidator(LONGEST_SPEECH), refuse_braces]
        self.fields["opening"].validators += [MaxLengthValidator(LONGEST_SPEECH), refuse_braces_but_name]

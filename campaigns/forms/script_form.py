from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import LinesField
from campaigns.models import Script


class ScriptForm(forms.ModelForm):
    questions = LinesField(label=_("Questions"), help_text=_("One a line; the assistant asks them in this order."))
    facts = LinesField(label=_("Facts"), help_text=_("One a line; the assistant answers from these and nothing else."))

    class Meta:
        model = Script
        fields = [
            "language",
            "disclosure",
            "opening",
            "purpose",
            "questions",
            "facts",
            "farewell",
            "voicemail_message",
            "voice",
            "model",
        ]
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
        for name in ("disclosure", "opening", "farewell", "voicemail_message"):
            self.fields[name].max_length = 1000  # type: ignore[attr-defined]

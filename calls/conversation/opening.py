"""The fixed words a call begins with: who is speaking, that it is a machine, and how to be left alone.

EU AI Act, article 50(1): people are told at the first interaction. No model can change or drop these words.
"""

from calls.conversation.lines import Line, line
from calls.models import Call
from campaigns.models import Campaign, RecordingMode, Script


def opening_sentences(call: Call) -> list[str]:
    """Disclosure, recording notice and key hint, which are the same for everyone; then the opening, by name."""
    name = call.contact.first_name or call.contact.full_name if call.contact else ""
    return [*fixed_sentences(call.script, call.campaign), personal_opening(call.script, name)]


def fixed_sentences(script: Script, campaign: Campaign) -> list[str]:
    notice = line(Line.RECORDING_NOTICE, script.language) if campaign.recording == RecordingMode.WITH_NOTICE else ""
    return [text for text in (script.disclosure, notice, line(Line.KEY_HINT, script.language)) if text]


def personal_opening(script: Script, name: str) -> str:
    return script.opening.replace("{name}", name).replace(" ?", "?").strip()

"""What a machine is told: who called and why, or nothing at all."""

from campaigns.models import Script


def voicemail_sentences(script: Script) -> list[str]:
    """Whoever listens later must also learn that a machine spoke. Without a message nothing is said."""
    return [script.disclosure, script.voicemail_message] if script.voicemail_message else []

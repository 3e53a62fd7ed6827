"""What a trial account may not do in a call (rules of 2026, as users report them)."""

from xml.etree import ElementTree

NOT_ON_TRIAL = 10002
TRIAL_FETCH_SECONDS = 5.0
MOST_ON_TRIAL = 11
"""The first document and ten hops by action or redirect."""
BLOCKED_VERBS = ("Record", "Stop")
BLOCKED_NOUNS = {
    "Start": ("Recording", "Stream", "Siprec", "Transcription"),
    "Connect": ("Stream", "ConversationRelay", "VirtualAgent"),
}


def blocked_on_trial(verb: ElementTree.Element) -> str:
    """The name of what is blocked, or nothing. That the call goes on with the next verb is not documented."""
    if verb.tag in BLOCKED_VERBS:
        return verb.tag
    if verb.tag == "Dial" and verb.get("record", "do-not-record") not in ("do-not-record", "false"):
        return "Dial record"
    return next((f"{verb.tag}/{noun.tag}" for noun in verb if noun.tag in BLOCKED_NOUNS.get(verb.tag, ())), "")

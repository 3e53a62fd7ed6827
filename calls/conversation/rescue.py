"""What must happen though Redis is gone or no worker answers. The database is enough for it.

The sockets door does this in threads of its own, and the webhooks themselves.
"""

from uuid import UUID

from calls import twiml
from calls.conversation import engine
from calls.conversation.lines import Line, line
from calls.end_reasons import EndReason
from calls.models import Call
from calls.providers import telephony
from calls.services import note_why_ending, opt_out
from calls.twiml import Prompt


def obey_wish(*, call_id: UUID | str, wording: str) -> None:
    """Somebody asked not to be called again. Obeying twice changes nothing."""
    call = Call.objects.filter(pk=call_id).first()
    if call:
        opt_out(call=call, wording=wording, source=engine.SOURCE)
        note_why_ending(call=call, reason=EndReason.OPTED_OUT)


def end_politely(*, call_id: UUID | str, sequence: int, heard: str) -> None:
    """Nobody answers a turn of `gather`: the carrier's own voice apologises, and the call ends."""
    call = Call.objects.select_related("script").filter(pk=call_id).first()
    if call is None or call.is_terminal or not call.carrier_sid:
        return
    words = line(Line.TROUBLE, call.script.language)
    engine.record_failure(call_id=call.pk, sequence=sequence, heard=heard, said=words)
    document = twiml.farewell([Prompt(words=words)], call.script.language)
    telephony().redirect_call(call.carrier_sid, twiml=document)

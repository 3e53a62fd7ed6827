"""What the workers of the queue `turns` run. Each may run twice without harm."""

from callcenter import clock
from calls import services, speech_cache
from calls.conversation import clips, engine, preparing, records
from calls.models import Call
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.services.hanging_up import ask_to_hang_up


def run_turn(call_id: str, sequence: int, heard: str, attempt: int, asked_at: float) -> None:
    engine.run_turn(call_id=call_id, sequence=sequence, heard=heard, attempt=attempt, asked_at=asked_at)


def keep_heard(call_id: str, sequence: int, heard: str) -> None:
    records.keep_heard(call_id=call_id, sequence=sequence, heard=heard)


def end_live_call(call_id: str, reason: str) -> None:
    """Hang up a live call whose conversation is over; where that fails, other workers and the sweeper see to it."""
    call = Call.objects.filter(pk=call_id).first()
    if call and call.carrier_sid and not call.is_terminal:
        services.note_why_ending(call=call, reason=reason)
        try:
            telephony().end_call(call.carrier_sid)
        except ProviderError:
            ask_to_hang_up(call=call, reason=reason)


def speak_opening(call_id: str, texts: list[str]) -> None:
    clips.speak_opening(call_id=call_id, texts=texts)


def make_clips(call_id: str, texts: list[str]) -> None:
    clips.make_clips(call_id=call_id, texts=texts)


def make_fixed_clips(script_id: int) -> None:
    preparing.make_fixed_clips(script_id=script_id)


def evict_clips() -> None:
    """Every night: forget speech that nobody has used for long."""
    speech_cache.evict_clips(clock.now())

"""What <Gather> tells of speech that is not over yet."""

from simulator.handset.context import HandsetContext
from simulator.handset.phone_line import heard_part
from simulator.handset.tape import Sound
from simulator.twilio.call_request import Callback
from simulator.twilio.status_callbacks import deliver
from simulator.twilio.voice_fields import voice_fields

INTERVAL_SECONDS = 0.5
LATEST_DELIVERY_SECONDS = 0.4
UNSTABLE_WORDS = 2


class PartialResults:
    """Each is sent on its own way: a later one may arrive first, and no answer is waited for."""

    def __init__(self, context: HandsetContext, target: Callback) -> None:
        self._context, self._target = context, target
        self._certainty, self._delays = context.dice("stability"), context.dice("partial results")
        self._sequence = 0
        self.is_over = False

    async def follow(self, sound: Sound) -> None:
        """From the first word to the last."""
        told = ""
        while not self.is_over:
            await self._context.network.pace.sleep(INTERVAL_SECONDS)
            share = (self._context.line.now() - sound.starts_at) / sound.seconds
            words = heard_part(sound.text, share)
            if words and words != told and not self.is_over:
                told = words
                self._send(words, is_whole=share >= 1)
            if share >= 1:
                return

    def _send(self, words: str, *, is_whole: bool) -> None:
        pieces = words.split(" ")
        settled = len(pieces) if is_whole else max(0, len(pieces) - UNSTABLE_WORDS)
        fields = {
            "SequenceNumber": str(self._sequence),
            "StableSpeechResult": " ".join(pieces[:settled]),
            "UnstableSpeechResult": " ".join(pieces[settled:]),
            "Stability": f"{0.9 if is_whole else 0.5 + self._certainty.random() * 0.3:.2f}",
        }
        self._sequence += 1
        self._context.network.start_task(self._deliver(fields, self._delays.random() * LATEST_DELIVERY_SECONDS))

    async def _deliver(self, fields: dict[str, str], delay: float) -> None:
        context = self._context
        await context.network.pace.sleep(delay)
        await deliver(context.network, context.call, self._target, voice_fields(context.call) | fields)

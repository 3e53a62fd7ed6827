"""The frames that an application may send into a ConversationRelay session."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from simulator.relay.outcome import RelayOutcome
from simulator.relay.turns import RelayTurns
from simulator.relay.voice import RelayVoice
from simulator.sound.speech import choose_voice

Frame = dict[str, Any]


class InvalidFrame(ValueError):
    """Answered with an error frame; the session goes on."""


class RelayOrders:
    def __init__(self, noun: ElementTree.Element, voice: RelayVoice, turns: RelayTurns, outcome: RelayOutcome) -> None:
        self._noun, self._voice, self._turns, self._outcome = noun, voice, turns, outcome
        self.language = noun.get("transcriptionLanguage", noun.get("language", "en-US"))
        self.has_ended = False
        self._handlers: dict[str, Callable[[Frame], None]] = {
            "text": self._speak,
            "play": self._play,
            "end": self._end,
            "language": self._switch_language,
            "sendDigits": self._send_digits,
            "config": self._accept,
            "hints": self._accept,
        }

    def obey(self, data: str) -> None:
        """Raises InvalidFrame."""
        try:
            frame = json.loads(data)
            self._handlers[frame["type"]](frame)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidFrame(f"{type(error).__name__}: {error}") from error

    def _speak(self, frame: Frame) -> None:
        token, is_last = frame["token"], frame.get("last", True)
        if not isinstance(token, str) or not isinstance(is_last, bool):
            raise InvalidFrame("token must be text and last a boolean")
        self._turns.answer_arrives(token=token, is_last=is_last)
        self._voice.add_text(token, is_last=is_last, interruptible=self._can_interrupt(frame))

    def _play(self, frame: Frame) -> None:
        source, loop = str(frame["source"]), int(frame.get("loop", 1))
        if not source.startswith(("http://", "https://")):
            raise InvalidFrame("source must be a URL")
        self._turns.answer_arrives(token="", is_last=False)
        self._voice.add_clip(source, loop, interruptible=self._can_interrupt(frame))

    def _end(self, frame: Frame) -> None:
        """Ends at once: speech still queued is not waited for."""
        handoff = frame.get("handoffData")
        if handoff is not None and not isinstance(handoff, str):
            raise InvalidFrame("handoffData must be a string")
        waiting = self._voice.waiting_text()
        if waiting:
            complaint = f"end frame cut {len(waiting)} characters not yet spoken"
            self._voice.line.call.complaints.append(complaint)
        self._turns.answer_arrives(token="", is_last=True)
        self._outcome.status, self._outcome.handoff_data = "ended", handoff
        self.has_ended = True

    def _switch_language(self, frame: Frame) -> None:
        self.language = frame.get("transcriptionLanguage", self.language)
        if "ttsLanguage" in frame:
            self._voice.voice = choose_voice(self._noun.get("voice", "default"), frame["ttsLanguage"])

    def _send_digits(self, frame: Frame) -> None:
        if not isinstance(frame["digits"], str):
            raise InvalidFrame("digits must be text")

    def _accept(self, frame: Frame) -> None:
        """New since October 2026: their shape is not documented well enough to check it."""

    def _can_interrupt(self, frame: Frame) -> bool:
        wish = frame.get("interruptible")
        if isinstance(wish, bool):
            return wish
        return self._noun.get("interruptible", "any") in ("any", "speech", "true")

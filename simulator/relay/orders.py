"""The frames that an application may send into a ConversationRelay session."""

import re
from collections.abc import Callable
from typing import Any

from simulator.relay.attributes import INPUTS
from simulator.relay.failure import RelayFailed
from simulator.relay.outcome import RelayOutcome
from simulator.relay.settings import CHANGEABLE, input_kinds
from simulator.relay.state import RelayState
from simulator.relay.turns import RelayTurns
from simulator.relay.voice import RelayVoice

Frame = dict[str, Any]
DIGITS = re.compile(r"[0-9*#wWA-Da-d]+")


class InvalidFrame(ValueError):
    """Answered with an error frame; the session goes on."""


class RelayOrders:
    def __init__(self, state: RelayState, voice: RelayVoice, turns: RelayTurns, outcome: RelayOutcome) -> None:
        self._state, self._voice, self._turns, self._outcome = state, voice, turns, outcome
        self.has_ended = False
        self._handlers: dict[str, Callable[[Frame], None]] = {
            "text": self._speak,
            "play": self._play,
            "end": self._end,
            "language": self._switch_language,
            "sendDigits": self._send_digits,
            "config": self._configure,
            "hints": self._hint,
        }

    def obey(self, frame: Frame) -> None:
        """Raises InvalidFrame."""
        handler = self._handlers.get(str(frame.get("type")))
        if handler is None:
            raise InvalidFrame(f"unknown type {frame.get('type')!r}")
        handler(frame)

    def _speak(self, frame: Frame) -> None:
        """`last` counts as false where it is missing, which is not documented."""
        token, is_last = text_of(frame, "token"), flag_of(frame, "last") or False
        language = text_of(frame, "lang", default="")
        cut_by, preemptible = interruptible_of(frame), flag_of(frame, "preemptible")
        if language and not self._state.settings.languages.has(language):
            self._complain(f"64106 lang {language!r} is not declared: the words are spoken by the voice in use")
        self._turns.answer_arrives(token=token, is_last=is_last)
        self._voice.add_text(
            token,
            is_last=is_last,
            beginning=lambda: self._state.message(interrupted_by=cut_by, is_preemptible=preemptible, language=language),
        )

    def _play(self, frame: Frame) -> None:
        source, loop = text_of(frame, "source"), frame.get("loop", 1)
        if not source.startswith(("http://", "https://")):
            raise InvalidFrame("source must be a URL")
        if not isinstance(loop, int) or isinstance(loop, bool) or loop < 0:
            raise InvalidFrame("loop must be a whole number")
        message = self._state.message(
            interrupted_by=interruptible_of(frame), is_preemptible=flag_of(frame, "preemptible")
        )
        message.source, message.loop, message.is_complete = source, loop, True
        self._turns.answer_arrives(token="", is_last=False)
        self._voice.add(message)

    def _send_digits(self, frame: Frame) -> None:
        digits = text_of(frame, "digits")
        if not DIGITS.fullmatch(digits):
            raise InvalidFrame("digits may hold 0-9, *, #, A-D, w and W")
        message = self._state.message()
        message.digits, message.is_complete = digits, True
        self._voice.add(message, after_seconds=0.0)

    def _end(self, frame: Frame) -> None:
        """Ends at once: speech still queued is not waited for."""
        handoff = None if frame.get("handoffData") is None else text_of(frame, "handoffData")
        waiting = self._voice.waiting_text()
        if waiting:
            self._complain(f"end frame cut {len(waiting)} characters not yet spoken")
        self._turns.answer_arrives(token="", is_last=True)
        self._outcome.status, self._outcome.handoff_data = "ended", handoff
        self.has_ended = True

    def _switch_language(self, frame: Frame) -> None:
        spoken, heard = text_of(frame, "ttsLanguage", default=""), text_of(frame, "transcriptionLanguage", default="")
        if not spoken and not heard:
            raise InvalidFrame("ttsLanguage or transcriptionLanguage is missing")
        for language in filter(None, (spoken, heard)):
            if not self._state.settings.languages.has(language):
                raise InvalidFrame(f"{language!r} is declared neither by an attribute nor by a Language")
        self._state.spoken, self._state.heard = spoken or self._state.spoken, heard or self._state.heard

    def _configure(self, frame: Frame) -> None:
        """Since October 2026. Its shape is not documented: attributes beside `type`, or in an object `config`."""
        inner = frame.get("config")
        given = inner if isinstance(inner, dict) else {name: frame[name] for name in frame if name != "type"}
        changes = {name: as_attribute(value) for name, value in given.items() if name in CHANGEABLE}
        if set(given) - set(changes):
            self._complain(f"64107 config: {', '.join(sorted(set(given) - set(changes)))} cannot be changed")
        try:
            self._state.settings = self._state.settings.changed(changes)
        except RelayFailed as failure:
            raise InvalidFrame(str(failure)) from failure
        self._voice.tell("configUpdated", " ".join(sorted(changes)))

    def _hint(self, frame: Frame) -> None:
        """Since October 2026. Its shape is not documented, and this recogniser needs no hints."""

    def _complain(self, text: str) -> None:
        self._voice.line.call.complaints.append(text)


def text_of(frame: Frame, name: str, *, default: str | None = None) -> str:
    value = frame.get(name, default)
    if not isinstance(value, str):
        raise InvalidFrame(f"{name} must be text")
    return value


def flag_of(frame: Frame, name: str) -> bool | None:
    value = frame.get(name)
    if not isinstance(value, bool | None):
        raise InvalidFrame(f"{name} must be true or false")
    return value


def interruptible_of(frame: Frame) -> frozenset[str] | None:
    """true and false, or the words of the attribute; None when the frame does not say."""
    value = frame.get("interruptible")
    if value is None:
        return None
    word = as_attribute(value)
    if word not in (*INPUTS, "true", "false"):
        raise InvalidFrame("interruptible must be true or false")
    return input_kinds(word)


def as_attribute(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

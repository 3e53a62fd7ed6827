"""Clock readings taken from outside the product, in seconds of this process's time.monotonic()."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class RelayTurn:
    """`overtaken`: no answer was due, because the person spoke again or hung up first."""

    call_sid: str
    custom_parameters: dict[str, str]
    prompt_sent_at: float
    first_text_at: float | None = None
    last_text_at: float | None = None
    answered: bool = False
    overtaken: bool = False


@dataclass
class GatherTurn:
    call_sid: str
    action_url: str
    posted_at: float
    twiml_at: float | None = None
    first_clip_requested_at: float | None = None
    first_clip_first_byte_at: float | None = None


@dataclass
class ModelRequest:
    client_request_id: str
    received_at: float
    first_token_at: float | None = None
    first_sentence_at: float | None = None
    finished_at: float | None = None


@dataclass
class SpeechRequest:
    received_at: float
    characters: int
    first_byte_at: float | None = None
    finished_at: float | None = None


@dataclass
class Timings:
    relay_turns: list[RelayTurn] = field(default_factory=list)
    gather_turns: list[GatherTurn] = field(default_factory=list)
    model_requests: list[ModelRequest] = field(default_factory=list)
    speech_requests: list[SpeechRequest] = field(default_factory=list)

    def reset(self) -> None:
        for readings in (self.relay_turns, self.gather_turns, self.model_requests, self.speech_requests):
            readings.clear()

    def body(self) -> dict[str, Any]:
        return asdict(self)

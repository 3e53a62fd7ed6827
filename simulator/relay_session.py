"""<ConversationRelay>: the client side of the socket, as Twilio plays it.

https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
"""

import asyncio
import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import aiohttp
from yarl import URL

from simulator.call_record import make_sid
from simulator.handset_context import HandsetContext
from simulator.relay_voice import RelayVoice
from simulator.speech import choose_voice
from simulator.timings import RelayTurn
from simulator.twiml import Document, is_true

CONNECT_SECONDS = 5.0
CLOSE_TIMEOUT = aiohttp.ClientWSTimeout(ws_close=2.0)
SETUP_SECONDS = 0.4
ENDPOINTING_SECONDS = 0.35
MALFORMED_LIMIT = 10
CLOSING_WORDS = b"Closing websocket session"


@dataclass
class RelayOutcome:
    """What the Connect action is told. The default stands for a call that ended under the session."""

    session_id: str = ""
    status: str = "completed"
    handoff_data: str | None = None
    error_code: int = 0
    error_message: str = ""
    started_at: float = 0.0
    seconds: float = 0.0

    def fields(self) -> dict[str, str]:
        fields = {
            "SessionId": self.session_id,
            "SessionStatus": self.status,
            "SessionDuration": str(round(self.seconds)),
        }
        if self.handoff_data is not None:
            fields["HandoffData"] = self.handoff_data
        if self.error_code:
            fields |= {"ErrorCode": str(self.error_code), "ErrorMessage": self.error_message}
        return fields

    def fail(self, code: int, message: str) -> None:
        self.status, self.error_code, self.error_message = "failed", code, message


class RelaySession:
    def __init__(
        self, context: HandsetContext, document: Document, noun: ElementTree.Element, outcome: RelayOutcome
    ) -> None:
        self._context, self._outcome, self._noun = context, outcome, noun
        self._url = document.resolve(noun.get("url", "")) if "://" not in noun.get("url", "") else noun.get("url", "")
        self._parameters = {child.get("name", ""): child.get("value", "") for child in noun.findall("Parameter")}
        self._language = noun.get("transcriptionLanguage") or noun.get("language", "en-US")
        voice_language = noun.get("ttsLanguage") or noun.get("language")
        voice = choose_voice(noun.get("voice", "default"), voice_language or "en-US")
        self._voice = RelayVoice(context.line, voice, context.network.clips, self._tell)
        self._events = noun.get("events", "").split()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._turn: RelayTurn | None = None
        self._prompts = self._malformed = 0
        self._is_over_speech = False
        self.hears_speech = True

    async def run(self) -> None:
        """Fills the outcome; cancelled when the call ends or is redirected."""
        self._outcome.session_id = make_sid("VX")
        self._outcome.started_at = self._context.line.now()
        try:
            relay = await self._connect()
        except (aiohttp.ClientError, ConnectionError, TimeoutError, ValueError) as error:
            self._outcome.fail(64102, "Unable to connect to the websocket server")
            self._context.call.complaints.append(f"64102 {self._url}: {error or type(error).__name__}")
            return
        speaking = asyncio.create_task(self._voice.speak_forever())
        self._context.line.start_listening(self)
        try:
            await self._converse(relay)
        finally:
            await self._leave(speaking)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        client = self._context.network.webhooks
        if not self._url.startswith(("ws://", "wss://")):
            raise ValueError("the url must be a WebSocket address")
        headers = {"X-Twilio-Signature": client.sign(self._url, {}), "User-Agent": "Jetty/11.0.24"}
        async with asyncio.timeout(CONNECT_SECONDS):
            self._socket = relay = await client.session.ws_connect(
                URL(self._url, encoded=True), headers=headers, max_msg_size=1 << 20, timeout=CLOSE_TIMEOUT
            )
        self._context.call.custom_parameters.update(self._parameters)
        await self._context.network.pace.sleep(SETUP_SECONDS)
        await self._send(self._setup_frame())
        greeting = self._noun.get("welcomeGreeting", "")
        if greeting:
            can_interrupt = self._noun.get("welcomeGreetingInterruptible", "any") in ("any", "speech", "true")
            self._voice.add_text(greeting, is_last=True, interruptible=can_interrupt)
        return relay

    def _setup_frame(self) -> dict[str, Any]:
        call = self._context.call
        return {
            "type": "setup",
            "sessionId": self._outcome.session_id,
            "accountSid": call.account_sid,
            "parentCallSid": "",
            "callSid": call.sid,
            "from": call.from_,
            "to": call.to,
            "forwardedFrom": "",
            "callerName": "",
            "direction": "outbound-api",
            "callType": "PSTN",
            "callStatus": "IN_PROGRESS",
            "customParameters": self._parameters,
        }

    async def _converse(self, relay: aiohttp.ClientWebSocketResponse) -> None:
        async for message in relay:
            if message.type is not aiohttp.WSMsgType.TEXT:
                await self._refuse("only text frames are allowed")
            elif await self._obey(message.data):
                return
            if self._malformed >= MALFORMED_LIMIT:
                self._outcome.fail(64107, "Too many invalid messages")
                await relay.close(code=1007, message=b"Too many invalid messages")
                return
        self._outcome.fail(64105, "Websocket ended")

    async def _obey(self, data: str) -> bool:
        """True when the frame ends the session."""
        try:
            frame = json.loads(data)
            kind = frame["type"]
            handler = getattr(self, f"_on_{kind}", None)
            if handler is None:
                raise ValueError(f"unknown type {kind}")
            is_over = bool(handler(frame))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            await self._refuse(str(error) or type(error).__name__)
            return False
        self._malformed = 0
        return is_over

    def _on_text(self, frame: dict[str, Any]) -> None:
        token, is_last = frame["token"], frame.get("last", True)
        if not isinstance(token, str) or not isinstance(is_last, bool):
            raise ValueError("token must be text and last a boolean")
        self._note_answer(token=token, is_last=is_last)
        interruptible = self._can_interrupt(frame.get("interruptible"))
        self._voice.add_text(token, is_last=is_last, interruptible=interruptible)

    def _on_play(self, frame: dict[str, Any]) -> None:
        source, loop = frame["source"], int(frame.get("loop", 1))
        if not str(source).startswith(("http://", "https://")):
            raise ValueError("source must be a URL")
        self._note_answer(token="", is_last=False)
        self._voice.add_clip(source, loop, interruptible=self._can_interrupt(frame.get("interruptible")))

    def _on_end(self, frame: dict[str, Any]) -> bool:
        """Ends at once: speech still queued is not waited for."""
        handoff = frame.get("handoffData")
        if handoff is not None and not isinstance(handoff, str):
            raise ValueError("handoffData must be a string")
        waiting = self._voice.waiting_text()
        if waiting:
            self._context.call.complaints.append(f"end frame cut {len(waiting)} characters not yet spoken")
        self._note_answer(token="", is_last=True)
        self._outcome.status, self._outcome.handoff_data = "ended", handoff
        return True

    def _on_language(self, frame: dict[str, Any]) -> None:
        self._language = frame.get("transcriptionLanguage", self._language)
        if "ttsLanguage" in frame:
            self._voice.voice = choose_voice(self._noun.get("voice", "default"), frame["ttsLanguage"])

    def _on_sendDigits(self, frame: dict[str, Any]) -> None:  # noqa: N802  (named after its frame)
        str(frame["digits"])

    def _on_config(self, frame: dict[str, Any]) -> None:
        """Since October 2026; its shape is not documented well enough to check it."""

    def _on_hints(self, frame: dict[str, Any]) -> None:
        """As config."""

    def _can_interrupt(self, wish: object) -> bool:
        if isinstance(wish, bool):
            return wish
        return self._noun.get("interruptible", "any") in ("any", "speech", "true")

    def _note_answer(self, *, token: str, is_last: bool) -> None:
        turn = self._turn
        if turn is None:
            return
        turn.answered = True
        if token and turn.first_text_at is None:
            turn.first_text_at = time.monotonic()
        if is_last:
            turn.last_text_at = time.monotonic()
            self._turn = None

    async def _refuse(self, reason: str) -> None:
        self._malformed += 1
        self._context.call.complaints.append(f"64107 invalid frame: {reason}")
        await self._send({"type": "error", "description": f"Invalid message received, code: 64107, {reason}"})

    def speech_started(self) -> None:
        self._background(self._tell("clientSpeaking", "on"))
        self._is_over_speech = False
        if not self._context.line.floor_is_taken:
            return
        interruption = self._voice.interrupt()
        if interruption is None:
            self._is_over_speech = bool(self._voice.queue)
            return
        frame = {
            "type": "interrupt",
            "utteranceUntilInterrupt": interruption.heard,
            "durationUntilInterruptMs": interruption.after_ms,
        }
        self._background(self._send(frame))

    def speech_ended(self, words: str) -> None:
        self._background(self._tell("clientSpeaking", "off"))
        may_report = self._noun.get("reportInputDuringAgentSpeech", "none") in ("any", "speech")
        if not self._is_over_speech or may_report:
            self._background(self._prompt(words))

    async def _prompt(self, words: str) -> None:
        if is_true(self._noun, "partialPrompts"):
            await self._send(self._prompt_frame(words.rpartition(" ")[0] or words, is_last=False))
        await self._context.network.pace.sleep(ENDPOINTING_SECONDS)
        if self._socket is None or self._socket.closed:
            return
        self._overtake_turn()
        self._voice.is_muted = False
        turn = RelayTurn(self._context.call.sid, dict(self._parameters), time.monotonic())
        self._turn = turn
        self._context.network.timings.relay_turns.append(turn)
        await self._send(self._prompt_frame(words, is_last=True))
        self._prompts += 1
        await self._suffer_drop()

    def _prompt_frame(self, words: str, *, is_last: bool) -> dict[str, Any]:
        return {"type": "prompt", "voicePrompt": words, "lang": self._language, "last": is_last}

    async def _suffer_drop(self) -> None:
        faults = self._context.network.faults
        if self._socket and faults.drop_relay_after_prompts and self._prompts >= faults.drop_relay_after_prompts:
            faults.drop_relay_after_prompts = 0
            self._socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def key_pressed(self, digit: str) -> None:
        if is_true(self._noun, "dtmfDetection"):
            self._background(self._send({"type": "dtmf", "digit": digit}))

    async def _tell(self, name: str, value: str) -> None:
        wanted = {"tokensPlayed": "tokens-played"}.get(name, "speaker-events")
        if wanted in self._events:
            await self._send({"type": "info", "name": name, "value": value})

    async def _send(self, frame: dict[str, Any]) -> None:
        """A socket that the other side has closed is noticed by the reading loop."""
        if self._socket is None or self._socket.closed:
            return
        try:
            await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
        except (aiohttp.ClientError, ConnectionError) as error:
            self._context.call.complaints.append(f"64105 {type(error).__name__}")

    def _background(self, work: Any) -> None:
        self._context.network.start_task(work)

    def _overtake_turn(self) -> None:
        if self._turn is not None and not self._turn.answered:
            self._turn.overtaken = True
        self._turn = None

    async def _leave(self, speaking: "asyncio.Task[None]") -> None:
        self._context.line.stop_listening(self)
        self._voice.stop()
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        self._overtake_turn()
        self._outcome.seconds = self._context.line.now() - self._outcome.started_at
        if self._socket is not None and not self._socket.closed:
            await self._socket.close(code=1000, message=CLOSING_WORDS)

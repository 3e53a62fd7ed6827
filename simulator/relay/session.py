"""<ConversationRelay>: the client side of the socket, as Twilio plays it.

https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
"""

import asyncio
import json
import socket
from collections.abc import Coroutine
from typing import Any
from xml.etree import ElementTree

import aiohttp
from yarl import URL

from simulator.handset.context import HandsetContext
from simulator.handset.twiml import Document, is_true
from simulator.relay.orders import InvalidFrame, RelayOrders
from simulator.relay.outcome import RelayOutcome
from simulator.relay.turns import RelayTurns
from simulator.relay.voice import RelayVoice
from simulator.sound.speech import choose_voice
from simulator.twilio.call_record import make_sid

CONNECT_SECONDS = 5.0
CLOSE_TIMEOUT = aiohttp.ClientWSTimeout(ws_close=2.0)
LARGEST_FRAME = 1 << 20
SETUP_SECONDS = 0.4
ENDPOINTING_SECONDS = 0.35
MALFORMED_LIMIT = 10
CLOSING_WORDS = b"Closing websocket session"
BY_SPEECH = ("any", "speech", "true")


class RelaySession:
    def __init__(
        self, context: HandsetContext, document: Document, noun: ElementTree.Element, outcome: RelayOutcome
    ) -> None:
        self._context, self._outcome, self._noun = context, outcome, noun
        url = noun.get("url", "")
        self._url = url if "://" in url else document.resolve(url)
        self._parameters = {child.get("name", ""): child.get("value", "") for child in noun.findall("Parameter")}
        language = noun.get("ttsLanguage", noun.get("language", "en-US"))
        voice = choose_voice(noun.get("voice", "default"), language)
        self._voice = RelayVoice(context.line, voice, context.network.clips, self._tell)
        self._turns = RelayTurns(context.network.timings, context.call.sid, self._parameters)
        self._orders = RelayOrders(noun, self._voice, self._turns, outcome)
        self._events = noun.get("events", "").split()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
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
            self._complain(f"64102 {self._url}: {error or type(error).__name__}")
            return
        self._context.recorder.drop_those_ordered_by_rest()
        speaking = asyncio.create_task(self._voice.speak_forever())
        self._context.line.start_listening(self)
        try:
            await self._converse(relay)
        finally:
            await self._leave(speaking)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        client = self._context.network.webhooks
        if self._url.startswith("ws://") and not self._context.network.options.allow_plain_ws:
            raise ValueError("the url must begin with wss:// (this network takes ws:// with --allow-plain-ws)")
        if not self._url.startswith(("ws://", "wss://")):
            raise ValueError("the url must begin with wss://")
        headers = {"X-Twilio-Signature": client.sign(self._url, {}), "User-Agent": "Jetty/11.0.24"}
        async with asyncio.timeout(CONNECT_SECONDS):
            self._socket = await client.session.ws_connect(
                URL(self._url, encoded=True), headers=headers, max_msg_size=LARGEST_FRAME, timeout=CLOSE_TIMEOUT
            )
        self._context.call.custom_parameters.update(self._parameters)
        await self._context.network.pace.sleep(SETUP_SECONDS)
        await self._send(self._setup_frame())
        self._greet()
        return self._socket

    def _greet(self) -> None:
        greeting = self._noun.get("welcomeGreeting", "")
        if greeting:
            can_interrupt = self._noun.get("welcomeGreetingInterruptible", "any") in BY_SPEECH
            self._voice.add_text(greeting, is_last=True, interruptible=can_interrupt)

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
        """Until the application ends the session, closes the socket or talks nonsense."""
        async for message in relay:
            await self._obey(message)
            if self._orders.has_ended:
                return
            if self._malformed >= MALFORMED_LIMIT:
                self._outcome.fail(64107, "Too many invalid messages")
                await relay.close(code=1007, message=b"Too many invalid messages")
                return
        self._outcome.fail(64105, "Websocket ended")

    async def _obey(self, message: aiohttp.WSMessage) -> None:
        try:
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise InvalidFrame("only text frames are allowed")
            self._orders.obey(message.data)
        except InvalidFrame as error:
            self._malformed += 1
            self._complain(f"64107 invalid frame: {error}")
            await self._send({"type": "error", "description": f"Invalid message received, code: 64107, {error}"})
        else:
            self._malformed = 0

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
        may_report = self._noun.get("reportInputDuringAgentSpeech", "none") in BY_SPEECH
        if not self._is_over_speech or may_report:
            self._background(self._prompt(words))

    async def _prompt(self, words: str) -> None:
        if is_true(self._noun, "partialPrompts"):
            await self._send(self._prompt_frame(words.rpartition(" ")[0] or words, is_last=False))
        await self._context.network.pace.sleep(ENDPOINTING_SECONDS)
        if self._socket is None or self._socket.closed:
            return
        self._voice.is_muted = False
        self._turns.prompt_leaves()
        await self._send(self._prompt_frame(words, is_last=True))
        self._prompts += 1
        self._suffer_drop()

    def _prompt_frame(self, words: str, *, is_last: bool) -> dict[str, Any]:
        return {"type": "prompt", "voicePrompt": words, "lang": self._orders.language, "last": is_last}

    def _suffer_drop(self) -> None:
        """Cuts the connection once, without a closing frame."""
        faults = self._context.network.faults
        if self._socket and faults.drop_relay_after_prompts and self._prompts >= faults.drop_relay_after_prompts:
            faults.drop_relay_after_prompts = 0
            self._socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def key_pressed(self, digit: str) -> None:
        if is_true(self._noun, "dtmfDetection"):
            self._background(self._send({"type": "dtmf", "digit": digit}))

    async def _tell(self, name: str, value: str) -> None:
        wanted = "tokens-played" if name == "tokensPlayed" else "speaker-events"
        if wanted in self._events:
            await self._send({"type": "info", "name": name, "value": value})

    async def _send(self, frame: dict[str, Any]) -> None:
        """A socket that the other side has closed is noticed by the reading loop."""
        if self._socket is None or self._socket.closed:
            return
        try:
            await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
        except (aiohttp.ClientError, ConnectionError) as error:
            self._complain(f"64105 {type(error).__name__}")

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        self._context.network.start_task(work)

    def _complain(self, text: str) -> None:
        self._context.call.complaints.append(text)

    async def _leave(self, speaking: "asyncio.Task[None]") -> None:
        self._context.line.stop_listening(self)
        self._voice.stop()
        speaking.cancel()
        (failure,) = await asyncio.gather(speaking, return_exceptions=True)
        if isinstance(failure, Exception):
            self._complain(f"the simulator itself failed: {failure!r}")
        self._turns.overtake()
        self._outcome.seconds = self._context.line.now() - self._outcome.started_at
        if self._socket is not None and not self._socket.closed:
            await self._socket.close(code=1000, message=CLOSING_WORDS)

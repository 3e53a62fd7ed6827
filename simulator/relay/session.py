"""<ConversationRelay>: the client side of the socket, as Twilio plays it.

https://www.twilio.com/docs/voice/conversationrelay/websocket-messages
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import aiohttp

from simulator.handset.context import HandsetContext
from simulator.relay import frames
from simulator.relay.failure import RelayFailed
from simulator.relay.hearing import Hearing
from simulator.relay.orders import InvalidFrame, RelayOrders
from simulator.relay.outcome import RelayOutcome
from simulator.relay.settings import RelaySettings, read_settings, warnings
from simulator.relay.socket import CONNECT_FAILURES, RelaySocket
from simulator.relay.state import RelayState
from simulator.relay.transcriber import Transcriber
from simulator.relay.turns import RelayTurns
from simulator.relay.voice import RelayVoice
from simulator.twilio.call_record import make_sid

SETUP_SECONDS = 0.4
GREETING_SECONDS = 0.7
MALFORMED_LIMIT = 10
CLOSING = (1000, "Closing websocket session")
TOO_MANY_MALFORMED = (1007, "Too many consecutive malformed messages.")
SERVER_ERROR = (1011, "Session failed")
"""How Twilio closes the socket when the session fails on its own side is not documented."""


class RelaySession:
    def __init__(self, context: HandsetContext, noun: ElementTree.Element, outcome: RelayOutcome) -> None:
        self._context, self._noun, self._outcome = context, noun, outcome
        self._failure: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._closing = CLOSING
        self._malformed = 0

    async def run(self) -> None:
        """Fills the outcome; cancelled when the call ends or is redirected."""
        self._outcome.session_id = make_sid("VX")
        self._outcome.started_at = self._context.line.now()
        try:
            settings = read_settings(self._noun, allow_plain_ws=self._context.network.options.allow_plain_ws)
            self._context.call.complaints.extend(warnings(self._noun))
            with self._counted():
                await self._hold(settings)
        except RelayFailed as failure:
            self._outcome.fail(failure)
            self._complain(str(failure))
        finally:
            self._outcome.seconds = self._context.line.now() - self._outcome.started_at

    @contextmanager
    def _counted(self) -> Iterator[None]:
        network = self._context.network
        if network.relay_sessions >= network.options.max_relay_sessions:
            raise RelayFailed(64109)
        network.relay_sessions += 1
        try:
            yield
        finally:
            network.relay_sessions -= 1

    async def _hold(self, settings: RelaySettings) -> None:
        self._assemble(settings)
        speaking = asyncio.create_task(self._voice.speak_forever())
        try:
            await self._connect()
            self._context.recorder.drop_those_ordered_by_rest()
            self._context.line.start_listening(self._hearing)
            await self._converse()
        finally:
            await self._leave(speaking)

    def _assemble(self, settings: RelaySettings) -> None:
        context = self._context
        self._settings, self._state = settings, RelayState.beginning(settings)
        self._relay = RelaySocket(context.network.webhooks, context.network.pace, settings.url)
        self._voice = RelayVoice(context.line, context.network.clips, self._tell)
        self._turns = RelayTurns(context.network.timings, context.call.sid, dict(settings.parameters))
        self._orders = RelayOrders(self._state, self._voice, self._turns, self._outcome)
        transcriber = Transcriber(
            context, self._state, self._relay, self._turns, sent=self._prompt_left, failed=self._fail
        )
        self._hearing = Hearing(context, self._state, self._relay, self._voice, transcriber, self._tell)

    async def _connect(self) -> None:
        network, call = self._context.network, self._context.call
        if network.faults.strikes("relay_unreachable", number=call.to):
            raise RelayFailed(64102)
        try:
            await self._relay.open()
        except CONNECT_FAILURES as error:
            raise RelayFailed(64102, f"{self._settings.url}: {error or type(error).__name__}") from error
        call.custom_parameters.update(self._settings.parameters)
        await network.pace.sleep(SETUP_SECONDS)
        self._relay.post(self._setup())
        if self._settings.greeting:
            self._voice.add(self._state.greeting(), after_seconds=GREETING_SECONDS)
        self._suffer_error(prompts=0)

    def _setup(self) -> frames.Frame:
        return frames.setup(self._context.call, self._outcome.session_id, self._settings.parameters)

    async def _converse(self) -> None:
        """Until the application ends the session, the socket breaks, or something fails on this side."""
        reading = asyncio.create_task(self._read())
        try:
            endings: set[asyncio.Future[Any]] = {reading, self._failure}
            await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            (result,) = await asyncio.gather(reading, return_exceptions=True)
        if self._failure.done():
            self._closing = SERVER_ERROR
            raise RelayFailed(self._failure.result())
        if isinstance(result, Exception):
            raise result

    async def _read(self) -> None:
        while True:
            async for message in self._relay.messages():
                self._receive(message)
                if self._orders.has_ended:
                    return
            if not self._settings.is_on("applicationReconnect") or not await self._relay.reopen(self._setup()):
                raise RelayFailed(64105)

    def _receive(self, message: aiohttp.WSMessage) -> None:
        """Ten in a row that are no JSON end the session; JSON that makes no sense never does."""
        text = message.data if isinstance(message.data, str) else repr(message.data)
        try:
            self._orders.obey(read_frame(message))
            self._malformed = 0
        except InvalidFrame as error:
            self._reject(text, str(error))
            self._malformed = 0
        except ValueError as error:
            self._reject(text, str(error))
            self._malformed += 1
            if self._malformed >= MALFORMED_LIMIT:
                self._closing = TOO_MANY_MALFORMED
                raise RelayFailed(64105) from error

    def _reject(self, text: str, reason: str) -> None:
        self._complain(f"64107 invalid frame: {reason}")
        self._relay.post(frames.error(text))

    def _prompt_left(self, prompts: int) -> None:
        """Cuts the connection once, or ends the session, as the faults say."""
        faults = self._context.network.faults
        after = faults.drop_relay_after_prompts
        if after and prompts >= after and faults.strikes("drop_relay_after_prompts", number=self._context.call.to):
            faults.drop_relay_after_prompts = 0
            asyncio.get_running_loop().call_soon(self._relay.cut)
        self._suffer_error(prompts=prompts)

    def _suffer_error(self, *, prompts: int) -> None:
        faults = self._context.network.faults
        if prompts < faults.relay_error_after_prompts:
            return
        if faults.strikes("relay_error_code", number=self._context.call.to):
            self._fail(faults.relay_error_code)

    def _fail(self, code: int) -> None:
        if not self._failure.done():
            self._failure.set_result(code)

    def _tell(self, name: str, value: str) -> None:
        if frames.EVENT_OF[name] in self._state.settings.events:
            self._relay.post(frames.info(name, value))

    def _complain(self, text: str) -> None:
        self._context.call.complaints.append(text)

    async def _leave(self, speaking: "asyncio.Task[None]") -> None:
        self._context.line.stop_listening(self._hearing)
        self._hearing.stop()
        if self._context.line.ended.done():
            self._hearing.hang_up()
        self._voice.stop()
        speaking.cancel()
        (failure,) = await asyncio.gather(speaking, return_exceptions=True)
        if isinstance(failure, Exception):
            self._complain(f"the simulator itself failed: {failure!r}")
        self._turns.overtake()
        await self._relay.close(*self._closing)


def read_frame(message: aiohttp.WSMessage) -> frames.Frame:
    """Raises ValueError for what is no JSON object."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise ValueError("only text frames are allowed")
    frame = json.loads(message.data)
    if not isinstance(frame, dict):
        raise ValueError("not an object")
    return frame

"""One call's conversation over the carrier's socket: what its frames mean, the silence timer, and the end.

The carrier listens and speaks; we exchange text. What the door must know of the campaign came with the call's
instructions as parameters, so that no database is asked.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from calls.conversation.heard import NOTHING, OPT_OUT_KEY, key_press
from calls.conversation.lines import Line, line
from calls.conversation.opt_out import refuses_calls
from calls.conversation.rescue import obey_wish
from calls.sockets.open_turn import OpenTurn
from calls.sockets.rescuing import rescue
from calls.sockets.speaker import Speaker
from calls.sockets.timers import Timers

Frame = dict[str, Any]

END_MARGIN_SECONDS = 1.0
NORMAL_CLOSURE = 1000
"""The call is over. Any other closure is an accident, and another socket may go on with the open turn."""
POLICY_VIOLATION = 1008
ERROR_CODE = re.compile(r"code: (\d{1,6})")

log = structlog.get_logger(__name__)


class Relay:
    """A call may see several sockets, one after the other: each goes on where the last one was cut."""

    def __init__(
        self,
        *,
        call_id: UUID,
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self.call_id = call_id
        self._receive = receive
        self._send = send
        self._timers = Timers()
        self._speaker = Speaker(
            call_id=call_id, send_frame=self._send_frame, timers=self._timers, when_said=self._on_said
        )
        self._silence_seconds = 0.0
        self._end_reason = ""
        self._handlers: dict[str, Callable[[Frame], Awaitable[None]]] = {
            "setup": self._on_setup,
            "prompt": self._on_prompt,
            "interrupt": self._on_interrupt,
            "dtmf": self._on_dtmf,
            "info": self._on_info,
            "error": self._on_error,
        }

    async def run(self) -> None:
        """Until the carrier leaves."""
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                await self._on_frame(message.get("text") or "")
            if message.get("code") == NORMAL_CLOSURE:
                await self._speaker.cut_short()
        finally:
            self._timers.clear_all()
            self._speaker.close()

    # --- What the carrier tells ----------------------------------------------------------------------------------

    async def _on_frame(self, text: str) -> None:
        try:
            frame = json.loads(text)
            handler = self._handlers[frame["type"]]
        except (ValueError, KeyError, TypeError):
            log.warning("relay_frame_not_understood", call=str(self.call_id))
            return
        await handler(frame)

    async def _on_setup(self, frame: Frame) -> None:
        parameters = frame.get("customParameters") or {}
        if frame.get("accountSid") != settings.TWILIO_ACCOUNT_SID or parameters.get("call_id") != str(self.call_id):
            log.warning("relay_setup_refused", call=str(self.call_id))
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        self._silence_seconds = float(parameters["silence_seconds"])
        self._speaker.begin(language=parameters["language"], sequence=int(parameters["sequence"]))
        match parameters.get("resumes"):
            case "turn":
                self._speaker.resume_turn()
            case "conversation":
                await self._speaker.say(line(Line.CUT_OFF, self._speaker.language))
        self._await_words()

    async def _on_prompt(self, frame: Frame) -> None:
        heard = str(frame.get("voicePrompt", "")).strip()
        if not heard or not frame.get("last", True) or not self._speaker.language:
            return
        await self._hear(heard)

    async def _hear(self, heard: str) -> None:
        """While the farewell is being spoken, only a wish not to be called again still counts."""
        if refuses_calls(heard):
            self._speaker.wish = heard
            rescue(obey_wish, call_id=self.call_id, wording=heard)
        if not self._end_reason:
            self._timers.clear("silence")
            await self._speaker.start_turn(heard)

    async def _on_interrupt(self, frame: Frame) -> None:
        await self._speaker.cut_short(str(frame.get("utteranceUntilInterrupt", "")))
        if self._end_reason:
            await self._end()
        else:
            self._await_words()

    async def _on_dtmf(self, frame: Frame) -> None:
        if frame.get("digit") == OPT_OUT_KEY:
            await self._hear(key_press(OPT_OUT_KEY))

    async def _on_info(self, frame: Frame) -> None:
        """The carrier tells when either side begins or ceases to speak (attribute `events`)."""
        match frame.get("name"), frame.get("value"):
            case "agentSpeaking", "off":
                if self._end_reason:
                    await self._end()
                elif not self._speaker.turn:
                    self._await_words()
            case "clientSpeaking", "on":
                self._timers.clear("silence")
            case "clientSpeaking", "off":
                self._await_words()

    async def _on_error(self, frame: Frame) -> None:
        """The description may repeat what was sent, and so words of the call: only its code is kept."""
        code = ERROR_CODE.search(str(frame.get("description", "")))
        log.warning("relay_error_frame", call=str(self.call_id), code=code[1] if code else "")

    # --- Silence and the end -------------------------------------------------------------------------------------

    def _await_words(self, after_seconds: float = 0.0) -> None:
        self._timers.set("silence", after_seconds + self._silence_seconds, self._on_silence)

    async def _on_silence(self) -> None:
        if not self._speaker.turn and not self._end_reason:
            await self._speaker.start_turn(NOTHING)

    async def _on_said(self, turn: OpenTurn) -> None:
        if turn.end_reason:
            self._end_reason = turn.end_reason
            self._timers.set("end", turn.speaking_seconds + END_MARGIN_SECONDS, self._end)
        else:
            self._await_words(turn.speaking_seconds)

    async def _end(self) -> None:
        """`end` closes the session at once, so it is sent when the farewell has been spoken, or should have been."""
        self._timers.clear("end", "silence")
        await self._speaker.end(self._end_reason)

    async def _send_frame(self, **frame: Any) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(frame, ensure_ascii=False)})

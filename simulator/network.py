"""Everything that the parts of one practice network share."""

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.elevenlabs.account import SpeechAccount
from simulator.faults import Faults, read_faults
from simulator.handset.clips import ClipStore
from simulator.handset.render_process import RenderProcess
from simulator.load import LoadMeter
from simulator.openai.allowance import Allowance
from simulator.openai.prompt_cache import PromptCache
from simulator.options import Options
from simulator.pace import Pace
from simulator.people.population import Population
from simulator.sound.speech import Synthesizer
from simulator.timings import Timings
from simulator.trust import trust_also
from simulator.twilio.account import Account
from simulator.twilio.application_record import ApplicationRecord
from simulator.twilio.call_events import note_on_calls
from simulator.twilio.call_record import CallRecord, utc_now
from simulator.twilio.recording_record import RecordingRecord
from simulator.twilio.webhook_client import WebhookClient

if TYPE_CHECKING:
    from simulator.handset.handset import Handset
    from simulator.twilio.exchange import Exchange

logger = logging.getLogger("simulator")
INSISTS_EVERY_SECONDS, INSISTS_TIMES = 0.5, 6


class Network:
    exchange: "Exchange"

    def __init__(self, options: Options) -> None:
        self.options = options
        self.pace = Pace(options.speed)
        self.started_at: datetime = utc_now()
        self.base_url = options.public_url.rstrip("/")
        self.listens_at = ""
        self.account = Account(options)
        self.applications: dict[str, ApplicationRecord] = {}
        self.calls: dict[str, CallRecord] = {}
        self.handsets: dict[str, Handset] = {}
        self.recordings: dict[str, RecordingRecord] = {}
        self.dial_log: list[dict[str, Any]] = []
        self.attempts: Counter[str] = Counter()
        self.speech = SpeechAccount(options, self.pace)
        self.relay_sessions = 0
        self.faults = Faults(seed=options.seed)
        if options.faults is not None:
            self.faults.update(read_faults(options.faults))
        self.timings = Timings()
        self.load = LoadMeter()
        self.population = Population.load(options)
        self.prompt_cache = PromptCache()
        self.allowance = Allowance(options.openai_requests_per_minute, options.speed)
        self.synthesizer = Synthesizer()
        self.renderer = RenderProcess(politeness=10)
        self.speech_maker = RenderProcess(politeness=0)
        self.webhooks = WebhookClient(options.auth_token, trust_also(options.ca_file))
        self.webhooks.observe = note_on_calls(self.calls)
        self.clips = ClipStore(self.webhooks)
        self._folder = tempfile.TemporaryDirectory(prefix="simulator-") if options.state_dir is None else None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closing = False

    @property
    def recordings_folder(self) -> Path:
        folder = self.options.state_dir or Path(self._folder.name if self._folder else "")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def start_task(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Nothing new begins while the network closes: what ends a call still asks for its news and recordings."""
        task = asyncio.create_task(work)
        if self._is_closing:
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._task_done)
        return task

    def _task_done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("a task failed", exc_info=task.exception())

    async def settle(self, seconds: float) -> None:
        """Waits for what is still under way, such as late callbacks and recordings."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def close(self) -> None:
        self._is_closing = True
        await self._cancel_tasks()
        await self.webhooks.close()
        await asyncio.gather(self.renderer.close(), self.speech_maker.close())
        self.synthesizer.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _cancel_tasks(self) -> None:
        """Again and again: a call that ends takes its time to say goodbye, which now it has not."""
        for _ in range(INSISTS_TIMES):
            for task in list(self._tasks):
                task.cancel()
            if self._tasks:
                await asyncio.wait(set(self._tasks), timeout=INSISTS_EVERY_SECONDS)


NETWORK = web.AppKey("network", Network)

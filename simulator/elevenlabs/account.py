"""The subscription behind the key: its credit, its concurrent requests, its history."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from simulator.elevenlabs.errors import SpeechRefused
from simulator.elevenlabs.plans import PLANS, Plan
from simulator.options import Options
from simulator.pace import Pace

QUEUE_SECONDS = 0.05
REMEMBERED_ITEMS = 1000
CREDIT_MONTH_SECONDS = 30 * 24 * 3600
OLD_NAME, NEW_NAME = "too_many_concurrent_requests", "concurrent_limit_exceeded"


@dataclass(frozen=True)
class HistoryItem:
    item_id: str
    request_id: str
    voice_id: str
    voice_name: str
    model_id: str
    text: str
    content_type: str
    output_format: str
    spent_before: int
    spent_after: int
    settings: dict[str, Any]
    order: Any
    made_at: int = field(default_factory=lambda: int(time.time()))

    def body(self) -> dict[str, Any]:
        return {
            "history_item_id": self.item_id,
            "request_id": self.request_id,
            "voice_id": self.voice_id,
            "voice_name": self.voice_name,
            "voice_category": "premade",
            "model_id": self.model_id,
            "text": self.text,
            "date_unix": self.made_at,
            "character_count_change_from": self.spent_before,
            "character_count_change_to": self.spent_after,
            "content_type": self.content_type,
            "state": "created",
            "settings": self.settings,
            "source": "TTS",
            "output_format": self.output_format,
        }


class SpeechAccount:
    def __init__(self, options: Options, pace: Pace) -> None:
        self.plan: Plan = PLANS[options.elevenlabs_tier]
        self.credits: int = options.elevenlabs_credits or self.plan.credits
        self.spent = 0
        self.opened_at = int(time.time())
        self.history: OrderedDict[str, HistoryItem] = OrderedDict()
        self.running: Counter[str] = Counter()
        self._pace = pace
        self._freed = asyncio.Event()
        self._busy_name = OLD_NAME if options.elevenlabs_errors == "old" else NEW_NAME

    def check_credit(self, wanted: int) -> None:
        left = self.credits - self.spent
        if wanted > left:
            message = (
                f"This request exceeds your quota of {self.credits}. "
                f"You have {max(0, left)} credits remaining, while {wanted} credits are required for this request."
            )
            raise SpeechRefused(401, "quota_exceeded", message)

    def remember(self, item: HistoryItem) -> None:
        self.history[item.item_id] = item
        if len(self.history) > REMEMBERED_ITEMS:
            self.history.popitem(last=False)

    @asynccontextmanager
    async def place(self, group: str) -> AsyncIterator[int]:
        """One of the plan's concurrent requests; yields how many run. More wait a moment and are then refused."""
        await self._wait_for_place(group)
        self.running[group] += 1
        try:
            yield self.running[group]
        finally:
            self.running[group] -= 1
            self._freed.set()

    async def _wait_for_place(self, group: str) -> None:
        try:
            async with asyncio.timeout(self._pace.wait_seconds(QUEUE_SECONDS, at_least=QUEUE_SECONDS)):
                while self.running[group] >= self.plan.concurrency(group):
                    self._freed.clear()
                    await self._freed.wait()
        except TimeoutError as error:
            message = (
                f"Too many concurrent requests. Your current subscription is associated with a maximum of "
                f"{self.plan.concurrency(group)} concurrent requests (running at the same time)."
            )
            raise SpeechRefused(429, self._busy_name, message) from error

    def subscription(self) -> dict[str, Any]:
        return {
            "tier": self.plan.tier,
            "status": "active",
            "character_count": self.spent,
            "character_limit": self.credits,
            "max_character_limit_extension": None,
            "max_credit_limit_extension": 0,
            "can_extend_character_limit": False,
            "allowed_to_extend_character_limit": False,
            "next_character_count_reset_unix": self.opened_at + CREDIT_MONTH_SECONDS,
            "voice_slots_used": 0,
            "professional_voice_slots_used": 0,
            "professional_voice_slots_used_in_workspace": 0,
            "voice_limit": 160,
            "max_voice_add_edits": 485,
            "voice_add_edit_counter": 0,
            "professional_voice_limit": 1,
            "can_extend_voice_limit": False,
            "can_use_instant_voice_cloning": self.plan.includes("starter"),
            "can_use_professional_voice_cloning": self.plan.includes("creator"),
            "currency": "usd",
            "current_overage": {"amount": "0", "currency": "usd"},
            "billing_period": "monthly_period",
            "character_refresh_period": "monthly_period",
            "next_invoice": None,
            "open_invoices": [],
            "has_open_invoices": False,
            "pending_change": None,
        }

"""Sends what was recognised, and suffers what goes wrong with the recogniser."""

import random
from collections.abc import Callable

from simulator.handset.context import HandsetContext
from simulator.relay import frames
from simulator.relay.languages import MULTI
from simulator.relay.recognition import mishear, unfinished, unformatted
from simulator.relay.socket import RelaySocket
from simulator.relay.state import RelayState
from simulator.relay.turns import RelayTurns

DEAF_SECONDS = 5.0
"""How long Twilio waits for a recogniser that does not answer is not documented."""


class Transcriber:
    """`sent` is called with the number of prompts so far, `failed` with an error code."""

    def __init__(
        self,
        context: HandsetContext,
        state: RelayState,
        relay: RelaySocket,
        turns: RelayTurns,
        *,
        sent: Callable[[int], None],
        failed: Callable[[int], None],
    ) -> None:
        self._context, self._state, self._relay, self._turns = context, state, relay, turns
        self._sent, self._failed = sent, failed
        self._dice = random.Random(f"{context.network.options.seed}|{context.call.to}|{context.call.attempt}|relay")
        self._prompts = 0
        self._is_rescued = False

    def partial(self, words: str, *, is_whole: bool = False) -> None:
        shown = self._written(words if is_whole else unfinished(words))
        if shown and (self._is_rescued or not self._context.network.faults.relay_deaf):
            self._relay.post(frames.prompt(shown, self._language(), is_last=False))

    def recognise(self, words: str) -> str:
        """As heard by a recogniser that may be poor."""
        faults = self._context.network.faults
        if not self._strikes("relay_misheard"):
            return words
        return mishear(words, share=float(faults.relay_misheard), dice=self._dice)

    async def final(self, words: str) -> None:
        if not self._is_rescued and self._strikes("relay_deaf"):
            await self._stay_silent()
            return
        if self._strikes("relay_prompt_delay_ms"):
            await self._context.network.pace.sleep(self._context.network.faults.relay_prompt_delay_ms / 1000)
        self.tell(words)
        share = float(self._context.network.faults.relay_duplicate_prompts)
        if self._strikes("relay_duplicate_prompts") and self._dice.random() < share:
            self.tell(words)

    def tell(self, words: str) -> None:
        prompt = frames.prompt(self._written(words), self._language(), is_last=True)
        self._relay.post(prompt, self._leaves)

    def _leaves(self) -> None:
        self._turns.prompt_leaves()
        self._prompts += 1
        self._sent(self._prompts)

    async def _stay_silent(self) -> None:
        """A declared Failover of the recogniser saves the session, but not these words."""
        await self._context.network.pace.sleep(DEAF_SECONDS)
        if self._state.settings.has_failover("transcriptionProvider"):
            self._is_rescued = True
        else:
            self._failed(64114)

    def _written(self, words: str) -> str:
        return words if self._state.settings.formats_words else unformatted(words)

    def _language(self) -> str:
        """With `multi`, the primary tag of what was recognised."""
        if self._state.heard != MULTI:
            return self._state.heard
        person = self._context.network.population.personas.get(self._context.call.persona)
        return person.language.split("-")[0] if person else "en"

    def _strikes(self, name: str) -> bool:
        return self._context.network.faults.strikes(name, number=self._context.call.to)

"""How much of a prompt's beginning was seen before: from 1024 tokens on, in steps of 128, forgotten after ten minutes.

The steps and the ten minutes are not documented; the 1024 tokens are.
"""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from simulator.openai.reply import CHARACTERS_PER_TOKEN

FEWEST_TOKENS, STEP_TOKENS = 1024, 128
KEPT_SECONDS = 600.0
MOST_ENTRIES = 50_000


class PromptCache:
    """Prompts with different keys never meet, as they are sent to different machines."""

    def __init__(self) -> None:
        self._seen_at: OrderedDict[bytes, float] = OrderedDict()

    def read_tokens(self, key: str, prompt: str) -> int:
        """How many tokens of the prompt were known; all of them are, from now on."""
        now, known, is_known = time.monotonic(), 0, True
        for tokens, digest in prefixes(key, prompt):
            is_known = is_known and now - self._seen_at.get(digest, -KEPT_SECONDS) < KEPT_SECONDS
            known = tokens if is_known else known
            self._seen_at[digest] = now
            self._seen_at.move_to_end(digest)
        while len(self._seen_at) > MOST_ENTRIES:
            self._seen_at.popitem(last=False)
        return known


def prefixes(key: str, prompt: str) -> Iterator[tuple[int, bytes]]:
    """Each length that can be cached, with what identifies the text up to there."""
    hashed, done = hashlib.blake2b(key.encode(), digest_size=16), 0
    for tokens in range(FEWEST_TOKENS, len(prompt) // CHARACTERS_PER_TOKEN + 1, STEP_TOKENS):
        end = tokens * CHARACTERS_PER_TOKEN
        hashed.update(prompt[done:end].encode())
        done = end
        yield tokens, hashed.digest()


def prompt_text(body: dict[str, Any]) -> str:
    """What the model reads, in the order in which it is cached: tools and schema, then the messages."""
    before = (body.get("model"), body.get("tools"), body.get("response_format"))
    parts = [json.dumps(part, ensure_ascii=False) for part in before if part]
    for message in body["messages"]:
        content = message.get("content") or ""
        parts.append(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
        if message.get("tool_calls"):
            parts.append(json.dumps(message["tool_calls"], ensure_ascii=False))
    return "\n".join(parts)

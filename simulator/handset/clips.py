"""Audio files fetched for <Play>, through a cache that obeys the headers of the answer."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from simulator.sound.audio import UnknownAudioType, UnreadableAudio, seconds_of, to_line
from simulator.sound.media import read_media
from simulator.sound.watermark import read_marks
from simulator.twilio.webhook_client import (
    BUDGET_SECONDS,
    CONNECT_SECONDS,
    WebhookClient,
    WebhookFailed,
    percent_encoded,
)
from simulator.twilio.webhook_failures import explain

LARGEST_CLIP = 40 * 1024 * 1024
REMEMBERED_CLIPS = 400
UNKNOWN_TYPE, WRONG_CONTENT = 12300, 13420
"""A type that nobody plays, and content that is not of the type it claims. Which of both is which: not documented."""


@dataclass(frozen=True)
class Clip:
    pcm: bytes
    text: str

    @property
    def seconds(self) -> float:
        return seconds_of(self.pcm)


@dataclass
class Remembered:
    clip: Clip
    fresh_until: float
    etag: str
    last_modified: str

    def questions(self) -> dict[str, str]:
        """What asks whether the clip is still the same."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass
class FetchReadings:
    """Called with time.monotonic() at the request and at the first byte of its answer."""

    requested: Callable[[float], None]
    first_byte: Callable[[float], None]


class ClipStore:
    def __init__(self, client: WebhookClient) -> None:
        self._client = client
        self._clips: OrderedDict[str, Remembered] = OrderedDict()

    async def fetch(self, url: str, readings: FetchReadings | None = None) -> Clip:
        """Downloads the whole file, as Twilio does; raises WebhookFailed."""
        now = time.monotonic()
        known = self._clips.get(url)
        if readings:
            readings.requested(now)
        if known and now < known.fresh_until:
            if readings:
                readings.first_byte(now)
            return known.clip
        try:
            async with asyncio.timeout(BUDGET_SECONDS):
                return await self._download(url, known, readings)
        except UnreadableAudio as error:
            code = UNKNOWN_TYPE if isinstance(error, UnknownAudioType) else WRONG_CONTENT
            raise WebhookFailed(code, url, str(error)) from error
        except (aiohttp.ClientError, ConnectionError, TimeoutError, ValueError) as error:
            raise explain(error, url) from error

    async def _download(self, url: str, known: Remembered | None, readings: FetchReadings | None) -> Clip:
        headers = known.questions() if known else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        address = URL(percent_encoded(url), encoded=True)
        async with self._client.session.get(address, headers=headers, timeout=timeout) as response:
            first = await response.content.readany()
            if readings:
                readings.first_byte(time.monotonic())
            if response.status == 304 and known:
                known.fresh_until = fresh_until(response.headers)
                return known.clip
            if not 200 <= response.status < 300:
                raise WebhookFailed(11200, url, f"status {response.status}")
            body = await whole(first, response.content)
            clip = await asyncio.to_thread(decode, body, response.headers.get("Content-Type", ""))
            self._remember(url, clip, response)
            return clip

    def _remember(self, url: str, clip: Clip, response: aiohttp.ClientResponse) -> None:
        control = response.headers.get("Cache-Control", "")
        if "no-store" in control or "private" in control:
            return
        etag, last_modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        self._clips[url] = Remembered(clip, fresh_until(response.headers), etag, last_modified)
        if len(self._clips) > REMEMBERED_CLIPS:
            self._clips.popitem(last=False)


async def whole(body: bytes, content: aiohttp.StreamReader) -> bytes:
    """What follows the first bytes too: one `read` ends where the network happened to pause."""
    while len(body) < LARGEST_CLIP and not content.at_eof():
        body += await content.read(LARGEST_CLIP - len(body))
    return body


def decode(body: bytes, content_type: str) -> Clip:
    media = read_media(body, content_type)
    return Clip(pcm=to_line(media), text=" ".join(read_marks(media)))


def fresh_until(headers: Mapping[str, str]) -> float:
    """Without max-age, or with no-cache, every use asks again."""
    control = headers.get("Cache-Control", "")
    directives = dict(part.strip().partition("=")[::2] for part in control.lower().split(","))
    age = directives.get("s-maxage") or directives.get("max-age") or ""
    return time.monotonic() + int(age) if age.isdigit() and "no-cache" not in directives else 0.0

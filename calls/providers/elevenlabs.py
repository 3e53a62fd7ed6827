"""The voice behind ElevenLabs' text to speech, in the telephone's own format."""

from collections.abc import Iterator
from typing import Any

import httpx
from django.conf import settings
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError

from calls.providers.base import ProviderError

TIMEOUT_SECONDS = 5
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=60)
"""Longer than the pause between two turns, which would otherwise pay for a new connection each time."""
CHUNK_BYTES = 800
"""A tenth of a second; the client's own 1024 bytes would hold the first sound back."""
BUSY = {"too_many_concurrent_requests", "concurrent_limit_exceeded", "system_busy"}


class ElevenLabsSpeech:
    def __init__(self) -> None:
        address = {"base_url": settings.ELEVENLABS_BASE_URL} if settings.ELEVENLABS_BASE_URL else {}
        client = httpx.Client(timeout=TIMEOUT_SECONDS, limits=LIMITS, follow_redirects=True)
        self._client = ElevenLabs(api_key=settings.ELEVENLABS_API_KEY, httpx_client=client, **address)

    def synthesize(self, text: str, *, voice: str, language: str, model: str) -> Iterator[bytes]:
        """Sound as it is made: mu-law, 8000 Hz, one channel, no header."""
        try:
            yield from self._client.text_to_speech.stream(
                voice or settings.ELEVENLABS_VOICE,
                text=text,
                model_id=model or settings.ELEVENLABS_MODEL,
                language_code=language[:2],
                output_format="ulaw_8000",
                request_options={"chunk_size": CHUNK_BYTES},
            )
        except ApiError as error:
            raise _refusal(error) from error
        except httpx.HTTPError as error:
            raise ProviderError(f"speech: {type(error).__name__}", permanent=False) from error


def _refusal(error: ApiError) -> ProviderError:
    """Busy answers and failures of the server may pass; anything else stands until somebody mends it."""
    code = error_code(error.body) or str(error.status_code)
    is_temporary = code in BUSY or error.status_code == 429 or (error.status_code or 500) >= 500
    return ProviderError(f"speech: {code}", permanent=not is_temporary, code=code)


def error_code(body: Any) -> str:
    """`detail` is an object with `code` (new) or `status` (old), a list for a 422, or plain text."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, dict):
        return str(detail.get("code") or detail.get("status") or "")
    return "invalid_request" if isinstance(detail, list) else str(detail or "")

"""Twilio's HTTP client, aimed at the address that the settings name."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TIMEOUT_SECONDS = 8
DOWNLOAD_TIMEOUT_SECONDS = 60


class AimedHttpClient(TwilioHttpClient):
    """Replaces scheme and host of every request, whichever of the vendor's domains it was meant for.

    Without `base_url` it leaves them as they are. The SDK's own default is to wait for ever; this one does not.
    """

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base_url.rstrip("/"))

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        return super().request(method, self.aimed(url), *arguments, **options)

    def download(self, url: str, auth: tuple[str, str]) -> tuple[int, bytes]:
        """Status and raw bytes of a file: the SDK reads every answer as text."""
        answer = self.session.get(self.aimed(url), auth=auth, timeout=DOWNLOAD_TIMEOUT_SECONDS)
        return answer.status_code, answer.content

    def aimed(self, url: str) -> str:
        if not self._base.netloc:
            return url
        asked = urlsplit(url)
        return urlunsplit((self._base.scheme, self._base.netloc, self._base.path + asked.path, asked.query, ""))

"""Requests to the application, signed as Twilio signs them, within Twilio's limits."""

import asyncio
import ssl
import uuid
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from simulator.twilio.call_request import Callback

BUDGET_SECONDS = 15.0
CONNECT_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024
TRIES = 2
USER_AGENT = "TwilioProxy/1.1"


class WebhookFailed(Exception):
    """`code` is Twilio's: 11200 bad answer, 11205 no connection, 11750 too large, 12100 and 12300 bad document."""

    def __init__(self, code: int, url: str, reason: str) -> None:
        super().__init__(f"{code} {url}: {reason}")
        self.code, self.url, self.reason = code, url, reason


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    content_type: str
    body: bytes


class WebhookClient:
    def __init__(self, auth_token: str, trust: ssl.SSLContext) -> None:
        self._validator = RequestValidator(auth_token)
        self._trust = trust
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300, ssl=self._trust)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=jar, headers={"User-Agent": USER_AGENT}
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def sign(self, url: str, fields: dict[str, str]) -> str:
        return str(self._validator.compute_signature(url, fields))

    async def send(self, target: Callback, fields: dict[str, str]) -> Answer:
        """Asks once, and once more if there was no connection; raises WebhookFailed."""
        token = str(uuid.uuid4())
        for is_last in (False,) * (TRIES - 1) + (True,):
            try:
                async with asyncio.timeout(BUDGET_SECONDS):
                    return await self._ask(target, fields, token)
            except (aiohttp.ClientConnectionError, ConnectionError) as error:
                if is_last:
                    raise WebhookFailed(11205, target.url, str(error) or type(error).__name__) from error
            except TimeoutError as error:
                raise WebhookFailed(11200, target.url, "no answer in time") from error
            except (aiohttp.ClientError, ValueError) as error:
                raise WebhookFailed(11200, target.url, str(error)) from error
        raise AssertionError("unreachable")

    async def _ask(self, target: Callback, fields: dict[str, str], token: str) -> Answer:
        url, form = prepare(target, fields)
        headers = {
            "X-Twilio-Signature": self.sign(url, form),
            "I-Twilio-Idempotency-Token": token,
            "Accept": "*/*",
        }
        data = urlencode(form).encode() if target.method == "POST" else None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        async with self.session.request(
            target.method, URL(url, encoded=True), data=data, headers=headers, timeout=timeout
        ) as response:
            body = await response.content.read(LARGEST_ANSWER + 1)
            while len(body) <= LARGEST_ANSWER and not response.content.at_eof():
                body += await response.content.read(LARGEST_ANSWER + 1 - len(body))
            return Answer(str(response.url), response.status, response.headers.get("Content-Type", ""), body)


def prepare(target: Callback, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The URL as asked and as signed, and the form that goes with it (none for GET)."""
    url = urldefrag(target.url).url
    if target.method == "POST":
        return url, fields
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode(fields)}" if fields else url, {}

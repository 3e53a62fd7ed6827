"""Requests to the application, signed as Twilio signs them, within Twilio's limits."""

import asyncio
import ssl
import time
import uuid
from dataclasses import dataclass, replace
from types import SimpleNamespace
from urllib.parse import quote, unquote, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from simulator.twilio.call_cookies import CallCookies
from simulator.twilio.call_events import Observer, WebhookEvent, forget
from simulator.twilio.call_request import Callback, is_absolute
from simulator.twilio.connection_overrides import (
    BUDGET_SECONDS,
    CONNECT_SECONDS,
    ConnectionOverrides,
    InvalidOverride,
    read_overrides,
)
from simulator.twilio.webhook_failures import (
    BAD_ANSWER,
    BAD_URL,
    TOO_MANY_REDIRECTS,
    WebhookFailed,
    explain,
)

__all__ = (
    "BUDGET_SECONDS",
    "CONNECT_SECONDS",
    "LARGEST_ANSWER",
    "Answer",
    "WebhookClient",
    "WebhookFailed",
    "join",
    "percent_encoded",
)

LARGEST_ANSWER = 64 * 1024
MOST_REDIRECTS = 10
FORGETS_FORM, KEEPS_FORM = (301, 302, 303), (307, 308)
USER_AGENT = "TwilioProxy/1.1"
STANDS_AS_IT_IS = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True)
class Answer:
    """`url` is the last address asked, as the application wrote it: without the fields of a GET."""

    url: str
    status: int
    content_type: str
    body: bytes
    is_chunked: bool = False
    location: str = ""
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Address:
    """What is asked and signed; names and passwords in a URL travel as Basic authentication instead."""

    url: str
    user: str = ""
    password: str = ""

    def headers(self) -> dict[str, str]:
        if not self.user and not self.password:
            return {}
        return {"Authorization": aiohttp.encode_basic_auth(self.user, self.password, "utf-8")}


@dataclass(frozen=True)
class Errand:
    """One webhook with its repetitions and redirects."""

    overrides: ConnectionOverrides
    token: str
    cookies: CallCookies


class WebhookClient:
    def __init__(self, auth_token: str, trust: ssl.SSLContext | None = None) -> None:
        self._validator = RequestValidator(auth_token)
        self.trust = trust or ssl.create_default_context()
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False
        self.observe: Observer = forget

    @property
    def session(self) -> aiohttp.ClientSession:
        """Raises ConnectionAbortedError when the network has stopped, which is what a lost connection raises."""
        if self._is_closed:
            raise ConnectionAbortedError("the network has stopped")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300, ssl=self.trust),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT},
                trace_configs=[notice_reuse()],
            )
        return self._session

    async def close(self) -> None:
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    def sign(self, url: str, fields: dict[str, str]) -> str:
        """A bare question mark at the end is not part of what validators see."""
        seen = url if urlsplit(url).query else url.removesuffix("?")
        return str(self._validator.compute_signature(seen, fields))

    async def send(
        self,
        target: Callback,
        fields: dict[str, str],
        *,
        budget: float = BUDGET_SECONDS,
        cookies: CallCookies | None = None,
    ) -> Answer:
        """As `_send`, and tells who observes."""
        started = time.monotonic()
        try:
            answer = await self._send(target, fields, budget, cookies or CallCookies())
        except WebhookFailed as failure:
            self.observe(WebhookEvent(target, fields, time.monotonic() - started, failure))
            raise
        self.observe(WebhookEvent(target, fields, time.monotonic() - started, answer))
        return answer

    async def _send(self, target: Callback, fields: dict[str, str], budget: float, cookies: CallCookies) -> Answer:
        """Asks as often as the URL's overrides allow, following redirects; raises WebhookFailed."""
        try:
            overrides = read_overrides(urldefrag(target.url).fragment)
        except InvalidOverride as error:
            raise WebhookFailed(error.code, target.url, error.reason) from error
        try:
            async with asyncio.timeout(min(overrides.total_seconds, budget)):
                return await self._insist(target, fields, Errand(overrides, str(uuid.uuid4()), cookies))
        except TimeoutError as error:
            raise WebhookFailed(BAD_ANSWER, target.url, "no answer in time") from error

    async def _insist(self, target: Callback, fields: dict[str, str], errand: Errand) -> Answer:
        overrides = errand.overrides
        for tries_left in range(overrides.retries, -1, -1):
            try:
                answer = await self._follow(target, fields, errand)
            except WebhookFailed as failure:
                if not tries_left or not overrides.repeats(failure.kind):
                    raise
            else:
                if not tries_left or not overrides.repeats(f"{answer.status // 100}xx"):
                    return answer
        raise AssertionError("unreachable")

    async def _follow(self, target: Callback, fields: dict[str, str], errand: Errand) -> Answer:
        """A redirect by 301 to 303 is asked by GET and without the form."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._ask(target, fields, errand)
            if answer.status not in FORGETS_FORM + KEEPS_FORM:
                return answer
            if not answer.location:
                raise WebhookFailed(BAD_ANSWER, target.url, f"status {answer.status} without a Location")
            if answer.status in FORGETS_FORM or target.method != "POST":
                target, fields = replace(target, method="GET"), {}
            target = replace(target, url=join(answer.url, answer.location))
        raise WebhookFailed(TOO_MANY_REDIRECTS, target.url, f"more than {MOST_REDIRECTS} redirects")

    async def _ask(self, target: Callback, fields: dict[str, str], errand: Errand) -> Answer:
        address, form = prepare(target, fields)
        headers = (
            address.headers()
            | errand.cookies.headers(address.url)
            | {
                "X-Twilio-Signature": self.sign(address.url, form),
                "I-Twilio-Idempotency-Token": errand.token,
                "Accept": "*/*",
            }
        )
        data = urlencode(form).encode() if target.method == "POST" else None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        try:
            answer = await self._exchange(target.method, address.url, data, headers, errand.overrides)
        except (aiohttp.ClientError, ConnectionError, TimeoutError, ValueError) as error:
            raise explain(error, address.url) from error
        errand.cookies.learn(address.url, answer.cookies)
        return replace(answer, url=urldefrag(target.url).url)

    async def _exchange(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str], overrides: ConnectionOverrides
    ) -> Answer:
        """A kept connection that turns out to be closed is no failure of the application: a new one is opened."""
        while True:
            trace = SimpleNamespace(is_reused=False)
            try:
                return await self._exchange_once(method, url, data, headers, overrides, trace)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                if isinstance(error, aiohttp.ClientConnectorError) or not trace.is_reused:
                    raise

    async def _exchange_once(
        self,
        method: str,
        url: str,
        data: bytes | None,
        headers: dict[str, str],
        overrides: ConnectionOverrides,
        trace: SimpleNamespace,
    ) -> Answer:
        async with self.session.request(
            method,
            URL(url, encoded=True),
            data=data,
            headers=headers,
            allow_redirects=False,
            server_hostname=overrides.server_name or None,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=overrides.connect_seconds, sock_read=overrides.read_seconds
            ),
            trace_request_ctx=trace,
        ) as response:
            return Answer(
                url,
                response.status,
                response.headers.get("Content-Type", ""),
                await read_at_most(response.content, LARGEST_ANSWER + 1),
                is_chunked="chunked" in response.headers.get("Transfer-Encoding", "").lower(),
                location=response.headers.get("Location", ""),
                cookies=tuple(response.headers.getall("Set-Cookie", [])),
            )


async def read_at_most(content: aiohttp.StreamReader, size: int) -> bytes:
    body = b""
    while len(body) < size and not content.at_eof():
        body += await content.read(size - len(body))
    return body


def notice_reuse() -> aiohttp.TraceConfig:
    async def note(session: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx.is_reused = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(note)
    return trace


def prepare(target: Callback, fields: dict[str, str]) -> tuple[Address, dict[str, str]]:
    """Where to ask and what is signed, and the form that goes with it (none for GET); raises WebhookFailed."""
    address = strip_userinfo(percent_encoded(urldefrag(target.url).url))
    if target.method == "POST":
        return address, fields
    joint = "" if address.url.endswith("?") else "&" if "?" in address.url else "?"
    return (replace(address, url=f"{address.url}{joint}{urlencode(fields)}") if fields else address), {}


def percent_encoded(url: str) -> str:
    """Accents and spaces are sent and signed as the application will see them; all else stands as it was written."""
    return quote(url, safe=STANDS_AS_IT_IS)


def join(url: str, address: str) -> str:
    """Where an address leads that stands in the answer of a URL, which inline documents lack; raises WebhookFailed."""
    try:
        joint = urljoin(url, address)
    except ValueError as error:
        raise WebhookFailed(BAD_URL, address, str(error)) from error
    if not is_absolute(joint):
        raise WebhookFailed(BAD_URL, address, "not an absolute URL, nor relative to one")
    return joint


def strip_userinfo(url: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WebhookFailed(BAD_URL, url, "not an absolute URL")
    userinfo, _, host = parts.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    return Address(urlunsplit(parts._replace(netloc=host)) if userinfo else url, unquote(user), unquote(password))

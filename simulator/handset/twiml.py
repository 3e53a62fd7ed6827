"""Documents of instructions: fetched, checked, read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urldefrag
from xml.etree import ElementTree

from simulator.twilio.call_cookies import CallCookies
from simulator.twilio.call_request import Callback
from simulator.twilio.webhook_client import BUDGET_SECONDS, LARGEST_ANSWER, Answer, WebhookClient, WebhookFailed, join

CONTENT_TYPES = {"text/xml", "application/xml", "text/html", "application/twiml+xml"}
LONGEST_INLINE = 4000
LONGEST_WAIT_SECONDS = 1e9
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Document:
    """Relative addresses inside it resolve against its own URL."""

    url: str
    verbs: tuple[ElementTree.Element, ...]

    def resolve(self, address: str) -> str:
        """An empty address is the document itself."""
        return join(self.url, address) if address or not self.url else self.url

    def callback(self, verb: ElementTree.Element, name: str = "action") -> Callback:
        method = verb.get("method" if name in ("action", "url") else f"{name}Method", "POST").upper()
        return Callback(self.resolve(verb.get(name, "")), "GET" if method == "GET" else "POST")

    def wanted_callback(self, verb: ElementTree.Element, name: str) -> Callback | None:
        return self.callback(verb, name) if verb.get(name) else None


def read_inline(text: str) -> Document:
    if len(text) > LONGEST_INLINE:
        raise WebhookFailed(32018, "Twiml", f"{len(text)} characters, {LONGEST_INLINE} allowed")
    return Document("", read_verbs(text.encode(), "Twiml"))


async def fetch_document(
    client: WebhookClient,
    target: Callback,
    fields: dict[str, str],
    complain: Callable[[str], None],
    *,
    budget: float = BUDGET_SECONDS,
    cookies: CallCookies | None = None,
) -> Document:
    """Asks the fallback when the first address fails; raises WebhookFailed when that fails too."""
    try:
        return read_answer(await client.send(target, fields, budget=budget, cookies=cookies))
    except WebhookFailed as failure:
        if not target.fallback_url or target.fallback_url == target.url:
            raise
        complain(str(failure))
        fields = fields | {"ErrorCode": str(failure.code), "ErrorUrl": urldefrag(target.url).url}
        fallback = Callback(target.fallback_url, target.fallback_method)
        return read_answer(await client.send(fallback, fields, budget=budget, cookies=cookies))


def with_fallback(target: Callback, fallback: Callback | None) -> Callback:
    """The call's own fallback serves every document that has none (for later documents: not documented)."""
    if target.fallback_url or fallback is None or not fallback.fallback_url:
        return target
    return replace(target, fallback_url=fallback.fallback_url, fallback_method=fallback.fallback_method)


def read_answer(answer: Answer) -> Document:
    if not 200 <= answer.status < 300:
        raise WebhookFailed(11200, answer.url, f"status {answer.status}")
    if len(answer.body) > LARGEST_ANSWER:
        raise WebhookFailed(11750, answer.url, "document larger than 64 kB")
    if not answer.body and answer.is_chunked:
        raise WebhookFailed(11770, answer.url, "empty body in chunks")
    content_type = answer.content_type.split(";")[0].strip().lower()
    if answer.body and content_type not in CONTENT_TYPES:
        raise WebhookFailed(12300, answer.url, f"content type {content_type or 'missing'}")
    return Document(answer.url, read_verbs(answer.body, answer.url))


def read_verbs(body: bytes, url: str) -> tuple[ElementTree.Element, ...]:
    if not body.strip():
        return ()
    if body.startswith(BYTE_ORDER_MARK):
        raise WebhookFailed(12100, url, "a byte order mark stands before the document")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  (practice only, at most 64 kB)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise WebhookFailed(12100, url, f"document cannot be parsed: {error}") from error
    if root.tag != "Response":
        raise WebhookFailed(12100, url, f"root element is {root.tag}, not Response")
    return tuple(root)


def read_seconds(verb: ElementTree.Element, name: str, default: float) -> float:
    text = verb.get(name, "")
    return min(float(text), LONGEST_WAIT_SECONDS) if re.fullmatch(r"\d+(\.\d+)?", text) else default


def is_true(verb: ElementTree.Element, name: str, *, default: bool = False) -> bool:
    return verb.get(name, str(default)).lower() == "true"

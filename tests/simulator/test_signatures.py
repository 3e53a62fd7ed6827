"""X-Twilio-Signature as the official validator sees it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from simulator.twilio.call_request import Callback
from simulator.twilio.webhook_client import WebhookClient, prepare
from tests.simulator.certificates import make_certificate, server_side
from tests.simulator.webserver import TOKEN, Seen, say_nothing, web_server

FORM = {
    "CallSid": "CA00000000000000000000000000000001",
    "AccountSid": "AC00000000000000000000000000000001",
    "From": "+34910000000",
    "To": "+34600000001",
    "CallStatus": "in-progress",
    "Direction": "outbound-api",
    "AnsweredBy": "human",
    "FromCity": "",
    "SpeechResult": "Sí, mañana",
}


@asynccontextmanager
async def client(trust: ssl.SSLContext | None = None) -> AsyncIterator[WebhookClient]:
    client = WebhookClient(TOKEN, trust)
    yield client
    await client.close()


async def seen_at(path: str, method: str = "POST") -> Seen:
    async with web_server(say_nothing) as server, client() as sender:
        await sender.send(Callback(f"{server.base_url}{path}", method), FORM)
        return server.seen[0]


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        ("https://voz.example.com/tw/voice/7?run=9&a=b", FORM, "5YvYKWSjzQ9oViRhwY/UJWfMZ7M="),
        (
            "http://127.0.0.1:8000/tw/status/7",
            {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "42", "Duration": "1"},
            "Fk9lkrZH+7x95JwgEyivVhtLvWI=",
        ),
        (
            "https://voz.example.com/hook?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
            {},
            "tFWsCD84jhKGgDi4//qZTQrw1Os=",
        ),
        ("wss://voz.example.com/ws/conversation", {}, "CJz8ye8QlovPv+fQdUqP+Qe1ZEk="),
    ],
)
def test_the_published_vectors_come_out(url: str, form: dict[str, str], signature: str):
    assert WebhookClient(TOKEN).sign(url, form) == signature


@pytest.mark.parametrize("path", ["/voice", "/voice?run=9&name=Jos%C3%A9", "/voz/ma%C3%B1ana", "/voice?", "/a?b=&c"])
async def test_a_post_with_port_query_empty_fields_and_accents_is_signed(path: str):
    seen = await seen_at(path)
    assert seen.form == FORM
    assert seen.is_signed()
    assert not seen.is_signed(FORM | {"To": "+34600000002"})
    assert not seen.is_signed({name: value for name, value in FORM.items() if name != "FromCity"})


@pytest.mark.parametrize("path", ["/voice", "/voice?run=9&name=Jos%C3%A9", "/voice?"])
async def test_a_get_carries_its_fields_in_the_signed_query(path: str):
    seen = await seen_at(path, "GET")
    assert (seen.method, seen.form) == ("GET", {})
    assert "SpeechResult=S%C3%AD%2C+ma%C3%B1ana" in seen.url
    assert seen.is_signed()


async def test_a_name_and_password_in_the_url_become_basic_authentication_and_are_not_signed():
    async with web_server(say_nothing) as server, client() as sender:
        await sender.send(Callback(server.base_url.replace("//", "//ana:s%C3%AD%40@") + "/voice"), FORM)
    seen = server.seen[0]
    assert seen.headers["Authorization"] == "Basic YW5hOnPDrUA="
    assert seen.is_signed()


async def test_an_address_with_accents_and_spaces_is_asked_and_signed_percent_encoded():
    seen = await seen_at("/café con leche?día=sí&done=%C3%A1")
    assert seen.url.endswith("/caf%C3%A9%20con%20leche?d%C3%ADa=s%C3%AD&done=%C3%A1")
    assert seen.is_signed()


async def test_the_fragment_is_neither_sent_nor_signed():
    seen = await seen_at("/voice?a=b#rc=2&rp=all")
    assert seen.url.endswith("/voice?a=b")
    assert seen.is_signed()


async def test_https_is_signed_as_https(tmp_path: Path):
    certificate = make_certificate(tmp_path)
    trust = ssl.create_default_context(cafile=str(certificate))
    async with web_server(say_nothing, tls=server_side(certificate)) as server, client(trust) as sender:
        await sender.send(Callback(f"{server.base_url}/voice?a=b"), FORM)
    assert server.base_url.startswith("https://")
    assert server.seen[0].is_signed()


words = st.text(st.characters(exclude_categories=("Cs",)))


@given(st.dictionaries(words, words, max_size=5), st.text(alphabet="abc=&?+%20ñ/.-", max_size=20))
def test_the_official_validator_accepts_whatever_is_signed(form: dict[str, str], tail: str):
    address, fields = prepare(Callback(f"https://voz.example.com/{tail}"), form)
    signature = WebhookClient(TOKEN).sign(address.url, fields)
    assert RequestValidator(TOKEN).validate(address.url, fields, signature)

"""How far Twilio goes with an application: connections, redirects, retries, certificates, time."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from simulator.handset.twiml import Document, read_answer
from simulator.twilio.call_request import Callback
from simulator.twilio.connection_overrides import ConnectionOverrides, InvalidOverride, read_overrides
from simulator.twilio.webhook_client import Answer, WebhookClient, WebhookFailed
from tests.simulator.certificates import make_certificate, server_side
from tests.simulator.webserver import TOKEN, WebServer, say_nothing, web_server

FORM = {"CallSid": "CA1", "FromCity": ""}
Writer = asyncio.StreamWriter


async def ask(url: str, *, method: str = "POST", trust: ssl.SSLContext | None = None) -> Answer:
    client = WebhookClient(TOKEN, trust)
    try:
        return await client.send(Callback(url, method), FORM)
    finally:
        await client.close()


async def failure_of(url: str, *, trust: ssl.SSLContext | None = None) -> int:
    with pytest.raises(WebhookFailed) as caught:
        await ask(url, trust=trust)
    return caught.value.code


@asynccontextmanager
async def raw_server(answer: Callable[[Writer], None]) -> AsyncIterator[tuple[str, list[str]]]:
    """Yields its URL and the heads of the requests that came."""
    heads: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        answer(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/voice", heads
    server.close()


def token_of(head: str) -> str:
    return next(line for line in head.splitlines() if line.startswith("I-Twilio-Idempotency-Token"))


@pytest.mark.parametrize(("status", "method", "form"), [(301, "GET", {}), (302, "GET", {}), (303, "GET", {})])
async def test_a_redirect_turns_post_into_get_and_loses_the_form(status: int, method: str, form: dict[str, str]):
    server = await redirected(status)
    assert [(seen.method, seen.form) for seen in server.seen] == [("POST", FORM), (method, form)]


@pytest.mark.parametrize("status", [307, 308])
async def test_a_lasting_redirect_keeps_method_and_form(status: int):
    server = await redirected(status)
    assert [(seen.method, seen.form) for seen in server.seen] == [("POST", FORM), ("POST", FORM)]


async def redirected(status: int) -> WebServer:
    """Whatever the method, the new address is what is signed."""

    async def answer(request: web.Request) -> web.Response:
        is_old = request.path == "/old"
        return web.Response(status=status if is_old else 204, headers={"Location": "/new?step=2"} if is_old else {})

    async with web_server(answer) as server:
        await ask(f"{server.base_url}/old?step=1")
    assert server.seen[1].url.endswith("/new?step=2")
    assert all(seen.is_signed() for seen in server.seen)
    return server


async def test_redirects_without_end_are_11215():
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{request.path}x"})

    async with web_server(answer) as server:
        assert await failure_of(f"{server.base_url}/voice") == 11215
    assert len(server.seen) == 11


@pytest.mark.parametrize("location", ["http://[::1/voice", "http://127.0.0.1:99999/voice", "ftp://127.0.0.1/voice"])
async def test_a_redirect_to_an_address_that_is_none_is_11100(location: str):
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    async with web_server(answer) as server:
        assert await failure_of(f"{server.base_url}/voice") == 11100


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/voice", ""])
@pytest.mark.parametrize("address", ["http://[::1/next", "http://127.0.0.1:99999/next", "mailto:me"])
def test_an_address_in_a_document_that_is_none_is_11100(base: str, address: str):
    with pytest.raises(WebhookFailed) as caught:
        Document(base, ()).resolve(address)
    assert caught.value.code == 11100


async def test_an_unknown_host_is_11210():
    assert await failure_of("http://nobody.invalid/voice") == 11210


async def test_a_host_that_does_not_take_the_connection_is_tried_twice_and_is_11205():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.create_connection(address)]
        started = time.monotonic()
        assert await failure_of(f"http://127.0.0.1:{address[1]}/voice#ct=400") == 11205
        assert 0.8 <= time.monotonic() - started < 4.8
        waiting[0].close()


async def test_a_closed_port_is_11205():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert await failure_of(f"http://127.0.0.1:{unused.getsockname()[1]}/voice") == 11205


async def test_an_address_that_is_none_is_11100():
    assert await failure_of("ftp://127.0.0.1/voice") == 11100
    assert await failure_of("/voice") == 11100


async def test_a_connection_cut_without_an_answer_is_11206_and_not_repeated():
    async with raw_server(lambda writer: None) as (url, heads):
        assert await failure_of(url) == 11206
    assert len(heads) == 1


async def test_an_answer_that_is_not_http_is_11206():
    async with raw_server(lambda writer: writer.write(b"220 smtp ready\r\n")) as (url, _):
        assert await failure_of(url) == 11206


async def test_retries_on_every_failure_carry_the_token_of_the_first():
    async with raw_server(lambda writer: None) as (url, heads):
        assert await failure_of(f"{url}#rc=3&rp=all") == 11206
    assert len(heads) == 4
    assert len({token_of(head) for head in heads}) == 1


async def test_server_errors_are_repeated_when_the_policy_says_so():
    statuses = iter((500, 503, 200))

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=next(statuses))

    async with web_server(answer) as server:
        assert (await ask(f"{server.base_url}/voice#rc=2&rp=5xx")).status == 200
    tokens = {seen.headers["I-Twilio-Idempotency-Token"] for seen in server.seen}
    assert (len(server.seen), len(tokens)) == (3, 1)


async def test_without_a_policy_a_server_error_is_the_answer():
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=500)

    async with web_server(answer) as server:
        assert (await ask(f"{server.base_url}/voice#rc=5")).status == 500
    assert len(server.seen) == 1


async def test_a_kept_connection_that_was_closed_meanwhile_is_no_failure():
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        asyncio.get_running_loop().call_later(0.05, request.transport.abort)
        return web.Response(status=204, headers={"Connection": "keep-alive"})

    async with web_server(answer) as server:
        client = WebhookClient(TOKEN)
        for _ in range(3):
            assert (await client.send(Callback(f"{server.base_url}/voice"), FORM)).status == 204
            await asyncio.sleep(0.04)
        await client.close()


@pytest.mark.parametrize("fragment", ["rt=300", "tt=300"])
async def test_a_shorter_patience_is_obeyed(fragment: str):
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(3)
        return web.Response(text="<Response/>")

    async with web_server(answer) as server:
        started = time.monotonic()
        assert await failure_of(f"{server.base_url}/voice#{fragment}") == 11200
        assert time.monotonic() - started < 2.5


async def test_the_whole_answer_must_arrive_in_time_not_its_first_byte_alone():
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/xml"})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    async with web_server(answer) as server:
        assert await failure_of(f"{server.base_url}/voice#tt=500") == 11200


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ("e=atlantis", 11240),
        ("e=ashburn,us1", 11241),
        ("e=ashburn-ix", 11242),
        ("rp=sometimes", 11243),
        ("rc=6", 11243),
        ("ct=99", 11243),
        ("rt=15001", 11243),
        ("tt=soon", 11243),
    ],
)
async def test_a_bad_override_is_refused_before_anything_is_asked(fragment: str, code: int):
    async with web_server(say_nothing) as server:
        assert await failure_of(f"{server.base_url}/voice#{fragment}") == code
    assert server.seen == []


@given(st.integers(), st.integers(-10, 10))
def test_numbers_within_their_range_are_taken_and_others_refused(connect_ms: int, retries: int):
    fragment = f"ct={connect_ms}&rc={retries}"
    if 100 <= connect_ms <= 10_000 and 0 <= retries <= 5:
        overrides = read_overrides(fragment)
        assert (overrides.connect_seconds, overrides.retries) == (connect_ms / 1000, retries)
        return
    with pytest.raises(InvalidOverride):
        read_overrides(fragment)


@given(st.text(alphabet="abcdfgh=&#%/ñ"))
def test_a_fragment_that_is_a_page_s_own_changes_nothing(fragment: str):
    assert read_overrides(fragment) == ConnectionOverrides()


async def test_an_empty_body_in_chunks_is_11770_and_an_empty_one_without_is_a_document():
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/xml"})
        if request.path == "/chunked":
            response.enable_chunked_encoding()
        else:
            response.content_length = 0
        await response.prepare(request)
        return response

    async with web_server(answer) as server:
        with pytest.raises(WebhookFailed) as caught:
            read_answer(await ask(f"{server.base_url}/chunked"))
        assert caught.value.code == 11770
        assert read_answer(await ask(f"{server.base_url}/whole")).verbs == ()


@pytest.mark.parametrize(
    ("address", "days", "is_trusted", "code"),
    [("127.0.0.1", 30, False, 11237), ("127.0.0.2", 30, True, 11235), ("127.0.0.1", -1, True, 11236)],
)
async def test_certificates_are_refused_by_what_is_wrong_with_them(
    tmp_path: Path, address: str, days: int, is_trusted: bool, code: int
):
    certificate = make_certificate(tmp_path, address=address, days=days)
    trust = ssl.create_default_context(cafile=str(certificate) if is_trusted else None)
    async with web_server(say_nothing, tls=server_side(certificate)) as server:
        assert await failure_of(f"{server.base_url}/voice", trust=trust) == code


async def test_https_where_none_is_spoken_is_11220():
    async with web_server(say_nothing) as server:
        assert await failure_of(server.base_url.replace("http://", "https://") + "/voice") == 11220


async def test_the_name_told_in_the_handshake_can_be_chosen(tmp_path: Path):
    names: list[str | None] = []
    certificate = make_certificate(tmp_path)
    tls = server_side(certificate)
    tls.sni_callback = lambda connection, name, context: names.append(name)
    async with web_server(say_nothing, tls=tls) as server:
        with pytest.raises(WebhookFailed):
            await ask(f"{server.base_url}/voice#sni=voz.example.com")
    assert names == ["voz.example.com"]

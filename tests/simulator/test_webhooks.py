import asyncio
import socket

from simulator.twilio.call_request import Callback
from simulator.twilio.webhook_client import WebhookClient
from tests.simulator.calling import Caller

HELLO = "<Response><Say>Hello</Say></Response>"


def test_the_voice_request_carries_empty_places_and_a_valid_signature(caller: Caller):
    caller.call_to_the_end("cooperative", "<Say>Hello</Say>")
    hit = caller.application.hits_at("/voice")[0]
    assert hit.signed
    assert (hit.form["FromCity"], hit.form["CallStatus"], hit.form["Direction"]) == ("", "in-progress", "outbound-api")
    assert hit.headers["I-Twilio-Idempotency-Token"]


def test_a_url_with_query_and_get_is_signed_with_its_fields_in_the_query(caller: Caller):
    caller.application.documents["/voice"] = HELLO
    url = f"{caller.application.base_url}/voice?run=9&name=Jos%C3%A9"
    ended = caller.call_to_the_end("silent", url=url, method="GET")
    hit = caller.application.hits_at("/voice")[0]
    assert hit.signed
    assert hit.method == "GET"
    assert ended["transcript"][-1]["text"] == "Hello"


def test_a_failed_url_is_replaced_by_the_fallback_which_learns_why(caller: Caller):
    caller.application.statuses["/voice"] = 500
    caller.application.documents["/fallback"] = HELLO
    ended = caller.call_to_the_end("silent", "<Hangup/>", fallback_url=f"{caller.application.base_url}/fallback")
    form = caller.application.hits_at("/fallback")[0].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{caller.application.base_url}/voice")
    assert ended["transcript"][-1]["text"] == "Hello"


def test_without_a_fallback_the_person_hears_an_application_error(caller: Caller):
    caller.application.statuses["/voice"] = 500
    ended = caller.call_to_the_end("silent", "<Hangup/>")
    assert "application error" in ended["transcript"][-1]["text"]
    assert ended["status"] == "completed"
    assert "11200" in ended["complaints"][0]


def test_documents_that_cannot_be_executed_are_named_by_their_code(caller: Caller):
    def complaint(body: str, **headers: str) -> str:
        caller.application.documents["/voice"] = body
        caller.application.headers["/voice"] = headers
        return str(caller.call_to_the_end("silent")["complaints"][0])[:5]

    assert complaint("<Response><Say>") == "12100"
    assert complaint(" <?xml version='1.0'?><Response/>") == "12100"
    assert complaint("<Wrong/>") == "12100"
    assert complaint(f"<Response>{' ' * 65_536}</Response>") == "11750"
    assert complaint("{}", **{"Content-Type": "application/json"}) == "12300"


def test_an_address_where_nobody_listens_is_tried_twice_and_complained_about(caller: Caller):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/voice"
        ended = caller.call_to_the_end("silent", url=url)
    assert ended["complaints"][0].startswith("11205")


def test_relative_addresses_resolve_against_their_document(caller: Caller):
    caller.application.documents["/a/b/voice"] = "<Response><Redirect>next?step=2</Redirect></Response>"
    caller.application.documents["/a/b/next"] = HELLO
    ended = caller.call_to_the_end("silent", url=f"{caller.application.base_url}/a/b/voice")
    assert caller.application.hits_at("/a/b/next")[0].signed
    assert ended["transcript"][-1]["text"] == "Hello"


def test_running_out_of_verbs_ends_the_call(caller: Caller):
    ended = caller.call_to_the_end("silent", "")
    assert ended["complaints"] or ended["ended_by"] == "application"


async def test_a_repeated_request_carries_the_token_of_the_first():
    tokens: list[str] = []

    async def drop_the_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        tokens.append(next(line for line in head.splitlines() if line.startswith("I-Twilio-Idempotency-Token")))
        if len(tokens) > 1:
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(drop_the_first, "127.0.0.1", 0)
    client = WebhookClient("token")
    port = server.sockets[0].getsockname()[1]
    answer = await client.send(Callback(f"http://127.0.0.1:{port}/status"), {"CallSid": "CA1"})
    await client.close()
    server.close()
    assert answer.status == 204
    assert len(tokens) == 2
    assert tokens[0] == tokens[1]

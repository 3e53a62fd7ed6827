import pytest
import requests
from aiohttp import web
from elevenlabs import ElevenLabs

from simulator.handset.clips import Clip, ClipStore
from simulator.sound.audio import wav_file
from simulator.twilio.webhook_client import WebhookClient, WebhookFailed
from tests.simulator.application import Application
from tests.simulator.calling import Caller, make_client
from tests.simulator.server import running_simulator
from tests.simulator.webserver import Seen, web_server

WORDS = "¿Le viene bien el martes a las diez?"


def spoken_clip(caller: Caller, text: str = WORDS) -> bytes:
    client = ElevenLabs(api_key="sk_practice", base_url=caller.simulator.elevenlabs_url)
    return b"".join(client.text_to_speech.convert("v1", text=text, output_format="ulaw_8000", language_code="es"))


def serve(caller: Caller, path: str, body: bytes, **headers: str) -> str:
    caller.application.documents[path] = body
    caller.application.headers[path] = {"Content-Type": "audio/ulaw"} | headers
    return f"{caller.application.base_url}{path}"


def test_a_person_understands_a_clip_made_by_the_speech_service(caller: Caller):
    url = serve(caller, "/clip", spoken_clip(caller))
    caller.application.documents["/heard"] = "<Response/>"
    prompt = f'<Gather input="speech" action="/heard"><Play>{url}</Play></Gather>'
    ended = caller.call_to_the_end("cooperative", f'<Pause length="4"/>{prompt}')
    assert WORDS in [line["text"] for line in ended["transcript"]]
    assert caller.application.hits_at("/heard")[0].form["SpeechResult"]


def test_a_clip_is_fetched_plainly_without_fields_of_the_call(caller: Caller):
    url = serve(caller, "/clip", spoken_clip(caller))
    caller.call_to_the_end("silent", f"<Play>{url}</Play>")
    hit = caller.application.hits_at("/clip")[0]
    assert (hit.method, hit.form) == ("GET", {})


def test_the_address_of_a_clip_may_have_accents(caller: Caller):
    serve(caller, "/canción", spoken_clip(caller))
    ended = caller.call_to_the_end("silent", "<Play>/canción</Play>")
    assert (ended["complaints"], len(caller.application.hits_at("/canción"))) == ([], 1)


def test_cache_headers_are_obeyed(caller: Caller):
    fresh = serve(caller, "/fresh", spoken_clip(caller), **{"Cache-Control": "public, max-age=600"})
    stale = serve(caller, "/stale", spoken_clip(caller), **{"Cache-Control": "no-cache"})
    caller.call_to_the_end(
        "silent", f"<Play>{fresh}</Play><Play>{fresh}</Play><Play>{stale}</Play><Play>{stale}</Play>"
    )
    assert len(caller.application.hits_at("/fresh")) == 1
    assert len(caller.application.hits_at("/stale")) == 2


async def fetch_twice(*answers: web.Response) -> tuple[list[Seen], list[Clip]]:
    waiting = iter(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        return next(waiting)

    client = WebhookClient("token")
    async with web_server(answer) as server:
        store = ClipStore(client)
        clips = [await store.fetch(f"{server.base_url}/clip") for _ in range(2)]
    await client.close()
    return server.seen, clips


@pytest.mark.parametrize(
    ("header", "value", "question"),
    [
        ("ETag", '"abc"', "If-None-Match"),
        ("Last-Modified", "Sun, 30 Aug 2026 08:33:12 GMT", "If-Modified-Since"),
    ],
)
async def test_a_clip_that_has_not_changed_is_not_sent_again(header: str, value: str, question: str):
    body = wav_file(bytes(1600), channels=1)
    first = web.Response(body=body, headers={"Content-Type": "audio/wav", header: value})
    seen, clips = await fetch_twice(first, web.Response(status=304))
    assert (question in seen[0].headers, seen[1].headers[question]) == (False, value)
    assert clips[0] is clips[1]


async def test_a_private_clip_is_asked_for_without_remembering_the_last():
    answers = [
        web.Response(
            body=wav_file(bytes(1600), channels=1),
            headers={"Content-Type": "audio/wav", "ETag": '"abc"', "Cache-Control": "no-store"},
        )
        for _ in range(2)
    ]
    seen, _ = await fetch_twice(*answers)
    assert "If-None-Match" not in seen[1].headers


@pytest.mark.parametrize(("url", "code"), [("http://nobody.invalid/clip", 11210), ("http://127.0.0.1:9/clip", 11205)])
async def test_clips_that_cannot_be_reached_are_told_by_code(url: str, code: int):
    client = WebhookClient("token")
    with pytest.raises(WebhookFailed) as caught:
        await ClipStore(client).fetch(url)
    await client.close()
    assert caught.value.code == code


def test_a_clip_lasts_as_long_as_its_samples(caller: Caller):
    url = serve(caller, "/second", wav_file(bytes(8000 * 2 * 30), channels=1), **{"Content-Type": "audio/wav"})
    ended = caller.call_to_the_end("silent", f"<Play>{url}</Play>")
    assert 30 <= ended["duration_seconds"] < 60  # half or twice as long is what a wrong reading would make of it


def test_a_missing_or_unreadable_clip_is_skipped_with_a_complaint(caller: Caller):
    wrong = serve(caller, "/text", b"hello", **{"Content-Type": "text/plain"})
    claimed = serve(caller, "/claimed", b"hello", **{"Content-Type": "audio/mpeg"})
    caller.application.statuses["/gone"] = 404
    gone = f"{caller.application.base_url}/gone"
    plays = "".join(f"<Play>{url}</Play>" for url in (gone, wrong, claimed))
    ended = caller.call_to_the_end("silent", f"{plays}<Say>Still here</Say>")
    assert [text[:5] for text in ended["complaints"]] == ["11200", "12300", "13420"]
    assert ended["transcript"][-1]["text"] == "Still here"


def test_the_first_clip_of_a_gather_turn_is_timed(caller: Caller):
    url = serve(caller, "/clip", spoken_clip(caller))
    caller.application.documents["/heard"] = f"<Response><Play>{url}</Play></Response>"
    caller.call_to_the_end("cooperative", '<Gather input="speech" action="/heard" timeout="9"/>')
    turn = caller.simulator.timings()["gather_turns"][0]
    order = ["posted_at", "twiml_at", "first_clip_requested_at", "first_clip_first_byte_at"]
    assert [turn[name] for name in order] == sorted(turn[name] for name in order)


def test_nested_clips_can_be_fetched_ahead(application: Application):
    with running_simulator(fetch_plays="ahead", speed=2) as ahead:
        caller = Caller(ahead, make_client(ahead), application)
        urls = [serve(caller, f"/clip{n}", spoken_clip(caller, WORDS * 8)) for n in range(3)]
        plays = "".join(f"<Play>{url}</Play>" for url in urls)
        call = caller.call("silent", f"<Gather>{plays}</Gather>")
        application.wait_for_hit("/clip2")
        assert len([line for line in ahead.call(call.sid)["transcript"] if line["speaker"] == "assistant"]) <= 1


def test_two_voices_sound_different(caller: Caller):
    url = f"{caller.simulator.elevenlabs_url}/v1/text-to-speech/%s?output_format=pcm_8000"
    headers = {"xi-api-key": "sk_practice"}
    first, second = (
        requests.post(url % voice, json={"text": WORDS}, headers=headers, timeout=60).content for voice in ("a", "b")
    )
    assert first != second

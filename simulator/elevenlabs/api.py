"""ElevenLabs: text to speech and the lists around it (https://elevenlabs.io/docs/api-reference)."""

import asyncio
import json
import math
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.elevenlabs.catalogue import MODELS, SUBSCRIPTION, VOICES, model_named, voice_body
from simulator.elevenlabs.errors import SpeechRefused, missing_field
from simulator.network import NETWORK, Network
from simulator.sound.audio import to_alaw, to_ulaw
from simulator.sound.speech import Voice, choose_voice
from simulator.sound.watermark import mark
from simulator.timings import SpeechRequest

PREFIX = "/elevenlabs"
FORMAT = re.compile(r"(pcm|ulaw|alaw)_(8000|16000|22050|24000|32000|44100|48000)")
CHUNK_BYTES = 4096
FIRST_BYTE_SECONDS = 0.075
NORMAL_WORDS_PER_MINUTE = 175
CONCURRENT_REQUESTS = 20


@dataclass(frozen=True)
class Order:
    text: str
    voice: Voice
    coding: str
    rate: int
    credits: int


@web.middleware
async def elevenlabs_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    if not request.path.startswith(PREFIX + "/"):
        return await handler(request)
    try:
        if not request.headers.get("xi-api-key"):
            raise SpeechRefused(401, "invalid_api_key", "Invalid API key")
        response: web.StreamResponse = await handler(request)
        return response
    except SpeechRefused as refused:
        return refused.response()


async def synthesize_whole(request: web.Request) -> web.StreamResponse:
    return await synthesize(request, is_streamed=False)


async def synthesize_stream(request: web.Request) -> web.StreamResponse:
    return await synthesize(request, is_streamed=True)


async def synthesize(request: web.Request, *, is_streamed: bool) -> web.StreamResponse:
    network = request.app[NETWORK]
    order = read_order(request, await read_body(request))
    reading = SpeechRequest(time.monotonic(), len(order.text))
    network.timings.speech_requests.append(reading)
    check_faults(network)
    audio = await make_audio(network, order)
    await asyncio.sleep(first_byte_seconds(network))
    network.spent_credits += order.credits
    response = web.StreamResponse(headers=speech_headers(order))
    if not is_streamed:
        response.content_length = len(audio)
    await response.prepare(request)
    reading.first_byte_at = time.monotonic()
    for start in range(0, len(audio), CHUNK_BYTES):
        await response.write(audio[start : start + CHUNK_BYTES])
    await response.write_eof()
    reading.finished_at = time.monotonic()
    return response


async def make_audio(network: Network, order: Order) -> bytes:
    pcm = await network.synthesizer.speak(order.text, order.voice, order.rate)
    encode = {"ulaw": to_ulaw, "alaw": to_alaw}.get(order.coding)
    coded = encode(pcm) if encode else pcm
    return mark(coded, order.text, coding=order.coding)


def first_byte_seconds(network: Network) -> float:
    wished = network.faults.speech_first_byte_ms
    return FIRST_BYTE_SECONDS / network.pace.speed if wished is None else wished / 1000


def check_faults(network: Network) -> None:
    status = network.faults.speech_status if network.faults.strikes("speech_status") else 0
    if status == 429:
        raise SpeechRefused(429, "system_busy", "The system is experiencing heavy traffic, please try again.")
    if status == 401:
        raise SpeechRefused(401, "quota_exceeded", "This request exceeds your quota.")
    if status:
        raise SpeechRefused(status, "internal_server_error", "Something went wrong.")


async def read_body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except json.JSONDecodeError as error:
        raise missing_field("body", "JSON decode error") from error
    if not isinstance(body, dict):
        raise missing_field("body", "Input should be a valid dictionary")
    return body


def read_order(request: web.Request, body: dict[str, Any]) -> Order:
    text = body.get("text")
    if not isinstance(text, str):
        raise missing_field("text", "Field required" if text is None else "Input should be a valid string")
    if not text.strip():
        raise SpeechRefused(400, "empty_text", "The text must not be empty.")
    model = model_named(body.get("model_id", "eleven_multilingual_v2"))
    if model is None:
        raise SpeechRefused(400, "model_not_found", f"A model with ID {body.get('model_id')} was not found.")
    if len(text) > model.longest_text:
        raise SpeechRefused(400, "max_character_limit_exceeded", f"At most {model.longest_text} characters.")
    coding, rate = read_format(request.query.get("output_format", "mp3_44100_128"))
    voice = choose_speaker(request.match_info["voice_id"], body)
    return Order(text, voice, coding, rate, math.ceil(len(text) * model.credits_per_character))


def read_format(name: str) -> tuple[str, int]:
    found = FORMAT.fullmatch(name)
    if found is None:
        message = f"The practice network makes pcm, ulaw and alaw, not {name}; ask for ulaw_8000 or pcm_16000."
        raise SpeechRefused(400, "unsupported_output_format", message)
    return found[1], int(found[2])


def choose_speaker(voice_id: str, body: dict[str, Any]) -> Voice:
    if voice_id == "missing-voice":
        raise SpeechRefused(404, "voice_not_found", f"A voice with the voice_id {voice_id} was not found.")
    known = next((voice for voice in VOICES if voice.voice_id == voice_id), None)
    language = body.get("language_code") or (known.language if known else "es")
    speed = (body.get("voice_settings") or {}).get("speed") or 1.0
    return choose_voice(voice_id, language, words_per_minute=int(NORMAL_WORDS_PER_MINUTE * speed))


def speech_headers(order: Order) -> dict[str, str]:
    content_type = {"ulaw": "audio/basic", "alaw": "audio/x-alaw-basic"}.get(order.coding, "audio/pcm")
    return {
        "Content-Type": content_type,
        "request-id": secrets.token_hex(10),
        "history-item-id": secrets.token_hex(10),
        "character-cost": str(order.credits),
        "current-concurrent-requests": "1",
        "maximum-concurrent-requests": str(CONCURRENT_REQUESTS),
    }


async def list_models(request: web.Request) -> web.Response:
    return web.json_response([model.body() for model in MODELS])


async def list_voices(request: web.Request) -> web.Response:
    search = request.query.get("search", "").lower()
    voices = [voice_body(voice) for voice in VOICES if search in f"{voice.name} {voice.language}".lower()]
    body = {"voices": voices, "has_more": False, "total_count": len(voices), "next_page_token": None}
    return web.json_response(body)


async def show_voice(request: web.Request) -> web.Response:
    found = [voice for voice in VOICES if voice.voice_id == request.match_info["voice_id"]]
    if not found:
        raise SpeechRefused(404, "voice_not_found", "The voice was not found.")
    return web.json_response(voice_body(found[0]))


async def show_subscription(request: web.Request) -> web.Response:
    return web.json_response(subscription_body(request.app[NETWORK]))


async def show_user(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response({"user_id": "practice", "subscription": subscription_body(network)})


def subscription_body(network: Network) -> dict[str, Any]:
    return SUBSCRIPTION | {"character_count": network.spent_credits}


VOICE = PREFIX + "/v1/text-to-speech/{voice_id}"
routes = [
    web.post(VOICE, synthesize_whole),
    web.post(VOICE + "/stream", synthesize_stream),
    web.get(PREFIX + "/v1/models", list_models),
    web.get(PREFIX + "/v2/voices", list_voices),
    web.get(PREFIX + "/v1/voices", list_voices),
    web.get(PREFIX + "/v1/voices/{voice_id}", show_voice),
    web.get(PREFIX + "/v1/user/subscription", show_subscription),
    web.get(PREFIX + "/v1/user", show_user),
]

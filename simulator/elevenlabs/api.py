"""ElevenLabs' text to speech (https://elevenlabs.io/docs/api-reference/text-to-speech)."""

import asyncio
import base64
import hmac
import json
import math
import secrets
import time
from typing import Any

from aiohttp import web

from simulator.elevenlabs import lists
from simulator.elevenlabs.account import HistoryItem
from simulator.elevenlabs.alignment import Alignment, align
from simulator.elevenlabs.catalogue import voice_named
from simulator.elevenlabs.delivery import Delivery
from simulator.elevenlabs.errors import SpeechRefused
from simulator.elevenlabs.order import Order, read_order
from simulator.elevenlabs.prefix import PREFIX
from simulator.elevenlabs.synthesis import Chunk, first_byte_seconds, making_seconds, paced, synthesize
from simulator.network import NETWORK, Network
from simulator.timings import SpeechRequest

WRONG_CONTENT = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>"


@web.middleware
async def elevenlabs_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    if not request.path.startswith(PREFIX + "/"):
        return await handler(request)
    network = request.app[NETWORK]
    try:
        check_key(network, request.headers.get("xi-api-key", ""))
        if request.method == "GET":
            check_faults(network, "speech_lists_status")
        response: web.StreamResponse = await handler(request)
        return response
    except SpeechRefused as refused:
        return refused.response(error_shape(network))
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        return web.json_response({"detail": error.reason}, status=error.status)


def check_key(network: Network, key: str) -> None:
    """Without --elevenlabs-key any key opens."""
    if not key:
        message = "Neither authorization header nor xi-api-key received, please provide one."
        raise SpeechRefused(401, "needs_authorization", message)
    wanted = network.options.elevenlabs_key
    if wanted and not hmac.compare_digest(key.encode(), wanted.encode()):
        raise SpeechRefused(401, "invalid_api_key", "Invalid API key")


def error_shape(network: Network) -> str:
    return network.faults.speech_error_shape or network.options.elevenlabs_errors


async def speak(request: web.Request) -> web.StreamResponse:
    return await answer(request, send_whole)


async def speak_streamed(request: web.Request) -> web.StreamResponse:
    return await answer(request, send_stream)


async def speak_with_timestamps(request: web.Request) -> web.StreamResponse:
    return await answer(request, send_whole_timed)


async def speak_streamed_with_timestamps(request: web.Request) -> web.StreamResponse:
    return await answer(request, send_stream_timed)


async def answer(request: web.Request, send: Any) -> web.StreamResponse:
    network = request.app[NETWORK]
    order = await read_order(request)
    reading = SpeechRequest(time.monotonic(), len(order.text))
    network.timings.speech_requests.append(reading)
    check_faults(network)
    network.speech.check_credit(order.credits)
    async with network.speech.place(order.model.group) as running:
        due = time.monotonic() + first_byte_seconds(network, order)
        speech = await synthesize(network, order)
        headers = charge(network, order, running)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        spoiled = spoiled_answer(network, headers, order)
        if spoiled is not None:
            return spoiled
        delivery = Delivery(request, network, order, speech, headers, reading)
        response: web.StreamResponse = await send(delivery)
        return response


def check_faults(network: Network, name: str = "speech_status") -> None:
    """The status alone chooses the likeliest name; the limit of concurrency and bad keys need theirs written."""
    if not network.faults.strikes(name):
        return
    status = int(getattr(network.faults, name))
    code, message = {
        429: ("system_busy", "The system is experiencing heavy traffic, please try again."),
        401: ("quota_exceeded", "This request exceeds your quota."),
    }.get(status, ("internal_server_error", "Something went wrong."))
    raise SpeechRefused(status, network.faults.speech_error_code or code, message)


def charge(network: Network, order: Order, running: int) -> dict[str, str]:
    """Takes the credit, writes the history and returns the headers that tell of both."""
    account = network.speech
    before, account.spent = account.spent, account.spent + order.credits
    request_id, item_id = secrets.token_urlsafe(15), secrets.token_urlsafe(15)
    if order.is_logged:
        account.remember(history_item(order, request_id, item_id, before))
    return {
        "request-id": request_id,
        "history-item-id": item_id,
        "character-cost": str(order.credits),
        "current-concurrent-requests": str(running),
        "maximum-concurrent-requests": str(account.plan.concurrency(order.model.group)),
    }


def history_item(order: Order, request_id: str, item_id: str, before: int) -> HistoryItem:
    voice = voice_named(order.voice_id)
    return HistoryItem(
        item_id=item_id,
        request_id=request_id,
        voice_id=order.voice_id,
        voice_name=voice.name if voice else order.voice_id,
        model_id=order.model.model_id,
        text=order.text,
        content_type=order.format.content_type,
        output_format=order.format.name,
        spent_before=before,
        spent_after=before + order.credits,
        settings=order.settings,
        order=order,
    )


def spoiled_answer(network: Network, headers: dict[str, str], order: Order) -> web.Response | None:
    if network.faults.strikes("speech_empty_body"):
        return web.Response(headers=headers | {"Content-Type": order.format.content_type})
    if network.faults.strikes("speech_wrong_content"):
        return web.Response(body=WRONG_CONTENT, content_type="text/html")
    return None


async def send_whole(delivery: Delivery) -> web.StreamResponse:
    """Nothing comes before all of it is made."""
    speech = delivery.speech
    await asyncio.sleep(making_seconds(delivery.network, delivery.order, speech.seconds))
    content_type = delivery.order.format.content_type
    return await delivery.send(one(speech.sound), content_type=content_type, length=len(speech.sound))


async def send_stream(delivery: Delivery) -> web.StreamResponse:
    chunks = paced(delivery.network, delivery.order, delivery.speech)
    sounds = (chunk.sound async for chunk in chunks)
    return await delivery.send(sounds, content_type=delivery.order.format.content_type)


async def send_whole_timed(delivery: Delivery) -> web.StreamResponse:
    speech = delivery.speech
    alignment = await asyncio.to_thread(align, delivery.order.text, speech.seconds)
    await asyncio.sleep(making_seconds(delivery.network, delivery.order, speech.seconds))
    body = json.dumps(timed(Chunk(speech.sound, 0, math.inf), alignment)).encode()
    return await delivery.send(one(body), content_type="application/json", length=len(body))


async def send_stream_timed(delivery: Delivery) -> web.StreamResponse:
    """One JSON object a line; times count from the beginning of the speech, which is not documented."""
    alignment = await asyncio.to_thread(align, delivery.order.text, delivery.speech.seconds)
    chunks = paced(delivery.network, delivery.order, delivery.speech)
    lines = (json.dumps(timed(chunk, alignment)).encode() + b"\n" async for chunk in chunks)
    return await delivery.send(lines, content_type="application/json")


def timed(chunk: Chunk, whole: Alignment) -> dict[str, Any]:
    alignment = whole.between(chunk.begins, chunk.ends)
    shown = alignment.body() if alignment else None
    return {
        "audio_base64": base64.b64encode(chunk.sound).decode(),
        "alignment": shown,
        "normalized_alignment": shown,
    }


async def one(part: bytes) -> Any:
    yield part


VOICE = PREFIX + "/v1/text-to-speech/{voice_id}"
routes = [
    web.post(VOICE, speak),
    web.post(VOICE + "/stream", speak_streamed),
    web.post(VOICE + "/with-timestamps", speak_with_timestamps),
    web.post(VOICE + "/stream/with-timestamps", speak_streamed_with_timestamps),
    *lists.routes,
]

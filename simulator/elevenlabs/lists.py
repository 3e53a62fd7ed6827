"""ElevenLabs' lists: models, voices, the user and what was spoken (https://elevenlabs.io/docs/api-reference)."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from simulator.elevenlabs.account import HistoryItem
from simulator.elevenlabs.catalogue import MODELS, NORMAL_SETTINGS, VOICES, CatalogueVoice, voice_named
from simulator.elevenlabs.errors import InvalidOrder, Problem, SpeechRefused
from simulator.elevenlabs.fields import whole_number
from simulator.elevenlabs.prefix import PREFIX
from simulator.elevenlabs.synthesis import synthesize
from simulator.network import NETWORK

VOICES_A_PAGE, MOST_VOICES_A_PAGE = 10, 100
ITEMS_A_PAGE, MOST_ITEMS_A_PAGE = 100, 1000


async def list_models(request: web.Request) -> web.Response:
    return web.json_response([model.body() for model in MODELS])


async def search_voices(request: web.Request) -> web.Response:
    """The token of the next page is the number of voices already shown."""
    size = read_size(request, VOICES_A_PAGE, MOST_VOICES_A_PAGE)
    token = request.query.get("next_page_token", "")
    start = int(token) if token.isdigit() else 0
    found = [voice for voice in VOICES if all(test(voice) for test in voice_tests(request))]
    has_more = len(found) > start + size
    body = {
        "voices": [voice.body() for voice in found[start : start + size]],
        "has_more": has_more,
        "total_count": len(found),
        "next_page_token": str(start + size) if has_more else None,
    }
    return web.json_response(body)


def voice_tests(request: web.Request) -> list[Callable[[CatalogueVoice], bool]]:
    query = request.query
    search, category, language = (query.get(name, "").lower() for name in ("search", "category", "language"))
    ids = query.getall("voice_ids", [])
    return [
        lambda voice: search in f"{voice.name} {voice.accent} {voice.language} {voice.gender}".lower(),
        lambda voice: category in ("", voice.category),
        lambda voice: voice.language.lower().startswith(language),
        lambda voice: not ids or voice.voice_id in ids,
    ]


def read_size(request: web.Request, usual: int, most: int) -> int:
    text = request.query.get("page_size", str(usual))
    value: Any = int(text) if text.isdigit() else text
    trouble = whole_number(1, most)(value)
    if trouble:
        raise InvalidOrder([Problem(("query", "page_size"), *trouble)])
    return int(value)


async def list_voices(request: web.Request) -> web.Response:
    return web.json_response({"voices": [voice.body() for voice in VOICES]})


async def show_voice(request: web.Request) -> web.Response:
    return web.json_response(find_voice(request).body())


async def show_voice_settings(request: web.Request) -> web.Response:
    find_voice(request)
    return web.json_response(NORMAL_SETTINGS)


async def show_default_settings(request: web.Request) -> web.Response:
    return web.json_response(NORMAL_SETTINGS)


def find_voice(request: web.Request) -> CatalogueVoice:
    voice_id = request.match_info["voice_id"]
    voice = voice_named(voice_id)
    if voice is None:
        raise SpeechRefused(404, "voice_not_found", f"A voice with the voice_id {voice_id} was not found.")
    return voice


async def show_subscription(request: web.Request) -> web.Response:
    return web.json_response(request.app[NETWORK].speech.subscription())


async def show_user(request: web.Request) -> web.Response:
    account = request.app[NETWORK].speech
    body = {
        "user_id": "practiceuser00000001",
        "workspace_id": "practicespace0000001",
        "subscription": account.subscription(),
        "is_new_user": False,
        "xi_api_key": None,
        "can_use_delayed_payment_methods": False,
        "is_onboarding_completed": True,
        "is_onboarding_checklist_completed": True,
        "first_name": "Practice",
        "is_api_key_hashed": True,
        "xi_api_key_preview": None,
        "created_at": account.opened_at,
        "seat_type": "workspace_admin",
    }
    return web.json_response(body)


async def list_history(request: web.Request) -> web.Response:
    """Newest first."""
    size = read_size(request, ITEMS_A_PAGE, MOST_ITEMS_A_PAGE)
    query, items = request.query, list(reversed(request.app[NETWORK].speech.history.values()))
    after = query.get("start_after_history_item_id")
    if after:
        names = [item.item_id for item in items]
        items = items[names.index(after) + 1 :] if after in names else []
    items = [item for item in items if is_wanted(item, query)]
    shown = items[:size]
    body = {
        "history": [item.body() for item in shown],
        "last_history_item_id": shown[-1].item_id if shown else None,
        "has_more": len(items) > size,
        "scanned_until": shown[-1].made_at if shown else None,
    }
    return web.json_response(body)


def is_wanted(item: HistoryItem, query: Any) -> bool:
    facts = {"voice_id": item.voice_id, "model_id": item.model_id}
    return all(query.get(name) in (None, "", value) for name, value in facts.items()) and (
        query.get("search", "").lower() in item.text.lower()
    )


async def show_history_item(request: web.Request) -> web.Response:
    return web.json_response(find_item(request).body())


async def download_history_item(request: web.Request) -> web.Response:
    """Spoken anew, with the same result: neither credit nor a place among the concurrent requests is taken."""
    item = find_item(request)
    speech = await synthesize(request.app[NETWORK], item.order)
    return web.Response(body=speech.sound, headers={"Content-Type": item.content_type})


async def delete_history_item(request: web.Request) -> web.Response:
    del request.app[NETWORK].speech.history[find_item(request).item_id]
    return web.json_response({"status": "ok"})


def find_item(request: web.Request) -> HistoryItem:
    item = request.app[NETWORK].speech.history.get(request.match_info["item_id"])
    if item is None:
        raise SpeechRefused(404, "history_item_not_found", "There is no history item with this id.")
    return item


ITEM = PREFIX + "/v1/history/{item_id}"
routes = [
    web.get(PREFIX + "/v1/models", list_models),
    web.get(PREFIX + "/v2/voices", search_voices),
    web.get(PREFIX + "/v1/voices", list_voices),
    web.get(PREFIX + "/v1/voices/settings/default", show_default_settings),
    web.get(PREFIX + "/v1/voices/{voice_id}", show_voice),
    web.get(PREFIX + "/v1/voices/{voice_id}/settings", show_voice_settings),
    web.get(PREFIX + "/v1/user/subscription", show_subscription),
    web.get(PREFIX + "/v1/user", show_user),
    web.get(PREFIX + "/v1/history", list_history),
    web.get(ITEM, show_history_item),
    web.get(ITEM + "/audio", download_history_item),
    web.delete(ITEM, delete_history_item),
]

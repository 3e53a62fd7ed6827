"""One request for speech: read, checked against the catalogue and the plan."""

import json
import math
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.elevenlabs.catalogue import DEFAULT_MODEL, NORMAL_SETTINGS, SpeechModel, model_named, voice_named
from simulator.elevenlabs.errors import InvalidOrder, Problem, SpeechRefused
from simulator.elevenlabs.fields import Rule, check, flag, one_of, problems_of
from simulator.elevenlabs.plans import LOWEST_TIER_FOR_FORMAT, Plan
from simulator.network import NETWORK, Network
from simulator.sound.formats import OUTPUT_FORMATS, OutputFormat
from simulator.sound.speech import Voice, choose_voice

NORMAL_WORDS_PER_MINUTE = 175
DEFAULT_FORMAT = "mp3_44100_128"
MISSING_VOICE = "missing-voice"
QUERY: dict[str, Rule] = {
    "output_format": one_of(*OUTPUT_FORMATS),
    "optimize_streaming_latency": one_of("0", "1", "2", "3", "4"),
}
FLAGS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


@dataclass(frozen=True)
class Order:
    text: str
    voice_id: str
    voice: Voice
    model: SpeechModel
    format: OutputFormat
    settings: dict[str, Any]
    is_logged: bool

    @property
    def credits(self) -> int:
        return math.ceil(len(self.text) * self.model.credits_per_character)


async def read_order(request: web.Request) -> Order:
    """Raises SpeechRefused: first for what no framework lets through, then for what this account may not have."""
    network, body = request.app[NETWORK], await read_body(request)
    problems = query_problems(request) + problems_of(body)
    if problems:
        raise InvalidOrder(problems)
    model, voice_id = choose_model(body), request.match_info["voice_id"]
    check_text(body["text"], model)
    check_language(body.get("language_code"), model)
    check_voice(network, voice_id)
    return Order(
        text=body["text"],
        voice_id=voice_id,
        voice=choose_speaker(voice_id, body),
        model=model,
        format=choose_format(request.query.get("output_format") or DEFAULT_FORMAT, network.speech.plan),
        settings=NORMAL_SETTINGS | given(body.get("voice_settings")),
        is_logged=FLAGS.get(request.query.get("enable_logging", ""), True),
    )


async def read_body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidOrder([Problem(("body", 0), "JSON decode error", "json_invalid")]) from error
    if not isinstance(body, dict):
        raise InvalidOrder([Problem(("body",), "Input should be a valid dictionary", "model_attributes_type")])
    return body


def query_problems(request: web.Request) -> list[Problem]:
    found = check(dict(request.query), QUERY, ("query",))
    logging = request.query.get("enable_logging")
    return found + check(
        {"enable_logging": FLAGS.get(logging, logging)} if logging else {}, {"enable_logging": flag}, ("query",)
    )


def given(values: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if value is not None}


def choose_model(body: dict[str, Any]) -> SpeechModel:
    model_id = body.get("model_id") or DEFAULT_MODEL
    model = model_named(model_id)
    if model is None:
        raise SpeechRefused(400, "model_not_found", f"A model with model ID {model_id} does not exist.")
    return model


def check_text(text: str, model: SpeechModel) -> None:
    """What becomes of an empty text is not documented."""
    if not text.strip():
        raise SpeechRefused(400, "input_text_empty", "Input text is empty.")
    if len(text) > model.longest_text:
        message = (
            f"This request's text has {len(text)} characters and exceeds the character limit of "
            f"{model.longest_text} characters of {model.model_id}."
        )
        raise SpeechRefused(400, "max_character_limit_exceeded", message)


def check_language(code: str | None, model: SpeechModel) -> None:
    """Multilingual v2 takes its language from the text and ignores the code; the fast models refuse foreign ones."""
    if code and model.refuses_languages and code.split("-")[0].lower() not in model.languages:
        message = f"Model '{model.model_id}' does not support language_code '{code}'."
        raise SpeechRefused(400, "unsupported_language", message)


def check_voice(network: Network, voice_id: str) -> None:
    """Programs bring voices of their own: unless told otherwise any name is a voice, the same one each time."""
    voice = voice_named(voice_id)
    if voice_id == MISSING_VOICE or (voice is None and network.options.elevenlabs_voices == "listed"):
        raise SpeechRefused(404, "voice_not_found", f"A voice with the voice_id {voice_id} was not found.")
    if voice and voice.category == "professional" and not network.speech.plan.includes("creator"):
        message = "Professional voices are only available for the creator tier and above."
        raise SpeechRefused(401, "only_for_creator+", message)


def choose_format(name: str, plan: Plan) -> OutputFormat:
    tier = LOWEST_TIER_FOR_FORMAT.get(name, "free")
    if not plan.includes(tier):
        message = f"Requested output format {name} is only allowed for {tier.capitalize()} tier and above."
        raise SpeechRefused(403, "output_format_not_allowed", message)
    return OUTPUT_FORMATS[name]


def choose_speaker(voice_id: str, body: dict[str, Any]) -> Voice:
    known = voice_named(voice_id)
    language = body.get("language_code") or (known.language if known else "es")
    speed = given(body.get("voice_settings")).get("speed", 1.0)
    return choose_voice(voice_id, language, words_per_minute=round(NORMAL_WORDS_PER_MINUTE * speed))

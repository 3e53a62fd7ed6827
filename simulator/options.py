"""What the command line decides, once, for the whole process."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.elevenlabs.errors import SHAPES
from simulator.elevenlabs.plans import PLANS

DESCRIPTION = "Twilio, ElevenLabs, OpenAI and the people who pick up. One call alone: simulator call --help"
PRACTICE_ACCOUNT_SID = "AC" + "0" * 31 + "1"
PRACTICE_AUTH_TOKEN = "practice-auth-token"  # noqa: S105  (opens nothing but this network)
PERSONAS_FOLDER = Path(__file__).parent / "people" / "personas"


@dataclass(frozen=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 9000
    speed: float = 1.0
    seed: int = 7
    account_sid: str = PRACTICE_ACCOUNT_SID
    auth_token: str = PRACTICE_AUTH_TOKEN
    state_dir: Path | None = None
    calls_per_second: float = 1.0
    max_concurrent: int = 1000
    population: Path | None = None
    faults: Path | None = None
    personas: Path = PERSONAS_FOLDER
    fetch_plays_ahead: bool = False
    public_url: str = ""
    openai_key: str = ""
    openai_models: str = ""
    openai_context_tokens: int = 400_000
    openai_requests_per_minute: int = 0
    elevenlabs_key: str = ""
    elevenlabs_tier: str = "business"
    elevenlabs_credits: int = 0
    elevenlabs_errors: str = "new"
    elevenlabs_voices: str = "any"
    allow_plain_ws: bool = False
    ca_file: Path | None = None
    max_relay_sessions: int = 1000
    account: Path | None = None
    api_keys: tuple[str, ...] = ()


def read_options(arguments: list[str] | None = None) -> Options:
    return as_options(vars(build_parser().parse_args(arguments)))


def as_options(values: dict[str, Any]) -> Options:
    values["api_keys"] = tuple(values["api_keys"])
    values["fetch_plays_ahead"] = values.pop("fetch_plays") == "ahead"
    return Options(**values)


def build_parser(*, add_help: bool = True) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description=DESCRIPTION, add_help=add_help)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000, help="0 takes a free port")
    parser.add_argument("--speed", type=positive_number, default=1.0, help="how much faster than life people are")
    parser.add_argument("--seed", type=int, default=7, help="same seed, same words and outcomes")
    parser.add_argument("--account-sid", default=PRACTICE_ACCOUNT_SID)
    parser.add_argument("--auth-token", default=PRACTICE_AUTH_TOKEN)
    parser.add_argument("--state-dir", type=Path, help="where recordings are kept (a temporary folder)")
    parser.add_argument("--calls-per-second", type=positive_number, default=1.0, help="multiplied by the speed")
    parser.add_argument("--max-concurrent", type=int, default=1000, help="above it, error 10004")
    parser.add_argument("--population", type=Path, help="TOML file with weights and pinned numbers")
    parser.add_argument("--faults", type=Path, help="TOML file with what goes wrong")
    parser.add_argument("--personas", type=Path, default=PERSONAS_FOLDER, help="folder of persona files")
    parser.add_argument("--public-url", default="", help="how others reach this process (http://HOST:PORT)")
    parser.add_argument("--allow-plain-ws", action="store_true", help="relay sockets may be ws:// too (not at Twilio)")
    parser.add_argument("--max-relay-sessions", type=int, default=1000, help="above it, error 64109")
    parser.add_argument("--ca-file", type=Path, help="PEM of one more authority to trust for https and wss")
    parser.add_argument("--account", type=Path, help="TOML file: state, numbers, permissions, balance of the account")
    parser.add_argument(
        "--api-key", dest="api_keys", action="append", default=[], metavar="SK…:SECRET", help="repeatable"
    )
    add_speech_arguments(parser)
    parser.add_argument("--openai-key", default="", help="the only key that the model takes (any)")
    parser.add_argument("--openai-models", default="", help="names of further models, divided by commas")
    parser.add_argument("--openai-context-tokens", type=int, default=400_000, help="above it, context_length_exceeded")
    parser.add_argument("--openai-requests-per-minute", type=int, default=0, help="times the speed; 0: no limit")
    parser.add_argument(
        "--fetch-plays",
        choices=("one-by-one", "ahead"),
        default="one-by-one",
        help="how nested Plays are fetched",
    )
    return parser


def add_speech_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--elevenlabs-key", default="", help="the only key that the voice takes (any)")
    parser.add_argument(
        "--elevenlabs-tier", choices=tuple(PLANS), default="business", help="formats, credit, concurrency"
    )
    parser.add_argument("--elevenlabs-credits", type=int, default=0, help="credit of the month (that of the tier)")
    parser.add_argument("--elevenlabs-errors", choices=SHAPES, default="new", help="shape of refusals")
    parser.add_argument("--elevenlabs-voices", choices=("any", "listed"), default="any", help="which voices exist")


def positive_number(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be above zero")
    return number

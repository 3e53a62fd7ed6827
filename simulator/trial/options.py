"""The command line of a trial call: what to dial, and all that the network itself can be told."""

import argparse
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from simulator.options import Options, as_options, build_parser

DESCRIPTION = (
    "Dials a TwiML application on this machine, lets one person talk to it, and prints the conversation, the timings "
    "and what Twilio would have complained about. Ends with 0 when there was nothing to complain about, else with 1."
)
PRACTICE_TO = "+34600123456"
PRACTICE_FROM = "+34910000000"


@dataclass(frozen=True)
class Trial:
    """`parameters` are further ones of POST Calls.json, such as MachineDetection=Enable."""

    url: str
    persona: str
    to: str
    from_: str
    parameters: tuple[tuple[str, str], ...]
    as_json: bool

    def form(self) -> list[tuple[str, str]]:
        return [("To", self.to), ("From", self.from_), ("Url", self.url), *self.parameters]


def read_trial(arguments: list[str]) -> tuple[Options, Trial]:
    values = vars(build_trial_parser().parse_args(arguments))
    values["parameters"] = tuple(values["parameters"])
    trial = Trial(**{entry.name: values.pop(entry.name) for entry in fields(Trial)})
    return as_options(values), trial


def build_trial_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simulator call",
        description=DESCRIPTION,
        parents=[build_parser(add_help=False)],
        conflict_handler="resolve",
    )
    parser.set_defaults(port=0, calls_per_second=1000.0)
    parser.add_argument("--url", required=True, type=web_address, help="the application's voice webhook")
    parser.add_argument("--persona", default="", help="who picks up (by default: whoever owns the number)")
    parser.add_argument("--to", default=PRACTICE_TO, help="the number that is dialled")
    parser.add_argument("--from", dest="from_", default=PRACTICE_FROM, help="the number that dials")
    parser.add_argument(
        "--param",
        dest="parameters",
        action="append",
        default=[],
        type=parameter,
        metavar="NAME=VALUE",
        help="further parameter of POST Calls, such as MachineDetection=Enable; may be given several times",
    )
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object instead of text")
    return parser


def web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError("must begin with http:// or https://")
    return text


def parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError("must be NAME=VALUE")
    return name, value

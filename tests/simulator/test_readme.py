"""What the network can do is told where its users look."""

from dataclasses import fields
from pathlib import Path

import pytest

from simulator.faults import DEFAULTS
from simulator.options import build_parser
from simulator.people.persona import Persona
from simulator.trial.options import build_trial_parser
from simulator.twilio.account_file import AccountSettings

README = (Path(__file__).resolve().parents[2] / "simulator" / "README.md").read_text("utf-8")
OPTIONS = {
    text
    for parser in (build_parser(), build_trial_parser())
    for action in parser._actions
    for text in action.option_strings
}
HELP = {"-h", "--help"}


@pytest.mark.parametrize("option", sorted(OPTIONS - HELP))
def test_every_option_is_told(option: str):
    assert f"`{option}" in README


@pytest.mark.parametrize("fault", sorted(DEFAULTS))
def test_every_fault_is_told(fault: str):
    assert f"`{fault}`" in README


@pytest.mark.parametrize("entry", [field.name for field in fields(AccountSettings)])
def test_every_line_of_an_account_file_is_told(entry: str):
    assert f"\n{entry} = " in README or f"[{entry}]" in README


@pytest.mark.parametrize(
    "attribute", [field.name for field in fields(Persona) if field.name not in ("name", "menu", "steps")]
)
def test_every_attribute_of_a_persona_is_told(attribute: str):
    assert f"`{attribute}`" in README or f"\n{attribute} = " in README or f"`[{attribute}]`" in README

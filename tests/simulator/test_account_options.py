"""The account on the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator.options import read_options
from simulator.twilio.account import Account
from tests.simulator.server import ROOT


def test_api_keys_of_the_command_line_join_those_of_the_file(tmp_path: Path):
    path = tmp_path / "account.toml"
    path.write_text('[api_keys]\nSK1 = "one"\n')
    arguments = ["--account", str(path), "--api-key", "SK2:two", "--api-key", "SK3:th:ree"]
    account = Account(read_options(arguments))
    for key, secret in (("SK1", "one"), ("SK2", "two"), ("SK3", "th:ree")):
        assert account.knows(key, secret)
    assert not account.knows("SK2", "one")
    assert account.knows(account.sid, account.auth_token)


@pytest.mark.parametrize(
    "arguments", [["--api-key", "SK1"], ["--api-key", "key:secret"], ["--account", "nowhere.toml"]]
)
def test_what_cannot_be_an_account_ends_the_program_with_a_sentence(arguments: list[str]):
    command = [sys.executable, "-m", "simulator", "--port", "0", *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("simulator: ")
    assert "Traceback" not in result.stderr

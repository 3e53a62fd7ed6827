"""Who may import whom: the contracts hold, they would notice a breach, and they know every module."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("callcenter", "accounts", "contacts", "campaigns", "calls", "reports", "simulator")


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path) -> Path:
    """The source, to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_layers_are_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "breach"),
    [
        ("accounts/models.py", "import contacts.phone"),
        ("contacts/phone.py", "from campaigns import pacing"),
        ("campaigns/pacing.py", "def late():\n    from calls.status import TERMINAL"),
        ("callcenter/money.py", "import accounts.models"),
        ("calls/status.py", "import callcenter.cron"),
        ("calls/amd.py", "import simulator.persona"),
        ("simulator/pace.py", "import callcenter.clock"),
    ],
)
def test_a_breach_is_noticed(copy, file, breach):
    with (copy / file).open("a") as source:
        source.write(f"\n{breach}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


def test_every_module_of_callcenter_stands_above_or_below_the_apps():
    layers = next(contract for contract in contracts() if contract["type"] == "layers")["layers"]
    placed = {name.strip(" ()") for layer in (layers[0], layers[-1]) for name in layer.split(":")}
    modules = {f"callcenter.{path.stem}" for path in (ROOT / "callcenter").iterdir() if is_module(path)}
    assert modules - placed == set()


def is_module(path: Path) -> bool:
    return (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()

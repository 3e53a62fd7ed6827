"""`.env.example` lists every variable that the settings and the containers read, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def listed() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE))


def read_by_settings() -> set[str]:
    """The names in `env.str("NAME", …)`, `env.bool("NAME", …)` and their like."""
    tree = ast.parse((ROOT / "callcenter" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr != "read_env"
    }


def read_by_containers() -> set[str]:
    return set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))


def test_every_variable_that_is_read_is_listed():
    assert read_by_settings() | read_by_containers() <= listed()


def test_every_variable_that_is_listed_is_read():
    assert listed() <= read_by_settings() | read_by_containers()


def test_a_copy_of_the_example_changes_nothing():
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []

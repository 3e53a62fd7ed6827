"""What the account is and may do: a TOML file (`--account`), or POST /simulator/account while it runs.

status = "active"                     # or suspended, closed
type = "Full"                         # or Trial
balance = 20.0                        # USD at the start
numbers = ["+34910000000"]            # owned; as soon as one is named, From must be owned or verified
caller_ids = ["+34600111222"]         # verified; also the only people whom a trial account may call
countries = ["ES", "MX"]              # dialling permissions; without the line, all countries
api_concurrency = 100                 # REST requests at once, above it 20429
trial_own_urls = false                # a trial account may only name the addresses of Twilio's templates

[api_keys]
SK0123456789abcdef0123456789abcdef = "secret"

[test_credentials]                    # magic numbers, nothing dials
AC99999999999999999999999999999999 = "test-token"
"""

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

LISTS, TABLES = ("numbers", "caller_ids", "countries"), ("api_keys", "test_credentials")
CHOICES = {"status": ("active", "suspended", "closed"), "type": ("Full", "Trial")}


class AccountFileError(ValueError):
    """A key that nobody knows, or a value that it cannot have."""


@dataclass(frozen=True)
class AccountSettings:
    """None stands for no limit: any number may call, every country may be called."""

    friendly_name: str = "Practice phone network"
    status: str = "active"
    type: str = "Full"
    balance: float = 500.0
    numbers: tuple[str, ...] | None = None
    caller_ids: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None
    api_concurrency: int = 1000
    trial_own_urls: bool = True
    api_keys: dict[str, str] = field(default_factory=dict)
    test_credentials: dict[str, str] = field(default_factory=dict)


def read_account(path: Path) -> AccountSettings:
    """Raises AccountFileError."""
    try:
        return change_settings(AccountSettings(), tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AccountFileError(f"{path.name}: {error}") from error


def change_settings(settings: AccountSettings, changes: dict[str, Any]) -> AccountSettings:
    """Raises AccountFileError, and then nothing has changed."""
    return replace(settings, **{name: read_value(name, value) for name, value in changes.items()})


def read_value(name: str, value: Any) -> Any:
    known = [entry.name for entry in fields(AccountSettings)]
    if name not in known:
        raise AccountFileError(f"unknown key of the account: {name}; known: {', '.join(sorted(known))}")
    if name in CHOICES and value not in CHOICES[name]:
        raise AccountFileError(f"{name} is one of {', '.join(CHOICES[name])}")
    if name in LISTS:
        return read_texts(name, value)
    if name in TABLES:
        return read_table(name, value)
    kind = type(getattr(AccountSettings, name))
    if type(value) is not kind and (kind, type(value)) != (float, int):
        raise AccountFileError(f"{name}: {value!r} is not what it takes")
    return value


def read_texts(name: str, value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise AccountFileError(f"{name} is a list of texts")
    return tuple(value)


def read_table(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(entry, str) for entry in value.values()):
        raise AccountFileError(f"{name} is a table of texts")
    return dict(value)


def read_api_key(text: str) -> tuple[str, str]:
    """SK…:secret, as the command line has it; raises AccountFileError."""
    key, _, secret = text.partition(":")
    if not key.startswith("SK") or not secret:
        raise AccountFileError("an API key is written SK…:secret")
    return key, secret

"""The account itself: who may speak for it, which numbers it may use, what it has spent."""

import hashlib
import hmac
from collections.abc import Iterable

from simulator.options import Options
from simulator.twilio.account_file import AccountSettings, change_settings, read_account, read_api_key
from simulator.twilio.errors import TwilioError
from simulator.twilio.permissions import DialingPermissions

OWNED_NUMBERS = ("+34910000000", "+34930000000", "+12125550100", "+525550000000")
"""Of an account without a file. Twilio would refuse any other From; without a file this network takes them all."""
INACTIVE_CODES = {"suspended": 20005, "closed": 10001}
TRIAL_CONCURRENT_CALLS = 5


class Account:
    def __init__(self, options: Options) -> None:
        self.sid, self.auth_token = options.account_sid, options.auth_token
        self._most_calls = options.max_concurrent
        settings = read_account(options.account) if options.account else AccountSettings()
        keys = settings.api_keys | dict(read_api_key(text) for text in options.api_keys)
        self.settings = change_settings(settings, {"api_keys": keys})
        self.permissions = DialingPermissions(self.settings.countries)
        self.charges_micros: dict[str, int] = {}
        self.requests_at_once = 0

    def change(self, changes: dict[str, object]) -> None:
        """Raises AccountFileError."""
        self.settings = change_settings(self.settings, changes)
        if "countries" in changes:
            self.permissions = DialingPermissions(self.settings.countries)

    @property
    def is_trial(self) -> bool:
        return self.settings.type == "Trial"

    @property
    def most_calls(self) -> int:
        return min(self._most_calls, TRIAL_CONCURRENT_CALLS) if self.is_trial else self._most_calls

    def knows(self, user: str, password: str) -> bool:
        """The account with its token, or one of its API keys with the key's secret."""
        return matches({self.sid: self.auth_token} | self.settings.api_keys, user, password)

    def knows_tester(self, user: str, password: str) -> bool:
        return matches(self.settings.test_credentials, user, password)

    def check_active(self) -> None:
        code = INACTIVE_CODES.get(self.settings.status)
        if code:
            raise TwilioError(code)

    @property
    def owned_numbers(self) -> tuple[str, ...]:
        return OWNED_NUMBERS if self.settings.numbers is None else self.settings.numbers

    @property
    def caller_ids(self) -> tuple[str, ...]:
        return self.settings.caller_ids or ()

    def check_caller(self, number: str) -> None:
        """Any number may call until the account's file names some."""
        is_free = self.settings.numbers is None and self.settings.caller_ids is None
        if not is_free and number not in (*self.owned_numbers, *self.caller_ids):
            raise TwilioError(21210)

    def check_callee(self, number: str) -> None:
        if self.is_trial and number not in self.caller_ids:
            raise TwilioError(21219)
        self.permissions.check(number)

    def number_sid(self, number: str) -> str | None:
        return stable_sid("PN", number) if number in self.owned_numbers else None

    def charge(self, sid: str, micros: int) -> None:
        """What a call or a recording costs is charged once, and is not given back when it is deleted."""
        self.charges_micros[sid] = micros

    def balance_micros(self) -> int:
        return round(self.settings.balance * 1_000_000) - sum(self.charges_micros.values())


def matches(credentials: dict[str, str], user: str, password: str) -> bool:
    known = credentials.get(user)
    return known is not None and hmac.compare_digest(password.encode(), known.encode())


def stable_sid(prefix: str, *parts: str) -> str:
    """The same thing has the same name in every run."""
    return prefix + hashlib.md5("|".join(parts).encode(), usedforsecurity=False).hexdigest()


def find_by_sid(numbers: Iterable[str], prefix: str, sid: str) -> str:
    for number in numbers:
        if stable_sid(prefix, number) == sid:
            return number
    raise TwilioError(20404)

"""Voice Geographic Permissions: which countries, and which ranges of them, the account may call."""

from simulator.twilio.errors import TwilioError
from simulator.twilio.rates import Country, countries, country_of, rate_of

FLAG_OF_RISK = {
    "low": "low_risk_numbers_enabled",
    "special": "high_risk_special_numbers_enabled",
    "tollfraud": "high_risk_tollfraud_numbers_enabled",
}


class DialingPermissions:
    """Without a list, every country is open, also those that the price table lacks; risky ranges never are."""

    def __init__(self, allowed: tuple[str, ...] | None) -> None:
        self._unknown_countries = allowed is None
        self._flags = {iso: first_flags(is_open=allowed is None or iso in allowed) for iso in countries()}

    def flags(self, country: Country) -> dict[str, bool]:
        return self._flags[country.iso]

    def change(self, iso: str, flags: dict[str, bool]) -> None:
        """Raises KeyError for a country or flag that there is not."""
        unknown = set(flags) - set(FLAG_OF_RISK.values())
        if unknown:
            raise KeyError(unknown.pop())
        self._flags[iso].update(flags)

    def check(self, number: str) -> None:
        """SIP addresses and clients lie in no country."""
        if not number.startswith("+"):
            return
        country, rate = country_of(number), rate_of(number)
        if country is None or rate is None:
            allowed = self._unknown_countries
        else:
            allowed = self._flags[country.iso][FLAG_OF_RISK[rate.risk]]
        if not allowed:
            raise TwilioError(21215)


def first_flags(*, is_open: bool) -> dict[str, bool]:
    return {flag: is_open and risk == "low" for risk, flag in FLAG_OF_RISK.items()}

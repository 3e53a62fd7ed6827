"""Phone numbers: reading what people write, showing and masking them, and where they ring."""

import re
from dataclasses import dataclass

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers import timezone as number_zones

REASONS: dict[str, Promise] = {
    "blank": _("There is no phone number."),
    "no_number": _("This is not a phone number."),
    "several": _("There is more than one phone number in the cell."),
    "extension": _("A number with an extension cannot be dialled directly."),
    "spoiled": _("The spreadsheet has rounded this number and its last digits are lost."),
    "too_short": _("The number is too short."),
    "too_long": _("The number is too long. A number from abroad needs its prefix, such as +52."),
    "short_number": _("Emergency and short service numbers cannot be called."),
    "premium": _("Numbers with special rates cannot be called."),
    "not_a_line": _("This number does not lead to a person's telephone."),
    "unknown_prefix": _("No country has this international prefix."),
    "invalid": _("No such number exists in that country. A number from abroad needs its prefix, such as +52."),
}
"""Why a number is refused: code -> sentence."""

KINDS = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.VOIP: "voip",
}
_REFUSED = {
    "premium": (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER),
    "not_a_line": (PhoneNumberType.PAGER, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL),
}
REFUSED_KINDS = {kind: code for code, kinds in _REFUSED.items() for kind in kinds}
PARSE_CODES = {
    NumberParseException.INVALID_COUNTRY_CODE: "unknown_prefix",
    NumberParseException.NOT_A_NUMBER: "no_number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
    NumberParseException.TOO_SHORT_NSN: "too_short",
    NumberParseException.TOO_LONG: "too_long",
}
POSSIBLE_CODES = {
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.TOO_LONG: "too_long",
    ValidationResult.INVALID_COUNTRY_CODE: "unknown_prefix",
}

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
LABEL = re.compile(r"(?:tel|tlf|tfno|telf|móvil|movil|phone|fax)[.: ]*", re.IGNORECASE)
DOUBLE_ZERO = re.compile(r"^\(?\s*00\)?\s*(?=[\d(])")
REMARK = re.compile(r"\([^\d+()]*\)")
BETWEEN_NUMBERS = re.compile(r"[/;,|\n]|\s(?:y|o|and|or|-)\s", re.IGNORECASE)
OLD_MEXICAN_MOBILE = re.compile(r"521(\d{10})")
NO_DIGIT = re.compile(r"\D")
LONGEST_TEXT = 100
DIGITS_OF_A_NUMBER = 6
DIGITS_SHOWN = 3
ERASED = "—"
"""Shown in place of a number that was erased."""


class NotANumber(ValueError):
    """What stands there is no phone number that can be called; `code` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def reason(self) -> str:
        return str(REASONS[self.code])


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    e164: str
    country: str
    kind: str
    time_zones: tuple[str, ...]


def parse_number(text: str, country: str) -> PhoneNumber:
    """Read what a person or a spreadsheet wrote; without an international prefix it is a number of `country`."""
    number = _parse(_tidied(text), country)
    kind = phonenumbers.number_type(number)
    home = phonenumbers.region_code_for_number(number) or ""
    if kind in REFUSED_KINDS or home == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        raise NotANumber(REFUSED_KINDS.get(kind, "premium"))
    if kind not in KINDS:
        raise NotANumber(_why_invalid(number, country))
    return PhoneNumber(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        country=home,
        kind=KINDS[kind],
        time_zones=_time_zones(number, kind),
    )


_zones_of_kind: dict[tuple[int, int], tuple[str, ...]] = {}
"""Country prefix and kind -> zones, for kinds of numbers that are bound to no place; empty for those that are."""


def _time_zones(number: phonenumbers.PhoneNumber, kind: int) -> tuple[str, ...]:
    """Every zone the number may ring in. All mobile numbers of most countries ring in the same: looked up once."""
    key = (number.country_code or 0, kind)
    if zones := _zones_of_kind.get(key):
        return zones
    zones = tuple(number_zones.time_zones_for_number(number))
    if key not in _zones_of_kind:
        _zones_of_kind[key] = () if phonenumbers.is_number_geographical(number) else zones
    return zones


def _tidied(text: str) -> str:
    """Without what spreadsheets and chat programs put around a number, and with `+` for `00`."""
    tidy = REMARK.sub("", INVISIBLE.sub("", text)).strip().lstrip("'`´’").strip("\"' \t")
    if not tidy:
        raise NotANumber("blank")
    if len(tidy) > LONGEST_TEXT:
        raise NotANumber("no_number")
    tidy = _whole(LABEL.sub("", tidy, count=1) if LABEL.match(tidy) else tidy)
    return _without_old_mexican_one(DOUBLE_ZERO.sub("+", tidy))


def _whole(text: str) -> str:
    """A number cell as a spreadsheet hands it on: `600123456.0`, `6.00123456E+08`."""
    if match := WHOLE_FLOAT.fullmatch(text):
        return match[1]
    if not (match := EXPONENT.fullmatch(text)):
        return text
    whole, fraction, exponent = match[1], match[2] or "", int(match[3])
    if len(fraction) < exponent:
        raise NotANumber("spoiled")
    return whole + fraction[:exponent]


def _without_old_mexican_one(text: str) -> str:
    """Mexico dropped the 1 between +52 and a mobile number in August 2019 (IFT numbering plan)."""
    if not text.startswith(("+52", "(+52")):
        return text
    match = OLD_MEXICAN_MOBILE.fullmatch(NO_DIGIT.sub("", text))
    return f"+52{match[1]}" if match else text


def _parse(text: str, country: str) -> phonenumbers.PhoneNumber:
    if _holds_several(text):
        raise NotANumber("several")
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as error:
        raise NotANumber(PARSE_CODES[error.error_type]) from error
    if number.extension:
        raise NotANumber("extension")
    if any(character.isalpha() for character in text):
        raise NotANumber("no_number")
    return number


def _holds_several(text: str) -> bool:
    digits = (sum(map(str.isdigit, part)) for part in BETWEEN_NUMBERS.split(text))
    return sum(count >= DIGITS_OF_A_NUMBER for count in digits) > 1


def _why_invalid(number: phonenumbers.PhoneNumber, country: str) -> str:
    if phonenumbers.is_possible_short_number_for_region(number, country) and phonenumbers.is_valid_short_number(number):
        return "short_number"
    return POSSIBLE_CODES.get(phonenumbers.is_possible_number_with_reason(number), "invalid")


def is_country(code: str) -> bool:
    """Whether numbers can be read as those of the country with this ISO 3166 code."""
    return code in phonenumbers.SUPPORTED_REGIONS


def display(e164: str, country: str = "") -> str:
    """The number in its usual groups: national style for numbers of `country`, else international."""
    if not e164:
        return ERASED
    number = phonenumbers.parse(e164)
    is_at_home = bool(country) and phonenumbers.region_code_for_number(number) == country
    style = PhoneNumberFormat.NATIONAL if is_at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def mask(e164: str) -> str:
    """The number as people see it who may not see numbers: country prefix and the last three digits."""
    if not e164:
        return ERASED
    number = phonenumbers.parse(e164)
    national = phonenumbers.national_significant_number(number)
    hidden = "•" * (len(national) - DIGITS_SHOWN)
    return f"+{number.country_code} {hidden}{national[-DIGITS_SHOWN:]}"

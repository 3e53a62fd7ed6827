"""What people and spreadsheets write where a phone number belongs, and what becomes of it."""

import phonenumbers
import pytest
from phonenumbers.timezone import time_zones_for_number

from contacts.phone import REASONS, NotANumber, display, is_country, mask, parse_number

READ = [
    ("600123456", "ES", "+34600123456", "mobile"),
    ("600 12 34 56", "ES", "+34600123456", "mobile"),
    ("600.123.456", "ES", "+34600123456", "mobile"),
    ("600-123-456", "ES", "+34600123456", "mobile"),
    ("(600) 123 456", "ES", "+34600123456", "mobile"),
    ("600\u00a0123\u00a0456", "ES", "+34600123456", "mobile"),
    ("\u202a600123456\u202c", "ES", "+34600123456", "mobile"),
    ("'600123456", "ES", "+34600123456", "mobile"),
    ("'+34600123456", "ES", "+34600123456", "mobile"),
    ("600123456.0", "ES", "+34600123456", "mobile"),
    ("600123456,00", "ES", "+34600123456", "mobile"),
    ("6.00123456E+08", "ES", "+34600123456", "mobile"),
    ("6,00123456E8", "ES", "+34600123456", "mobile"),
    ("34600123456", "ES", "+34600123456", "mobile"),
    ("0034600123456", "ES", "+34600123456", "mobile"),
    ("00 34 600 12 34 56", "ES", "+34600123456", "mobile"),
    ("(0034) 600123456", "ES", "+34600123456", "mobile"),
    ("(+34) 600-12-34-56", "ES", "+34600123456", "mobile"),
    ("+34600123456", "MX", "+34600123456", "mobile"),
    ("0034 600 123 456", "US", "+34600123456", "mobile"),
    ("tel. 600 123 456", "ES", "+34600123456", "mobile"),
    ("Tlf: 600 123 456", "ES", "+34600123456", "mobile"),
    ("600 123 456 (casa)", "ES", "+34600123456", "mobile"),
    ("６００１２３４５６", "ES", "+34600123456", "mobile"),
    ("711 23 45 67", "ES", "+34711234567", "mobile"),
    ("91 123 45 67", "ES", "+34911234567", "fixed"),
    ("928 12 34 56", "ES", "+34928123456", "fixed"),
    ("900 123 456", "ES", "+34900123456", "toll_free"),
    ("+525510436124", "ES", "+525510436124", "fixed_or_mobile"),
    ("+52 55 5150 8157", "ES", "+525551508157", "fixed_or_mobile"),
    ("+52 1 55 5150 8157", "ES", "+525551508157", "fixed_or_mobile"),
    ("0052 1 55 5150 8157", "ES", "+525551508157", "fixed_or_mobile"),
    ("55 5150 8157", "MX", "+525551508157", "fixed_or_mobile"),
    ("+13055550113", "ES", "+13055550113", "fixed_or_mobile"),
    ("(415) 555-0151", "US", "+14155550151", "fixed_or_mobile"),
    ("+44 (0)20 7946 0958", "ES", "+442079460958", "fixed"),
]

REFUSED = [
    ("", "blank"),
    ("  ", "blank"),
    ("'", "blank"),
    ("\u200b", "blank"),
    ("no tiene", "no_number"),
    ("-", "no_number"),
    ("#N/A", "no_number"),
    ("600FLORES", "no_number"),
    ("ana@example.com", "no_number"),
    ("6" * 500, "no_number"),
    ("600123456 / 600654321", "several"),
    ("600 12 34 56; 91 123 45 67", "several"),
    ("600123456 y 911234567", "several"),
    ("91 123 45 67 ext. 12", "extension"),
    ("6,00123E+08", "spoiled"),
    ("3.46E+10", "spoiled"),
    ("12345", "short_number"),
    ("1234567", "too_short"),
    ("60012345", "too_short"),
    ("600123456789012", "too_long"),
    ("+346001234567", "too_long"),
    ("112", "short_number"),
    ("016", "short_number"),
    ("807 123 456", "premium"),
    ("902 12 34 56", "premium"),
    ("701 234 567", "premium"),
    ("+870 776 123 456", "premium"),
    ("+999 600 123 456", "unknown_prefix"),
    ("300123456", "invalid"),
    ("(415) 555-0151", "too_long"),
]


@pytest.mark.parametrize(("text", "country", "e164", "kind"), READ)
def test_a_number_is_read_however_it_is_written(text, country, e164, kind):
    number = parse_number(text, country)
    assert (number.e164, number.kind) == (e164, kind)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_cannot_be_called_is_refused_with_its_reason(text, code):
    with pytest.raises(NotANumber) as refusal:
        parse_number(text, "ES")
    assert refusal.value.code == code
    assert refusal.value.reason == str(REASONS[code])


def test_a_number_knows_its_country_and_the_zones_it_may_ring_in():
    assert parse_number("+525551508157", "ES").country == "MX"
    assert parse_number("600123456", "ES").time_zones == ("Atlantic/Canary", "Europe/Madrid")
    assert parse_number("911234567", "ES").time_zones == ("Europe/Madrid",)


def test_numbers_are_shown_in_groups_and_masked_to_their_last_digits():
    assert display("+34600123456") == "+34 600 12 34 56"
    assert display("+34600123456", "ES") == "600 12 34 56"
    assert display("+525551508157", "ES") == "+52 55 5150 8157"
    assert mask("+34600123456") == "+34 ••••••456"


def test_what_is_read_again_is_the_same_number():
    for text, country, e164, _kind in READ:
        assert parse_number(display(parse_number(text, country).e164), country).e164 == e164


def test_a_country_is_known_by_its_two_letters():
    assert is_country("ES")
    assert not is_country("es")
    assert not is_country("XX")


@pytest.mark.parametrize(("text", "country", "e164", "kind"), READ)
def test_a_number_that_is_read_has_the_zones_of_that_number(text, country, e164, kind):
    assert parse_number(text, country).time_zones == time_zones_for_number(phonenumbers.parse(e164))

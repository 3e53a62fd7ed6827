import pytest
import time_machine

from callcenter import practice
from callcenter.practice import is_practice_network
from tests.campaigns.practice_servers import server_that_says


def test_the_practice_network_is_recognised_by_what_it_says(practice_network):
    assert is_practice_network()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"simulator": False}, 200),
        ({"simulator": "yes"}, 200),
        ({}, 200),
        ([], 200),
        (b"<html>", 200),
        (b"", 200),
        ({"simulator": True}, 404),
        ({"simulator": True}, 500),
    ],
)
def test_whatever_does_not_clearly_say_so_is_not_the_practice_network(settings, body, status):
    with server_that_says(body, status=status) as settings.TWILIO_BASE_URL:
        assert not is_practice_network()


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:1", "http://[::1", "nonsense", "https://api.twilio.com"])
def test_no_address_or_nobody_there_is_not_the_practice_network(settings, address):
    settings.TWILIO_BASE_URL = address
    assert not is_practice_network()


def test_a_host_that_is_neither_this_machine_nor_the_configured_simulator_is_not_even_asked(settings):
    with server_that_says({"simulator": True}) as address:
        settings.TWILIO_BASE_URL = address.replace("127.0.0.1", "127.0.0.2")
        assert not is_practice_network()


def test_the_answer_is_held_for_a_minute(settings):
    with time_machine.travel("2026-01-12T10:00:00Z", tick=False) as clock:
        with server_that_says({"simulator": True}) as settings.TWILIO_BASE_URL:
            assert is_practice_network()
        assert is_practice_network()
        clock.shift(practice.YES_HOLDS)
        assert not is_practice_network()

import pytest

from callcenter import practice
from tests.campaigns.practice_servers import server_that_says


@pytest.fixture(autouse=True)
def _fresh_answers():
    practice.forget_answers()


@pytest.fixture
def practice_network(settings):
    """The carrier's address is a practice phone network."""
    with server_that_says({"simulator": True, "speed": 1.0, "seed": 1}) as address:
        settings.TWILIO_BASE_URL = address
        yield address


@pytest.fixture
def real_carrier(settings):
    """The carrier's address is something else."""
    with server_that_says({"message": "not found"}, status=404) as address:
        settings.TWILIO_BASE_URL = address
        yield address

"""The practice phone network as the carrier, and queues that can be looked into."""

import threading
from collections.abc import Iterator

import django_rq
import pytest
from django.db import connection

from calls.providers import telephony
from tests.simulator.server import SimulatorHandle, running_simulator


@pytest.fixture(scope="session")
def _shared_carrier() -> Iterator[SimulatorHandle]:
    with running_simulator(speed=20, calls_per_second=100) as handle:
        yield handle


@pytest.fixture(scope="session")
def _shared_unhurried_carrier() -> Iterator[SimulatorHandle]:
    with running_simulator(speed=1, calls_per_second=100) as handle:
        yield handle


@pytest.fixture
def carrier(_shared_carrier: SimulatorHandle, settings) -> Iterator[SimulatorHandle]:
    """The simulator, and the product pointed at it."""
    yield from _carrier_of_the_product(_shared_carrier, settings)


@pytest.fixture
def unhurried_carrier(_shared_unhurried_carrier: SimulatorHandle, settings) -> Iterator[SimulatorHandle]:
    """Telephones ring here as long as in life: a call is still alive when the product is asked to end it."""
    yield from _carrier_of_the_product(_shared_unhurried_carrier, settings)


def _carrier_of_the_product(handle: SimulatorHandle, settings) -> Iterator[SimulatorHandle]:
    handle.set_faults()
    settings.TWILIO_BASE_URL = settings.SIMULATOR_URL = handle.base_url
    settings.TWILIO_ACCOUNT_SID = handle.account_sid
    settings.TWILIO_AUTH_TOKEN = handle.auth_token
    settings.TWILIO_STARTS_PER_SECOND = 50.0
    telephony.cache_clear()
    yield handle
    telephony.cache_clear()


@pytest.fixture
def dialing_queue():
    """The jobs that wait for the dialing workers."""
    queue = django_rq.get_queue("dialing")
    queue.empty()
    yield queue
    queue.empty()


@pytest.fixture
def at_once():
    """Run functions in threads at the same moment, each with its own database connection."""

    def run(*functions) -> list:
        start, results = threading.Barrier(len(functions)), [None] * len(functions)

        def work(position: int) -> None:
            start.wait()
            try:
                results[position] = functions[position]()
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(position,)) for position in range(len(functions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run

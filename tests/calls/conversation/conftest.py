import os
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from calls import providers, turn_stream
from calls.conversation import dispatch
from calls.models import Call
from tests.calls.conversation.scripted import says, scripted_server
from tests.calls.running import Product, address_settings, running_product
from tests.factories import make_call
from tests.simulator.server import wait_until


@pytest.fixture(scope="session")
def shared_product(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), running_product(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture
def product(shared_product, transactional_db, settings) -> Iterator[Product]:
    """Web and sockets doors, workers of `turns` and the practice network, on this test's database."""
    address_settings(settings, shared_product)
    shared_product.simulator.set_faults()
    yield shared_product
    forget_calls()


def forget_calls() -> None:
    """Late news of a call finds it unknown from now on, so that it cannot stand in the way of the database's clearing.

    Until then it may hold rows of its own, and PostgreSQL ends one of the two.
    """
    for tries_left in reversed(range(5)):
        try:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE calls_call CASCADE")
        except OperationalError:
            if not tries_left:
                raise
        else:
            return


@pytest.fixture
def answered_call(transactional_db) -> Iterator[Call]:
    """A call of this test's database, where the sockets door finds it too."""
    yield make_call(status="in_progress", carrier_sid="CA1")
    wait_until(nobody_else_works_on_the_database, seconds=10)
    forget_calls()


def nobody_else_works_on_the_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return cursor.fetchone() == (0,)


@pytest.fixture(scope="session")
def _sockets_door(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sockets door alone, on a Redis database where no worker listens: the tests are the workers."""
    address = os.environ["REDIS_URL"].replace("db=0", "db=1")
    directory = tmp_path_factory.mktemp("sockets")
    with (
        django_db_blocker.unblock(),
        running_product(directory, only=["sockets"], environment={"REDIS_URL": address}) as product,
    ):
        yield product, address


@pytest.fixture
def sockets_door(_sockets_door, settings) -> Iterator[Product]:
    product, address = _sockets_door
    address_settings(settings, product)
    settings.REDIS_URL = address
    _forget_connections()
    turn_stream.redis().flushdb()
    yield product
    _forget_connections()


def _forget_connections() -> None:
    turn_stream.redis.cache_clear()
    dispatch.turns_queue.cache_clear()


@pytest.fixture
def model(settings):
    """A language model that answers as the test scripts it."""
    with scripted_server(says("De acuerdo.")) as server:
        settings.OPENAI_BASE_URL = f"{server.url}/v1"
        providers.language_model.cache_clear()
        yield server
    providers.language_model.cache_clear()

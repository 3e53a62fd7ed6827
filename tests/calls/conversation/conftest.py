import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from calls import providers, turn_stream
from calls.conversation import dispatch
from calls.models import Call
from tests.calls.conversation.scripted import says, scripted_server
from tests.calls.running import Product, address_settings, running_product
from tests.factories import make_call
from tests.simulator.server import wait_until

PATIENT = {"DJANGO_SETTINGS_MODULE": "tests.patient_settings"}
VERY_PATIENT = {"DJANGO_SETTINGS_MODULE": "tests.very_patient_settings"}


@pytest.fixture(autouse=True)
def _no_sound_of_other_tests() -> None:
    """Redis keeps a sentence's sound for five minutes; a test may have put another sound in its place."""
    for key in turn_stream.redis().scan_iter(turn_stream.clip_key("*")):
        turn_stream.redis().delete(key)


@pytest.fixture(scope="session")
def shared_product(django_db_setup, django_db_blocker, tmp_path_factory):
    directory = tmp_path_factory.mktemp("product")
    with django_db_blocker.unblock(), running_product(directory, environment=PATIENT) as product:
        yield product


@pytest.fixture
def product(shared_product, transactional_db, settings) -> Iterator[Product]:
    """Web and sockets doors, workers of `turns` and the practice network, on this test's database.

    Its workers may hesitate for longer than the product would let them.
    """
    yield from _used(shared_product, settings)


@pytest.fixture(scope="session")
def _shared_product_without_workers(django_db_setup, django_db_blocker, tmp_path_factory):
    own_queues = {"REDIS_URL": os.environ["REDIS_URL"].replace("db=0", "db=4")}
    directory, doors = tmp_path_factory.mktemp("doors"), ("simulator", "web", "sockets")
    with django_db_blocker.unblock(), running_product(directory, only=doors, environment=own_queues) as product:
        yield product


@pytest.fixture
def product_without_workers(_shared_product_without_workers, transactional_db, settings) -> Iterator[Product]:
    """Both doors and the practice network; what they ask of workers is never done."""
    yield from _used(_shared_product_without_workers, settings)


def _used(product: Product, settings: Any) -> Iterator[Product]:
    address_settings(settings, product)
    product.simulator.set_faults()
    yield product
    forget_calls()


def forget_calls() -> None:
    """Late news of a call finds it unknown from now on, so that it cannot stand in the way of the database's clearing.

    Until then it may hold rows of its own, and PostgreSQL ends one of the two. What had begun is waited for.
    """
    truncate_calls()
    wait_until(nobody_else_works_on_the_database)


def truncate_calls() -> None:
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
    wait_until(nobody_else_works_on_the_database)
    forget_calls()


def nobody_else_works_on_the_database() -> bool:
    """Nor did a moment ago: between two statements a session looks idle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
            " AND (state <> 'idle' OR state_change > clock_timestamp() - interval '300 milliseconds')"
        )
        return cursor.fetchone() == (0,)


@pytest.fixture(scope="session")
def _sockets_door(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), _running_door(tmp_path_factory.mktemp("sockets"), VERY_PATIENT) as door:
        yield door


@pytest.fixture(scope="session")
def _punctual_door(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), _running_door(tmp_path_factory.mktemp("punctual"), {}) as door:
        yield door


@contextmanager
def _running_door(directory: Path, environment: dict[str, str]) -> Iterator[tuple[Product, str]]:
    address = os.environ["REDIS_URL"].replace("db=0", "db=1")
    with running_product(directory, only=["sockets"], environment={"REDIS_URL": address} | environment) as product:
        yield product, address


@pytest.fixture
def sockets_door(_sockets_door, settings) -> Iterator[Product]:
    """The sockets door alone, on a Redis database where no worker listens: the tests are the workers.

    They may hesitate for longer than the product would let a worker.
    """
    yield from _used_door(*_sockets_door, settings)


@pytest.fixture
def punctual_door(_punctual_door, settings) -> Iterator[Product]:
    """As above, with the deadlines of the product."""
    yield from _used_door(*_punctual_door, settings)


def _used_door(product: Product, address: str, settings: Any) -> Iterator[Product]:
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

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from callcenter import health


def test_a_living_process_says_so_to_anyone(client: Client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_it_is_ready_when_database_redis_and_migrations_are_there(client: Client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "reasons": []})


@pytest.mark.django_db
def test_a_missing_migration_is_a_reason_not_to_be_ready(client: Client):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("calls")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["migrations_pending"])


@pytest.mark.django_db
def test_an_unreachable_redis_is_a_reason_not_to_be_ready(client: Client, settings, free_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port}/0"
    health._redis.cache_clear()
    try:
        answer = client.get("/readyz")
    finally:
        health._redis.cache_clear()
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["redis_unreachable"])


@pytest.mark.django_db
def test_an_unreachable_database_is_a_reason_not_to_be_ready(client: Client):
    connection.connection.close()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "database_unreachable" in answer.json()["reasons"]


def test_health_is_not_written_to(client: Client):
    assert client.post("/healthz").status_code == 405

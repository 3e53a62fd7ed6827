"""How the carrier fetches nested clips is not documented: one by one is tested elsewhere, all ahead here."""

import os
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings

from tests.calls.conversation.conftest import PATIENT
from tests.calls.conversation.test_end_to_end import hold_call, spoken
from tests.calls.running import address_settings, running_product
from tests.factories import make_campaign
from tests.ports import free_ports
from tests.simulator.server import running_simulator


@pytest.fixture
def product(transactional_db, tmp_path, settings):
    account = {"account_sid": django_settings.PRACTICE_ACCOUNT_SID, "auth_token": django_settings.PRACTICE_TOKEN}
    with running_simulator(fetch_plays="ahead", **account) as simulator:
        ports = replace(free_ports(), simulator=urlsplit(simulator.base_url).port)
        own_queues = PATIENT | {"REDIS_URL": os.environ["REDIS_URL"].replace("db=0", "db=3")}
        doors = ("web", "sockets", "turns")
        with running_product(tmp_path, only=doors, ports=ports, environment=own_queues) as product:
            address_settings(settings, product)
            yield product


def test_a_conversation_is_held_when_every_clip_is_asked_for_at_once(product):
    call = hold_call(product, campaign=make_campaign(transport="gather"))
    said = " ".join(line["text"] for line in spoken(product, call) if line["speaker"] == "assistant")
    assert call.disposition == "completed"
    assert "¿Le viene bien el martes a las diez?" in said
    assert said.startswith("Le habla un asistente virtual de la Clínica Sol.")
    assert product.simulator.call(call.carrier_sid)["complaints"] == []

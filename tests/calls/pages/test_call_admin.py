"""Calls in the back office: read, never written."""

import pytest
from django.contrib.auth.models import Permission

from calls.models import CallEvent, CallStatus
from tests.calls.pages.makers import make_recording, without_numbers
from tests.factories import make_call, make_turn

ROWS = ["call", "turn", "callevent", "recording", "webhookreceipt", "speechclip"]


@pytest.fixture
def call(db):
    call = make_call(status=CallStatus.COMPLETED)
    make_turn(call=call, said="Hola")
    make_recording(call)
    CallEvent.objects.create(call=call, kind="moved", to_status="completed", source="carrier")
    return call


@pytest.mark.parametrize("model", ROWS)
def test_every_history_can_be_listed(client, admin, call, model):
    client.force_login(admin)
    assert client.get(f"/admin/calls/{model}/").status_code == 200


def test_a_call_is_shown_with_its_turns_and_cannot_be_changed(client, admin, call):
    client.force_login(admin)
    address = f"/admin/calls/call/{call.pk}/change/"
    page = client.get(address).content.decode()
    assert "Hola" in page
    assert 'name="_save"' not in page
    assert client.post(address, {"status": "failed"}).status_code == 403


@pytest.mark.parametrize("model", ROWS)
def test_nothing_is_added_by_hand(client, admin, model):
    client.force_login(admin)
    assert client.get(f"/admin/calls/{model}/add/").status_code == 403


def test_numbers_are_masked_here_too(client, call):
    user = without_numbers()
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="view_call"))
    client.force_login(user)
    page = client.get(f"/admin/calls/call/{call.pk}/change/").content.decode()
    assert "•••" in page
    assert call.to_number[-9:] not in page.replace(" ", "")

"""A wish not to be called again is on the list even where the rest of obeying it cannot be done at once."""

import pytest
from django.db import OperationalError

from callcenter import clock
from calls.reasons import refresh_reasons
from calls.services import opt_out
from campaigns.models import CampaignContact, ContactStatus, PassOverReason
from contacts.services import is_on_dnc
from tests.calls.webhooks import post_webhook
from tests.factories import make_call, make_campaign, make_membership
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call():
    """A person on the line, who waits in another campaign too."""
    call = make_call(campaign=make_campaign(transport="gather"), status="in_progress", carrier_sid="CA1")
    make_membership(campaign=make_campaign(), contact=call.contact)
    return call


def waiting(call) -> CampaignContact:
    return CampaignContact.objects.get(contact=call.contact, status=ContactStatus.PENDING)


@pytest.mark.parametrize(
    ("name", "form"), [("opening", {"Digits": "9"}), ("gather/1", {"SpeechResult": "No me llamen más"})]
)
def test_the_number_is_blocked_though_the_answer_fails(client, call, name, form):
    client.raise_request_exception = False
    with held_elsewhere(waiting(call)):
        assert post_webhook(client, call, name, form).status_code == 500
    assert is_on_dnc(e164=call.to_number, now=clock.now())
    assert post_webhook(client, call, name, form).status_code == 200
    assert not CampaignContact.objects.pending().exists()


def test_a_wish_without_a_webhook_is_kept_too(call):
    with held_elsewhere(waiting(call)), pytest.raises(OperationalError):
        opt_out(call=call, wording="[9]", source="conversation")
    assert is_on_dnc(e164=call.to_number, now=clock.now())


def test_refreshing_the_reasons_waits_for_nobody():
    campaign = make_campaign(status="paused")
    held, free = (make_membership(campaign=campaign) for _ in range(2))
    with held_elsewhere(held):
        assert refresh_reasons(clock.now()) == 1
    free.refresh_from_db()
    assert free.reason == PassOverReason.CAMPAIGN_NOT_RUNNING
    assert refresh_reasons(clock.now()) == 1

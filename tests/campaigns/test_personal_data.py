"""A person in campaigns: two entries that become one forbid what either forbade."""

import pytest

from campaigns.models import CampaignContact, ContactStatus
from contacts.personal_data import move_person
from tests.factories import make_campaign, make_contact, make_membership

pytestmark = pytest.mark.django_db


def test_a_merged_person_takes_over_the_others_campaigns():
    entry, target = make_membership(campaign=make_campaign()), make_contact()
    move_person(source=entry.contact, target=target)
    entry.refresh_from_db()
    assert entry.contact == target


@pytest.mark.parametrize("blocked_first", [True, False])
def test_in_a_campaign_of_both_a_wish_not_to_be_called_and_all_attempts_stay(blocked_first):
    campaign = make_campaign()
    blocked = {"status": ContactStatus.BLOCKED, "reason": "on_dnc_list", "attempts": 1}
    pending = {"status": ContactStatus.PENDING, "attempts": 2}
    source, target = (blocked, pending) if blocked_first else (pending, blocked)
    entries = [make_membership(campaign=campaign, **fields) for fields in (source, target)]
    move_person(source=entries[0].contact, target=entries[1].contact)
    entry = CampaignContact.objects.get()
    assert (entry.status, entry.reason, entry.attempts) == (ContactStatus.BLOCKED, "on_dnc_list", 3)

"""Several people press a button at once, over real connections: one of them wins, and only that is written down."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from campaigns.models import Campaign, CampaignContact
from campaigns.services import CampaignRefused, add_new_contacts, finish_campaign, pause_campaign, start_campaign
from tests.factories import make_campaign, make_contact, make_list

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


def all_at_once(deed: Callable[[Campaign], object], campaign: Campaign) -> list[object]:
    """What each of them got; a refusal counts as None."""
    gate = Barrier(PEOPLE)

    def one(_number: int) -> object:
        own = Campaign.objects.get(pk=campaign.pk)
        gate.wait()
        try:
            return deed(own)
        except CampaignRefused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(one, range(PEOPLE)))


def make_draft(contacts: int = 3) -> Campaign:
    lists = [make_list(*(make_contact() for _ in range(contacts)))]
    return make_campaign(status="draft", started_at=None, lists=lists)


def test_one_of_several_starts_wins():
    campaign = make_draft()
    results = all_at_once(lambda own: start_campaign(campaign=own, user=None), campaign)
    assert len([result for result in results if result]) == 1
    assert campaign.status_changes.count() == 1
    assert CampaignContact.objects.count() == 3


def test_one_of_several_pauses_wins():
    campaign = make_campaign()
    results = all_at_once(lambda own: pause_campaign(campaign=own, reason="Too many failures"), campaign)
    assert sorted(map(bool, results)) == [False, False, False, True]
    assert campaign.status_changes.count() == 1


def test_contacts_added_several_times_at_once_enter_once():
    campaign = make_campaign(lists=[make_list(*(make_contact() for _ in range(5)))])
    results = all_at_once(lambda own: add_new_contacts(campaign=own, user=None), campaign)
    assert sorted(results) == [0, 0, 0, 5]
    assert campaign.memberships.count() == 5


def test_a_campaign_finishes_once():
    campaign = make_campaign()
    results = all_at_once(lambda own: finish_campaign(campaign=own), campaign)
    assert sorted(results) == [False, False, False, True]
    assert campaign.status_changes.count() == 1

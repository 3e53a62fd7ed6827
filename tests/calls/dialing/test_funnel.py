from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from calls.funnel import RULES, Dial, Facts, decide
from campaigns.commercial_hours import commercial_hours_for
from campaigns.models import PassOverReason as Reason

MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12:00 in Madrid
CHRISTMAS = datetime(2026, 12, 25, 11, 0, tzinfo=UTC)  # a Friday
OPEN = {str(day): [["10:00", "20:00"]] for day in range(5)}

DIALABLE = Facts(
    is_campaign_running=True,
    e164="+34600000001",
    is_on_dnc_list=False,
    has_legal_basis=True,
    attempts=0,
    max_attempts=3,
    is_callback=False,
    next_attempt_at=MONDAY_NOON,
    is_always_open=False,
    windows=OPEN,
    zones=("Europe/Madrid",),
    observes_holidays=True,
    country="ES",
    recent_calls=0,
    max_recent_calls=3,
    is_number_in_call=False,
    is_budget_reached=False,
    has_capacity=True,
)
OBSTACLES = {
    Reason.CAMPAIGN_NOT_RUNNING: {"is_campaign_running": False},
    Reason.NO_VALID_NUMBER: {"e164": ""},
    Reason.ON_DNC_LIST: {"is_on_dnc_list": True},
    Reason.NO_LEGAL_BASIS: {"has_legal_basis": False},
    Reason.ATTEMPTS_EXHAUSTED: {"attempts": 3},
    Reason.NOT_YET_DUE: {"next_attempt_at": MONDAY_NOON + timedelta(days=60)},
    Reason.OUTSIDE_WINDOW: {"windows": {"0": [["16:00", "20:00"]], "4": [["16:00", "20:00"]]}},
    Reason.PUBLIC_HOLIDAY: {},
    Reason.FREQUENCY_CAP: {"recent_calls": 3},
    Reason.ALREADY_IN_CALL: {"is_number_in_call": True},
    Reason.BUDGET_REACHED: {"is_budget_reached": True},
    Reason.NO_CAPACITY: {"has_capacity": False},
}


def test_a_contact_without_obstacles_is_dialled():
    assert decide(DIALABLE, MONDAY_NOON) is Dial.DIAL


@pytest.mark.parametrize("reason", OBSTACLES)
def test_each_obstacle_alone_is_the_reason(reason):
    now = CHRISTMAS if reason == Reason.PUBLIC_HOLIDAY else MONDAY_NOON
    assert decide(replace(DIALABLE, **OBSTACLES[reason]), now) == reason


@pytest.mark.parametrize(("first", "second"), list(combinations(OBSTACLES, 2)))
def test_of_two_obstacles_the_earlier_is_told(first, second):
    now = CHRISTMAS if Reason.PUBLIC_HOLIDAY in (first, second) else MONDAY_NOON
    assert decide(replace(DIALABLE, **OBSTACLES[first] | OBSTACLES[second]), now) == first


def test_the_rules_stand_in_the_order_of_the_reasons():
    assert list(RULES) == list(Reason)


def test_the_window_must_be_open_in_every_zone():
    facts = replace(DIALABLE, zones=("Europe/Madrid", "America/Mexico_City"))
    assert decide(facts, MONDAY_NOON) == Reason.OUTSIDE_WINDOW


def test_a_zone_that_nobody_knows_is_closed():
    assert decide(replace(DIALABLE, zones=("Mars/Olympus",)), MONDAY_NOON) == Reason.OUTSIDE_WINDOW


def test_a_campaign_that_observes_no_holidays_calls_at_christmas():
    assert decide(replace(DIALABLE, observes_holidays=False), CHRISTMAS) is Dial.DIAL


def test_a_practice_campaign_that_is_always_open_calls_at_any_hour_of_any_day():
    facts = replace(DIALABLE, is_always_open=True, windows={}, next_attempt_at=MONDAY_NOON)
    assert decide(facts, CHRISTMAS.replace(hour=3)) is Dial.DIAL


COMMERCIAL = replace(
    DIALABLE,
    windows={str(day): [["00:00", "24:00"]] for day in range(7)},
    observes_holidays=False,
    commercial_hours=commercial_hours_for("+34600000001", on=MONDAY_NOON.date()),
)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (MONDAY_NOON, Dial.DIAL),
        (MONDAY_NOON.replace(hour=7, minute=59), Reason.OUTSIDE_WINDOW),
        (MONDAY_NOON.replace(hour=20), Reason.OUTSIDE_WINDOW),
        (MONDAY_NOON - timedelta(days=1), Reason.OUTSIDE_WINDOW),
        (CHRISTMAS, Reason.PUBLIC_HOLIDAY),
    ],
    ids=["noon", "before nine", "after nine", "Sunday", "Christmas"],
)
@pytest.mark.parametrize("is_always_open", [False, True])
def test_the_law_on_commercial_calls_holds_whatever_the_campaign_says(now, verdict, is_always_open):
    facts = replace(COMMERCIAL, is_always_open=is_always_open, next_attempt_at=now)
    assert decide(facts, now) == verdict


def test_the_campaigns_own_window_holds_beside_the_law():
    assert decide(replace(COMMERCIAL, windows={"0": [["16:00", "20:00"]]}), MONDAY_NOON) == Reason.OUTSIDE_WINDOW


def test_a_promised_callback_is_kept_once_beyond_the_attempts():
    promised = replace(DIALABLE, is_callback=True)
    assert decide(replace(promised, attempts=3), MONDAY_NOON) is Dial.DIAL
    assert decide(replace(promised, attempts=4), MONDAY_NOON) == Reason.ATTEMPTS_EXHAUSTED

from datetime import date

import pytest
from django.utils import timezone

from reports.forms import Selection
from reports.metrics import Figures
from reports.queries import report_of
from reports.templatetags.report_words import percent

pytestmark = pytest.mark.django_db
WEEK = {"since": date(2026, 1, 8), "until": date(2026, 1, 14)}


def report(user, **chosen):
    return report_of(user=user, selection=Selection(**WEEK | chosen))


def counted(lines) -> dict[object, int]:
    return {line.key: line.figures.placed for line in lines if line.figures.placed}


def test_the_totals_are_those_of_the_calls_that_were_placed(alice, citas):
    total = report(alice).total
    assert total == Figures(placed=5, answered=3, human=2, talk_seconds=91, timed=3)
    assert (total.answer_rate, total.human_rate, total.mean_seconds) == (0.6, 0.4, 30)


def test_nothing_placed_has_no_rates_rather_than_zero():
    assert (Figures().answer_rate, Figures().human_rate, Figures().mean_seconds) == (None, None, None)


@pytest.mark.parametrize(
    ("share", "shown"), [(None, "–"), (0, "0.0 %"), (2 / 3, "66.7 %"), (8 / 9, "88.9 %"), (1, "100.0 %")]
)
def test_shares_are_rounded_to_a_tenth_of_a_percent(share, shown):
    assert percent(share) == shown


def test_calls_are_counted_by_what_the_business_got_or_else_what_the_line_did(alice, citas):
    expected = {"interested": 1, "busy": 1, "voicemail": 1, "no_answer": 1, "do_not_call": 1}
    assert counted(report(alice).by_outcome) == expected


def test_days_and_hours_are_those_of_who_looks(alice, citas):
    with timezone.override("Europe/Madrid"):
        here = report(alice)
    with timezone.override("America/Mexico_City"):
        there = report(alice)
    assert counted(here.by_day) == {date(2026, 1, 12): 3, date(2026, 1, 13): 1, date(2026, 1, 14): 1}
    assert counted(here.by_hour) == {10: 3, 16: 1, 0: 1}
    assert counted(there.by_day) == {date(2026, 1, 12): 3, date(2026, 1, 13): 2}
    assert counted(there.by_hour) == {3: 3, 9: 1, 17: 1}


def test_days_and_hours_without_a_call_are_there_with_zero(alice, citas):
    found = report(alice)
    assert [line.key for line in found.by_day] == [date(2026, 1, day) for day in range(8, 15)]
    assert [line.key for line in found.by_hour] == list(range(24))


@pytest.mark.parametrize(
    ("chosen", "placed"),
    [
        ({"since": date(2026, 1, 13)}, 2),
        ({"since": date(2025, 11, 1)}, 6),
        ({"until": date(2026, 1, 12)}, 3),
        ({"outcome": "interested"}, 1),
        ({"status": "completed"}, 3),
        ({"status": "completed", "outcome": "busy"}, 0),
    ],
)
def test_each_filter_narrows_the_calls(alice, citas, ventas, chosen, placed):
    with timezone.override("Europe/Madrid"):
        found = report(alice, **chosen)
    assert found.total.placed == placed
    assert sum(counted(found.by_outcome).values()) == placed
    assert sum(counted(found.by_day).values()) == placed


def test_each_campaign_has_its_own_figures(alice, citas, ventas):
    found = report(alice, since=date(2025, 11, 1))
    assert {line.label: line.figures.placed for line in found.by_campaign} == {"Citas": 5, "Ventas": 1}
    assert report(alice, since=date(2025, 11, 1), campaign=ventas).total.placed == 1


def test_figures_hold_only_what_their_reader_may_see(bob, citas, ventas):
    citas.agents.add(bob)
    found = report(bob, since=date(2025, 11, 1))
    assert [line.label for line in found.by_campaign] == ["Citas"]


def test_who_may_see_no_calls_gets_empty_figures(bob, citas):
    bob.groups.clear()
    found = report(bob)
    assert found.total == Figures()
    assert found.by_campaign == []

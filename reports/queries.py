"""The figures behind a report, added up by the database in one pass over the calls."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, ExtractHour, NullIf, TruncDate
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from calls.models import Call, CallStatus
from campaigns.models import Campaign, Disposition
from reports.forms import Selection
from reports.metrics import Figures

# `level` tells by what a row is grouped: GROUPING sets a bit for each column that is not.
ADD_UP = """
    SELECT GROUPING(day, hour, outcome, campaign_id) AS level, day, hour, outcome, campaign_id,
        count(*) AS placed,
        count(answered_at) AS answered,
        count(*) FILTER (WHERE answered_by = 'human') AS human,
        coalesce(sum(duration_seconds) FILTER (WHERE answered_at IS NOT NULL), 0) AS talk_seconds,
        count(duration_seconds) FILTER (WHERE answered_at IS NOT NULL) AS timed
    FROM ({calls}) AS placed_calls
    GROUP BY GROUPING SETS ((), (day), (hour), (outcome), (campaign_id))
"""
TOTAL, BY_DAY, BY_HOUR, BY_OUTCOME, BY_CAMPAIGN = 0b1111, 0b0111, 0b1011, 0b1101, 0b1110
GROUPED_BY = {BY_DAY: 1, BY_HOUR: 2, BY_OUTCOME: 3, BY_CAMPAIGN: 4}
OUTCOME_LABELS: dict[str, str | Promise] = {**dict(CallStatus.choices), **dict(Disposition.choices)}


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is about, in the database's words and in people's, and its figures."""

    key: Any
    label: Any
    figures: Figures


@dataclass(frozen=True)
class Report:
    total: Figures
    by_outcome: list[Line]
    by_day: list[Line]
    by_hour: list[Line]
    by_campaign: list[Line]


def placed_calls(*, user: User, selection: Selection) -> QuerySet[Call]:
    """The calls behind a report: those this user may see."""
    first, last = _midnight(selection.since), _midnight(selection.until + timedelta(days=1))
    calls = Call.objects.visible_to(user).filter(placed_at__gte=first, placed_at__lt=last)
    if selection.campaign:
        calls = calls.filter(campaign=selection.campaign)
    if selection.outcome:
        calls = calls.filter(disposition=selection.outcome)
    return calls.filter(status=selection.status) if selection.status else calls


def report_of(*, user: User, selection: Selection) -> Report:
    found = _added_up(placed_calls(user=user, selection=selection))
    campaigns = Campaign.objects.in_bulk(found[BY_CAMPAIGN])
    by_outcome = [Line(value, OUTCOME_LABELS[value], figures) for value, figures in found[BY_OUTCOME].items()]
    by_campaign = [Line(campaigns[pk], campaigns[pk].name, figures) for pk, figures in found[BY_CAMPAIGN].items()]
    return Report(
        total=found[TOTAL].get(None, Figures()),
        by_outcome=sorted(by_outcome, key=lambda line: -line.figures.placed),
        by_day=[Line(day, day, found[BY_DAY].get(day, Figures())) for day in selection.days],
        by_hour=[Line(hour, f"{hour:02}:00", found[BY_HOUR].get(hour, Figures())) for hour in range(24)],
        by_campaign=sorted(by_campaign, key=lambda line: line.label.casefold()),
    )


def _added_up(calls: QuerySet[Call]) -> dict[int, dict[Any, Figures]]:
    """Level -> what it is grouped by -> figures."""
    found: dict[int, dict[Any, Figures]] = {level: {} for level in (TOTAL, *GROUPED_BY)}
    try:
        sql, parameters = _columns(calls).query.sql_with_params()
    except EmptyResultSet:  # this user may see no calls at all
        return found
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP.format(calls=sql), parameters)
        for row in cursor.fetchall():
            level, figures = row[0], Figures(*row[5:])
            found[level][row[GROUPED_BY[level]] if level in GROUPED_BY else None] = figures
    return found


def _columns(calls: QuerySet[Call]) -> QuerySet[Call, Any]:
    """The outcome is what the business got, or else what the line did."""
    return calls.order_by().values(
        "campaign_id",
        "answered_by",
        "answered_at",
        "duration_seconds",
        day=TruncDate("placed_at"),
        hour=ExtractHour("placed_at"),
        outcome=Coalesce(NullIf("disposition", Value("")), "status"),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

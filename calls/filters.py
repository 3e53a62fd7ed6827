"""What a list of calls can be narrowed by. Days are days in the zone of whoever looks."""

import re
from datetime import date, datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calls.models import AnsweredBy, Call, CallStatus
from campaigns.models import Campaign, Disposition
from contacts.access import may_see_numbers
from contacts.models import Contact


def _visible_campaigns(request: HttpRequest) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(request.user).order_by("name")  # type: ignore[arg-type]


def _every_contact(request: HttpRequest) -> QuerySet[Contact]:
    return Contact.objects.all()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day_picker() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CallFilter(django_filters.FilterSet):
    campaign = django_filters.ModelChoiceFilter(
        queryset=_visible_campaigns, label=_("Campaign"), empty_label=_("Every campaign")
    )
    status = django_filters.ChoiceFilter(choices=CallStatus.choices, label=_("Status"), empty_label=_("Any"))
    answered_by = django_filters.ChoiceFilter(choices=AnsweredBy.choices, label=_("Answered by"), empty_label=_("Any"))
    disposition = django_filters.ChoiceFilter(choices=Disposition.choices, label=_("Outcome"), empty_label=_("Any"))
    since = django_filters.DateFilter(method="placed_since", label=_("From day"), widget=_day_picker())
    until = django_filters.DateFilter(method="placed_until", label=_("To day"), widget=_day_picker())
    name = django_filters.CharFilter(field_name="contact__full_name", lookup_expr="icontains", label=_("Contact"))
    number = django_filters.CharFilter(method="number_contains", label=_("Number contains"))
    contact = django_filters.ModelChoiceFilter(queryset=_every_contact, widget=forms.HiddenInput())

    class Meta:
        model = Call
        fields: list[str] = []

    def __init__(self, data: object = None, *, queryset: QuerySet[Call], request: HttpRequest) -> None:
        super().__init__(data, queryset=queryset, request=request)
        if not may_see_numbers(request.user):
            del self.filters["number"]

    @property
    def found(self) -> QuerySet[Call]:
        """The calls asked for; none at all while a filter is not understood, rather than more than was asked."""
        return self.qs if self.is_valid() else self.queryset.none()

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def placed_since(self, calls: QuerySet[Call], name: str, day: date) -> QuerySet[Call]:
        start = _midnight(day)
        return calls.filter(Q(placed_at__gte=start) | Q(placed_at=None, place_at__gte=start))

    def placed_until(self, calls: QuerySet[Call], name: str, day: date) -> QuerySet[Call]:
        end = _midnight(day + timedelta(days=1))
        return calls.filter(Q(placed_at__lt=end) | Q(placed_at=None, place_at__lt=end))

    def number_contains(self, calls: QuerySet[Call], name: str, fragment: str) -> QuerySet[Call]:
        digits = re.sub(r"\D", "", fragment)
        return calls.filter(to_number__contains=digits) if digits else calls.none()

"""The home page: what is running, who is being talked to, and what today has brought."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.models import User
from accounts.requests import StaffRequest
from callcenter import clock
from calls.models import AnsweredBy, Call, CallStatus
from campaigns.models import Campaign, CampaignStatus, Disposition
from campaigns.progress import Progress, progress_of_many
from contacts.models import Contact

TEMPLATE = "home/home.html"
MOST_CAMPAIGNS = 8
MOST_CALLS = 6


@dataclass(frozen=True)
class Outcome:
    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Today:
    """Figures of the calls placed since midnight in the user's zone."""

    placed: int
    answered: int
    in_progress: int
    callbacks: int
    outcomes: list[Outcome]

    @property
    def answer_rate(self) -> int | None:
        """Calls that a person answered, in percent; nothing before the first call."""
        return round(100 * self.answered / self.placed) if self.placed else None

    @property
    def settled(self) -> int:
        return sum(outcome.count for outcome in self.outcomes)


def home(request: StaffRequest) -> HttpResponse:
    template = f"{TEMPLATE}#home-live" if request.htmx else TEMPLATE
    user = request.user
    context = {
        "campaigns": _campaigns(user),
        "today": _today(user, clock.now()) if user.has_perm("calls.view_call") else None,
        "calls": _live_calls(user),
        "first_steps": _first_steps(user),
    }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _campaigns(user: User) -> list[tuple[Campaign, Progress]]:
    """Those that run, and those that stopped and wait for somebody."""
    at_work = Campaign.objects.visible_to(user).filter(status__in=[CampaignStatus.RUNNING, CampaignStatus.PAUSED])
    campaigns = list(at_work.order_by("-status", "-started_at")[:MOST_CAMPAIGNS])
    return list(progress_of_many(campaigns).items())


def _live_calls(user: User) -> list[Call]:
    talking = Call.objects.visible_to(user).filter(status=CallStatus.IN_PROGRESS)
    return list(talking.select_related("contact", "campaign").order_by("answered_at", "id")[:MOST_CALLS])


def _today(user: User, now: datetime) -> Today:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Call.objects.visible_to(user).filter(placed_at__gte=midnight)
    figures = calls.aggregate(
        placed=Count("pk"),
        answered=Count("pk", filter=Q(answered_by=AnsweredBy.HUMAN)),
        callbacks=Count("pk", filter=Q(callback_at__isnull=False)),
    )
    in_progress = Call.objects.visible_to(user).in_flight().exclude(status=CallStatus.QUEUED).count()
    rows = calls.exclude(disposition="").values_list("disposition").annotate(count=Count("pk")).order_by("-count")
    outcomes = [Outcome(value, str(Disposition(value).label), count) for value, count in rows]
    return Today(**figures, in_progress=in_progress, outcomes=outcomes)


@dataclass(frozen=True)
class FirstSteps:
    """The way from an empty installation to the first running campaign."""

    has_contacts: bool
    has_campaign: bool


def _first_steps(user: User) -> FirstSteps | None:
    """Nothing for whoever may not take them, and nothing once a campaign has started."""
    if not user.has_perms(["contacts.add_contact", "campaigns.add_campaign"]):
        return None
    if Campaign.objects.exclude(status=CampaignStatus.DRAFT).exists():
        return None
    return FirstSteps(has_contacts=Contact.objects.exists(), has_campaign=Campaign.objects.exists())


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name no icon of their own, such as the back office's."""
    return redirect(staticfiles_storage.url("img/mark.svg"))

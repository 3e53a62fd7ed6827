"""The judge's verdict on one demonstration, compared with what the practice network itself has listed since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callcenter import clock
from calls.judge import Case, Finding, Violation, judge_dialing
from calls.models import Call
from campaigns.models import Campaign, CampaignContact

SHOWN = 5


@dataclass(frozen=True)
class Verdict:
    """`own` are the violations of this demonstration by rule; `earlier` counts those on records of before."""

    findings: list[Finding]
    own: dict[str, list[Violation]]
    earlier: int

    @property
    def count(self) -> int:
        return sum(map(len, self.own.values()))

    def lines(self) -> Iterator[str]:
        for finding in self.findings:
            violations = self.own[finding.rule]
            yield f"{finding.rule}  {_in_words(len(violations))}, {finding.checked} checked: {finding.meaning}"
            if finding.remark:
                yield f"       {finding.remark}"
            yield from (f"       {found.subject}  {found.what}" for found in violations[:SHOWN])
            if len(violations) > SHOWN:
                yield f"       … {len(violations) - SHOWN} more"
        if self.earlier:
            yield f"and {self.earlier} on records of before (manage.py judge_dialing lists them)"


def judge_demonstration(campaigns: Sequence[Campaign]) -> Verdict:
    """A demonstration that was cut off may have left violations; a call that only the carrier has is ours."""
    since = min((campaign.started_at for campaign in campaigns if campaign.started_at), default=None)
    case = Case(now=clock.now(), asks_carrier=True, carrier_since=since)
    findings = judge_dialing(case)
    ours = subjects(campaigns) | case.at_carrier.keys()
    own = {finding.rule: [found for found in finding.violations if found.subject in ours] for finding in findings}
    earlier = sum(len(finding.violations) - len(own[finding.rule]) for finding in findings)
    return Verdict(findings, own, earlier)


def subjects(campaigns: Sequence[Campaign]) -> set[str]:
    """Whatever the judge may name of these campaigns: calls, by our id and the carrier's, and contacts in them."""
    calls = Call.objects.filter(campaign__in=campaigns).values_list("pk", "carrier_sid")
    memberships = CampaignContact.objects.filter(campaign__in=campaigns).values_list("pk", flat=True)
    return {str(name) for names in calls for name in names if name} | {str(pk) for pk in memberships}


def _in_words(count: int) -> str:
    if not count:
        return "kept"
    return "1 VIOLATION" if count == 1 else f"{count} VIOLATIONS"

import json
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import make_aware

from callcenter import clock
from calls.judge import Case, Finding, judge_dialing

IDS_SHOWN = 5


def moment(text: str) -> datetime:
    """A date or an instant, in the zone of the settings unless it names another."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else make_aware(at)


class Command(BaseCommand):
    help = "Judges the safety rules on the real records. Exit code 1 if one was broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
        parser.add_argument(
            "--carrier", action="store_true", help="compare with the carrier's list, of an account that is ours alone"
        )

        parser.add_argument(
            "--since",
            type=moment,
            metavar="ISO_DATE",
            help="judge only calls placed since then, not all there ever were",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = judge_dialing(Case(now=clock.now(), since=options["since"], asks_carrier=options["carrier"]))
        for finding in findings:
            self._print(finding)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(findings)))
        if any(finding.violations for finding in findings):
            sys.exit(1)

    def _print(self, finding: Finding) -> None:
        count = len(finding.violations)
        noun = "violation " if count == 1 else "violations"
        self.stdout.write(f"{finding.rule}  {finding.checked:>8} checked  {count:>5} {noun}  {finding.meaning}")
        if finding.remark:
            self.stdout.write(f"       {finding.remark}")
        for violation in finding.violations[:IDS_SHOWN]:
            self.stdout.write(f"       {violation.subject}  {violation.what}")
        if count > IDS_SHOWN:
            self.stdout.write(f"       … {count - IDS_SHOWN} more")


def as_json(findings: list[Finding]) -> dict[str, Any]:
    return {
        "violations": sum(len(finding.violations) for finding in findings),
        "rules": {
            finding.rule: {
                "checked": finding.checked,
                "violations": [{"subject": found.subject, "what": found.what} for found in finding.violations],
                "remark": finding.remark,
            }
            for finding in findings
        },
    }

"""The safety rules, judged on the real records: one file a rule. The judge shares no state with the dialer."""

from calls.judge import allowed_time, do_not_call, endings, limits, placed_once, reasons
from calls.judge.findings import Case, Finding, Violation

JUDGES = (allowed_time, do_not_call, placed_once, limits, endings, reasons)


def judge_dialing(case: Case) -> list[Finding]:
    return [rule.judge(case) for rule in JUDGES]


__all__ = ["Case", "Finding", "Violation", "judge_dialing"]

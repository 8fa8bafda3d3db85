"""The denials to expect on a code: what the fault is for this code, its reason codes, and how to avoid it.

Only rules that can find a fault with the code are told: those whose table has a row for it, or whose kind of service
it is. A rule that only asks whether a claim is well made (dates, identifiers, diagnoses) is told of no code.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from cleanclaim.engine.code_page.denials_by_kind import of_kind
from cleanclaim.engine.code_page.denials_by_table import of_tables
from cleanclaim.engine.code_page.record import Section, cited, known, not_applicable
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.errors import InternalError
from cleanclaim.rules.model import Rule, convention
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import Adjustment

CODES: Final = "reason_codes"
"""Key of the fact that says whose the reason codes are."""
_CUSTOM: Final = "which reason codes payers send for which edit; the codes are X12's"
_SAID: Final = "Payers choose among the reason codes; these are the usual ones for each fault."


def denials(subject: Procedure) -> Section:
    """One fact for each fault: key is the rule that finds it, value the group, reason and remark codes."""
    reasons = [*of_tables(subject), *of_kind(subject)]
    if not reasons:
        if all(limit.no_data for limit in subject.limits.values()) and subject.row is None:
            return known("denials", [], "No loaded table speaks of the code on this day.")
        return not_applicable("denials", "No rule of ours stands on this code's own rows.")
    facts = [
        cited(
            reason.rule,
            _in_words(_rules()[reason.rule]),
            f"{reason.fault}. To avoid it: {reason.avoid}.",
            reason.citation or _rules()[reason.rule].citations[0],
            reason.caveat,
        )
        for reason in reasons
    ]
    return known("denials", [*facts, cited(CODES, "custom", _SAID, convention(_CUSTOM))], "")


def _in_words(rule: Rule) -> str:
    """Group, reason and remark codes of a rule's predicted denial."""
    adjustment = rule.adjustment
    if not isinstance(adjustment, Adjustment):
        raise InternalError(f"{rule.code} predicts no denial, and a page tells one for it.")
    remarks = f" with {', '.join(adjustment.rarc)}" if adjustment.rarc else ""
    return f"{adjustment.group}-{adjustment.carc}{remarks}"


@cache
def _rules() -> dict[str, Rule]:
    return {loaded.rule.code: loaded.rule for loaded in all_rules()}

"""The denials to expect on a code, from the rules whose table has a row for it."""

from __future__ import annotations

from typing import Final

from cleanclaim.engine.code_page.record import Section, cited, known
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.rules.model import convention
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import Adjustment

_FAMILIES: Final = frozenset({"PTP", "MUE", "ADD", "QLT"})
_CUSTOM: Final = "which reason codes payers send for which edit; the codes are X12's"


def denials(subject: Procedure) -> Section:
    """Group, reason and remark codes, by the family of edits that would send them."""
    predicted = dict.fromkeys(
        (loaded.rule.family, _in_words(loaded.rule.adjustment))
        for loaded in all_rules()
        if loaded.rule.family in _FAMILIES and loaded.rule.adjustment is not None
    )
    facts = [
        cited(family, said, f"{said}, where a rule of {family} finds a fault.", convention(_CUSTOM))
        for family, said in predicted
        if _concerns(subject, family)
    ]
    return known("denials", facts, "No loaded edit table has a row for the code.")


def _in_words(adjustment: Adjustment) -> str:
    remarks = f" with {', '.join(adjustment.rarc)}" if adjustment.rarc else ""
    return f"{adjustment.group}-{adjustment.carc}{remarks}"


def _concerns(subject: Procedure, family: str) -> bool:
    if subject.measure or family == "QLT":
        return subject.measure and family == "QLT"
    if family == "PTP":
        return any(pairs.known for pairs in subject.pairs.values())
    if family == "MUE":
        return any(limit.known for limit in subject.limits.values())
    return subject.add_on.known

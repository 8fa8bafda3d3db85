"""The few answers that most people open a code's page for, in a word or two each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from cleanclaim.engine.code_page import CodePage, PageFact
from cleanclaim.render.code_lines import PLACES
from cleanclaim.types import State, format_money

_IMAGING: Final = {
    "included": "included",
    "without": "this is the code without",
    "separately_reportable": "may be reported apart",
}
_DAYS: Final = {"000": "0", "010": "10", "090": "90", "ZZZ": "add-on (ZZZ)", "MMM": "maternity", "YYY": "by contractor"}
_STATUS: Final = {
    "A": "active",
    "B": "bundled",
    "C": "contractor-priced",
    "E": "paid outside the schedule",
    "I": "not valid for Medicare",
    "J": "anesthesia",
    "M": "measure",
    "N": "not covered",
    "P": "bundled or excluded",
    "R": "restricted coverage",
    "T": "paid only alone",
    "X": "excluded by law",
}


def at_a_glance(page: CodePage) -> Iterator[tuple[str, str]]:
    """Name and answer; what is not known, or does not arise, is left to the sections."""
    facts = {fact.key: fact for section in page.sections for fact in section.facts if section.state is State.KNOWN}
    status = facts.get("status_indicator")
    if status is not None and status.value in _STATUS:
        said = "reporting only" if page.category == "II" else _STATUS[str(status.value)]
        yield "Medicare status", f"{status.value}, {said}"
    imaging = facts.get("imaging_guidance")
    if imaging is not None and imaging.value in _IMAGING:
        yield "Imaging guidance", _IMAGING[str(imaging.value)]
    days = facts.get("global_days")
    if days is not None and days.value in _DAYS:
        yield "Global days", _DAYS[str(days.value)]
    limit = facts.get("mue_practitioner")
    if limit is not None and isinstance(limit.value, int):
        yield "Most units (MUE)", f"{limit.value}"
    yield from _amounts(facts)
    billable = facts.get("billable")
    if billable is not None:
        yield "Billable", "yes" if billable.value else "no, a heading"


def _amounts(facts: dict[str, PageFact]) -> Iterator[tuple[str, str]]:
    """National amounts; one that the file only repeats for a place where the service is not done is left out."""
    for key, name in PLACES.items():
        amount = facts.get(f"national_amount_{key}")
        rarely = facts.get(key)
        if amount is None or not isinstance(amount.value, Decimal) or rarely is not None:
            continue
        yield f"{name}, national", f"${format_money(amount.value)}"

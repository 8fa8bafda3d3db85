"""What changed for a code between the releases that are loaded: status, indicators, values, amounts, unit limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.book.provenance import Release
from cleanclaim.engine.code_page.record import PageFact, Section, cited, known
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.index.cite import cite_fact
from cleanclaim.index.tables import spec
from cleanclaim.pricing.context import PAID_BY_RVU
from cleanclaim.types import State, format_money

_COLUMNS: Final = (
    ("status_indicator", "status"),
    ("work_rvu", "work value"),
    ("pe_rvu_facility", "practice expense in a facility"),
    ("pe_rvu_nonfacility", "practice expense outside a facility"),
    ("mp_rvu", "malpractice value"),
    ("pc_tc_indicator", "PC/TC"),
    ("global_days", "global days"),
    ("multiple_procedure", "multiple procedures"),
    ("bilateral", "bilateral"),
    ("assistant", "assistant"),
    ("co_surgeon", "co-surgeons"),
    ("team_surgeon", "team"),
    ("endoscopic_base", "endoscopic base"),
)
_VALUES: Final = ("_rvu", "_facility", "_nonfacility")
"""Columns that say nothing of a code that is not paid by relative values."""
_LEAST: Final = 2


def changes(subject: Procedure) -> Section:
    """One fact for each pair of releases that follow each other, and each thing that differs between them."""
    schedules = fee_schedules(subject)
    limits = list(_rows(subject, "mue-practitioner", lambda _: True))
    facts = [*_fees(schedules), *_limits(limits)]
    if not facts and max(len(schedules), len(limits)) >= _LEAST:
        return Section("changes", State.NOT_APPLICABLE, (), "Nothing changed between the releases that are loaded.")
    return known("changes", facts, "No two releases of a table that has the code are loaded.")


def fee_schedules(subject: Procedure) -> list[tuple[Release, FeeScheduleRow]]:
    """The row without modifier in each fee schedule that is loaded, in the order of their days."""
    return subject.once("fee_schedules", lambda: list(_rows(subject, "mpfs", lambda fact: not fact.modifier)))


def _rows(subject: Procedure, table: str, wanted: Callable[[Any], bool]) -> Iterator[tuple[Release, Any]]:
    """The code's row in each release of a table, in the order of their days; a starter's only where it is alone."""
    looked_up = spec(table)
    found: dict[int, Any] = {}
    for row in subject.index.rows(looked_up, subject.code):
        fact = subject.index.fact(looked_up, row)
        if wanted(fact):
            found.setdefault(subject.index.release_of(looked_up, row), fact)
    releases = {number: subject.index.releases[number] for number in found}
    own = {entry.release for entry in releases.values() if not entry.starter}
    kept = [number for number, entry in releases.items() if not entry.starter or entry.release not in own]
    kept.sort(key=lambda number: (str(releases[number].covers_from), releases[number].release))
    for number in kept:
        yield releases[number], found[number]


def _fees(rows: list[tuple[Release, FeeScheduleRow]]) -> Iterator[PageFact]:
    for (old_release, old), (release, new) in pairwise(rows):
        paid = PAID_BY_RVU.issuperset((old.status_indicator, new.status_indicator))
        said = [
            f"{name} {getattr(old, column) or 'none'} to {getattr(new, column) or 'none'}"
            for column, name in _COLUMNS
            if getattr(old, column) != getattr(new, column) and (paid or not column.endswith(_VALUES))
        ]
        for setting, total in (("in a facility", "total_facility"), ("outside a facility", "total_nonfacility")):
            before, after = (format_money(getattr(row, total) * row.conversion_factor) for row in (old, new))
            if paid and before != after:
                said.append(f"national amount {setting} ${before} to ${after}")
        if said:
            text = f"{old_release.release} to {release.release}: {'; '.join(said)}."
            yield cited(release.release, "changed", text, cite_fact(new, release))


def _limits(rows: list[tuple[Release, Any]]) -> Iterator[PageFact]:
    for (old_release, old), (release, new) in pairwise(rows):
        if (old.mue_value, old.mai) != (new.mue_value, new.mai):
            text = (
                f"MUE {old_release.release} to {release.release}: {old.mue_value} units (MAI {old.mai}) to "
                f"{new.mue_value} (MAI {new.mai})."
            )
            yield cited(f"mue {release.release}", "changed", text, cite_fact(new, release))

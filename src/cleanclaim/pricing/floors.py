"""The floors under the indices of a locality: by which law each was in force on a day, and what follows of it.

There are three (42 U.S.C. 1395w-4(e)(1)): 1.0 under every work index, for which Congress has set an end more than
twenty times; 1.5 under Alaska's; and 1.0 under the practice expense index of the frontier states. The published tables
have them in. A table that has not is raised here, with the law as citation; a table that has one for a day without it
is told of, since what the index would be without it stands nowhere.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.book.facts import Gpci
from cleanclaim.pricing.model import Indices
from cleanclaim.pricing.policy import Parameter, parameter
from cleanclaim.types import Citation, Date

ALASKA: Final = "AK"
FRONTIER: Final = frozenset({"MT", "ND", "NV", "SD", "WY"})
"""The states that the index tables mark as frontier states (GPCI2025, GPCI2026)."""
_WORK: Final = "work_gpci_floor"
_WORK_IN_ALASKA: Final = "work_gpci_floor_alaska"
_EXPENSE: Final = "pe_gpci_floor_frontier"


def floored(day: Date, fact: Gpci) -> tuple[Indices, tuple[Citation, ...]]:
    """The indices of a locality on a service date, and the law of each floor that the table did not have in."""
    work, by_work = _raised(fact.work_gpci, _work_floor(day, fact))
    expense, by_expense = _raised(fact.pe_gpci, _expense_floor(day, fact))
    return Indices(work, expense, fact.mp_gpci), (*by_work, *by_expense)


def floor_notes(day: Date, fact: Gpci) -> tuple[str, ...]:
    """Where the published indices and the floors in force on the day do not agree."""
    notes = []
    floor = _work_floor(day, fact)
    if floor is None and fact.work_floor and fact.work_gpci == 1:
        notes.append(
            f"No law is known by which the floor of 1.0 under the work index was in force on {day}; the table has it, "
            "so the true index may be lower."
        )
    if floor is not None and fact.work_gpci < floor.value:
        notes.append(_told("work", fact.work_gpci, floor, day))
    expense = _expense_floor(day, fact)
    if expense is not None and fact.pe_gpci < expense.value:
        notes.append(_told("practice expense", fact.pe_gpci, expense, day))
    return tuple(notes)


def _work_floor(day: Date, fact: Gpci) -> Parameter | None:
    in_alaska = parameter(_WORK_IN_ALASKA, day) if fact.state == ALASKA else None
    return in_alaska or parameter(_WORK, day)


def _expense_floor(day: Date, fact: Gpci) -> Parameter | None:
    return parameter(_EXPENSE, day) if fact.state in FRONTIER else None


def _raised(index: Decimal, floor: Parameter | None) -> tuple[Decimal, tuple[Citation, ...]]:
    if floor is None or index >= floor.value:
        return index, ()
    return floor.value, (floor.citation,)


def _told(which: str, index: Decimal, floor: Parameter, day: Date) -> str:
    return (
        f"The table gives a {which} index of {index}, without the floor of {floor.value} that was in force on {day}; "
        "the floor is used."
    )

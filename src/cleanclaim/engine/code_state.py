"""Whether a procedure code could be billed on a day, from the lists that hold its kind of code.

HCPCS Level II codes are listed with their first and last days. CPT codes are told by the physician fee schedule,
which lists those it does not pay too; it lacks the laboratory codes ending in U and M, which the unit limits have.
Dental codes (D) are the ADA's, and no whole list of them is published freely.
"""

from __future__ import annotations

import string
from typing import Any, Final

from cleanclaim.book.facts import FeeScheduleRow, HcpcsCode
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.code_groups import code_kind
from cleanclaim.rules.facts import CodeKind, CodeState
from cleanclaim.types import Date, Setting

_CATEGORY: Final = 3
_FULL: Final = 7
_SEVENTH: Final = string.ascii_uppercase + string.digits


def code_state(
    day: DayBook, setting: Setting, hcpcs: str, fee: Answer[FeeScheduleRow]
) -> tuple[CodeState, Answer[Any]]:
    """The state of a code on the day, and the answer of the list that says so."""
    kind = code_kind(hcpcs)
    listed: Answer[Any] = day.hcpcs(hcpcs) if kind is CodeKind.LEVEL_II else fee
    if kind is CodeKind.LEVEL_II and not listed.known and listed.release is not None:
        elsewhere = day.hcpcs_ever(hcpcs)
        dated = _dated_state(elsewhere.fact if elsewhere is not None else None, day.day_of("hcpcs"))
        # The fee schedule goes on listing codes that ended within its year. Where it is the newer of the two
        # lists, a code that it has may have been taken up again.
        outdated = fee.known and listed.stale and not fee.stale
        if elsewhere is not None and dated is not CodeState.NO_DATA and not outdated:
            return dated, elsewhere
    if listed.known or fee.known:
        return CodeState.IN_FORCE, listed
    if kind is CodeKind.LABORATORY:
        limited = setting is not Setting.NONE and day.mue(setting, hcpcs).known
        return (CodeState.IN_FORCE if limited else CodeState.NO_DATA), listed
    asked_for = day.day_of("hcpcs" if kind is CodeKind.LEVEL_II else "mpfs")
    return (CodeState.UNKNOWN_CODE if _lists_all(listed, kind, hcpcs, asked_for) else CodeState.NO_DATA), listed


def has_ended(day: DayBook, hcpcs: str) -> bool:
    """A HCPCS Level II code that the list has, and that is not in force on the day."""
    return not day.hcpcs(hcpcs).known and day.hcpcs_ever(hcpcs) is not None


def lacks_seventh_character(day: DayBook, icd10cm: str) -> bool:
    """True for a diagnosis code padded with X, whose seventh character alone is missing (guidelines I.A.4, I.A.5)."""
    if not icd10cm.endswith("X") or not _CATEGORY < len(icd10cm) < _FULL:
        return False
    stem = icd10cm.ljust(_FULL - 1, "X")
    return any(day.icd10cm(stem + last).known for last in _SEVENTH)


def _dated_state(code: HcpcsCode | None, day: Date) -> CodeState:
    """What a code's own first and last day say, even in a list that was issued for other days."""
    if code is not None and code.valid_from is not None and code.valid_from > day:
        return CodeState.NOT_YET
    if code is not None and code.valid_to is not None and code.valid_to < day:
        return CodeState.ENDED
    return CodeState.NO_DATA


def _lists_all(listed: Answer[Any], kind: CodeKind, hcpcs: str, day: Date) -> bool:
    """The list has every code of its kind on the day, so that a code it lacks is none.

    A fee schedule binds to the end of its year, but codes are added every quarter: it is whole in its own only.
    """
    release = listed.release
    if release is None or not release.whole or listed.stale:
        return False
    if kind is CodeKind.LEVEL_II:
        return not hcpcs.startswith("D")
    return release.covers_from is not None and _quarter(release.covers_from) == _quarter(day)


def _quarter(day: Date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3

"""Endoscopies of one day, by the families of the fee schedule (endoscopic base code).

A family is its base and every code that has it as its base; none is named here. Source: MPFS record layout,
Multiple Procedure 3 and Endoscopic Base Code; NCCI Policy Manual for Medicare 2026, VI.C.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from cleanclaim.engine.shown import some
from cleanclaim.engine.work import LineWork, Pair

_SIGMOIDOSCOPY: Final = "45330"
_COLONOSCOPY: Final = "45378"
_SCREENING: Final = {"G0104": _SIGMOIDOSCOPY, "G0105": _COLONOSCOPY, "G0121": _COLONOSCOPY}
"""Screenings by the same scopes, which the fee schedule puts in no family."""
_MAJOR: Final = "090"
_REGIONS: Final = (
    ("23000", "23999"),  # shoulder
    ("24000", "24999"),  # humerus and elbow
    ("25000", "26999"),  # forearm, wrist and hand
    ("26990", "27299"),  # pelvis and hip
    ("27300", "27599"),  # femur and knee
    ("30000", "31230"),  # nose and sinuses
    ("31300", "31599"),  # larynx
    ("31600", "32999"),  # trachea, bronchi, lungs
    ("43020", "43999"),  # esophagus and stomach
    ("44005", "46999"),  # intestine, rectum and anus
    ("47000", "47999"),  # liver and biliary tract
    ("50010", "53899"),  # urinary system
    ("56405", "58999"),  # female genital system
)
"""Where open procedures stand in CPT, by region of the body. Convention, used for review and information only."""
_ARTHROSCOPIES: Final = {
    "29805": "23000",
    "29830": "24000",
    "29840": "25000",
    "29860": "27000",
    "29870": "27300",
}
"""Bases whose codes stand apart from the open procedures of their joint, with a code of that joint."""
_SIDES: Final = frozenset({"LT", "RT"})
_BOTH: Final = "50"
_STAGED: Final = "58"

Edited = frozenset[tuple[int, int]]
"""Which lines have a pair edit between them, Column One first."""


def base_of(work: LineWork) -> str:
    """The base code of the line's endoscopic family; "" where the fee schedule gives it none."""
    return work.fee_row.endoscopic_base if work.fee_row is not None else ""


def endoscopies_of_day(group: Sequence[LineWork], pairs: Iterable[Pair]) -> None:
    """Tell the endoscopies among the lines of one patient, provider, payer and day of each other.

    ``pairs`` are the pair edits in force between those lines: where one stands, it is the one to speak.
    """
    members = [work for work in group if base_of(work)]
    colonoscopies = [work for work in group if _scope_of(work) == _COLONOSCOPY]
    major = [work for work in group if _is_major(work)]
    if not members and not colonoscopies and not major:
        return
    edited = frozenset([(id(pair.one), id(pair.two)) for pair in pairs])
    for base in {base_of(work) for work in members}:
        _family(base, group, [work for work in members if base_of(work) == base], edited)
    for work in group if colonoscopies else ():
        work.facts.colonoscopy_present = _scope_of(work) == _SIGMOIDOSCOPY and any(
            not _edit_between(work, other, edited) for other in colonoscopies
        )
    for work in group if major else ():
        _open_procedures(work, major, edited)


def _family(base: str, group: Sequence[LineWork], family: Sequence[LineWork], edited: Edited) -> None:
    for work in group:
        if work.line.hcpcs == base:
            work.facts.endoscopy_of_family_present = any(
                _same_side(work, other) and not _edit_between(work, other, edited) for other in family
            )
    if len({work.line.hcpcs for work in family}) > 1:
        for work in family:
            work.family = family
        rank_family(family)


def rank_family(family: Sequence[LineWork]) -> None:
    """Tell each endoscopy of a family whether another is the dearest, among those that no pair edit denies."""
    paid = [work for work in family if not work.facts.bundled]
    dearest = max(paid, key=_fee, default=None)
    codes = {work.line.hcpcs for work in paid}
    for work in family:
        work.facts.endoscopy_reduced = (
            len(codes) > 1 and dearest is not None and work in paid and work.line.hcpcs != dearest.line.hcpcs
        )


def family_words(work: LineWork) -> dict[str, str]:
    """The words of a message about an endoscopic family."""
    paid = [other for other in work.family if not other.facts.bundled]
    dearest = max(paid, key=_fee, default=None)
    of_base = sorted({other.line.hcpcs for other in work.group if base_of(other) == work.line.hcpcs})
    return {
        "endoscopic_base": base_of(work),
        "dearest_endoscopy": dearest.line.hcpcs if dearest is not None else "",
        "endoscopies_of_base": some(of_base),
        "open_procedure": some(sorted({other.line.hcpcs for other in _opened(work, filter(_is_major, work.group))})),
        "colonoscopy": some(sorted({other.line.hcpcs for other in work.group if _scope_of(other) == _COLONOSCOPY})),
    }


def _fee(work: LineWork) -> Decimal:
    """What the line is paid in relation to others: its relative value units where it was done."""
    row = work.fee_row
    if row is None:
        return Decimal(0)
    return row.total_facility if work.facts.facility == 1 else row.total_nonfacility


def _scope_of(work: LineWork) -> str:
    """The base of the line's scope: its own code where it is a base, or that of a screening."""
    return _SCREENING.get(work.line.hcpcs) or base_of(work) or work.line.hcpcs


def _same_side(one: LineWork, other: LineWork) -> bool:
    """Nothing says that the two were done on different sides."""
    sides = [_SIDES.intersection(work.line.modifiers) for work in (one, other)]
    return _BOTH in (*one.line.modifiers, *other.line.modifiers) or not all(sides) or bool(sides[0] & sides[1])


def _edit_between(one: LineWork, other: LineWork, edited: Edited) -> bool:
    return (id(one), id(other)) in edited or (id(other), id(one)) in edited


def _open_procedures(work: LineWork, major: Sequence[LineWork], edited: Edited) -> None:
    """Tell a scope of the open procedures of its region that day."""
    facts, day = work.facts, work.day
    facts.diagnostic_endoscopy = day is not None and day.is_endoscopic_base(work.line.hcpcs)
    facts.endoscopy = facts.diagnostic_endoscopy or bool(base_of(work))
    if not facts.endoscopy:
        return
    others = [other for other in _opened(work, major) if not _edit_between(work, other, edited)]
    facts.open_procedure_present = bool(others)
    facts.open_procedure_staged = any(_STAGED in other.line.modifiers for other in others)


def _opened(scope: LineWork, major: Iterable[LineWork]) -> list[LineWork]:
    """Those of the major procedures that are open ones in the scope's region of the body."""
    code = base_of(scope) or scope.line.hcpcs
    region = _region(_ARTHROSCOPIES.get(code, code))
    return [
        other
        for other in major
        if region is not None and other is not scope and not base_of(other) and _region(other.line.hcpcs) == region
    ]


def _is_major(work: LineWork) -> bool:
    return work.fee_row is not None and work.fee_row.global_days == _MAJOR


def _region(hcpcs: str) -> int | None:
    return next((at for at, (first, last) in enumerate(_REGIONS) if first <= hcpcs <= last), None)

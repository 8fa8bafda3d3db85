"""What the notes of the ICD-10-CM tabular list say of the diagnoses of a claim beside one another.

A note at a heading holds for every code below it. Only diagnoses that are the claim's own reasons (principal and other)
are held against each other: an admitting diagnosis or a reason for the visit is often one that proved wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cleanclaim.claims.model import POINTABLE_ROLES
from cleanclaim.engine.diagnosed import CODE_FIRST, EXCLUDES1, Diagnosed, Note, names
from cleanclaim.engine.shown import shown_diagnosis
from cleanclaim.engine.work import ClaimWork, DiagnosisWork, LineWork
from cleanclaim.rules.dxv.ages import out_of_age
from cleanclaim.rules.facts import UNKNOWN, Sex
from cleanclaim.types import Date

_SIDES: Final = {
    **dict.fromkeys("LT E1 E2 FA F1 F2 F3 F4 TA T1 T2 T3 T4".split(), "left"),
    **dict.fromkeys("RT E3 E4 F5 F6 F7 F8 F9 T5 T6 T7 T8 T9".split(), "right"),
}
"""Sides, eyelids, fingers and toes (HCPCS Level II modifiers)."""
_OTHER_SIDE: Final = {"left": "right", "right": "left"}
_BOTH: Final = "50"
SIDED: Final = frozenset({*_SIDES, _BOTH})
"""Modifiers that are held against the sides of the line's diagnoses."""
_IMAGING: Final = ("70010", "76999")
_UNSPECIFIED: Final = "unspecified"
_ANY_SEX: Final = Sex.UNKNOWN


def diagnosis_notes(work: ClaimWork) -> None:
    """Put what the notes say into the facts of the claim's diagnoses and of the lines that point at them."""
    for dx in work.diagnoses:
        if _of_another_person(dx):
            for line in work.lines:
                line.facts.other_person = True
    if work.dx_day is None:
        return
    reasons = [dx for dx in work.diagnoses if dx.facts.is_icd10cm and dx.diagnosis.role in POINTABLE_ROLES]
    if len(reasons) > 1:
        _excluded(reasons)
        _causes(reasons)
    sides = {dx.facts.position: dx.said.side for dx in reasons if dx.said.side}
    if sides:
        compared = _imaged_on_both_sides(work.lines)
        for line in work.lines:
            if line.line.modifiers:
                _sides_of_line(line, work.diagnoses, sides, compared)


def years_of_age(born: Date | None, when: Date | None) -> int:
    """Whole years of age on a day; -1 where it is not known, or the day lies before the birth."""
    if born is None or when is None or born > when:
        return UNKNOWN
    return when.year - born.year - ((when.month, when.day) < (born.month, born.day))


def _of_another_person(dx: DiagnosisWork) -> bool:
    """The diagnosis is of another sex or age than the patient's."""
    facts = dx.facts
    other_sex = facts.sex != _ANY_SEX != facts.patient_sex and facts.sex != facts.patient_sex
    return other_sex or out_of_age(facts)


def _excluding(said: Diagnosed, code: str) -> Note | None:
    """The Excludes1 note that names a code."""
    for noted in said.excludes.get(code[:1], ()):
        if names(noted[0], code):
            return noted
    return None


def _excluded(reasons: Sequence[DiagnosisWork]) -> None:
    """Mark a diagnosis whose Excludes1 note names another one; where both name each other, the first."""
    for dx in reasons:
        for other in reasons if dx.said.excludes and not dx.said.external_cause else ():
            code, beside = dx.diagnosis.code, other.diagnosis.code
            if dx is other or code == beside or other.said.external_cause:
                continue
            found = _excluding(dx.said, beside)
            if found is None:
                continue
            if other.facts.position < dx.facts.position and _excluding(other.said, code) is not None:
                continue
            dx.facts.excludes_another = True
            dx.notes.setdefault(EXCLUDES1, found)
            told = dx.beside.setdefault(EXCLUDES1, [])
            if (name := shown_diagnosis(other.diagnosis)) not in told:
                told.append(name)


def _causes(reasons: Sequence[DiagnosisWork]) -> None:
    """Mark a diagnosis that stands before the only ones which its Code first notes name."""
    for at, dx in enumerate(reasons):
        first = dx.said.code_first
        if not first or any(names(note, other.diagnosis.code) for note, _ in first for other in reasons[:at]):
            continue
        for note, release in first:
            for other in reasons[at + 1 :]:
                code = other.diagnosis.code
                if names(note, code) and not names(note, dx.diagnosis.code):
                    dx.facts.cause_follows = True
                    dx.notes.setdefault(CODE_FIRST, (note, release))
                    told = dx.beside.setdefault(CODE_FIRST, [])
                    if (name := shown_diagnosis(other.diagnosis)) not in told:
                        told.append(name)


def related(one: str, of_one: Diagnosed, other: str, of_other: Diagnosed) -> bool:
    """Two diagnoses that a claim has may have to do with each other: one code, or a note of either names the other."""
    of_both = ((of_one, other), (of_other, one))
    return one == other or any(
        _excluding(said, code) is not None or any(names(note, code) for note, _ in said.code_first)
        for said, code in of_both
    )


def _imaged_on_both_sides(lines: Sequence[LineWork]) -> frozenset[tuple[str, Date | None]]:
    """Imaging codes and days with a line for each side: the sound one is imaged for comparison."""
    first, last = _IMAGING
    imaged = [work.line for work in lines if first <= work.line.hcpcs <= last]
    left, right = (
        {(line.hcpcs, line.service_from) for line in imaged if side in line.modifiers} for side in ("LT", "RT")
    )
    return frozenset(left & right)


def _sides_of_line(
    work: LineWork,
    diagnoses: Sequence[DiagnosisWork],
    sides: dict[int, str],
    compared: frozenset[tuple[str, Date | None]],
) -> None:
    """Hold a line's side against those of the diagnoses it points at."""
    line = work.line
    named = {_SIDES[modifier] for modifier in line.modifiers if modifier in _SIDES}
    pointed = [pointer for pointer in line.diagnosis_pointers if 1 <= pointer <= len(diagnoses)]
    if not pointed or not (named or _BOTH in line.modifiers):
        return
    of_line = [sides.get(pointer, "") for pointer in pointed]
    other = _OTHER_SIDE[named.pop()] if len(named) == 1 and _BOTH not in line.modifiers else None
    of_other_side = other is not None and all(side == other for side in of_line)
    work.facts.diagnoses_of_other_side = of_other_side and (line.hcpcs, line.service_from) not in compared
    work.facts.diagnosis_side_unspecified = _UNSPECIFIED in of_line
    wanted = other if work.facts.diagnoses_of_other_side else _UNSPECIFIED
    told = [pointer for pointer, side in zip(pointed, of_line, strict=True) if side == wanted]
    work.sided_diagnoses = tuple(dict.fromkeys(shown_diagnosis(diagnoses[pointer - 1].diagnosis) for pointer in told))

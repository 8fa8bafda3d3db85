"""What the notes of the ICD-10-CM tabular list say of the diagnoses of a claim beside one another.

A note at a heading holds for every code below it. Only diagnoses that are the claim's own reasons (principal and other)
are held against each other: an admitting diagnosis or a reason for the visit is often one that proved wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cleanclaim.book.facts import Icd10cmNote
from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import POINTABLE_ROLES
from cleanclaim.engine.shown import shown_diagnosis
from cleanclaim.engine.work import ClaimWork, DiagnosisWork, LineWork
from cleanclaim.index.lookup import DayBook
from cleanclaim.rules.dxv.ages import out_of_age
from cleanclaim.rules.facts import UNKNOWN, Sex
from cleanclaim.types import Date

EXCLUDES1: Final = "icd10cm-excludes1"
CODE_FIRST: Final = "icd10cm-code-first"
MANIFESTATION: Final = "icd10cm-manifestation"
SEX: Final = "icd10cm-sex"
SIDE: Final = "icd10cm-side"

_CATEGORY: Final = 3
SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}
_SIDES: Final = {
    **dict.fromkeys("LT E1 E2 FA F1 F2 F3 F4 TA T1 T2 T3 T4".split(), "left"),
    **dict.fromkeys("RT E3 E4 F5 F6 F7 F8 F9 T5 T6 T7 T8 T9".split(), "right"),
}
"""Sides, eyelids, fingers and toes (HCPCS Level II modifiers)."""
_BOTH: Final = "50"
_IMAGING: Final = ("70010", "76999")
_UNSPECIFIED: Final = "unspecified"
_WAIVES_SEX_EDIT: Final = "KX"
_NEWBORN: Final = ("P", "Z38")

_Noted = tuple[DiagnosisWork, list[tuple[Icd10cmNote, Release]]]


def diagnosis_notes(work: ClaimWork) -> None:
    """Put what the notes say into the facts of the claim's diagnoses and of the lines that point at them."""
    day = work.dx_day
    waived = any(_WAIVES_SEX_EDIT in line.line.modifiers for line in work.lines)
    reasons: list[_Noted] = []
    for dx in work.diagnoses:
        if not dx.facts.is_icd10cm:
            continue
        _person(dx, work, day.day if day is not None else None)
        dx.facts.sex_edit_waived = waived
        dx.facts.maternal = dx.diagnosis.code.startswith("O")
        if day is None:
            continue
        notes = list(_notes(dx.diagnosis.code, day))
        _of_itself(dx, notes)
        if dx.diagnosis.role in POINTABLE_ROLES:
            reasons.append((dx, notes))
    newborn = any(dx.diagnosis.code.startswith(_NEWBORN) for dx in work.diagnoses if dx.facts.is_icd10cm)
    other_person = any(_of_another_person(dx) for dx in work.diagnoses)
    for line in work.lines:
        line.facts.other_person = other_person
    for dx in work.diagnoses:
        dx.facts.newborn_code_beside = newborn
    if len(reasons) > 1:
        _excluded(reasons)
        _causes(reasons)
    if day is not None:
        sides = {dx.facts.position: _side(notes) for dx, notes in reasons}
        compared = _imaged_on_both_sides(work.lines) if any(sides.values()) else frozenset()
        for line in work.lines:
            _sides_of_line(line, work.diagnoses, sides, compared)


def _notes(code: str, day: DayBook) -> Iterator[tuple[Icd10cmNote, Release]]:
    """The notes at a code and the headings above it, the code's own first."""
    for length in range(len(code), _CATEGORY - 1, -1):
        answer = day.icd10cm_notes(code[:length])
        if answer.release is not None:
            yield from ((note, answer.release) for note in answer.facts)


def _of_itself(dx: DiagnosisWork, notes: Sequence[tuple[Icd10cmNote, Release]]) -> None:
    for note, release in notes:
        if note.kind == "manifestation":
            dx.facts.manifestation = True
            dx.notes.setdefault(MANIFESTATION, (note, release))
        elif note.kind == "sex" and SEX not in dx.notes:
            dx.facts.sex = SEXES.get(note.first, Sex.UNKNOWN)
            dx.notes[SEX] = (note, release)


def _person(dx: DiagnosisWork, work: ClaimWork, when: Date | None) -> None:
    claim = work.claim
    dx.facts.patient_sex = SEXES.get(claim.patient_sex, Sex.UNKNOWN)
    born = claim.patient_birth_date
    if born is not None and when is not None and born <= when:
        dx.facts.age_days = (when - born).days
        dx.facts.age_years = years_of_age(born, when)


def years_of_age(born: Date | None, when: Date | None) -> int:
    """Whole years of age on a day; -1 where it is not known, or the day lies before the birth."""
    if born is None or when is None or born > when:
        return UNKNOWN
    return when.year - born.year - ((when.month, when.day) < (born.month, born.day))


def _of_another_person(dx: DiagnosisWork) -> bool:
    """The diagnosis is of another sex or age than the patient's."""
    facts = dx.facts
    other_sex = Sex.UNKNOWN not in (facts.sex, facts.patient_sex) and facts.sex != facts.patient_sex
    return other_sex or out_of_age(facts)


def _names(note: Icd10cmNote, code: str) -> bool:
    """The note's range of beginnings holds the code."""
    return note.first <= code[: len(note.first)] and code[: len(note.last)] <= note.last


def _excluding(notes: Sequence[tuple[Icd10cmNote, Release]], own: str, code: str) -> tuple[Icd10cmNote, Release] | None:
    """The Excludes1 note that names a code. A range that holds the bearer too is about something else."""
    for note, release in notes:
        if note.kind == "excludes1" and _names(note, code) and not _names(note, own):
            return note, release
    return None


def _excluded(reasons: Sequence[_Noted]) -> None:
    """Mark a diagnosis whose Excludes1 note names another one; where both name each other, the first."""
    for dx, notes in reasons:
        for other, notes_of_other in reasons:
            code, beside = dx.diagnosis.code, other.diagnosis.code
            if dx is other or code == beside or dx.facts.external_cause or other.facts.external_cause:
                continue
            found = _excluding(notes, code, beside)
            if found is None:
                continue
            if other.facts.position < dx.facts.position and _excluding(notes_of_other, beside, code) is not None:
                continue
            dx.facts.excludes_another = True
            dx.notes.setdefault(EXCLUDES1, found)
            told = dx.beside.setdefault(EXCLUDES1, [])
            if (name := shown_diagnosis(other.diagnosis)) not in told:
                told.append(name)


def _causes(reasons: Sequence[_Noted]) -> None:
    """Mark a diagnosis that stands before the only ones which its Code first notes name."""
    for at, (dx, notes) in enumerate(reasons):
        first = [(note, release) for note, release in notes if note.kind == "code_first"]
        if any(_names(note, other.diagnosis.code) for note, _ in first for other, _ in reasons[:at]):
            continue
        for note, release in first:
            for other, _ in reasons[at + 1 :]:
                code = other.diagnosis.code
                if _names(note, code) and not _names(note, dx.diagnosis.code):
                    dx.facts.cause_follows = True
                    dx.notes.setdefault(CODE_FIRST, (note, release))
                    told = dx.beside.setdefault(CODE_FIRST, [])
                    if (name := shown_diagnosis(other.diagnosis)) not in told:
                        told.append(name)


def _side(notes: Sequence[tuple[Icd10cmNote, Release]]) -> str:
    return next((note.first for note, _ in notes if note.kind == "side"), "")


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
    named = list(dict.fromkeys(side for modifier, side in _SIDES.items() if modifier in line.modifiers))
    pointed = [pointer for pointer in line.diagnosis_pointers if 1 <= pointer <= len(diagnoses)]
    if not pointed or not (named or _BOTH in line.modifiers):
        return
    of_line = [sides.get(pointer, "") for pointer in pointed]
    other = (
        {"left": "right", "right": "left"}.get(named[0]) if len(named) == 1 and _BOTH not in line.modifiers else None
    )
    of_other_side = other is not None and all(side == other for side in of_line)
    work.facts.diagnoses_of_other_side = of_other_side and (line.hcpcs, line.service_from) not in compared
    work.facts.diagnosis_side_unspecified = _UNSPECIFIED in of_line
    wanted = other if work.facts.diagnoses_of_other_side else _UNSPECIFIED
    told = [pointer for pointer, side in zip(pointed, of_line, strict=True) if side == wanted]
    work.sided_diagnoses = tuple(dict.fromkeys(shown_diagnosis(diagnoses[pointer - 1].diagnosis) for pointer in told))

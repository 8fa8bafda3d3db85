"""What the book says of a diagnosis code by itself, remembered for the days on which it answers alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Final

from cleanclaim.book.facts import Icd10cmCode, Icd10cmNote
from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import Diagnosis
from cleanclaim.engine.code_state import lacks_seventh_character
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import DxState, Sex

EXCLUDES1: Final = "icd10cm-excludes1"
CODE_FIRST: Final = "icd10cm-code-first"
MANIFESTATION: Final = "icd10cm-manifestation"
SEX: Final = "icd10cm-sex"

SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE}

_CATEGORY: Final = 3
_LETTERS: Final = ascii_uppercase
"""With which the codes of ICD-10-CM begin."""
_EXTERNAL_CAUSES: Final = ("V", "W", "X", "Y")
_MATERNAL: Final = "O"
_NEWBORN: Final = ("P", "Z38")

Note = tuple[Icd10cmNote, Release]


@dataclass(slots=True, eq=False)
class Diagnosed:
    """What diagnoses have in common that bear one code on days on which the book answers alike."""

    code_number: int
    is_icd10cm: bool
    is_icd9cm: bool
    external_cause: bool
    maternal: bool
    newborn: bool
    """It is of chapter 16 or Z38, for the newborn's record only."""
    state: int = DxState.NO_DATA
    answer: Answer[Icd10cmCode] | None = None
    uncovered: bool = False
    """No release in force on the date tells of it."""
    own_notes: Mapping[str, Note] = field(default_factory=dict)
    """Table name to the note that says that the code is a manifestation, or of one sex."""
    excludes: Mapping[str, Sequence[Note]] = field(default_factory=dict)
    """The Excludes1 notes at the code and the headings above it, the code's own first, by the letter with which a code
    that they name may begin. A range that holds the code too is about something else."""
    code_first: Sequence[Note] = ()
    """The Code first notes, in the same order."""
    manifestation: bool = False
    sex: int = Sex.UNKNOWN
    side: str = ""


def diagnosed(diagnosis: Diagnosis, day: DayBook | None) -> Diagnosed:
    """What is known of a diagnosis; without a day, or in another system than ICD-10-CM, what its code alone says."""
    if day is None:
        return _of_code(diagnosis)
    key = (Diagnosed, diagnosis.code, diagnosis.system)
    found: Diagnosed | None = day.period.kept.get(key)
    if found is None:
        found = _of_code(diagnosis)
        if found.is_icd10cm:
            _look_up(found, diagnosis.code, day)
        day.period.kept.keep(key, found)  # whole: threads of a service may be here at once
    return found


def _of_code(diagnosis: Diagnosis) -> Diagnosed:
    code, is_icd10cm = diagnosis.code, diagnosis.system == "icd10cm"
    return Diagnosed(
        code_number=code_number(code),
        is_icd10cm=is_icd10cm,
        is_icd9cm=diagnosis.system == "icd9cm",
        external_cause=is_icd10cm and code.startswith(_EXTERNAL_CAUSES),
        maternal=is_icd10cm and code.startswith(_MATERNAL),
        newborn=is_icd10cm and code.startswith(_NEWBORN),
    )


def _look_up(said: Diagnosed, code: str, day: DayBook) -> None:
    answer = said.answer = day.icd10cm(code)
    if answer.known:
        said.state = DxState.BILLABLE if answer.fact.billable else DxState.NOT_BILLABLE
    elif answer.no_data or answer.stale:
        said.uncovered = True
    elif lacks_seventh_character(day, code):
        said.state = DxState.NOT_BILLABLE
    else:
        said.state = DxState.NOT_IN_FORCE if day.ever("icd10cm", code) else DxState.UNKNOWN_CODE
    _sort_notes(said, code, list(_notes(code, day)))


def _sort_notes(said: Diagnosed, code: str, notes: Sequence[Note]) -> None:
    own: dict[str, Note] = {}
    excludes: dict[str, list[Note]] = {}
    for note, release in notes:
        if note.kind == "manifestation":
            said.manifestation = True
            own.setdefault(MANIFESTATION, (note, release))
        elif note.kind == "sex" and SEX not in own:
            said.sex = SEXES.get(note.first, Sex.UNKNOWN)
            own[SEX] = (note, release)
        elif note.kind == "excludes1" and not names(note, code):
            for letter in _LETTERS:
                if note.first[:1] <= letter <= note.last[:1]:
                    excludes.setdefault(letter, []).append((note, release))
    said.own_notes, said.excludes = own, excludes
    said.code_first = tuple((note, release) for note, release in notes if note.kind == "code_first")
    said.side = next((note.first for note, _ in notes if note.kind == "side"), "")


def names(note: Icd10cmNote, code: str) -> bool:
    """The note's range of beginnings holds the code."""
    return note.first <= code[: len(note.first)] and code[: len(note.last)] <= note.last


def _notes(code: str, day: DayBook) -> Iterator[Note]:
    for length in range(len(code), _CATEGORY - 1, -1):
        answer = day.icd10cm_notes(code[:length])
        if answer.release is not None:
            yield from ((note, answer.release) for note in answer.facts)

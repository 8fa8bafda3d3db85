"""Claims under work: each line, diagnosis and claim with its facts, and the answers they were taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cleanclaim.book.facts import FeeScheduleRow, PtpEdit
from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.facts import (
    ClaimFacts,
    DiagnosisFacts,
    EditFacts,
    LineFacts,
)
from cleanclaim.types import Date, Setting


@dataclass(slots=True, eq=False)
class LineWork:
    """A claim line with its facts, and the answers of the book they were taken from."""

    claim: ClaimWork
    line: ClaimLine
    facts: LineFacts
    day: DayBook | None
    answers: dict[str, Answer[Any]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Table name to the reason why it could not be consulted for this line."""
    fee_row: FeeScheduleRow | None = None
    group: Sequence[LineWork] = ()
    """All lines of the same patient, provider, payer and day, this one among them."""
    units_day: Date | None = None
    """The day of the line's on which most units of its code are billed."""
    counted_with: Sequence[LineWork] = ()
    """The lines whose units are added up for that day, this one among them."""
    repeats: LineWork | None = None
    """The earlier line that this one bills again."""

    def place(self) -> tuple[int, int]:
        """Where the line stands in the input."""
        return self.claim.number, self.line.line_no


@dataclass(slots=True, eq=False)
class DiagnosisWork:
    """A diagnosis with its facts."""

    claim: ClaimWork
    diagnosis: Diagnosis
    facts: DiagnosisFacts
    answer: Answer[Any] | None = None


@dataclass(slots=True, eq=False)
class ClaimWork:
    """A claim under work."""

    claim: Claim
    number: int
    """Its place in the input, from 0."""
    facts: ClaimFacts
    setting: Setting
    lines: list[LineWork] = field(default_factory=list)
    diagnoses: list[DiagnosisWork] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    uncovered: list[str] = field(default_factory=list)
    """Diagnoses, as shown, of which no release in force on the date tells."""
    duplicate_of: ClaimWork | None = None
    dx_day: DayBook | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines of one group between which a published edit is in force."""

    edit: PtpEdit
    answer: Answer[PtpEdit]
    facts: EditFacts
    one: LineWork
    two: LineWork


@dataclass(slots=True, eq=False)
class Work:
    """Everything gathered for a set of claims."""

    claims: list[ClaimWork]
    pairs: list[Pair]

"""Claims under work: each line, diagnosis and claim with its facts, and the answers they were taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.book.facts import FeeScheduleRow, Icd10cmNote, PtpEdit
from cleanclaim.book.payers import Policy, PolicyFact, Recognised
from cleanclaim.book.payers.shelf import UNRECOGNISED
from cleanclaim.book.provenance import Release
from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.facts import (
    ClaimFacts,
    DiagnosisFacts,
    EditFacts,
    LineFacts,
)
from cleanclaim.types import Date, Setting

if TYPE_CHECKING:
    from cleanclaim.engine.diagnosed import Diagnosed
    from cleanclaim.engine.globals import OverTime
    from cleanclaim.engine.money import LinePrice


@dataclass(slots=True)
class CoverageWords:
    """What a finding says of the Medicare article that governs a line; ``national``: it carries out an NCD alone.

    ``determinations`` are the LCDs that govern it where no article does.
    """

    article: str
    contractors: tuple[str, ...]
    diagnoses: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    national: bool = False
    determinations: str = ""
    determination_numbers: str = ""
    determination_articles: str = ""


@dataclass(slots=True, eq=False)
class PolicyUse:
    """A fact of a payer's policy that binds a line, with the lines it is held against and what was counted."""

    policy: Policy
    fact: PolicyFact
    lines: Sequence[LineWork] = ()


DAY: Final = "\0"
"""Stands for the service date in what is kept for many dates."""


@dataclass(slots=True, eq=False)
class Billed:
    """What lines have in common that are billed alike on days on which the book answers alike."""

    facts: LineFacts
    answers: dict[str, Answer[Any]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """As :attr:`LineWork.missing`, with :data:`DAY` where the service date stands."""
    fee_row: FeeScheduleRow | None = None
    odd_modifiers: dict[str, Answer[Any] | None] = field(default_factory=dict)
    over_time: OverTime | None = None
    """What matters to other days of the patient; None of a line that is no practitioner's."""
    asked: dict[Any, Any] = field(default_factory=dict)
    """For each choice of rules those that can answer yes to such a line: see :mod:`cleanclaim.engine.asking`."""
    in_pairs: tuple[int, Any] | None = None
    """What rules of pairs ask of such a line: a number for its values, and a record with nothing else (the same)."""


@dataclass(slots=True, eq=False)
class LineWork:
    """A claim line with its facts, and the answers of the book they were taken from."""

    claim: ClaimWork
    line: ClaimLine
    facts: LineFacts
    day: DayBook | None
    billed: Billed
    """What it shares with lines billed alike."""
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
    surgery: LineWork | None = None
    """The procedure into whose global package the line falls."""
    seen: LineWork | None = None
    """The latest service for which the patient of a new-patient visit was met before."""
    policies: dict[str, PolicyUse] | None = None
    """By kind, the fact of the payer's policy that binds the line; None without any."""
    coverage: CoverageWords | None = None
    """What the article that governs the line says."""
    repeats: LineWork | None = None
    """The earlier line that this one bills again."""
    sided_diagnoses: Sequence[str] = ()
    """The diagnoses the line points at, as shown, whose side is not the line's."""
    other_anesthetist: LineWork | None = None
    """The earlier line for the same anesthesia that this line contradicts."""
    odd_modifiers: dict[str, Answer[Any] | None] = field(default_factory=dict)
    """Modifiers that are none, or not in force, with what the HCPCS list says of them."""
    family: Sequence[LineWork] = ()
    """The endoscopies of the day that have the same base code, this one among them, where there are several."""
    price: LinePrice | None = None
    """What the fee schedule allows for it, once a finding asked."""

    def place(self) -> tuple[int, int]:
        """Where the line stands in the input."""
        return self.claim.number, self.line.line_no


@dataclass(slots=True, eq=False)
class DiagnosisWork:
    """A diagnosis with its facts."""

    claim: ClaimWork
    diagnosis: Diagnosis
    facts: DiagnosisFacts
    said: Diagnosed
    """What the book says of its code."""
    answer: Answer[Any] | None = None
    notes: dict[str, tuple[Icd10cmNote, Release]] = field(default_factory=dict)
    """Table name to the note of the tabular list that a rule on it stands on."""
    beside: dict[str, list[str]] = field(default_factory=dict)
    """Table name to the other diagnoses of the claim, as shown, that such a note names."""


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
    history: bool = False
    """Sent before: it takes part wherever edits look across claims, and is not reported."""
    superseded: bool = False
    """A later claim replaces or voids it, so that it counts no more."""
    void: bool = False
    """It takes back an earlier claim: nothing of it is to be paid, and only its form is checked."""
    alone: bool = False
    """Its lines are held against its own only (``history.looked_at_alone``)."""
    replaces: ClaimWork | None = None
    """The earlier claim that this one replaces or voids, where it is at hand."""
    dx_day: DayBook | None = None
    payer: Recognised = UNRECOGNISED
    """Whose claim it is, and that payer's policies."""
    _by_number: dict[int, LineWork] = field(default_factory=dict)

    def line_numbered(self, line_no: int | None) -> LineWork | None:
        """The claim's first line with this number."""
        if not self._by_number:
            for line in self.lines:
                self._by_number.setdefault(line.line.line_no, line)
        return self._by_number.get(line_no) if line_no is not None else None


@dataclass(slots=True, eq=False)
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
    looks_back: bool = False
    """Claims sent before could tell more of a line that is checked."""

    def let_go(self) -> None:
        """Unbind lines and claims from each other, so that they are gone with the last use of them.

        They hold each other in many ways; untied, nothing of a batch waits for the collector of garbage.
        """
        self.pairs.clear()
        for claim in self.claims:
            for line in claim.lines:
                line.group = line.counted_with = line.family = ()
                line.surgery = line.seen = line.repeats = line.other_anesthetist = None
                line.policies = None
            claim.lines = []
            claim._by_number.clear()  # noqa: SLF001 - its own module
            claim.diagnoses = []
            claim.duplicate_of = claim.replaces = None

    def numbered(self, number: int) -> ClaimWork:
        """The claim with a number: they count on, those of the history from below 0."""
        return self.claims[number - self.claims[0].number]

    def reported(self) -> list[ClaimWork]:
        """The claims checked, without those of the history."""
        return [claim for claim in self.claims if not claim.history]

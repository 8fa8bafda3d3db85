"""What a case of the benchmark is: a claim, what a tool must say of it, what it must not, and why."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

# The three periods for which tables are at hand: NCCI of 2024Q3; the fee schedule and HCPCS of the last quarter of
# 2025; the fee schedule of July 2026, when the ICD-10-CM list of April 2026 is in force too.
NCCI_DAY: Final = date(2024, 7, 15)
FEE_FROM: Final = date(2025, 10, 1)
FEE_DAY: Final = date(2025, 11, 12)
JULY_2026: Final = date(2026, 7, 15)

# Codes for another age than the usual patient's (1948): infants' visits, young adults' visits, lines under five years.
BORN: Final = {
    "36572": date(2021, 5, 4),
    "81420": date(1987, 3, 6),
    "99391": date(2025, 3, 4),
    "99395": date(1990, 4, 2),
}

PASSES: Final = ("clean", "not_checked", "review", "stale")
DENIED: Final = ("denied",)
UNPAID: Final = ("denied", "review")


@dataclass(frozen=True)
class Practice:
    """A specialty: who bills, for which conditions, where, codes that stand on its claims, and its patients' sex."""

    name: str
    taxonomy: str
    diagnoses: tuple[str, ...]
    pos: str
    codes: tuple[str, ...] = ()
    sex: str = "F"


@dataclass(frozen=True)
class Line:
    """A service line. ``pointers`` count from 1; a line of ``to`` spans days; ``unit`` is MJ for anesthesia minutes."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    day: date = NCCI_DAY
    to: date | None = None
    pointers: tuple[int, ...] = (1,)
    charge: int | None = None
    revenue: str = "0510"
    unit: str = "UN"

    def billed(self) -> int:
        """The charge in whole dollars: ours, from nobody's fee schedule, the same for a code every time."""
        if self.charge is not None:
            return self.charge
        one = 40 + zlib.crc32(self.code.encode()) % 860
        return one * max(1, min(int(float(self.units)), 40) if self.unit == "UN" else 1)


@dataclass(frozen=True)
class Claim:
    """A claim. ``edits`` replace text of its own segments: faults of form that a record cannot express.

    A ``ride`` is an ambulance's: it has a distance, a place of pick-up and one of drop-off, and no other facility.
    """

    practice: Practice
    lines: tuple[Line, ...]
    diagnoses: tuple[str, ...]
    pos: str
    setting: str = "P"
    rendering: int = 0
    taxonomy: str = ""
    patient: str = ""
    sex: str = "F"
    born: date = date(1948, 3, 6)
    frequency: str = "1"
    original: str = ""
    member_known: bool = True
    payer: tuple[str, str, str] = ("MEDICARE", "12345", "MB")
    sent: date | None = None
    ride: bool = False
    edits: tuple[tuple[str, str], ...] = ()
    envelope_edits: tuple[tuple[str, str], ...] = ()

    def sent_on(self) -> date:
        """The day of submission: three weeks after the last service unless the case is about it."""
        return self.sent or max(line.to or line.day for line in self.lines) + timedelta(21)


@dataclass(frozen=True)
class Expected:
    """A finding that a tool must make: any of these families, on any of these lines, at this severity (or any)."""

    families: tuple[str, ...]
    lines: tuple[int, ...]
    severity: str = "deny"
    basis: str = "table"


@dataclass
class Case:
    """One claim of the benchmark with its truth."""

    family: str
    about: str
    kind: str
    claim: Claim
    expect: tuple[Expected, ...] = ()
    must_not_deny: tuple[str, ...] = ()
    verdict: tuple[str, ...] = PASSES
    authority: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    id: str = ""
    neighbours: list[str] = field(default_factory=list)

    def entry(self, file: str) -> dict[str, Any]:
        """The case as it stands in expected.json."""
        return {
            "claim": self.id,
            "file": file,
            "family": self.family,
            "about": self.about,
            "kind": self.kind,
            "expect": [
                {"families": list(e.families), "severity": e.severity, "lines": list(e.lines), "basis": e.basis}
                for e in self.expect
            ],
            "must_not_deny": list(self.must_not_deny),
            "verdict": list(self.verdict),
            "neighbours": self.neighbours,
            "authority": list(self.authority),
        }


class Bench:
    """Collects the cases and numbers them by family, in the order in which they are written."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self._numbers: dict[str, int] = {}

    def fault(
        self,
        family: str,
        about: str,
        claim: Claim,
        *expect: Expected,
        verdict: Sequence[str] | None = None,
        spare: Sequence[str] = (),
        authority: Sequence[str] = (),
        waived: Sequence[str] = (),
    ) -> Case:
        """A claim with a fault. Unless told, its verdict is denied where the finding must be, else denied or review."""
        if verdict is None:
            verdict = DENIED if any(e.severity == "deny" for e in expect) else UNPAID
        return self._add(
            Case(family, about, "fault", claim, expect, tuple(spare), tuple(verdict), tuple(authority), tuple(waived))
        )

    def control(
        self,
        family: str,
        about: str,
        claim: Claim,
        *,
        kind: str = "control",
        spare: Sequence[str] = ("*",),
        verdict: Sequence[str] = PASSES,
        authority: Sequence[str] = (),
        waived: Sequence[str] = (),
    ) -> Case:
        """A claim that must not be denied, close to one that must."""
        case = Case(family, about, kind, claim, (), tuple(spare), tuple(verdict), tuple(authority), tuple(waived))
        return self._add(case)

    def neighbours(self, *cases: Case) -> None:
        """Mark cases that differ only in what is being tested."""
        for case in cases:
            case.neighbours += [other.id for other in cases if other is not case and other.id not in case.neighbours]

    def _add(self, case: Case) -> Case:
        number = self._numbers[case.family] = self._numbers.get(case.family, 0) + 1
        case.id = f"{case.family}-{number:03d}"
        self.cases.append(case)
        return case


def line(code: str, modifiers: str = "", units: float = 1, day: date = NCCI_DAY, **more: Any) -> Line:
    """A line, its modifiers as one spaced text."""
    return Line(code, tuple(modifiers.split()), f"{units:g}", day, **more)


def claim(practice: Practice, *lines: Line, **more: Any) -> Claim:
    """A claim of a practice in its usual place for its usual first diagnosis and patient, unless told otherwise."""
    more.setdefault("diagnoses", practice.diagnoses[:1])
    more.setdefault("pos", practice.pos)
    more.setdefault("sex", practice.sex)
    for born in (BORN[one.code] for one in lines if one.code in BORN):
        more.setdefault("born", born)
    return Claim(practice, tuple(lines), **more)


def spread(one: Claim, patient: str, *others: Claim) -> list[Claim]:
    """Claims of one and the same patient."""
    return [replace(item, patient=patient) for item in (one, *others)]

"""Types every layer shares: dates, money, severities, and the report a check returns.

Nothing here imports anything of ours. All records are frozen: a value is made once, at the edge,
and only read after that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, Protocol

CENT: Final = Decimal("0.01")
_MONEY: Final = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")

Date = dt.date
Money = Decimal
"""US dollars. Always a Decimal, never a float; printed with two decimals."""


def parse_money(text: str) -> Money | None:
    """Read a dollar amount as published or billed (``"128.4"``); None when it is not a number.

    Refused are infinite and not-a-number values, thousands separators, and figures of more than 15 digits.
    """
    return Decimal(text.strip()) if _MONEY.fullmatch(text.strip()) else None


def format_money(value: Money) -> str:
    """Dollars with two decimals, half a cent rounded up, as the JSON contract prints them."""
    return f"{value.quantize(CENT, ROUND_HALF_UP):z.2f}"


def dotted(code: str, system: str = "icd10cm") -> str:
    """A diagnosis code as printed, with its dot: after three characters, or four of an ICD-9-CM E code."""
    length = 4 if system == "icd9cm" and code.startswith("E") else 3
    category, rest = code[:length], code[length:]
    return f"{category}.{rest}" if rest else category


@dataclass(frozen=True, slots=True)
class DateInterval:
    """Days from ``valid_from`` to ``valid_to``, both included. None means not known or without end."""

    valid_from: Date | None = None
    valid_to: Date | None = None

    def contains(self, day: Date) -> bool:
        """True when no known bound excludes ``day``."""
        if self.valid_from is not None and day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to


class Severity(StrEnum):
    """What a finding means for payment. Declared from worst to mildest."""

    DENY = "deny"
    REVIEW = "review"
    INFORM = "inform"

    @property
    def rank(self) -> int:
        """0 for the worst, for sorting."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK: Final = {Severity.DENY: 0, Severity.REVIEW: 1, Severity.INFORM: 2}


class Verdict(StrEnum):
    """What can be said of a whole claim. Declared from worst to best."""

    DENIED = "denied"
    REVIEW = "review"
    NOT_CHECKED = "not_checked"
    STALE = "stale"
    CLEAN = "clean"


class State(StrEnum):
    """The three answers a lookup can give: a gap in the book is a value, never an absence."""

    KNOWN = "known"
    NOT_APPLICABLE = "not_applicable"
    NO_DATA = "no_data"


class Setting(StrEnum):
    """Which of the publisher's tables binds a claim."""

    PRACTITIONER = "practitioner"
    OUTPATIENT = "outpatient"
    DME = "dme"
    NONE = "none"
    """No procedure edit table binds this kind of claim, inpatient hospital claims for example."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement is published, and when it binds.

    ``locator`` finds the row or item inside the release (``43214/74360``, ``IX.D.3``).
    """

    source: str
    release: str
    locator: str
    valid_from: Date | None = None
    valid_to: Date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One machine-applicable change of a claim: what stands in an element, and what should stand there.

    ``line`` is the claim line it is made on, None for the claim itself. ``element`` is a name of the claim model
    (``hcpcs``, ``modifiers``, ``units``, ``charge``, ``diagnosis_pointers``, ``pos``), or ``line`` for the line as a
    whole, which an empty ``new`` removes. Modifiers are parted by colons.
    """

    line: int | None
    element: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do about a finding.

    ``safety`` is ``safe`` (no other reading of the record is possible) or ``review`` (someone must look first).
    ``changes`` are empty where no machine can make them.
    """

    action: str
    safety: str
    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The denial a payer would send for a finding: group code, CARC, and RARCs of the 835."""

    group: str
    carc: str
    rarc: tuple[str, ...] = ()
    appealable: bool = True


@dataclass(frozen=True, slots=True)
class Appeal:
    """Whether an appeal of the denial is worth its work, why, and what it would need.

    ``worth`` is ``yes`` (such denials are turned when the record supports the service), ``rarely`` or ``no``
    (mend and resend the claim, or write the line off).
    """

    worth: str
    why: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands. ``byte`` counts from 0 in the decompressed file."""

    file: str
    byte: int | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired on a claim. ``line`` is None when it concerns the whole claim."""

    rule: str
    name: str
    severity: Severity
    claim: str
    line: int | None
    message: str
    fix: Fix
    at: Place
    codes: tuple[str, ...] = ()
    related_lines: tuple[int, ...] = ()
    related_claims: tuple[str, ...] = ()
    adjustment: Adjustment | None = None
    amount_at_risk: Money = Decimal(0)
    citations: tuple[Citation, ...] = ()
    appeal: Appeal | None = None
    documentation: tuple[str, ...] = ()
    """What the record must show where the record decides; empty where it does not."""
    allowed_at_risk: Money | None = None
    """What the Medicare physician fee schedule allows for the services billed with ``amount_at_risk``, whoever the
    payer is, each priced by itself; None where none of them has a price."""
    allowed_reason: str = ""
    """Why ``allowed_at_risk`` is None, or not of all of them; empty where it is whole."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A finding that is not counted, and by whose word: the audit trail of suppressions and baselines.

    ``by`` is ``suppression`` or ``baseline``; ``entry`` names the entry of ``source``, the file that says so.
    """

    finding: Finding
    by: str
    source: str
    entry: str
    reason: str
    expires: Date | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """An edit family that applies to a line (or, with None, the claim) and could not be checked."""

    line: int | None
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class StaleUse:
    """A release that was used although it does not cover the service date."""

    source: str
    release: str
    covers_to: Date | None


@dataclass(frozen=True, slots=True)
class Reject:
    """A claim, transaction or file that could not be read, and why.

    ``claims`` counts the claims lost with it: 0 for a file or transaction in which none was seen.
    """

    file: str
    byte: int | None
    segment: str
    reason: str
    claim: str | None = None
    claims: int = 1


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of one claim. ``amount_at_risk`` are the dollars billed on what deny findings stand on."""

    claim: str
    file: str
    verdict: Verdict
    not_checked: tuple[NotChecked, ...] = ()
    stale: tuple[StaleUse, ...] = ()
    amount_at_risk: Money = Decimal(0)
    payer: str = ""
    """The payer's short name where it has a policy here, else its identifier as the claim gives it."""
    allowed_at_risk: Money | None = Decimal(0)
    """What the Medicare physician fee schedule allows for the lines that deny findings stand on; None where none of
    them has a price."""
    unpriced_lines: int = 0
    """How many of these lines have no price, so that ``allowed_at_risk`` is not of them."""


@dataclass(frozen=True, slots=True)
class Total:
    """Findings that have something in common, and the dollars that those which deny put at risk.

    ``claims`` and ``findings`` count findings of every severity; the other figures are of deny findings, each claim
    line counted once. ``allowed_at_risk`` is of ``priced_lines`` alone, and None where there are others and none has a
    price. ``name`` is that of a rule.
    """

    key: str
    claims: int
    findings: int
    amount_at_risk: Money
    allowed_at_risk: Money | None
    priced_lines: int
    unpriced_lines: int
    name: str = ""


PRICED_BY: Final = ("service_zip", "billing_zip", "national")
"""By what the locality of a price is known, best first: the ZIP code of the service facility, or of the billing
provider, that a loaded table has; ``national`` is the amount without one."""
NOTHING_AT_RISK: Final = Total("", 0, 0, Decimal(0), Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the findings on claims put at risk, together and apart: those with most dollars first.

    A line counts for the provider who rendered it, by NPI, else the one who bills; and for its procedure code. What is
    not stated, or is no NPI or code, has the key "". ``priced_by`` says for each of :data:`PRICED_BY` that occurs
    of how many priced lines.
    """

    of_all: Total = NOTHING_AT_RISK
    by_rule: tuple[Total, ...] = ()
    by_payer: tuple[Total, ...] = ()
    by_provider: tuple[Total, ...] = ()
    by_code: tuple[Total, ...] = ()
    priced_by: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A release the answer could draw on."""

    source: str
    release: str
    starter: bool


@dataclass(frozen=True, slots=True)
class FileCount:
    """The count that must add up for every input file: claims in = claims reported + claims rejected."""

    file: str
    claims: int
    reported: int
    rejected: int


class Reported(Protocol):
    """A report to be written out, in memory or on disk: what a :class:`Report` holds, to be gone through in order."""

    @property
    def book(self) -> Collection[BookEntry]:
        """The releases the answers could draw on."""

    @property
    def claims(self) -> Collection[ClaimResult]:
        """What became of each claim, in input order."""

    @property
    def findings(self) -> Collection[Finding]:
        """The findings, in the order of their claims."""

    @property
    def set_aside(self) -> Collection[SetAside]:
        """The findings that a suppression or a baseline accepts."""

    @property
    def rejects(self) -> Collection[Reject]:
        """What could not be read."""

    @property
    def files(self) -> Collection[FileCount]:
        """The counts of every input file."""

    @property
    def notes(self) -> Collection[str]:
        """Remarks on the whole report."""

    @property
    def lines(self) -> int:
        """How many lines the claims have."""

    @property
    def amount_at_risk(self) -> Money:
        """Dollars that the deny findings put at risk, each claim line counted once."""

    @property
    def totals(self) -> Totals:
        """Dollars at risk by rule, payer, provider and code, and what the fee schedule allows of them."""

    def count(self, verdict: Verdict) -> int:
        """How many claims ended with ``verdict``."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check: findings, what was checked, what could not be, what was rejected."""

    book: tuple[BookEntry, ...]
    claims: tuple[ClaimResult, ...]
    findings: tuple[Finding, ...]
    rejects: tuple[Reject, ...]
    lines: int
    files: tuple[FileCount, ...] = ()
    notes: tuple[str, ...] = field(default=())
    set_aside: tuple[SetAside, ...] = ()
    """Findings that a suppression or a baseline accepts. They count nowhere else in the report."""
    totals: Totals = field(default_factory=Totals)
    """Dollars at risk by rule, payer, provider and code, and what the fee schedule allows of them."""

    def count(self, verdict: Verdict) -> int:
        """How many claims ended with ``verdict``."""
        return sum(1 for result in self.claims if result.verdict is verdict)

    @property
    def amount_at_risk(self) -> Money:
        """Dollars that the deny findings put at risk, each claim line counted once."""
        return sum((result.amount_at_risk for result in self.claims), Decimal(0))

"""What a payer policy says: records made once from its YAML file, and only read after that."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from cleanclaim.types import Citation, Date, DateInterval, Severity


class Kind(StrEnum):
    """What a fact of a policy is about."""

    PRIOR_AUTHORIZATION = "prior_authorization"
    FREQUENCY = "frequency"
    MODIFIER_STYLE = "modifier_style"
    BUNDLING = "bundling"
    TIMELY_FILING = "timely_filing"
    DOCUMENTATION = "documentation"
    PLACE = "place"
    NOT_PAYABLE = "not_payable"


class Style(StrEnum):
    """How a payer wants a service to be reported with modifiers."""

    ONE_LINE_50 = "bilateral_one_line_50"
    TWO_LINES_LT_RT = "bilateral_two_lines_lt_rt"
    DISTINCT_X = "distinct_x"
    """An X modifier rather than 59."""
    DISTINCT_59 = "distinct_59"
    """59 rather than an X modifier."""
    MULTIPLE_51 = "multiple_51"
    """51 on secondary procedures."""
    NO_MULTIPLE_51 = "no_multiple_51"
    ASSISTANT_AS = "assistant_as"
    """AS, not 80-82, for an assistant at surgery who is no physician."""
    SIDE_SHOWN = "side_shown"
    """A modifier for the side, finger or toe wherever the code is of one."""

    @property
    def bilateral(self) -> bool:
        """How both sides are reported."""
        return self in {Style.ONE_LINE_50, Style.TWO_LINES_LT_RT}


class Wanted(StrEnum):
    """What a payer wants to see of the record."""

    ATTACHMENT = "attachment"
    NOTE = "note"
    """A statement in the claim's or line's note, or an attachment."""
    RECORD = "record"
    """Nothing with the claim; the record is asked for, or read, afterwards."""


class Counted(StrEnum):
    """What a frequency limit counts."""

    DAYS = "days"
    """Days of service on which one of the codes is billed."""
    UNITS = "units"
    GROUPS = "groups"
    """Of the fact's groups of codes, those billed."""


@dataclass(frozen=True)
class CodeSet:
    """Procedure codes: single ones, and ranges whose ends have the same shape. Empty means every code."""

    singles: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.singles or self.ranges)

    def __contains__(self, code: str) -> bool:
        if code in self.singles:
            return True
        return any(low <= code <= high and shape(code) == shape(low) for low, high in self.ranges)

    def covers(self, code: str) -> bool:
        """True for a code of the set, and for any code where the set is empty."""
        return not self or code in self

    def overlaps(self, other: CodeSet) -> bool:
        """True when some code can be of both."""
        if not self or not other:
            return True
        if any(code in other for code in self.singles) or any(code in self for code in other.singles):
            return True
        return any(
            low <= high_of_other and low_of_other <= high and shape(low) == shape(low_of_other)
            for low, high in self.ranges
            for low_of_other, high_of_other in other.ranges
        )

    def __str__(self) -> str:
        return ", ".join([*sorted(self.singles), *(f"{low}-{high}" for low, high in self.ranges)]) or "any code"


def shape(code: str) -> str:
    """Where a code has digits, and its letters: 0001F and 9999F are alike, 00010 and 0001F are not."""
    return "".join("9" if character.isdigit() else character for character in code)


@dataclass(frozen=True)
class When:
    """On which claims and lines a fact binds; a condition that is empty binds on all.

    ``taxonomies`` and ``diagnoses`` are beginnings of codes. ``with_codes`` must be billed by the same provider for
    the same patient that day. ``lines_of_business`` are commercial, medicare_advantage, medicaid: a claim that does not
    say which it is fits none.
    """

    modifiers_any: frozenset[str] = frozenset()
    modifiers_none: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    claim_types: frozenset[str] = frozenset()
    bill_types: frozenset[str] = frozenset()
    lines_of_business: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    taxonomies: tuple[str, ...] = ()
    taxonomies_not: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    with_codes: CodeSet = CodeSet()


@dataclass(frozen=True)
class Source:
    """The document that says so. ``first_hand``: its own text was read, not what another says of it."""

    document: str
    confidence: str
    first_hand: bool
    date: Date | None = None
    date_kind: str = ""
    """``effective``: stated by the document; ``document``: its own date or last change."""
    date_text: str = ""
    """As the document gives it where that is only a month or a year."""
    url: str = ""
    where: str = ""
    """How to find a document that has no address of its own."""
    seen: str = ""

    @property
    def ceiling(self) -> Severity:
        """The most a fact with this source may be.

        What has no date of its own document, or rests on custom, only informs; what is old or was summarised is for
        review; the payer's own dated text may deny.
        """
        if not self.date_text or not self.first_hand or self.confidence == "convention":
            return Severity.INFORM
        return Severity.DENY if self.confidence == "high" else Severity.REVIEW


@dataclass(frozen=True)
class Period:
    """Over how long a frequency limit counts: rolling days or months, a calendar year, or a lifetime."""

    unit: str
    number: int = 1

    def __str__(self) -> str:
        if self.unit in {"calendar_year", "lifetime"}:
            return self.unit.replace("_", " ")
        return f"{self.number} {self.unit}" if self.number > 1 else self.unit.removesuffix("s")


ALWAYS: Final = DateInterval()
"""From a day not known to a day not known."""


@dataclass(frozen=True)
class PolicyFact:
    """One thing a payer asks. Only the fields of its kind are filled."""

    id: str
    kind: Kind
    text: str
    severity: Severity
    source: Source
    valid: DateInterval = ALWAYS
    codes: CodeSet = CodeSet()
    indicators: tuple[tuple[str, frozenset[int]], ...] = ()
    when: When = When()
    network: str = ""
    """``participating`` or ``out_of_network``; a claim does not say which its provider is."""
    # --- frequency
    maximum: int = 0
    period: Period = Period("days")
    counted: Counted = Counted.DAYS
    per_code: bool = False
    groups: tuple[CodeSet, ...] = ()
    # --- modifier_style
    style: Style | None = None
    # --- bundling
    into: CodeSet = CodeSet()
    """The codes that the fact's codes are part of."""
    instead_of_ncci: bool = False
    payable: bool = False
    """Paid beside ``into`` although NCCI bundles it (only instead of NCCI)."""
    among_ncci_pairs: bool = False
    """Binds only where NCCI has an edit between the two codes."""
    bypass: frozenset[str] = frozenset()
    # --- timely_filing
    days: int = 0
    months: int = 0
    from_end_of_year: bool = False
    # --- documentation
    wanted: Wanted | None = None
    # --- place
    allowed_places: frozenset[str] = frozenset()
    # --- not_payable
    unless_with: CodeSet = CodeSet()

    @cached_property
    def everywhere(self) -> bool:
        """It binds on every line with its codes."""
        return self.when == When()

    def in_force(self, day: Date) -> bool:
        """True when no known date excludes the day."""
        return self.valid.contains(day)

    def citation(self, payer: str) -> Citation:
        """The fact with its document, for a finding."""
        source = self.source
        dated = f"{source.date_text} ({source.date_kind})" if source.date_text else "undated"
        read = "" if source.first_hand else "; read second-hand"
        place = source.url or source.where
        return Citation(
            source=f"payer-policy:{payer}",
            release=source.date_text,
            locator=self.id,
            valid_from=self.valid.valid_from,
            valid_to=self.valid.valid_to,
            text=f"{source.document}, {dated}, confidence {source.confidence}{read}: {place}",
        )


@dataclass(frozen=True)
class Identifiers:
    """How a claim names the payer. A name fits when it holds every word of one phrase, and none of ``not_names``."""

    payer_ids: frozenset[str] = frozenset()
    names: tuple[frozenset[str], ...] = ()
    not_names: tuple[frozenset[str], ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Policy:
    """What one payer asks of claims, with the claims that prove it."""

    payer: str
    name: str
    plan: str
    file: str
    contract: bool = True
    """These are standard terms, which a provider's contract may change."""
    medicare: bool = False
    """Recognised by the claim being filed with Medicare Part A or B."""
    parent: str = ""
    blue: bool = False
    identifiers: Identifiers = Identifiers()
    facts: tuple[PolicyFact, ...] = ()
    cases: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @cached_property
    def of_kind(self) -> dict[Kind, tuple[PolicyFact, ...]]:
        """The facts by kind, in the file's order."""
        return {kind: tuple(fact for fact in self.facts if fact.kind is kind) for kind in Kind}

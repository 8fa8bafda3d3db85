"""What two releases make of the same claims: the records of an impact."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from cleanclaim.engine.impact.choose import Chosen
from cleanclaim.types import FileCount, Finding, Money, Reject, Verdict

_ZERO = Decimal(0)


class Kind(StrEnum):
    """What becomes of a finding."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    CHANGES = "changes"
    """The same rule on the same line and codes, with another severity, other words, or another denial."""
    CANNOT_TELL = "cannot_tell"
    """One release has it, and of the line the other says nothing: no change can be concluded."""


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is not the same under both releases."""

    kind: Kind
    old: Finding | None
    new: Finding | None

    @property
    def told(self) -> Finding:
        """The finding under the new release, or the old one where there is none."""
        found = self.new or self.old
        assert found is not None  # one of them is what changed
        return found


@dataclass(frozen=True, slots=True)
class LinePrice:
    """What the Medicare fee schedule allows for a claim line under each release.

    None where it has no price, and the reason's key then; ``provider`` is the rendering NPI, else the billing one.
    """

    line: int
    hcpcs: str
    modifiers: tuple[str, ...]
    units: Decimal | None
    provider: str
    old: Money | None = None
    new: Money | None = None
    old_reason: str = ""
    new_reason: str = ""

    @property
    def units_text(self) -> str:
        """The units as people write them: ``1``, ``1.5``; "" where the line has none."""
        return "" if self.units is None else f"{self.units.normalize():f}"

    @property
    def change(self) -> Money | None:
        """Dollars more or less, None where one release has no price for it."""
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def changed(self) -> bool:
        """Another amount, or a price under one release only."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class ClaimImpact:
    """What changes on one claim. ``lines`` are those whose price changes.

    ``old_at_risk`` and ``new_at_risk`` are the dollars billed on what its deny findings stand on.
    """

    claim: str
    file: str
    payer: str
    old_verdict: Verdict
    new_verdict: Verdict
    old_at_risk: Money
    new_at_risk: Money
    findings: tuple[FindingChange, ...] = ()
    lines: tuple[LinePrice, ...] = ()

    @property
    def cannot_tell(self) -> bool:
        """A finding or the verdict is not the same, and only since one release says nothing of it."""
        if any(change.kind is not Kind.CANNOT_TELL for change in self.findings):
            return False
        unchecked = Verdict.NOT_CHECKED in {self.old_verdict, self.new_verdict}
        return bool(self.findings) or (unchecked and self.old_verdict is not self.new_verdict)

    @property
    def checked_otherwise(self) -> bool:
        """A finding or the verdict changes."""
        return not self.cannot_tell and (bool(self.findings) or self.old_verdict is not self.new_verdict)


@dataclass(slots=True)
class Paid:
    """What is allowed for some lines. ``old`` and ``new`` are of the lines that have a price under both releases.

    ``up`` and ``down`` are what it rises and falls by, line by line, both not negative. ``gone`` is what the old
    release allowed for lines that have no price under the new one, ``gained`` the other way round.
    """

    claims: int = 0
    lines: int = 0
    rising: int = 0
    falling: int = 0
    old: Money = _ZERO
    new: Money = _ZERO
    up: Money = _ZERO
    down: Money = _ZERO
    gone_lines: int = 0
    gone: Money = _ZERO
    gained_lines: int = 0
    gained: Money = _ZERO

    @property
    def net(self) -> Money:
        """What the lines with a price under both are allowed more (or less) under the new release."""
        return self.new - self.old

    @property
    def moved(self) -> Money:
        """All the money that moves, to order by."""
        return self.up + self.down + self.gone + self.gained

    def add(self, line: LinePrice) -> None:
        """Count a line."""
        change = line.change
        if change is not None and line.old is not None and line.new is not None:
            self.lines += 1
            self.old += line.old
            self.new += line.new
            if change > 0:
                self.rising += 1
                self.up += change
            elif change < 0:
                self.falling += 1
                self.down -= change
        elif line.old is not None:
            self.gone_lines += 1
            self.gone += line.old
        elif line.new is not None:
            self.gained_lines += 1
            self.gained += line.new


@dataclass(slots=True)
class OfRule:
    """What becomes of the findings of a rule.

    The dollars are those billed on lines that it denies under one release only, each claim line counted once.
    """

    rule: str
    name: str
    claims: int = 0
    appears: int = 0
    vanishes: int = 0
    changes: int = 0
    cannot_tell: int = 0
    at_risk_appearing: Money = _ZERO
    at_risk_vanishing: Money = _ZERO
    allowed_appearing: Money = _ZERO
    """What the fee schedule allows of those lines, as far as they have a price."""
    allowed_vanishing: Money = _ZERO


@dataclass(slots=True)
class Impact:
    """What the new release changes on some claims.

    ``claims`` were compared; with those in ``rejects`` they are all that the input holds. ``by_code``, ``by_provider``
    and ``by_payer`` are ordered by the money that moves, ``by_rule`` by rule. ``unpriced`` counts lines without a price
    under either release, by the reason's key; ``located`` lines by what told their place; ``kinds`` claims by kind.
    """

    chosen: Chosen
    claims: int = 0
    lines: int = 0
    checked_otherwise: int = 0
    """Claims on which a finding or the verdict changes."""
    cannot_tell: int = 0
    """Claims of which one release says less, so that no change can be concluded."""
    paid_otherwise: int = 0
    """Claims on which the amount of a line changes."""
    verdicts: dict[tuple[Verdict, Verdict], int] = field(default_factory=dict)
    old_at_risk: Money = _ZERO
    """Dollars billed on what deny findings stand on, of the claims that both releases can tell of."""
    new_at_risk: Money = _ZERO
    findings: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    paid: Paid = field(default_factory=Paid)
    capped: int = 0
    """Lines on which the charge billed, and not the fee schedule, is what is allowed under a release."""
    by_code: dict[str, Paid] = field(default_factory=dict)
    by_provider: dict[str, Paid] = field(default_factory=dict)
    by_payer: dict[str, Paid] = field(default_factory=dict)
    by_rule: dict[str, OfRule] = field(default_factory=dict)
    unpriced: dict[str, int] = field(default_factory=dict)
    located: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    changes: list[ClaimImpact] = field(default_factory=list)
    """Of every claim on which something changes, in the order of the input."""
    rejects: tuple[Reject, ...] = ()
    files: tuple[FileCount, ...] = ()
    unusable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Claims that could not be read."""
        return sum(reject.claims for reject in self.rejects)

    @property
    def claims_in(self) -> int:
        """Claims that the input holds: compared, or rejected on reading."""
        return self.claims + self.rejected

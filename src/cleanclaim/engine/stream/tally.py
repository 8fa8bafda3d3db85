"""What is counted of a part of the claims, so that the counts of all parts tell what the whole would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cleanclaim.claims.model import Claim
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.history import Before, notes_before
from cleanclaim.engine.payers import notes_on_payers, payer_without_policy
from cleanclaim.engine.totals import Sums
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.types import Date, Finding, Money, Report, Severity, Verdict

if TYPE_CHECKING:  # a run without them does not load them
    from cleanclaim.engine.baseline import Baseline
    from cleanclaim.engine.suppress import Suppressions


@dataclass(frozen=True, slots=True)
class Accepting:
    """The suppressions and the baseline of a run."""

    suppressions: Suppressions | None = None
    baseline: Baseline | None = None


@dataclass(slots=True)
class Tally:
    """Counts of a part of the claims; :meth:`add` puts those of two parts together."""

    claims: int = 0
    lines: int = 0
    findings: int = 0
    set_aside: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    amount_at_risk: Money = Decimal(0)
    before: Before = field(default_factory=Before)
    payers: Counter[str] = field(default_factory=Counter)
    """How many claims each payer has of which no policy is here."""
    used: set[int] = field(default_factory=set)
    """Suppressions, by their place among all, that set something aside."""
    met: set[int] = field(default_factory=set)
    """Suppressions that name a claim, payer or file of these claims."""
    of_baseline: dict[str, list[int]] = field(default_factory=dict)
    """By the key of each entry of the baseline, the place of the claim of each finding that it could accept."""
    checked: set[str] = field(default_factory=set)
    """Of the claims that the baseline names, those that are among these."""
    sums: Sums = field(default_factory=Sums)
    """Dollars at risk by rule, payer, provider and code."""

    def plain(self) -> tuple[Any, ...]:
        """The counts without a class of ours, to be kept in a file; :meth:`of_plain` reads them back."""
        made = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        made["before"] = astuple(self.before)
        made["sums"] = (dict(self.sums.all_rows()), self.sums.places)
        for name in ("verdicts", "severities", "payers"):
            made[name] = dict(made[name])
        return tuple(made.values())

    @classmethod
    def of_plain(cls, plain: tuple[Any, ...]) -> Tally:
        """The counts that :meth:`plain` gave."""
        made = cls(*plain)
        made.before = Before(*plain[[entry.name for entry in fields(cls)].index("before")])
        made.verdicts, made.severities = Counter(made.verdicts), Counter(made.severities)
        made.payers = Counter(made.payers)
        made.sums = Sums(*plain[[entry.name for entry in fields(cls)].index("sums")])
        return made

    def add(self, other: Tally) -> None:
        """Count what another part has."""
        self.claims += other.claims
        self.lines += other.lines
        self.findings += other.findings
        self.set_aside += other.set_aside
        self.verdicts += other.verdicts
        self.severities += other.severities
        self.amount_at_risk += other.amount_at_risk
        self.before.add(other.before)
        self.payers += other.payers
        self.used |= other.used
        self.met |= other.met
        for key, places in other.of_baseline.items():
            self.of_baseline.setdefault(key, []).extend(places)
        self.checked |= other.checked
        self.sums.add(other.sums)

    def count_work(
        self, work: Work, rules: Collection[str], accepting: Accepting, history: Sequence[tuple[int, Claim]]
    ) -> None:
        """Count the claims under work. ``history`` are the claims sent before, with their places."""
        self.before = Before.of(work)
        denied = self.before.denied
        if denied:
            sent = {claim.number: claim.claim for claim in work.claims}
            places = {_where(claim): place for place, claim in reversed(history)}  # of alike ones the first stays
            self.before.denied = {claim_id: _when_sent(sent[number], places) for claim_id, number in denied.items()}
        if any(code.startswith("PAY") for code in rules):
            self.payers.update(filter(None, map(payer_without_policy, work.reported())))
        if accepting.suppressions is not None:
            claims = [claim.claim for claim in work.reported()]
            for at, entry in enumerate(accepting.suppressions.entries):
                if entry.may_be_met(claims, rules):
                    self.met.add(at)
        if accepting.baseline is not None:
            from cleanclaim.engine.baseline import digest  # noqa: PLC0415 - a run without one does not load it

            named = {entry.claim for entry in accepting.baseline.entries}
            self.checked = named.intersection(digest(claim.claim.claim_id) for claim in work.reported())

    def count_accepted(
        self, findings: Sequence[Hit], accepted: Accepted, accepting: Accepting, places: Sequence[int]
    ) -> None:
        """Count who accepts which findings. ``places`` are those of the claims, by their number."""
        if accepting.suppressions is not None:
            of_entry = {(entry.source, entry.name): at for at, entry in enumerate(accepting.suppressions.entries)}
            taken = {(entry.source, entry.entry) for entry in accepted.aside}
            self.used = {of_entry[name] for name in taken if name in of_entry}
        if accepting.baseline is not None:
            from cleanclaim.engine.baseline import BY, key_of  # noqa: PLC0415 - as above

            keys = {entry.key for entry in accepting.baseline.entries if entry.count > 0}
            suppressed = {id(entry.finding) for entry in accepted.aside if entry.by != BY}
            for hit in findings:
                key = key_of(hit.finding)
                if key in keys and id(hit.finding) not in suppressed:
                    self.of_baseline.setdefault(key, []).append(places[hit.claim_number])

    def count_report(self, report: Report, of_entries: int) -> None:
        """Count what was found; the last ``of_entries`` findings are on suppressions, not on claims."""
        findings = report.findings[: len(report.findings) - of_entries]
        self.claims = len(report.claims)
        self.lines = report.lines
        self.findings = len(findings)
        self.set_aside = len(report.set_aside)
        self.verdicts = Counter(result.verdict for result in report.claims)
        self.severities = Counter(finding.severity for finding in findings)
        self.amount_at_risk = report.amount_at_risk
        self.sums = Sums.of(report.totals)

    def notes(
        self, book: OpenBook, rules: Collection[str], accepting: Accepting, *, with_history: bool
    ) -> tuple[str, ...]:
        """What a report on all that was counted must say, in the words and the order of a check in memory."""
        families = frozenset(code[:3] for code in rules)
        notes = list(notes_before(self.before, families, with_history=with_history))
        if "PAY" in families:
            notes += notes_on_payers(self.payers, book.policies)
        if accepting.suppressions is not None:
            notes += accepting.suppressions.notes()
        if accepting.baseline is not None:
            notes += accepting.baseline.notes_without(
                accepting.baseline.not_found(self.of_baseline.keys(), self.checked, rules)
            )
        return tuple(notes)

    def on_entries(self, accepting: Accepting) -> list[Finding]:
        """The findings on suppressions that have expired or set nothing aside."""
        suppressions = accepting.suppressions
        if suppressions is None:
            return []
        met = {suppressions.entries[at] for at in self.met}
        return suppressions.upkeep({suppressions.entries[at] for at in self.used}, met.__contains__)


def _when_sent(claim: Claim, places: Mapping[tuple[str, int | None, str, str], int]) -> int:
    """Orders claims sent before as a check of all claims would: by the day they were made, then as read."""
    return (claim.submitted_on or Date.min).toordinal() << 40 | places[_where(claim)]


def _where(claim: Claim) -> tuple[str, int | None, str, str]:
    return claim.file, claim.byte, claim.segment, claim.claim_id

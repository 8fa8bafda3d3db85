"""The report by claim: each claim number of a file once, with all that is said of it, worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Final, TypeVar

from cleanclaim.render.dollars import allowed_together
from cleanclaim.types import ClaimResult, Finding, Money, NotChecked, Report, SetAside, StaleUse, Verdict

_Entry = TypeVar("_Entry")
_ORDER: Final = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim number of a file. Two claims may bear one number: what is said of them then stands together.

    ``verdict`` is the worst, ``amount_at_risk`` the dollars of all, ``claims`` how many they are.
    ``allowed_at_risk`` is None where none of their lines at risk has a price.
    """

    claim: str
    file: str
    verdict: Verdict
    claims: int
    amount_at_risk: Money
    allowed_at_risk: Money | None
    unpriced_lines: int
    payer: str
    not_checked: tuple[NotChecked, ...]
    stale: tuple[StaleUse, ...]
    findings: tuple[Finding, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def notable(self) -> bool:
        """Whether more is to be said of it than that it is clean."""
        return bool(self.findings or self.not_checked or self.stale or self.set_aside)


def by_claim(report: Report) -> list[ClaimView]:
    """Every claim of the report: worst verdict first, then by dollars at risk, then in the order read."""
    results: dict[tuple[str, str], list[ClaimResult]] = {}
    for result in report.claims:
        results.setdefault((result.file, result.claim), []).append(result)
    findings = _grouped((entry, entry) for entry in report.findings)
    set_aside = _grouped((entry.finding, entry) for entry in report.set_aside)
    views = [
        ClaimView(
            claim=key[1],
            file=key[0],
            verdict=min((result.verdict for result in same), key=_ORDER.__getitem__),
            claims=len(same),
            amount_at_risk=sum((result.amount_at_risk for result in same), Decimal(0)),
            allowed_at_risk=allowed_together(same),
            unpriced_lines=sum(result.unpriced_lines for result in same),
            payer=", ".join(dict.fromkeys(result.payer for result in same if result.payer)),
            not_checked=tuple(chain.from_iterable(result.not_checked for result in same)),
            stale=tuple(dict.fromkeys(chain.from_iterable(result.stale for result in same))),
            findings=tuple(findings.get(key, ())),
            set_aside=tuple(set_aside.get(key, ())),
        )
        for key, same in results.items()
    ]
    return sorted(views, key=lambda view: (_ORDER[view.verdict], -view.amount_at_risk))


def _grouped(entries: Iterable[tuple[Finding, _Entry]]) -> dict[tuple[str, str], list[_Entry]]:
    grouped: dict[tuple[str, str], list[_Entry]] = {}
    for finding, entry in entries:
        grouped.setdefault((finding.at.file, finding.claim), []).append(entry)
    return grouped

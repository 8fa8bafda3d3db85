"""What can be said of a whole claim: its verdict, what was not checked, and what was checked by a stale release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from cleanclaim.book.provenance import Release
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.shown import shown
from cleanclaim.engine.totals import AtStake
from cleanclaim.engine.work import ClaimWork
from cleanclaim.rules.facts import CodeKind
from cleanclaim.rules.model import LoadedRule
from cleanclaim.types import (
    ClaimResult,
    Date,
    NotChecked,
    Setting,
    Severity,
    StaleUse,
    Verdict,
)

GAP_TABLES: Final = ("hcpcs", "mpfs", "global", "mue", "aoc", "ptp", "icd10cm", "pos", "modifier", "mcd")
"""Tables without which an edit is not checked."""
_OF_FINDINGS: Final = {Severity.DENY: Verdict.DENIED, Severity.REVIEW: Verdict.REVIEW}
"""The verdict on a claim with findings, by the worst of them."""
_EXPLAINING_TABLE: Final = "imaging"
"""The table of rules that only say why an edit of another family exists: without it nothing goes unchecked."""
_CATEGORY_II: Final = CodeKind.CATEGORY_II
_GAPS_OF_CATEGORY_II: Final = frozenset({("mpfs", "COD"), ("hcpcs", "COD"), ("pos", "POS")})
"""What a Category II code can lack: no NCCI edit has one, and its kind alone tells that it is a measure."""


def gap_families(rules: Iterable[LoadedRule]) -> dict[tuple[str, Setting], tuple[str, ...]]:
    """For each table and kind of claim the families that cannot be checked without it."""
    found: dict[tuple[str, Setting], dict[str, None]] = {}
    for loaded in rules:
        if _EXPLAINING_TABLE in loaded.rule.tables:
            continue
        for table in loaded.rule.tables:
            if table in GAP_TABLES:
                for setting in loaded.rule.settings:
                    found.setdefault((table, setting), {})[loaded.rule.family] = None
    for table in ("ptp", "mue", "aoc"):
        # An institutional claim of another kind may be bound by the outpatient edits; see gather.
        found[table, Setting.NONE] = found.get((table, Setting.OUTPATIENT), {})
    return {key: tuple(families) for key, families in found.items() if families}


def result_of(
    work: ClaimWork, hits: Sequence[Hit], at_stake: AtStake, gaps: dict[tuple[str, Setting], tuple[str, ...]]
) -> ClaimResult:
    """A claim's verdict: the worst of its findings, of what was not checked, and of what was stale.

    ``hits`` are in the report's order, the worst first; ``at_stake`` is what those that deny put at risk.
    """
    # What a void takes back is not to be paid: no edit applies to it.
    not_checked = () if work.void else _not_checked(work, gaps)
    stale = () if work.void else _stale(work, gaps)
    verdict = _OF_FINDINGS.get(hits[0].finding.severity) if hits else None
    if verdict is None and not_checked:
        verdict = Verdict.NOT_CHECKED
    elif verdict is None:
        verdict = Verdict.STALE if stale else Verdict.CLEAN
    return ClaimResult(
        work.claim.claim_id,
        work.claim.file,
        verdict,
        not_checked,
        stale,
        at_stake.billed,
        payer=work.payer.payer or shown("payer", work.claim.payer_id),
        allowed_at_risk=at_stake.allowed,
        unpriced_lines=at_stake.unpriced,
    )


def _not_checked(work: ClaimWork, gaps: dict[tuple[str, Setting], tuple[str, ...]]) -> tuple[NotChecked, ...]:
    found: dict[tuple[int | None, str], str] = {}
    for line in work.lines:
        if not line.missing:
            continue
        measure = line.facts.code_kind == _CATEGORY_II
        for table, why in line.missing.items():
            for family in gaps.get((table, work.setting), ()):
                if not measure or (table, family) in _GAPS_OF_CATEGORY_II:
                    found.setdefault((line.line.line_no, family), why)
    for table, why in work.missing.items():
        for family in gaps.get((table, work.setting), ()):
            found.setdefault((None, family), why)
    return tuple([_gap(line, family, why) for (line, family), why in found.items()]) if found else ()


@lru_cache(maxsize=4096)
def _gap(line: int | None, family: str, why: str) -> NotChecked:
    """What many claims of a file lack is one and the same."""
    return NotChecked(line, family, why)


def _stale(work: ClaimWork, gaps: dict[tuple[str, Setting], tuple[str, ...]]) -> tuple[StaleUse, ...]:
    outdated: dict[int, Release | None] = {}
    for line in work.lines:
        for table, answer in line.answers.items():
            if answer.stale and (table, work.setting) in gaps:
                outdated[id(answer.release)] = answer.release
    if ("icd10cm", work.setting) in gaps:
        for dx in work.diagnoses:
            if dx.answer is not None and dx.answer.stale:
                outdated[id(dx.answer.release)] = dx.answer.release
    releases = [made for made in outdated.values() if made is not None]
    return _uses(tuple([(made.source, made.release, made.covers_to) for made in releases])) if releases else ()


@lru_cache(maxsize=4096)
def _uses(releases: tuple[tuple[str, str, Date | None], ...]) -> tuple[StaleUse, ...]:
    """The use of some releases, each once; most claims of a file use the same."""
    return tuple(sorted({StaleUse(*release) for release in releases}, key=lambda use: (use.source, use.release)))

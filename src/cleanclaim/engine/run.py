"""Rules applied to claims: findings, verdicts, and what could not be checked.

One rule has one implementation, its ``check``; this module only decides on which records it is called and what
is said when it answers yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from cleanclaim.claims.model import Claim
from cleanclaim.engine.accept import Accepted, accept
from cleanclaim.engine.add_ons import primaries_of
from cleanclaim.engine.appeals import with_appeals
from cleanclaim.engine.asking import Asked, Asking
from cleanclaim.engine.collecting import collecting_later
from cleanclaim.engine.endoscopy import rank_family
from cleanclaim.engine.findings import Hit, claim_hit, diagnosis_hit, line_hit, pair_hit, related_lines
from cleanclaim.engine.fix.offered import with_changes
from cleanclaim.engine.gather import gather
from cleanclaim.engine.history import notes_of
from cleanclaim.engine.payers import payer_notes
from cleanclaim.engine.totals import Sums, denied
from cleanclaim.engine.verdicts import gap_families, result_of
from cleanclaim.engine.work import Work
from cleanclaim.index.cite import distinct
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule, Related, Rule, Scope
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import (
    Date,
    FileCount,
    Reject,
    Report,
    Setting,
    Severity,
)

if TYPE_CHECKING:  # a run without them does not load them
    from cleanclaim.engine.baseline import Baseline
    from cleanclaim.engine.suppress import Suppressions

Observer = Callable[[Work, Sequence[Hit], Accepted], None]
"""Is shown the claims under work, every finding in the report's order, and what is left of them."""


@collecting_later()
def check_claims(
    claims: Sequence[Claim],
    book: OpenBook,
    *,
    rules: Sequence[LoadedRule] | None = None,
    known_on: Date | None = None,
    rejects: Sequence[Reject] = (),
    files: Sequence[FileCount] = (),
    history: Sequence[Claim] | None = None,
    suppressions: Suppressions | None = None,
    baseline: Baseline | None = None,
    observe: Observer | None = None,
) -> Report:
    """Check claims against a book and report.

    ``claims`` must, with ``history``, hold every claim of each patient they name, since edits look across claims.
    ``history`` are claims sent before, None when there is no telling: they stand beside the others, unreported.
    ``rejects`` and ``files`` come from the readers and are carried into the report.
    What ``suppressions`` or ``baseline`` accept counts nowhere but in the report's ``set_aside``.
    ``observe`` is shown what the report is made of, for who joins the reports of parts to one.
    """
    plan = _plan_of_all() if rules is None else _plan_of(rules)
    work = gather(claims, book, known_on, history or ())
    hits = _apply(work, plan.first, plan.of_voids)
    hits += _apply_after(work, hits, plan.after)
    findings = with_changes(with_appeals(_ordered(_merged(hits)), work), work, plan.checks)
    given = {claim.number: claim.claim for claim in work.reported()}
    accepted = accept(findings, given, plan.checks.keys(), suppressions, baseline)
    if observe is not None:
        observe(work, findings, accepted)
    by_claim: dict[int, list[Hit]] = {}
    for hit in accepted.kept:
        by_claim.setdefault(hit.claim_number, []).append(hit)
    results = []
    sums = Sums()
    for claim in work.reported():
        of_claim = by_claim.get(claim.number, [])
        at_stake = denied(claim, of_claim)
        result = result_of(claim, of_claim, at_stake, plan.gaps)
        sums.count(claim, of_claim, at_stake, result.payer)
        results.append(accepted.result(claim.number, result))
    report = Report(
        book=book.entries(known_on),
        claims=tuple(results),
        findings=(*(hit.finding for hit in accepted.kept), *accepted.findings),
        rejects=tuple(rejects),
        lines=sum(len(claim.lines) for claim in work.reported()),
        files=tuple(files),
        notes=(
            *notes_of(work, plan.families, with_history=history is not None),
            *(payer_notes(work.reported(), book.policies) if "PAY" in plan.families else ()),
            *accepted.notes,
        ),
        set_aside=accepted.aside,
        totals=sums.totals(),
    )
    work.let_go()
    return report


# --- applying rules

_FAMILIES_OF_SERVICE: Final = frozenset({"PTP", "MUE", "ADD", "COD", "CMP", "IMG", "GLO"})
"""Rules that say what is not paid. A fault of form or of a diagnosis is mended, and the service paid after all."""

_OF_VOIDS: Final = ("FMT", "DUP003")
"""Rules that a void must satisfy too: it can be read, and says which claim it takes back."""


@dataclass(slots=True, eq=False)
class _OfSetting:
    """The rules asked of the claims of one setting, by the record each is asked of."""

    line: Asking
    diagnosis: Asked
    claim: Asked
    pair: Asked


_BySetting = dict[Setting, _OfSetting]


class _Plan:
    """A choice of rules, laid out by the kind of claim and the record each is asked of."""

    def __init__(self, rules: Iterable[LoadedRule]) -> None:
        chosen = tuple(rules)
        self.first = _by_setting_and_scope(loaded for loaded in chosen if not loaded.rule.after_findings)
        self.after = _by_setting_and_scope(loaded for loaded in chosen if loaded.rule.after_findings)
        self.of_voids = _by_setting_and_scope(loaded for loaded in chosen if loaded.rule.code.startswith(_OF_VOIDS))
        self.gaps = gap_families(chosen)
        self.checks = {loaded.rule.code: loaded.check for loaded in chosen}
        self.families = frozenset(loaded.rule.family for loaded in chosen)


@cache
def _plan_of_all() -> _Plan:
    return _Plan(all_rules())


_PLANS: Final[dict[tuple[int, ...], tuple[Sequence[LoadedRule], _Plan]]] = {}
_MOST_PLANS: Final = 16


def _plan_of(rules: Sequence[LoadedRule]) -> _Plan:
    """The plan of a choice of rules; a service that checks claim by claim with one choice lays it out once."""
    key = tuple(map(id, rules))
    kept = _PLANS.get(key)
    if kept is None:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        kept = _PLANS[key] = (rules, _Plan(rules))  # the rules are kept with it, so that no other gets their identity
    return kept[1]


def _by_setting_and_scope(rules: Iterable[LoadedRule]) -> _BySetting:
    chosen: dict[Setting, dict[Scope, list[tuple[Rule, Callable[..., bool]]]]] = {}
    for loaded in rules:
        for setting in loaded.rule.settings:
            of_setting = chosen.setdefault(setting, {scope: [] for scope in Scope})
            of_setting[loaded.rule.scope].append((loaded.rule, loaded.check))
    return {
        setting: _OfSetting(Asking(of[Scope.LINE]), of[Scope.DIAGNOSIS], of[Scope.CLAIM], of[Scope.PAIR])
        for setting, of in chosen.items()
    }


def _apply(work: Work, plan: _BySetting, of_voids: _BySetting) -> list[Hit]:
    """The findings of the rules of ``plan``, and of ``of_voids`` for voids, in no particular order."""
    hits: list[Hit] = []
    for claim in work.claims:
        of_setting = (of_voids if claim.void else plan).get(claim.setting)
        if of_setting is None or claim.history:
            continue
        for line in claim.lines if of_setting.line.rules else ():
            facts = line.facts
            hits += [line_hit(rule, line) for rule, check in of_setting.line.of(line) if check(facts)]
        for dx in claim.diagnoses if of_setting.diagnosis else ():
            hits += [diagnosis_hit(rule, dx) for rule, check in of_setting.diagnosis if check(dx.facts)]
        hits += [claim_hit(rule, claim) for rule, check in of_setting.claim if check(claim.facts)]
    for pair in work.pairs if any(of_setting.pair for of_setting in plan.values()) else ():
        denied = pair.two.claim
        of_setting = plan.get(denied.setting)
        if of_setting is not None and not denied.history and not denied.void:
            one, two = pair.one.facts, pair.two.facts
            hits += [pair_hit(rule, pair) for rule, check in of_setting.pair if check(pair.facts, one, two)]
    return hits


def _apply_after(work: Work, hits: list[Hit], plan: _BySetting) -> list[Hit]:
    """Findings of the rules that look at findings, until no more follow from those just made.

    An add-on can be the primary of another add-on, so one denial may bring down a chain of lines.
    """
    found: list[Hit] = []
    if not plan:
        return found
    while True:
        _mark_denied(work, [*hits, *found])
        again = _apply(work, plan, {})
        if len(again) == len(found):
            return again
        found = again


def _mark_denied(work: Work, hits: Iterable[Hit]) -> None:
    """Tell lines whether a pair edit denies them, and add-ons whether every primary billed with them is denied."""
    denying = [hit for hit in hits if hit.finding.severity is Severity.DENY and hit.finding.line is not None]
    bundled = {(hit.claim_number, hit.finding.line) for hit in denying if hit.rule.scope is Scope.PAIR}
    denied = _denied_services(work, denying)
    for claim in work.claims if denying else ():
        for line in claim.lines:
            line.facts.bundled = (claim.number, line.line.line_no) in bundled
            if line.family and line is line.family[-1]:
                rank_family(line.family)
            if line.facts.primary_present:
                wanted = primaries_of(line)
                line.facts.primary_denied = all(
                    (other.claim.number, other.line.line_no) in denied
                    for other in line.group
                    if other.line.hcpcs in wanted
                )


def _denied_services(work: Work, denying: Iterable[Hit]) -> set[tuple[int, int | None]]:
    """The lines whose service itself is denied, not only the form it is billed in or the diagnosis it points at."""
    denied: set[tuple[int, int | None]] = set()
    for hit in denying:
        if hit.rule.family in _FAMILIES_OF_SERVICE:
            denied.add((hit.claim_number, hit.finding.line))
    whole_days = {
        (hit.claim_number, hit.finding.line): hit.rule for hit in denying if hit.rule.related is Related.CODE_AND_DAY
    }
    for claim in work.claims if whole_days else ():
        for line in claim.lines:
            rule = whole_days.get(line.place())
            if rule is not None:
                denied.update(other.place() for other in related_lines(rule, line))
    return denied


# --- findings that say the same


def _merged(hits: list[Hit]) -> list[Hit]:
    """Let a finding that explains another, on the same lines, become one with it."""
    by_place: dict[tuple[str, tuple[int, int | None, int | None, int | None]], int] = {}
    kept: list[Hit | None] = list(hits)
    for at, hit in enumerate(hits):
        by_place[(hit.rule.code, hit.key)] = at
    for at, hit in enumerate(hits):
        for explained in hit.rule.explains:
            target_at = by_place.get((explained, hit.key))
            target = kept[target_at] if target_at is not None else None
            if target_at is None or target is None:
                continue
            finding = replace(
                target.finding,
                message=f"{target.finding.message} {hit.finding.message}",
                fix=hit.finding.fix,
                citations=distinct([*target.finding.citations, *hit.finding.citations]),
            )
            kept[target_at] = replace(target, finding=finding, explained_by=hit.rule.code)
            kept[at] = None
            break
    return [hit for hit in kept if hit is not None]


def _ordered(hits: list[Hit]) -> list[Hit]:
    return sorted(
        hits,
        key=lambda hit: (
            hit.claim_number,
            hit.finding.severity.rank,
            hit.finding.line or 0,
            hit.finding.rule,
            hit.finding.related_lines,
            hit.finding.codes,
        ),
    )

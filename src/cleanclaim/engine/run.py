"""Rules applied to claims: findings, verdicts, and what could not be checked.

One rule has one implementation, its ``check``; this module only decides on which records it is called and what
is said when it answers yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Final

from cleanclaim.claims.model import Claim
from cleanclaim.engine.accept import Accepted, accept
from cleanclaim.engine.appeals import appeal_of
from cleanclaim.engine.asking import (
    MEASURED_OF_CLAIM,
    MEASURED_OF_DIAGNOSIS,
    Asking,
    AskingOfPair,
    AskingOfRecord,
)
from cleanclaim.engine.collecting import collecting_later
from cleanclaim.engine.denied import Denials
from cleanclaim.engine.findings import Hit, claim_hit, diagnosis_hit, finished, line_hit, pair_hit
from cleanclaim.engine.fix.offered import fix_of
from cleanclaim.engine.gather import gather
from cleanclaim.engine.history import Before, notes_before, notes_of
from cleanclaim.engine.payers import notes_on_payers, payer_notes
from cleanclaim.engine.totals import NOTHING_AT_STAKE, Sums, denied
from cleanclaim.engine.verdicts import gap_families, result_of
from cleanclaim.engine.work import ClaimWork, Pair, Work
from cleanclaim.index.cite import distinct
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.facts import ClaimFacts, DiagnosisFacts
from cleanclaim.rules.model import LoadedRule, Rule, Scope
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import (
    Date,
    FileCount,
    Reject,
    Report,
    Setting,
)

if TYPE_CHECKING:  # a run without them does not load them
    from cleanclaim.engine.alike.memory import Told
    from cleanclaim.engine.alike.numbered import Numbered
    from cleanclaim.engine.alike.one import OneByOne
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
    by_itself = len(claims) == 1 and all(given is None for given in (history, suppressions, baseline, observe))
    memory = _memory_of_single_claims(book, plan, known_on) if by_itself else None
    numbers, told = memory.look(claims[0]) if memory is not None else (None, None)
    if numbers is not None and told is not None:
        return _as_told(claims[0], told, numbers, book, plan, known_on, rejects, files)
    begun = perf_counter()
    work = gather(claims, book, known_on, history or ())
    hits = _apply(work.claims, work.pairs, plan.every, plan.of_voids)
    found = [hit for hit in hits if hit.rule.after_findings]
    hits = [hit for hit in hits if not hit.rule.after_findings]
    hits += _look_at_findings(work, hits, found, plan.after)
    findings = _ordered(_merged(hits))
    for hit in findings:
        appealed = appeal_of(hit, work.numbered(hit.claim_number))
        hit.finding = finished(hit, *appealed, fix_of(hit, work, plan.checks))
    reported = work.reported()
    given = {} if suppressions is None and baseline is None else {claim.number: claim.claim for claim in reported}
    accepted = accept(findings, given, plan.checks.keys(), suppressions, baseline)
    if observe is not None:
        observe(work, findings, accepted)
    by_claim: dict[int, list[Hit]] = {}
    for hit in accepted.kept:
        by_claim.setdefault(hit.claim_number, []).append(hit)
    results = []
    sums = Sums()
    for claim in reported:
        of_claim = by_claim.get(claim.number, [])
        at_stake = denied(claim, of_claim) if of_claim else NOTHING_AT_STAKE
        result = result_of(claim, of_claim, at_stake, plan.gaps)
        sums.count(claim, of_claim, at_stake, result.payer)
        results.append(accepted.result(claim.number, result))
    report = Report(
        book=book.entries(known_on),
        claims=tuple(results),
        findings=(*(hit.finding for hit in accepted.kept), *accepted.findings),
        rejects=tuple(rejects),
        lines=sum([len(claim.lines) for claim in reported]),
        files=tuple(files),
        notes=(
            *notes_of(work, plan.families, with_history=history is not None),
            *(payer_notes(reported, book.policies) if "PAY" in plan.families else ()),
            *accepted.notes,
        ),
        set_aside=accepted.aside,
        totals=sums.totals(),
    )
    if memory is not None and numbers is not None and not findings:
        memory.learn(work.claims[0], numbers, perf_counter() - begun)
    work.let_go()
    return report


_MOST_MEMORIES: Final = 16
"""Choices of rules, and days of knowledge, of which claims are remembered for a book."""
_FEW: Final = 16
"""So many single claims are checked against a book before any is remembered: one command has no more."""


def _memory_of_single_claims(book: OpenBook, plan: _Plan, known_on: Date | None) -> OneByOne | None:
    """What is remembered of claims checked one by one; None where nothing is."""
    key = (_memory_of_single_claims, plan, known_on)
    kept: int | OneByOne | None = book.kept.get(key, 0)
    if not isinstance(kept, int):
        return kept
    if len(book.kept) > _MOST_MEMORIES:
        book.kept.clear()
    if kept < _FEW:
        book.kept[key] = kept + 1
        return None
    from cleanclaim.engine.alike.numbered import may_settle  # noqa: PLC0415 - a command does without
    from cleanclaim.engine.alike.one import OneByOne  # noqa: PLC0415 - the same

    made = book.kept[key] = OneByOne(book, plan.rules, known_on) if may_settle(plan.rules) else None
    return made


def _as_told(  # noqa: PLR0917 - what a report is made of
    claim: Claim,
    told: Told,
    numbers: Numbered,
    book: OpenBook,
    plan: _Plan,
    known_on: Date | None,
    rejects: Sequence[Reject],
    files: Sequence[FileCount],
) -> Report:
    """The report on a claim like others that had no finding."""
    unpolicied = {told.unpolicied: 1} if told.unpolicied else {}
    return Report(
        book=book.entries(known_on),
        claims=(replace(told.result, claim=claim.claim_id, file=claim.file),),
        findings=(),
        rejects=tuple(rejects),
        lines=len(claim.lines),
        files=tuple(files),
        notes=(
            *notes_before(Before(looks_back=numbers.looks_back), plan.families, with_history=False),
            *(notes_on_payers(unpolicied, book.policies) if "PAY" in plan.families else ()),
        ),
    )


# --- applying rules

_OF_VOIDS: Final = ("FMT", "DUP003")
"""Rules that a void must satisfy too: it can be read, and says which claim it takes back."""


@dataclass(slots=True, eq=False)
class _OfSetting:
    """The rules asked of the claims of one setting, by the record each is asked of."""

    line: Asking
    diagnosis: AskingOfRecord
    claim: AskingOfRecord
    pair: AskingOfPair


_BySetting = dict[Setting, _OfSetting]


class _Plan:
    """A choice of rules, laid out by the kind of claim and the record each is asked of."""

    def __init__(self, rules: Iterable[LoadedRule]) -> None:
        chosen = self.rules = tuple(rules)
        self.every = _by_setting_and_scope(chosen)
        self.after = _by_setting_and_scope(loaded for loaded in chosen if loaded.rule.after_findings)
        self.of_voids = _by_setting_and_scope(
            loaded for loaded in chosen if loaded.rule.code.startswith(_OF_VOIDS) and not loaded.rule.after_findings
        )
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
        setting: _OfSetting(
            Asking(of[Scope.LINE]),
            AskingOfRecord(of[Scope.DIAGNOSIS], DiagnosisFacts, MEASURED_OF_DIAGNOSIS),
            AskingOfRecord(of[Scope.CLAIM], ClaimFacts, MEASURED_OF_CLAIM),
            AskingOfPair(of[Scope.PAIR]),
        )
        for setting, of in chosen.items()
    }


def _apply(claims: Iterable[ClaimWork], pairs: Iterable[Pair], plan: _BySetting, of_voids: _BySetting) -> list[Hit]:
    """The findings of the rules of ``plan``, and of ``of_voids`` for voids, in no particular order."""
    hits: list[Hit] = []
    for claim in claims:
        of_setting = (of_voids if claim.void else plan).get(claim.setting)
        if of_setting is not None and not claim.history:
            _ask(claim, of_setting, hits)
    for pair in pairs:
        denied = pair.two.claim
        of_setting = plan.get(denied.setting)
        if of_setting is not None and not denied.history and not denied.void:
            edit, one, two = pair.facts, pair.one.facts, pair.two.facts
            for rule, check in of_setting.pair.of(pair):
                if check(edit, one, two):
                    hits.append(pair_hit(rule, pair))
    return hits


def _ask(claim: ClaimWork, of_setting: _OfSetting, hits: list[Hit]) -> None:
    for line in claim.lines if of_setting.line.rules else ():
        facts = line.facts
        for rule, check in of_setting.line.of(line):
            if check(facts):
                hits.append(line_hit(rule, line))
    for dx in claim.diagnoses:
        of_diagnosis = dx.facts
        for rule, check in of_setting.diagnosis.of(of_diagnosis):
            if check(of_diagnosis):
                hits.append(diagnosis_hit(rule, dx))
    of_claim = claim.facts
    for rule, check in of_setting.claim.of(of_claim):
        if check(of_claim):
            hits.append(claim_hit(rule, claim))


def _look_at_findings(work: Work, hits: list[Hit], found: list[Hit], after: _BySetting) -> list[Hit]:
    """Findings of the rules that look at findings, until no more follow from those just made.

    ``found`` are theirs while they know of none, ``hits`` those of all other rules. An add-on can be the primary of
    another add-on, so one denial may bring down a chain of lines. Only the claims of which a denial tells something
    new are asked again.
    """
    denials = Denials(work)
    found = _asked_again(work, found, denials.tell(hits), after)
    while found:
        again = _asked_again(work, found, denials.tell([*hits, *found]), after)
        if len(again) == len(found):
            return again
        found = again
    return found


def _asked_again(work: Work, found: list[Hit], changed: set[int], after: _BySetting) -> list[Hit]:
    """The findings with those on ``changed`` claims made anew."""
    if not changed:
        return found
    pairs = work.pairs if any(of.pair.rules for of in after.values()) else []
    changed.update(claim.number for pair in pairs for claim in (pair.one.claim, pair.two.claim))
    left = [hit for hit in found if hit.claim_number not in changed]
    return left + _apply(map(work.numbered, sorted(changed)), pairs, after, {})


# --- findings that say the same


def _merged(hits: list[Hit]) -> list[Hit]:
    """Let a finding that explains another, on the same lines, become one with it."""
    if not any(hit.rule.explains for hit in hits):
        return hits
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
            draft = replace(
                target.draft,
                message=f"{target.draft.message} {hit.draft.message}",
                fix=hit.draft.fix,
                citations=distinct([*target.draft.citations, *hit.draft.citations]),
            )
            kept[target_at] = replace(target, draft=draft, explained_by=hit.rule.code)
            kept[at] = None
            break
    return [hit for hit in kept if hit is not None]


def _ordered(hits: list[Hit]) -> list[Hit]:
    return sorted(
        hits,
        key=lambda hit: (
            hit.claim_number,
            hit.draft.severity.rank,
            hit.draft.line or 0,
            hit.rule.code,
            hit.draft.related_lines,
            hit.draft.codes,
        ),
    )

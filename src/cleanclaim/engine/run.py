"""Rules applied to claims: findings, verdicts, and what could not be checked.

One rule has one implementation, its ``check``; this module only decides on which records it is called and what
is said when it answers yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from cleanclaim.claims.model import Claim
from cleanclaim.engine.add_ons import primaries_of
from cleanclaim.engine.cite import cite_answer, cite_fact, distinct, worst
from cleanclaim.engine.gather import (
    ClaimWork,
    DiagnosisWork,
    LineWork,
    Pair,
    Work,
    dotted,
    gather,
)
from cleanclaim.index.lookup import Answer, OpenBook
from cleanclaim.rules.model import LoadedRule, Related, Rule, Scope
from cleanclaim.rules.registry import all_rules
from cleanclaim.types import (
    BookEntry,
    Citation,
    ClaimResult,
    Date,
    FileCount,
    Finding,
    Fix,
    Money,
    NotChecked,
    Place,
    Reject,
    Report,
    Setting,
    Severity,
    StaleUse,
    Verdict,
)

GAP_TABLES: Final = ("hcpcs", "mpfs", "mue", "aoc", "ptp", "icd10cm", "pos")
"""Tables without which an edit is not checked. (``imaging`` only explains edits that other tables carry.)"""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A finding with the lines it stands on, before findings that say the same are made one."""

    finding: Finding
    rule: Rule
    claim_number: int
    key: tuple[int, int | None, int | None, int | None]


def check_claims(
    claims: Sequence[Claim],
    book: OpenBook,
    *,
    rules: Sequence[LoadedRule] | None = None,
    known_on: Date | None = None,
    rejects: Sequence[Reject] = (),
    files: Sequence[FileCount] = (),
) -> Report:
    """Check claims against a book and report.

    ``claims`` must hold every claim of each patient they name, since edits look across claims of one day.
    ``rejects`` and ``files`` come from the readers and are carried into the report.
    """
    chosen = all_rules() if rules is None else tuple(rules)
    work = gather(claims, book, known_on)
    hits = _apply(work, [loaded for loaded in chosen if not loaded.rule.after_findings])
    hits += _apply_after(work, hits, [loaded for loaded in chosen if loaded.rule.after_findings])
    findings = _ordered(_merged(hits))
    by_claim: dict[int, list[_Hit]] = {}
    for hit in findings:
        by_claim.setdefault(hit.claim_number, []).append(hit)
    gaps = _gap_families(chosen)
    return Report(
        book=tuple(
            BookEntry(release.source, release.release, release.starter)
            for release in book.releases
            if release.known_on(known_on)
        ),
        claims=tuple(_result(claim, by_claim.get(claim.number, []), gaps) for claim in work.claims),
        findings=tuple(hit.finding for hit in findings),
        rejects=tuple(rejects),
        lines=sum(len(claim.lines) for claim in work.claims),
        files=tuple(files),
    )


# --- applying rules


def _apply(work: Work, rules: Iterable[LoadedRule]) -> list[_Hit]:
    hits: list[_Hit] = []
    for loaded in rules:
        rule, check = loaded.rule, loaded.check
        settings = frozenset(rule.settings)
        if rule.scope is Scope.PAIR:
            hits += [
                _pair_hit(rule, pair)
                for pair in work.pairs
                if pair.two.claim.setting in settings and check(pair.facts, pair.one.facts, pair.two.facts)
            ]
            continue
        for claim in work.claims:
            if claim.setting not in settings:
                continue
            if rule.scope is Scope.LINE:
                hits += [_line_hit(rule, line) for line in claim.lines if check(line.facts)]
            elif rule.scope is Scope.DIAGNOSIS:
                hits += [_diagnosis_hit(rule, dx) for dx in claim.diagnoses if check(dx.facts)]
            elif check(claim.facts):
                hits.append(_claim_hit(rule, claim))
    return hits


def _apply_after(work: Work, hits: list[_Hit], rules: Sequence[LoadedRule]) -> list[_Hit]:
    """Findings of the rules that look at findings, until no more follow from those just made.

    An add-on can be the primary of another add-on, so one denial may bring down a chain of lines.
    """
    found: list[_Hit] = []
    while True:
        _mark_denied(work, [*hits, *found])
        again = _apply(work, rules)
        if len(again) == len(found):
            return again
        found = again


def _mark_denied(work: Work, hits: Iterable[_Hit]) -> None:
    """Tell lines whether a pair edit denies them, and add-ons whether every primary billed with them is denied."""
    denying = [hit for hit in hits if hit.finding.severity is Severity.DENY and hit.finding.line is not None]
    denied = {(hit.claim_number, hit.finding.line) for hit in denying}
    bundled = {(hit.claim_number, hit.finding.line) for hit in denying if hit.rule.scope is Scope.PAIR}
    for claim in work.claims if denied else ():
        for line in claim.lines:
            line.facts.bundled = (claim.number, line.line.line_no) in bundled
            if line.facts.primary_present:
                wanted = primaries_of(line)
                line.facts.primary_denied = all(
                    (other.claim.number, other.line.line_no) in denied
                    for other in line.group
                    if other.line.hcpcs in wanted
                )


# --- making findings


def _pair_hit(rule: Rule, pair: Pair) -> _Hit:
    one, two = pair.one, pair.two
    same_claim = one.claim is two.claim
    words = _line_words(two) | {
        "column_one": pair.edit.column_one,
        "column_two": pair.edit.column_two,
        "modifier_indicator": pair.edit.modifier_indicator,
        "rationale": pair.edit.rationale,
        "modifier_advice": (
            "No modifier makes the pair payable"
            if pair.edit.modifier_indicator == 0
            else "If it served another procedure of the day, report it with the modifier that says so"
        ),
        "modifiers_one": _modifiers(one),
        "modifiers_two": _modifiers(two),
        "imaging_partner_one": _imaging_word(one, "partner"),
        "imaging_modality_one": _imaging_word(one, "modality"),
        "line_one": one.line.line_no if same_claim else f"{one.line.line_no} of claim {one.claim.claim.claim_id}",
        "line_two": two.line.line_no,
    }
    release = pair.answer.release
    edit_row = [cite_fact(pair.edit, release)] if release is not None and "ptp" in rule.tables else []
    imaging = one.answers.get("imaging")
    imaging_row = [cite_answer(imaging)] if imaging is not None and "imaging" in rule.tables else []
    rows = [*edit_row, *imaging_row, *_rows(rule, two, skip="ptp")]
    finding = _finding(
        rule,
        two,
        words,
        rows,
        codes=(pair.edit.column_two, pair.edit.column_one),
        related_lines=(one.line.line_no,) if same_claim else (),
        related_claims=() if same_claim else (one.claim.claim.claim_id,),
    )
    return _Hit(
        finding, rule, two.claim.number, (two.claim.number, two.line.line_no, one.claim.number, one.line.line_no)
    )


def _line_hit(rule: Rule, line: LineWork) -> _Hit:
    others = _related(rule, line)
    on_claim = [other for other in others if other.claim is line.claim]
    finding = _finding(
        rule,
        line,
        _line_words(line),
        _rows(rule, line),
        codes=(line.line.hcpcs,) if line.line.hcpcs else (),
        related_lines=tuple(other.line.line_no for other in on_claim),
        related_claims=tuple(
            dict.fromkeys(other.claim.claim.claim_id for other in others if other.claim is not line.claim)
        ),
    )
    if rule.related is Related.CODE_AND_DAY:
        at_risk = sum((other.line.charge or Decimal(0) for other in on_claim), finding.amount_at_risk)
        finding = replace(finding, amount_at_risk=at_risk)
    return _Hit(finding, rule, line.claim.number, (line.claim.number, line.line.line_no, None, None))


def _related(rule: Rule, line: LineWork) -> list[LineWork]:
    match rule.related:
        case Related.NOTHING:
            return []
        case Related.CODE_AND_DAY:
            return [other for other in line.group if other is not line and other.line.hcpcs == line.line.hcpcs]
        case Related.REPEATED_LINE:
            return [line.repeats] if line.repeats is not None else []
        case Related.PRIMARIES:
            wanted = primaries_of(line)
            return [other for other in line.group if other.line.hcpcs in wanted]


def _diagnosis_hit(rule: Rule, dx: DiagnosisWork) -> _Hit:
    claim = dx.claim.claim
    code = dotted(dx.diagnosis.code)
    pointing = tuple(line.line_no for line in claim.lines if dx.facts.position in line.diagnosis_pointers)
    words: dict[str, Any] = {
        "icd10cm": code,
        "position": dx.facts.position,
        "service_date": _date(dx.facts.service_day),
        "lines": ", ".join(map(str, pointing)) or "none",
    }
    rows = [cite_answer(dx.answer, code)] if dx.answer is not None and "icd10cm" in rule.tables else []
    finding = Finding(
        rule=rule.code,
        name=rule.name,
        severity=rule.severity,
        claim=claim.claim_id,
        line=pointing[0] if pointing else None,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(claim.file, dx.diagnosis.byte if dx.diagnosis.byte is not None else claim.byte, "HI"),
        codes=(code,),
        related_lines=pointing[1:],
        adjustment=rule.adjustment,
        amount_at_risk=sum((line.charge or Decimal(0) for line in claim.lines if line.line_no in pointing), Decimal(0)),
        citations=distinct([*rows, *rule.citations]),
    )
    return _Hit(finding, rule, dx.claim.number, (dx.claim.number, None, dx.facts.position, None))


def _claim_hit(rule: Rule, work: ClaimWork) -> _Hit:
    claim, facts = work.claim, work.facts
    words: dict[str, Any] = {
        "claim": claim.claim_id,
        "line_count": facts.line_count,
        "diagnosis_count": facts.diagnosis_count,
        "billing_npi": claim.billing_npi,
        "referring_npi": claim.referring_npi,
        "attending_npi": claim.attending_npi,
        "service_facility_npi": claim.service_facility_npi,
        "total_charge": _dollars(facts.total_charge_cents),
        "line_charge": _dollars(facts.line_charge_cents),
        "envelope_faults": "; ".join(claim.envelope_faults),
        "first_service_date": _date(facts.first_service_day),
        "last_service_date": _date(facts.last_service_day),
        "statement_from": _date(facts.statement_from_day),
        "statement_to": _date(facts.statement_to_day),
        "submitted": _date(facts.submitted_day),
        "frequency": claim.frequency,
        "duplicate_of": work.duplicate_of.claim.claim_id if work.duplicate_of is not None else "",
    }
    finding = Finding(
        rule=rule.code,
        name=rule.name,
        severity=rule.severity,
        claim=claim.claim_id,
        line=None,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(claim.file, claim.byte, claim.segment),
        codes=(),
        related_claims=(work.duplicate_of.claim.claim_id,) if work.duplicate_of is not None else (),
        adjustment=rule.adjustment,
        amount_at_risk=claim.total_charge or Decimal(0),
        citations=distinct(rule.citations),
    )
    return _Hit(finding, rule, work.number, (work.number, None, None, None))


def _finding(
    rule: Rule,
    line: LineWork,
    words: dict[str, Any],
    rows: Sequence[Citation | None],
    *,
    codes: tuple[str, ...],
    related_lines: tuple[int, ...] = (),
    related_claims: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=rule.severity,
        claim=line.claim.claim.claim_id,
        line=line.line.line_no,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(line.claim.claim.file, line.line.byte, line.line.segment),
        codes=codes,
        related_lines=related_lines,
        related_claims=related_claims,
        adjustment=rule.adjustment,
        amount_at_risk=line.line.charge or Decimal(0),
        citations=distinct([*rows, *rule.citations]),
    )


def _fix(rule: Rule, words: dict[str, Any]) -> Fix:
    return replace(rule.fix, text=rule.fix.text.format_map(words))


def _rows(rule: Rule, line: LineWork, skip: str = "") -> list[Citation | None]:
    """The table rows a rule stands on for a line, in the order the rule names its tables."""
    rows = []
    for table in rule.tables:
        if table == skip:
            continue
        if table == "mpfs" and line.fee_row is not None:
            answer = line.answers["mpfs"]
            rows.append(cite_fact(line.fee_row, answer.release) if answer.release is not None else None)
            continue
        found = line.answers.get(table)
        if found is not None:
            rows.append(cite_answer(found, line.line.pos if table == "pos" else line.line.hcpcs))
    return rows


def _line_words(work: LineWork) -> dict[str, Any]:
    """The words a line rule's message may use; docs/reference/rule-messages.md lists them."""
    line, facts = work.line, work.facts
    row = work.fee_row
    primaries = sorted(primaries_of(work))
    return {
        "hcpcs": line.hcpcs,
        "line_no": line.line_no,
        "modifiers": _modifiers(work),
        "units": _plain(facts.units),
        "units_per_day": _plain(facts.units_per_day),
        "units_of_day": _plain(facts.units_of_day),
        "mue_value": facts.mue_value,
        "mue_mai": facts.mue_mai,
        "service_date": line.service_from or "an unknown date",
        "service_to": line.service_to or "an unknown date",
        "pos": line.pos,
        "charge": _dollars(facts.charge_cents),
        "status_indicator": row.status_indicator if row is not None else "",
        "pc_tc_indicator": row.pc_tc_indicator if row is not None else "",
        **_days_of_code(work),
        "primaries": _some(primaries),
        "repeated_line": _repeated_line(work),
        "rendering_npi": line.rendering_npi,
        "revenue_code": line.revenue_code,
        "diagnosis_count": facts.diagnosis_count,
        "diagnosis_pointers": ", ".join(map(str, line.diagnosis_pointers)),
        "submitted": work.claim.claim.submitted_on or "an unknown date",
        "imaging_partner": _imaging_word(work, "partner"),
        "imaging_modality": _imaging_word(work, "modality"),
    }


def _days_of_code(work: LineWork) -> dict[str, Date | str]:
    """The first and last day of a HCPCS Level II code, as its list gives them."""
    listed = work.answers.get("hcpcs")
    facts = listed.facts if listed is not None else ()
    begins, ends = (getattr(facts[0], name, None) if facts else None for name in ("valid_from", "valid_to"))
    return {"code_valid_from": begins or "an unknown date", "code_valid_to": ends or "an unknown date"}


def _imaging_word(work: LineWork, name: str) -> str:
    answer: Answer[Any] | None = work.answers.get("imaging")
    return str(getattr(answer.fact, name)) if answer is not None and answer.known else ""


def _repeated_line(work: LineWork) -> str:
    first = work.repeats
    if first is None:
        return "no line"
    of_claim = "" if first.claim is work.claim else f" of claim {first.claim.claim.claim_id}"
    return f"line {first.line.line_no}{of_claim}"


def _modifiers(work: LineWork) -> str:
    return ", ".join(work.line.modifiers) or "no modifier"


def _some(codes: Sequence[str], most: int = 6) -> str:
    if len(codes) <= most:
        return ", ".join(codes) or "none listed"
    return f"{', '.join(codes[:most])} and {len(codes) - most} more"


def _plain(number: float) -> str:
    return "no" if number < 0 else f"{number:g}"


def _dollars(cents: int) -> str:
    return "an unknown amount" if cents < 0 else f"${cents // 100:,}.{cents % 100:02d}"


def _date(ordinal: int) -> Date | str:
    return Date.fromordinal(ordinal) if ordinal else "an unknown date"


# --- findings that say the same


def _merged(hits: list[_Hit]) -> list[_Hit]:
    """Let a finding that explains another, on the same lines, become one with it."""
    by_place: dict[tuple[str, tuple[int, int | None, int | None, int | None]], int] = {}
    kept: list[_Hit | None] = list(hits)
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
            kept[target_at] = replace(target, finding=finding)
            kept[at] = None
            break
    return [hit for hit in kept if hit is not None]


def _ordered(hits: list[_Hit]) -> list[_Hit]:
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


# --- verdicts


def _gap_families(rules: Iterable[LoadedRule]) -> dict[tuple[str, Setting], tuple[str, ...]]:
    """For each table and kind of claim the families that cannot be checked without it."""
    found: dict[tuple[str, Setting], dict[str, None]] = {}
    for loaded in rules:
        for table in loaded.rule.tables:
            if table in GAP_TABLES:
                for setting in loaded.rule.settings:
                    found.setdefault((table, setting), {})[loaded.rule.family] = None
    return {key: tuple(families) for key, families in found.items()}


def _result(work: ClaimWork, hits: Sequence[_Hit], gaps: dict[tuple[str, Setting], tuple[str, ...]]) -> ClaimResult:
    not_checked = _not_checked(work, gaps)
    stale = _stale(work, gaps)
    severity = worst(hit.finding.severity for hit in hits)
    if severity is Severity.DENY:
        verdict = Verdict.DENIED
    elif severity is Severity.REVIEW:
        verdict = Verdict.REVIEW
    elif not_checked:
        verdict = Verdict.NOT_CHECKED
    else:
        verdict = Verdict.STALE if stale else Verdict.CLEAN
    return ClaimResult(work.claim.claim_id, work.claim.file, verdict, not_checked, stale, _at_risk(work.claim, hits))


def _at_risk(claim: Claim, hits: Iterable[_Hit]) -> Money:
    """What was billed on the lines that deny findings stand on, each line once; the claim's total where one does."""
    denied: set[int | None] = set()
    whole_claim = False
    for hit in hits:
        rule, finding = hit.rule, hit.finding
        if finding.severity is Severity.DENY:
            whole_claim = whole_claim or rule.scope is Scope.CLAIM
            denied.add(finding.line)
            if rule.scope is Scope.DIAGNOSIS or rule.related is Related.CODE_AND_DAY:
                denied.update(finding.related_lines)
    of_lines = sum((line.charge or Decimal(0) for line in claim.lines if line.line_no in denied), Decimal(0))
    return max(of_lines, claim.total_charge or Decimal(0)) if whole_claim else of_lines


def _not_checked(work: ClaimWork, gaps: dict[tuple[str, Setting], tuple[str, ...]]) -> tuple[NotChecked, ...]:
    found: dict[tuple[int | None, str], str] = {}
    for line in work.lines:
        for table, why in line.missing.items():
            for family in gaps.get((table, work.setting), ()):
                found.setdefault((line.line.line_no, family), why)
    for table, why in work.missing.items():
        for family in gaps.get((table, work.setting), ()):
            found.setdefault((None, family), why)
    return tuple(NotChecked(line, family, why) for (line, family), why in found.items())


def _stale(work: ClaimWork, gaps: dict[tuple[str, Setting], tuple[str, ...]]) -> tuple[StaleUse, ...]:
    answers = [answer for line in work.lines for table, answer in line.answers.items() if (table, work.setting) in gaps]
    if ("icd10cm", work.setting) in gaps:
        answers += [dx.answer for dx in work.diagnoses if dx.answer is not None]
    uses = {
        StaleUse(answer.release.source, answer.release.release, answer.release.covers_to)
        for answer in answers
        if answer.stale and answer.release is not None
    }
    return tuple(sorted(uses, key=lambda use: (use.source, use.release)))

"""What is said when a rule answers yes: the finding, its words, its citations and its dollars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from cleanclaim.book.facts import HcpcsCode
from cleanclaim.engine.add_ons import primaries_of
from cleanclaim.engine.code_state import has_ended
from cleanclaim.engine.coverage import coverage_adjustment, coverage_words
from cleanclaim.engine.endoscopy import family_words
from cleanclaim.engine.globals import LONGEST_GLOBAL_DAYS
from cleanclaim.engine.imaging import partner_flags
from cleanclaim.engine.modifier_facts import odd_modifiers
from cleanclaim.engine.money import Allowed, allowed_for
from cleanclaim.engine.payer_words import policy_citations, policy_words, severity_of, use_of
from cleanclaim.engine.shown import has_shape, shown, shown_diagnosis, some
from cleanclaim.engine.units import is_surgery_center
from cleanclaim.engine.work import ClaimWork, DiagnosisWork, LineWork, Pair, PolicyUse
from cleanclaim.index.cite import cite_answer, cite_fact, distinct
from cleanclaim.index.lookup import Answer
from cleanclaim.rules.cmp.share import of_another_share
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import OF_ALL_ITS_LINES, Related, Rule
from cleanclaim.rules.ptp.bypass import site_doubt
from cleanclaim.rules.ptp.words import (
    bundling,
    distinct_advice,
    doubt_words,
    misfit_advice,
    screening_advice,
    undistinguished_advice,
)
from cleanclaim.types import (
    Adjustment,
    Appeal,
    Citation,
    Date,
    Finding,
    Fix,
    Money,
    Place,
    Severity,
)

NCCI_CARC: Final = "236"
_DIAGNOSIS_ROLES: Final = {
    "admitting": "the admitting diagnosis",
    "reason_for_visit": "a reason for the visit",
    "external_cause": "an external cause",
}
"""Diagnoses that are not numbered among the claim's own."""
_WHOLE_TEST: Final = 4
"""PC/TC indicator of a code that stands for a test with its interpretation."""
_BOTH_SIDES_ALREADY: Final = 2
"""Bilateral indicator of a code whose fee is for both sides already."""
_ONE_LINE: Final[dict[Related, Callable[[LineWork], LineWork | None]]] = {
    Related.NOTHING: lambda _: None,
    Related.REPEATED_LINE: lambda line: line.repeats,
    Related.SURGERY: lambda line: line.surgery,
    Related.EARLIER_VISIT: lambda line: line.seen,
    Related.OTHER_ANESTHETIST: lambda line: line.other_anesthetist,
}
"""The one line besides its own that the finding of a rule stands on."""


@dataclass(slots=True, eq=False)
class Draft:
    """What a finding says, before it is known what can be done about it; the fields are those of the finding."""

    severity: Severity
    claim: str
    line: int | None
    message: str
    fix: Fix
    at: Place
    codes: tuple[str, ...]
    related_lines: tuple[int, ...]
    related_claims: tuple[str, ...]
    adjustment: Adjustment | None
    amount_at_risk: Money
    citations: tuple[Citation, ...]
    allowed: Allowed


@dataclass(slots=True, eq=False)
class Hit:
    """A finding with the lines it stands on: a draft, until findings that say the same are made one."""

    draft: Draft
    rule: Rule
    claim_number: int
    key: tuple[int, int | None, int | None, int | None]
    modifier_indicator: int | None = None
    """Of the procedure pair it is about."""
    explained_by: str = ""
    """The rule that says why, where the finding of another became one with this."""
    finding: Finding = field(init=False)
    """The finding, once it is :func:`finished`."""


def pair_hit(rule: Rule, pair: Pair) -> Hit:
    """The finding of a pair rule: it stands on the Column Two line."""
    one, two = pair.one, pair.two
    same_claim = one.claim is two.claim
    words = _Words(two, pair)
    edit_row = [cite_answer(pair.answer)] if "ptp" in rule.tables else []
    imaging = one.answers.get("imaging")
    imaging_row = [cite_answer(imaging)] if imaging is not None and "imaging" in rule.tables else []
    fee_rows = [row for line in (two, one) for row in _fee_row(line)] if "mpfs" in rule.also_cites else []
    rows = [*edit_row, *imaging_row, *_rows(rule, two, skip="ptp"), *fee_rows]
    rows += _cited(rule, pair.facts, one.facts, two.facts)
    draft = _draft(
        rule,
        two,
        words,
        rows,
        severity=rule.severity,
        codes=(pair.edit.column_two, pair.edit.column_one),
        related_lines=(one.line.line_no,) if same_claim else (),
        related_claims=() if same_claim else (one.claim.claim.claim_id,),
        priced=(two,),
    )
    return Hit(
        draft,
        rule,
        two.claim.number,
        (two.claim.number, two.line.line_no, one.claim.number, one.line.line_no),
        pair.edit.modifier_indicator,
    )


def line_hit(rule: Rule, line: LineWork) -> Hit:
    """The finding of a line rule, with the lines it also stands on."""
    others = related_lines(rule, line)
    on_claim = [other for other in others if other.claim is line.claim] if others else others
    use = use_of(rule, line)
    draft = _draft(
        rule,
        line,
        _Words(line, use=use),
        [*policy_citations(use), *_rows(rule, line), *_cited(rule, line.facts)],
        severity=severity_of(rule, use),
        codes=(line.line.hcpcs,) if has_shape("procedure", line.line.hcpcs) else (),
        related_lines=tuple([other.line.line_no for other in on_claim]) if on_claim else (),
        related_claims=_other_claims(line, others) if others else (),
        priced=(line, *on_claim) if rule.related in OF_ALL_ITS_LINES else (line,),
    )
    return Hit(draft, rule, line.claim.number, (line.claim.number, line.line.line_no, None, None))


def _other_claims(line: LineWork, others: Sequence[LineWork]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other.claim.claim.claim_id for other in others if other.claim is not line.claim))


def related_lines(rule: Rule, line: LineWork) -> list[LineWork]:
    """The lines that the finding of a line rule stands on besides its own."""
    if rule.related in _ONE_LINE:
        other = _ONE_LINE[rule.related](line)
        return [other] if other is not None else []
    match rule.related:
        case Related.CODE_AND_DAY:
            return [other for other in line.counted_with if other is not line]
        case Related.RENDERING_NPI:
            return _others_of_npi(line)
        case Related.POLICY:
            use = use_of(rule, line)
            return list(use.lines) if use is not None else []
        case Related.PRIMARIES:
            wanted = primaries_of(line)
            return [other for other in line.group if other.line.hcpcs in wanted]
    return []


def diagnosis_hit(rule: Rule, dx: DiagnosisWork) -> Hit:
    """The finding of a diagnosis rule: it stands on the first line that points at the diagnosis."""
    claim = dx.claim.claim
    code = shown_diagnosis(dx.diagnosis)
    pointing = tuple(line.line_no for line in claim.lines if dx.facts.position in line.diagnosis_pointers)
    words: dict[str, Any] = {
        "icd10cm": code,
        "diagnosis": _DIAGNOSIS_ROLES.get(dx.diagnosis.role) or f"diagnosis {dx.facts.position}",
        "service_date": _date(dx.facts.service_day),
        "lines": ", ".join(map(str, pointing)) or "none",
        "excluded_diagnoses": some(dx.beside.get("icd10cm-excludes1", ())),
        "causes": some(dx.beside.get("icd10cm-code-first", ())),
    }
    charges = [line.charge or Decimal(0) for line in claim.lines if line.line_no in pointing]
    # A diagnosis that no line points at is refused with the whole claim.
    at_risk = sum(charges, Decimal(0)) if pointing else claim.total_charge or Decimal(0)
    allowed = allowed_for([line for line in dx.claim.lines if not pointing or line.line.line_no in pointing])
    rows = [cite_answer(dx.answer, code)] if dx.answer is not None and "icd10cm" in rule.tables else []
    rows += [cite_fact(*dx.notes[table]) for table in rule.tables if table in dx.notes]
    draft = Draft(
        severity=rule.severity,
        claim=claim.claim_id,
        line=pointing[0] if pointing else None,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(claim.file, dx.diagnosis.byte if dx.diagnosis.byte is not None else claim.byte, "HI"),
        codes=(code,) if has_shape("diagnosis", dx.diagnosis.code) else (),
        related_lines=pointing[1:],
        related_claims=(),
        adjustment=rule.adjustment,
        amount_at_risk=at_risk,
        citations=distinct([*rows, *_cited(rule, dx.facts)]),
        allowed=allowed,
    )
    return Hit(draft, rule, dx.claim.number, (dx.claim.number, None, dx.facts.position, None))


def claim_hit(rule: Rule, work: ClaimWork) -> Hit:
    """The finding of a claim rule, on no line."""
    claim, facts = work.claim, work.facts
    words: dict[str, Any] = {
        "claim": claim.claim_id,
        "line_count": facts.line_count,
        "diagnosis_count": facts.diagnosis_count,
        "billing_npi": shown("npi", claim.billing_npi),
        "referring_npi": shown("npi", claim.referring_npi),
        "attending_npi": shown("npi", claim.attending_npi),
        "service_facility_npi": shown("npi", claim.service_facility_npi),
        "total_charge": _dollars(facts.total_charge_cents),
        "line_charge": _dollars(facts.line_charge_cents),
        "envelope_faults": "; ".join(claim.envelope_faults),
        "first_service_date": _date(facts.first_service_day),
        "last_service_date": _date(facts.last_service_day),
        "last_day_of_care": _date(facts.last_service_day if facts.professional else facts.statement_to_day),
        "statement_from": _date(facts.statement_from_day),
        "statement_to": _date(facts.statement_to_day),
        "submitted": _date(facts.submitted_day),
        "frequency": claim.frequency,
        "billing_taxonomy": shown("taxonomy", claim.billing_taxonomy),
        "admission": _date(facts.admission_day),
        "duplicate_of": work.duplicate_of.claim.claim_id if work.duplicate_of is not None else "",
    }
    allowed = allowed_for(work.lines)
    draft = Draft(
        severity=rule.severity,
        claim=claim.claim_id,
        line=None,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(claim.file, claim.byte, claim.segment),
        codes=(),
        related_lines=(),
        related_claims=(work.duplicate_of.claim.claim_id,) if work.duplicate_of is not None else (),
        adjustment=rule.adjustment,
        amount_at_risk=claim.total_charge or Decimal(0),
        citations=distinct(_cited(rule, facts)),
        allowed=allowed,
    )
    return Hit(draft, rule, work.number, (work.number, None, None, None))


def _cited(rule: Rule, *facts: object) -> tuple[Citation, ...]:
    """The documents that a finding of the rule on these facts rests on."""
    return rule.citations if rule.cites is None else rule.cites(*facts)


def _draft(
    rule: Rule,
    line: LineWork,
    words: Mapping[str, Any],
    rows: Sequence[Citation | None],
    *,
    severity: Severity,
    codes: tuple[str, ...],
    related_lines: tuple[int, ...],
    related_claims: tuple[str, ...],
    priced: Sequence[LineWork],
) -> Draft:
    """The finding on a line, citing ``rows``; ``priced`` are the lines that it puts at risk, the line itself first."""
    allowed = allowed_for(priced)
    at_risk = line.line.charge or Decimal(0)
    for other in priced[1:]:
        at_risk += other.line.charge or Decimal(0)
    return Draft(
        severity=severity,
        claim=line.claim.claim.claim_id,
        line=line.line.line_no,
        message=rule.message.format_map(words),
        fix=_fix(rule, words),
        at=Place(line.claim.claim.file, line.line.byte, line.line.segment),
        codes=codes,
        related_lines=related_lines,
        related_claims=related_claims,
        adjustment=_adjustment(rule, line),
        amount_at_risk=at_risk,
        citations=distinct(rows),
        allowed=allowed,
    )


def finished(
    hit: Hit, adjustment: Adjustment | None, appeal: Appeal | None, documentation: tuple[str, ...], fix: Fix
) -> Finding:
    """The finding with its denial, the appeal of it, what the record must show, and what it offers to change."""
    rule, draft = hit.rule, hit.draft
    return Finding(
        rule.code,
        rule.name,
        draft.severity,
        draft.claim,
        draft.line,
        draft.message,
        fix,
        draft.at,
        draft.codes,
        draft.related_lines,
        draft.related_claims,
        adjustment,
        draft.amount_at_risk,
        draft.citations,
        appeal,
        documentation,
        draft.allowed.amount,
        draft.allowed.reason,
    )


def _adjustment(rule: Rule, line: LineWork) -> Adjustment | None:
    """The denial to expect. Payers other than Medicare answer a pair edit with CO-97, not CO-236 (convention)."""
    expected = rule.adjustment
    if expected is not None and expected.carc == NCCI_CARC and line.claim.facts.medicare == 0:
        return _of_another_payer(expected)
    return coverage_adjustment(expected, line)


@lru_cache(maxsize=4096)
def _of_another_payer(expected: Adjustment) -> Adjustment:
    return replace(expected, carc="97")


def _fix(rule: Rule, words: Mapping[str, Any]) -> Fix:
    fix = rule.fix
    text = fix.text.format_map(words)
    return fix if text == fix.text else Fix(fix.action, fix.safety, text, fix.changes)


def _rows(rule: Rule, line: LineWork, skip: str = "") -> list[Citation | None]:
    """The table rows a rule stands on for a line, in the order the rule names its tables."""
    rows: list[Citation | None] = []
    for table in rule.tables:
        if table == skip:
            continue
        if table == "mpfs" and line.fee_row is not None:
            rows += _fee_row(line)
            continue
        found = line.answers.get(table)
        if found is not None:
            rows.append(cite_answer(found, _key(table, line)))
    return rows


def _key(table: str, line: LineWork) -> str:
    """What was looked up in a table for a line."""
    if table == "modifier":
        return odd_modifiers(line)
    return shown("place of service", line.line.pos) if table == "pos" else shown("procedure", line.line.hcpcs)


def _fee_row(line: LineWork) -> list[Citation]:
    """The fee schedule's row for the line's code and modifier, where a release has one."""
    release = line.answers["mpfs"].release if line.fee_row is not None else None
    return [cite_fact(line.fee_row, release)] if line.fee_row is not None and release is not None else []


class _Words(dict[str, Any]):
    """The words a message about a line, or a pair, may use, each made when a message asks for it.

    docs/reference/rule-messages.md lists them.
    """

    __slots__ = ("pair", "use", "work")

    def __init__(self, work: LineWork, pair: Pair | None = None, use: PolicyUse | None = None) -> None:
        self.work, self.pair, self.use = work, pair, use

    def __missing__(self, name: str) -> Any:
        if self.pair is not None and name in _PAIR_WORDS:
            said = _PAIR_WORDS[name](self.pair)
        elif name in _LINE_WORDS:
            said = _LINE_WORDS[name](self.work)
        else:
            said = self._of_topics(name)
        self[name] = said
        return said

    def _of_topics(self, name: str) -> Any:
        """Words that are told together, and only of some lines. Raises KeyError for a word there is not."""
        for topic in _TOPICS:
            found = topic(self.work)
            if name in found:
                return found[name]
        return policy_words(self.work, self.use)[name]


def _of_pair(pair: Pair) -> tuple[str, str, LineFacts, LineFacts]:
    return pair.edit.column_one, pair.edit.column_two, pair.one.facts, pair.two.facts


def _line_one(pair: Pair) -> int | str:
    one = pair.one
    if one.claim is pair.two.claim:
        return one.line.line_no
    return f"{one.line.line_no} of claim {one.claim.claim.claim_id}"


def _days_of_code(work: LineWork) -> dict[str, Date | str]:
    """The first and last day of a HCPCS Level II code, as its list gives them."""
    listed = work.answers.get("hcpcs")
    facts = listed.facts if listed is not None else ()
    begins, ends = (getattr(facts[0], name, None) if facts else None for name in ("valid_from", "valid_to"))
    return {"code_valid_from": begins or "an unknown date", "code_valid_to": ends or "an unknown date"}


def _referred_to(work: LineWork) -> str:
    """The codes in force to which the HCPCS file refers a code, as it does with one in six of those that ended."""
    day, listed = work.day, work.answers.get("hcpcs")
    row = listed.facts[0] if listed is not None and listed.facts else None
    if day is None or not isinstance(row, HcpcsCode):
        return ""
    names = [name for name in row.successors.split() if not has_ended(day, name)]
    return f"; the HCPCS file refers {shown('procedure', work.line.hcpcs)} to {' or '.join(names)}" if names else ""


def _imaging_word(work: LineWork, name: str) -> str:
    answer: Answer[Any] | None = work.answers.get("imaging")
    return str(getattr(answer.fact, name)) if answer is not None and answer.known else ""


def _imaging_partners(one: LineWork, two: LineWork) -> str:
    """The codes that stand for Column One with the imaging that Column Two is."""
    imaging = one.answers.get("imaging")
    if imaging is None or not imaging.known or one.day is None:
        return ""
    flags = two.facts.imaging_modalities
    return " or ".join(code for code, stands_for in partner_flags(one.day, imaging).items() if stands_for & flags)


def _others_of_npi(work: LineWork) -> list[LineWork]:
    """The other lines of the claim that name the line's rendering provider."""
    npi = work.line.rendering_npi
    return [other for other in work.claim.lines if other is not work and other.line.rendering_npi == npi]


def _lines_of_npi(work: LineWork) -> str:
    many = len(_others_of_npi(work))
    more = f" and {many:,} more" if many else ""
    return f"line {work.line.line_no}{more}"


def _repeated_line(work: LineWork) -> str:
    first = work.repeats
    if first is None:
        return "no line"
    of_claim = "" if first.claim is work.claim else f" of the earlier claim {first.claim.claim.claim_id}"
    return f"line {first.line.line_no}{of_claim}"


def _other_anesthetist(work: LineWork) -> str:
    """The modifiers and place of the earlier line for the same anesthesia."""
    other = work.other_anesthetist
    if other is None:
        return "no line"
    of_claim = "" if other.claim is work.claim else f" of claim {other.claim.claim.claim_id}"
    return f"line {other.line.line_no}{of_claim} ({_modifiers(other)})"


def _before_words(work: LineWork) -> dict[str, Any]:
    """The service before, or after, to which a line belongs; and the visit before that of a new patient."""
    if work.surgery is None and work.seen is None:
        return {}
    words: dict[str, Any] = {}
    if work.surgery is not None:
        surgery = work.surgery.line
        days = work.surgery.facts.global_days
        words["surgery"] = f"{shown('procedure', surgery.hcpcs)} of {surgery.service_from}"
        words["global_days"] = days if days <= LONGEST_GLOBAL_DAYS else ""
        words["days_after"] = work.facts.service_day - work.surgery.facts.service_day
    if work.seen is not None:
        words["seen_before"] = f"{shown('procedure', work.seen.line.hcpcs)} of {work.seen.line.service_from}"
    return words


def _both_sides_advice(work: LineWork) -> str:
    """For the codes that 50 fits, by their bilateral indicator, and the billers who report both sides by it."""
    if work.facts.bilateral not in {1, 3} or is_surgery_center(work.claim.claim.billing_taxonomy, work.line.pos):
        return ""
    return " If it was done on both sides, one unit on one line with modifier 50 is enough."


def _code_of_both_sides_advice(work: LineWork) -> str:
    """For the lines of a day that bill a left and a right side of a code that 50 does not fit."""
    billed = {modifier for line in work.counted_with for modifier in line.line.modifiers}
    if work.facts.bilateral in {1, 3} or not billed >= {"LT", "RT"}:
        return ""
    hcpcs = shown("procedure", work.line.hcpcs)
    if work.facts.bilateral == _BOTH_SIDES_ALREADY:
        return f" The fee of {hcpcs} is for both sides already: bill one unit for both."
    return f" If a code stands for {hcpcs} on both sides, bill that one in place of the LT and RT lines."


def _day_limit_advice(work: LineWork) -> str:
    """What may be billed in a day; where both sides are billed, the code of both comes first."""
    limit = f"no more than {work.facts.mue_value} of {shown('procedure', work.line.hcpcs)} that day"
    of_both = _code_of_both_sides_advice(work).strip()
    if of_both and work.facts.bilateral != _BOTH_SIDES_ALREADY:
        return f"{of_both} Otherwise report {limit}."
    return " ".join(filter(None, (of_both, f"Report {limit}.{_both_sides_advice(work)}")))


def _undivided_advice(work: LineWork) -> str:
    """What to do with 26 or TC on a code that has no such share: another code may stand for what was done."""
    hcpcs = shown("procedure", work.line.hcpcs)
    if not of_another_share(work.facts):
        return f"Remove 26 or TC from {hcpcs}, or bill the code that stands for the share that was done"
    modifier, share = ("26", "interpretation") if "26" in work.line.modifiers else ("TC", "technical share")
    return (
        f"Bill the code of the {share} alone in place of {hcpcs}; take {modifier} off only if {hcpcs} itself was done"
    )


def _professional_share(work: LineWork) -> str:
    """How the professional share of a test is billed: a code of the whole test (PC/TC 4) has no 26."""
    hcpcs = work.line.hcpcs
    if work.facts.pc_tc_indicator == _WHOLE_TEST:
        return f"Bill the code of the interpretation alone in place of {hcpcs}"
    return f"Add 26 to {hcpcs}"


def _modifiers(work: LineWork) -> str:
    return ", ".join(shown("modifier", modifier) for modifier in work.line.modifiers) or "no modifier"


def _plain(number: float) -> str:
    return "no" if number < 0 else f"{number:.4f}".rstrip("0").rstrip(".")


def _dollars(cents: int) -> str:
    return "an unknown amount" if cents < 0 else f"${cents // 100:,}.{cents % 100:02d}"


def _date(ordinal: int) -> Date | str:
    return Date.fromordinal(ordinal) if ordinal else "an unknown date"


# --- the words by name

_PAIR_WORDS: Final[dict[str, Callable[[Pair], Any]]] = {
    "column_one": lambda pair: pair.edit.column_one,
    "column_two": lambda pair: pair.edit.column_two,
    "modifier_indicator": lambda pair: pair.edit.modifier_indicator,
    "rationale": lambda pair: pair.edit.rationale,
    "modifier_advice": lambda pair: (
        "No modifier makes the pair payable"
        if pair.edit.modifier_indicator == 0
        else "If it served another procedure of the day, report it with the modifier that says so"
    ),
    "bundling": lambda pair: bundling(pair.edit.rationale),
    "distinct_advice": lambda pair: distinct_advice(*_of_pair(pair)),
    "undistinguished_advice": lambda pair: undistinguished_advice(*_of_pair(pair)),
    "screening_advice": lambda pair: screening_advice(pair.edit.column_one, pair.edit.column_two),
    "misfit_advice": lambda pair: misfit_advice(*_of_pair(pair)),
    "site_doubt": lambda pair: doubt_words(
        site_doubt(pair.facts, pair.one.facts, pair.two.facts), pair.edit.column_one, pair.edit.column_two
    ),
    "modifiers_one": lambda pair: _modifiers(pair.one),
    "modifiers_two": lambda pair: _modifiers(pair.two),
    "imaging_partner_one": lambda pair: _imaging_partners(pair.one, pair.two),
    "imaging_modality_one": lambda pair: _imaging_word(pair.one, "modality"),
    "line_one": _line_one,
    "line_two": lambda pair: pair.two.line.line_no,
}

_LINE_WORDS: Final[dict[str, Callable[[LineWork], Any]]] = {
    "hcpcs": lambda work: shown("procedure", work.line.hcpcs),
    "line_no": lambda work: work.line.line_no,
    "modifiers": _modifiers,
    "units": lambda work: _plain(work.facts.units),
    "units_per_day": lambda work: _plain(work.facts.units_per_day),
    "units_of_day": lambda work: _plain(work.facts.units_of_day),
    "units_day": lambda work: work.units_day or "an unknown date",
    "both_sides_advice": _both_sides_advice,
    "day_limit_advice": _day_limit_advice,
    "code_of_both_sides_advice": _code_of_both_sides_advice,
    "mue_value": lambda work: work.facts.mue_value,
    "mue_mai": lambda work: work.facts.mue_mai,
    "service_date": lambda work: work.line.service_from or "an unknown date",
    "service_to": lambda work: work.line.service_to or "an unknown date",
    "pos": lambda work: shown("place of service", work.line.pos),
    "charge": lambda work: _dollars(work.facts.charge_cents),
    "status_indicator": lambda work: work.fee_row.status_indicator if work.fee_row is not None else "",
    "pc_tc_indicator": lambda work: work.fee_row.pc_tc_indicator if work.fee_row is not None else "",
    "own_global_days": lambda work: work.fee_row.global_days if work.fee_row is not None else "",
    "multiple_procedure": lambda work: work.facts.multiple_procedure,
    "bilateral": lambda work: work.facts.bilateral,
    "assistant": lambda work: work.facts.assistant,
    "co_surgeon": lambda work: work.facts.co_surgeon,
    "team_surgeon": lambda work: work.facts.team_surgeon,
    "professional_share": _professional_share,
    "undivided_advice": _undivided_advice,
    "primaries": lambda work: some(sorted(primaries_of(work))) or "none listed",
    "repeated_line": _repeated_line,
    "rendering_npi": lambda work: shown("npi", work.line.rendering_npi),
    "lines_of_npi": _lines_of_npi,
    "rendering_taxonomy": lambda work: shown("taxonomy", work.line.rendering_taxonomy),
    "sided_diagnoses": lambda work: some(work.sided_diagnoses),
    "statement_from": lambda work: work.claim.claim.statement_from or "an unknown date",
    "statement_to": lambda work: work.claim.claim.statement_to or "an unknown date",
    "revenue_code": lambda work: shown("revenue code", work.line.revenue_code),
    "diagnosis_count": lambda work: work.facts.diagnosis_count,
    "diagnosis_pointers": lambda work: ", ".join(map(str, work.line.diagnosis_pointers)),
    "submitted": lambda work: work.claim.claim.submitted_on or "an unknown date",
    "medicare_filing_day": lambda work: _date(work.facts.medicare_filing_day),
    "imaging_partner": lambda work: _imaging_word(work, "partner"),
    "imaging_modality": lambda work: _imaging_word(work, "modality"),
    "odd_modifiers": odd_modifiers,
    "referred_to": _referred_to,
    "other_anesthetist": _other_anesthetist,
}

_TOPICS: Final = (_days_of_code, _before_words, family_words, coverage_words)

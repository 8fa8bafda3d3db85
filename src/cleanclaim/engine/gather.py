"""Claims and the book brought together: the facts each rule sees, gathered once.

The unit of work is all lines of one patient, provider, payer and service date, over all claims of the input.
A line whose code no loaded release speaks for is marked as missing that table, so that its claim is never
called clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.claims.model import POINTABLE_ROLES, REPLACEMENT_OR_VOID, VOID, Claim, ClaimLine, ClaimType
from cleanclaim.engine.add_ons import add_on_facts, add_ons_of_day, primaries_elsewhere
from cleanclaim.engine.code_state import code_state, lacks_seventh_character
from cleanclaim.engine.convert import cents, npi_state, number, ordinal
from cleanclaim.engine.coverage import coverage_facts
from cleanclaim.engine.diagnosis_notes import diagnosis_notes
from cleanclaim.engine.duplicates import mark_duplicate_claims, mark_duplicate_lines
from cleanclaim.engine.endoscopy import endoscopies_of_day
from cleanclaim.engine.filing import medicare_filing_day
from cleanclaim.engine.globals import look_over_time
from cleanclaim.engine.history import earlier_claims, looked_at_alone, mark_superseded
from cleanclaim.engine.imaging import modality_flags, partner_flags
from cleanclaim.engine.modifier_facts import (
    informs_before_pricing,
    modifiers_of_day,
    modifiers_of_line,
    modifiers_of_pairs,
)
from cleanclaim.engine.pairs import pairs_of, pairs_of_colleagues
from cleanclaim.engine.payers import as_filed, payer_facts, recognise_payers
from cleanclaim.engine.providers import provider_facts
from cleanclaim.engine.shown import shown, shown_diagnosis, some
from cleanclaim.engine.units import is_surgery_center, unit_limit, units_counted, units_of_day
from cleanclaim.engine.work import ClaimWork, DiagnosisWork, LineWork, Pair, Work
from cleanclaim.index.lookup import Answer, DayBook, OpenBook
from cleanclaim.rules.code_groups import (
    FLUOROSCOPY,
    GUIDANCE_OF_ENCOUNTER,
    NEVER_DISTINCT,
    PRIMARY_BY_COLLEAGUE,
    PROFESSIONAL_SHARE_ONLY,
    code_kind,
    code_number,
    is_evaluation_and_management,
    is_laboratory,
    is_surgery,
    is_unlisted,
)
from cleanclaim.rules.facts import (
    UNKNOWN,
    ClaimFacts,
    CodeKind,
    CodeState,
    DiagnosisFacts,
    DxState,
    Imaging,
    LineFacts,
)
from cleanclaim.rules.modifiers import ASSISTANTS, modifier_flags
from cleanclaim.types import Date, Setting

_SOURCES: Final = {"mpfs": "mpfs-rvu", "aoc": "ncci-aoc"}
"""Where the answer to a table comes from; the other edits are published apart for each kind of claim."""
GLOBAL_DAYS: Final = {"000": 0, "010": 10, "090": 90, "XXX": 100, "YYY": 101, "ZZZ": 102, "MMM": 103}
_IMAGING: Final = {
    "included": Imaging.INCLUDED,
    "without": Imaging.WITHOUT,
    "separately_reportable": Imaging.SEPARATELY_REPORTABLE,
    "guidance": Imaging.IS_GUIDANCE,
    "supervision_and_interpretation": Imaging.IS_SUPERVISION_AND_INTERPRETATION,
}
_PAID_STATUS: Final = frozenset("AR")
"""Status of services beside which P and T are bundled. Another T is none: the layout does not say which is paid."""
_COMPONENTS: Final = frozenset({"26", "TC"})
_THERAPIST_TAXONOMIES: Final = ("2251", "225X")
"""Physical Therapist and Occupational Therapist with their specializations (NUCC)."""
_MINUTES: Final = "MJ"
_MEDICARE: Final = frozenset({"MA", "MB"})
_UNSTATED: Final = frozenset({"", "ZZ"})
"""ZZ: the type of insurance is not known (005010X222A1, SBR09)."""
_X12_SEGMENTS: Final = frozenset({"SV1", "SV2"})
_HIPPS_REVENUE: Final = frozenset({"0022", "0023", "0024"})
"""Revenue codes whose line bears a rate code of a prospective payment system (HIPPS), which is no HCPCS code."""
_TOTAL_REVENUE: Final = "0001"
"""The revenue code of a line that repeats the claim's total."""
_FEE_ROW_MODIFIERS: Final = ("26", "TC", "53")


def gather(
    claims: Sequence[Claim], book: OpenBook, known_on: Date | None = None, history: Sequence[Claim] = ()
) -> Work:
    """The facts of ``claims``, which with ``history`` must hold every claim of each patient they name.

    Claims of the history stand before the others, and their numbers are negative.
    """
    claims, history = as_filed(claims, book.policies), as_filed(history, book.policies)
    works = [_claim_work(claim, number) for number, claim in enumerate(claims)]
    if history:
        earlier = earlier_claims(claims, history)
        works[:0] = [_claim_work(claim, number) for number, claim in enumerate(earlier, start=-len(earlier))]
    mark_superseded(works)
    mark_duplicate_claims(works)
    pairs: list[Pair] = []
    for work in works:
        for claim_line in work.claim.lines:
            day = None if claim_line.service_from is None else book.as_of(claim_line.service_from, known_on)
            work.lines.append(_line_work(work, claim_line, day))
        _claim_facts(work)
        provider_facts(work, book, known_on)
        _diagnoses(work, book, known_on)
        diagnosis_notes(work)
        coverage_facts(work)
    groups = _groups(works)
    for lines in _over_all_days(groups):
        units_of_day(lines)
    for group in groups.values():
        for line in group:
            line.group = group
        add_ons_of_day(group)
        mark_duplicate_lines(group)
        _same_day_services(group)
        modifiers_of_day(group)
        of_group = list(pairs_of(group))
        modifiers_of_pairs(of_group)
        endoscopies_of_day(group, of_group)
        pairs += of_group
    pairs += pairs_of_colleagues(
        group for (alone, _, _, assistant, *_), group in groups.items() if alone is None and not assistant
    )
    primaries_elsewhere(line for work in works for line in work.lines)
    recognise_payers(works, book.policies)
    pairs = payer_facts(works, pairs)
    pairs.sort(key=lambda pair: (pair.two.claim.number, pair.two.line.line_no, pair.one.line.line_no))
    return Work(works, pairs, looks_back=look_over_time(works, pairs))


# --- lines


def _line_work(work: ClaimWork, line: ClaimLine, day: DayBook | None) -> LineWork:
    claim = work.claim
    is_hcpcs = line.code_system == "HC" and bool(line.hcpcs) and line.revenue_code.zfill(4) not in _HIPPS_REVENUE
    minutes = line.unit_basis == _MINUTES
    units = float(line.units) if line.units is not None else -1.0
    pointers = line.diagnosis_pointers
    pointed = sum(1 for diagnosis in claim.diagnoses if diagnosis.role in POINTABLE_ROLES)
    facts = LineFacts(
        line_no=line.line_no,
        service_day=ordinal(line.service_from),
        service_end_day=ordinal(line.service_to or line.service_from) if line.service_from is not None else 0,
        units=-1.0 if minutes else units,
        minutes=units if minutes else -1.0,
        charge_cents=cents(line.charge),
        modifiers=modifier_flags(line.modifiers),
        modifier_count=len(line.modifiers),
        repeated_modifier=len(set(line.modifiers)) < len(line.modifiers),
        informs_before_pricing=informs_before_pricing(line.modifiers),
        code_kind=code_kind(line.hcpcs),
        code_number=code_number(line.hcpcs),
        is_hcpcs=is_hcpcs,
        professional=claim.claim_type is ClaimType.PROFESSIONAL,
        medicare=_medicare(claim),
        from_x12=line.segment in _X12_SEGMENTS,
        birth_day=ordinal(claim.patient_birth_date),
        submitted_day=ordinal(claim.submitted_on),
        original_claim=claim.frequency not in REPLACEMENT_OR_VOID,
        pointer_count=len(pointers),
        dangling_pointer=any(not 1 <= pointer <= pointed for pointer in pointers),
        repeated_pointer=len(set(pointers)) < len(pointers),
        diagnosis_count=pointed,
        rendering_npi=npi_state(line.rendering_npi),
        has_ndc=bool(line.ndc),
        has_note=bool(line.note),
        has_revenue_code=bool(line.revenue_code),
        statement_from_day=ordinal(claim.statement_from),
        statement_to_day=ordinal(claim.statement_to),
        spans_years=bool(line.service_from and line.service_to and line.service_from.year != line.service_to.year),
        evaluation_and_management=is_evaluation_and_management(line.hcpcs),
        laboratory=is_laboratory(line.hcpcs),
        fluoroscopy=line.hcpcs == FLUOROSCOPY,
        guidance_of_encounter=line.hcpcs in GUIDANCE_OF_ENCOUNTER,
        surgery=is_surgery(line.hcpcs),
        unlisted=is_unlisted(line.hcpcs),
        physical_or_occupational_therapist=line.rendering_taxonomy.startswith(_THERAPIST_TAXONOMIES),
        never_distinct=line.hcpcs in NEVER_DISTINCT,
        primary_by_colleague=line.hcpcs in PRIMARY_BY_COLLEAGUE,
        units_per_day=float(units_counted(line)),
    )
    facts.is_measure = facts.code_kind == CodeKind.CATEGORY_II
    if facts.medicare == 1:
        facts.medicare_filing_day = medicare_filing_day(claim, line)
    made = LineWork(work, line, facts, day)
    if not is_hcpcs:
        if line.code_system != "HC":
            system = shown("code system", line.code_system)
            made.missing["hcpcs"] = f"the procedure is coded in system {system}, which has no edits here"
    elif day is None:
        for table in ("hcpcs", "mpfs", "mue", "aoc", "ptp", "pos"):
            made.missing[table] = "the line has no readable service date"
    elif facts.code_kind != CodeKind.MALFORMED:
        _book_facts(made, day)
    return made


def _book_facts(work: LineWork, day: DayBook) -> None:
    line, facts, setting = work.line, work.facts, work.claim.setting
    if line.modifiers:
        modifiers_of_line(work, day)
    code = line.hcpcs
    fee = _ask(work, "mpfs", day.fee_schedule(code))
    if fee.known:
        _fee_schedule_facts(work, fee)
    if facts.professional:
        _place_facts(work, day)
    _code_state(work, day, fee)
    imaging = day.imaging(code)
    if imaging.known:
        facts.imaging = _IMAGING[imaging.fact.state]
        facts.imaging_modalities = modality_flags(imaging.fact.modality)
        if facts.imaging == Imaging.WITHOUT:
            facts.imaging_modalities = reduce(or_, partner_flags(day, imaging).values(), 0)
        work.answers["imaging"] = imaging
    if setting is Setting.NONE:
        return
    mue = _ask(work, "mue", unit_limit(work.claim.claim, day, code))
    if mue.no_data and not day.mue(setting, code).no_data:  # the supplier's limit is what was wanted
        work.missing["mue"] = _no_release(work, f"ncci-mue-{Setting.DME}")
    if mue.known:
        facts.mue_value, facts.mue_mai = mue.fact.mue_value, mue.fact.mai
    add_on = _ask(work, "aoc", day.add_on(code))
    if add_on.known:
        add_on_facts(work, add_on)


def _ask(work: LineWork, table: str, answer: Answer[Any]) -> Answer[Any]:
    """Keep an answer; note the table as missing where no release speaks for the code on the date."""
    work.answers[table] = answer
    if answer.no_data:
        work.missing[table] = _no_release(work, _SOURCES.get(table) or f"ncci-{table}-{work.claim.setting}")
    return answer


def _no_release(work: LineWork, source: str) -> str:
    return f"no release covers {shown('procedure', work.line.hcpcs)} on {work.line.service_from} ({source})"


def _fee_schedule_facts(work: LineWork, fee: Answer[FeeScheduleRow]) -> None:
    facts = work.facts
    rows = {row.modifier: row for row in fee.facts}
    base = rows.get("") or fee.fact
    row = base
    for modifier in _FEE_ROW_MODIFIERS:
        if modifier in work.line.modifiers:
            facts.has_row_for_modifier = modifier in rows
            row = rows.get(modifier, base)
            break
    work.fee_row = row
    facts.has_fee_schedule = True
    facts.status_indicator = ord(row.status_indicator)
    facts.global_status_indicator = ord(base.status_indicator)
    facts.pc_tc_indicator = number(row.pc_tc_indicator)
    facts.global_days = GLOBAL_DAYS.get(base.global_days, UNKNOWN)
    facts.multiple_procedure = number(row.multiple_procedure)
    facts.bilateral = number(row.bilateral)
    facts.assistant = number(row.assistant)
    facts.co_surgeon = number(row.co_surgeon)
    facts.team_surgeon = number(row.team_surgeon)
    facts.is_measure = facts.is_measure or base.status_indicator == "M"


def _place_facts(work: LineWork, day: DayBook) -> None:
    facts, pos = work.facts, work.line.pos
    if not pos:
        facts.pos_state = 2
        work.missing["pos"] = "the line names no place of service"
        return
    facts.place_of_service = number(pos)
    answer = day.place_of_service(pos)
    work.answers["pos"] = answer
    if answer.no_data:
        work.missing["pos"] = "no list of places of service is loaded"
        return
    facts.pos_state = 1 if answer.known else 0
    facts.professional_share_only = pos in PROFESSIONAL_SHARE_ONLY and not is_surgery_center(
        work.claim.claim, work.line
    )
    if answer.known:
        facts.facility = int(answer.fact.facility)
        row = work.fee_row
        if row is not None:
            facts.na_here = row.na_facility if facts.facility else row.na_nonfacility


def _code_state(work: LineWork, day: DayBook, fee: Answer[FeeScheduleRow]) -> None:
    state, listed = code_state(day, work.claim.setting, work.line.hcpcs, fee)
    work.facts.code_state = state
    work.answers["hcpcs"] = listed
    if state is CodeState.NO_DATA or listed.no_data:  # the fee schedule alone does not tell when a code ended
        level_two = work.facts.code_kind == CodeKind.LEVEL_II
        work.missing["hcpcs"] = _no_release(work, "hcpcs" if level_two else _SOURCES["mpfs"])


# --- what depends on the other lines of the day


Key = tuple[object, ...]


def _groups(works: Iterable[ClaimWork]) -> dict[Key, list[LineWork]]:
    """Lines of one patient, provider, payer, setting and service date, in input order.

    An assistant's lines (80, 81, 82, AS) are another provider's.
    A claim that does not stand beside others is looked at alone (``history.looked_at_alone``).
    """
    groups: dict[Key, list[LineWork]] = {}
    for work in works:
        claim = work.claim
        alone = looked_at_alone(work)
        for line in work.lines:
            if not line.facts.is_hcpcs:
                continue
            provider = line.line.rendering_npi or claim.rendering_npi or claim.billing_npi
            if claim.claim_type is ClaimType.INSTITUTIONAL:
                provider = claim.billing_npi
            key = (
                work.number if alone else None,
                claim.patient_key,
                provider,
                any(modifier in ASSISTANTS for modifier in line.line.modifiers),
                claim.payer_id,
                work.setting,
                line.line.service_from,
            )
            groups.setdefault(key, []).append(line)
    return groups


def _over_all_days(groups: dict[Key, list[LineWork]]) -> Iterator[list[LineWork]]:
    """The same groups with the days put together, since a line over a range of days counts on each of them."""
    whole: dict[Key, list[list[LineWork]]] = {}
    for (*key, _), group in groups.items():
        whole.setdefault(tuple(key), []).append(group)
    for of_days in whole.values():
        if len(of_days) == 1:
            yield of_days[0]
        else:
            yield sorted((line for group in of_days for line in group), key=LineWork.place)


def _same_day_services(group: list[LineWork]) -> None:
    paid = [work for work in group if work.fee_row is not None and work.fee_row.status_indicator in _PAID_STATUS]
    billed_whole = {_but_for_component(work.line) for work in group if _COMPONENTS.isdisjoint(work.line.modifiers)}
    for work in group:
        work.facts.incident_to_same_day_service = any(other is not work for other in paid)
        work.facts.component_of_global = (
            not _COMPONENTS.isdisjoint(work.line.modifiers) and _but_for_component(work.line) in billed_whole
        )


def _but_for_component(line: ClaimLine) -> tuple[str, str, frozenset[str]]:
    """What two lines of one service share: a side, or a modifier that says repeated or distinct, tells them apart."""
    return line.hcpcs, line.pos, frozenset(line.modifiers) - _COMPONENTS


# --- diagnoses


def _diagnoses(work: ClaimWork, book: OpenBook, known_on: Date | None) -> None:
    claim = work.claim
    when = _diagnosis_date(work)
    day = book.as_of(when, known_on) if when is not None else None
    work.dx_day = day
    seen: set[tuple[str, str]] = set()
    for position, diagnosis in enumerate(claim.diagnoses, start=1):
        key = (diagnosis.code, "" if diagnosis.role in POINTABLE_ROLES else diagnosis.role)
        facts = DiagnosisFacts(
            position=position,
            code_number=code_number(diagnosis.code),
            is_icd10cm=diagnosis.system == "icd10cm",
            is_icd9cm=diagnosis.system == "icd9cm",
            service_day=when.toordinal() if when is not None else 0,
            repeated=key in seen,
            principal=position == 1 and diagnosis.role in POINTABLE_ROLES,
            external_cause=diagnosis.code[:1] in {"V", "W", "X", "Y"} and diagnosis.system == "icd10cm",
            characters=len(diagnosis.code),
        )
        seen.add(key)
        made = DiagnosisWork(work, diagnosis, facts)
        work.diagnoses.append(made)
        if day is not None and facts.is_icd10cm:
            _diagnosis_state(made, day)
        elif not facts.is_icd10cm:
            work.missing["icd10cm"] = "a diagnosis is not coded in ICD-10-CM, the only list of diagnoses here"
        elif day is None:
            work.missing["icd10cm"] = "the claim has no readable service date"
    if work.uncovered and day is not None:
        work.missing["icd10cm"] = f"no release covers {some(work.uncovered)} on {day.day} (icd10cm)"


def _diagnosis_state(work: DiagnosisWork, day: DayBook) -> None:
    code = work.diagnosis.code
    answer = day.icd10cm(code)
    work.answer = answer
    if answer.known:
        work.facts.state = DxState.BILLABLE if answer.fact.billable else DxState.NOT_BILLABLE
    elif answer.no_data or answer.stale:
        work.claim.uncovered.append(shown_diagnosis(work.diagnosis))
    elif lacks_seventh_character(day, code):
        work.facts.state = DxState.NOT_BILLABLE
    else:
        work.facts.state = DxState.NOT_IN_FORCE if day.ever("icd10cm", code) else DxState.UNKNOWN_CODE


def _diagnosis_date(work: ClaimWork) -> Date | None:
    """ICD-10-CM binds by the discharge date of an inpatient claim, else by the date of service."""
    claim = work.claim
    if work.setting is Setting.NONE and claim.statement_to is not None:
        return claim.statement_to
    dates = [line.service_from for line in claim.lines if line.service_from is not None]
    return min(dates) if dates else claim.statement_from


# --- claims


def _claim_work(claim: Claim, number: int) -> ClaimWork:
    return ClaimWork(claim, number, ClaimFacts(), claim.setting, history=number < 0, void=claim.frequency == VOID)


def _claim_facts(work: ClaimWork) -> None:
    claim = work.claim
    lines = [line.facts for line in work.lines]
    days = [line.service_day for line in lines if line.service_day]
    charges = [line.facts.charge_cents for line in work.lines if line.line.revenue_code.zfill(4) != _TOTAL_REVENUE]
    measures = [line.is_measure for line in lines]
    coded = any(line.facts.is_hcpcs for line in work.lines)
    if coded and work.setting is Setting.NONE and not claim.inpatient:
        # Which edits bind home health, dialysis, hospice and the like is in no table at hand.
        kind = f"type of bill {claim.bill_type}x" if claim.bill_type else f"{claim.claim_type} claims"
        for table in ("ptp", "mue", "aoc"):
            work.missing[table] = f"no loaded table says which procedure edits bind {kind}"
    work.facts = ClaimFacts(
        professional=claim.claim_type is ClaimType.PROFESSIONAL,
        line_count=len(lines),
        diagnosis_count=len(claim.diagnoses),
        total_charge_cents=cents(claim.total_charge),
        line_charge_cents=UNKNOWN if not charges or UNKNOWN in charges else sum(charges),
        from_x12=bool(lines) and all(line.from_x12 for line in lines),
        billing_npi=npi_state(claim.billing_npi),
        rendering_npi=npi_state(claim.rendering_npi),
        referring_npi=npi_state(claim.referring_npi),
        attending_npi=npi_state(claim.attending_npi),
        service_facility_npi=npi_state(claim.service_facility_npi),
        frequency=number(claim.frequency),
        has_original_reference=bool(claim.original_reference),
        duplicate_claim=work.duplicate_of is not None,
        medicare=_medicare(claim),
        measures_only=bool(measures) and all(measures),
        has_measure=any(measures),
        first_service_day=min(days, default=0),
        last_service_day=max((line.service_end_day for line in lines), default=0),
        statement_from_day=ordinal(claim.statement_from),
        statement_to_day=ordinal(claim.statement_to),
        submitted_day=ordinal(claim.submitted_on),
        birth_day=ordinal(claim.patient_birth_date),
        sex_stated=bool(claim.patient_sex),
        admission_day=ordinal(claim.admission_date),
        envelope_fault=bool(claim.envelope_faults),
    )


def _medicare(claim: Claim) -> int:
    """1 filed with Medicare Part A or B, 0 with another payer, -1 where the claim does not say.

    SBR09 decides; where it is blank, the payer's name. A plan that calls itself Medicare Advantage is another payer.
    """
    if claim.filing_indicator not in _UNSTATED:
        return int(claim.filing_indicator in _MEDICARE)
    if not claim.payer_name:
        return UNKNOWN
    return int("MEDICARE" in claim.payer_name and "ADVANTAGE" not in claim.payer_name)

"""What is billed on one line, and what the book says of it: the facts of a line that no other line decides.

Lines that bill the same code with the same modifiers at the same place, on days on which the book answers alike, have
most of their facts in common. These are gathered once (:class:`Billed`) and copied to each such line, which makes a
batch, and a service that checks claim by claim, several times faster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any, Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.claims.model import POINTABLE_ROLES, REPLACEMENT_OR_VOID, Claim, ClaimLine, ClaimType
from cleanclaim.engine.add_ons import add_on_facts
from cleanclaim.engine.code_state import code_state
from cleanclaim.engine.convert import cents, npi_state, number, ordinal
from cleanclaim.engine.diagnosed import SEXES
from cleanclaim.engine.diagnosis_notes import years_of_age
from cleanclaim.engine.filing import medicare_filing_day
from cleanclaim.engine.globals import over_time
from cleanclaim.engine.imaging import modality_flags, partner_flags
from cleanclaim.engine.modifier_facts import informs_before_pricing, modifiers_of_line
from cleanclaim.engine.shown import shown
from cleanclaim.engine.units import (
    DmeSupplier,
    dme_supplier,
    is_surgery_center,
    unit_limit,
    units_counted,
)
from cleanclaim.engine.work import DAY, Billed, ClaimWork, LineWork
from cleanclaim.index.lookup import Answer, DayBook
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
from cleanclaim.rules.facts import UNKNOWN, CodeKind, CodeState, Imaging, LineFacts, Sex
from cleanclaim.rules.modifiers import modifier_flags
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
_THERAPIST_TAXONOMIES: Final = ("2251", "225X")
"""Physical Therapist and Occupational Therapist with their specializations (NUCC)."""
_MINUTES: Final = "MJ"
_MEDICARE: Final = frozenset({"MA", "MB"})
_UNSTATED: Final = frozenset({"", "ZZ"})
"""ZZ: the type of insurance is not known (005010X222A1, SBR09)."""
X12_SEGMENTS: Final = frozenset({"SV1", "SV2"})
_HIPPS_REVENUE: Final = frozenset({"0022", "0023", "0024"})
"""Revenue codes whose line bears a rate code of a prospective payment system (HIPPS), which is no HCPCS code."""
_FEE_ROW_MODIFIERS: Final = ("26", "TC", "53")
_DATED_TABLES: Final = ("hcpcs", "mpfs", "mue", "aoc", "ptp", "pos")
"""What is not asked for a line without a readable service date."""


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """What every line of a claim has from the claim, and what of it decides how the book is asked.

    Claims filed alike share one, which therefore is told from others by its identity.
    """

    setting: Setting
    professional: bool
    medicare: int
    taxonomy: str
    supplier: DmeSupplier

    @classmethod
    def of(cls, claim: Claim) -> Filed:
        """What decides for the lines of ``claim``."""
        return _filed(claim.setting, claim.claim_type, medicare_of(claim), claim.billing_taxonomy, dme_supplier(claim))


@lru_cache(maxsize=4096)
def _filed(setting: Setting, form: ClaimType, medicare: int, taxonomy: str, supplier: DmeSupplier) -> Filed:
    return Filed(setting, form is ClaimType.PROFESSIONAL, medicare, taxonomy, supplier)


class OfClaim:
    """What every line of a claim has from the claim, as its facts hold it."""

    __slots__ = (
        "_age",
        "birth_date",
        "birth_day",
        "diagnosis_count",
        "original_claim",
        "patient_sex",
        "statement_from_day",
        "statement_to_day",
        "submitted_day",
    )

    def __init__(self, claim: Claim) -> None:
        self.birth_date = claim.patient_birth_date
        self.birth_day = ordinal(claim.patient_birth_date)
        self.patient_sex = SEXES.get(claim.patient_sex, Sex.UNKNOWN)
        self.submitted_day = ordinal(claim.submitted_on)
        self.original_claim = claim.frequency not in REPLACEMENT_OR_VOID
        self.diagnosis_count = sum([diagnosis.role in POINTABLE_ROLES for diagnosis in claim.diagnoses])
        self.statement_from_day = ordinal(claim.statement_from)
        self.statement_to_day = ordinal(claim.statement_to)
        self._age: tuple[Date | None, int] = (None, UNKNOWN)

    def age_on(self, day: Date | None) -> int:
        """The patient's age in whole years, which is that of the day asked for before on most lines."""
        if day != self._age[0]:
            self._age = (day, years_of_age(self.birth_date, day))
        return self._age[1]


SHARED: Final = frozenset(
    """
    modifiers modifier_count repeated_modifier informs_before_pricing code_kind code_number is_hcpcs professional
    medicare from_x12 has_revenue_code evaluation_and_management laboratory fluoroscopy guidance_of_encounter surgery
    unlisted never_distinct primary_by_colleague is_measure
    pos_state place_of_service facility professional_share_only code_state has_fee_schedule has_row_for_modifier
    status_indicator global_status_indicator pc_tc_indicator global_days multiple_procedure bilateral assistant
    co_surgeon team_surgeon na_here mue_value mue_mai add_on_type add_on_edits_outdated unknown_modifier
    unlisted_modifier ended_modifier future_modifier surgery_center imaging imaging_modalities
    """.split()
)
"""The facts of a line that :class:`Billed` settles; nothing changes them afterwards."""


def line_work(work: ClaimWork, filed: Filed, of_claim: OfClaim, line: ClaimLine, day: DayBook | None) -> LineWork:
    """A line with the facts that no other line decides. ``filed`` and ``of_claim`` serve all lines of a claim."""
    billed = billed_of(filed, line, day)
    missing = billed.missing
    if missing:
        missing = {table: why.replace(DAY, str(line.service_from)) for table, why in missing.items()}
    return LineWork(
        work,
        line,
        _own_facts(work.claim, of_claim, line, billed),
        day,
        billed,
        billed.answers.copy(),
        missing or {},
        billed.fee_row,
        odd_modifiers=billed.odd_modifiers,
    )


def medicare_of(claim: Claim) -> int:
    """1 filed with Medicare Part A or B, 0 with another payer, -1 where the claim does not say.

    SBR09 decides; where it is blank, the payer's name. A plan that calls itself Medicare Advantage is another payer.
    """
    if claim.filing_indicator not in _UNSTATED:
        return int(claim.filing_indicator in _MEDICARE)
    if not claim.payer_name:
        return UNKNOWN
    return int("MEDICARE" in claim.payer_name and "ADVANTAGE" not in claim.payer_name)


# --- a line's own


@cache
def copier() -> Callable[[LineFacts], LineFacts]:
    """A function that copies a line's facts: three times as fast as ``copy``, which goes through a dictionary."""
    names = [of_line.name for of_line in fields(LineFacts)]
    text = "".join(f"\n    made.{name} = facts.{name}" for name in names)
    space: dict[str, Any] = {"LineFacts": LineFacts}
    exec(f"def copied(facts):\n    made = LineFacts.__new__(LineFacts){text}\n    return made", space)  # noqa: S102 - field names only
    made: Callable[[LineFacts], LineFacts] = space["copied"]
    return made


def _own_facts(claim: Claim, of_claim: OfClaim, line: ClaimLine, billed: Billed) -> LineFacts:
    facts = copier()(billed.facts)
    units = -1.0 if line.units is None else float(line.units)
    first, last = line.service_from, line.service_to
    facts.line_no = line.line_no
    if first is not None:
        facts.service_day = facts.service_end_day = first.toordinal()
        if last is not None and last != first:
            facts.service_end_day = last.toordinal()
            facts.spans_years = last.year != first.year
    if line.unit_basis == _MINUTES:
        facts.minutes = units
    else:
        facts.units = units
        one_day = facts.service_end_day <= facts.service_day
        facts.units_per_day = max(units, 0.0) if one_day else float(units_counted(line))
    facts.charge_cents = cents(line.charge)
    facts.birth_day = of_claim.birth_day
    facts.age_years = of_claim.age_on(first)
    facts.patient_sex = of_claim.patient_sex
    facts.submitted_day = of_claim.submitted_day
    facts.original_claim = of_claim.original_claim
    facts.diagnosis_count = of_claim.diagnosis_count
    pointers = line.diagnosis_pointers
    if pointers:
        facts.pointer_count = len(pointers)
        facts.dangling_pointer, facts.repeated_pointer = _faults(pointers, of_claim.diagnosis_count)
    facts.rendering_npi = npi_state(line.rendering_npi)
    facts.has_ndc = bool(line.ndc)
    facts.has_note = bool(line.note)
    facts.statement_from_day = of_claim.statement_from_day
    facts.statement_to_day = of_claim.statement_to_day
    facts.physical_or_occupational_therapist = line.rendering_taxonomy.startswith(_THERAPIST_TAXONOMIES)
    if facts.medicare == 1:
        facts.medicare_filing_day = medicare_filing_day(claim, line)
    return facts


@lru_cache(maxsize=4096)
def _faults(pointers: tuple[int, ...], diagnosis_count: int) -> tuple[bool, bool]:
    """Whether a pointer names no diagnosis of so many, and whether one stands there twice."""
    return min(pointers) < 1 or max(pointers) > diagnosis_count, len(set(pointers)) < len(pointers)


# --- what lines billed alike have in common


def billed_of(filed: Filed, line: ClaimLine, day: DayBook | None) -> Billed:
    """What a line has in common with lines billed alike; its facts are to be copied, see :func:`copier`."""
    has_revenue_code = bool(line.revenue_code)
    is_hcpcs = line.code_system == "HC" and bool(line.hcpcs)
    if has_revenue_code and line.revenue_code.zfill(4) in _HIPPS_REVENUE:
        is_hcpcs = False
    from_x12 = line.segment in X12_SEGMENTS
    if day is None:
        return _billed(filed, line, day, is_hcpcs=is_hcpcs)
    key = (
        line.hcpcs,
        line.modifiers,
        line.pos,
        filed,
        is_hcpcs,
        from_x12,
        has_revenue_code,
        is_hcpcs or line.code_system,
    )
    kept = day.period.kept
    found: Billed | None = kept.get(key)
    if found is None:
        found = kept.keep(key, _billed(filed, line, day, is_hcpcs=is_hcpcs))
    return found


def _billed(filed: Filed, line: ClaimLine, day: DayBook | None, *, is_hcpcs: bool) -> Billed:
    facts = LineFacts(
        modifiers=modifier_flags(line.modifiers),
        modifier_count=len(line.modifiers),
        repeated_modifier=len(set(line.modifiers)) < len(line.modifiers),
        informs_before_pricing=informs_before_pricing(line.modifiers),
        code_kind=code_kind(line.hcpcs),
        code_number=code_number(line.hcpcs),
        is_hcpcs=is_hcpcs,
        professional=filed.professional,
        medicare=filed.medicare,
        from_x12=line.segment in X12_SEGMENTS,
        has_revenue_code=bool(line.revenue_code),
        evaluation_and_management=is_evaluation_and_management(line.hcpcs),
        laboratory=is_laboratory(line.hcpcs),
        fluoroscopy=line.hcpcs == FLUOROSCOPY,
        guidance_of_encounter=line.hcpcs in GUIDANCE_OF_ENCOUNTER,
        surgery=is_surgery(line.hcpcs),
        unlisted=is_unlisted(line.hcpcs),
        never_distinct=line.hcpcs in NEVER_DISTINCT,
        primary_by_colleague=line.hcpcs in PRIMARY_BY_COLLEAGUE,
    )
    facts.is_measure = facts.code_kind == CodeKind.CATEGORY_II
    billed = Billed(facts)
    if not is_hcpcs:
        if line.code_system != "HC":
            system = shown("code system", line.code_system)
            billed.missing["hcpcs"] = f"the procedure is coded in system {system}, which has no edits here"
    elif day is None:
        billed.missing.update(dict.fromkeys(_DATED_TABLES, "the line has no readable service date"))
    elif facts.code_kind != CodeKind.MALFORMED:
        _book_facts(billed, filed, line, day)
    if filed.setting is Setting.PRACTITIONER and is_hcpcs and not is_surgery_center(filed.taxonomy, line.pos):
        billed.over_time = over_time(facts, billed.missing, line.hcpcs)
    return billed


def _book_facts(billed: Billed, filed: Filed, line: ClaimLine, day: DayBook) -> None:
    facts, setting, code = billed.facts, filed.setting, line.hcpcs
    if line.modifiers:
        facts.surgery_center = is_surgery_center(filed.taxonomy, line.pos)
        modifiers_of_line(billed, line, day)
    fee = _ask(billed, filed, code, "mpfs", day.fee_schedule(code))
    if fee.known:
        _fee_schedule_facts(billed, line, fee)
    if filed.professional:
        _place_facts(billed, filed, line, day)
    _code_state(billed, filed, code, day, fee)
    imaging = day.imaging(code)
    if imaging.known:
        facts.imaging = _IMAGING[imaging.fact.state]
        facts.imaging_modalities = modality_flags(imaging.fact.modality)
        if facts.imaging == Imaging.WITHOUT:
            facts.imaging_modalities = reduce(or_, partner_flags(day, imaging).values(), 0)
        billed.answers["imaging"] = imaging
    if setting is Setting.NONE:
        return
    mue = _ask(billed, filed, code, "mue", unit_limit(setting, filed.supplier, day, code))
    if mue.no_data and not day.mue(setting, code).no_data:  # the supplier's limit is what was wanted
        billed.missing["mue"] = _no_release(code, f"ncci-mue-{Setting.DME}")
    if mue.known:
        facts.mue_value, facts.mue_mai = mue.fact.mue_value, mue.fact.mai
    add_on = _ask(billed, filed, code, "aoc", day.add_on(code))
    if add_on.known:
        add_on_facts(facts, setting, add_on, day.day)


def _ask(billed: Billed, filed: Filed, hcpcs: str, table: str, answer: Answer[Any]) -> Answer[Any]:
    """Keep an answer; note the table as missing where no release speaks for the code on the date."""
    billed.answers[table] = answer
    if answer.no_data:
        billed.missing[table] = _no_release(hcpcs, _SOURCES.get(table) or f"ncci-{table}-{filed.setting}")
    return answer


def _no_release(hcpcs: str, source: str) -> str:
    return f"no release covers {shown('procedure', hcpcs)} on {DAY} ({source})"


def _fee_schedule_facts(billed: Billed, line: ClaimLine, fee: Answer[FeeScheduleRow]) -> None:
    facts = billed.facts
    rows = {row.modifier: row for row in fee.facts}
    base = rows.get("") or fee.fact
    row = base
    for modifier in _FEE_ROW_MODIFIERS:
        if modifier in line.modifiers:
            facts.has_row_for_modifier = modifier in rows
            row = rows.get(modifier, base)
            break
    billed.fee_row = row
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


def _place_facts(billed: Billed, filed: Filed, line: ClaimLine, day: DayBook) -> None:
    facts, pos = billed.facts, line.pos
    if not pos:
        facts.pos_state = 2
        billed.missing["pos"] = "the line names no place of service"
        return
    facts.place_of_service = number(pos)
    answer = day.place_of_service(pos)
    billed.answers["pos"] = answer
    if answer.no_data:
        billed.missing["pos"] = "no list of places of service is loaded"
        return
    facts.pos_state = 1 if answer.known else 0
    facts.professional_share_only = pos in PROFESSIONAL_SHARE_ONLY and not is_surgery_center(filed.taxonomy, pos)
    if answer.known:
        facts.facility = int(answer.fact.facility)
        row = billed.fee_row
        if row is not None:
            facts.na_here = row.na_facility if facts.facility else row.na_nonfacility


def _code_state(billed: Billed, filed: Filed, hcpcs: str, day: DayBook, fee: Answer[FeeScheduleRow]) -> None:
    state, listed = code_state(day, filed.setting, hcpcs, fee)
    billed.facts.code_state = state
    billed.answers["hcpcs"] = listed
    if state is CodeState.NO_DATA or listed.no_data:  # the fee schedule alone does not tell when a code ended
        level_two = billed.facts.code_kind == CodeKind.LEVEL_II
        billed.missing["hcpcs"] = _no_release(hcpcs, "hcpcs" if level_two else _SOURCES["mpfs"])

"""Claims and the book brought together: the facts each rule sees, gathered once.

The unit of work is all lines of one patient, provider, payer and service date, over all claims of the input.
A line whose code no loaded release speaks for is marked as missing that table, so that its claim is never
called clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final

from cleanclaim.claims.model import POINTABLE_ROLES, VOID, Claim, ClaimLine, ClaimType
from cleanclaim.engine.add_ons import add_ons_of_day, primaries_elsewhere
from cleanclaim.engine.convert import cents, npi_state, number, ordinal
from cleanclaim.engine.coverage import coverage_facts
from cleanclaim.engine.diagnosed import diagnosed
from cleanclaim.engine.diagnosis_notes import diagnosis_notes
from cleanclaim.engine.duplicates import mark_duplicate_claims, mark_duplicate_lines
from cleanclaim.engine.endoscopy import endoscopies_of_day
from cleanclaim.engine.globals import look_over_time
from cleanclaim.engine.history import earlier_claims, looked_at_alone, mark_superseded
from cleanclaim.engine.line_facts import Filed, OfClaim, line_work
from cleanclaim.engine.modifier_facts import (
    modifiers_of_day,
    modifiers_of_pairs,
)
from cleanclaim.engine.pairs import pairs_of, pairs_of_colleagues
from cleanclaim.engine.payers import as_filed, payer_facts, recognise_payers
from cleanclaim.engine.providers import provider_facts
from cleanclaim.engine.services_of_day import anesthetists_of_day, complexity_of_day, own_services
from cleanclaim.engine.shown import shown_diagnosis, some
from cleanclaim.engine.units import units_of_day
from cleanclaim.engine.work import ClaimWork, DiagnosisWork, LineWork, Pair, Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.facts import UNKNOWN, ClaimFacts, DiagnosisFacts
from cleanclaim.rules.modifiers import ASSISTANTS
from cleanclaim.types import Date, Setting

_PAID_STATUS: Final = frozenset("AR")
"""Status of services beside which P and T are bundled. Another T is none: the layout does not say which is paid."""
_places_of_pair: Final = attrgetter("two.claim.number", "two.line.line_no", "one.line.line_no")
_COMPONENTS: Final = frozenset({"26", "TC"})
_ASSISTANTS: Final = frozenset(ASSISTANTS)
WAIVES_SEX_EDIT: Final = "KX"
"""The modifier that says that a claim of the other sex than its codes is right."""
TOTAL_REVENUE: Final = "0001"
"""The revenue code of a line that repeats the claim's total."""


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
        work.alone = looked_at_alone(work)
        filed, of_claim = Filed.of(work.claim), OfClaim(work.claim)
        for claim_line in work.claim.lines:
            day = None if claim_line.service_from is None else book.as_of(claim_line.service_from, known_on)
            work.lines.append(line_work(work, filed, of_claim, claim_line, day))
        _claim_facts(work, filed, of_claim)
        provider_facts(work, book, known_on)
        _diagnoses(work, of_claim, book, known_on)
        diagnosis_notes(work)
        coverage_facts(work)
        own_services(work)
    groups = _groups(works)
    for lines in _over_all_days(groups):
        units_of_day(lines)
    for group in groups.values():
        for line in group:
            line.group = group
        add_ons_of_day(group)
        complexity_of_day(group)
        if len(group) > 1:
            mark_duplicate_lines(group)
            _same_day_services(group)
            modifiers_of_day(group)
            of_group = pairs_of(group)
            modifiers_of_pairs(of_group)
            endoscopies_of_day(group, of_group)
            pairs += of_group
    pairs += pairs_of_colleagues(
        group for (alone, _, _, assistant, *_), group in groups.items() if alone is None and not assistant
    )
    anesthetists_of_day(works)
    primaries_elsewhere(works)
    recognise_payers(works, book.policies)
    pairs = payer_facts(works, pairs)
    pairs.sort(key=_places_of_pair)
    return Work(works, pairs, looks_back=look_over_time(works, pairs))


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
        number = work.number if work.alone else None
        institutional = claim.claim_type is ClaimType.INSTITUTIONAL
        for line in work.lines:
            if not line.facts.is_hcpcs:
                continue
            billed = line.line
            provider = claim.billing_npi if institutional else claim.rendered_by(billed)
            assists = bool(billed.modifiers) and not _ASSISTANTS.isdisjoint(billed.modifiers)
            key = (number, claim.patient_key, provider, assists, claim.payer_id, work.setting, billed.service_from)
            group = groups.get(key)
            if group is None:
                groups[key] = [line]
            else:
                group.append(line)
    return groups


def _over_all_days(groups: dict[Key, list[LineWork]]) -> Iterator[list[LineWork]]:
    """The same groups with the days put together, since a line over a range of days counts on each of them."""
    if len(groups) == 1:
        yield from groups.values()
        return
    whole: dict[Key, list[list[LineWork]]] = {}
    for key, group in groups.items():
        whole.setdefault(key[:-1], []).append(group)
    for of_days in whole.values():
        if len(of_days) == 1:
            yield of_days[0]
        else:
            yield sorted((line for group in of_days for line in group), key=LineWork.place)


def _same_day_services(group: list[LineWork]) -> None:
    paid = [work for work in group if work.fee_row is not None and work.fee_row.status_indicator in _PAID_STATUS]
    for work in group if paid else ():
        work.facts.incident_to_same_day_service = len(paid) > 1 or paid[0] is not work
    components = [work for work in group if not _COMPONENTS.isdisjoint(work.line.modifiers)]
    if components:
        billed_whole = {_but_for_component(work.line) for work in group if _COMPONENTS.isdisjoint(work.line.modifiers)}
        for work in components:
            work.facts.component_of_global = _but_for_component(work.line) in billed_whole


def _but_for_component(line: ClaimLine) -> tuple[str, str, frozenset[str]]:
    """What two lines of one service share: a side, or a modifier that says repeated or distinct, tells them apart."""
    return line.hcpcs, line.pos, frozenset(line.modifiers) - _COMPONENTS


# --- diagnoses


def _diagnoses(work: ClaimWork, of_claim: OfClaim, book: OpenBook, known_on: Date | None) -> None:
    when = _diagnosis_date(work)
    day = book.as_of(when, known_on) if when is not None else None
    work.dx_day = day
    if not work.claim.diagnoses:
        return
    said_of = [diagnosed(diagnosis, day) for diagnosis in work.claim.diagnoses]
    born, age_days, age_years = of_claim.birth_date, UNKNOWN, UNKNOWN
    if born is not None and when is not None and born <= when:
        age_days, age_years = (when - born).days, of_claim.age_on(when)
    waived = True in [WAIVES_SEX_EDIT in line.line.modifiers for line in work.lines]
    newborn = True in [said.newborn for said in said_of]
    seen: set[tuple[str, str]] = set()
    service_day = 0 if when is None else when.toordinal()
    for position, (diagnosis, said) in enumerate(zip(work.claim.diagnoses, said_of, strict=True), start=1):
        of_reasons = diagnosis.role in POINTABLE_ROLES
        key = (diagnosis.code, "" if of_reasons else diagnosis.role)
        facts = DiagnosisFacts(
            position=position,
            code_number=said.code_number,
            state=said.state,
            is_icd10cm=said.is_icd10cm,
            is_icd9cm=said.is_icd9cm,
            service_day=service_day,
            repeated=key in seen,
            principal=position == 1 and of_reasons,
            external_cause=said.external_cause,
            characters=len(diagnosis.code),
            manifestation=said.manifestation,
            sex=said.sex,
            newborn_code_beside=newborn,
        )
        seen.add(key)
        work.diagnoses.append(DiagnosisWork(work, diagnosis, facts, said, said.answer, {**said.own_notes}))
        if not said.is_icd10cm:
            work.missing["icd10cm"] = "a diagnosis is not coded in ICD-10-CM, the only list of diagnoses here"
            continue
        facts.patient_sex, facts.age_days, facts.age_years = of_claim.patient_sex, age_days, age_years
        facts.sex_edit_waived, facts.maternal = waived, said.maternal
        if day is None:
            work.missing["icd10cm"] = "the claim has no readable service date"
        elif said.uncovered:
            work.uncovered.append(shown_diagnosis(diagnosis))
    if work.uncovered and day is not None:
        codes = some(tuple(dict.fromkeys(work.uncovered)))
        work.missing["icd10cm"] = f"no release covers {codes} on {day.day} (icd10cm)"


def _diagnosis_date(work: ClaimWork) -> Date | None:
    """ICD-10-CM binds by the discharge date of an inpatient claim, else by the date of service."""
    claim = work.claim
    if work.setting is Setting.NONE and claim.statement_to is not None:
        return claim.statement_to
    dates = [line.service_from for line in claim.lines if line.service_from is not None]
    return min(dates) if dates else claim.statement_from


# --- claims


_NO_FACTS: Final = ClaimFacts()
"""Of claims whose lines are still to be looked at."""


def _claim_work(claim: Claim, number: int) -> ClaimWork:
    return ClaimWork(claim, number, _NO_FACTS, claim.setting, history=number < 0, void=claim.frequency == VOID)


def _claim_facts(work: ClaimWork, filed: Filed, of_claim: OfClaim) -> None:
    claim, lines = work.claim, work.lines
    charges: list[int] = []
    measures = of_x12 = first_day = last_day = 0
    for line in lines:
        facts, revenue_code = line.facts, line.line.revenue_code
        if not revenue_code or revenue_code.zfill(4) != TOTAL_REVENUE:
            charges.append(facts.charge_cents)
        measures += facts.is_measure
        of_x12 += facts.from_x12
        if facts.service_day and not 0 < first_day < facts.service_day:
            first_day = facts.service_day
        last_day = max(last_day, facts.service_end_day)
    if work.setting is Setting.NONE and not claim.inpatient and any(line.facts.is_hcpcs for line in lines):
        # Which edits bind home health, dialysis, hospice and the like is in no table at hand.
        kind = f"type of bill {claim.bill_type}x" if claim.bill_type else f"{claim.claim_type} claims"
        for table in ("ptp", "mue", "aoc"):
            work.missing[table] = f"no loaded table says which procedure edits bind {kind}"
    work.facts = ClaimFacts(
        professional=filed.professional,
        line_count=len(lines),
        diagnosis_count=len(claim.diagnoses),
        total_charge_cents=cents(claim.total_charge),
        line_charge_cents=UNKNOWN if not charges or UNKNOWN in charges else sum(charges),
        from_x12=0 < of_x12 == len(lines),
        billing_npi=npi_state(claim.billing_npi),
        rendering_npi=npi_state(claim.rendering_npi),
        referring_npi=npi_state(claim.referring_npi),
        attending_npi=npi_state(claim.attending_npi),
        service_facility_npi=npi_state(claim.service_facility_npi),
        frequency=number(claim.frequency),
        has_original_reference=bool(claim.original_reference),
        duplicate_claim=work.duplicate_of is not None,
        medicare=filed.medicare,
        measures_only=0 < measures == len(lines),
        has_measure=measures > 0,
        first_service_day=first_day,
        last_service_day=last_day,
        statement_from_day=of_claim.statement_from_day,
        statement_to_day=of_claim.statement_to_day,
        submitted_day=of_claim.submitted_day,
        birth_day=of_claim.birth_day,
        sex_stated=bool(claim.patient_sex),
        admission_day=ordinal(claim.admission_date),
        envelope_fault=bool(claim.envelope_faults),
    )

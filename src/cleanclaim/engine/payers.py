"""Payers' own policies brought to claims: whose claim it is, and which facts of that payer bind which line.

A fact binds a line by its codes, dates, indicators and conditions. What it asks is put into the line's facts, where a
rule reads it; the fact itself is kept beside them, for the finding to cite. Where several facts of one kind bind a
line, the one it breaks is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cleanclaim.book.payers import Policies, Policy, PolicyFact
from cleanclaim.book.payers.model import Kind, Style, Wanted, When
from cleanclaim.claims.model import Claim, ClaimType
from cleanclaim.engine.payer_frequency import count_frequencies, months_after
from cleanclaim.engine.payer_pairs import bundle, set_edits_aside
from cleanclaim.engine.payer_use import keep
from cleanclaim.engine.shown import shown, some
from cleanclaim.engine.work import ClaimWork, LineWork, Pair
from cleanclaim.rules.pay import styles
from cleanclaim.types import Date

_COMMERCIAL: Final = frozenset({"12", "13", "14", "15", "BL", "CI", "HM"})
"""SBR09: preferred provider, point of service, exclusive provider, indemnity, Blue Cross, commercial, HMO."""
_LINES_OF_BUSINESS: Final = {"16": "medicare_advantage", "MC": "medicaid"} | dict.fromkeys(_COMMERCIAL, "commercial")
_NONPHYSICIANS: Final = ("363A", "363L", "364S")
"""Physician Assistant, Nurse Practitioner, Clinical Nurse Specialist (NUCC)."""
_BILATERAL: Final = {Style.ONE_LINE_50: styles.ONE_LINE_50, Style.TWO_LINES_LT_RT: styles.TWO_LINES_LT_RT}
_STYLES: Final = {
    Style.DISTINCT_X: styles.DISTINCT_X,
    Style.DISTINCT_59: styles.DISTINCT_59,
    Style.MULTIPLE_51: styles.MULTIPLE_51,
    Style.NO_MULTIPLE_51: styles.NO_MULTIPLE_51,
    Style.ASSISTANT_AS: styles.ASSISTANT_AS,
    Style.SIDE_SHOWN: styles.SIDE_SHOWN,
}
_SURGICAL: Final = frozenset({2, 3})
"""Multiple procedure indicators of procedures that are ranked by their value (RVU25D.pdf)."""
_OTHER_SIDE: Final = {"LT": "RT", "RT": "LT"}
_MEDICARE: Final = {ClaimType.PROFESSIONAL: "MB", ClaimType.INSTITUTIONAL: "MA"}
_MEDICARE_OR_UNSTATED: Final = frozenset({"MA", "MB", "", "ZZ"})
PRIMARY: Final = frozenset({"", "P"})
BLUE: Final = "a Blue Cross Blue Shield company"
_WANTED: Final = {Wanted.ATTACHMENT: 1, Wanted.NOTE: 2}


def as_filed(claims: Sequence[Claim], policies: Policies) -> Sequence[Claim]:
    """The claims as filed with the payer that was named for all of them; as they are where none was named."""
    forced = policies.forced
    if forced is None:
        return claims
    if any(policy.medicare for policy in forced.policies):
        return [replace(claim, filing_indicator=_MEDICARE.get(claim.claim_type, "MB")) for claim in claims]
    return [_not_medicare(claim) for claim in claims]


def _not_medicare(claim: Claim) -> Claim:
    """The claim without what it says of Medicare; where it says nothing else, as one to a commercial insurer."""
    indicator = "CI" if claim.filing_indicator in _MEDICARE_OR_UNSTATED else claim.filing_indicator
    medicare = "MEDICARE" in claim.payer_name and "ADVANTAGE" not in claim.payer_name
    return replace(claim, filing_indicator=indicator, payer_name="" if medicare else claim.payer_name)


def payer_notes(works: Iterable[ClaimWork], policies: Policies) -> list[str]:
    """What a report must say of payers whose own policies were not checked."""
    unknown: dict[str, int] = {}
    for work in works:
        if payer := payer_without_policy(work):
            unknown[payer] = unknown.get(payer, 0) + 1
    return notes_on_payers(unknown, policies)


def notes_on_payers(claims_of: Mapping[str, int], policies: Policies) -> list[str]:
    """The same, told from how many claims each payer without a policy has."""
    unknown = dict(claims_of)
    blue = unknown.pop(BLUE, 0)
    notes = list(policies.notes)
    if blue:
        notes.append(
            f"{_many(blue)} of {BLUE} without a policy here, or that {_does(blue)} not tell "
            "which: what one Blue company asks binds no other, so none was applied."
        )
    if unknown:
        named = some([f"{payer} ({_many(count)})" for payer, count in sorted(unknown.items())])
        notes.append(f"No payer policy here for {named}: what these payers ask of their own was not checked.")
    return notes


def payer_without_policy(work: ClaimWork) -> str:
    """The payer of a claim whose own policies are not here, as a report names it; "" where they are."""
    if work.payer.blue:
        return BLUE
    return "" if work.payer.policies else shown("payer", work.claim.payer_id) or "no payer identifier"


def _many(count: int) -> str:
    return "1 claim" if count == 1 else f"{count:,} claims"


def _does(count: int) -> str:
    return "does" if count == 1 else "do"


def recognise_payers(works: Iterable[ClaimWork], policies: Policies) -> None:
    """Tell every claim whose it is."""
    for work in works:
        claim = work.claim
        work.payer = policies.recognise(claim.payer_id, claim.payer_name, medicare=work.facts.medicare == 1)


def payer_facts(works: Sequence[ClaimWork], pairs: list[Pair]) -> list[Pair]:
    """Put what the payers' policies ask into the facts of the lines; return the pairs that still stand."""
    bound = [
        (line, policy, fact)
        for work in works
        if work.payer.policies
        for line in work.lines
        for policy, fact in work.payer.facts_of(line.line.hcpcs)
        if _binds(fact, line)
    ]
    if not bound:
        return pairs
    limits = [entry for entry in bound if entry[2].kind is Kind.FREQUENCY]
    bundles = [entry for entry in bound if entry[2].kind is Kind.BUNDLING]
    for line, policy, fact in bound:
        _ask(line, policy, fact)
    count_frequencies(limits)
    if bundles:
        pairs = set_edits_aside(bundles, pairs)
        bundle(bundles, pairs)
    return pairs


def line_of_business(claim: Claim) -> str:
    """commercial, medicare_advantage, medicaid, or "" where the claim does not say."""
    name = claim.payer_name
    if "MEDICAID" in name or "COMMUNITY PLAN" in name:
        return "medicaid"
    if "ADVANTAGE" in name or "MEDICARE" in name or "DUAL COMPLETE" in name:
        return "medicare_advantage"
    return _LINES_OF_BUSINESS.get(claim.filing_indicator, "")


# --- which facts bind


def _binds(fact: PolicyFact, line: LineWork) -> bool:
    day = line.line.service_from
    coded = line.facts.is_hcpcs or fact.kind is Kind.TIMELY_FILING
    if day is None or not coded or not fact.in_force(day):
        return False
    for name, values in fact.indicators:
        if getattr(line.facts, name) not in values:
            return False
    return fact.everywhere or _holds(fact.when, line)


def _holds(when: When, line: LineWork) -> bool:
    claim, modifiers = line.claim.claim, line.line.modifiers
    return (
        (not when.modifiers_any or not when.modifiers_any.isdisjoint(modifiers))
        and when.modifiers_none.isdisjoint(modifiers)
        and (not when.places or line.line.pos in when.places)
        and (not when.claim_types or claim.claim_type in when.claim_types)
        and (not when.bill_types or claim.bill_type in when.bill_types)
        and (not when.lines_of_business or line_of_business(claim) in when.lines_of_business)
        and (not when.states or claim.billing_state in when.states)
        and (not when.taxonomies or _taxonomy(line).startswith(when.taxonomies))
        and (not when.taxonomies_not or not (_taxonomy(line) or "?").startswith((*when.taxonomies_not, "?")))
        and (not when.diagnoses or any(code.startswith(when.diagnoses) for code in _diagnoses(line)))
        and (not when.with_codes or any(other.line.hcpcs in when.with_codes for other in _others(line)))
    )


def _taxonomy(line: LineWork) -> str:
    return line.line.rendering_taxonomy or line.claim.claim.rendering_taxonomy


def _diagnoses(line: LineWork) -> list[str]:
    """Those the line points at; all of the claim where the form has no pointers."""
    pointers = line.line.diagnosis_pointers
    every = line.claim.claim.diagnoses
    if not pointers and line.claim.claim.claim_type is ClaimType.INSTITUTIONAL:
        return [diagnosis.code for diagnosis in every]
    return [every[pointer - 1].code for pointer in pointers if 1 <= pointer <= len(every)]


def _others(line: LineWork) -> list[LineWork]:
    return [other for other in line.group if other is not line]


# --- what they ask


def _ask(line: LineWork, policy: Policy, fact: PolicyFact) -> None:
    match fact.kind:
        case Kind.TIMELY_FILING:  # first, since it binds every line of some payers
            _ask_for_filing(line, policy, fact)
        case Kind.PRIOR_AUTHORIZATION:
            line.facts.authorization_required = True
            line.facts.has_authorization = bool(line.claim.claim.prior_authorization or line.line.prior_authorization)
            keep(line, "prior_authorization", policy, fact)
        case Kind.DOCUMENTATION:
            _ask_for_record(line, policy, fact)
        case Kind.MODIFIER_STYLE:
            _ask_for_style(line, policy, fact)
        case Kind.PLACE:
            if line.line.pos and line.line.pos not in fact.allowed_places:
                line.facts.place_refused = True
                keep(line, "place", policy, fact)
        case Kind.NOT_PAYABLE:
            beside = [other.line.hcpcs for other in _others(line)]
            if not any(code in fact.unless_with for code in beside):
                line.facts.not_payable = True
                keep(line, "not_payable", policy, fact)
        case Kind.FREQUENCY | Kind.BUNDLING:
            pass  # they look at other lines too: see payer_facts


def _ask_for_record(line: LineWork, policy: Policy, fact: PolicyFact) -> None:
    facts, claim = line.facts, line.claim.claim
    if fact.wanted is Wanted.RECORD:
        facts.record_read = True
        keep(line, "record", policy, fact)
        return
    facts.has_attachment = claim.has_attachment or line.line.has_attachment
    facts.claim_has_note = bool(claim.note)
    wanted = _WANTED[fact.wanted or Wanted.ATTACHMENT]
    if facts.record_wanted == 0 or wanted < facts.record_wanted:
        facts.record_wanted = wanted
        keep(line, "documentation", policy, fact, instead=True)
    elif wanted == facts.record_wanted:
        keep(line, "documentation", policy, fact)


def _ask_for_style(line: LineWork, policy: Policy, fact: PolicyFact) -> None:
    facts = line.facts
    if fact.style in _BILATERAL:
        style = _BILATERAL[fact.style]
        opposite = _line_of_other_side(line)
        facts.side_on_other_line = opposite is not None
        if facts.bilateral_style == 0 or styles.breaks_bilateral_style(style, facts):
            facts.bilateral_style = style
            keep(line, "bilateral_style", policy, fact, [opposite] if opposite is not None else [], instead=True)
        return
    style = _STYLES[fact.style or Style.SIDE_SHOWN]
    facts.nonphysician = _taxonomy(line).startswith(_NONPHYSICIANS)
    dearer = _dearer_procedure(line) if style == styles.MULTIPLE_51 else None
    facts.lesser_procedure = facts.lesser_procedure or dearer is not None
    if facts.modifier_style == 0 or not styles.breaks_modifier_style(facts.modifier_style, facts):
        facts.modifier_style = style
        keep(line, "modifier_style", policy, fact, [dearer] if dearer is not None else [], instead=True)


def _line_of_other_side(line: LineWork) -> LineWork | None:
    """An earlier line of the day that bills the code for the other side: the finding stands on the later one."""
    for side, other_side in _OTHER_SIDE.items():
        if side not in line.line.modifiers or other_side in line.line.modifiers:
            continue
        for other in _others(line):
            same = other.line.hcpcs == line.line.hcpcs
            if same and other_side in other.line.modifiers and other.place() < line.place():
                return other
    return None


def _dearer_procedure(line: LineWork) -> LineWork | None:
    """A surgical procedure of the day with more relative value than the line, or the first of equals."""
    value = _value(line)
    if value is None:
        return None
    for other in _others(line):
        of_other = _value(other)
        if of_other is not None and (of_other > value or (of_other == value and other.place() < line.place())):
            return other
    return None


def _value(line: LineWork) -> float | None:
    """Relative value units of a procedure that the fee schedule ranks among others; None for any other line."""
    row = line.fee_row
    if row is None or line.facts.multiple_procedure not in _SURGICAL:
        return None
    return float(row.total_facility or row.total_nonfacility)


def _ask_for_filing(line: LineWork, policy: Policy, fact: PolicyFact) -> None:
    """The last day to file, counted from the last day of service; of several limits the latest that has passed."""
    claim, facts = line.claim.claim, line.facts
    last = line.line.service_to or line.line.service_from
    if last is None:
        return
    start = Date(last.year, 12, 31) if fact.from_end_of_year else last
    limit = months_after(start, fact.months).toordinal() + fact.days
    facts.later_payer = claim.payer_responsibility not in PRIMARY
    before = facts.last_filing_day
    passed = limit < facts.submitted_day
    if before == 0 or (passed and (before >= facts.submitted_day or limit > before)):
        facts.last_filing_day = limit
        keep(line, "timely_filing", policy, fact, instead=True)

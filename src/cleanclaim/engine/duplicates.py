"""Lines and claims that bill again what an earlier one bills.

What makes two lines the same follows Medicare's exact-duplicate comparison: patient, provider, dates, procedure,
place of service and billed amount (CMS, MLN Matters MM8121, read as quoted). Modifiers, units, revenue code, drug
and note are compared too, since any of them tells services apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cleanclaim.claims.model import REPLACEMENT_OR_VOID, Claim, ClaimLine, ClaimType
from cleanclaim.rules.modifiers import REPEATED_SERVICE, any_of, modifier_flags

if TYPE_CHECKING:
    from cleanclaim.engine.work import ClaimWork, LineWork


def mark_duplicate_claims(works: Sequence[ClaimWork]) -> None:
    """A claim repeats an earlier one when patient, providers, payer and every line are the same.

    Not compared: replacements and voids, which repeat their original on purpose; dental claims, whose teeth are not
    read; claims all of whose lines say by a modifier that they are repeats; claims without any date; claims that were
    since replaced or voided.
    """
    if len(works) == 1:
        return
    alike: dict[tuple[Any, ...], list[ClaimWork]] = {}
    claims_of = Counter(work.claim.patient_key for work in works)
    for work in works:
        claim = work.claim
        if claims_of[claim.patient_key] == 1:
            continue
        if not claim.patient_key or claim.frequency in REPLACEMENT_OR_VOID or claim.claim_type is ClaimType.DENTAL:
            continue
        if work.superseded:
            continue
        if claim.statement_from is None and all(line.service_from is None for line in claim.lines):
            continue
        services = frozenset((line.hcpcs, line.service_from) for line in claim.lines)
        alike.setdefault((claim.patient_key, claim.billing_npi, claim.payer_id, services), []).append(work)
    for several in alike.values():
        if len(several) > 1:
            _mark_repeated(several)


def _mark_repeated(works: Iterable[ClaimWork]) -> None:
    """Among claims of one patient with the same services on the same days, those that repeat an earlier one."""
    seen: dict[tuple[Any, ...], ClaimWork] = {}
    for work in works:
        claim = work.claim
        if all(any_of(modifier_flags(line.modifiers), REPEATED_SERVICE) for line in claim.lines):
            continue
        first = seen.setdefault(billed_as(claim), work)
        if first is not work:
            work.duplicate_of = first


def lines_of_code(group: Sequence[LineWork]) -> dict[str, int]:
    """How many lines of a group bill each code."""
    many: dict[str, int] = {}
    for work in group:
        many[work.line.hcpcs] = many.get(work.line.hcpcs, 0) + 1
    return many


def mark_duplicate_lines(group: Sequence[LineWork]) -> None:
    """Among the lines of one patient, provider, payer and day, those that repeat an earlier one."""
    lines_of = lines_of_code(group)
    if len(lines_of) == len(group):
        return
    seen: dict[tuple[Any, ...], LineWork] = {}
    for work in group:
        if lines_of[work.line.hcpcs] == 1:
            continue
        if work.line.service_from is None or work.claim.duplicate_of is not None:
            continue
        first = seen.setdefault(_service(work.line), work)
        if first is not work:
            work.repeats = first
            work.facts.duplicate_line = True
            work.facts.duplicate_on_other_claim = first.claim is not work.claim


def billed_as(claim: Claim) -> tuple[Any, ...]:
    """All that two claims have in common of which one repeats the other."""
    lines = sorted((line.rendering_npi, *_service(line)) for line in claim.lines)
    return (
        claim.patient_key,
        claim.billing_npi,
        claim.rendering_npi,
        claim.payer_id,
        claim.claim_type,
        claim.bill_type,
        claim.statement_from,
        claim.statement_to,
        tuple(lines),
    )


def _service(line: ClaimLine) -> tuple[Any, ...]:
    """What is the same on two lines that bill one service twice. Every part can be sorted."""
    return (
        line.hcpcs,
        tuple(sorted(line.modifiers)),
        line.revenue_code,
        line.ndc,
        line.note,
        line.pos,
        str(line.service_from),
        str(line.service_to),
        line.unit_basis,
        _same_number(line.units),
        _same_number(line.charge),
    )


def _same_number(number: Decimal | None) -> str:
    """One text for one number: 1, 1.0 and 1.00 are the same."""
    return "" if number is None else str(number.normalize())

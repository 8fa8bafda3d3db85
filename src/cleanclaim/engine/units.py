"""Units of service as a medically unlikely edit (MUE) counts them, and the limit that binds a line.

Source: NCCI Policy Manual for Medicare 2026, I.V.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from cleanclaim.book.facts import MueLimit
from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.code_groups import code_kind
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Setting

_MINUTES: Final = "MJ"
_COMPONENTS: Final = ("26", "TC")
_DME_SUPPLIER_TAXONOMIES: Final = ("332B", "332H", "335E")
"""Durable medical equipment and medical supplies, eyewear, prosthetics and orthotics (NUCC)."""
_SUPPLIER_TAXONOMIES: Final = "33"
"""All suppliers (NUCC): pharmacies among them, which bill durable medical equipment and other services alike."""


class _DmeSupplier(Enum):
    """Whether a professional claim comes from a supplier of durable medical equipment (DME)."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


def units_counted(line: ClaimLine) -> Decimal:
    """The line's units on one day: over a range of days they are divided by the days and rounded.

    Minutes (anesthesia) are not units, and units the file does not give count nothing.
    """
    if line.units is None or line.units < 0 or line.unit_basis == _MINUTES:
        return Decimal(0)
    if line.service_from is None or line.service_to is None or line.service_to <= line.service_from:
        return line.units
    days = (line.service_to - line.service_from).days + 1
    return (line.units / days).to_integral_value(ROUND_HALF_UP)


def units_of_day(lines: Iterable[ClaimLine]) -> dict[str, Decimal]:
    """Units of each code over the lines of one patient, provider and day.

    The professional and the technical component of a service are one service (MPFS record layout, PC/TC 1), so a
    line with 26 and a line with TC count one unit together.
    """
    sums: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        component = next((modifier for modifier in _COMPONENTS if modifier in line.modifiers), "")
        of_code = sums.setdefault(line.hcpcs, {})
        of_code[component] = of_code.get(component, Decimal(0)) + units_counted(line)
    return {
        hcpcs: of_code.pop("", Decimal(0)) + max(of_code.values(), default=Decimal(0))
        for hcpcs, of_code in sums.items()
    }


def unit_limit(claim: Claim, day: DayBook, hcpcs: str) -> Answer[MueLimit]:
    """The limit that binds a code on a claim: the practitioner's, the outpatient hospital's or the DME supplier's.

    The practitioner's limit is 0 for most of what a DME supplier bills. Where a professional claim does not tell
    which of the two sent it, the wider limit is the answer, and no data where the supplier's could be wider but is
    not loaded.
    """
    own = day.mue(claim.setting, hcpcs)
    supplier = _dme_supplier(claim)
    if supplier is _DmeSupplier.NO:
        return own
    dme = day.mue(Setting.DME, hcpcs)
    if supplier is _DmeSupplier.YES:
        return dme
    if own.known and dme.known:
        return max(own, dme, key=lambda answer: answer.fact.mue_value)
    return dme if own.known and own.fact.mue_value == 0 and dme.no_data else own


def _dme_supplier(claim: Claim) -> _DmeSupplier:
    """By the billing taxonomy; without one, a claim with any code but HCPCS Level II is a practitioner's."""
    taxonomy = claim.billing_taxonomy
    if claim.setting is not Setting.PRACTITIONER:
        return _DmeSupplier.NO
    if taxonomy.startswith(_DME_SUPPLIER_TAXONOMIES):
        return _DmeSupplier.YES
    if taxonomy and not taxonomy.startswith(_SUPPLIER_TAXONOMIES):
        return _DmeSupplier.NO
    level_two = all(code_kind(line.hcpcs) is CodeKind.LEVEL_II for line in claim.lines if line.code_system == "HC")
    return _DmeSupplier.MAYBE if level_two else _DmeSupplier.NO

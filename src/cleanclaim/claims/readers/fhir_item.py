"""One item of a FHIR claim: its procedure, modifiers, units, charge, and the lines it stands for.

Element names, and the meaning of groups (item with detail): hl7.org/fhir/R4/claim-definitions.html. Qualifiers
of procedure codes are those of SV101-1 in the 837, with ``ZZ`` (mutually defined) for any other system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from cleanclaim.claims.readers.fhir_element import Coding, Element
from cleanclaim.claims.readers.values import BadValue, padded
from cleanclaim.types import Money

_PROCEDURE_SYSTEMS: Final = (
    (re.compile(r"/cpt|hcpcs|2\.16\.840\.1\.113883\.6\.(12|285)$|^$"), "HC"),
    (re.compile(r"/cdt"), "AD"),
    (re.compile(r"hipps"), "HP"),
    (re.compile(r"sid/ndc"), "NDC"),
    (re.compile(r"data-absent-reason|nubc\.org"), ""),
)
_OTHER_SYSTEM: Final = "ZZ"
_PREFERRED: Final = ("HC", "AD", "HP", _OTHER_SYSTEM)
_NOT_A_MODIFIER: Final = "bluebutton.cms.gov/resources/variables/"
_NOT_A_PLACE: Final = ("typeofbill", "taxonomy")
_UNIT_BASES: Final = {"min": "MJ", "minutes": "MJ", "minute": "MJ", "mj": "MJ", "d": "DA", "day": "DA", "days": "DA"}


class Procedure(NamedTuple):
    """What productOrService says: a procedure code with its qualifier, and a drug."""

    code: str = ""
    system: str = "HC"
    ndc: str = ""


def services(item: Element) -> list[tuple[Element, bool]]:
    """The lines of an item: itself, or, when it is a group, the details with a procedure code of their own.

    A group that has a procedure code too is a line besides, without a charge: its amount is that of its details.
    """
    inner: list[tuple[Element, bool]] = []
    for name in ("detail", "subDetail"):
        for part in item.children(name):
            within = services(part)
            if len(within) > 1 or procedure(within[0][0]).code:
                inner.extend(within)
    if not inner:
        return [(item, False)]
    own = procedure(item)
    return [(item, True), *inner] if own.code and own.system == "HC" else inner


def procedure(service: Element) -> Procedure:
    """The procedure code of an item or detail, CPT and HCPCS before others, and the drug named with it."""
    concept = service.child("productOrService")
    by_system: dict[str, Coding] = {}
    for coding in concept.codings():
        system = next((name for pattern, name in _PROCEDURE_SYSTEMS if pattern.search(coding.system)), _OTHER_SYSTEM)
        by_system.setdefault(system, coding)
    drug = (
        by_system["NDC"].code if "NDC" in by_system else concept.extension("sid/ndc").child("valueCoding").text("code")
    )
    for system in _PREFERRED:
        if system in by_system:
            return Procedure(by_system[system].code.upper(), system, drug)
    return Procedure(ndc=drug)


def modifiers(service: Element) -> Iterator[str]:
    """Modifiers as billed."""
    for concept in service.children("modifier"):
        for coding in concept.codings():
            if _NOT_A_MODIFIER not in coding.system:
                yield coding.code.upper()
                break


def units(quantity: Element) -> Decimal | None:
    """Units of a Quantity; None when there is none."""
    value = quantity.number("value")
    if value is not None and value < 0:
        raise BadValue("units below zero", quantity.at("value"))
    return value


def unit_basis(quantity: Element) -> str:
    """``MJ`` minutes, ``DA`` days, else ``UN``."""
    return _UNIT_BASES.get((quantity.text("code") or quantity.text("unit")).lower(), "UN")


def place_of_service(item: Element) -> str:
    """The CMS place of service code; ``""`` when the location is told otherwise."""
    for coding in item.child("locationCodeableConcept").codings():
        if not any(other in coding.system for other in _NOT_A_PLACE):
            return padded(coding.code, 2)
    return ""


def charge(service: Element, billed_units: Decimal | None) -> Money | None:
    """The submitted amount; else the net; else unit price times units (and factor), which defines the net."""
    amount = submitted(service, "adjudication")
    if amount is not None:
        return amount
    net = money(service.child("net"))
    price = money(service.child("unitPrice"))
    if net is not None or price is None or billed_units is None:
        return net
    factor = service.number("factor")
    return price * billed_units * (Decimal(1) if factor is None else factor)


def submitted(owner: Element, name: str) -> Money | None:
    """The amount of category ``submitted``. Unknown when there are several that differ.

    CMS files call the rate of a revenue center submitted as well; it is not the charge.
    """
    amounts: set[Money] = set()
    for entry in owner.children(name):
        codes = entry.child("category").codes()
        if "submitted" in codes and not any(code.endswith("_rate_amt") for code in codes):
            amount = money(entry.child("amount"))
            if amount is not None:
                amounts.add(amount)
    return amounts.pop() if len(amounts) == 1 else None


def money(amount: Element) -> Money | None:
    """US dollars of a Money; None when there is none."""
    currency = amount.text("currency").upper()
    if currency not in {"", "USD"}:
        raise BadValue("an amount in another currency than US dollars", amount.at("currency"))
    return amount.number("value")

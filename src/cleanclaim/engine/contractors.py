"""Which Medicare contractor a claim goes to, as far as the claim shows it.

The payer identifier names the contractor where it is a contractor's number. Otherwise the place decides: a professional
service goes to the Part B contractor of the ZIP code it was furnished in, a facility's claim to the Part A contractor
of its state (Medicare Claims Processing Manual, chapter 1, sections 10.1 and 80.3.2, read as quoted in public). A visit
at the patient's home is where the patient lives, which the claim as read does not tell. So is every claim of a
supplier of durable medical equipment (DME): without a number it may go to any contractor for those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.units import is_dme_supplier
from cleanclaim.index.lookup import DayBook

_HOME: Final = frozenset({"12", "13", "14", "32", "33", "54"})
"""Places where a visiting practitioner comes to the patient: home, assisted living, nursing and other residences."""
_HOME_HEALTH: Final = ("32", "33", "34")
_EQUIPMENT: Final = "DME"
_NUMBER_LENGTH: Final = 5
_OF_MANY_STATES: Final = "9"
"""Third digit of the contractor numbers for chains with providers in many states, which no state shows (convention)."""


@dataclass(frozen=True, slots=True)
class Contractors:
    """The contractors a claim may go to: their numbers, and for each its keys in the coverage database."""

    numbers: tuple[str, ...]
    keys: tuple[frozenset[str], ...]
    dme: bool = False
    """They are contractors for durable medical equipment."""


NOBODY: Final = Contractors((), ())


def contractors_of(claim: Claim, line: ClaimLine, day: DayBook) -> Contractors:
    """The contractor of a line, several where only its state is known and they share it, none where nothing shows."""
    key = (
        claim.payer_id,
        claim.claim_type,
        claim.bill_type,
        claim.billing_taxonomy,
        claim.billing_state,
        claim.billing_zip,
        claim.service_state,
        claim.service_zip,
        line.pos or claim.pos,
    )
    found: Contractors | None = day.kept.get(key)
    if found is None:
        found = day.kept.keep(key, _contractors(day, claim, line))
    return found


def _contractors(day: DayBook, claim: Claim, line: ClaimLine) -> Contractors:
    payer, role = claim.payer_id.strip(), _role(claim)
    state, zip_code = _place(claim, line)
    if len(payer) == _NUMBER_LENGTH and payer.isdigit() and (keys := _keys(day, payer)):
        of_number = day.coverage("contractor", payer).facts
        return Contractors((payer,), (keys,), dme=all(contractor.role == _EQUIPMENT for contractor in of_number))
    if is_dme_supplier(claim):
        return _all_for_equipment(day)
    if role == "B" and zip_code:
        located = day.zip_locality(zip_code)
        if located.known and not located.fact.divided and (keys := _keys(day, located.fact.carrier)):
            return Contractors((located.fact.carrier,), (keys,))
        state = located.fact.state if located.known and not state else state
    return _by_state(day, state, role)


def held_by(day: DayBook, table: str, document: str, version: str, who: Contractors) -> bool:
    """Every contractor to which the claim may go holds the document, says a table such as ``article-contractor``."""
    return bool(who.keys) and all(
        any(row.version == version for key in keys for row in day.coverage(table, document, key).facts)
        for keys in who.keys
    )


def _role(claim: Claim) -> str:
    if claim.claim_type is ClaimType.PROFESSIONAL:
        return "B"
    return "HHH" if claim.bill_type in _HOME_HEALTH else "A"


def _place(claim: Claim, line: ClaimLine) -> tuple[str, str]:
    """State and ZIP code of the service: its own place, else the billing provider's, which is no patient's home."""
    if claim.claim_type is ClaimType.PROFESSIONAL:
        if claim.service_zip or claim.service_state:
            return claim.service_state, claim.service_zip
        if (line.pos or claim.pos) in _HOME:
            return "", ""
    return claim.billing_state, claim.billing_zip


def _keys(day: DayBook, number: str) -> frozenset[str]:
    return frozenset(fact.contractor for fact in day.coverage("contractor", number).facts)


def _all_for_equipment(day: DayBook) -> Contractors:
    numbers = tuple(sorted({fact.number for fact in day.coverage("contractor-role", _EQUIPMENT).facts}))
    return Contractors(numbers, tuple(_keys(day, number) for number in numbers), dme=True)


def _by_state(day: DayBook, state: str, role: str) -> Contractors:
    found: dict[str, frozenset[str]] = {}
    for of_state in day.coverage("state", state).facts if state else ():
        for held in day.coverage("jurisdiction", of_state.state_id).facts:
            if (held.valid_from is not None and day.day < held.valid_from) or (
                held.valid_to is not None and held.valid_to < day.day
            ):
                continue
            for contractor in day.coverage("contractor-key", held.contractor).facts:
                if contractor.role == role and contractor.number[2] != _OF_MANY_STATES:
                    found[contractor.number] = _keys(day, contractor.number)
    numbers = tuple(sorted(found))
    return Contractors(numbers, tuple(found[number] for number in numbers))

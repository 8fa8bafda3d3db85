"""What a line is told of other services of the day that no edit table pairs with it, and of the ride it bills.

Office visits with 25 beside the complexity add-on G2211; two anesthetists who contradict each other on one anesthesia;
an ambulance's origin, destination and transport; a screening that the first diagnosis of a line says it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims.model import POINTABLE_ROLES, Claim, ClaimLine
from cleanclaim.rules.facts import Journey
from cleanclaim.rules.modifiers import ANESTHETISTS, M25, M78, M79, REPEATED_SERVICE, any_of
from cleanclaim.types import Date

if TYPE_CHECKING:
    from cleanclaim.engine.work import ClaimWork, LineWork

_COMPLEXITY: Final = "G2211"
_OFFICE_VISITS: Final = frozenset("99202 99203 99204 99205 99211 99212 99213 99214 99215".split())
_PREVENTIVE_RANGES: Final = (
    ("90460", "90474"),  # administration of vaccines
    ("90476", "90759"),  # vaccines
    ("91300", "91322"),  # vaccines against COVID-19
    ("97802", "97804"),  # medical nutrition therapy
    ("99381", "99429"),  # preventive visits, counseling
    ("Q2034", "Q2039"),  # influenza vaccines
)
_PREVENTIVE: Final = frozenset(
    "90480 G0008 G0009 G0010 M0201 "
    "G0402 G0403 G0404 G0405 G0438 G0439 G0468 99497 99498 G0136 "
    "G0513 G0514 G0101 Q0091 P3000 P3001 G0123 G0124 G0141 G0143 G0144 G0145 G0147 G0148 "
    "G0102 G0103 G0104 G0105 G0106 G0120 G0121 G0327 G0328 81528 82270 74263 "
    "G0108 G0109 G0117 G0118 G0130 G0270 G0271 76706 76977 77063 77067 77078 77080 77081 77085 "
    "G0296 71271 G0442 G0443 G0444 G0445 G0446 G0447 G0473 G0432 G0433 G0435 G0472 G0475 G0476 G0499 "
    "80081 86592 86593 86631 86632 86704 86706 86780 87110 87270 87320 87340 87341 87490 87491 87590 87591 87800 "
    "87810 87850 "
    "G0011 G0012 G0013 J0739 J0750 J0751 99406 99407 80061 82465 82947 82950 82951 83036 83718 84478".split()
)
"""Preventive services of Medicare Part B, vaccines and wellness visits: generously taken, since beside them the add-on
is paid from 2025 on."""

ANESTHESIA: Final = ("00", "01")
_CONTRADICTIONS: Final = frozenset(frozenset(pair) for pair in (("AA", "QX"), ("QZ", "QK"), ("QZ", "QY"), ("QZ", "AD")))
"""Personally performed beside someone directed; without direction beside someone who directed."""
_ANOTHER_TIME: Final = (*REPEATED_SERVICE, M78, M79)

_TRANSPORTS: Final = ("A0426", "A0434")
_MILEAGE: Final = frozenset({"A0425", "A0435", "A0436"})
_OTHER_MILEAGE: Final = frozenset({"A0021", "A0380", "A0390", "A0888"})
_AMBULANCE_SERVICES: Final = ("A0021", "A0999")
_OTHER_AMBULANCES: Final = frozenset({"S0207", "S0208", "S9960", "S9961"})
"""Intercepts and flights by the codes of payers other than Medicare."""
_VANS: Final = (("A0080", "A0214"), ("T2001", "T2007"))
"""Rides that are no ambulance's: taxis, wheelchair and stretcher vans."""
_ORIGINS: Final = "DEGHIJNPRS"
_ALSO_MODIFIERS: Final = frozenset({"XE", "XS", "XP"})
"""Modifiers of their own, which begin with the letter that is no origin."""
ALTERNATIVE_DESTINATIONS: Final = (Date(2021, 1, 1), Date(2023, 12, 31))
"""The days on which C, F, O, U and W were destinations too (Medicare's ET3 model)."""
_RIDE: Final = re.compile(rf"[{_ORIGINS}][{_ORIGINS}X]")
_RIDE_OF_MODEL: Final = re.compile(rf"[{_ORIGINS}][{_ORIGINS}XCFOUW]")
_NO_ORIGIN: Final = re.compile(rf"X[{_ORIGINS}X]")
_DIED: Final = "QL"
"""The patient was pronounced dead after the ambulance was called: it carried nobody."""

_SCREENING: Final = ("Z1211", "Z1212", "Z8601", "Z800", "Z8371")
"""Screening for cancer of colon and rectum; a history of polyps, of the patient or the family, and of such cancer in
the family, for which screening is done more often (ICD-10-CM)."""
SCOPES: Final = ("443", "444", "453", "00811")
"""Beginnings of the codes that a colorectal screening may turn into."""


def own_services(work: ClaimWork) -> None:
    """Tell the lines of a claim of the ride they bill and of the screening they began as."""
    rides: list[LineWork] = []
    for line in work.lines:
        hcpcs = line.line.hcpcs
        if hcpcs.startswith(SCOPES):
            line.facts.screening_first = _first_diagnosis(work.claim, line.line).startswith(_SCREENING)
        elif hcpcs.startswith("A0") and line.facts.is_hcpcs:
            rides.append(line)
    if not rides:
        return
    days = [(line.line.hcpcs, line.line.service_from) for line in work.lines if line.facts.is_hcpcs]
    carried = {day for hcpcs, day in days if _is_transport(hcpcs)}
    by_van = {day for hcpcs, day in days if _is_van(hcpcs)} - {day for hcpcs, day in days if _is_ambulance(hcpcs)}
    for line in rides:
        day = line.line.service_from
        line.facts.journey = Journey.NOT_ASKED if day in by_van else _journey(line.line)
        line.facts.transport_present = day in carried


def _first_diagnosis(claim: Claim, line: ClaimLine) -> str:
    """The ICD-10-CM code that the line gives as its first reason; without pointers the claim's first."""
    reasons = [diagnosis for diagnosis in claim.diagnoses if diagnosis.role in POINTABLE_ROLES]
    first = line.diagnosis_pointers[0] if line.diagnosis_pointers else 1
    if not 1 <= first <= len(reasons) or reasons[first - 1].system != "icd10cm":
        return ""
    return reasons[first - 1].code


def _is_transport(hcpcs: str) -> bool:
    """A transport or service of an ambulance that is no mileage, or a ride by van or taxi.

    Which of them fits the mileage is not asked.
    """
    first, last = _AMBULANCE_SERVICES
    of_ambulance = first <= hcpcs <= last and hcpcs not in _MILEAGE and hcpcs not in _OTHER_MILEAGE
    return of_ambulance or hcpcs in _OTHER_AMBULANCES or _is_van(hcpcs)


def _is_van(hcpcs: str) -> bool:
    return any(first <= hcpcs <= last for first, last in _VANS)


def _is_ambulance(hcpcs: str) -> bool:
    first, last = _TRANSPORTS
    return first <= hcpcs <= last


def _journey(line: ClaimLine) -> int:
    if not (_is_ambulance(line.hcpcs) or line.hcpcs in _MILEAGE) or _DIED in line.modifiers:
        return Journey.NOT_ASKED
    begins, ends = ALTERNATIVE_DESTINATIONS
    of_model = line.service_from is not None and begins <= line.service_from <= ends
    shape = _RIDE_OF_MODEL if of_model else _RIDE
    if any(shape.fullmatch(modifier) for modifier in line.modifiers):
        return Journey.STATED
    odd = (modifier for modifier in line.modifiers if modifier not in _ALSO_MODIFIERS)
    return Journey.NO_ORIGIN if any(_NO_ORIGIN.fullmatch(modifier) for modifier in odd) else Journey.UNSTATED


def complexity_of_day(group: Sequence[LineWork]) -> None:
    """Tell G2211 whether the office visit of the day bears 25, and whether a preventive service stands beside it."""
    adding = [work for work in group if work.line.hcpcs == _COMPLEXITY]
    if not adding:
        return
    visits = [work for work in group if work.line.hcpcs in _OFFICE_VISITS]
    for work in adding:
        work.facts.all_visits_with_25 = bool(visits) and all(visit.facts.modifiers[M25] for visit in visits)
        day = work.line.service_from
        of_claim = (other.line for other in work.claim.lines if other.line.service_from == day)
        work.facts.preventive_service_present = any(
            _is_preventive(line.hcpcs) for line in (*(other.line for other in group), *of_claim)
        )


def _is_preventive(hcpcs: str) -> bool:
    return hcpcs in _PREVENTIVE or any(first <= hcpcs <= last for first, last in _PREVENTIVE_RANGES)


def anesthetists_of_day(works: Iterable[ClaimWork]) -> None:
    """Mark the later of two lines of one anesthesia whose modifiers contradict each other, over all claims."""
    cases: dict[tuple[Any, ...], list[tuple[str, LineWork]]] = {}
    for claim in works:
        for line in () if claim.alone else claim.lines:
            if not line.line.modifiers or not line.line.hcpcs.startswith(ANESTHESIA):
                continue
            roles = [role for role in ANESTHETISTS if role in line.line.modifiers]
            if not line.facts.professional or len(roles) != 1 or any_of(line.facts.modifiers, _ANOTHER_TIME):
                continue
            key = (claim.claim.patient_key, claim.claim.payer_id, line.line.hcpcs, line.line.service_from)
            cases.setdefault(key, []).append((roles[0], line))
    for lines in cases.values():
        for at, (role, line) in enumerate(lines):
            before = (other for said, other in lines[:at] if frozenset((said, role)) in _CONTRADICTIONS)
            line.other_anesthetist = next(before, None)
            line.facts.anesthetists_contradict = line.other_anesthetist is not None

"""One claim of an 837 transaction, from its CLM to the segment before the next CLM or HL (loops 2300 to 2440).

A required element of CLM, SV1 or SV2 that is missing or cannot be read rejects the claim. Anything else that is
wrong leaves its field empty and is told in the claim's ``envelope_faults``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from cleanclaim.claims.model import ClaimLine, ClaimType, Diagnosis
from cleanclaim.claims.readers.values import state_of, zip_of
from cleanclaim.claims.readers.x12_envelope import Delimiters
from cleanclaim.claims.readers.x12_levels import npi
from cleanclaim.claims.readers.x12_loops import SERVICE, Area, NameOrder, misplaced
from cleanclaim.claims.readers.x12_segment import (
    Fault,
    Segment,
    UnreadableSegment,
    free_text,
    number,
    part,
    period,
    trim,
)
from cleanclaim.types import Date, Money

_ROLES: Final = {
    "BK": "principal",
    "BF": "other",
    "BJ": "admitting",
    "PR": "reason_for_visit",
    "BN": "external_cause",
}
_DIAGNOSES: Final = {
    **{qualifier: (role, "icd9cm") for qualifier, role in _ROLES.items()},
    **{f"A{qualifier}": (role, "icd10cm") for qualifier, role in _ROLES.items()},
}
# Procedures, DRG, occurrence, value, condition and treatment codes: not diagnoses.
_OTHER_INFORMATION: Final = frozenset({"BR", "BBR", "CAH", "BQ", "BBQ", "BO", "BP", "DR", "BI", "BH", "BE", "BG", "TC"})
_ON_REQUEST: Final = "AA"
"""PWK02: the paper is kept at the provider's and not sent."""
_PRESENT_ON_ADMISSION: Final = 9
_MODIFIERS: Final = slice(2, 6)
_DESCRIPTION: Final = 6
# CLM05 whose components are separated by another byte than the ISA declares.
_FACILITY: Final = re.compile(r"[0-9A-Z]{1,2}([^0-9A-Za-z\s])[AB]?\1[0-9A-Z]")


class Provider(NamedTuple):
    """A provider as billed: NPI (only where NM108 says it is one), and taxonomy."""

    npi: str = ""
    taxonomy: str = ""


@dataclass(slots=True)
class _Line:
    """A service line while it is read."""

    opened: Segment
    service: Segment | None = None
    code_system: str = "HC"
    hcpcs: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    unit_basis: str = ""
    charge: Money | None = None
    period: tuple[Date, Date] | None = None
    pos: str = ""
    revenue_code: str = ""
    pointers: tuple[int, ...] = ()
    rendering: Provider | None = None
    ndc: str = ""
    ndc_units: Decimal | None = None
    ndc_unit_basis: str = ""
    notes: list[str] = field(default_factory=list)
    control_number: str = ""
    prior_authorization: str = ""
    has_attachment: bool = False


class ClaimBuilder:
    """Takes the segments of one claim in order; then holds its fields, its faults and its lines.

    ``error`` is why the claim cannot be read, None while it can.
    """

    def __init__(self, segment: Segment, kind: ClaimType, delimiters: Delimiters) -> None:
        self.byte = segment.byte
        self.claim_id = free_text(segment.element(1))
        self.error: Fault | None = None
        self.faults: list[Fault] = []
        self.area = Area.CLAIM
        self.providers: dict[str, Provider] = {}
        self.diagnoses: list[Diagnosis] = []
        self.notes: list[str] = []
        self.total_charge: Money | None = None
        self.pos = ""
        self.service_state = ""
        self.service_zip = ""
        self.bill_type = ""
        self.frequency = ""
        self.original_reference = ""
        self.prior_authorization = ""
        self.has_attachment = False
        self.statement: tuple[Date, Date] | None = None
        self.admission: tuple[Date, Date] | None = None
        self._kind = kind
        self._component = delimiters.component
        self._repetition = delimiters.repetition
        self._order = NameOrder()
        self._lines: list[_Line] = []
        self._claim_handlers = {
            "DTP": self._claim_date,
            "REF": self._claim_reference,
            "NTE": self._claim_note,
            "PWK": self._claim_attachment,
            "HI": self._health_information,
            "NM1": self._claim_provider,
            "PRV": self._claim_taxonomy,
            "N4": self._claim_address,
        }
        self._line_handlers = {
            "SV1": self._professional_service,
            "SV2": self._institutional_service,
            "DTP": self._line_date,
            "REF": self._line_reference,
            "NTE": self._line_note,
            "PWK": self._line_attachment,
            "LIN": self._drug,
            "CTP": self._drug_quantity,
            "NM1": self._line_provider,
            "PRV": self._line_taxonomy,
        }
        try:
            self._open(segment)
        except UnreadableSegment as reason:
            self.reject(segment.fault(str(reason)))

    def reject(self, fault: Fault) -> None:
        """The claim cannot be read; the first reason given is the one reported."""
        if self.error is None:
            self.error = fault

    def misplaced(self, segment: Segment) -> Fault | None:
        """Why ``segment`` belongs to no loop of the claim at this point; None when it does belong."""
        return misplaced(segment, self.area, self._kind)

    def take(self, segment: Segment) -> None:
        """Read the next segment of the claim."""
        fault = self._order.follow(segment)
        if fault is not None:
            self.faults.append(fault)
        if segment.name == "LX":
            self._close_line()
            self.area = Area.LINE
            self._lines.append(_Line(segment))
            return
        if segment.name == "SBR":
            self.area = Area.OTHER_PAYER
            return
        if self.area is Area.OTHER_PAYER:
            return
        handlers = self._line_handlers if self.area is Area.LINE else self._claim_handlers
        handler = handlers.get(segment.name)
        if handler is not None:
            try:
                handler(segment)
            except UnreadableSegment as reason:
                self.reject(segment.fault(str(reason)))

    def close(self) -> None:
        """No segment of the claim follows."""
        self._close_line()
        if not self._lines:
            self.reject(Fault(self.byte, "CLM", "the claim has no service line (LX)"))

    def lines(self) -> Iterator[ClaimLine]:
        """The service lines, with what they take over from the claim where they say nothing of their own."""
        statement_day = self.statement if self.statement and self.statement[0] == self.statement[1] else None
        for line_no, line in enumerate(self._lines, 1):
            if line.service is None:
                continue
            rendering = self._rendering(line)
            first, last = line.period or statement_day or (None, None)
            yield ClaimLine(
                line_no=line_no,
                hcpcs=line.hcpcs,
                modifiers=line.modifiers,
                units=line.units,
                unit_basis=line.unit_basis or "UN",
                charge=line.charge,
                service_from=first,
                service_to=last,
                pos=line.pos or self.pos,
                revenue_code=line.revenue_code,
                diagnosis_pointers=line.pointers,
                rendering_npi=rendering.npi,
                rendering_taxonomy=rendering.taxonomy,
                ndc=line.ndc,
                ndc_units=line.ndc_units,
                ndc_unit_basis=line.ndc_unit_basis,
                note=" ".join(line.notes),
                code_system=line.code_system,
                control_number=line.control_number,
                prior_authorization=line.prior_authorization,
                has_attachment=line.has_attachment,
                byte=line.service.byte,
                segment=line.service.name,
            )

    def provider(self, *entities: str) -> Provider:
        """The first of these entities (NM101) that the claim names."""
        return next((self.providers[entity] for entity in entities if entity in self.providers), Provider())

    def ordered_diagnoses(self) -> tuple[Diagnosis, ...]:
        """Diagnoses so that a pointer finds its own: as billed on a professional claim.

        An institutional claim has no pointers, and a segment for each role: principal, then other, then the rest.
        """
        if self._kind is ClaimType.PROFESSIONAL:
            return tuple(self.diagnoses)
        ranks = {"principal": 0, "other": 1}
        return tuple(sorted(self.diagnoses, key=lambda diagnosis: ranks.get(diagnosis.role, 2)))

    def _rendering(self, line: _Line) -> Provider:
        claim = self.provider("82")
        if line.rendering is None:
            return claim
        own = line.rendering
        if not own.taxonomy and own.npi == claim.npi:
            return claim
        return own

    def _tell(self, segment: Segment, reason: str) -> None:
        fault = segment.fault(reason)
        if fault not in self.faults:
            self.faults.append(fault)

    def _parts(self, segment: Segment, element: int) -> list[str]:
        value = segment.element(element)
        if self._repetition and self._repetition in value:
            raise UnreadableSegment(f"{segment.name}{element:02} is repeated")
        return value.split(self._component)

    def _amount(self, segment: Segment, element: int) -> Decimal:
        """A required number."""
        value = segment.element(element)
        if not value:
            raise UnreadableSegment(f"{segment.name}{element:02} is missing")
        amount = number(value)
        if amount is None:
            raise UnreadableSegment(f"{segment.name}{element:02} is not a number")
        return amount

    def _open(self, segment: Segment) -> None:
        if not self.claim_id:
            raise UnreadableSegment("the claim identifier CLM01 is missing")
        self.total_charge = self._amount(segment, 2)
        facility = segment.code(5)
        if not facility:
            raise UnreadableSegment("CLM05 is missing")
        other = _FACILITY.fullmatch(facility)
        if other is not None and other[1] not in {self._component, self._repetition}:
            self._component = other[1]
            self._tell(segment, "CLM05 does not use the component separator the ISA declares")
        parts = self._parts(segment, 5)
        place, qualifier, self.frequency = part(parts, 1), part(parts, 2), part(parts, 3)
        if not place or not self.frequency:
            raise UnreadableSegment("CLM05-1 or CLM05-3 is missing")
        if self._kind is ClaimType.PROFESSIONAL:
            self.pos, expected = place, "B"
        else:
            self.bill_type, expected = place.removeprefix("0"), "A"
        if qualifier and qualifier != expected:
            self._tell(segment, f"CLM05-2 is not {expected}")

    def _claim_date(self, segment: Segment) -> None:
        qualifier = segment.element(1)
        if qualifier not in {"434", "435"}:
            return
        days = self._days(segment)
        if qualifier == "434":
            self.statement = self.statement or days
        else:
            self.admission = self.admission or days

    def _days(self, segment: Segment) -> tuple[Date, Date] | None:
        days = period(segment.code(2), segment.element(3))
        if days is None:
            self._tell(segment, "its date cannot be read")
        return days

    def _claim_reference(self, segment: Segment) -> None:
        qualifier = segment.code(1)
        if qualifier == "F8":
            self.original_reference = self.original_reference or free_text(segment.element(2))
        elif qualifier == "G1":
            self.prior_authorization = self.prior_authorization or free_text(segment.element(2))

    def _claim_note(self, segment: Segment) -> None:
        self._note(self.notes, segment.element(2))

    @staticmethod
    def _note(notes: list[str], value: str) -> None:
        if value:
            notes.append(free_text(value).upper())

    def _claim_provider(self, segment: Segment) -> None:
        entity, provider = segment.code(1), Provider(npi(segment))
        known = self.providers.setdefault(entity, provider)
        if entity == "82" and known.npi != provider.npi:
            raise UnreadableSegment("the claim names two rendering providers")

    def _claim_taxonomy(self, segment: Segment) -> None:
        if self._order.entity == "82" and segment.code(1) == "PE":
            self.providers["82"] = self.providers["82"]._replace(taxonomy=segment.code(3))

    def _claim_address(self, segment: Segment) -> None:
        """Where the services were furnished: the service facility's address (loop 2310C, institutional 2310E)."""
        if self._order.entity == "77":
            self.service_state, self.service_zip = state_of(segment.element(2)), zip_of(segment.element(3))

    def _health_information(self, segment: Segment) -> None:
        """Diagnoses of one HI; the other kinds of information in an HI are not ours."""
        lone = ""
        for element in segment.elements[1:]:
            for value in element.split(self._repetition) if self._repetition else (element,):
                parts = value.split(self._component)
                if not trim(value):
                    continue
                if lone and not part(parts, 2):
                    parts = [lone, *parts]
                    self._tell(segment, "a code is an element of its own, not a component after its qualifier")
                elif lone:
                    raise UnreadableSegment("a diagnosis qualifier has no code")
                lone = ""
                if not part(parts, 2):
                    lone = part(parts, 1)
                else:
                    self._diagnosis(segment, parts)
        if lone:
            raise UnreadableSegment("a diagnosis qualifier has no code")

    def _diagnosis(self, segment: Segment, parts: list[str]) -> None:
        qualifier = part(parts, 1)
        if qualifier in _OTHER_INFORMATION:
            return
        if qualifier not in _DIAGNOSES:
            raise UnreadableSegment("a code list qualifier is unknown, so which diagnosis is which is not known")
        role, system = _DIAGNOSES[qualifier]
        code = part(parts, 2).replace(".", "")
        self.diagnoses.append(Diagnosis(code, system, role, part(parts, _PRESENT_ON_ADMISSION), segment.byte))

    @property
    def _line(self) -> _Line:
        return self._lines[-1]

    def _close_line(self) -> None:
        if self._lines and self._line.service is None:
            self.reject(self._line.opened.fault(f"the service line has no {SERVICE[self._kind]}"))

    def _serve(self, segment: Segment) -> _Line:
        line = self._line
        if line.service is not None:
            raise UnreadableSegment("the service line has two of them")
        line.service = segment
        return line

    def _procedure(self, line: _Line, segment: Segment, element: int) -> None:
        parts = self._parts(segment, element)
        line.code_system, line.hcpcs = part(parts, 1), part(parts, 2)
        if not line.code_system or not line.hcpcs:
            raise UnreadableSegment(f"{segment.name}{element:02} names no procedure code")
        line.modifiers = tuple(modifier for value in parts[_MODIFIERS] if (modifier := trim(value).upper()))
        self._note(line.notes, trim("".join(parts[_DESCRIPTION : _DESCRIPTION + 1])))

    def _quantity(self, line: _Line, segment: Segment, element: int) -> None:
        """Unit or basis, then the units."""
        line.unit_basis = segment.code(element)
        if segment.element(element + 1):
            line.units = self._amount(segment, element + 1)
            if line.units < 0:
                raise UnreadableSegment("the units are below zero")

    def _professional_service(self, segment: Segment) -> None:
        line = self._serve(segment)
        self._procedure(line, segment, 1)
        line.charge = self._amount(segment, 2)
        self._quantity(line, segment, 3)
        line.pos = segment.code(5)
        pointers = [number(trim(value)) for value in self._parts(segment, 7) if trim(value)]
        if any(pointer is None or pointer != int(pointer) for pointer in pointers):
            self._tell(segment, "a diagnosis pointer in SV107 is not a whole number, so none of them is read")
        else:
            line.pointers = tuple(int(pointer) for pointer in pointers if pointer is not None)

    def _institutional_service(self, segment: Segment) -> None:
        line = self._serve(segment)
        line.revenue_code = segment.code(1)
        if not line.revenue_code:
            raise UnreadableSegment("the revenue code SV201 is missing")
        if segment.element(2):
            self._procedure(line, segment, 2)
        line.charge = self._amount(segment, 3)
        self._quantity(line, segment, 4)

    def _line_date(self, segment: Segment) -> None:
        if segment.element(1) != "472":
            return
        days, line = self._days(segment), self._line
        if line.period is not None and days != line.period:
            raise UnreadableSegment("the service line has two service dates")
        line.period = days

    def _line_reference(self, segment: Segment) -> None:
        qualifier = segment.code(1)
        if qualifier == "6R":
            self._line.control_number = free_text(segment.element(2))
        elif qualifier == "G1":
            self._line.prior_authorization = self._line.prior_authorization or free_text(segment.element(2))

    def _claim_attachment(self, segment: Segment) -> None:
        self.has_attachment = self.has_attachment or segment.code(2) != _ON_REQUEST

    def _line_attachment(self, segment: Segment) -> None:
        self._line.has_attachment = self._line.has_attachment or segment.code(2) != _ON_REQUEST

    def _line_note(self, segment: Segment) -> None:
        self._note(self._line.notes, segment.element(2))

    def _drug(self, segment: Segment) -> None:
        if segment.code(2) != "N4":
            return
        if self._line.ndc:
            raise UnreadableSegment("the service line names two drugs")
        self._line.ndc = segment.code(3)

    def _drug_quantity(self, segment: Segment) -> None:
        units = segment.element(4)
        self._line.ndc_units = number(units)
        self._line.ndc_unit_basis = part(self._parts(segment, 5), 1)
        if units and self._line.ndc_units is None:
            self._tell(segment, "the drug quantity CTP04 is not a number")

    def _line_provider(self, segment: Segment) -> None:
        if segment.code(1) != "82":
            return
        own = Provider(npi(segment))
        if self._line.rendering is not None and self._line.rendering.npi != own.npi:
            raise UnreadableSegment("the service line names two rendering providers")
        self._line.rendering = own

    def _line_taxonomy(self, segment: Segment) -> None:
        line = self._line
        if self._order.entity == "82" and line.rendering is not None and segment.code(1) == "PE":
            line.rendering = line.rendering._replace(taxonomy=segment.code(3))

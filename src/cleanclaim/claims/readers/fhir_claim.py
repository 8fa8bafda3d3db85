"""What of a FHIR R4 Claim or ExplanationOfBenefit becomes which field of a claim.

Element names: hl7.org/fhir/R4/claim-definitions.html. Codes of CARIN Blue Button: hl7.org/fhir/us/carin-bb.
The variables of the CMS files: bluebutton.cms.gov/resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from cleanclaim.claims.model import POINTABLE_ROLES, Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.claims.readers.fhir_element import Element, Scope
from cleanclaim.claims.readers.fhir_item import (
    charge,
    modifiers,
    money,
    place_of_service,
    procedure,
    services,
    submitted,
    unit_basis,
    units,
)
from cleanclaim.claims.readers.values import (
    BadValue,
    padded,
    parse_bill_type,
    parse_diagnosis_code,
    parse_sex,
    patient_key,
    state_of,
    zip_of,
)
from cleanclaim.types import Date, Money

_CLAIM_TYPES: Final = {
    "professional": ClaimType.PROFESSIONAL,
    "vision": ClaimType.PROFESSIONAL,
    "institutional": ClaimType.INSTITUTIONAL,
    "oral": ClaimType.DENTAL,
    "pharmacy": ClaimType.PHARMACY,
}
_WITHDRAWN: Final = frozenset({"cancelled", "entered-in-error"})
_ICD: Final = re.compile(r"icd-?(10|9)|113883\.6\.(90|103)$")
_NINE: Final = frozenset({"9", "103"})
_RENDERING_ROLES: Final = ("rendering", "performing", "primary", "")
_ROLES: Final = {
    "principal": "principal",
    "admitting": "admitting",
    "patientreasonforvisit": "reason_for_visit",
    "externalcauseofinjury": "external_cause",
}
_NPI_SEARCH: Final = re.compile(r"\?identifier=[^|]*us-npi\|([0-9]+)$")
_MEMBER_NUMBERS: Final = ("mc", "mb", "")


def claim_id(resource: Element) -> str:
    """The claim's own number: the identifier typed as unique claim id, else the first one, else the id."""
    identifiers = [identifier for identifier in resource.children("identifier") if identifier.text("value")]
    unique = [identifier for identifier in identifiers if "uc" in identifier.child("type").codes()]
    for identifier in (*unique, *identifiers):
        return identifier.text("value")
    if name := resource.text("id"):
        return name
    raise BadValue("no identifier and no id: the claim cannot be named in a finding", resource.at("identifier"))


def read_claim(resource: Element, scope: Scope, name: str, file: str, byte: int | None) -> Claim:
    """The claim of one resource. Raises BadValue, with the path, for what cannot be read."""
    if (status := resource.text("status").lower()) in _WITHDRAWN:
        raise BadValue(f"status {status}: the sender withdrew the claim", resource.at("status"))
    if resource.text("use").lower() == "preauthorization":
        raise BadValue("a request for authorization, not a claim", resource.at("use"))
    reader = _Reader(resource, scope)
    patient = reader.resolved("patient")
    bill_type, frequency = reader.bill_type()
    payer_id, payer_name = reader.payer()
    lines = tuple(replace(line, line_no=number) for number, line in enumerate(reader.lines(), 1))
    if not lines:
        raise BadValue("a claim without a service line", resource.at("item"))
    period = resource.child("billablePeriod")
    billing_address, service_address = reader.address("provider"), reader.address("facility")
    return Claim(
        claim_id=name,
        claim_type=reader.claim_type(),
        lines=lines,
        diagnoses=tuple(listed.diagnosis for listed in reader.diagnoses),
        patient_key=reader.patient_key(),
        patient_birth_date=patient.date("birthDate"),
        patient_sex=parse_sex(patient.text("gender")),
        payer_id=payer_id,
        payer_name=payer_name,
        billing_npi=reader.npi(resource.child("provider")),
        rendering_npi=reader.member(None, *_RENDERING_ROLES).npi,
        rendering_taxonomy=reader.member(None, *_RENDERING_ROLES).taxonomy,
        referring_npi=reader.member(None, "referring").npi,
        attending_npi=reader.member(None, "attending").npi,
        service_facility_npi=reader.npi(resource.child("facility")),
        billing_state=state_of(billing_address.text("state")),
        billing_zip=zip_of(billing_address.text("postalCode")),
        service_state=state_of(service_address.text("state")),
        service_zip=zip_of(service_address.text("postalCode")),
        total_charge=reader.total_charge(),
        bill_type=bill_type,
        frequency=frequency,
        original_reference=reader.original_reference(),
        prior_authorization=next((ref for i in resource.children("insurance") for ref in i.texts("preAuthRef")), ""),
        statement_from=period.date("start"),
        statement_to=period.date("end"),
        admission_date=reader.admission_date(),
        submitted_on=resource.date("created"),
        file=file,
        byte=byte,
        segment=resource.path,
    )


class _Member(NamedTuple):
    """One of the care team."""

    sequence: int | None = None
    roles: tuple[str, ...] = ()
    npi: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A diagnosis and the sequence that items point to it with."""

    sequence: int | None
    diagnosis: Diagnosis


class _Reader:
    """One resource, with what its lines share worked out once."""

    def __init__(self, resource: Element, scope: Scope) -> None:
        self.resource = resource
        self.scope = scope
        self.care_team = [self._member(entry) for entry in resource.children("careTeam")]
        self.diagnoses = self._diagnoses()
        self.single_day = self._single_day()

    # --- parties ---

    def resolved(self, name: str) -> Element:
        return self.scope.resolve(self.resource.child(name), self.resource)

    def npi(self, reference: Element) -> str:
        """The National Provider Identifier in a reference (which may be a search for it), or of the resource named."""
        if match := _NPI_SEARCH.search(reference.text("reference")):
            return match[1]
        provider = self.scope.resolve(reference, self.resource)
        candidates = [reference.child("identifier"), *provider.children("identifier")]
        if provider.data.get("resourceType") == "PractitionerRole":
            for part in ("practitioner", "organization"):
                candidates.append(provider.child(part).child("identifier"))
                candidates.extend(self.scope.resolve(provider.child(part), self.resource).children("identifier"))
        for identifier in candidates:
            if identifier.text("system").endswith("us-npi") or "npi" in identifier.child("type").codes():
                return identifier.text("value")
        return ""

    def address(self, name: str) -> Element:
        """The address of the organization, practitioner or location under ``name``; empty where there is none.

        An Organization or Practitioner has a list of addresses, of which the first counts; a Location has one.
        """
        place = self.resolved(name)
        if isinstance(place.data.get("address"), list):
            return next(iter(place.children("address")), Element({}, place.at("address")))
        return place.child("address")

    def _member(self, entry: Element) -> _Member:
        return _Member(
            entry.sequence("sequence"),
            tuple(entry.child("role").codes()),
            self.npi(entry.child("provider")),
            next((c.code for c in entry.child("qualification").codings() if "provider-taxonomy" in c.system), ""),
        )

    def member(self, sequences: Iterable[int] | None, *roles: str) -> _Member:
        """The care team's member with the first of these roles (``""``: no role), among those an item names."""
        wanted = None if sequences is None else set(sequences)
        members = [member for member in self.care_team if wanted is None or member.sequence in wanted]
        for role in roles:
            for member in members:
                if role in member.roles or not (role or member.roles):
                    return member
        return _Member()

    def patient_key(self) -> str:
        """From the patient's member number where it can be found, else from the reference to the patient."""
        reference = self.resource.child("patient")
        identifiers = self.resolved("patient").children("identifier")
        for kind in _MEMBER_NUMBERS:
            for identifier in identifiers:
                if (value := identifier.text("value")) and (not kind or kind in identifier.child("type").codes()):
                    return patient_key(value)
        if value := reference.child("identifier").text("value"):
            return patient_key(value)
        name = reference.text("reference")
        if name.startswith("#"):  # a contained patient without a number is known by name and birth date, or not at all
            patient = self.resolved("patient")
            given = next((f"{n.text('family')} {' '.join(n.texts('given'))}" for n in patient.children("name")), "")
            name = f"{given} {born}" if given.strip() and (born := patient.text("birthDate")) else ""
        return patient_key(name)

    def payer(self) -> tuple[str, str]:
        """Identifier and name of the insurer, or of the payer behind the focal coverage, or that one's name."""
        references = [self.resource.child("insurer")]
        insurances = sorted(self.resource.children("insurance"), key=lambda i: i.data.get("focal") is not True)
        coverages = [insurance.child("coverage") for insurance in insurances]
        for coverage in coverages:
            references.extend(self.scope.resolve(coverage, self.resource).children("payor"))
        for reference in references:
            payer = self.scope.resolve(reference, self.resource)
            identifiers = (reference.child("identifier"), *payer.children("identifier"))
            number = next((value for identifier in identifiers if (value := identifier.text("value"))), "")
            name = payer.text("name") or reference.text("display")
            if number or name:
                return number.upper(), name
        return "", next((name for coverage in coverages if (name := coverage.text("display"))), "")

    # --- the claim's own elements ---

    def claim_type(self) -> ClaimType:
        for code in self.resource.child("type").codes():
            if code in _CLAIM_TYPES:
                return _CLAIM_TYPES[code]
        raise BadValue(f"none of {', '.join(_CLAIM_TYPES)}", self.resource.at("type"))

    def _supporting(self, category: str) -> Iterator[Element]:
        for info in self.resource.children("supportingInfo"):
            if category in info.child("category").codes():
                yield info

    def bill_type(self) -> tuple[str, str]:
        """Type of bill and frequency; in CMS files they stand in three places."""
        variables = (
            self.resource.child("facility").extension("/clm_fac_type_cd"),
            self.resource.extension("/clm_srvc_clsfctn_type_cd"),
        )
        bill_type = "".join(variable.child("valueCoding").text("code") for variable in variables)
        if len(bill_type) < len(variables):
            bill_type = ""
        frequency = ""
        for info in self._supporting("typeofbill"):
            code = info.child("code")
            for coding in code.codings():
                if coding.system.endswith("/clm_freq_cd"):
                    frequency = coding.code.upper()
                    continue
                try:
                    bill_type, frequency = parse_bill_type(coding.code)
                except BadValue as bad:
                    raise BadValue(bad.reason, code.path) from None
        return bill_type, frequency

    def admission_date(self) -> Date | None:
        for info in self._supporting("admissionperiod"):
            if day := info.child("timingPeriod").date("start") or info.date("timingDate"):
                return day
        return None

    def original_reference(self) -> str:
        """The claim this one follows: the payer's reference, or the claim's number."""
        for related in self.resource.children("related"):
            if {"prior", "replaces"} & set(related.child("relationship").codes()):
                identifiers = (related.child("reference"), related.child("claim").child("identifier"))
                return next((value for identifier in identifiers if (value := identifier.text("value"))), "")
        return ""

    def total_charge(self) -> Money | None:
        total = self.resource.data.get("total")
        if isinstance(total, list):
            return submitted(self.resource, "total")
        return money(self.resource.child("total"))

    def _single_day(self) -> Date | None:
        """The day of every service, when the billable period is that one day."""
        period = self.resource.child("billablePeriod")
        start, end = period.date("start"), period.date("end")
        return start if start == end else None

    # --- diagnoses ---

    def _diagnoses(self) -> list[_Listed]:
        """By sequence, those that can be pointed at first. One with two roles (principal and admitting) is two."""
        entries = self.resource.children("diagnosis")
        entries.sort(key=lambda entry: entry.sequence("sequence") or len(entries) + 1)
        stated = [[role for kind in entry.children("type") for role in kind.codes()] for entry in entries]
        if stated and not any(stated):
            stated[0] = ["principal"]
        listed: list[_Listed] = []
        for entry, roles in zip(entries, stated, strict=True):
            code, system = self._diagnosis_code(entry)
            present = next((coding.code.upper() for coding in entry.child("onAdmission").codings()), "")
            kept = {_ROLES[role]: None for role in roles if role in _ROLES} or {"other": None}
            listed.extend(_Listed(entry.sequence("sequence"), Diagnosis(code, system, role, present)) for role in kept)
        return sorted(listed, key=lambda one: one.diagnosis.role not in POINTABLE_ROLES)

    def _diagnosis_code(self, entry: Element) -> tuple[str, str]:
        concept = entry.child("diagnosisCodeableConcept")
        if not concept:
            condition = self.scope.resolve(entry.child("diagnosisReference"), self.resource)
            concept = condition.child("code")
        codings = concept.codings()
        for coding in codings:
            if match := _ICD.search(coding.system):
                system = "icd9cm" if (match[1] or match[2]) in _NINE else "icd10cm"
                return parse_diagnosis_code(coding.code), system
        return (parse_diagnosis_code(codings[0].code), "") if codings else ("", "")

    def _pointers(self, item: Element) -> tuple[int, ...]:
        """Positions in the list of diagnoses; a sequence that names none points behind the end."""
        positions: dict[int, int] = {}
        for position, listed in enumerate(self.diagnoses, 1):
            if listed.sequence is not None:
                positions.setdefault(listed.sequence, position)
        beyond = len(self.diagnoses) + 1
        return tuple(positions.get(number, max(number, beyond)) for number in item.sequences("diagnosisSequence"))

    # --- lines ---

    def lines(self) -> Iterator[ClaimLine]:
        for item in self.resource.children("item"):
            for service, grouped in services(item):
                yield self._line(item, service, is_group=grouped)

    def _line(self, item: Element, service: Element, *, is_group: bool) -> ClaimLine:
        if not service.child("productOrService") and not service.child("revenue"):
            older = " (item.service is FHIR STU3: R4 is needed)" if service.child("service") else ""
            raise BadValue(f"neither a productOrService nor a revenue code{older}", service.path)
        coded = procedure(service)
        drug = next((detail for detail in service.children("detail") if procedure(detail).ndc), None)
        counted = service.extension("/rev_cntr_unit_cnt").child("valueQuantity")
        quantity = service.child("quantity")
        # In CMS outpatient files the units stand in an extension, and the quantity is the drug's.
        drug_quantity = quantity if counted else drug.child("quantity") if drug else None
        first, last = self._serviced(item)
        member = self.member(item.sequences("careTeamSequence"), *_RENDERING_ROLES)
        if not member.npi:
            member = self.member(None, *_RENDERING_ROLES)
        return ClaimLine(
            line_no=0,
            hcpcs=coded.code,
            modifiers=tuple(modifiers(service)),
            units=units(counted or quantity),
            unit_basis=unit_basis(quantity),
            charge=None if is_group else charge(service, units(counted or quantity)),
            service_from=first,
            service_to=last,
            pos=place_of_service(item),
            revenue_code=next((padded(coding.code, 4) for coding in service.child("revenue").codings()), ""),
            diagnosis_pointers=self._pointers(item),
            rendering_npi=member.npi,
            rendering_taxonomy=member.taxonomy,
            ndc=coded.ndc or (procedure(drug).ndc if drug else ""),
            ndc_units=units(drug_quantity) if drug_quantity else None,
            code_system=coded.system,
            control_number=service.text("sequence"),
            segment=service.path,
        )

    def _serviced(self, item: Element) -> tuple[Date | None, Date | None]:
        period = item.child("servicedPeriod")
        first = item.date("servicedDate") or period.date("start")
        last = period.date("end") or first
        if first is None and last is None:
            return self.single_day, self.single_day
        return first, last

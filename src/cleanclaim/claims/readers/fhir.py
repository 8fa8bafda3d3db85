"""Claims from FHIR R4 JSON: Claim and ExplanationOfBenefit, alone, in a Bundle, or as ndjson.

Published: hl7.org/fhir/R4/claim.html and explanationofbenefit.html; profiles read here: CARIN Blue Button
(hl7.org/fhir/us/carin-bb) and the CMS Blue Button and BFD extensions (bluebutton.cms.gov/resources), whose
files leave out standard elements. What becomes of which element: ``fhir_claim.py`` and ``fhir_item.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate
from typing import Final

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.fhir_claim import claim_id, read_claim
from cleanclaim.claims.readers.fhir_element import Element, Scope
from cleanclaim.claims.readers.values import BadValue, load_json, shape
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

_CLAIM: Final = "Claim"
_BENEFIT: Final = "ExplanationOfBenefit"
_KIND: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_MOST_KINDS: Final = 5
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SUPPORTING: Final = frozenset(
    "Account AdverseEvent AllergyIntolerance Appointment AuditEvent Binary BodyStructure CarePlan CareTeam "
    "ChargeItem ClaimResponse Communication CommunicationRequest Composition Condition Consent Contract Coverage "
    "CoverageEligibilityRequest CoverageEligibilityResponse Device DeviceRequest DeviceUseStatement DiagnosticReport "
    "DocumentReference Encounter Endpoint EpisodeOfCare FamilyMemberHistory Flag Goal Group HealthcareService "
    "ImagingStudy Immunization InsurancePlan Invoice List Location Media Medication MedicationAdministration "
    "MedicationDispense MedicationRequest MedicationStatement MessageHeader NutritionOrder Observation "
    "OperationOutcome Organization OrganizationAffiliation Patient PaymentNotice PaymentReconciliation Person "
    "Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson "
    "RequestGroup Schedule ServiceRequest Slot Specimen Subscription Substance SupplyDelivery SupplyRequest Task "
    "VisionPrescription".split()
)
"""R4 resources that go with claims and are none: used where a claim refers to them, else passed over."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A resource of the file; or, with a ``fault``, what stands in its place, and how many claims it was."""

    resource: Element
    byte: int | None
    scope: Scope
    fault: str = ""
    lost: int = 0

    @property
    def kind(self) -> str:
        kind = self.resource.data.get("resourceType")
        return kind if isinstance(kind, str) else ""


def read(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Each Claim and ExplanationOfBenefit of the file once, or the reject that stands for it.

    An ExplanationOfBenefit whose Claim is in the same Bundle or file is the answer to that claim, not a second
    one, and is passed over. Resources that go with claims are passed over; anything else is a reject that
    counts no claim. Place: the byte of the resource (None inside a Bundle), and its path. Raises
    UnreadableFile when the content is not FHIR JSON, or holds resources and no claim among them.
    """
    found = [inner for document in _documents(content, file) for inner in _unpacked(document)]
    if found and not any(entry.kind in {_CLAIM, _BENEFIT} for entry in found):
        raise UnreadableFile(f"{file}: {_contents(found)}. FHIR R4 Claim or ExplanationOfBenefit is needed.")
    for entry in found:
        if entry.fault:
            yield Reject(file, entry.byte, entry.resource.path, entry.fault, claims=entry.lost)
        elif entry.kind in {_CLAIM, _BENEFIT}:
            if not _is_answer(entry):
                yield _claim_or_reject(entry, file)
        elif entry.kind not in _SUPPORTING:
            reason = f"{_described(entry.kind)}; nothing of it was read"
            yield Reject(file, entry.byte, entry.resource.path, reason, claims=0)


def _claim_or_reject(entry: _Found, file: str) -> Claim | Reject:
    name = ""
    try:
        name = claim_id(entry.resource)
        return read_claim(entry.resource, entry.scope, name, file, entry.byte)
    except BadValue as bad:
        return Reject(file, entry.byte, bad.where or entry.resource.path, bad.reason, name or None)


def _is_answer(entry: _Found) -> bool:
    if entry.kind != _BENEFIT:
        return False
    try:
        claim = entry.scope.resolve(entry.resource.child("claim"), entry.resource)
    except BadValue:
        return False  # reading it as a claim reports what is wrong with it
    return claim.data.get("resourceType") == _CLAIM


def _contents(found: list[_Found]) -> str:
    """What a file without a claim holds instead."""
    for entry in found:
        if entry.fault:
            return f"{entry.resource.path}: {entry.fault}"
    kinds = Counter(entry.kind for entry in found)
    if len(found) == 1:
        return _described(found[0].kind)
    return "; ".join(f"{number} x {_described(kind)}" for kind, number in kinds.most_common(_MOST_KINDS))


def _described(kind: str) -> str:
    if kind in _SUPPORTING:
        return f"a FHIR {kind}"
    if not kind:
        return "an object without resourceType"
    name = kind if _KIND.fullmatch(kind) else shape(kind)
    near = get_close_matches(kind, (_CLAIM, _BENEFIT), n=1)
    return f"resourceType {name!r}, which is no claim" + (f" (nearest: {near[0]})" if near else "")


def _documents(content: bytes, file: str) -> Iterator[_Found]:
    """The JSON documents of the file: one, the elements of one list, or one for each line (ndjson)."""
    start = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
    body = content[start:]
    if body.lstrip().startswith(b"<"):
        raise UnreadableFile(f"{file}: XML. FHIR is read as JSON only: ask the sender for JSON, or convert it.")
    lines = body.split(b"\n")
    whole = _json(body)
    values: list[tuple[object, int | None, str]]
    if isinstance(whole, list):
        values = [(value, None, f"[{number}]: ") for number, value in enumerate(whole)]
    elif not isinstance(whole, BadValue):
        values = [(whole, start, "")]
    elif sum(line.startswith(b"{") for line in lines) > 1:
        begins = accumulate((len(line) + 1 for line in lines), initial=start)
        values = [
            (_json(line), byte, f"line {number}: ")
            for number, (line, byte) in enumerate(zip(lines, begins, strict=False), 1)
            if line.strip()
        ]
    else:
        raise UnreadableFile(f"{file}: {whole.reason}. The file may have been cut short: ask for it again.")
    scope = Scope(("", Element(value, "")) for value, _, _ in values if isinstance(value, Mapping))
    for value, byte, prefix in values:
        if isinstance(value, Mapping):
            yield _Found(Element(value, f"{prefix}{value.get('resourceType')}"), byte, scope)
        else:
            reason = value.reason if isinstance(value, BadValue) else "not a JSON object"
            yield _Found(Element({}, prefix.rstrip(": ")), byte, scope, reason, lost=1)


def _json(text: bytes) -> object:
    try:
        return load_json(text.decode())
    except BadValue as bad:
        return bad
    except UnicodeDecodeError:
        return BadValue("not UTF-8")


def _unpacked(found: _Found) -> Iterator[_Found]:
    """The resources of a Bundle, of the Bundles in it, and so on; any other resource as it is."""
    if found.fault or found.kind != "Bundle":
        yield found
        return
    path = found.resource.at("entry")
    entries = found.resource.data.get("entry", [])
    if not isinstance(entries, list):
        yield _Found(Element({}, path), found.byte, found.scope, "a list was expected")
        return
    resources = [
        Element(entry["resource"], f"{path}[{number}].resource")
        if isinstance(entry, Mapping) and isinstance(entry.get("resource"), Mapping)
        else Element({}, f"{path}[{number}]")
        for number, entry in enumerate(entries)
    ]
    scope = Scope((_full_url(entry), resource) for entry, resource in zip(entries, resources, strict=True))
    for resource in resources:
        if resource:
            yield from _unpacked(_Found(resource, None, scope))
        else:
            yield _Found(resource, None, scope, "an entry without a resource")


def _full_url(entry: object) -> str:
    full_url = entry.get("fullUrl") if isinstance(entry, Mapping) else None
    return full_url if isinstance(full_url, str) else ""

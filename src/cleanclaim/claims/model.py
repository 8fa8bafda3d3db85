"""The claim as every reader delivers it and every rule sees it.

A reader turns one file into :class:`Claim` and :class:`~cleanclaim.types.Reject` records, in file order.
Text is kept as billed (upper case, trimmed); a field the file does not carry is ``""``, None or empty.
No field is guessed: a missing service date stays None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from cleanclaim.types import Date, Money, Reject, Setting


class ClaimType(StrEnum):
    """Which form the claim came on."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"
    DENTAL = "dental"
    PHARMACY = "pharmacy"


POINTABLE_ROLES: Final = frozenset({"principal", "other"})
"""Roles of the diagnoses that are numbered among the claim's own, and that a line can point at."""

REPLACEMENT: Final = "7"
VOID: Final = "8"
REPLACEMENT_OR_VOID: Final = frozenset({REPLACEMENT, VOID})
"""Claim frequencies of a claim that takes the place of one sent before, or takes it back."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One diagnosis of a claim, in the claim's order (1 is the first a pointer can name).

    ``code`` has no dot. ``system`` is ``icd10cm``, ``icd9cm`` or ``""`` (unknown).
    ``role`` is ``principal``, ``other``, ``admitting``, ``reason_for_visit``, ``external_cause``.
    Only ``principal`` and ``other`` of a professional claim can be pointed at from a line.
    """

    code: str
    system: str = "icd10cm"
    role: str = "other"
    present_on_admission: str = ""
    byte: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One service line.

    ``line_no`` is its position in the claim from 1 (not the submitter's number, which may repeat).
    ``units`` is None when the file gives none. ``unit_basis`` is ``UN`` units, ``MJ`` minutes, ``DA`` days.
    ``charge`` is for all units of the line. ``service_to`` equals ``service_from`` for a single day.
    ``pos`` is the line's own place of service, or the claim's where the line has none.
    ``diagnosis_pointers`` are as billed, 1 for the first diagnosis; empty when the format has none.
    Provider identifiers are the line's own, or the claim's where the line has none.
    """

    line_no: int
    hcpcs: str
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    unit_basis: str = "UN"
    charge: Money | None = None
    service_from: Date | None = None
    service_to: Date | None = None
    pos: str = ""
    revenue_code: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    rendering_npi: str = ""
    rendering_taxonomy: str = ""
    ndc: str = ""
    ndc_units: Decimal | None = None
    ndc_unit_basis: str = ""
    note: str = ""
    code_system: str = "HC"
    """Qualifier of the procedure code: ``HC`` HCPCS/CPT; others (``ER``, ``IV``, ``WK``) have no edits."""
    control_number: str = ""
    prior_authorization: str = ""
    """The line's own; the claim's holds for all of its lines."""
    has_attachment: bool = False
    """The line says that paper is sent with it (PWK)."""
    byte: int | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its lines.

    ``patient_key`` tells patients apart inside one run and is never printed or logged. Readers build it
    from the member identifier, or name and birth date, of the patient (the dependent where there is one).
    It is ``""`` when the file identifies no patient; such a claim is looked at alone.
    ``bill_type`` is the institutional type of bill without its leading zero and frequency (``13``);
    ``frequency`` is 1 original, 7 replacement, 8 void.
    ``filing_indicator`` is SBR09: ``MB`` Medicare Part B, ``MA`` Part A, ``CI`` commercial.
    ``billing_state``, ``billing_zip`` are of the billing provider's address, ``service_state``, ``service_zip`` of
    the place the services were furnished at where it is another: two letters, and five digits of a ZIP code.
    """

    claim_id: str
    claim_type: ClaimType
    lines: tuple[ClaimLine, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    patient_key: str = ""
    patient_birth_date: Date | None = None
    patient_sex: str = ""
    payer_id: str = ""
    payer_name: str = ""
    filing_indicator: str = ""
    payer_responsibility: str = ""
    """SBR01: ``P`` the payer answers first, ``S`` second, ``T`` third."""
    billing_npi: str = ""
    billing_taxonomy: str = ""
    rendering_npi: str = ""
    rendering_taxonomy: str = ""
    referring_npi: str = ""
    attending_npi: str = ""
    service_facility_npi: str = ""
    billing_state: str = ""
    billing_zip: str = ""
    service_state: str = ""
    service_zip: str = ""
    total_charge: Money | None = None
    pos: str = ""
    bill_type: str = ""
    frequency: str = ""
    original_reference: str = ""
    prior_authorization: str = ""
    has_attachment: bool = False
    """The claim says that paper is sent with it (PWK)."""
    statement_from: Date | None = None
    statement_to: Date | None = None
    admission_date: Date | None = None
    submitted_on: Date | None = None
    """The day the file says it was made (BHT04, or the resource's ``created``)."""
    note: str = ""
    envelope_faults: tuple[str, ...] = ()
    """What does not agree in the counts and control numbers around the claim; it was read all the same."""
    file: str = ""
    byte: int | None = None
    segment: str = "CLM"

    @property
    def setting(self) -> Setting:
        """Which NCCI tables bind: practitioner, outpatient hospital, or none (inpatient and others).

        Outpatient types of bill are those on which outpatient NCCI edits run: hospital outpatient (13, 14),
        community mental health (76), rehabilitation and CORF (74, 75), home health Part B (34), skilled
        nursing Part B (22, 23), critical access hospital (85), freestanding opioid treatment (87). The NCCI manual
        names 13, 14, 85 and 87 (I.V); the others are those of the outpatient code editor, by convention.
        """
        if self.claim_type is ClaimType.PROFESSIONAL:
            return Setting.PRACTITIONER
        if self.claim_type is ClaimType.INSTITUTIONAL and self.bill_type in _OUTPATIENT_BILL_TYPES:
            return Setting.OUTPATIENT
        return Setting.NONE

    def rendered_by(self, line: ClaimLine) -> str:
        """The NPI of who rendered one of its lines: as the line says, else as the claim does, else of who bills."""
        return line.rendering_npi or self.rendering_npi or self.billing_npi

    @property
    def inpatient(self) -> bool:
        """An institutional inpatient claim, which is paid by the stay: no procedure edits run on it."""
        return self.claim_type is ClaimType.INSTITUTIONAL and self.bill_type in _INPATIENT_BILL_TYPES


_OUTPATIENT_BILL_TYPES = frozenset({"13", "14", "22", "23", "34", "74", "75", "76", "85", "87"})
_INPATIENT_BILL_TYPES = frozenset({"11", "15", "16", "17", "18", "21", "28", "41", "51", "61", "65", "66", "86"})


class Reader(Protocol):
    """A claims reader: yields every claim of the input, or the reject that stands for it, in file order.

    Each claim the input holds is yielded exactly once, as a claim or inside a reject's ``claims`` count.
    Raises :class:`~cleanclaim.errors.UnreadableFile` when the content is not this reader's at all.
    """

    def __call__(self, content: bytes, file: str) -> Iterator[Claim | Reject]:
        """Read ``content``; ``file`` is the name used in places and messages."""

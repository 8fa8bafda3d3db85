"""The records a claim table is made of, as structured arrays: one for a claim, a line, a diagnosis.

Fields have the names of :mod:`cleanclaim.claims.model`. What they hold:

* Text is the number of the text in the table's vocabulary; 0 is ``""``.
* A date is its ordinal (``datetime.date.toordinal``); 0 is None.
* An amount is a whole number of its last decimal place, with ``<name>_scale`` decimals (``12.50`` is 1250 and 2);
  a scale of -1 is None.
* A byte is -1 where it is None.
* ``patient`` is the patient key as a number; 0 is none.
* Modifiers and pointers stand in slots from the left; a slot not used is 0 for a modifier, -1 for a pointer.
* The lines of a claim are ``lines[first_line : first_line + line_count]``; diagnoses likewise.
* ``kept`` is 0, or 1 more than the place among the table's ``kept`` claims, which are objects because their values
  do not fit here. The other fields of such a row hold nothing, ``patient`` excepted.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from cleanclaim.claims.model import ClaimType

TYPES: Final = tuple(ClaimType)
"""``claim_type`` of a row is the place in this."""
NO_AMOUNT: Final = (0, -1)
"""Number and scale that stand for None."""
SLOTS: Final = 4
"""Modifiers and diagnosis pointers of a line that fit."""

CLAIM_TEXTS: Final = (
    *("claim_id", "patient_sex", "payer_id", "payer_name", "filing_indicator", "payer_responsibility"),
    *("billing_npi", "billing_taxonomy", "rendering_npi", "rendering_taxonomy", "referring_npi", "attending_npi"),
    *("service_facility_npi", "billing_state", "billing_zip", "service_state", "service_zip", "pos", "bill_type"),
    *("frequency", "original_reference", "prior_authorization", "note", "file", "segment"),
)
CLAIM_DATES: Final = ("patient_birth_date", "statement_from", "statement_to", "admission_date", "submitted_on")
CLAIM_AMOUNTS: Final = ("total_charge",)
LINE_TEXTS: Final = (
    *("hcpcs", "unit_basis", "pos", "revenue_code", "rendering_npi", "rendering_taxonomy", "ndc", "ndc_unit_basis"),
    *("note", "code_system", "control_number", "prior_authorization", "segment"),
)
LINE_DATES: Final = ("service_from", "service_to")
LINE_AMOUNTS: Final = ("units", "charge", "ndc_units")
DIAGNOSIS_TEXTS: Final = ("code", "system", "role", "present_on_admission")


def scale_of(amount: str) -> str:
    """The field with the decimals of an amount."""
    return f"{amount}_scale"


CLAIM: Final = np.dtype(
    [
        *((name, "<i4") for name in (*CLAIM_TEXTS, *CLAIM_DATES)),
        *((name, "<i4") for name in ("envelope_faults", "line_count", "diagnosis_count", "kept")),
        *((name, "<i8") for name in (*CLAIM_AMOUNTS, "byte", "first_line", "first_diagnosis")),
        ("patient", "<u8"),
        *((scale_of(name), "i1") for name in CLAIM_AMOUNTS),
        ("claim_type", "u1"),
        ("has_attachment", "?"),
    ],
    align=True,
)
LINE: Final = np.dtype(
    [
        *((name, "<i4") for name in (*LINE_TEXTS, *LINE_DATES, "line_no")),
        ("modifiers", "<i4", (SLOTS,)),
        ("diagnosis_pointers", "<i2", (SLOTS,)),
        *((name, "<i8") for name in (*LINE_AMOUNTS, "byte")),
        *((scale_of(name), "i1") for name in LINE_AMOUNTS),
        ("has_attachment", "?"),
    ],
    align=True,
)
DIAGNOSIS: Final = np.dtype([*((name, "<i4") for name in DIAGNOSIS_TEXTS), ("byte", "<i8")], align=True)

"""Visits and deliveries by code number: what the rules on global surgery and on new patients speak of.

The ranges are facts of the published code sets. Which visits belong to a surgical package is said in words by the
NCCI manual (I.D), without a list of codes: what is in doubt is left out here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cleanclaim.rules.code_groups import is_surgery

_VISITS: Final = (
    ("92002", "92014"),  # ophthalmological visits
    ("98000", "98015"),  # telemedicine visits, since 2025
    ("99201", "99215"),  # office
    ("99217", "99226"),  # observation and initial hospital care
    ("99231", "99239"),  # hospital care and discharge
    ("99241", "99255"),  # consultations
    ("99281", "99285"),  # emergency department
    ("99304", "99318"),  # nursing facility
    ("99324", "99350"),  # domiciliary, home
)
"""Face-to-face visits to treat an illness. Critical care, preventive visits, counseling, advance care planning and
management by the month are no recovery visits, and are left out."""
_OTHER_FACE_TO_FACE: Final = (("99291", "99292"), ("99381", "99397"))
_NEW_PATIENT: Final = (
    ("92002", "92004"),
    ("98000", "98003"),
    ("98008", "98011"),
    ("99201", "99205"),
    ("99341", "99345"),
    ("99381", "99387"),
)
"""Visits of a patient who is new to the physician; 99324-99328 ended with 2022."""

DELIVERY_WITH_ANTEPARTUM: Final = frozenset({"59400", "59510", "59610", "59618"})
"""Obstetric care from the first visit to the last."""
DELIVERY_WITH_POSTPARTUM: Final = DELIVERY_WITH_ANTEPARTUM | {"59410", "59430", "59515", "59614", "59622"}


@lru_cache(maxsize=65536)
def is_visit(hcpcs: str) -> bool:
    """A visit of the kind that belongs to a surgical package when it is about the surgery."""
    return _within(hcpcs, _VISITS)


@lru_cache(maxsize=65536)
def is_new_patient_visit(hcpcs: str) -> bool:
    """A visit code for new patients only."""
    return _within(hcpcs, _NEW_PATIENT)


@lru_cache(maxsize=65536)
def is_face_to_face(hcpcs: str) -> bool:
    """A service for which patient and practitioner surely met: a visit, or a procedure of the surgery section."""
    return is_visit(hcpcs) or is_surgery(hcpcs) or _within(hcpcs, _OTHER_FACE_TO_FACE)


def _within(hcpcs: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return len(hcpcs) == 5 and hcpcs.isdigit() and any(low <= hcpcs <= high for low, high in ranges)

"""A chiropractor bills Medicare for more than spinal manipulation.

What it checks
--------------
A charge to Medicare, without GY, for any service but 98940, 98941 and 98942 whose rendering provider is a
chiropractor by taxonomy.

Why it matters
--------------
Part B pays a chiropractor for manual manipulation of the spine and nothing else: visits, X-rays, therapy and
extraspinal manipulation are excluded by law and denied.

How to fix
----------
Bill the patient. If a denial is wanted for another insurer, add GY (and GX where a voluntary notice was signed).

Limits
------
The regulation was read as quoted by the Inspector General, so this is review and not a denial. Services that the fee
schedule itself marks not covered, bundled or not valid are left to those rules, quality measures and lines at 0.00
are not judged, nor are claims filed with other payers or with none named.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import LineFacts, Specialty
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.rules.modifiers import GY
from cleanclaim.types import Adjustment, Fix, Setting, Severity

MANIPULATION_FIRST: Final = code_number("98940")
MANIPULATION_LAST: Final = code_number("98942")
TOLD_BY_STATUS: Final = (ord("B"), ord("I"), ord("N"))
"""Bundled, not valid for Medicare, not covered: the COD rules speak."""

RULE = Rule(
    code="PRV003",
    name="chiropractor-beyond-manipulation",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is billed to Medicare by a chiropractor, who is paid for manipulation of the spine only.",
    fix=Fix(
        action="bill-elsewhere",
        safety="review",
        text=("Bill {hcpcs} to the patient or another insurer; add GY only if a Medicare denial is wanted for it."),
    ),
    adjustment=Adjustment("PR", "170", ("N95",)),
    citations=(
        regulation("42 CFR 410.21(b)", "Part B pays only for a chiropractor's manual manipulation of the spine"),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged by a chiropractor for something else than 98940-98942."""
    if line.medicare != 1 or line.specialty != Specialty.CHIROPRACTOR or line.modifiers[GY] or line.is_measure:
        return False
    if not line.is_hcpcs or MANIPULATION_FIRST <= line.code_number <= MANIPULATION_LAST or 0 <= line.charge_cents <= 1:
        return False
    return not (line.has_fee_schedule and line.status_indicator in TOLD_BY_STATUS)

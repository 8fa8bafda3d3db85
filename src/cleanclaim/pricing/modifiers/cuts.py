"""What the law takes off the price last: X-rays on film or plates, old CT equipment, therapists' assistants.

The cuts for equipment are of the technical part and leave the professional part as it is. They come after the cap on
imaging: for FX and FY, CMS told its contractors to reduce the lower of the fee schedule's and the outpatient amount
(change requests 9727 and 10188, as public pages tell); the law only says that no other adjustment goes before.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import DIAGNOSTIC, PROFESSIONAL, TECHNICAL, TECHNICAL_ONLY
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.policy import Parameter, parameter
from cleanclaim.pricing.words import percent

_EQUIPMENT: Final = (
    ("FX", "film_xray_share", "X-ray on film (FX)"),
    ("FY", "computed_radiography_share", "X-ray by computed radiography (FY)"),
    ("CT", "old_ct_equipment_share", "CT equipment below standard (CT)"),
)
"""In this order where several apply: that for FY comes after that for FX."""
_CT_SERVICES: Final = (
    *(("70450", "70498"), ("71250", "71275"), ("72125", "72133"), ("72191", "72194"), ("73200", "73206")),
    *(("73700", "73706"), ("74150", "74178"), ("74261", "74263"), ("75571", "75574")),
)
"""The codes, first and last of each range, that 42 U.S.C. 1395m(p)(2) names; succeeding codes lie among them."""
_THERAPY: Final = {"CQ": "GP", "CO": "GO"}
"""Each assistant's modifier with that of the plan of care, which must stand beside it."""
_THERAPY_INDICATORS: Final = frozenset({"0", "5", "9"})
"""Multiple procedure indicators of therapy: 5 is always therapy; what sometimes is has 0."""


def apply(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """Cut the line where its modifiers say so and the law was in force on the day."""
    for modifier, name, what in _EQUIPMENT:
        if line.service.bears(modifier):
            _equipment(line, row, modifier, what, parameter(name, context.date))
    for modifier, plan in _THERAPY.items():
        if line.service.bears(modifier):
            _therapy_assistant(line, row, modifier, plan, parameter("therapy_assistant_share", context.date))


def _equipment(line: Line, row: FeeScheduleRow, modifier: str, what: str, part: Parameter | None) -> None:
    if part is None:
        line.notes.append(f"{modifier} took nothing off the price on that day.")
    elif modifier == "CT" and not any(first <= row.hcpcs <= last for first, last in _CT_SERVICES):
        line.notes.append(f"CT takes nothing off: {row.hcpcs} is none of the codes that the law names.")
    elif TECHNICAL in line.parts and row.pc_tc_indicator == DIAGNOSTIC:
        why = f"{what}: {_percent_off(part)} off the technical part"
        reduced = line.parts[TECHNICAL] * part.value
        line.change_part(TECHNICAL, reduced, key="equipment", why=why, citation=part.citation, factor=part.value)
    elif row.pc_tc_indicator == TECHNICAL_ONLY:
        line.multiply("equipment", f"{what}: {_percent_off(part)} off", part.value, part.citation)
    elif row.modifier == PROFESSIONAL:
        line.notes.append(f"{modifier} takes nothing off the professional part.")
    else:
        line.notes.append(f"{modifier} takes nothing off: the fee schedule tells no technical part of {row.hcpcs}.")


def _therapy_assistant(line: Line, row: FeeScheduleRow, modifier: str, plan: str, part: Parameter | None) -> None:
    if part is None:
        line.notes.append(f"{modifier} took nothing off the price on that day.")
        return
    if row.multiple_procedure not in _THERAPY_INDICATORS:
        line.notes.append(f"{modifier} takes nothing off: {row.hcpcs} is ranked as surgery or imaging, not as therapy.")
        return
    why = f"By a therapist assistant ({modifier}): {_percent_off(part)} off"
    line.multiply("therapy_assistant", why, part.value, part.citation)
    line.notes.append(
        "The law cuts what Medicare pays. Whether the patient's 20 % are of the full or of the cut amount, the sources "
        "at hand do not say: the cut amount is shown."
    )
    if not line.service.bears(plan):
        line.notes.append(f"{modifier} must stand beside {plan}, or the line is returned.")


def _percent_off(part: Parameter) -> str:
    return percent(1 - part.value)

"""Services that are paid only where nothing else is that day: status T, such as pulse oximetry or a port flush."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import SCHEDULE
from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation

KEY: Final = "paid_alone"
_PAID_ALONE: Final = "T"
_BUNDLING: Final = frozenset("AR")
_LAYOUT: Final = Citation(
    "mpfs-record-layout",
    "RVU25D",
    "Attachment A, status T",
    text="paid only if no other service payable under the fee schedule is billed that day by the same provider",
)


def bundle(lines: list[Line], _: Context) -> None:
    """Pay a service of status T nothing beside one of status A or R that has a price.

    What several of status T pay that are alone on a day, the record layout does not say: each is paid.
    """
    minor = [line for line in lines if line.priced and line.status_indicator == _PAID_ALONE]
    if not minor:
        return
    others = [
        line for line in lines if line.priced and line.schedule == SCHEDULE and line.status_indicator in _BUNDLING
    ]
    by_contractor = sorted(line.service.name for line in lines if line.row is not None and line.left_to_contractor)
    for line in minor:
        if others:
            other = min(others, key=lambda one: (-one.so_far, one.service.name))
            why = f"Included in {other.service.name}: paid only on a day without another service (status T)"
            line.multiply(KEY, why, Decimal(0), _LAYOUT)
        elif by_contractor:
            line.notes.append(f"Paid only where the contractor does not pay {by_contractor[0]} that day (status T).")
            line.cite(_LAYOUT)


def is_included(line: Line) -> bool:
    """It pays nothing beside another service, and so takes no rank among the procedures of the day either."""
    return any(step.key == KEY for step in line.steps)

"""What the status indicator of the fee schedule says of a line.

The indicator is that of the row with the line's modifier: 74360 is priced by the contractor, 74360-26 is not.
It is Medicare's word, so it is held against claims filed with Medicare, and those that name no payer, only.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import Imaging, LineFacts

BUNDLED: Final = ord("B")
CONTRACTOR_PRICED: Final = ord("C")
INVALID_FOR_MEDICARE: Final = ord("I")
NON_COVERED: Final = ord("N")
BUNDLED_SUPPLY: Final = ord("P")
RESTRICTED: Final = ord("R")
PAID_ALONE: Final = ord("T")


def charged_to_medicare(line: LineFacts, status: int) -> bool:
    """The line asks Medicare money for a code of this status.

    A line at 0.00 (0.01 where software refuses zero) asks nothing: 99024 is reported so on purpose. An unknown
    charge is no such line. Quality measures are the QLT family's.
    """
    return (
        line.has_fee_schedule
        and line.status_indicator == status
        and line.medicare != 0
        and not line.is_measure
        and not 0 <= line.charge_cents <= 1
    )


def asks_for_report(line: LineFacts) -> bool:
    """What was done must be told: an unlisted procedure, or a supervision and interpretation without national price."""
    return line.unlisted or line.imaging == Imaging.IS_SUPERVISION_AND_INTERPRETATION

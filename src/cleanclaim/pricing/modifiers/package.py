"""Which part of the surgical package the line is for: 54, 55, 56, and the return to the operating room, 78."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.errors import InputError
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.modifiers.authority import manual, row_says
from cleanclaim.pricing.words import percent
from cleanclaim.types import Citation

_DAYS: Final = {"010": 10, "090": 90}
"""The postoperative days of the packages that can be divided."""
_RETURN: Final = manual("40.4", "a return to the operating room is paid the intraoperative share, a 000 code in full")


def adjust(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """The share of the package that the line's modifier names."""
    if line.service.bears("78"):
        _return(line, row, context)
    elif line.service.bears("56"):
        why = "care before the operation (56) is not paid by itself: Medicare pays it with the operation, modifier 54"
        line.refuse("paid_with_surgery", why, manual("40.2"))
    elif line.service.bears("54", "55") and _divisible(line, row, context):
        if line.service.bears("54"):
            _operation(line, row, context)
        else:
            _care_after(line, row, context)


def _divisible(line: Line, row: FeeScheduleRow, context: Context) -> bool:
    modifier = "54" if line.service.bears("54") else "55"
    if row.global_days not in _DAYS:
        why = (
            f"{modifier} divides a package of 10 or 90 days, and {line.service.hcpcs} has none "
            f"(global {row.global_days or 'not stated'})"
        )
        line.refuse("no_global_package", why, context.cite(row))
        return False
    if not _shares(row):
        why = f"the fee schedule publishes no shares of the package of {line.service.hcpcs}, to pay {modifier} by"
        line.refuse("no_shares", why, _cite(row, context))
        return False
    return True


def _operation(line: Line, row: FeeScheduleRow, context: Context) -> None:
    part = row.pre_op + row.intra_op
    why = f"The operation without the care after it (54): {percent(row.pre_op)} before and {percent(row.intra_op)} in"
    line.multiply("surgical_care_only", f"{why} the operation", part, _cite(row, context))


def _care_after(line: Line, row: FeeScheduleRow, context: Context) -> None:
    whole, given = _DAYS[row.global_days], line.service.postoperative_days
    if given is not None and not 0 < given <= whole:
        raise InputError(
            f"{line.service.name}: {given} postoperative days; {line.service.hcpcs} has {whole}, give 1 to {whole} of "
            "them, or none for all."
        )
    cited = _cite(row, context)
    why = f"The care after the operation (55): {percent(row.post_op)} of the fee"
    line.multiply("postoperative_care_only", why, row.post_op, cited)
    if given is None:
        line.notes.append(
            f"All {whole} days of the care after the operation; say how many were given if it was shared."
        )
    elif given < whole:
        days = line.so_far * given / whole
        line.parts = {name: amount * given / whole for name, amount in line.parts.items()}
        why = f"Care after the operation was given on {given} of its {whole} days: {given}/{whole}"
        line.become("postoperative_days", why, days, manual("40.4", "the share after the operation is divided by days"))


def _return(line: Line, row: FeeScheduleRow, context: Context) -> None:
    if row.global_days in _DAYS:
        if not row.intra_op:
            why = f"the fee schedule publishes no intraoperative share of {line.service.hcpcs}, by which 78 is paid"
            line.refuse("no_shares", why, _cite(row, context))
            return
        why = f"Return to the operating room (78): the intraoperative share, {percent(row.intra_op)}"
        line.multiply("return_to_operating_room", why, row.intra_op, _cite(row, context))
    else:
        line.notes.append(
            f"78 is paid in full here: a code with global {row.global_days or 'not stated'} has no care before and "
            "after in its fee."
        )
    line.cite(_RETURN)


def _shares(row: FeeScheduleRow) -> Decimal:
    return row.pre_op + row.intra_op + row.post_op


def _cite(row: FeeScheduleRow, context: Context) -> Citation:
    return row_says(row, context, f"shares before {row.pre_op}, in {row.intra_op}, after {row.post_op}")

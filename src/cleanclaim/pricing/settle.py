"""What becomes of the fee last: the terms of the practitioner, the billed charge, and what Medicare itself pays."""

from __future__ import annotations

from typing import Final

from cleanclaim.pricing import anesthesia, fee
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line, cents
from cleanclaim.pricing.policy import values
from cleanclaim.pricing.words import percent
from cleanclaim.types import Citation

_OF_PRACTITIONERS: Final = frozenset({fee.SCHEDULE, anesthesia.SCHEDULE})
"""Schedules of physicians' services. Who does not participate is paid less by these only: tests and drugs are paid on
assignment (42 U.S.C. 1395l(h)(5)(C), 1395u(o)(3)), and what equipment is paid does not depend on it."""
_ASSISTANT: Final = "AS"
"""It has the nonphysician's share in it already."""
_ANESTHETISTS: Final = ("QX", "QZ")
_ASSIGNED: Final = Citation(
    "us-code",
    "2023",
    "42 U.S.C. 1395u(b)(18)",
    text="second-hand: nurse practitioners, physician assistants, nurse anesthetists and others bill on assignment",
)

_QUALIFYING: Final = "conversion_factor_qualifying_apm"
_COINSURANCE_OF_ALL: Final = (
    "What Medicare pays is shown before the deductible, and with the usual coinsurance, which many preventive services "
    "do not have."
)
"""Which services those are stands in no file that is read (42 U.S.C. 1395l(a)(1)(Y))."""


def notes(context: Context) -> tuple[str, ...]:
    """What to know of the terms, whatever the lines."""
    told = []
    first = values(_QUALIFYING)[0].valid_from
    if context.terms.qualifying_apm and first is not None and context.date < first:
        told.append(
            f"Qualifying participants have a conversion factor of their own from {first} on; it is the usual one."
        )
    if context.terms.sequestration:
        told.append(_COINSURANCE_OF_ALL)
    return tuple(told)


def apply(lines: list[Line], context: Context) -> None:
    """Settle each line that has a price."""
    priced = [line for line in lines if line.priced]
    for stage in (_terms, _charge, _medicare_pays):
        for line in priced:
            stage(line, context)


def _terms(line: Line, context: Context) -> None:
    if context.terms.nonphysician and not line.service.bears(_ASSISTANT) and line.schedule == fee.SCHEDULE:
        share = context.required("nonphysician_share")
        why = f"A nurse practitioner, physician assistant or the like bills: {percent(share.value)}"
        line.multiply("nonphysician", why, share.value, share.citation)
    if context.terms.participating or line.schedule not in _OF_PRACTITIONERS:
        return
    share, limit = context.required("nonparticipating_share"), context.required("limiting_charge_share")
    why = f"The practitioner does not participate: {percent(share.value)}"
    line.multiply("nonparticipating", why, share.value, share.citation)
    if context.terms.nonphysician or line.service.bears(_ASSISTANT, *_ANESTHETISTS):
        line.notes.append("There is no limiting charge: who is no physician takes assignment always.")
        line.cite(_ASSIGNED)
        return
    line.limiting_charge = cents(line.so_far * limit.value)
    line.cite(limit.citation)


def _charge(line: Line, context: Context) -> None:
    if line.charged_with is not None and line.charged_with.priced:
        _charges_of_both_sides(line, line.charged_with, context)
        return
    charge = line.service.charge
    if charge is not None and charge < line.so_far:
        lesser = context.required("lesser_of_charge_share")
        line.become("charge", "No more than the charge billed is allowed", charge * lesser.value, lesser.citation)


def _charges_of_both_sides(line: Line, other: Line, context: Context) -> None:
    """Both sides together are paid no more than is charged for both, and neither line more than its own charge.

    So the record layout puts it (Bilateral Surgery, 0 to 2). What is above one line's charge is paid on the other line
    as far as its charge goes.
    """
    charge, room = line.service.charge, other.service.charge
    if charge is None or charge >= line.so_far:
        return
    lesser = context.required("lesser_of_charge_share")
    spare = line.so_far - charge
    line.become("charge", "No more than the charge billed is allowed", charge * lesser.value, lesser.citation)
    moved = spare if room is None else min(spare, room - other.so_far)
    if moved > 0:
        why = f"What is above the charge of line {line.number}, for the other side, is paid here"
        other.become("other_side", why, other.so_far + moved, lesser.citation)


def _medicare_pays(line: Line, context: Context) -> None:
    if not context.terms.sequestration:
        return
    coinsurance, cut = context.required("coinsurance_share"), context.required("sequestration_share")
    patients = coinsurance.value if line.coinsurance is None else line.coinsurance
    own = cents(line.so_far * (1 - patients))
    line.medicare_pays = cents(own * (1 - cut.value))
    if line.coinsurance is None:
        line.cite(coinsurance.citation)
    line.cite(cut.citation)

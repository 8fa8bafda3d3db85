"""What a state's DMEPOS fee schedule pays for equipment, prosthetics, orthotics, supplies and nutrition.

An item has a fee for each of its modifiers: NU new, UE used, RR rented for a month, and others that tell kinds of it
apart. The fees of rural ZIP codes and of former competitive bidding areas are other ones: they are told, not chosen.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.facts import EquipmentFee
from cleanclaim.index.cite import cite_answer, cite_fact
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.types import Citation

SCHEDULE: Final = "dmepos"
NAME: Final = "the DMEPOS fee schedule"
_RENTED: Final = "CR"
_LATE_RENTAL: Final = "KJ"


def start(line: Line, context: Context) -> bool:
    """Price an item that the loaded schedule lists, or say why not; False where it does not list it."""
    hcpcs, state = line.service.hcpcs, context.locality.state
    if not state:
        listed = context.day.equipment_is_listed(hcpcs)
        if listed:
            line.refuse("no_state", f"{NAME} is by state: give a locality or a ZIP code instead of 'national'")
        return listed
    answer = context.day.equipment_fee(hcpcs, state)
    if not answer.known or answer.release is None:
        return False
    line.stale = answer.stale
    row = _item(line, answer.facts)
    if row is None:
        line.cite(cite_answer(answer, hcpcs))
    else:
        _pay(line, row, cite_fact(row, answer.release))
    return True


def _pay(line: Line, row: EquipmentFee, cited: Citation) -> None:
    if row.category == _RENTED and line.service.bears(_LATE_RENTAL):
        why = "a capped rental is paid less from the fourth month on (KJ), by a share that is not read"
        line.refuse("late_rental", why, cited)
        return
    if not row.fee:
        line.refuse("no_fee", f"{NAME} has a fee of it for rural areas of {row.state} only", cited)
        return
    line.start(SCHEDULE, row.fee * line.service.units, cited)
    line.notes.append(f"The fee of {row.state}: it goes by the state in which the patient lives.")
    if row.rural_fee:
        line.notes.append(
            f"In rural ZIP codes the fee is ${row.rural_fee} a unit, and in former competitive bidding areas another "
            "that is not read."
        )
    if row.category == _RENTED:
        line.notes.append("A capped rental: the fee is that of one of the first three months.")


def _item(line: Line, rows: tuple[EquipmentFee, ...]) -> EquipmentFee | None:
    """The row whose modifiers all stand on the line, the one with most of them; the line is refused where none does."""
    fitting = [(row, _modifiers(row)) for row in rows if set(_modifiers(row)) <= set(line.service.modifiers)]
    most = max((len(modifiers) for _, modifiers in fitting), default=0)
    best = [row for row, modifiers in fitting if len(modifiers) == most]
    if len(best) == 1:
        return best[0]
    named = ", ".join(sorted("-".join(_modifiers(row)) or "none" for row in (best or rows)))
    if best:
        line.refuse("modifier_conflict", f"{NAME} has a fee for each of {named}: only one may be on the line")
    else:
        line.refuse("modifier_missing", f"{NAME} has fees with these modifiers only: {named}")
    return None


def _modifiers(row: EquipmentFee) -> tuple[str, ...]:
    return tuple(modifier for modifier in (row.modifier, row.second_modifier) if modifier)

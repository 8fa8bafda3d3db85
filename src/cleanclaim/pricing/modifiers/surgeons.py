"""Who operated: one of two surgeons (62), one of a team (66), an assistant (80, 81, 82, AS)."""

from __future__ import annotations

from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.modifiers.authority import layout, row_says, share
from cleanclaim.pricing.modifiers.contradictions import ASSISTANTS

_NEVER: Final = {
    "0": "the fee schedule does not permit it for this procedure",
    "9": "the concept does not apply to this code",
}
_BY_DOCUMENTATION: Final = "1"


def adjust(line: Line, row: FeeScheduleRow, context: Context) -> None:
    """The share of one who did not operate alone; none where the row does not permit it."""
    if line.service.bears("62"):
        _co_surgeon(line, row, context)
    elif line.service.bears("66"):
        _team(line, row, context)
    elif line.service.bears(*ASSISTANTS):
        _assistant(line, row, context)


def _co_surgeon(line: Line, row: FeeScheduleRow, context: Context) -> None:
    cited = row_says(row, context, f"co-surgeons {row.co_surgeon or 'not stated'}")
    if row.co_surgeon not in {"1", "2"}:
        why = _NEVER.get(row.co_surgeon, "the fee schedule does not say that it is permitted")
        line.refuse("co_surgeons_not_permitted", f"co-surgeons (62) are not paid: {why}", cited)
        return
    part = share("co_surgeon_share", line, context)
    if part is None:
        return
    line.multiply("co_surgeon", "One of two surgeons (62): half of 125 % of the fee", part.value, part.citation)
    line.cite(cited)
    if row.co_surgeon == _BY_DOCUMENTATION:
        line.notes.append("Two surgeons are paid only with documentation that both were needed (co-surgeons 1).")
    else:
        line.notes.append("Two surgeons need no documentation if they are of different specialties (co-surgeons 2).")


def _team(line: Line, row: FeeScheduleRow, context: Context) -> None:
    cited = row_says(row, context, f"team surgery {row.team_surgeon or 'not stated'}")
    if row.team_surgeon in {"1", "2"}:
        line.refuse("by_report", "a surgical team (66) is paid by report: the contractor sets the price", cited)
        line.cite(layout("Team Surgery"))
    else:
        why = _NEVER.get(row.team_surgeon, "the fee schedule does not say that it is permitted")
        line.refuse("team_not_permitted", f"a surgical team (66) is not paid: {why}", cited)


def _assistant(line: Line, row: FeeScheduleRow, context: Context) -> None:
    cited = row_says(row, context, f"assistant at surgery {row.assistant or 'not stated'}")
    if row.assistant not in {"0", "2"}:
        why = {
            "1": "the law forbids it where few have one (assistant at surgery 1, 42 U.S.C. 1395w-4(i)(2)(B))",
            "9": _NEVER["9"],
        }.get(row.assistant, "the fee schedule does not say that one may be paid")
        line.refuse("assistant_not_paid", f"an assistant at surgery is not paid: {why}", cited)
        return
    if line.service.bears("AS"):
        name, why = "nonphysician_assistant_share", "Assistant at surgery who is no physician (AS): 85 % of 16 %"
    else:
        borne = next(modifier for modifier in ASSISTANTS if line.service.bears(modifier))
        name, why = "assistant_share", f"Assistant at surgery ({borne}): 16 % of the fee"
    part = share(name, line, context)
    if part is None:
        return
    line.multiply("assistant", why, part.value, part.citation)
    line.cite(cited)
    if row.assistant == "0":
        line.notes.append("An assistant is paid here only with documentation of the need for one (assistant 0).")

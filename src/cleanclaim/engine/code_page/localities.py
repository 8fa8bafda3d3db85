"""Where a service pays least and most: its amount over all localities of the fee schedule."""

from __future__ import annotations

from collections.abc import Iterator

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.engine.code_page.record import PageFact, cited
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.index.cite import cite_answer
from cleanclaim.pricing import cap, fee
from cleanclaim.pricing.context import Context, expense_of
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import Line, Rate, Service, Terms
from cleanclaim.types import format_money


def priced(row: FeeScheduleRow, rate: Rate, context: Context) -> Line:
    """One unit of a row's service by itself: its fee, or why it has none, and the cap on imaging."""
    line = Line(1, Service(row.hcpcs, (row.modifier,) if row.modifier else ()), rate)
    fee.start(line, context)
    cap.apply([line], context)
    return line


def extremes(subject: Procedure, row: FeeScheduleRow, rate: Rate, where: str) -> Iterator[PageFact]:
    """Two facts, the lowest and the highest amount of a row at a rate; none where no indices are loaded.

    The two localities are found by the formula in binary fractions, which is enough to rank them; what is said of them
    is priced exactly.
    """
    indices = subject.day.gpcis()
    if not indices:
        return
    work, expense, malpractice = (float(value) for value in (row.work_rvu, expense_of(row, rate), row.mp_rvu))
    ranked = [
        (work * float(at.work_gpci) + expense * float(at.pe_gpci) + malpractice * float(at.mp_gpci), at)
        for at in indices
    ]
    ends = (min(ranked, key=lambda entry: entry[0])[1], max(ranked, key=lambda entry: entry[0])[1])
    for key, said, at in zip(("lowest", "highest"), ("least", "most"), ends, strict=True):
        place = locality_named(subject.day, f"{at.mac}-{at.locality}")
        line = priced(row, rate, Context(subject.day, place, Terms()))
        text = f"{row.hcpcs} {where} pays {said} in {place.name} ({place.code}): ${format_money(line.so_far)}."
        answer = subject.day.gpci(at.mac, at.locality)
        yield cited(f"{key}_amount_{rate}", line.so_far, text, cite_answer(answer, place.code))

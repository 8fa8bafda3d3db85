"""What several procedures of one day leave of each other's fees, by the multiple procedure indicator of their rows.

One module a rule of the record layout (RVU25D.pdf, Multiple Procedure): :mod:`.endoscopy` (3, before it is ranked),
:mod:`.surgery` (1, 2, 3), :mod:`.diagnostic` (4 imaging, 6 cardiovascular, 7 ophthalmology) and :mod:`.therapy` (5).
Indicators 0 and 9 are left as they are: add-on codes and those that take no modifier 51 have them. Modifier 51 itself
changes nothing, since the payer ranks whether it is there or not.

All lines are of one patient, physician and day, so that nothing here asks who and when. Ranks go by what the fee
schedule allows, not by charges, and equals are told apart by what is on the lines, not by their order.
"""

from __future__ import annotations

from cleanclaim.pricing.alone import is_included
from cleanclaim.pricing.context import Context
from cleanclaim.pricing.fee import SCHEDULE
from cleanclaim.pricing.model import Line
from cleanclaim.pricing.multiple import diagnostic, surgery, therapy


def rank(lines: list[Line], context: Context) -> None:
    """Reduce the lines that are paid less because of others of the day; say the rank of each that was ranked."""
    found = [
        line for line in lines if line.row is not None and line.schedule in {SCHEDULE, ""} and not is_included(line)
    ]
    for rule in (surgery.rank, diagnostic.rank, therapy.rank):
        rule(found, context)

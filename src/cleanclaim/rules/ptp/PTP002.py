"""Two services of a procedure pair billed together without a modifier that says they are distinct.

What it checks
--------------
Two lines for one patient, provider and service date whose codes are Column One and Column Two of an NCCI edit
with modifier indicator 1 in force on that date, with no PTP-associated modifier on either line, or none but an
anatomic one on Column One, which does not say that Column Two was done elsewhere.

Why it matters
--------------
Medicare pays Column One and denies Column Two. The denial turns only if the record shows that the two were
distinct: another site, another encounter, another lesion.

How to fix
----------
If the services were not distinct, report Column One only. If they were, and the record says so, report Column Two
with the modifier that says why; which one depends on what it is:

- a visit beside a procedure: 25, if the visit was significant and separately identifiable; 57, if it decided a
  procedure with 090 global days; 24, if it was unrelated and within another procedure's global days (NCCI manual I.D,
  I.E.b). Never 59 or X;
- a visit beside a visit: 25 (27 for a second one in an outpatient hospital);
- a laboratory test: 91, if it was repeated for a later result; for another specimen 59 or X (I.N, I.E);
- a procedure: an anatomic modifier, XE, XS, XP or XU, and 59 only where none of them fits (I.E.d).

Limits
------
A different diagnosis, or simply a different procedure, does not make services distinct (NCCI manual I.E.d).
Silent where both lines bear GY: Medicare pays for neither.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import Bypass, bypass, established
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP002",
    name="undistinguished-procedure-pair",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}) unless the record shows a "
        "distinct service, and neither line bears a modifier that says so."
    ),
    fix=Fix(
        action="remove-line",
        safety="review",
        text="{undistinguished_advice}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(
        manual("I.E", "indicator 1: a PTP-associated modifier may bypass the edit when the services are distinct"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit has modifier indicator 1 and no PTP-associated modifier sets Column Two apart."""
    return established(edit) and edit.modifier_indicator == 1 and bypass(edit, one, two) == Bypass.NONE

"""An add-on code whose primary may stand on another day or with another provider.

What it checks
--------------
A type 1 add-on without a listed primary of the same provider and day, where a listed primary is billed for the
patient by the same billing provider a day earlier or later, or by another rendering provider; and 99292 without 99291.

Why it matters
--------------
The edits ask for a primary of the same practitioner, patient and day. There are exceptions, which the contractor
decides: services that pass midnight, and 99292 by a physician whose colleague of the same specialty bills 99291.

How to fix
----------
Check the date and the rendering provider of both lines. If both are right, keep the records that show how the add-on
belongs to its primary.

Limits
------
99292 is silent beside 99291 of the same day by another provider of the same billing provider, unless their taxonomy
codes name two specialties; that 99291 may be on a claim not in the input. Otherwise specialties are not compared.
"""

from __future__ import annotations

from cleanclaim.rules.add.primary import needs_listed_primary, primary_may_stand_elsewhere
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD005",
    name="add-on-primary-elsewhere",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("aoc",),
    message=(
        "{hcpcs} is an add-on code whose primary ({primaries}) the provider does not bill on {service_date}; it may "
        "stand on a neighbouring day or with another provider of the group."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Check the service date and the rendering provider of {hcpcs} and of its primary.",
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(
        manual("I.W", "99292 with a colleague's 99291; add-on and primary on different dates in unusual circumstances"),
    ),
)


def check(line: LineFacts) -> bool:
    """A type 1 add-on lacks its primary here, and it may stand elsewhere."""
    excused = line.primary_by_colleague and line.colleague_bills_primary
    return needs_listed_primary(line) and primary_may_stand_elsewhere(line) and not excused

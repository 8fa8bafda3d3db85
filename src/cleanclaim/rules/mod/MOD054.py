"""The complexity add-on G2211 beside an office visit with 25.

What it checks
--------------
G2211 to Medicare where the office visit of the provider and day (99202-99205, 99211-99215) bears 25. From 2025-01-01 a
preventive service of Medicare Part B, a vaccine or its administration, or an annual wellness visit that day lets the
add-on pass.

Why it matters
--------------
Medicare does not pay G2211 with a visit that bears 25: the add-on is for a visit that is the day's own matter, not for
one beside a procedure.

How to fix
----------
Take 25 off the visit if nothing of the day asks for it. Otherwise take G2211 off the claim.

Limits
------
The instruction was read second-hand, so this is never more than review. The preventive services are a generous list of
ours; those on other claims of the day count only where the provider is the same. Other payers are not judged, nor days
before 2024, when the code was bundled.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

SINCE: Final = dt.date(2024, 1, 1).toordinal()
PREVENTIVE_SINCE: Final = dt.date(2025, 1, 1).toordinal()

RULE = Rule(
    code="MOD054",
    name="complexity-beside-visit-with-25",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} stands beside an office visit with 25 on {service_date}, and no preventive service of that day allows "
        "it: Medicare does not pay it so."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text="Take 25 off the visit if nothing of the day asks for it; otherwise take {hcpcs} off the claim.",
    ),
    adjustment=Adjustment("CO", "97", ("N20",)),
    citations=(
        convention(
            "G2211 is not paid with an office visit that bears 25 (MM13272, from 2024-01-01), but for one beside a "
            "wellness visit, vaccine or Part B preventive service (CY 2025 fee schedule rule, from 2025-01-01); both "
            "read second-hand"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """Medicare, every office visit of the day with 25, and nothing that excepts it."""
    return (
        line.medicare == 1
        and line.all_visits_with_25
        and line.service_day >= SINCE
        and not (line.preventive_service_present and line.service_day >= PREVENTIVE_SINCE)
    )

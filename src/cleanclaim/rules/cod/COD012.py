"""A procedure code of another age.

What it checks
--------------
Procedure codes that are for an age, against the patient's on the first day of service: preventive visits (99381-99387,
99391-99397), critical care of newborns and children (99468-99477), vaccination with counseling (90460, 90461),
circumcision (54160, 54161), tonsils and adenoids (42820-42836), inguinal hernias (49491-49507), central venous access
(36555-36573).

Why it matters
--------------
The date of birth or the code is wrong, and payers deny the line.

How to fix
----------
Hold the date of birth against the record; take the code of the patient's age.

Limits
------
The ages are those of the code set, known by the custom of the trade; many other codes have one that is not here. Silent
where the date of birth is not given, and where a diagnosis already says that age or sex does not fit (DXV016, DXV017).
"""

from __future__ import annotations

from cleanclaim.rules.cod.persons import of_another_age
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, reason_code
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="COD012",
    name="procedure-of-another-age",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{hcpcs} is a code of another age than the patient has on {service_date}.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Replace {hcpcs} by the code of the patient's age, or correct the date of birth.",
    ),
    adjustment=Adjustment("CO", "6"),
    citations=(
        convention("the ages of procedure codes, by the code set"),
        reason_code("carc", "6", "the procedure is inconsistent with the patient's age"),
    ),
)


def check(line: LineFacts) -> bool:
    """The age is known and is none of the code's, and no diagnosis says so already."""
    return line.is_hcpcs and not line.other_person and of_another_age(line)

"""A claim to Medicare filed more than a year after the service.

What it checks
--------------
The day on which the file says it was made is not later than one calendar year after the service: the first day of a
professional line, the last day of an institutional claim. A service of 29 February is to be filed by 28 February.

Why it matters
--------------
Medicare denies it, the patient may not be billed, and there is no appeal of the denial itself. A claim returned as
unprocessable has not been filed: the clock runs on.

How to fix
----------
See whether an exception of 42 CFR 424.44(b) applies (an error of Medicare or its contractor, entitlement granted
backwards, an MA plan or Medicaid that took its payment back), and send the proof. Otherwise write the charge off.

Limits
------
Binds claims filed with Medicare Part A or B for services since 2010. The day the file was made is the sender's own
statement; the claim is received on that day at the earliest. Replacements and voids are left alone, since the original
may have been in time. Another payer that answers first does not extend the limit.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM003",
    name="medicare-filing-limit-passed",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no}, of {service_date}, had to reach Medicare by {medicare_filing_day}; the file was made on "
    "{submitted}.",
    fix=Fix(
        action="show-exception",
        safety="review",
        text="Send the proof of an exception of 42 CFR 424.44(b), or write line {line_no} off.",
    ),
    adjustment=Adjustment("CO", "29", appealable=False),
    settings=tuple(Setting),
    citations=(regulation("42 CFR 424.44(a)", "one calendar year after the date of service"),),
)


def check(line: LineFacts) -> bool:
    """Medicare, an original, and the file made after the last day."""
    if line.medicare != 1 or not line.original_claim:
        return False
    return 0 < line.medicare_filing_day < line.submitted_day

"""A service more often than the payer pays for it.

What it checks
--------------
The payer's policy limits how often a service is paid: so many days of service, units or regions in a day, a rolling
period, a calendar year or a lifetime. The lines of the patient's claims with this payer are counted up to each line.

Why it matters
--------------
The service beyond the limit is denied, however well each of them is coded.

How to fix
----------
Look at the dates: a wrong one is a usual cause. Otherwise show in the record why the service was needed so soon, and
ask the payer before the next one.

Limits
------
Counts the claims of the input and of the history that was given (--history): services billed elsewhere are not known.
The finding stands on the service that goes beyond the limit; replaced and voided claims do not count.
"""

from __future__ import annotations

from cleanclaim.rules.facts import UNKNOWN, LineFacts
from cleanclaim.rules.model import Related, Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="PAY002",
    name="payer-frequency-limit-exceeded",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} With {hcpcs} on line {line_no} there are {policy_count} in "
    "{policy_period}, after {policy_lines}.",
    fix=Fix(
        action="document-necessity",
        safety="review",
        text="Check the dates of service; if they are right, hold the record for {hcpcs} against the policy.",
    ),
    adjustment=Adjustment("CO", "119", ("N640",)),
    tables=("policy",),
    policy="frequency",
    related=Related.POLICY,
    settings=tuple(Setting),
)


def check(line: LineFacts) -> bool:
    """More is counted than the policy pays for."""
    return UNKNOWN < line.frequency_maximum < line.frequency_count

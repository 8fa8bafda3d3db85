"""A claim filed after the payer's own limit.

What it checks
--------------
The payer's policy gives so many days to file, counted from the last day of service, or from the end of its year. The
day on which the file says it was made is later.

Why it matters
--------------
Payers deny a late claim whatever it holds, and the patient may not be billed for it.

How to fix
----------
Look up the limit in the contract, which overrides the standard one. With proof of an earlier filing, or of another
payer's answer, send that with the claim.

Limits
------
Contracts and state law change these limits everywhere: never more than review. Silent for replacements and voids, for
claims that another payer answers first, and where the file does not say when it was made. Medicare's limit is TIM003.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="TIM004",
    name="payer-filing-limit-passed",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message="{payer_name}{policy_terms}: {policy_text} Line {line_no}, of {service_date}, was to be filed by "
    "{last_filing_day}; the file was made on {submitted}.",
    fix=Fix(
        action="show-timely-filing",
        safety="review",
        text="Hold line {line_no} against the contract's limit, and send proof of an earlier filing if there is one.",
    ),
    adjustment=Adjustment("CO", "29"),
    tables=("policy",),
    policy="timely_filing",
    settings=tuple(Setting),
)


def check(line: LineFacts) -> bool:
    """An original that this payer answers first, made after the last day."""
    return line.original_claim and not line.later_payer and 0 < line.last_filing_day < line.submitted_day

"""A claim of quality measure codes only.

What it checks
--------------
A professional claim filed with Medicare, or that names no payer, whose every line is a quality measure code
(Category II, or fee-schedule status M).

Why it matters
--------------
A measure counts only with the visit or procedure it speaks of, on the same claim. A claim without one has nothing to
pay, and its measures are lost.

How to fix
----------
Put the measure codes on the claim of the service. If that was sent without them, a corrected claim may add them only
where the payer says so.

Limits
------
Other payers take claims of measure codes alone as supplemental quality data; those are not reported. The rule is the
custom of the trade, so it is never more than review.
"""

from __future__ import annotations

from cleanclaim.rules.facts import ClaimFacts
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="QLT007",
    name="measures-without-service",
    severity=Severity.REVIEW,
    scope=Scope.CLAIM,
    settings=(Setting.PRACTITIONER,),
    message="Every line is a quality measure code: a measure counts only on the claim of the service it speaks of.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Put the measure codes on the claim of the visit or procedure they speak of.",
    ),
    adjustment=Adjustment("CO", "246", ("N620",)),
    citations=(convention("measure codes ride on the claim of the service they speak of"),),
)


def check(claim: ClaimFacts) -> bool:
    """Every line of a claim that may be Medicare's is a measure code."""
    return claim.measures_only and claim.medicare != 0

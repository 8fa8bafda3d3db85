"""The highest office visit is billed with modifier 25.

What it checks
--------------
An office visit of the fifth level (99205, 99215) with modifier 25 on a professional claim.

Why it matters
--------------
Acme's own audits found that a second reader changes one in several of these visits before they go out.

How to fix
----------
Have a certified coder read the note before the claim is sent.

Limits
------
A house rule: no payer denies the visit for it, so it never says more than review.
"""

from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.rules.modifiers import M25
from cleanclaim.types import Citation, Fix, Setting, Severity

NEW_PATIENT = code_number("99205")
KNOWN_PATIENT = code_number("99215")

RULE = Rule(
    code="ACM001",
    name="highest-visit-with-25",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} with modifier 25 goes to a second reader before it is sent.",
    fix=Fix("second-reader", "review", "Have a certified coder read the note of {service_date}."),
    citations=(Citation("acme-billing-policy", "2026", "3.2", text="visits read twice"),),
)


def check(line: LineFacts) -> bool:
    """The line is such a visit."""
    return line.code_number in (NEW_PATIENT, KNOWN_PATIENT) and line.modifiers[M25] == 1

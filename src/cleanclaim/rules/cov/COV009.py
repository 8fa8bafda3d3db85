"""A local determination governs the code, and the diagnoses could not be held against it.

What it checks
--------------
Lines filed with Medicare Part A or B whose code a local coverage determination (LCD) of the claim's contractor lists,
in force on the date of service, while no billing article of that contractor that is loaded lists the code. So it
stands with durable medical equipment: there the determination lists the codes, and its article the diagnoses in prose.

Why it matters
--------------
The service is paid only under the determination's conditions. Nothing here has compared the diagnosis with them: that
there is no other finding does not mean that the line is covered.

How to fix
----------
Nothing may be wrong. Read the determination and the articles that belong to it. Where the policy asks for KX, it says
that all of its conditions are met; where they are not, GA (the patient signed a notice) or GZ does.

Limits
------
The contractor is told by its number as payer, else by ZIP code or state; the claim of a supplier of durable medical
equipment (told by the billing taxonomy) may go to any contractor for that, and all must hold the determination. One
that is proposed, not yet in force, retired, or whose own dates are not loaded is not reported, nor is a line with GA,
GZ or GY. An export holds the current version only. Of national determinations (NCD) the exports list no codes.
"""

from __future__ import annotations

from cleanclaim.rules.cov.liability import says_itself
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, regulation
from cleanclaim.types import Fix, Severity

RULE = Rule(
    code="COV009",
    name="determination-not-checked",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("lcd", "mcd"),
    message=(
        "Medicare contractor {contractor} lists {hcpcs} in {determinations}. No billing article that is loaded lists"
        " it, so whether the diagnosis supports it was not checked."
    ),
    fix=Fix(
        action="read-determination",
        safety="review",
        text=(
            "Hold the record and the diagnosis against LCD {determination_numbers}; articles that belong to it:"
            " {determination_articles}."
        ),
    ),
    citations=(regulation("42 CFR 411.15(k)(1)", "no payment for services that are not reasonable and necessary"),),
    payers=("medicare",),
)


def check(line: LineFacts) -> bool:
    """A determination alone speaks of the code, and the line does not itself expect a denial."""
    return line.determination_alone and not says_itself(line)

"""A code of which Medicare pays no unit in this setting.

What it checks
--------------
A line filed with Medicare whose code has a medically unlikely edit (MUE) of 0 in the setting of the claim:
practitioner, outpatient hospital, or supplier of durable medical equipment.

Why it matters
--------------
A limit of 0 means that the code is not covered, bundled, discontinued, or to be billed by somebody else or in another
setting. Every unit is denied, and the denial cannot be shifted to the patient by an ABN.

How to fix
----------
Find out why: report the code that replaces it, let the right biller report it (supplies and braces go to the DME
contractor on a claim of their own), or remove the line. For a service excluded by statute that the patient wants
denied, add GY.

Limits
------
Other payers pay for many of these codes, preventive visits among them, so only claims filed with Medicare are held
against it. Physicians and podiatrists may be DME suppliers too: on a professional claim of HCPCS Level II codes alone
the supplier's limit counts if it is wider. A code whose list or fee-schedule status already denies it is left to
COD001 to COD008.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.mue.zero import charged_at_zero_limit
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="MUE004",
    name="zero-unit-limit",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mue",),
    message="{hcpcs} has a unit limit of 0 in this setting: Medicare denies every unit of it here.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text=(
            "Remove {hcpcs}, or report the code that Medicare pays instead. If another biller or setting is the right "
            "one for it, bill it from there."
        ),
    ),
    adjustment=Adjustment("CO", "151", ("N362",)),
    citations=(manual("I.V", "a limit of 0: invalid, not covered, bundled, not separately payable or excluded"),),
)


def check(line: LineFacts) -> bool:
    """Medicare is charged for a code whose limit is 0."""
    return line.medicare == 1 and charged_at_zero_limit(line)

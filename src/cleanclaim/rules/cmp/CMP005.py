"""An incident-to service billed for a hospital's patient.

What it checks
--------------
A code of PC/TC indicator 5 (injections, infusions, chemotherapy administration, allergy shots) on a practitioner's
claim at place of service 19, 21, 22 or 23.

Why it matters
--------------
These codes pay for the practitioner's own staff. In a hospital the staff is the hospital's, and Medicare pays the
practitioner nothing for patients of the hospital, admitted or not.

How to fix
----------
Take the line off the claim: the hospital bills it. If the service was given in the office, correct the place of
service.

Limits
------
Claims filed with other payers, Medicare Advantage plans among them, are not judged, though many follow the rule.
Psychiatric and rehabilitation hospitals have places of service of their own (51, 61), which are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.cmp.share import incident_to_in_hospital
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="CMP005",
    name="incident-to-service-in-hospital",
    severity=Severity.DENY,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is a service of the practitioner's staff: Medicare does not pay it at place of service {pos}.",
    fix=Fix(
        action="remove-line",
        safety="review",
        text="Remove {hcpcs}: the hospital bills it, unless the place of service is wrong.",
    ),
    adjustment=Adjustment("CO", "5", ("M97",)),
    citations=(
        layout("Attachment A, PC/TC indicator 5", "no payment for hospital inpatients or in an outpatient department"),
    ),
)


def check(line: LineFacts) -> bool:
    """A code of PC/TC 5 is billed to Medicare at a hospital's place of service."""
    return incident_to_in_hospital(line)

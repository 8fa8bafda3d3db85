"""A visit code for new patients, and the patient was seen in the three years before.

What it checks
--------------
A visit code that is for new patients only (99202-99205, 99341-99345, 99381-99387, 92002, 92004, 98000-98003,
98008-98011), where the same rendering provider, or another of the same biller and taxonomy, billed a visit or a
procedure for the patient less than three years before, on an earlier day.

Why it matters
--------------
A patient is new only to a physician who has not met him for three years, and to none of the same group and specialty.
Payers hold this against their files and deny, or pay the established patient's code.

How to fix
----------
Bill the established patient's code of the same kind, at the level the record supports.

Limits
------
Sees the claims checked and those of `--history`. Only visits and procedures of the surgery section count as met: tests
and interpretations do not make a patient established. The definition is CMS's and CPT's, read as quoted.
"""

from __future__ import annotations

from cleanclaim.rules.facts import LineFacts, SameProvider
from cleanclaim.rules.model import Related, Rule, Scope, convention
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="GLO010",
    name="new-patient-seen-before",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    related=Related.EARLIER_VISIT,
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} on {service_date} is for new patients, but the same provider or specialty met the patient for "
        "{seen_before}."
    ),
    fix=Fix(
        action="replace-code",
        safety="review",
        text="Bill the visit code for established patients that the record supports.",
    ),
    adjustment=Adjustment("CO", "B16"),
    citations=(
        convention(
            "new: no professional service by the physician or the same group and specialty within three years (CMS, "
            "MLN Matters MM4032 and Claims Processing Manual ch. 12, 30.6.7, read as quoted)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The patient was met less than three years before."""
    return line.seen_before != SameProvider.NO

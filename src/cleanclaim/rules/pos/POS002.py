"""A service rarely or never done in this setting.

What it checks
--------------
A code whose fee-schedule row (the one with the line's modifier) is marked NA for the setting of the place of service:
office or facility.

Why it matters
--------------
CMS sets no practice expense for the setting, since the service is not done there. A claim says so by mistake more
often than not: an inpatient visit in the office, major surgery outside a facility.

How to fix
----------
Check the place of service against the record.

Limits
------
NA does not forbid the setting: contractors pay such claims. Where a component rule, or the one on visits in another
place, speaks of the same place it says more, and this one stays silent; so it does where 54, 55 or 56 says that only a
part of the surgical care is billed, which may have been given elsewhere. Claims filed with other payers, Medicare
Advantage plans among them, are not judged.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.cmp.share import incident_to_in_hospital, technical_in_facility, whole_in_facility
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, layout
from cleanclaim.rules.modifiers import M54, M55, M56, any_of
from cleanclaim.rules.pos.visits import visit_elsewhere
from cleanclaim.types import Fix, Setting, Severity

RULE = Rule(
    code="POS002",
    name="service-rare-in-setting",
    severity=Severity.INFORM,
    scope=Scope.LINE,
    tables=("mpfs", "pos"),
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is marked NA for place of service {pos}: rarely or never done there.",
    fix=Fix(action="review-record", safety="review", text="Check place of service {pos} against the record."),
    citations=(layout("Data record, NA indicators", "rarely or never performed in the setting"),),
)

PRICED: Final = (ord("A"), ord("R"), ord("T"))
"""The statuses whose practice expense is used: elsewhere NA says nothing."""

SHARE_OF_SURGERY: Final = (M54, M55, M56)
"""Modifiers of care before or after surgery, which is given in the office, and of surgery without it."""


def check(line: LineFacts) -> bool:
    """Medicare prices the code, though not in the setting billed, and no component rule says more."""
    if not line.na_here or line.medicare == 0 or line.status_indicator not in PRICED:
        return False
    if any_of(line.modifiers, SHARE_OF_SURGERY) or visit_elsewhere(line):
        return False
    return not (whole_in_facility(line) or technical_in_facility(line) or incident_to_in_hospital(line))

"""A code the fee schedule makes an add-on, billed alone.

What it checks
--------------
A service whose global days are ZZZ in the fee schedule, of which the add-on edits say nothing, where the provider
bills for the patient that day nothing that may stand alone. CPT codes and HCPCS codes beginning with G.

Why it matters
--------------
ZZZ marks a code that relates to another service and is always included in the global period of that service: an
add-on. G2211 goes with an office visit. An add-on is not paid alone.

How to fix
----------
Bill the service that it was added to on the same claim.

Limits
------
Which services are acceptable primaries no table says: any service of the day that is no add-on keeps this rule silent.
A primary on a claim that is not in the input, or of another day of a service billed by the month, is not seen. Codes of
status other than A, R and C are the COD family's.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.add.primary import ZZZ
from cleanclaim.rules.code_groups import code_number
from cleanclaim.rules.facts import AddOnType, CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, layout, manual
from cleanclaim.types import Adjustment, Fix, Setting, Severity

G_FIRST: Final = code_number("G0000")
G_LAST: Final = code_number("G9999")
_PAYABLE: Final = (ord("A"), ord("R"), ord("C"))

RULE = Rule(
    code="ADD007",
    name="fee-schedule-add-on-alone",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("aoc",),
    also_cites=("mpfs",),
    settings=(Setting.PRACTITIONER,),
    message=(
        "{hcpcs} is an add-on by its global days (ZZZ), and on {service_date} the provider bills no service that it "
        "could be added to."
    ),
    fix=Fix(
        action="add-primary",
        safety="review",
        text="Bill the service to which {hcpcs} was added on the same claim.",
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(
        layout("global surgery", "ZZZ: the code is related to another service and included in its global period"),
        manual("I.R", "an add-on can only be reported in addition to a primary procedure"),
    ),
)


def check(line: LineFacts) -> bool:
    """A ZZZ code without add-on edits stands alone."""
    is_service = line.code_kind != CodeKind.LEVEL_II or G_FIRST <= line.code_number <= G_LAST
    return (
        is_service
        and not line.bundled
        and not line.is_measure
        and line.global_days == ZZZ
        and line.add_on_type == AddOnType.NOT_ADD_ON
        and line.status_indicator in _PAYABLE
        and not line.other_service_present
    )

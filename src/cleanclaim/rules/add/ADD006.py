"""An add-on code without a primary in edits of an earlier year.

What it checks
--------------
A type 1 add-on none of whose listed primaries is billed that day, while another service is, where the add-on edits at
hand are of an earlier year than the service.

Why it matters
--------------
An add-on is only paid with a listed primary. But new codes come into force every January 1 and some of them are
primaries of add-ons that were there before: edits of an earlier year cannot list them.

How to fix
----------
Load the add-on edits of the year and check again. Until then, look up whether the other service of the day is a
primary of the add-on.

Limits
------
Whether the other service is new since the edits were published is not known.
"""

from __future__ import annotations

from cleanclaim.rules.add.primary import needs_listed_primary, primary_may_be_newer, primary_may_stand_elsewhere
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="ADD006",
    name="primary-not-in-outdated-edits",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    tables=("aoc",),
    message=(
        "{hcpcs} is an add-on code and none of its primaries ({primaries}) is billed by the provider on "
        "{service_date}. The edits are of an earlier year and may lack a newer primary."
    ),
    fix=Fix(
        action="review-primary",
        safety="review",
        text="Load the add-on edits of the service's year, or look up the primaries of {hcpcs} in force that day.",
    ),
    after_findings=True,
    adjustment=Adjustment("CO", "107", ("N122",)),
    citations=(manual("I.W", "the add-on edits are updated every January 1 for new codes"),),
)


def check(line: LineFacts) -> bool:
    """A type 1 add-on lacks its primary, and the edits may be too old to list it."""
    return needs_listed_primary(line) and primary_may_be_newer(line) and not primary_may_stand_elsewhere(line)

"""A procedure pair whose edit may not have begun yet on the service date.

What it checks
--------------
Two lines of an NCCI edit that no modifier on them bypasses, where the service date lies before the quarter of the
release and the release does not give the edit's effective date.

Why it matters
--------------
The pair is bundled in the release at hand, and the edit had not been deleted by the service date. Whether it had
already begun is not known, so the line is likely, but not certainly, denied.

How to fix
----------
Load the release of the service's quarter, or the publisher's own file, which gives effective dates. Until then treat
the pair as bundled.

Limits
------
Only re-exported tables that lost the effective date raise this; CMS files give it for every edit.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.ptp.bypass import stands
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP005",
    name="procedure-pair-of-unknown-start",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}) {bundling} {column_one} (line {line_one}) in a later release, which does "
        "not say whether the edit had begun by {service_date}."
    ),
    fix=Fix(
        action="load-release",
        safety="review",
        text="Load the edits of the service's quarter. If the pair was bundled then, bill {column_one} only.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(manual("I.E", "an edit binds from its effective date to its deletion date"),),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit is of the claim's own table, may not have begun, and no modifier bypasses it."""
    return not edit.start_known and not edit.borrowed and not edit.of_colleague and stands(edit, one, two)

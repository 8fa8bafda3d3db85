"""A procedure pair bypassed by an anatomic modifier that hardly shows another site.

What it checks
--------------
Two lines of an NCCI edit with modifier indicator 1 that is bypassed by nothing but anatomic modifiers on Column Two,
where one of these holds on the service date:

- the modifier is LT or RT, the Column One line names no site, and the fee schedule has no bilateral adjustment for
  either code (bilateral indicator 0 or 9);
- the modifier is LT or RT, the Column One line names no site, and Column One can be done on either side (bilateral
  indicator 1 or 3), perhaps the same;
- the modifier names an eyelid, finger, toe or coronary artery, and Column Two is an endoscopy (a surgical code with
  multiple procedure indicator 3).

Why it matters
--------------
The claim passes the edit, but a modifier may stand only where the clinical circumstances justify it. What it fails to
show is taken back on audit.

How to fix
----------
If the two were done at different sites, put XS (59 if it does not fit) on Column Two, or name the site on both lines
where the codes have sides.
If the modifier does not describe Column Two, take it off and report Column One only.

Limits
------
The fee schedule does not say which codes have sides. Indicator 0 is also on codes that are done on one side, such as
some of the skin, the hand and the arteries; for them the pair is only asked to name both sites. So this is review, and
silent where Column One names a site, or the fee schedule is not loaded. Indicator 9 of a HCPCS Level II code says
nothing of sides and is passed over. Eyelid, finger, toe and coronary modifiers on codes that are no endoscopies are not
checked: no loaded table says which codes they fit.
"""

from __future__ import annotations

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, manual
from cleanclaim.rules.ptp.bypass import SiteDoubt, established, site_doubt
from cleanclaim.types import Adjustment, Fix, Severity

RULE = Rule(
    code="PTP007",
    name="site-not-shown-procedure-pair",
    severity=Severity.REVIEW,
    scope=Scope.PAIR,
    tables=("ptp",),
    also_cites=("mpfs",),
    message=(
        "{column_two} (line {line_two}: {modifiers_two}) passes the edit with {column_one} (line {line_one}) by its "
        "site alone, but {site_doubt}."
    ),
    fix=Fix(
        action="review-record",
        safety="review",
        text=(
            "If the record shows two sites, add XS (59 if it does not fit) to {column_two}, or name the site on both "
            "lines where the codes have sides; otherwise remove {column_two}."
        ),
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(
        manual("I.E", "modifiers bypass an edit only when the circumstances, such as separate sites, justify them"),
        convention("codes without a bilateral adjustment, and endoscopies, seldom bear such a modifier"),
    ),
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """Anatomic modifiers alone bypass the edit, and they hardly show another site."""
    return established(edit) and edit.modifier_indicator == 1 and site_doubt(edit, one, two) != SiteDoubt.NONE

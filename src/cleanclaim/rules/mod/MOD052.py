"""A colorectal screening that became another procedure, billed to Medicare without PT.

What it checks
--------------
A sigmoidoscopy, a colonoscopy (45330-45398, through a stoma 44388-44408) or its anesthesia (00811) for Medicare whose
first diagnosis is screening or a history for which screening is done (Z12.11, Z12.12, Z86.01-, Z80.0, Z83.71-), without
PT.

Why it matters
--------------
PT says that the procedure began as a screening. Without it Medicare takes the deductible and the whole coinsurance from
the patient, who owes no deductible and a smaller share.

How to fix
----------
If the examination began as a screening, add PT to the code. If nothing was found and nothing done, bill the screening
code (G0105 at high risk, G0121 otherwise; G0104 for sigmoidoscopy; 00812 for anesthesia) in its place. If it was
diagnostic from the start, put the complaint first and the screening or history code after it or away.

Limits
------
The instruction was read on pages of Medicare contractors, so this is never more than review. The order of the diagnoses
says what it began as: one first-listed by mistake makes the rule fire. The line is paid either way: no denial is
expected. PT is in use since 2011-01-01. A line with 33 is MOD053's.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.mod.sets import M33, PT, may_be_screening_turned
from cleanclaim.rules.model import Rule, Scope, convention
from cleanclaim.types import Fix, Severity

SINCE: Final = dt.date(2011, 1, 1).toordinal()

RULE = Rule(
    code="MOD052",
    name="turned-screening-without-pt",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    message=(
        "{hcpcs} ({modifiers}) goes to Medicare with a colorectal screening or history first, and without PT: the "
        "patient is charged as for a procedure that began as diagnostic."
    ),
    fix=Fix(
        action="add-modifier",
        safety="review",
        text=(
            "Add PT to {hcpcs} if it began as a screening; bill G0104, G0105 or G0121 (for anesthesia 00812) in its "
            "place if it stayed one; otherwise put the complaint first."
        ),
    ),
    citations=(
        convention(
            "PT on the procedure that a colorectal screening became (Medicare Claims Processing Manual, chapter 18, "
            "section 60; MM7012; Noridian, Modifier PT, 2022-12-06; read second-hand)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """To Medicare, a screening comes first, and neither PT nor 33 says that it turned."""
    return (
        line.medicare == 1
        and line.service_day >= SINCE
        and line.screening_first
        and may_be_screening_turned(line)
        and not line.modifiers[PT]
        and not line.modifiers[M33]
    )

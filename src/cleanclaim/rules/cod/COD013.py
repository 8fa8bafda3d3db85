"""A procedure of the other sex.

What it checks
--------------
Procedures on organs of one sex against the sex on the claim: for men the prostate, penis and testis (54000-55899,
52601, G0102, G0103, PSA); for women vulva to ovary, pregnancy and delivery (56405-59899), their ultrasound
(76801-76831), smears and pelvic examination (88141-88175, G0101, Q0091).

Why it matters
--------------
The sex, the code or the patient is wrong, and payers deny the line. Where both are right, the claim must say so.

How to fix
----------
Hold sex and code against the record. If both are right, put KX on the line: it lets edits on sex pass.

Limits
------
Convention. Silent with KX, where the sex is not given or unknown, and where a diagnosis already says that it does not
fit (DXV016). Institutional claims, which say it with condition code 45, are not judged: the code is not read here.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.cod.persons import of_the_other_sex
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope, convention, reason_code
from cleanclaim.rules.modifiers import position
from cleanclaim.types import Adjustment, Fix, Setting, Severity

KX: Final = position("KX")

RULE = Rule(
    code="COD013",
    name="procedure-of-the-other-sex",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="{hcpcs} is a procedure of one sex, and the claim says that the patient is of the other.",
    fix=Fix(
        action="review-record",
        safety="review",
        text="Correct {hcpcs} or the sex on the claim; if both are right, say so with KX on the line.",
    ),
    adjustment=Adjustment("CO", "7"),
    citations=(
        convention("the organs of the codes"),
        reason_code("carc", "7", "the procedure is inconsistent with the patient's gender"),
        convention(
            "KX lets sex-specific edits pass (Medicare Claims Processing Manual, chapter 32, section 240; MM6638; "
            "read second-hand)"
        ),
    ),
)


def check(line: LineFacts) -> bool:
    """The sex is known and not the code's, no KX excuses it, and no diagnosis says so already."""
    return line.is_hcpcs and not line.other_person and not line.modifiers[KX] and of_the_other_sex(line)

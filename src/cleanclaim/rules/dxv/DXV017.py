"""A diagnosis code of another age.

What it checks
--------------
Diagnosis codes that are for an age, against the patient's on the date of service: Z00.110 (under 8 days) and Z00.111
(8 to 28 days), Z00.121 and Z00.129 (29 days to 20 years), Z00.00 and Z00.01 (15 years and over), Z68.1-Z68.45 (20 years
and over), Z68.51-Z68.56 (2 to 19 years), and chapter 15 (pregnancy; 9 to 64 years).

Why it matters
--------------
The date of birth or the code is wrong, and payers with age edits deny the line.

How to fix
----------
Hold the date of birth against the record; take the code of the patient's age.

Limits
------
The tabular list states few ages; of those of Medicare's code editor only these were read, second-hand. It takes
Z00.12- to 17 years; from 18 to 20 nothing is said, since Medicaid's screening of children goes on to 20. Perinatal
codes are not judged by age, since a condition that began then may last for life. Silent where the date of birth is not
given.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.dxv.ages import out_of_age, said_by_tabular_list
from cleanclaim.rules.dxv.guidelines import tabular
from cleanclaim.rules.facts import DiagnosisFacts
from cleanclaim.rules.model import Rule, Scope, convention, reason_code
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_TABULAR: Final = tabular(
    "Z00.110, Z00.111 titles; Z00.12, Z68 notes",
    "under 8 days; 8 to 28 days; over 28 days; 20 years of age or older; 2-19 years",
)
_EDITOR: Final = convention(
    "Medicare's code editor: pregnancy from 9 to 64 years, examination of adults from 15, of children to 17 (read "
    "second-hand)"
)
_DENIED: Final = reason_code("carc", "9", "the diagnosis is inconsistent with the patient's age")


def _of_code(dx: DiagnosisFacts) -> tuple[Citation, ...]:
    return (_TABULAR if said_by_tabular_list(dx) else _EDITOR, _DENIED)


RULE = Rule(
    code="DXV017",
    name="diagnosis-of-another-age",
    severity=Severity.REVIEW,
    scope=Scope.DIAGNOSIS,
    settings=tuple(Setting),
    message="{icd10cm} ({diagnosis}) is a code of another age than the patient has on {service_date}.",
    fix=Fix(
        action="correct-diagnosis",
        safety="review",
        text="Replace {icd10cm} by the code of the patient's age, or correct the date of birth.",
    ),
    adjustment=Adjustment("CO", "9", ()),
    citations=(_TABULAR, _EDITOR, _DENIED),
    cites=_of_code,
)


def check(dx: DiagnosisFacts) -> bool:
    """The age on the date of service is known, and is none for which the code is."""
    return out_of_age(dx)

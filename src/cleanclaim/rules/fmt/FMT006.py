"""A procedure code of a shape that no code has.

What it checks
--------------
The procedure code of a line billed as HCPCS or CPT: five digits; four digits and A, F, M, T or U; or a letter and
four digits.

Why it matters
--------------
No list can have the code, so the claim is rejected before adjudication.

How to fix
----------
Correct the code. Usual causes: a digit too many or too few, a leading zero lost in a spreadsheet (anesthesia codes
begin with 0), a modifier or a description run into the code.

Limits
------
A well-shaped code that does not exist, or no longer, is another rule's matter. Lines with a rate code of a
prospective payment system (revenue codes 0022, 0023, 0024) bear no HCPCS code and are not looked at.
"""

from __future__ import annotations

from cleanclaim.rules.facts import CodeKind, LineFacts
from cleanclaim.rules.model import Rule, Scope, x12
from cleanclaim.types import Adjustment, Fix, Setting, Severity

RULE = Rule(
    code="FMT006",
    name="malformed-procedure-code",
    severity=Severity.DENY,
    scope=Scope.LINE,
    message="Line {line_no} bills {hcpcs}, which has the shape of no CPT or HCPCS code.",
    fix=Fix(
        action="correct-code",
        safety="review",
        text="Replace it by the code meant: five characters, with its leading zeros.",
    ),
    adjustment=Adjustment("CO", "16", ("M51",)),
    settings=tuple(Setting),
    citations=(x12("2400 SV101-2, SV202-2", "procedure code, of the list that the qualifier HC names"),),
)


def check(line: LineFacts) -> bool:
    """The line bills a HCPCS code, and the code has the shape of none."""
    return line.is_hcpcs and line.code_kind == CodeKind.MALFORMED

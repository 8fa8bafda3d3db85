"""A procedure pair whose modifier cannot bypass the edit.

What it checks
--------------
Two lines of an NCCI edit with modifier indicator 1 where a PTP-associated modifier is present, but on a service it
does not fit: 24, 25 or 57 on what is no evaluation and management service, 91 on what is no laboratory test, 59 or
an X modifier on an evaluation and management service, 59 on 77427. Also a procedure and a visit whose only such
modifier is an anatomic one: a visit has no site from which the procedure's could differ.

Why it matters
--------------
The modifier says nothing of the two services that makes them distinct, so the edit is not bypassed and Column Two
is denied.

How to fix
----------
Put the modifier that fits on the service it describes, if the record supports one: 25 belongs on the visit, 59 or
an X modifier on the procedure. Otherwise report Column One only.

Limits
------
Some payers read any associated modifier on either line as a bypass and deny later, on audit.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.model import Rule, Scope, manual
from cleanclaim.rules.modifiers import DISTINCT, any_of
from cleanclaim.rules.ptp.bypass import Bypass, bypass, established
from cleanclaim.types import Adjustment, Citation, Fix, Severity

_FITTING: Final = manual("I.E", "PTP-associated modifiers, and the services each may be reported with")
_NEVER_DISTINCT: Final = manual(
    "I.E.d", "59 and X modifiers are not for evaluation and management services, nor 59 for 77427"
)
_OF_VISITS: Final = manual("I.D", "a visit on the day of a procedure is reported with 25, 24 or 57")


def _of_pair(_edit: EditFacts, one: LineFacts, two: LineFacts) -> tuple[Citation, ...]:
    """What is said of 59 and X only where they are misused, and of visits only where there is one."""
    cited = [_FITTING]
    if _never_distinct(one) or _never_distinct(two):
        cited.append(_NEVER_DISTINCT)
    if one.evaluation_and_management or two.evaluation_and_management:
        cited.append(_OF_VISITS)
    return tuple(cited)


def _never_distinct(line: LineFacts) -> bool:
    return any_of(line.modifiers, DISTINCT) and bool(line.evaluation_and_management or line.never_distinct)


RULE = Rule(
    code="PTP003",
    name="modifier-cannot-bypass-pair",
    severity=Severity.DENY,
    scope=Scope.PAIR,
    tables=("ptp",),
    message=(
        "{column_two} (line {line_two}: {modifiers_two}) {bundling} {column_one} (line {line_one}: "
        "{modifiers_one}), and the modifier present does not fit."
    ),
    fix=Fix(
        action="correct-modifier",
        safety="review",
        text="{misfit_advice}. {distinct_advice}. Otherwise remove {column_two}.",
    ),
    adjustment=Adjustment("CO", "236", ("M80", "N20")),
    citations=(_FITTING, _NEVER_DISTINCT, _OF_VISITS),
    cites=_of_pair,
)


def check(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit has modifier indicator 1 and the associated modifiers present fit neither line."""
    return established(edit) and edit.modifier_indicator == 1 and bypass(edit, one, two) == Bypass.CANNOT

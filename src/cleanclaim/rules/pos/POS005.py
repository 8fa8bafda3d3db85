"""A place of service that did not exist yet.

What it checks
--------------
Places of service 02 (2017-01-01), 10 (2022-01-01), 27 (2023-10-01) and 58 (2020-01-01) on services before their first
day.

Why it matters
--------------
A claim is judged by the place codes of its own date. A code that came later is invalid, and the claim is returned.

How to fix
----------
Use the code that stood for the place on the date of service: telehealth at home before 2022 was 02.

Limits
------
Payers took some of these codes later than the list did (Medicare 10 from 2022-04-01). The dates were read second-
hand, so this is never more than review.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.rules.pos.begins import before_its_time
from cleanclaim.types import Adjustment, Citation, Fix, Setting, Severity

_LISTED_BY: Final = {
    2: Citation("cms-change-request", "CR9726", "POS 02", text="effective January 1, 2017"),
    10: Citation("cms-change-request", "CR12427", "POS 10", text="effective January 1, 2022"),
    27: Citation("cms-change-request", "CR13314", "POS 27", text="effective October 1, 2023"),
    58: Citation("cms-change-request", "CR11353", "POS 58", text="effective January 1, 2020"),
}


def _of_place(line: LineFacts) -> tuple[Citation, ...]:
    return (_LISTED_BY[line.place_of_service],)


RULE = Rule(
    code="POS005",
    name="place-before-its-time",
    severity=Severity.REVIEW,
    scope=Scope.LINE,
    settings=(Setting.PRACTITIONER,),
    message="Place of service {pos} did not exist on {service_date}.",
    fix=Fix(
        action="correct-place",
        safety="review",
        text="Bill line {line_no} with the place-of-service code in force on {service_date}.",
    ),
    adjustment=Adjustment("CO", "58", ("M77",)),
    citations=tuple(_LISTED_BY.values()),
    cites=_of_place,
)


def check(line: LineFacts) -> bool:
    """The place was added to the list after the service."""
    return before_its_time(line.place_of_service, line.service_day)

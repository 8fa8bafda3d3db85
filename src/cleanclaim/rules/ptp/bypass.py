"""What the modifiers of two lines do to an edit with modifier indicator 1.

The PTP-associated modifiers are a closed list (NCCI Policy Manual for Medicare 2026, I.E): anatomic, global
surgery 24 25 57 58 78 79, and 27 59 91 XE XS XP XU. 22, 76, 77 and every other modifier never bypass an edit.
A modifier must also fit the service it stands on:

- 24, 25, 57 fit an evaluation and management service only (I.D),
- 27 fits an evaluation and management service of an outpatient hospital only,
- 91 fits a laboratory test only,
- 59 and the X modifiers do not fit an evaluation and management service (I.E.d),
- LT and RT, or any two anatomic modifiers, tell the sites of two services apart only when they differ.

Until 2019-06-30 Medicare read 59 and X on the Column Two code only; since 2019-07-01 on either (convention).
"""

from __future__ import annotations

import datetime as dt
from enum import IntEnum
from typing import Final

from cleanclaim.rules.facts import EditFacts, LineFacts
from cleanclaim.rules.modifiers import ANATOMIC, DISTINCT, M24, M25, M27, M57, M58, M78, M79, M91, any_of

EITHER_LINE_FROM: Final = dt.date(2019, 7, 1).toordinal()


class Bypass(IntEnum):
    """How the modifiers of two lines stand to an edit with indicator 1."""

    NONE = 0
    """No PTP-associated modifier on either line."""
    CANNOT = 1
    """Such a modifier is there, but not on a service it fits."""
    SAME_SITE = 2
    """The only one is the same anatomic modifier on both lines: it says same site, not distinct site."""
    QUALIFIES = 3
    """A modifier that fits is there: the edit is bypassed."""


def bypass(edit: EditFacts, one: LineFacts, two: LineFacts) -> Bypass:
    """What the modifiers of the Column One and Column Two lines do to an edit with indicator 1."""
    if _qualifies(two, edit, column_two=True) or _qualifies(one, edit, column_two=False):
        return Bypass.QUALIFIES
    if any_of(one.modifiers, ANATOMIC) or any_of(two.modifiers, ANATOMIC):
        return Bypass.SAME_SITE if _same_sites(one, two) else Bypass.QUALIFIES
    if _associated(one) or _associated(two):
        return Bypass.CANNOT
    return Bypass.NONE


def _qualifies(line: LineFacts, edit: EditFacts, *, column_two: bool) -> bool:
    flags = line.modifiers
    if line.evaluation_and_management:
        return bool(flags[M24] or flags[M25] or flags[M57] or (flags[M27] and not line.professional))
    if flags[M58] or flags[M78] or flags[M79]:
        return True
    if flags[M91] and line.laboratory:
        return True
    return any_of(flags, DISTINCT) and (column_two or edit.service_day >= EITHER_LINE_FROM)


def _same_sites(one: LineFacts, two: LineFacts) -> bool:
    """Both lines name the same anatomic sites, so that the modifier does not tell them apart."""
    for where in ANATOMIC:  # noqa: SIM110 - a plain loop is what a compiler can read too
        if one.modifiers[where] != two.modifiers[where]:
            return False
    return True


def _associated(line: LineFacts) -> bool:
    flags = line.modifiers
    return bool(
        flags[M24]
        or flags[M25]
        or flags[M27]
        or flags[M57]
        or flags[M58]
        or flags[M78]
        or flags[M79]
        or flags[M91]
        or any_of(flags, DISTINCT)
    )

"""What the modifiers of two lines do to an edit with modifier indicator 1.

The PTP-associated modifiers are a closed list (NCCI Policy Manual for Medicare 2026, I.E): anatomic, global
surgery 24 25 57 58 78 79, and 27 59 91 XE XS XP XU. 22, 76, 77 and every other modifier never bypass an edit.
A modifier must also fit the service it stands on:

- 24, 25, 57 fit an evaluation and management service only (I.D),
- 27 fits an evaluation and management service of an outpatient hospital only,
- 91 fits a laboratory test only,
- 59 and the X modifiers do not fit an evaluation and management service, nor 59 code 77427 (I.E.d),
- anatomic modifiers tell the sites of two services apart, so they do nothing between a service and a visit, which
  has no site (I.D: the visit needs 24, 25 or 57), nor where both lines name the same site, nor on Column One alone;
  50 names both sides.

What bypasses the edit may still not be right: an anatomic modifier may fail to show another site
(:func:`site_doubt`), and a visit needs a modifier of its own (:func:`visit_unmarked`).

Until 2019-06-30 Medicare read 59 and X on the Column Two code only; since 2019-07-01 on either (convention).
"""

from __future__ import annotations

import datetime as dt
from enum import IntEnum
from typing import Final

from cleanclaim.rules.facts import CodeKind, EditFacts, LineFacts
from cleanclaim.rules.modifiers import (
    ANATOMIC,
    DISTINCT,
    DISTINCT_BY_X,
    GY,
    LT,
    M24,
    M25,
    M27,
    M50,
    M57,
    M58,
    M59,
    M78,
    M79,
    M91,
    RT,
    any_of,
)

EITHER_LINE_FROM: Final = dt.date(2019, 7, 1).toordinal()
SIDES: Final = (LT, RT)
FINER_SITES: Final = tuple(where for where in ANATOMIC if where not in SIDES)
ENDOSCOPIC: Final = 3
"""Multiple procedure indicator of codes with an endoscopic family, which have an endoscopic base code."""


class Bypass(IntEnum):
    """How the modifiers of two lines stand to an edit with indicator 1."""

    NONE = 0
    """No PTP-associated modifier on either line, or only a site on Column One."""
    CANNOT = 1
    """Such a modifier is there, but does not fit the service it stands on, or the pair."""
    SAME_SITE = 2
    """The only ones are anatomic, and say that a site of the two lines is the same."""
    QUALIFIES = 3
    """A modifier that fits is there: the edit is bypassed. Or both lines bear GY, and it has nothing to say."""


class SiteDoubt(IntEnum):
    """Why anatomic modifiers that bypass an edit hardly show two sites."""

    NONE = 0
    """They may well, or the edit is not bypassed by them alone, or nothing is known."""
    NO_SIDES = 1
    """LT or RT on Column Two alone, and the fee schedule has no bilateral adjustment for either code."""
    SIDE_OF_ONE_UNSAID = 2
    """LT or RT on Column Two alone, while Column One can be done on either side."""
    ENDOSCOPY = 3
    """An eyelid, finger, toe or coronary artery on an endoscopy."""


def established(edit: EditFacts) -> bool:
    """The edit is of the claim's own table, had begun by the service date, and binds one practitioner's lines."""
    return edit.start_known and not edit.borrowed and not edit.of_colleague


def excluded(one: LineFacts, two: LineFacts) -> bool:
    """Both lines bear GY: Medicare pays for neither by law, so that neither is bundled into a paid service."""
    return bool(one.modifiers[GY] and two.modifiers[GY])


def stands(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """No modifier bypasses the edit: its indicator is 0, or no modifier on the lines qualifies."""
    bypassed = edit.modifier_indicator == 1 and bypass(edit, one, two) == Bypass.QUALIFIES
    return edit.modifier_indicator in (0, 1) and not bypassed and not excluded(one, two)


def bypass(edit: EditFacts, one: LineFacts, two: LineFacts) -> Bypass:
    """What the modifiers of the Column One and Column Two lines do to an edit with indicator 1."""
    qualified = _qualifies(two, edit, column_two=True) or _qualifies(one, edit, column_two=False)
    if qualified or excluded(one, two):
        return Bypass.QUALIFIES
    sited_one, sited_two = any_of(one.modifiers, ANATOMIC), any_of(two.modifiers, ANATOMIC)
    visit = one.evaluation_and_management or two.evaluation_and_management
    if sited_two and not visit:
        return Bypass.SAME_SITE if _share_a_site(one, two) else Bypass.QUALIFIES
    # A site on Column One alone does not say that Column Two was done elsewhere.
    if ((sited_one or sited_two) and visit) or associated(one) or associated(two):
        return Bypass.CANNOT
    return Bypass.NONE


def site_doubt(edit: EditFacts, one: LineFacts, two: LineFacts) -> SiteDoubt:
    """Whether the anatomic modifiers of Column Two, where they alone bypass the edit, can show another site."""
    otherwise = _qualifies(two, edit, column_two=True) or _qualifies(one, edit, column_two=False)
    if otherwise or excluded(one, two) or bypass(edit, one, two) != Bypass.QUALIFIES:
        return SiteDoubt.NONE
    sided, finer = any_of(two.modifiers, SIDES), any_of(two.modifiers, FINER_SITES)
    if finer and not (two.surgery and two.multiple_procedure == ENDOSCOPIC):
        return SiteDoubt.NONE
    if not sided:
        return SiteDoubt.ENDOSCOPY
    sited_one = any_of(one.modifiers, ANATOMIC) or one.modifiers[M50]
    if one.bilateral in (1, 3) and not sited_one:
        return SiteDoubt.SIDE_OF_ONE_UNSAID
    unsided = _without_sides(one) and _without_sides(two)
    return SiteDoubt.NO_SIDES if unsided and not sited_one else SiteDoubt.NONE


def visit_unmarked(edit: EditFacts, one: LineFacts, two: LineFacts) -> bool:
    """The edit of a procedure and a visit (Column Two) is bypassed, but not by a modifier on the visit."""
    if one.evaluation_and_management or not two.evaluation_and_management or excluded(one, two):
        return False
    return bypass(edit, one, two) == Bypass.QUALIFIES and not _qualifies(two, edit, column_two=True)


def _without_sides(line: LineFacts) -> bool:
    # Indicator 9 on a HCPCS code often means only that another fee schedule pays it: braces have sides.
    return line.bilateral == 0 or (line.bilateral == 9 and line.code_kind != CodeKind.LEVEL_II)


def _qualifies(line: LineFacts, edit: EditFacts, *, column_two: bool) -> bool:
    flags = line.modifiers
    if line.evaluation_and_management:
        return bool(flags[M24] or flags[M25] or flags[M57] or (flags[M27] and not line.professional))
    if flags[M58] or flags[M78] or flags[M79]:
        return True
    if flags[M91] and line.laboratory:
        return True
    if not column_two and edit.service_day < EITHER_LINE_FROM:
        return False
    return any_of(flags, DISTINCT_BY_X) or bool(flags[M59] and not line.never_distinct)


def _share_a_site(one: LineFacts, two: LineFacts) -> bool:
    """Both lines name a site, and one of them names none that the other does not name too."""
    only_one = only_two = shared = False
    for where in ANATOMIC:
        on_one, on_two = _names(one, where), _names(two, where)
        shared = shared or (on_one and on_two)
        only_one = only_one or (on_one and not on_two)
        only_two = only_two or (on_two and not on_one)
    return shared and not (only_one and only_two)


def _names(line: LineFacts, where: int) -> bool:
    bilateral = line.modifiers[M50] and where in (LT, RT)
    return bool(line.modifiers[where] or bilateral)


def associated(line: LineFacts) -> bool:
    """A PTP-associated modifier other than an anatomic one is on the line, whether or not it fits."""
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

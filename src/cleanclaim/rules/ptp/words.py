"""What is said of a pair: how its edit binds the two codes, and which modifier would say that they are distinct."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.ptp.bypass import SiteDoubt, associated

_PART: Final = frozenset(
    {
        "Anesthesia service included in surgical procedure",
        "CPT Separate procedure definition",
        "Laboratory panel",
        "Standard preparation/monitoring services for anesthesia",
        "Standards of medical/surgical practice",
    }
)
"""Rationales by which Column Two is done within Column One (NCCI manual I.B, I.F, I.G, I.J, I.N)."""

_ALTERNATIVE: Final = frozenset(
    {
        "Gender-specific procedures",
        "HCPCS/CPT procedure code definition",
        "More extensive procedure",
        "Mutually exclusive procedures",
        "Sequential procedure",
    }
)
"""Rationales by which one of two codes is chosen: neither is part of the other (NCCI manual I.H, I.L, I.M, I.P)."""

SEDATION: Final = frozenset({"99151", "99152", "99153"})
"""Moderate sedation by the physician who does the procedure: it has no site, lesion or encounter of its own."""
_MINOR: Final = (0, 10, 100)
"""Global days 000, 010 and XXX, beside which a visit of its own bears 25 (NCCI manual I.E.b)."""
_MAJOR: Final = 90


def bundling(rationale: str) -> str:
    """The verb between Column Two and Column One, by the published rationale of the edit."""
    if rationale in _PART:
        return "is part of"
    return "is not paid with" if rationale in _ALTERNATIVE else "is bundled into"


def distinct_advice(column_one: str, column_two: str, one: LineFacts, two: LineFacts) -> str:
    """Which modifier bypasses an edit with indicator 1, on which code, and what the record must show for it.

    Without its full stop, since templates end with theirs.
    """
    if two.evaluation_and_management:
        return _visit_advice(column_one, column_two, one, two)
    if column_two in SEDATION:
        return (
            f"Sedation by the physician who does {column_one} is not distinct from it: 59 and X do not fit. In "
            "gastrointestinal endoscopy Medicare's code for its first 15 minutes is G0500"
        )
    if one.evaluation_and_management:
        return (
            f"If the record shows that {column_two} was no part of the visit, add {_distinct(two)} to {column_two}; "
            f"or add 25 to {column_one} if that visit was separately identifiable"
        )
    if two.laboratory:
        return (
            f"If the record shows that {column_two} was repeated for a later result, add 91 to it; "
            f"if it was of another specimen, {_distinct(two)}"
        )
    return (
        "If the record shows another site, encounter or lesion, report "
        f"{column_two} with the modifier that says which: an anatomic one, {_distinct(two)}"
    )


def misfit_advice(column_one: str, column_two: str, one: LineFacts, two: LineFacts) -> str:
    """What is wrong with the modifiers present: a site beside a visit may be right, and says nothing of the visit."""
    if associated(one) or associated(two):
        return "Correct the modifier"
    procedure = column_one if two.evaluation_and_management else column_two
    return f"The site on {procedure} may stay, but says nothing of the visit"


def _visit_advice(column_one: str, column_two: str, one: LineFacts, two: LineFacts) -> str:
    if one.evaluation_and_management:
        hospital = "" if two.professional else " (or 27, in a hospital)"
        return f"If the record shows two separately identifiable visits, add 25 to {column_two}{hospital}"
    if one.global_days == _MAJOR:
        return f"If the record shows that the visit decided {column_one} (090 global days), add 57 to {column_two}"
    decided = "" if one.global_days in _MINOR else f" (57 if it decided {column_one} and that has 090 global days)"
    return (
        "If the record shows a significant visit, separately identifiable from "
        f"{column_one}, add 25 to {column_two}{decided}"
    )


def _distinct(two: LineFacts) -> str:
    return "XE, XS, XP or XU" if two.never_distinct else "XE, XS, XP, XU, or 59 if none of them fits"


def doubt_words(doubt: SiteDoubt, column_one: str, column_two: str) -> str:
    """Why an anatomic modifier on Column Two hardly tells it from Column One."""
    return {
        SiteDoubt.NONE: "",
        SiteDoubt.NO_SIDES: (
            f"the fee schedule has no bilateral adjustment for either code, and the {column_one} line names no site"
        ),
        SiteDoubt.SIDE_OF_ONE_UNSAID: f"{column_one} can be done on either side, and its line names none",
        SiteDoubt.ENDOSCOPY: f"{column_two} is an endoscopy, which has no eyelid, finger, toe or coronary artery",
    }[doubt]

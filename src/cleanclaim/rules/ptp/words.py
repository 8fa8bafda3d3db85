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

SEDATION: Final = frozenset({"99151", "99152", "99153", "G0500"})
"""Moderate sedation by the physician who does the procedure: it has no site, lesion or encounter of its own. Medicare's
code for its first 15 minutes in gastrointestinal endoscopy is G0500, and the edits set 99152 under it."""
_FIRST_MINUTES_OF_ENDOSCOPY: Final = "G0500"
_FIRST_MINUTES: Final = "99152"
_SEDATION_BY_ANOTHER: Final = frozenset({"99155", "99156", "99157"})
_SCREENING_SCOPES: Final = frozenset({"G0104", "G0105", "G0106", "G0120", "G0121"})
"""Colorectal screening: the codes for Medicare that what it turned into takes the place of."""
_LOWER_SCOPES: Final = (("44388", "44408"), ("45330", "45398"))
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
        return _sedation_advice(column_one, column_two)
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


def undistinguished_advice(column_one: str, column_two: str, one: LineFacts, two: LineFacts) -> str:
    """What to do with Column Two where nothing sets it apart; of sedation, that another code or none is right.

    Without its full stop, since templates end with theirs.
    """
    advice = distinct_advice(column_one, column_two, one, two)
    if column_two in SEDATION:
        return advice
    return f"Remove {column_two} if it was not distinct from {column_one}. {advice}"


def _sedation_advice(column_one: str, column_two: str) -> str:
    if column_two == _FIRST_MINUTES_OF_ENDOSCOPY and column_one in SEDATION:
        return (
            f"{column_one} and {column_two} stand for the same first minutes of sedation: keep {column_two} for "
            f"Medicare in gastrointestinal endoscopy, {column_one} otherwise. 59 and X do not fit"
        )
    if column_one in _SEDATION_BY_ANOTHER:
        return (
            f"{column_one} is sedation by another than the physician of the procedure, and its further minutes are "
            f"99157: bill that in place of {column_two}. 59 and X do not fit"
        )
    alone = f"Sedation by the physician who does {column_one} is not distinct from it: 59 and X do not fit. "
    if column_two != _FIRST_MINUTES:
        return f"{alone}{column_one} includes it"
    return (
        f"{alone}In gastrointestinal endoscopy bill Medicare G0500 in place of {column_two} for the first 15 minutes; "
        f"elsewhere {column_one} includes it"
    )


def screening_advice(column_one: str, column_two: str) -> str:
    """Where a colorectal screening stands beside what it turned into: which is billed, a sentence and a space."""
    for screening, scope in ((column_two, column_one), (column_one, column_two)):
        if screening in _SCREENING_SCOPES and any(first <= scope <= last for first, last in _LOWER_SCOPES):
            return f"If the screening {screening} turned into {scope}, bill {scope} alone, for Medicare with PT. "
    return ""


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

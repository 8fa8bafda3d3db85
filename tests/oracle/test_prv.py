"""PRV held to a slow reading of the taxonomy code set and of what the modifiers of a profession say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

RULES = select_rules(["PRV"])
LISTED = {
    "207L00000X": "anesthesiologist",
    "208VP0014X": "anesthesiologist",
    "1223D0004X": "anesthesiologist",
    "208600000X": "physician",
    "1223G0001X": "physician",
    "213E00000X": "physician",
    "367500000X": "nurse anesthetist",
    "367H00000X": "anesthesiologist assistant",
    "363A00000X": "advanced practice",
    "363LF0000X": "advanced practice",
    "364S00000X": "advanced practice",
    "111N00000X": "chiropractor",
    "225100000X": "physical therapy",
    "225200000X": "physical therapy",
    "225X00000X": "occupational therapy",
    "224Z00000X": "occupational therapy",
    "235Z00000X": "speech",
    "193200000X": "group",
    "193400000X": "group",
    "163W00000X": "nurse",
}
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)  # of the list in the book
BOOK = book_from({"taxonomy": [{"taxonomy": code} for code in LISTED]})
BROKEN = ["207Q", "207L00000Y", "207L00000"]
UNLISTED = "207Q00009X"
TAXONOMIES = st.sampled_from(["", *LISTED, *BROKEN, UNLISTED])
DAYS = st.sampled_from([None, FIRST, LAST, LAST + dt.timedelta(days=1), FIRST - dt.timedelta(days=1)])

LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(
            ["00100", "01999", "02000", "00099", "0100T", "98939", "98940", "98942", "99213", "3044F"]
        ),
        "modifiers": st.lists(
            st.sampled_from("AA AD QK QX QY QZ AS 80 81 82 GP GO GN GY".split()), max_size=2, unique=True
        ),
        "rendering_taxonomy": TAXONOMIES,
        "rendering_npi": st.sampled_from(["", "1992999015"]),
        "charge": st.sampled_from([None, "0.00", "100.00"]),
        "service_date": DAYS,
        "segment": st.sampled_from(["SV1", "SV1", "row 2"]),
    }
)


@st.composite
def claims(draw: Any) -> Claim:
    return claim_from(
        {
            "lines": draw(st.lists(LINES, min_size=1, max_size=4)),
            "billing_taxonomy": draw(TAXONOMIES),
            "filing_indicator": draw(st.sampled_from(["MB", "CI", ""])),
        }
    )


def not_a_code(taxonomy: str, day: dt.date | None) -> bool:
    if taxonomy == "":
        return False
    if len(taxonomy) != 10 or taxonomy[-1] != "X":
        return True
    return day is not None and FIRST <= day <= LAST and taxonomy not in LISTED


def profession(line: ClaimLine) -> str:
    return LISTED.get(line.rendering_taxonomy, "physician" if line.rendering_taxonomy == UNLISTED else "")


def beyond_manipulation(claim: Claim, line: ClaimLine) -> bool:
    if claim.filing_indicator != "MB" or profession(line) != "chiropractor":
        return False
    if "GY" in line.modifiers or line.hcpcs == "3044F" or line.charge == 0:
        return False
    return line.hcpcs not in {"98940", "98942"}


def assistant_of_another(claim: Claim, line: ClaimLine) -> bool:
    physicians_own = {"80", "81", "82"} & set(line.modifiers)
    if "AS" in line.modifiers and not physicians_own:
        return profession(line) in {"physician", "anesthesiologist"}
    if physicians_own and "AS" not in line.modifiers:
        return profession(line) == "advanced practice" and claim.filing_indicator != "CI"
    return False


def anesthesia_of_another(line: ClaimLine) -> bool:
    gives_none = {
        "physician",
        "advanced practice",
        "chiropractor",
        "physical therapy",
        "occupational therapy",
        "speech",
    }
    return line.hcpcs in {"00100", "01999"} and profession(line) in gives_none


def anesthesia_modifier_of_another(line: ClaimLine) -> bool:
    of_physician = bool({"AA", "AD", "QK", "QY"} & set(line.modifiers))
    of_nurse = bool({"QX", "QZ"} & set(line.modifiers))
    if of_physician and of_nurse:
        return False
    match profession(line):
        case "physician" | "anesthesiologist":
            return of_nurse
        case "nurse anesthetist":
            return of_physician
        case "anesthesiologist assistant":
            return of_physician or "QZ" in line.modifiers
    return False


def plan_of_another(line: ClaimLine) -> bool:
    own = {"physical therapy": "GP", "occupational therapy": "GO", "speech": "GN"}.get(profession(line))
    return own is not None and bool({"GP", "GO", "GN"} - {own} & {"GP", "GO", "GN"} & set(line.modifiers) - {own})


def line_faults(claim: Claim, line: ClaimLine) -> Iterator[str]:
    if beyond_manipulation(claim, line):
        yield "PRV003"
    if assistant_of_another(claim, line):
        yield "PRV004"
    if anesthesia_of_another(line):
        yield "PRV005"
    if anesthesia_modifier_of_another(line):
        yield "PRV006"
    if plan_of_another(line):
        yield "PRV007"


def expected(claim: Claim) -> set[tuple[str, int | None]]:
    found: set[tuple[str, int | None]] = set()
    told: set[str] = set()
    for line in claim.lines:
        found |= {(rule, line.line_no) for rule in line_faults(claim, line)}
        if line.rendering_taxonomy not in told and not_a_code(line.rendering_taxonomy, line.service_from):
            found.add(("PRV001", line.line_no))
        told.add(line.rendering_taxonomy)
    days = [line.service_from for line in claim.lines if line.service_from is not None]
    if not_a_code(claim.billing_taxonomy, min(days, default=None)):
        found.add(("PRV002", None))
    nobody = any(line.rendering_npi == "" for line in claim.lines)
    if LISTED.get(claim.billing_taxonomy) == "group" and nobody and all(line.segment == "SV1" for line in claim.lines):
        found.add(("PRV008", None))
    return found


@settings(max_examples=150, deadline=None)
@given(claims())
def test_providers_are_held_to_their_taxonomy(claim):
    report = check_claims([claim], BOOK, rules=RULES)
    assert {(finding.rule, finding.line) for finding in report.findings} == expected(claim)

"""END held to a slow reading of the record layout (multiple procedure 3, endoscopic base) and NCCI manual VI.C."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

TODAY, YESTERDAY = dt.date(2026, 7, 15), dt.date(2026, 7, 14)
BASES = {"43235": "43239 43245", "45330": "45331", "45378": "45380 45385", "29870": "29881"}
MEMBERS = {member: base for base, members in BASES.items() for member in members.split()}
OPEN = {"44140": {"45330", "45378"}, "43320": {"43235"}, "27310": {"29870"}}
"""Open procedures, and the bases of the scopes of their region."""
SCREENINGS = {"G0104": "45330", "G0121": "45378"}
CODES = [*BASES, *MEMBERS, *OPEN, *SCREENINGS, "99213"]
VALUES = dict(zip(CODES, (str(number * 7 % 31 + 1) for number in range(len(CODES))), strict=True))
MODIFIERS: tuple[list[str], ...] = (
    [],
    [],
    [],
    ["59"],
    ["XE"],
    ["78"],
    ["58"],
    ["53"],
    ["52"],
    ["LT"],
    ["RT"],
    ["50"],
    ["RT", "51"],
)


def fee_row(code: str) -> dict[str, str]:
    row = {"hcpcs": code, "total_nonfacility": VALUES[code], "multiple_procedure": "2", "global_days": "000"}
    if code in MEMBERS:
        row |= {"multiple_procedure": "3", "endoscopic_base": MEMBERS[code]}
    if code in OPEN:
        row |= {"global_days": "090"}
    return row


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    made = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        lines = [
            {
                "hcpcs": draw(st.sampled_from(CODES)),
                "modifiers": draw(st.sampled_from(MODIFIERS)),
                "charge": str(100 * number + at),  # no line repeats another
                "service_date": draw(st.sampled_from([TODAY, TODAY, TODAY, YESTERDAY])),
            }
            for at in range(draw(st.integers(2, 5)))
        ]
        values: dict[str, Any] = {"lines": lines}
        if draw(st.integers(0, 5)) == 0:
            values |= {"claim_type": "institutional", "bill_type": "13"}
        made.append(claim_from(values, claim_id=f"C{number}"))
    return made


EDITS = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(lambda pair: pair[0] != pair[1]),
    max_size=3,
    unique=True,
)


# --- the reading


def scope_of(code: str) -> str:
    return SCREENINGS.get(code) or MEMBERS.get(code) or code


def separate(line: ClaimLine) -> bool:
    """Its modifier says: another encounter, another site, staged."""
    return bool(set(line.modifiers) & {"58", "59", "78", "79", "XE", "XS", "XP", "XU"})


def other_side(one: ClaimLine, two: ClaimLine) -> bool:
    sides = [set(line.modifiers) & {"LT", "RT"} for line in (one, two)]
    both = any("50" in line.modifiers for line in (one, two))
    return not both and all(sides) and not sides[0] & sides[1]


def reading(of_claims: list[Claim], edits: list[tuple[str, str]]) -> set[tuple[str, str, int]]:
    pairs = {frozenset(pair) for pair in edits}
    found = set()
    for claim in of_claims:
        practitioner = claim.claim_type is ClaimType.PROFESSIONAL
        for line in claim.lines:
            of_day = [
                other
                for other_claim in of_claims
                for other in other_claim.lines
                if other.service_from == line.service_from and other_claim.claim_type is claim.claim_type
            ]
            free = [
                other for other in of_day if other is not line and frozenset((other.hcpcs, line.hcpcs)) not in pairs
            ]
            rules = []
            members = [other for other in free if MEMBERS.get(other.hcpcs) == line.hcpcs]
            if any(not other_side(line, other) for other in members) and not separate(line):
                rules.append("END001")
            if scope_of(line.hcpcs) == "45330" and not separate(line):
                rules += ["END003"] * any(scope_of(other.hcpcs) == "45378" for other in free)
            if practitioner:
                rules += of_practitioners(line, of_day, free)
            found |= {(rule, claim.claim_id, line.line_no) for rule in rules}
    return found


def of_practitioners(line: ClaimLine, of_day: list[ClaimLine], free: list[ClaimLine]) -> list[str]:
    rules = []
    base = MEMBERS.get(line.hcpcs)
    family = [other for other in of_day if base and MEMBERS.get(other.hcpcs) == base]
    if family and float(VALUES[line.hcpcs]) < max(float(VALUES[other.hcpcs]) for other in family):
        rules.append("END002")
    opened = [other for other in free if (base or line.hcpcs) in OPEN.get(other.hcpcs, ())]
    if opened and set(line.modifiers) & {"52", "53"}:
        rules.append("END004")
    elif line.hcpcs in BASES and opened and not any("58" in other.modifiers for other in opened):
        rules.append("END005")
    return rules


@settings(max_examples=250, deadline=None)
@given(of_claims=claims(), edits=EDITS)
def test_end_finds_what_the_layout_and_the_manual_say_of_endoscopies(
    of_claims: list[Claim], edits: list[tuple[str, str]]
) -> None:
    book = book_from(
        {
            "mpfs": [fee_row(code) for code in CODES],
            **{
                name: [
                    {"column_one": one, "column_two": two, "modifier_indicator": 1, "valid_from": dt.date(2020, 1, 1)}
                    for one, two in edits
                ]
                for name in ("ptp", "ptp_outpatient")
            },
        }
    )
    report = check_claims(of_claims, book, rules=select_rules(["END"]))
    assert {(found.rule, found.claim, found.line) for found in report.findings} == reading(of_claims, edits)


@pytest.mark.published
def test_every_base_of_the_published_fee_schedule_is_included_in_each_of_its_members(published_book: OpenBook) -> None:
    """By a pair edit where one is published, by END001 where none is: never both, never neither."""
    day = published_book.as_of(TODAY)
    families: dict[str, list[str]] = {}
    for code in published_book.index.keys_of(spec("mpfs")):
        answer = day.fee_schedule(code)
        if answer.known and answer.fact.endoscopic_base and answer.fact.status_indicator in "AR":
            families.setdefault(answer.fact.endoscopic_base, []).append(code)
    assert len(families) > 30
    rules = select_rules(["END001", "PTP"])
    for base, members in families.items():
        for member in members:
            claim = claim_from({"lines": [{"hcpcs": member}, {"hcpcs": base, "charge": "50.00"}]})
            found = check_claims([claim], published_book, rules=rules).findings
            ends = [finding for finding in found if finding.rule == "END001"]
            assert len(found) == 1 or (not ends and found), (base, member, [finding.message for finding in found])

"""The PTP rules against a plain reading of RULES.md "PTP" and of the NCCI manual, I.E."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.types import Setting
from support.inline import book_from
from support.plain import claims_of, every_line, together

VISITS = {"99213", "99214"}
LABORATORY = {"80053"}
CODES = ("11111", "22222", "99213", "99214", "80053", "77427")
MODIFIERS = ("24", "25", "57", "27", "58", "79", "59", "XS", "91", "LT", "RT", "F1", "50", "76", "22")
DAYS = (dt.date(2019, 6, 30), dt.date(2019, 7, 1), dt.date(2026, 7, 15))
ANATOMIC = set("E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI".split())
ASSOCIATED = ANATOMIC | {"24", "25", "57", "58", "78", "79", "27", "59", "91", "XE", "XS", "XP", "XU"}

edits = st.lists(
    st.fixed_dictionaries(
        {
            "column_one": st.sampled_from(CODES),
            "column_two": st.sampled_from(CODES),
            "modifier_indicator": st.sampled_from((0, 1, 1, 1, 9)),
            "valid_from": st.sampled_from((None, None, DAYS[1])),
            "valid_to": st.sampled_from((None, None, None, *DAYS)),
        }
    ),
    max_size=14,
    # A table has one row of a pair for each span; which of two with the same end binds is nobody's promise.
    unique_by=lambda row: (row["column_one"], row["column_two"], row["valid_to"]),
)


@settings(max_examples=150, deadline=None)
@given(claims=claims_of(CODES, MODIFIERS, days=DAYS, most_claims=2), practitioner=edits, outpatient=edits)
def test_pairs_are_found_as_the_manual_reads(claims, practitioner, outpatient):
    book = book_from({"ptp": practitioner, "ptp_outpatient": outpatient})
    report = check_claims(claims, book, rules=select_rules(["PTP"]))
    found = {(f.rule, f.claim, f.line, f.related_lines, f.related_claims) for f in report.findings}
    tables = {Setting.PRACTITIONER: practitioner, Setting.OUTPATIENT: outpatient, Setting.NONE: []}
    expected = set()
    for one in every_line(claims):
        for two in every_line(claims):
            if one[1] is two[1] or one[1].hcpcs == two[1].hcpcs or not together(claims, one, two):
                continue
            rule = fault(tables[one[0].setting], one, two)
            if rule is not None:
                same = one[0] is two[0]
                lines, others = ((one[1].line_no,), ()) if same else ((), (one[0].claim_id,))
                expected.add((rule, two[0].claim_id, two[1].line_no, lines, others))
    assert found == expected


def fault(table: Sequence[Mapping[str, Any]], one: tuple[Claim, ClaimLine], two: tuple[Claim, ClaimLine]) -> str | None:
    """What is wrong with billing ``two`` as Column Two of ``one``, if anything is."""
    edit = in_force(table, one[1], two[1])
    if edit is None or edit["modifier_indicator"] == 9:
        return None
    if edit["modifier_indicator"] == 0:
        return "PTP001"
    hospital = one[0].claim_type is ClaimType.INSTITUTIONAL
    if any(fits(modifier, two[1], hospital, column_two=True) for modifier in two[1].modifiers):
        return None
    if any(fits(modifier, one[1], hospital, column_two=False) for modifier in one[1].modifiers):
        return None
    present = set(one[1].modifiers) | set(two[1].modifiers)
    if not present & ASSOCIATED:
        return "PTP002"
    if not present & ANATOMIC or {one[1].hcpcs, two[1].hcpcs} & VISITS:
        return "PTP003"
    sites_one, sites_two = sites(one[1]), sites(two[1])
    tell_apart = not sites_one or not sites_two or not (sites_one <= sites_two or sites_two <= sites_one)
    return None if tell_apart else "PTP004"


def in_force(table: Sequence[Mapping[str, Any]], one: ClaimLine, two: ClaimLine) -> Mapping[str, Any] | None:
    """The row that binds on the day: of several, the one deleted first."""
    day = one.service_from
    rows = [
        row
        for row in table
        if (row["column_one"], row["column_two"]) == (one.hcpcs, two.hcpcs)
        and (row["valid_from"] is None or row["valid_from"] <= day)
        and (row["valid_to"] is None or day <= row["valid_to"])
    ]
    return min(rows, key=lambda row: row["valid_to"] or dt.date.max, default=None)


def fits(modifier: str, line: ClaimLine, hospital: bool, *, column_two: bool) -> bool:
    """The modifier makes the line's service distinct, and may stand on it."""
    visit = line.hcpcs in VISITS
    if modifier in {"24", "25", "57"}:
        return visit
    if modifier == "27":
        return visit and hospital
    if modifier == "91":
        return line.hcpcs in LABORATORY
    if modifier in {"58", "78", "79"}:
        return not visit
    if modifier in {"59", "XE", "XS", "XP", "XU"}:
        read_here = column_two or line.service_from >= dt.date(2019, 7, 1)
        return read_here and not visit and (modifier, line.hcpcs) != ("59", "77427")
    return False


def sites(line: ClaimLine) -> set[str]:
    both_sides = {"LT", "RT"} if "50" in line.modifiers else set()
    return (set(line.modifiers) & ANATOMIC) | both_sides

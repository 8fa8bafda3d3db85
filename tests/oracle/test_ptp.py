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
from support.inline import QUARTER, book_from
from support.plain import Where, claims_of, every_line, mostly, together

VISITS = {"99213"}
LABORATORY = {"80053"}
CODES = ("11111", "22222", "33333", "99213", "80053", "77427")
MODIFIERS = tuple("LT LT LT RT 50 F1 25 25 24 57 27 58 79 59 XS 91 76 22".split())
DAYS = (dt.date(2026, 7, 15), dt.date(2019, 6, 30), dt.date(2019, 7, 1))
ANATOMIC = set("E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI".split())
ASSOCIATED = ANATOMIC | {"24", "25", "57", "58", "78", "79", "27", "59", "91", "XE", "XS", "XP", "XU"}


def table_of(codes: Sequence[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Up to two rows for each ordered pair of codes, with different ends."""
    row = st.fixed_dictionaries(
        {
            "modifier_indicator": st.sampled_from((1, 1, 1, 1, 1, 1, 0, 9)),
            "valid_from": mostly(None, DAYS[2]),
            "valid_to": mostly(None, *DAYS),
        }
    )
    # Which of two rows with the same end binds is nobody's promise.
    rows = st.lists(row, max_size=2, unique_by=lambda values: values["valid_to"])
    pairs = [(one, two) for one in codes for two in codes if one != two]
    return st.fixed_dictionaries(dict.fromkeys(pairs, rows)).map(
        lambda table: [
            {"column_one": one, "column_two": two} | values for (one, two), found in table.items() for values in found
        ]
    )


edits = table_of(CODES)
EVERY_PAIR = [
    {"column_one": one, "column_two": two, "valid_from": None, "valid_to": None}
    for one in CODES
    for two in CODES
    if one != two
]


modified = claims_of(CODES, MODIFIERS, days=DAYS[:1], most_claims=1, most_lines=4, alike=True)
on_the_turn = claims_of(CODES[:3], ("59", "XS", "LT"), days=DAYS[1:], most_claims=1, most_lines=4, alike=True)
scattered = claims_of(CODES, MODIFIERS[-4:], days=DAYS, most_claims=3, most_lines=5)


@settings(max_examples=150, deadline=None)
@given(claims=modified, indicator=st.sampled_from((0, 1, 1, 1, 1, 9)))
def test_modifiers_bypass_a_pair_as_the_manual_reads(claims, indicator):
    hold_to_the_manual(claims, [row | {"modifier_indicator": indicator} for row in EVERY_PAIR], [])


@settings(max_examples=60, deadline=None)
@given(claims=on_the_turn, outpatient=edits)
def test_59_on_column_one_is_read_since_2019_07_01(claims, outpatient):
    begun_before = {"modifier_indicator": 1, "valid_from": dt.date(2015, 1, 1)}
    hold_to_the_manual(claims, [row | begun_before for row in EVERY_PAIR], outpatient)


@settings(max_examples=100, deadline=None)
@given(claims=scattered, practitioner=edits, outpatient=edits)
def test_pairs_meet_as_the_manual_reads(claims, practitioner, outpatient):
    hold_to_the_manual(claims, practitioner, outpatient)


def hold_to_the_manual(
    claims: list[Claim], practitioner: list[dict[str, Any]], outpatient: list[dict[str, Any]]
) -> None:
    book = book_from({"ptp": practitioner, "ptp_outpatient": outpatient})
    report = check_claims(claims, book, rules=select_rules(["PTP"]))
    found = {(f.rule, f.claim, f.line, f.related_lines, f.related_claims) for f in report.findings}
    tables = {Setting.PRACTITIONER: practitioner, Setting.OUTPATIENT: outpatient, Setting.NONE: []}
    expected = set()
    for one in every_line(claims):
        for two in every_line(claims):
            if one[1] is two[1] or one[1].hcpcs == two[1].hcpcs or not together(claims, one, two):
                continue
            rule = fault(tables[one[0].setting], one, two) or lent(practitioner, outpatient, one, two)
            if rule is not None:
                same = one[0] is two[0]
                lines, others = ((one[1].line_no,), ()) if same else ((), (one[0].claim_id,))
                expected.add((rule, two[0].claim_id, two[1].line_no, lines, others))
    assert found == expected


def fault(table: Sequence[Mapping[str, Any]], one: Where, two: Where) -> str | None:
    """What is wrong with billing ``two`` as Column Two of ``one``, if anything is."""
    edit = in_force(table, one[1], two[1])
    if edit is None or edit["modifier_indicator"] == 9:
        return None
    found = "PTP001" if edit["modifier_indicator"] == 0 else fault_of_modifiers(one, two)
    return "PTP005" if found and not begun(edit, one) else found


def begun(edit: Mapping[str, Any], where: Where) -> bool:
    """The release shows that the edit had begun: it gives the day, or the service lies in its own quarter."""
    return edit["valid_from"] is not None or where[1].service_from >= QUARTER[0]


def lent(
    practitioner: Sequence[Mapping[str, Any]], outpatient: Sequence[Mapping[str, Any]], one: Where, two: Where
) -> str | None:
    """A hospital's pair of which its own table knows nothing, and which physicians can never bill together."""
    listed = {row[column] for row in outpatient for column in ("column_one", "column_two")}
    if one[0].setting is not Setting.OUTPATIENT or {one[1].hcpcs, two[1].hcpcs} <= listed:
        return None
    edit = in_force(practitioner, one[1], two[1])
    return "PTP006" if edit and edit["modifier_indicator"] == 0 and begun(edit, one) else None


def fault_of_modifiers(one: Where, two: Where) -> str | None:
    """Why the modifiers of two lines do not bypass an edit with indicator 1; None when they do."""
    hospital = one[0].claim_type is ClaimType.INSTITUTIONAL
    fitting = [modifier for modifier in two[1].modifiers if fits(modifier, two[1], hospital, column_two=True)]
    fitting += [modifier for modifier in one[1].modifiers if fits(modifier, one[1], hospital, column_two=False)]
    if fitting:
        return None
    present = set(one[1].modifiers) | set(two[1].modifiers)
    if not present & ASSOCIATED:
        return "PTP002"
    if {one[1].hcpcs, two[1].hcpcs} & VISITS:
        return "PTP003"
    if set(two[1].modifiers) & ANATOMIC:
        sites_one, sites_two = sites(one[1]), sites(two[1])
        return "PTP004" if sites_one and (sites_one <= sites_two or sites_two <= sites_one) else None
    return "PTP003" if present & (ASSOCIATED - ANATOMIC) else "PTP002"


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

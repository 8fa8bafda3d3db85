"""The PTP rules against a plain reading of RULES.md "PTP" and of the NCCI manual, I.E."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import QUARTER, book_from, claim_from
from cleanclaim.types import Setting
from support.plain import Where, claims_of, every_line, mostly, together

VISITS = {"99213"}
LABORATORY = {"80053"}
CODES = ("11111", "22222", "33333", "99213", "80053", "77427")
MODIFIERS = tuple("LT LT LT RT 50 F1 25 25 24 57 27 58 79 59 XS 91 76 22 GY GY".split())
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
scattered = claims_of(CODES, MODIFIERS[-6:], days=DAYS, most_claims=3, most_lines=5)


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


def check_pair(one: str, two: str, *, one_bears: Any = (), two_bears: Any = (), edit: Any = None, **asked: Any) -> Any:
    """The findings of the PTP rules on a claim of two codes between which there is an edit with indicator 1."""
    row = {"column_one": one, "column_two": two, "modifier_indicator": 1} | (edit or {})
    lines = [{"hcpcs": one, "modifiers": one_bears}, {"hcpcs": two, "modifiers": two_bears}]
    fees = [{"hcpcs": one, "global_days": asked["global_days"]}] if "global_days" in asked else []
    table = "ptp_outpatient" if asked.get("bill_type") else "ptp"
    form = {"claim_type": "institutional", "bill_type": asked["bill_type"]} if asked.get("bill_type") else {}
    report = check_claims(
        [claim_from({"lines": lines} | form)], book_from({table: [row], "mpfs": fees}), rules=select_rules(["PTP"])
    )
    return report.findings


X_OR_59 = {"XE", "XS", "XP", "XU", "59"}
ADVICE = [
    ("11111", "99213", {}, {"99213": {"25", "57"}}),
    ("11111", "99213", {"global_days": "000"}, {"99213": {"25"}}),
    ("11111", "99213", {"global_days": "010"}, {"99213": {"25"}}),
    ("11111", "99213", {"global_days": "XXX"}, {"99213": {"25"}}),
    ("11111", "99213", {"global_days": "090"}, {"99213": {"57"}}),
    ("99214", "99213", {}, {"99213": {"25"}}),
    ("99214", "99213", {"bill_type": "13"}, {"99213": {"25", "27"}}),
    ("99291", "36600", {}, {"36600": X_OR_59, "99291": {"25"}}),
    ("80053", "82947", {}, {"82947": {"91"} | X_OR_59}),
    ("11111", "22222", {}, {"22222": X_OR_59}),
    ("11111", "77427", {}, {"77427": X_OR_59 - {"59"}}),
]


@pytest.mark.parametrize(("one", "two", "given", "advised"), ADVICE)
def test_who_follows_the_advice_is_not_denied(one, two, given, advised):
    (finding,) = check_pair(one, two, **given)
    assert finding.rule == "PTP002"
    named = set(re.findall(r"\b(?:2[457]|5[79]|91|X[ESPU])\b", finding.fix.text))
    assert named == set().union(*advised.values())
    for code, modifiers in advised.items():
        assert code in finding.fix.text
        for modifier in modifiers:
            bears = {"one_bears" if code == one else "two_bears": [modifier]}
            assert check_pair(one, two, **bears, **given) == ()


@pytest.mark.parametrize(
    ("rationale", "verb"),
    [
        ("CPT Separate procedure definition", "is part of"),
        ("Laboratory panel", "is part of"),
        ("Mutually exclusive procedures", "is not paid with"),
        ("More extensive procedure", "is not paid with"),
        ("Misuse of Column Two code with Column One code", "is bundled into"),
        ("", "is bundled into"),
    ],
)
@pytest.mark.parametrize(("indicator", "rule"), [(0, "PTP001"), (1, "PTP002")])
def test_the_message_says_how_the_rationale_binds_the_two(rationale, verb, indicator, rule):
    (finding,) = check_pair("11111", "22222", edit={"rationale": rationale, "modifier_indicator": indicator})
    assert finding.rule == rule
    assert finding.message.startswith(f"22222 (line 2) {verb} 11111 (line 1)")


def test_a_doubtful_site_is_cited_with_the_fee_schedule_rows_of_both_codes():
    row = {"column_one": "45385", "column_two": "45380", "modifier_indicator": 1}
    book = book_from({"ptp": [row], "mpfs": [{"hcpcs": "45385"}, {"hcpcs": "45380"}]})
    claim = claim_from({"lines": [{"hcpcs": "45385"}, {"hcpcs": "45380", "modifiers": ["LT"]}]})
    (finding,) = check_claims([claim], book, rules=select_rules(["PTP"])).findings
    cited = [cited.locator for cited in finding.citations]
    assert cited[:3] == ["45385/45380", "45380", "45385"]


sited = claims_of((*CODES[:3], "L1832"), "LT LT RT F1 50 59 22".split(), days=DAYS[:1], most_claims=1, alike=True)
fees = st.dictionaries(
    st.sampled_from((*CODES[:3], "L1832")),
    st.fixed_dictionaries({"bilateral": st.sampled_from("001239"), "multiple_procedure": st.sampled_from("0233")}),
)


@settings(max_examples=100, deadline=None)
@given(claims=sited, indicator=st.sampled_from((1, 1, 1, 0)), fees=fees)
def test_a_site_must_show_that_it_is_another(claims, indicator, fees):
    codes = (*CODES[:3], "L1832")
    open_ended = {"valid_from": None, "valid_to": None}
    rows = [{"column_one": one, "column_two": two} | open_ended for one in codes for two in codes if one != two]
    hold_to_the_manual(claims, [row | {"modifier_indicator": indicator} for row in rows], [], fees)


def hold_to_the_manual(
    claims: list[Claim],
    practitioner: list[dict[str, Any]],
    outpatient: list[dict[str, Any]],
    fees: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    fees = fees or {}
    fee_rows = [{"hcpcs": code} | dict(values) for code, values in fees.items()]
    # A release without any row is none: of which codes it speaks cannot be told from its rows.
    loaded = {"ptp": practitioner, "ptp_outpatient": outpatient}
    book = book_from({name: rows for name, rows in loaded.items() if rows} | {"mpfs": fee_rows})
    report = check_claims(claims, book, rules=select_rules(["PTP"]))
    found = {(f.rule, f.claim, f.line, f.related_lines, f.related_claims) for f in report.findings}
    tables = {Setting.PRACTITIONER: practitioner, Setting.OUTPATIENT: outpatient, Setting.NONE: []}
    expected = set()
    for one in every_line(claims):
        for two in every_line(claims):
            if one[1] is two[1] or one[1].hcpcs == two[1].hcpcs or not together(claims, one, two):
                continue
            if "GY" in one[1].modifiers and "GY" in two[1].modifiers:
                continue  # Medicare pays for neither
            rule = fault(tables[one[0].setting], one, two, fees) or lent(practitioner, outpatient, one, two)
            if rule is not None:
                same = one[0] is two[0]
                lines, others = ((one[1].line_no,), ()) if same else ((), (one[0].claim_id,))
                expected.add((rule, two[0].claim_id, two[1].line_no, lines, others))
    assert found == expected


def fault(
    table: Sequence[Mapping[str, Any]], one: Where, two: Where, fees: Mapping[str, Mapping[str, str]]
) -> str | None:
    """What is wrong with billing ``two`` as Column Two of ``one``, if anything is."""
    edit = in_force(table, one[1], two[1])
    if edit is None or edit["modifier_indicator"] == 9:
        return None
    found = "PTP001" if edit["modifier_indicator"] == 0 else fault_of_modifiers(one, two, fees)
    if not begun(edit, one):
        return "PTP005" if found in {"PTP001", "PTP002", "PTP003", "PTP004"} else None
    return found


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


def fault_of_modifiers(one: Where, two: Where, fees: Mapping[str, Mapping[str, str]]) -> str | None:
    """Why the modifiers of two lines do not bypass an edit with indicator 1, or should not; None when they do."""
    hospital = one[0].claim_type is ClaimType.INSTITUTIONAL
    on_two = [modifier for modifier in two[1].modifiers if fits(modifier, two[1], hospital, column_two=True)]
    on_one = [modifier for modifier in one[1].modifiers if fits(modifier, one[1], hospital, column_two=False)]
    if on_two:
        return None
    if on_one:
        return "PTP008" if two[1].hcpcs in VISITS and one[1].hcpcs not in VISITS else None
    present = set(one[1].modifiers) | set(two[1].modifiers)
    if not present & ASSOCIATED:
        return "PTP002"
    if {one[1].hcpcs, two[1].hcpcs} & VISITS:
        return "PTP003"
    if set(two[1].modifiers) & ANATOMIC:
        sites_one, sites_two = sites(one[1]), sites(two[1])
        same = sites_one and (sites_one <= sites_two or sites_two <= sites_one)
        return "PTP004" if same else "PTP007" if idle_sites(one[1], two[1], fees) else None
    return "PTP003" if present & (ASSOCIATED - ANATOMIC) else "PTP002"


def idle_sites(one: ClaimLine, two: ClaimLine, fees: Mapping[str, Mapping[str, str]]) -> bool:
    """The sites that Column Two names can hardly be other than Column One's, by what the fee schedule says."""
    fee_one, fee_two = fees.get(one.hcpcs), fees.get(two.hcpcs)
    named = set(two.modifiers) & ANATOMIC
    finer = named - {"LT", "RT"}
    endoscopy = fee_two is not None and fee_two["multiple_procedure"] == "3" and two.hcpcs.isdigit()
    if finer and not endoscopy:
        return False
    if named == finer:
        return True
    if sites(one) or fee_one is None:
        return False
    return fee_one["bilateral"] in "13" or (unsided(one, fee_one) and fee_two is not None and unsided(two, fee_two))


def unsided(line: ClaimLine, fee: Mapping[str, str]) -> bool:
    """No bilateral adjustment; 9 on a brace says only that it is paid by another schedule."""
    return fee["bilateral"] == "0" or (fee["bilateral"] == "9" and line.hcpcs.isdigit())


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


COLLEAGUES = st.lists(
    st.fixed_dictionaries(
        {
            "hcpcs": st.sampled_from(("11111", "22222")),
            "rendering_npi": st.sampled_from(("1992999015", "1992999049")),
            "rendering_taxonomy": st.sampled_from(("207RG0100X", "207RG0100X", "207R00000X", "")),
            "modifiers": st.sampled_from(([], [], ["59"], ["80"])),
        }
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(lines=COLLEAGUES, indicator=st.sampled_from((0, 1)), filed=st.sampled_from(("MB", "MB", "CI", "")))
def test_medicare_takes_two_of_one_group_and_specialty_for_one_physician(lines, indicator, filed):
    row = {"column_one": "11111", "column_two": "22222", "modifier_indicator": indicator}
    claim = claim_from({"filing_indicator": filed, "lines": lines})
    found = check_claims([claim], book_from({"ptp": [row]}), rules=select_rules(["PTP009"])).findings
    expected = {
        (two, one)
        for one, first in enumerate(lines, start=1)
        for two, second in enumerate(lines, start=1)
        if (first["hcpcs"], second["hcpcs"]) == ("11111", "22222")
        if filed == "MB" and first["rendering_npi"] != second["rendering_npi"]
        if first["rendering_taxonomy"] == second["rendering_taxonomy"] != ""
        if "80" not in first["modifiers"] + second["modifiers"]
        if indicator == 0 or "59" not in first["modifiers"] + second["modifiers"]
    }
    assert {(finding.line, *finding.related_lines) for finding in found} == expected

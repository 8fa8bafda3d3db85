"""The ADD rules against a plain reading of RULES.md "ADD" and of the NCCI manual, I.R and I.W."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting
from support.plain import DAYS, Where, claims_of, every_line, mostly, together

CODES = ("11111", "22222", "33333", "44444", "99292", "1111F")
LAST_YEAR = {"release": "2025Q4", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}
NOTES = ("", "11111 Practitioner Only", "Temporarily suspended retroactive to 1/1/2019")

Edits = Sequence[Mapping[str, Any]]
edits = st.lists(
    st.fixed_dictionaries(
        {
            "add_on": st.sampled_from(("22222", "33333", "99292")),
            "primary": st.sampled_from(("11111", "22222", "11111", "44444")),
            "valid_to": mostly(None, DAYS[0]),
            "note": mostly(*NOTES),
        }
    ),
    min_size=1,
    max_size=6,
)
types = st.fixed_dictionaries({code: st.sampled_from((1, 1, 1, 2, 3)) for code in ("22222", "33333", "99292")})
claim_lists = claims_of(CODES, last_days=(0, 0, 2), most_lines=4)


alike = claims_of(CODES, last_days=(0, 0, 2), most_claims=1, most_lines=4, alike=True)


@settings(max_examples=150, deadline=None)
@given(claims=claim_lists | alike | alike, listed=edits, type_of=types, of_last_year=st.booleans())
def test_add_ons_need_their_primary_as_the_manual_reads(claims, listed, type_of, of_last_year):
    table = [typed(row, type_of) for row in listed]
    book = book_from({"aoc": [row | ({"release": LAST_YEAR} if of_last_year else {}) for row in table]})
    report = check_claims(claims, book, rules=select_rules(["ADD"], ["ADD004"]))
    found = {(f.rule, f.claim, f.line) for f in report.findings}
    expected = set()
    for where in every_line(claims):
        rule = fault(claims, table, where, outdated=of_last_year)
        if rule is not None:
            expected.add((rule, where[0].claim_id, where[1].line_no))
    assert found == expected


@settings(max_examples=100, deadline=None)
@given(claims=claims_of(("11111", "22222", "33333", "55555"), days=DAYS[:1], most_claims=2, alike=True), listed=edits)
def test_add_ons_fall_with_their_primaries(claims, listed):
    """Denials of an edit, and of add-ons without primary, bring down the add-ons that stand on them, in chains."""
    table = [typed(row, {}) for row in listed]
    pair = [{"column_one": "55555", "column_two": "11111", "modifier_indicator": 0}]
    book = book_from({"aoc": table, "ptp": pair, "ptp_outpatient": pair})
    report = check_claims(claims, book, rules=select_rules(["PTP001", "ADD001", "ADD004"]))
    found = {(f.claim, f.line) for f in report.findings if f.rule == "ADD004"}
    denied = {(f.claim, f.line) for f in report.findings if f.rule != "ADD004"}
    expected: set[tuple[str, int]] = set()
    while True:
        more = {
            (claim.claim_id, line.line_no)
            for claim, line in every_line(claims)
            if (beside := primaries_beside(claims, table, (claim, line)))
            and all((of.claim_id, other.line_no) in denied | expected for of, other in beside)
        }
        if more == expected:
            break
        expected = more
    assert found == expected


def typed(row: Mapping[str, Any], type_of: Mapping[str, int]) -> dict[str, Any]:
    """A row of the table: type 1 unless told, and without a primary where the contractor defines it."""
    edit_type = type_of.get(row["add_on"], 1)
    return dict(row) | {"edit_type": edit_type, "primary": "" if edit_type == 2 else row["primary"]}


def binding(table: Edits, claim: Claim, line: ClaimLine) -> Edits:
    """The edits of the line's code that bind on its day and kind of claim."""
    practitioner = claim.setting is Setting.PRACTITIONER
    return [
        row
        for row in table
        if row["add_on"] == line.hcpcs
        and claim.setting is not Setting.NONE
        and (row["valid_to"] is None or line.service_from <= row["valid_to"])
        and "suspended" not in row["note"]
        and (practitioner or "Practitioner Only" not in row["note"])
    ]


def primaries_beside(claims: Sequence[Claim], table: Edits, where: Where) -> list[Where]:
    primaries = {row["primary"] for row in binding(table, *where)}
    return [other for other in every_line(claims) if other[1].hcpcs in primaries and together(claims, where, other)]


def fault(claims: Sequence[Claim], table: Edits, where: Where, *, outdated: bool) -> str | None:
    """What an add-on line lacks, if anything."""
    rows = binding(table, *where)
    if not rows or primaries_beside(claims, table, where):
        return None
    other_service = any(
        together(claims, where, other) and other[1].hcpcs != "1111F" and not binding(table, *other)
        for other in every_line(claims)
    )
    edit_type = rows[0]["edit_type"]
    if edit_type in (2, 3):
        return None if other_service else f"ADD00{edit_type}"
    if where[1].hcpcs == "99292" and colleague_bills(claims, {row["primary"] for row in rows}, where):
        return None
    if where[1].hcpcs == "99292" or stands_nearby(claims, {row["primary"] for row in rows}, where):
        return "ADD005"
    return "ADD006" if outdated and other_service else "ADD001"


def stands_nearby(claims: Sequence[Claim], primaries: set[str], where: Where) -> bool:
    """A primary by the same biller for the same patient and payer, within a day of the add-on."""
    claim, line = where
    day = dt.timedelta(days=1)
    return bool(claim.patient_key) and any(
        other.hcpcs in primaries
        and of.frequency != "8"
        and (of.patient_key, of.billing_npi, of.payer_id) == (claim.patient_key, claim.billing_npi, claim.payer_id)
        and other.service_from <= line.service_to + day
        and line.service_from - day <= other.service_to
        for of, other in every_line(claims)
    )


def colleague_bills(claims: Sequence[Claim], primaries: set[str], where: Where) -> bool:
    """A primary of the day by another practitioner of the same biller, for the same patient and payer."""
    claim, line = where
    return bool(claim.patient_key) and any(
        other.hcpcs in primaries
        and (of.patient_key, of.billing_npi, of.payer_id) == (claim.patient_key, claim.billing_npi, claim.payer_id)
        and other.service_from == line.service_from
        and other.rendering_npi != line.rendering_npi
        and len({other.rendering_taxonomy, line.rendering_taxonomy} - {""}) < 2
        for of, other in every_line(claims)
    )


ZZZ = {"G2211": "A", "44444": "A", "55555": "B", "Q4101": "A"}


@settings(max_examples=100, deadline=None)
@given(claims=claims_of((*ZZZ, "G2211", "22222", "11111", "1111F"), days=DAYS[:2], most_lines=2), listed=st.booleans())
def test_what_the_fee_schedule_makes_an_add_on_does_not_stand_alone(claims, listed):
    rows = [{"hcpcs": code, "global_days": "ZZZ", "status_indicator": status} for code, status in ZZZ.items()]
    edits = [{"add_on": code, "primary": "99999", "edit_type": 1} for code in ("22222", "44444")[: 1 + listed]]
    report = check_claims(claims, book_from({"mpfs": rows, "aoc": edits}), rules=select_rules(["ADD007"]))
    add_ons = {*ZZZ, "22222", "1111F"}
    expected = {
        (where[0].claim_id, where[1].line_no)
        for where in every_line(claims)
        if where[0].setting is Setting.PRACTITIONER
        if where[1].hcpcs == "G2211" or (where[1].hcpcs == "44444" and not listed)
        if not any(other[1].hcpcs not in add_ons and together(claims, where, other) for other in every_line(claims))
    }
    assert {(finding.claim, finding.line) for finding in report.findings} == expected

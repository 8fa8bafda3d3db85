"""The MUE rules against a plain reading of RULES.md "MUE" and of the NCCI manual, I.V."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Setting
from support.plain import DAYS, Where, claims_of, dollars, every_line, together

CODES = ("11111", "11111", "L1111", "L1111", "1111F")
MODIFIERS = ("26", "TC", "50", "59", "76", "LT", "GY")

Limits = Mapping[str, tuple[int, int]]
limit = st.tuples(st.sampled_from((0, 1, 2, 4)), st.sampled_from((1, 2, 3)))
limits = st.fixed_dictionaries({code: st.none() | limit | limit for code in CODES}).map(
    lambda table: {code: found for code, found in table.items() if found is not None}
)
UNITS = ("1", "2", "3", "5", "1.5", "0")
counting = claims_of(
    CODES,
    MODIFIERS,
    days=DAYS[:1],
    units=UNITS,
    last_days=(0, 0, 0, 0, 1, 2),
    unit_bases=("UN", "UN", "UN", "UN", "MJ"),
    charges=("20.00", "33.33", "20.00", "0.01", "0.00"),
    filing=("MB",),
    most_claims=1,
    alike=True,
)
billers = claims_of(
    ("L1111", "L1111", "L1111", "11111"),
    days=DAYS[:1],
    units=("1", "3"),
    taxonomies=("", "207X00000X", "332B00000X", "333600000X"),
    filing=("MB", "MB", "CI", ""),
    most_lines=2,
    alike=True,
)
scattered = claims_of(CODES, ("59", "76", "AS"), units=UNITS, filing=("MB", "MB", "CI", ""))
over_days = claims_of(
    ("11111",),
    ("59",),
    units=("1", "3", "4"),
    last_days=(0, 1, 2),
    charges=("20.00", "33.33"),
    most_claims=2,
    alike=True,
)
centers = claims_of(
    ("11111",),
    ("LT", "RT", "59", "80"),
    days=DAYS[:1],
    places=("24", "24", "24", "11"),
    taxonomies=("261QA1903X", "261QA1903X", "207X00000X"),
    most_claims=2,
    alike=True,
)


@settings(max_examples=120, deadline=None)
@given(claims=counting, practitioner=limits)
def test_units_are_counted_as_the_manual_reads(claims, practitioner):
    hold_to_the_manual(claims, practitioner, {}, None)


@settings(max_examples=100, deadline=None)
@given(claims=billers, practitioner=limits, dme=st.none() | limits)
def test_the_limit_is_that_of_the_biller(claims, practitioner, dme):
    hold_to_the_manual(claims, practitioner, {}, dme)


@settings(max_examples=100, deadline=None)
@given(claims=scattered | over_days | centers, practitioner=limits, outpatient=limits)
def test_units_are_summed_over_the_day_as_the_manual_reads(claims, practitioner, outpatient):
    hold_to_the_manual(claims, practitioner, outpatient, {})


def hold_to_the_manual(claims: list[Claim], practitioner: Limits, outpatient: Limits, dme: Limits | None) -> None:
    loaded = {"mue": practitioner, "mue_outpatient": outpatient} | ({} if dme is None else {"mue_dme": dme})
    book = book_from({name: rows(table) for name, table in loaded.items()})
    report = check_claims(claims, book, rules=select_rules(["MUE"]))
    found = {(f.rule, f.claim, f.line, f.amount_at_risk) for f in report.findings}
    expected = set()
    for claim, line in every_line(claims):
        binding = limit_of(claim, line, practitioner, outpatient, dme)
        if binding is None:
            continue
        rule, at_risk = fault(claims, (claim, line), *binding)
        if rule is not None:
            expected.add((rule, claim.claim_id, line.line_no, at_risk))
    assert found == expected


def rows(table: Limits) -> list[dict[str, object]]:
    return [{"hcpcs": code, "mue_value": value, "mai": mai} for code, (value, mai) in table.items()]


def limit_of(
    claim: Claim, line: ClaimLine, practitioner: Limits, outpatient: Limits, dme: Limits | None
) -> tuple[int, int] | None:
    """Value and MAI that bind the line; None where none does or it cannot be known."""
    if claim.setting is Setting.OUTPATIENT:
        return outpatient.get(line.hcpcs)
    if claim.setting is Setting.NONE:
        return None
    own = practitioner.get(line.hcpcs)
    supplies_only = all(other.hcpcs == "L1111" for other in claim.lines)
    if claim.billing_taxonomy == "332B00000X":
        return None if dme is None else dme.get(line.hcpcs)
    if not supplies_only or own is None:
        return own
    if dme is None:
        return None if own[0] == 0 else own
    other = dme.get(line.hcpcs)
    return own if other is None or other[0] <= own[0] else other


def fault(claims: Sequence[Claim], where: Where, value: int, mai: int) -> tuple[str | None, Decimal]:
    """The rule that the line's units break, and the dollars at risk on its claim."""
    claim, line = where
    if value == 0:
        asks = counted(line) > 0 and dollars(line) > Decimal("0.01")
        asks = asks and "GY" not in line.modifiers and line.hcpcs != "1111F"
        rule = {"MB": "MUE004", "": "MUE005"}.get(claim.filing_indicator) if asks else None
        return rule, dollars(line)
    if mai == 1:
        return ("MUE001" if counted(line) > value else None), dollars(line)
    day = fullest_day(claims, where)
    same = counted_on(claims, where, day)
    of_this_day = [other for of, other in same if of is claim and fullest_day(claims, (of, other)) == day]
    if of_this_day[-1] is not line or day_sum([other for _, other in same]) <= value:
        return None, Decimal(0)
    on_claim = [other for of, other in same if of is claim]
    return f"MUE00{mai}", sum((dollars(other) for other in on_claim), Decimal(0))


def fullest_day(claims: Sequence[Claim], where: Where) -> dt.date:
    """Of the days of a line, the one with most units of its code. Of equals, the first day that some line begins on."""
    line = where[1]
    begun = [other.service_from for _, other in added_up(claims, where)]
    days = [day for day in dict.fromkeys(begun) if line.service_from <= day <= line.service_to]
    sums = [day_sum([other for _, other in counted_on(claims, where, day)]) for day in days]
    return days[sums.index(max(sums))]


def counted_on(claims: Sequence[Claim], where: Where, day: dt.date) -> list[Where]:
    return [where for where in added_up(claims, where) if where[1].service_from <= day <= where[1].service_to]


def added_up(claims: Sequence[Claim], where: Where) -> list[Where]:
    """The lines whose units are added to the line's on the days they share; a surgical center's sides are apart."""
    return [
        (of, other)
        for of, other in every_line(claims)
        if other.hcpcs == where[1].hcpcs
        and together(claims, where, (of, other), on_one_day=False)
        and side(of, other) == side(*where)
    ]


def side(claim: Claim, line: ClaimLine) -> set[str]:
    center = claim.billing_taxonomy == "261QA1903X" and line.pos == "24"
    return {"LT", "RT"} & set(line.modifiers) if center else set()


def day_sum(lines: Sequence[ClaimLine]) -> Decimal:
    """Units of a day; a professional and a technical component are one service."""
    professional = sum((counted(line) for line in lines if "26" in line.modifiers), Decimal(0))
    technical = sum(
        (counted(line) for line in lines if "TC" in line.modifiers and "26" not in line.modifiers), Decimal(0)
    )
    whole = sum((counted(line) for line in lines if not {"26", "TC"} & set(line.modifiers)), Decimal(0))
    return whole + max(professional, technical)


def counted(line: ClaimLine) -> Decimal:
    """Units of the line on one day; minutes are none."""
    if line.unit_basis == "MJ":
        return Decimal(0)
    days = (line.service_to - line.service_from).days + 1
    share = line.units / days
    return share.quantize(Decimal(1), ROUND_HALF_UP) if days > 1 else share

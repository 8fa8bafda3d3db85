"""The GLO rules against a plain reading of the NCCI manual I.C.14, I.D and VII.G, and of RULES.md "Modifiers"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from
from support.plain import mostly, stands_alone, superseded

GLOBAL = {
    "11111": "090",
    "22222": "010",
    "33333": "000",
    "44444": "ZZZ",
    "69999": "YYY",
    "59400": "MMM",
    "59410": "MMM",
}
VISITS = {"99213", "99203"}
PAIR = ("22222", "99213")
BOOK = book_from(
    {
        "mpfs": [{"hcpcs": code, "global_days": days} for code, days in GLOBAL.items()] + [{"hcpcs": "99213"}],
        "ptp": [{"column_one": PAIR[0], "column_two": PAIR[1], "modifier_indicator": 1}],
        "pos": [{"pos": "11"}, {"pos": "22", "facility": True}],
    }
)
START = dt.date(2026, 7, 1)
DAYS = [START + dt.timedelta(days=days) for days in (0, 1, 2, 9, 10, 11, 41, 42, 43, 89, 90, 91, 92)]
LONG_AGO = [dt.date(2023, 7, 1), dt.date(2023, 7, 2), dt.date(2023, 7, 4)]
SURGEON, COLLEAGUE = "1992999015", "1234567893"
ORTHOPEDIST, INTERNIST = "207X00000X", "207R00000X"

MODIFIERS = ("24", "25", "57", "58", "78", "79", "54", "55", "53", "56", "80", "26", "LT")

line = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(("11111", *GLOBAL, "11111", "99213", "99213", "99213", "99213", "99203")),
        "service_date": st.sampled_from((*DAYS, DAYS[0], DAYS[0], DAYS[1], *LONG_AGO)),
        "modifiers": mostly([], *([modifier] for modifier in MODIFIERS)),
        "pos": mostly("11", "22"),
        "rendering_npi": mostly(SURGEON, COLLEAGUE, COLLEAGUE),
        "rendering_taxonomy": st.sampled_from((ORTHOPEDIST, ORTHOPEDIST, INTERNIST, "")),
    }
)
claim = st.fixed_dictionaries(
    {
        "claim_type": mostly("professional", "institutional"),
        "patient_key": mostly("one", "two", ""),
        "billing_npi": mostly("1992999031", "1992999007"),
        "payer_id": mostly("12345", "67890"),
        "filing_indicator": mostly("MB", "", "CI"),
        "frequency": mostly("1", "1", "7", "8"),
        "original_reference": st.sampled_from(("", "C1", "X")),
        "diagnoses": st.sampled_from((["M1711"], ["Z3402"], ["Z392"], [])),
        "lines": st.lists(line, min_size=1, max_size=4),
    }
)


def made(values: Sequence[dict[str, Any]]) -> list[Claim]:
    return [claim_from(one, claim_id=f"C{number}") for number, one in enumerate(values, start=1)]


Where = tuple[Claim, ClaimLine]


def professional_lines(claims: Sequence[Claim]) -> list[Where]:
    kept = [one for one in claims if one.claim_type == "professional" and one.frequency != "8"]
    return [(one, of) for one in kept for of in one.lines]


def of_one_patient(claims: Sequence[Claim], one: Claim, two: Claim, *, any_payer: bool = False) -> bool:
    if one is not two and (stands_alone(claims, one) or stands_alone(claims, two)):
        return False
    return one.patient_key == two.patient_key and (any_payer or one.payer_id == two.payer_id)


def known(where: Where) -> bool:
    return where[1].service_from >= START  # the fee schedule at hand begins then


def days_of(where: Where) -> str:
    """The global period a line opens, if any."""
    _, of = where
    if not known(where) or {"80", "56", "78"} & set(of.modifiers):
        return ""
    days = GLOBAL.get(of.hcpcs, "")
    return "" if days == "ZZZ" else days


def unknown_surgery(where: Where) -> bool:
    surgical = "10004" <= where[1].hcpcs <= "69990"
    return surgical and not known(where) and not {"80", "56", "78"} & set(where[1].modifiers)


def whose(one: Where, two: Where) -> str:
    if one[1].rendering_npi == two[1].rendering_npi:
        return "same"
    if one[0].billing_npi != two[0].billing_npi:
        return ""
    taxonomies = {one[1].rendering_taxonomy, two[1].rendering_taxonomy}
    if "" in taxonomies:
        return "perhaps"
    return "colleague" if len(taxonomies) == 1 else ""


def in_a_pair_edit(claims: Sequence[Claim], where: Where, surgery: Where) -> bool:
    """The surgery is of the line's day, on which a published pair speaks of the line already."""
    return surgery[1].service_from == where[1].service_from and any(
        {where[1].hcpcs, two[1].hcpcs} == set(PAIR)
        and two[1].service_from == where[1].service_from
        and two[1].rendering_npi == where[1].rendering_npi
        and ("80" in two[1].modifiers) == ("80" in where[1].modifiers)
        and of_one_patient(claims, where[0], two[0])
        for two in professional_lines(claims)
    )


def routine(one: Claim) -> bool:
    return bool(one.diagnoses) and all(dx.code.startswith(("Z34", "Z392")) for dx in one.diagnoses)


def parts(claims: Sequence[Claim], where: Where) -> Iterator[tuple[str, str, bool]]:
    """The packages a line falls into: which part, whose, and whether its days are beyond doubt."""
    one, of = where
    visit, own = of.hcpcs in VISITS, set(of.modifiers)
    if not visit and (days_of(where) not in {"000", "010", "090"} or own & {"58", "79"}):
        return
    for surgery in professional_lines(claims):
        by = whose(where, surgery)
        if surgery[1] is of or not by or not of_one_patient(claims, one, surgery[0]):
            continue
        part = part_of(days_of(surgery), where, surgery)
        if part == "day" and "25" in own:  # a pair edit is bypassed by it
            pass
        elif part in {"day", "minor", "maternity", "contractor"} and in_a_pair_edit(claims, where, surgery):
            continue
        if not visit and part != "after":
            continue
        if part == "day" and visit and "25" in own:
            if not own & {"24", "57"}:
                yield "day with 25", by, not {"53", "55"} & set(surgery[1].modifiers)
            continue
        if part and not (visit and own & EXCUSES.get(part, {"24", "25", "57"})):
            yield part, by, not {"53", "55"} & set(surgery[1].modifiers)


EXCUSES = {"after": {"24", "57"}, "maternity": {"24", "25"}}


def part_of(period: str, where: Where, surgery: Where) -> str:
    """The part of a procedure's package that a line's day lies in."""
    after, flags = (where[1].service_from - surgery[1].service_from).days, surgery[1].modifiers
    if period in {"010", "090"} and 1 <= after <= int(period):
        return "" if "54" in flags else "after"
    if period == "090" and after in {0, -1}:
        return "" if "55" in flags else ("day before", "day")[after + 1]
    if period in {"000", "010"} and after == 0:
        return "" if "55" in flags else "minor"
    if period == "MMM" and routine(where[0]):
        before = surgery[1].hcpcs == "59400" and -280 <= after <= 0
        return "maternity" if before or 0 < after <= 42 else ""
    return "contractor" if period == "YYY" and 0 <= after <= 90 else ""


ORDER = ("after", "day", "day before", "minor", "maternity", "contractor", "day with 25")
BY = ("same", "colleague", "perhaps")


def package_rule(claims: Sequence[Claim], where: Where) -> str:
    found = sorted(
        parts(claims, where), key=lambda p: (p[0] == "day with 25", BY.index(p[1]), ORDER.index(p[0]), not p[2])
    )
    if not found:
        return ""
    part, by, sure = found[0]
    medicare = where[0].filing_indicator != "CI"
    mine, visit = by != "perhaps", where[1].hcpcs in VISITS
    rules = {
        "day": "GLO004" if by == "same" and medicare else "GLO005" if mine else "",
        "day before": "GLO005" if mine else "",
        "minor": "GLO006" if by == "same" else "",
        "maternity": "GLO011" if mine else "",
        "day with 25": "GLO013" if by == "same" and medicare else "",
        "contractor": "GLO012" if by == "same" else "",
    }
    if part != "after":
        return rules[part]
    if not visit:
        return "GLO007" if mine else ""
    if by == "same" and sure and medicare:
        return "GLO001"
    return "GLO002" if mine else "GLO003"


def lacks_its_surgery(claims: Sequence[Claim], where: Where) -> bool:
    one, of = where
    speaking = {"24"} if of.hcpcs in VISITS else {"24", "58", "78", "79"}
    if not speaking & set(of.modifiers):
        return False
    for other in professional_lines(claims):
        if other[1] is of or not of_one_patient(claims, one, other[0]):
            continue
        after, period = (of.service_from - other[1].service_from).days, days_of(other)
        length = 90 if period in {"YYY", "MMM"} else int(period or -1)
        if 0 <= after <= length or (unknown_surgery(other) and 0 <= after <= 90):
            return False
    return True


def seen_before(claims: Sequence[Claim], where: Where) -> bool:
    one, of = where
    if of.hcpcs != "99203":
        return False
    three_years = of.service_from.replace(year=of.service_from.year - 3)
    for other in professional_lines(claims):
        met = not {"26", "80"} & set(other[1].modifiers) and other[1].hcpcs in {*GLOBAL, *VISITS} - {"69999"}
        if (
            met
            and three_years < other[1].service_from < of.service_from
            and whose(where, other) in {"same", "colleague"}
            and of_one_patient(claims, one, other[0], any_payer=True)
        ):
            return True
    return False


def expected(claims: Sequence[Claim]) -> set[tuple[str, str, int]]:
    found = set()
    for where in professional_lines(claims):
        one, of = where
        rules = [package_rule(claims, where)]
        returned = "78" in of.modifiers and of.hcpcs not in VISITS
        rules += ["GLO008"] if returned and of.pos == "11" and known(where) else []
        rules += ["GLO009"] if lacks_its_surgery(claims, where) else []
        rules += ["GLO010"] if seen_before(claims, where) else []
        found |= {(rule, one.claim_id, of.line_no) for rule in rules if rule}
    return found


def reported(claims: Sequence[Claim], history: Sequence[Claim] = ()) -> set[tuple[str, str, int | None]]:
    report = check_claims(claims, BOOK, rules=select_rules(["GLO"]), history=history)
    return {(finding.rule, finding.claim, finding.line) for finding in report.findings}


@settings(max_examples=300, deadline=None)
@given(values=st.lists(claim, min_size=1, max_size=3))
def test_global_days_are_those_of_the_manual(values):
    claims = made(values)
    assert reported(claims) == expected(claims)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(claim, min_size=2, max_size=4), cut=st.integers(1, 3))
def test_a_history_tells_what_the_same_claims_in_the_input_would(values, cut):
    claims = made([one | {"frequency": "1"} for one in values])
    history, checked = claims[:cut], claims[cut:]
    own = {one.claim_id for one in checked}
    assert reported(checked, history) == {entry for entry in reported(claims) if entry[1] in own}
    assert not any(superseded(claims, one) for one in claims)

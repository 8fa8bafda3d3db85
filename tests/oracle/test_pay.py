"""The rules of payer policies held to plain Python written from the how-to, not from the engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim
from cleanclaim.engine.payer_frequency import months_after
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

RULES = select_rules(["PAY", "TIM003", "TIM004"])
START = dt.date(2026, 7, 1)
CITED = {
    "document": "Manual",
    "url": "https://acme.example",
    "date": dt.date(2026, 1, 1),
    "date_kind": "effective",
    "confidence": "high",
    "first_hand": True,
}


def fact(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "text": "So it is.", "severity": "deny", "citation": dict(CITED), **more}


FACTS = [
    fact("pa", "prior_authorization", codes=["11111"], valid_from=START + dt.timedelta(3), when={"places": ["22"]}),
    fact("often", "frequency", codes=["22222"], maximum=2, period="5 days"),
    fact("units", "frequency", codes=["55555"], maximum=3, period="calendar year", counted="units"),
    fact("alone", "not_payable", codes=["33333"], unless_with=["11111"]),
    fact("paper", "documentation", wanted="note", when={"modifiers_any": ["22"]}),
    fact("part", "bundling", codes=["44444"], into=["11111"], bypass=["59"]),
    fact("sides", "modifier_style", style="bilateral_one_line_50", codes=["11111"]),
    fact("x", "modifier_style", style="distinct_x", codes=["22222", "33333"]),
    fact("where", "place", codes=["33333"], allowed_places=["11"]),
    fact("late", "timely_filing", days=8),
]
BOOK = book_from(
    {
        "policies": [
            {
                "payer": "acme",
                "name": "Acme",
                "plan": "all",
                "identifiers": {"source": "test", "payer_ids": ["12345"]},
                "facts": FACTS,
            }
        ]
    }
)

DAYS = st.integers(0, 9).map(lambda days: START + dt.timedelta(days=days))
LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(["11111", "22222", "33333", "44444", "55555"]),
        "service_date": DAYS,
        "modifiers": st.lists(st.sampled_from(["22", "59", "XS", "LT", "RT"]), max_size=2, unique=True),
        "pos": st.sampled_from(["11", "22"]),
        "units": st.sampled_from(["1", "2"]),
        "note": st.sampled_from(["", "WHY"]),
        "prior_authorization": st.sampled_from(["", "A1"]),
    }
)
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "lines": st.lists(LINES, min_size=1, max_size=4),
            "payer_id": st.sampled_from(["12345", "12345", "99999"]),
            "patient_key": st.sampled_from(["one", "two"]),
            "submitted_on": st.one_of(st.none(), st.integers(0, 20).map(lambda days: START + dt.timedelta(days=days))),
            "frequency": st.sampled_from(["1", "1", "1", "8"]),
        }
    ),
    min_size=1,
    max_size=3,
)


def expected_of(claims: list[dict[str, Any]]) -> set[tuple[str, str, int]]:
    """Every finding, from the words of the policy."""
    found: set[tuple[str, str, int]] = set()
    lines = [
        (number, at, claim, line)
        for number, claim in enumerate(claims, 1)
        for at, line in enumerate(claim["lines"], 1)
        if claim["payer_id"] == "12345" and claim["frequency"] != "8"
    ]
    for number, at, claim, line in lines:
        day, code, modifiers = line["service_date"], line["hcpcs"], set(line["modifiers"])
        beside = [
            other
            for n, a, c, other in lines
            if (n, a) != (number, at) and c["patient_key"] == claim["patient_key"] and other["service_date"] == day
        ]
        where = (f"C{number}", at)
        if (
            code == "11111"
            and day >= START + dt.timedelta(3)
            and line["pos"] == "22"
            and not line["prior_authorization"]
        ):
            found.add(("PAY001", *where))
        if code == "33333" and all(other["hcpcs"] != "11111" for other in beside):
            found.add(("PAY008", *where))
        if code == "33333" and line["pos"] != "11":
            found.add(("PAY007", *where))
        if "22" in modifiers and not line["note"]:
            found.add(("PAY006", *where))
        if code in {"22222", "33333"} and "59" in modifiers and "XS" not in modifiers:
            found.add(("PAY004", *where))
        if code == "44444" and bundled(line, beside):
            found.add(("PAY005", *where))
        if claim["submitted_on"] is not None and (claim["submitted_on"] - day).days > 8:
            found.add(("TIM004", *where))
    return found | sides(lines) | frequencies(lines)


def bundled(line: dict[str, Any], beside: list[dict[str, Any]]) -> bool:
    side = {"LT", "RT"} & set(line["modifiers"])
    others = []
    for other in beside:
        side_of_other = {"LT", "RT"} & set(other["modifiers"])
        parted = len(side) == 1 and len(side_of_other) == 1 and side != side_of_other
        if other["hcpcs"] == "11111" and not parted:
            others.append(other)
    return bool(others) and not any("59" in one["modifiers"] for one in [line, *others])


def sides(lines: list[tuple[int, int, dict[str, Any], dict[str, Any]]]) -> set[tuple[str, str, int]]:
    found = set()
    for here, (number, at, claim, line) in enumerate(lines):
        for _, _, earlier_claim, earlier in lines[:here]:
            same = earlier_claim["patient_key"] == claim["patient_key"]
            same = same and earlier["service_date"] == line["service_date"]
            if not same or not line["hcpcs"] == earlier["hcpcs"] == "11111":
                continue
            for one, two in (("LT", "RT"), ("RT", "LT")):
                if one in line["modifiers"] and two not in line["modifiers"] and two in earlier["modifiers"]:
                    found.add(("PAY003", f"C{number}", at))
    return found


def frequencies(lines: list[tuple[int, int, dict[str, Any], dict[str, Any]]]) -> set[tuple[str, str, int]]:
    found = set()
    for patient in ("one", "two"):
        own = [entry for entry in lines if entry[2]["patient_key"] == patient]
        own.sort(key=lambda entry: (entry[3]["service_date"], entry[0], entry[1]))
        days_seen: list[dt.date] = []
        units = 0
        for number, at, _, line in own:
            day = line["service_date"]
            if line["hcpcs"] == "22222" and day not in days_seen:
                days_seen.append(day)
                if len([earlier for earlier in days_seen if (day - earlier).days < 5]) > 2:
                    found.add(("PAY002", f"C{number}", at))
            if line["hcpcs"] == "55555":
                units += int(line["units"])
                if units > 3:
                    found.add(("PAY002", f"C{number}", at))
    return found


def billed(claim: Claim) -> tuple[Any, ...]:
    """What two claims have in common of which one repeats the other."""
    return tuple(sorted((line.hcpcs, line.service_from, tuple(sorted(line.modifiers))) for line in claim.lines))


@settings(max_examples=100, deadline=None)
@given(CLAIMS)
def test_what_a_policy_asks_is_asked_and_nothing_else(claims):
    made = [claim_from(claim, claim_id=f"C{number}") for number, claim in enumerate(claims, 1)]
    if len({(claim.patient_key, claim.payer_id, billed(claim)) for claim in made}) < len(made):
        return  # a claim that repeats another as a whole is looked at alone: tests/oracle/test_dup.py
    report = check_claims(made, BOOK, rules=RULES, history=())
    assert {(one.rule, one.claim, one.line) for one in report.findings} == expected_of(claims)
    assert all(one.citations[0].source == "payer-policy:acme" for one in report.findings)


@settings(max_examples=150, deadline=None)
@given(st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 31)), st.integers(-3, 3), st.booleans())
def test_medicare_takes_a_claim_for_one_calendar_year(day, late, institutional):
    """42 CFR 424.44(a): the same day of the next year is the last; of 29 February it is the 28th."""
    last = dt.date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
    form = {"claim_type": "institutional", "bill_type": "13", "statement_to": day} if institutional else {}
    segment = {"segment": "SV2"} if institutional else {}
    claim = claim_from(
        {
            "filing_indicator": "MA" if institutional else "MB",
            "submitted_on": last + dt.timedelta(days=late),
            "lines": [{"hcpcs": "11111", "service_date": day, **segment}],
            **form,
        }
    )
    found = [one.rule for one in check_claims([claim], book_from({}), rules=RULES, history=()).findings]
    assert found == (["TIM003"] if late > 0 else [])


@settings(max_examples=150, deadline=None)
@given(st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)), st.integers(1, 130))
def test_a_period_of_months_ends_on_the_same_day_or_the_months_last(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + dt.timedelta(1)).day == 1
    assert later.day <= day.day

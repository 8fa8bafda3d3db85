"""Rules on the day's services, the ride, the person and the first diagnosis, held to a slow reading of their documents.

What is read: Medicare Claims Processing Manual, chapters 12 (50), 15 (30), 18 (60) and 32 (240), MM13272 and the CY
2025 fee schedule rule, all second-hand; the ICD-10-CM guidelines; ages and organs of the code set.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

DAYS = [dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2026, 7, 15)]
RULES = select_rules("MOD052 MOD053 MOD054 MOD056 MOD057 ADD008 COD012 COD013 DXV019".split())
NO_BOOK = book_from({})

Found = set[tuple[str, str, int | None]]


def found(claims: list[Claim]) -> Found:
    return {(f.rule, f.claim, f.line) for f in check_claims(claims, NO_BOOK, rules=RULES).findings}


# --- the day's services and the ride

CODES = (
    "45385 45378 44389 45395 00811 G0121 43239 99214 99232 G2211 G2211 20610 G0439 90471 87491 91322 "
    "A0429 A0425 A0436 A0998 A0888 A0130 S9960"
)
RIDES = [[], [], ["RH"], ["RX"], ["XH"], ["XE"], ["XX", "GM"], ["RC"], ["QL"], ["GY"]]
MODIFIERS = [[], [], ["25"], ["25"], ["PT"], ["33"], ["33", "PT"], *RIDES]
DIAGNOSES = ["Z1211", "Z860100", "Z800", "K635", "I10"]


@st.composite
def days_services(draw: st.DrawFn) -> list[Claim]:
    day = draw(st.sampled_from(DAYS))
    claims = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        diagnoses = draw(st.lists(st.sampled_from(DIAGNOSES), max_size=2, unique=True))
        values: dict[str, Any] = {
            "filing_indicator": draw(st.sampled_from(["MB", "MB", "MB", "CI", ""])),
            "diagnoses": diagnoses,
            "lines": [
                {
                    "hcpcs": draw(st.sampled_from(CODES.split())),
                    "modifiers": draw(st.sampled_from(MODIFIERS)),
                    "charge": str(100 * number + at),  # no line repeats another
                    "service_date": draw(st.sampled_from([day, day, day, day - dt.timedelta(days=1)])),
                    "diagnosis_pointers": draw(st.lists(st.integers(1, 3), max_size=2, unique=True)),
                }
                for at in range(draw(st.integers(1, 5)))
            ],
        }
        if draw(st.integers(0, 5)) == 0:
            values |= {"claim_type": "institutional", "bill_type": "13"}
        claims.append(claim_from(values, claim_id=f"C{number}"))
    return claims


def of_screening(claim: Claim, line: ClaimLine) -> Iterator[str]:
    if claim.filing_indicator != "MB" or line.hcpcs not in {"45385", "45378", "44389", "00811"}:
        return
    if "PT" in line.modifiers:
        return
    if "33" in line.modifiers:
        yield "MOD053"
        return
    first = line.diagnosis_pointers[0] if line.diagnosis_pointers else 1
    codes = [diagnosis.code for diagnosis in claim.diagnoses]
    if first <= len(codes) and codes[first - 1] in {"Z1211", "Z860100", "Z800"}:
        yield "MOD052"


def of_complexity(claims: list[Claim], claim: Claim, line: ClaimLine) -> Iterator[str]:
    on = line.service_from or dt.date.min
    if line.hcpcs != "G2211" or claim.filing_indicator != "MB" or on < dt.date(2024, 1, 1):
        return
    day = [
        other
        for other_claim in claims
        if other_claim.claim_type is ClaimType.PROFESSIONAL
        for other in other_claim.lines
        if other.service_from == line.service_from
    ]
    visits = [other for other in day if other.hcpcs == "99214"]
    excepted = on.year > 2024 and any(other.hcpcs in {"G0439", "90471", "87491", "91322"} for other in day)
    if visits and all("25" in visit.modifiers for visit in visits) and not excepted:
        yield "MOD054"


def of_ride(claim: Claim, line: ClaimLine) -> Iterator[str]:
    day = {other.hcpcs for other in claim.lines if other.service_from == line.service_from}
    by_van = "A0130" in day and "A0429" not in day
    if line.hcpcs in {"A0429", "A0425", "A0436"} and "QL" not in line.modifiers and not by_van:
        model = dt.date(2021, 1, 1) <= (line.service_from or dt.date.min) <= dt.date(2023, 12, 31)
        destinations = "DEGHIJNPRSX" + ("CFOUW" if model else "")
        rides = [m for m in line.modifiers if m[0] in "DEGHIJNPRS" and m[1] in destinations]
        backward = [m for m in line.modifiers if m[0] == "X" and m[1] in "DEGHIJNPRSX" and m not in {"XE", "XS", "XP"}]
        if not rides:
            yield "MOD057" if backward else "MOD056"
    if line.hcpcs in {"A0425", "A0436"} and not day & {"A0429", "A0998", "A0130", "S9960"}:
        yield "ADD008"


@settings(max_examples=200, deadline=None)
@given(days_services())
def test_screenings_complexity_and_rides_are_read_as_the_instructions_say(claims):
    expected: Found = set()
    for claim in claims:
        for line in claim.lines:
            rules = list(of_screening(claim, line))
            if claim.claim_type is ClaimType.PROFESSIONAL:
                rules += [*of_complexity(claims, claim, line), *of_ride(claim, line)]
            expected |= {(rule, claim.claim_id, line.line_no) for rule in rules}
    assert found(claims) == expected


# --- the person

VISITS = {0: "1", 1: "2", 5: "3", 12: "4", 18: "5", 40: "6", 65: "7"}
"""The last digit of the preventive visits from an age on: 9938 for new patients, 9939 for known ones."""
CHILDREN = {"42820": 12, "42835": 12, "49500": 5, "36555": 5, "36572": 5, "90460": 19, "99475": 6, "99476": 6}
OLDER = {"42821": 12, "42836": 12, "49507": 5, "36556": 5, "36573": 5, "99476": 2, "99475": 2}
MEN = {"54150", "55899", "52601", "G0103", "84153"}
WOMEN = {"56405", "58999", "59400", "76805", "88175", "Q0091", "P3000"}
NEITHER = {"55920", "58323", "99213", "0042T"}


def years(born: dt.date, day: dt.date) -> int:
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)


def age_fault(code: str, born: dt.date, day: dt.date) -> bool:
    age, month_over = years(born, day), (day - born).days > 28
    if re.fullmatch(r"99(38|39)[1-7]", code):
        band = max(start for start in VISITS if start <= age)
        return VISITS[band] != code[-1]
    if code in {"54160", "99468", "99477"}:
        return month_over
    if code in {"54161", "99471"}:
        return not month_over or (code == "99471" and age >= 3)
    return age >= CHILDREN.get(code, 999) or age < OLDER.get(code, 0)


AGED = [f"99{kind}{last}" for kind in (38, 39) for last in range(1, 8)]
AGED += ["54160", "54161", "54150", "99468", "99471", "99477", *CHILDREN, *OLDER]


@settings(max_examples=200, deadline=None)
@given(
    codes=st.lists(st.sampled_from([*AGED, *MEN, *WOMEN, *NEITHER]), min_size=1, max_size=4),
    born=st.one_of(
        st.none(),
        st.dates(dt.date(2026, 6, 1), dt.date(2026, 7, 16)),
        st.dates(dt.date(1940, 1, 1), dt.date(2026, 7, 1)),
        st.sampled_from([0, 1, 2, 5, 6, 12, 18, 19, 40, 65]).map(lambda age: dt.date(2026 - age, 7, 15)),
    ),
    sex=st.sampled_from(["M", "F", "U", ""]),
    modifiers=st.sampled_from([[], [], ["KX"]]),
    outpatient=st.booleans(),
)
def test_codes_of_an_age_and_a_sex_are_held_to_the_patients(codes, born, sex, modifiers, outpatient):
    day = dt.date(2026, 7, 15)
    lines = [{"hcpcs": code, "modifiers": modifiers} for code in codes]
    form = {"claim_type": "institutional", "bill_type": "13"} if outpatient else {}
    claim = claim_from({"patient_birth_date": born, "patient_sex": sex, "lines": lines, **form})
    expected: Found = set()
    for line in claim.lines:
        if born is not None and born <= day and age_fault(line.hcpcs, born, day):
            expected.add(("COD012", "C1", line.line_no))
        other = {"M": WOMEN, "F": {*MEN, "54160", "54161"}}.get(sex, set())
        if line.hcpcs in other and not modifiers and not outpatient:
            expected.add(("COD013", "C1", line.line_no))
    assert found([claim]) == expected


# --- the first diagnosis

SUPPLEMENTARY = re.compile(r"B9[567].*|Z37.*|Z68.*|Z5[5-9A-Z].*|Z6[0-5].*|R652.*|R297.*|R402[1-4].*|Z283.*")


@settings(max_examples=150, deadline=None)
@given(
    codes=st.lists(
        st.one_of(
            st.from_regex(SUPPLEMENTARY, fullmatch=True).filter(lambda code: code.isascii() and code.isalnum()),
            st.from_regex(r"(B9|Z3|Z[5-7]|R65|R29|R40|Z28)[0-9A-Z]{0,4}", fullmatch=True),
        ).map(lambda code: code.upper()[:7]),
        min_size=1,
        max_size=3,
        unique=True,
    )
)
def test_what_only_adds_to_a_diagnosis_is_not_the_first(codes):
    claim = claim_from({"diagnoses": codes, "lines": [{"hcpcs": "11111", "diagnosis_pointers": [1]}]})
    assert bool(found([claim])) is bool(SUPPLEMENTARY.fullmatch(codes[0]))

"""The DXV rules held to a plain reading of the tabular list's years, the 837P pointer, and the guidelines."""

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

RULES = select_rules(["DXV"])

# Two years of a small tabular list: code to billable.
YEARS = {
    (dt.date(2020, 10, 1), dt.date(2021, 9, 30)): {"M545": True, "I10": True, "E11": False, "E119": True},
    (dt.date(2021, 10, 1), dt.date(2022, 9, 30)): {
        "M545": False, "M5450": True, "I10": True, "E11": False, "E119": True, "W19XXXA": True,
    },
}  # fmt: skip
BOOK = book_from(
    {
        "icd10cm": [
            {
                "icd10cm": code,
                "billable": billable,
                "release": {"release": f"FY{last.year}", "covers_from": first, "covers_to": last},
            }
            for (first, last), codes in YEARS.items()
            for code, billable in codes.items()
        ]
    }
)
CHANGE = dt.date(2015, 10, 1)
DAYS = st.sampled_from(
    [
        None,
        dt.date(2015, 9, 30),
        CHANGE,
        dt.date(2020, 9, 30),
        dt.date(2020, 10, 1),
        dt.date(2021, 9, 30),
        dt.date(2021, 10, 1),
        dt.date(2022, 9, 30),
    ]
)
DIAGNOSES = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["M545", "M5450", "I10", "E11", "E119", "W19XXXA", "W19XX", "W19XXX", "Q9X9", "E119X"]),
        "system": st.sampled_from(["icd10cm", "icd10cm", "icd10cm", "icd9cm", ""]),
    }
)


@st.composite
def claims(draw: Any) -> Claim:
    kind = draw(st.sampled_from(["professional", "13", "11"]))
    diagnoses = draw(st.lists(DIAGNOSES, max_size=4))
    if kind != "professional":
        roles = st.sampled_from(["other", "admitting", "external_cause"])
        diagnoses = [
            entry | {"role": "principal" if number == 0 and draw(st.booleans()) else draw(roles)}
            for number, entry in enumerate(diagnoses)
        ]
    lines = [
        {
            "hcpcs": "11111",
            "service_date": draw(DAYS),
            "segment": draw(st.sampled_from(["SV1", "SV1", "row 2"])) if kind == "professional" else "SV2",
            "diagnosis_pointers": draw(st.lists(st.integers(0, 5), max_size=4)) if kind == "professional" else (),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    return claim_from(
        {
            "claim_type": "professional" if kind == "professional" else "institutional",
            "bill_type": "" if kind == "professional" else kind,
            "diagnoses": diagnoses,
            "lines": lines,
            "statement_to": draw(DAYS) if kind != "professional" else None,
        }
    )


def day_that_counts(claim: Claim) -> dt.date | None:
    """The day of discharge of an inpatient stay, else the first day of service."""
    if claim.bill_type == "11" and claim.statement_to:
        return claim.statement_to
    days = [line.service_from for line in claim.lines if line.service_from]
    return min(days) if days else None


REASONS = {"principal", "other"}


def code_fault(code: str, day: dt.date) -> str | None:
    """What the lists of both years say of an ICD-10-CM code on a day."""
    in_force = [codes for (first, last), codes in YEARS.items() if first <= day <= last]
    if not in_force:
        return None
    if code in in_force[0]:
        return None if in_force[0][code] else "DXV002"
    seventh = [other[6] for other in in_force[0] if len(other) == 7 and other[:6] == code.ljust(6, "X")]
    if code.endswith("X") and len(code) > 3 and seventh:  # only the seventh character is missing
        return "DXV002"
    return "DXV003" if any(code in codes for codes in YEARS.values()) else "DXV001"


def diagnosis_faults(claim: Claim, position: int) -> Iterator[str | None]:
    diagnosis = claim.diagnoses[position - 1]
    day = day_that_counts(claim)
    if diagnosis.system == "icd10cm" and day is not None:
        yield code_fault(diagnosis.code, day)
        yield "DXV010" if day < CHANGE else None
    if diagnosis.system == "icd9cm" and day is not None and day >= CHANGE:
        yield "DXV009"
    for earlier in claim.diagnoses[: position - 1]:
        same_list = earlier.role == diagnosis.role or {earlier.role, diagnosis.role} <= REASONS
        if earlier.code == diagnosis.code and same_list:
            yield "DXV004"
    first_listed = position == 1 and diagnosis.role in REASONS
    if first_listed and diagnosis.system == "icd10cm" and diagnosis.code[0] in "VWXY":
        yield "DXV008"


def line_faults(claim: Claim, line: ClaimLine) -> Iterator[str]:
    count = len([diagnosis for diagnosis in claim.diagnoses if diagnosis.role in REASONS])
    pointers = line.diagnosis_pointers
    if claim.claim_type == "professional" and count:
        if not pointers and line.segment == "SV1":
            yield "DXV005"
        if any(pointer < 1 or pointer > count for pointer in pointers):
            yield "DXV006"
    if any(pointers.count(pointer) > 1 for pointer in pointers):
        yield "DXV007"


def expected(claim: Claim) -> set[tuple[str, int | None, int | None]]:
    """Rule, line, and for a diagnosis its position."""
    found: set[tuple[str, int | None, int | None]] = set()
    for position in range(1, len(claim.diagnoses) + 1):
        pointing = [line.line_no for line in claim.lines if position in line.diagnosis_pointers]
        line = pointing[0] if pointing else None
        found |= {(rule, line, position) for rule in diagnosis_faults(claim, position) if rule}
    return found | {(rule, line.line_no, None) for line in claim.lines for rule in line_faults(claim, line)}


@settings(max_examples=300, deadline=None)
@given(claims())
def test_diagnoses_are_held_to_the_list_in_force(claim):
    report = check_claims([claim], BOOK, rules=RULES)
    by_position = {"DXV001", "DXV002", "DXV003", "DXV004", "DXV008", "DXV009", "DXV010"}
    wanted = expected(claim)
    assert {(finding.rule, finding.line) for finding in report.findings} == {(rule, line) for rule, line, _ in wanted}
    for rule in by_position:
        count = len([finding for finding in report.findings if finding.rule == rule])
        assert count == len([place for place in wanted if place[0] == rule]), rule


# --- what the notes of the tabular list say

NOTES = [
    {"icd10cm": "R73", "kind": "excludes1", "first": "E08", "last": "E13"},
    {"icd10cm": "K50", "kind": "excludes1", "first": "K51", "last": "K51"},
    {"icd10cm": "K51", "kind": "excludes1", "first": "K50", "last": "K50"},
    {"icd10cm": "M272", "kind": "excludes1", "first": "M26", "last": "M27"},
    {"icd10cm": "N18", "kind": "code_first", "first": "E1122", "last": "E1122"},
    {"icd10cm": "N18", "kind": "code_first", "first": "I12", "last": "I13"},
    {"icd10cm": "F0280", "kind": "manifestation"},
    {"icd10cm": "F02", "kind": "code_first", "first": "G30", "last": "G30"},
    {"icd10cm": "M1711", "kind": "side", "first": "right"},
    {"icd10cm": "M1712", "kind": "side", "first": "left"},
    {"icd10cm": "M1710", "kind": "side", "first": "unspecified"},
    {"icd10cm": "C61", "kind": "sex", "first": "male"},
    {"icd10cm": "O24", "kind": "sex", "first": "female"},
]
NOTED = book_from({"icd10cm_notes": NOTES})
EXCLUDES = {
    "R739": {"E119", "E1122", "E139"},
    "K5090": {"K5190"},
    "K5190": {"K5090"},
}
CAUSES = {"N186": {"E1122", "I120", "I130"}, "F0280": {"G309"}}
SIDES = {"M1711": "RT", "M1712": "LT", "M1710": "?"}
SEXES = {"C61": "M", "O24419": "F"}
CODES_NOTED = sorted(
    {
        *EXCLUDES,
        *EXCLUDES["R739"],
        *CAUSES,
        *CAUSES["N186"],
        "G309",
        *SIDES,
        *SEXES,
        "I10",
        "M272",
        "M278",
        "P599",
        "E161",
    }
)


@st.composite
def noted_claims(draw: Any) -> Claim:
    codes = draw(st.lists(st.sampled_from(CODES_NOTED), min_size=1, max_size=5, unique=True))
    lines = [
        {
            "hcpcs": draw(st.sampled_from(["11111", "11111", "73080", "19318"])),
            "modifiers": draw(
                st.lists(
                    st.sampled_from(["LT", "RT", "50", "KX", "FA", "F9", "T4", "T5", "E2", "E3"]),
                    max_size=2,
                    unique=True,
                )
            ),
            "diagnosis_pointers": draw(st.lists(st.integers(1, len(codes)), max_size=3, unique=True)),
        }
        for _ in range(draw(st.integers(1, 2)))
    ]
    sex = draw(st.sampled_from(["M", "F", "U", ""]))
    return claim_from({"diagnoses": codes, "lines": lines, "patient_sex": sex})


def noted_diagnosis_faults(claim: Claim, position: int) -> Iterator[str]:
    codes = [diagnosis.code for diagnosis in claim.diagnoses]
    code, before, after = codes[position - 1], codes[: position - 1], codes[position:]
    against = EXCLUDES.get(code, set())
    if [other for other in after if other in against] or [
        other for other in before if other in against and code not in EXCLUDES.get(other, set())
    ]:
        yield "DXV011"
    if code == "F0280" and position == 1:
        yield "DXV012"
    elif CAUSES.get(code, set()) & set(after) and not CAUSES[code] & set(before):
        yield "DXV013"
    waived = any("KX" in line.modifiers for line in claim.lines)
    if code in SEXES and claim.patient_sex in {"M", "F"} - {SEXES[code]} and not waived:
        yield "DXV016"
    if code == "O24419" and "P599" in codes:
        yield "DXV018"


def side_faults(claim: Claim, line: ClaimLine) -> Iterator[str]:
    sides = [SIDES.get(claim.diagnoses[pointer - 1].code, "") for pointer in line.diagnosis_pointers]
    left, right = {"LT", "E1", "E2"}, {"RT", "E3", "E4"}
    left |= {"FA", "F1", "F2", "F3", "F4", "TA", "T1", "T2", "T3", "T4"}
    right |= {"F5", "F6", "F7", "F8", "F9", "T5", "T6", "T7", "T8", "T9"}
    named = {side for side, names in (("LT", left), ("RT", right)) if names & set(line.modifiers)}
    other = {"RT": "LT", "LT": "RT"}
    one_side = len(named) == 1 and "50" not in line.modifiers
    both_imaged = line.hcpcs == "73080" and all(
        any(side in film.modifiers for film in claim.lines if film.hcpcs == "73080") for side in ("LT", "RT")
    )
    of_the_sound_side = both_imaged or line.hcpcs == "19318"
    if one_side and sides and all(side == other[next(iter(named))] for side in sides) and not of_the_sound_side:
        yield "DXV014"
    if "?" in sides and (named or "50" in line.modifiers):
        yield "DXV015"


@settings(max_examples=100, deadline=None)
@given(noted_claims())
def test_diagnoses_are_held_to_the_notes_of_the_tabular_list(claim):
    rules = [loaded for loaded in RULES if loaded.rule.code >= "DXV011"]
    wanted: list[tuple[str, int | None]] = []
    for position in range(1, len(claim.diagnoses) + 1):
        pointing = [line.line_no for line in claim.lines if position in line.diagnosis_pointers]
        wanted += [(rule, pointing[0] if pointing else None) for rule in noted_diagnosis_faults(claim, position)]
    wanted += [(rule, line.line_no) for line in claim.lines for rule in side_faults(claim, line)]
    found = check_claims([claim], NOTED, rules=rules).findings
    assert sorted((finding.rule, finding.line or 0) for finding in found) == sorted(
        (rule, line or 0) for rule, line in wanted
    )


AGES = {  # first and last year of age, or days under one year
    "Z681": (20 * 365.2425, None),
    "Z6845": (20 * 365.2425, None),
    "Z6851": (2 * 365.2425, 20 * 365.2425),
    "O0990": (9 * 365.2425, None),
}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*AGES, "Z00110", "Z00111", "I10"]), st.integers(0, 9000))
def test_codes_of_an_age_are_held_to_the_patients(code, days):
    day = dt.date(2026, 7, 15)
    claim = claim_from(
        {"patient_birth_date": day - dt.timedelta(days=days), "diagnoses": [code], "lines": [{"hcpcs": "1"}]}
    )
    found = bool(
        check_claims([claim], NOTED, rules=[loaded for loaded in RULES if loaded.rule.code == "DXV017"]).findings
    )
    if code == "Z00110":
        assert found == (days >= 8)
    elif code == "Z00111":
        assert found == (not 8 <= days <= 28)
    elif code == "I10":
        assert not found
    else:
        youngest, oldest = AGES[code]
        if min(abs(days - youngest), abs(days - (oldest or 1e9))) > 2:  # the birthday itself has cases of its own
            assert found == (days < youngest or (oldest is not None and days > oldest))

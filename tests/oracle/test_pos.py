"""POS held to a slow reading of the list of places and of the NA indicators of the fee schedule."""

from __future__ import annotations

import datetime as dt

import world_fee_schedule as world
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

SHARE_IS_THE_FACILITYS = {"21", "22", "24", "31"}
HOSPITAL = {"21", "22"}


def a_component_rule_speaks(row, line):
    indicator, professional = row["pc_tc_indicator"], "26" in line.modifiers
    if indicator == "5":
        return line.pos in HOSPITAL
    if line.pos not in SHARE_IS_THE_FACILITYS or professional:
        return False
    return indicator in {"1", "3"} or (indicator == "4" and "TC" not in line.modifiers)


def fault(made, claim, line):
    if not world.is_practitioner(claim) or "pos" not in made or not line.pos:
        return None
    if not world.place_is_listed(made, line):
        return "POS001"
    row = world.row_of(made, line)
    if row is None or not world.may_be_medicare(claim) or row["status_indicator"] not in "ART":
        return None
    rare = row["na_facility"] if world.PLACES[line.pos] else row["na_nonfacility"]
    if {"54", "55", "56"} & set(line.modifiers):  # a part of the surgical care, given where it is given
        return None
    return "POS002" if rare and not a_component_rule_speaks(row, line) else None


def expected(claims, made):
    return {
        (found, claim.claim_id, line.line_no)
        for claim, line in world.lines_of(claims)
        if (found := fault(made, claim, line)) is not None
    }


CODES = {"11111": "A", "22222": "ARTX"}


@settings(max_examples=100, deadline=None)
@given(
    claims=world.claims(CODES, ((), (), ("26",), ("TC",), ("55",)), places=("11", "21", "22", "24", "02", "35", "")),
    made=world.facts(CODES, "0012345"),
)
def test_pos_finds_what_the_list_and_the_na_marks_say(claims, made):
    found = world.found("POS001", claims, made) | world.found("POS002", claims, made)
    assert found == expected(claims, made)


# --- places against codes, without any table

INPATIENT = {"21": "hospital", "51": "psychiatric", "61": "rehabilitation"}
COMMUNITY = {"11", "12", "14", "15", "17", "20", "49", "50", "71", "72", "81"}
FIRST_DAYS = {
    "02": dt.date(2017, 1, 1),
    "10": dt.date(2022, 1, 1),
    "27": dt.date(2023, 10, 1),
    "58": dt.date(2020, 1, 1),
}


def visit_contradicts(code, pos):
    number = int(code) if code.isdigit() else 0
    if 99202 <= number <= 99215:
        return pos in INPATIENT
    if 99221 <= number <= 99239 or 99281 <= number <= 99285:
        return pos in COMMUNITY | {"13", "31", "32", "33"}
    if 99304 <= number <= 99316:
        return pos in COMMUNITY | {"23", "24"}
    if 99341 <= number <= 99350:
        return pos in (COMMUNITY - {"12", "14", "15"}) | {"19", "21", "22", "23", "24", "31", "32", "51", "61"}
    return False


def place_faults(code, pos, day):
    number = int(code) if code.isdigit() else 0
    if visit_contradicts(code, pos):
        yield "POS003"
    if pos in {"02", "10"} and (100 <= number <= 1999 or 10004 <= number <= 69990):
        yield "POS004"
    if pos in FIRST_DAYS and day is not None and day < FIRST_DAYS[pos]:
        yield "POS005"
    if pos == "":
        yield "POS007"
    if code[0] == "A" and 425 <= int(code[1:]) <= 436 and pos not in {"", "41", "42"}:
        yield "POS006"


EDGES = [99201, 99202, 99215, 99216, 99220, 99221, 99239, 99240, 99280, 99281, 99285, 99286, 99291, 99303, 99304, 99316]
EDGES += [99317, 99340, 99341, 99350, 99351, 99, 100, 1999, 2000, 10003, 10004, 69990, 69991]
CODES_OF_PLACES = [f"{number:05}" for number in EDGES] + ["A0424", "A0425", "A0436", "A0437", "0100T", "9922F"]
PLACES = sorted({*INPATIENT, *COMMUNITY, *FIRST_DAYS, "", "13", "19", "22", "23", "24", "31", "32", "33", "41", "42"})
DAYS = [None, dt.date(2026, 7, 15)] + [day - dt.timedelta(days=back) for day in FIRST_DAYS.values() for back in (0, 1)]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(CODES_OF_PLACES), st.sampled_from(PLACES), st.sampled_from(DAYS)),
        min_size=1,
        max_size=8,
    )
)
def test_visits_surgery_and_transport_are_held_to_their_places(billed):
    lines = [{"hcpcs": code, "pos": pos, "service_date": day} for code, pos, day in billed]
    rules = select_rules(["POS003", "POS004", "POS005", "POS006", "POS007"])
    found = check_claims([claim_from({"lines": lines})], book_from({}), rules=rules).findings
    wanted = {
        (rule, no) for no, (code, pos, day) in enumerate(billed, 1) if day for rule in place_faults(code, pos, day)
    }
    assert {(finding.rule, finding.line) for finding in found} == wanted

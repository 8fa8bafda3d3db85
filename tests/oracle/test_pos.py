"""POS held to a slow reading of the list of places and of the NA indicators of the fee schedule."""

from __future__ import annotations

import world_fee_schedule as world
from hypothesis import given, settings

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
    assert world.found("POS", claims, made) == expected(claims, made)

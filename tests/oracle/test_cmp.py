"""CMP held to a slow reading of PC/TC indicators 0 to 9 in the record layout, and of RULES on places."""

from __future__ import annotations

import world_fee_schedule as world
from hypothesis import given, settings

FACILITY_OWNS_THE_EQUIPMENT = set("19 21 22 23 24 26 31 34 51 52 56 61".split())
HOSPITAL = set("19 21 22 23".split())
INPATIENT = set("21 51 61".split())


def modifier_faults(made, claim, line):
    components = [modifier for modifier in line.modifiers if modifier in {"26", "TC"}]
    if len(components) == 2:
        yield "CMP002"
    rows = world.rows_of(made, line.hcpcs)
    if len(components) != 1 or not rows or world.is_measure(made, line) or components[0] in rows:
        return
    indicator = rows[""]["pc_tc_indicator"]
    if indicator in "0234578" or indicator == "6" or (indicator == "9" and world.may_be_medicare(claim)):
        yield "CMP001"


def place_faults(made, claim, line):
    row = world.row_of(made, line)
    if row is None:
        return
    indicator = row["pc_tc_indicator"]
    professional, technical = "26" in line.modifiers, "TC" in line.modifiers
    if line.pos in FACILITY_OWNS_THE_EQUIPMENT and "pos" in made:
        if indicator in "14" and not professional and not technical:
            yield "CMP003"
        if not professional and (indicator == "3" or (indicator == "1" and technical)):
            yield "CMP004"
    if not world.may_be_medicare(claim):
        return
    if indicator == "5" and line.pos in HOSPITAL:
        yield "CMP005"
    if indicator == "7" and line.pos in HOSPITAL and line.rendering_taxonomy == world.PHYSICAL_THERAPIST:
        yield "CMP006"
    if indicator == "8" and world.place_is_listed(made, line) and line.pos not in INPATIENT:
        yield "CMP007"


def beside_the_whole(claims, made, claim, line):
    row = world.row_of(made, line)
    if row is None or row["pc_tc_indicator"] != "1":
        return
    components = {"26", "TC"}
    others = world.same_day(claims, claim, line)
    if components & set(line.modifiers) and any(
        other.hcpcs == line.hcpcs
        and other.pos == line.pos
        and not components & set(other.modifiers)
        and set(other.modifiers) == set(line.modifiers) - components
        for other in others
    ):
        yield "CMP008"


def expected(claims, made):
    found = set()
    for claim, line in world.lines_of(claims):
        if world.is_practitioner(claim):
            faults = [
                *modifier_faults(made, claim, line),
                *place_faults(made, claim, line),
                *beside_the_whole(claims, made, claim, line),
            ]
            found |= {(fault, claim.claim_id, line.line_no) for fault in faults}
    return found


CODES = {"11111": "A", "22222": "AAM", "3044F": "I"}
MODIFIERS = ((), (), (), ("26",), ("26",), ("TC",), ("26", "TC"), ("76", "26"), ("76",))
PLACES = ("11", "21", "22", "22", "02", "35", "")


@settings(max_examples=200, deadline=None)
@given(
    claims=world.claims(CODES, MODIFIERS, places=PLACES),
    made=world.facts(CODES, "011123457789"),
)
def test_cmp_finds_what_the_layout_says_of_components(claims, made):
    assert world.found("CMP", claims, made) == expected(claims, made)

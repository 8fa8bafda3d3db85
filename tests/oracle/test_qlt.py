"""QLT held to a slow reading of RULES on Category II and MIPS codes."""

from __future__ import annotations

from decimal import Decimal

import world_fee_schedule as world
from hypothesis import given, settings

MEASURE_MODIFIERS = {"1P", "2P", "3P", "8P"}
CENT = Decimal("0.01")


def charge_fault(made, claim, line):
    if not world.is_practitioner(claim) or not world.is_measure(made, line) or line.charge is None:
        return None
    if line.charge <= CENT:
        return "QLT002"
    return "QLT001" if world.may_be_medicare(claim) else "QLT003"


def modifier_faults(line):
    own = {modifier for modifier in line.modifiers if modifier in MEASURE_MODIFIERS}
    if not line.hcpcs.endswith("F"):
        if own:
            yield "QLT005"
        return
    if own < set(line.modifiers):
        yield "QLT004"
    if len(own) > 1:
        yield "QLT006"


def expected(claims, made):
    found = set()
    for claim, line in world.lines_of(claims):
        faults = [charge_fault(made, claim, line), *modifier_faults(line)]
        found |= {(fault, claim.claim_id, line.line_no) for fault in faults if fault is not None}
    for claim in claims:
        alone = all(world.is_measure(made, line) for line in claim.lines)
        if alone and world.is_practitioner(claim) and world.may_be_medicare(claim):
            found.add(("QLT007", claim.claim_id, None))
    return found


CODES = {"11111": "AI", "3044F": "IM", "1036F": "M", "G1111": "AMM"}
MODIFIERS = ((), (), ("26",), ("8P",), ("1P", "8P"), ("8P", "8P"), ("8P", "59"))


@settings(max_examples=100, deadline=None)
@given(
    claims=world.claims(CODES, MODIFIERS, ("100.00", "0.02", "0.01", "0.00", None)),
    made=world.facts(CODES, "9"),
)
def test_qlt_finds_what_is_said_of_measure_codes(claims, made):
    assert world.found("QLT", claims, made) == expected(claims, made)

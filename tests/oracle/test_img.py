"""The IMG rules held to a plain reading of the NCCI manual, chapters I and IX."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from support.inline import book_from, claim_from

PAIR_RULES = select_rules(["IMG001", "IMG002", "IMG003", "IMG004", "IMG005"])
EDIT_RULES = select_rules(["PTP001", "PTP002", "PTP003", "PTP004"])
EXPLAINING = select_rules(["IMG001", "IMG002", "IMG003", "IMG004"])

PROCEDURES = ("43249", "20610", "62323", "36556")
STUDIES = ("76000", "77002", "76942", "74360")
STATES = ("included", "without", "separately_reportable", None)
STUDY_STATES = ("guidance", "supervision_and_interpretation", None)
# What sites do to an edit is the PTP family's matter, and held there.
MODIFIERS = ("26", "59", "XU", "XS", "22", "76", "58", "91", "25")
FITTING = {"58", "59", "XU", "XS"}  # of those above, on what is neither a visit nor a laboratory test

Edits = dict[tuple[str, str], int]
States = dict[str, str]


@st.composite
def books(draw: Any) -> tuple[Edits, States, list[tuple[str, str]]]:
    pairs = [pair for pair in permutations((*PROCEDURES, *STUDIES), 2) if pair[1] in STUDIES]
    edits = {pair: draw(st.sampled_from([0, 1, 1])) for pair in draw(st.lists(st.sampled_from(pairs), max_size=10))}
    states = {code: draw(st.sampled_from(STATES)) for code in PROCEDURES}
    states |= {code: draw(st.sampled_from(STUDY_STATES)) for code in STUDIES}
    add_ons = draw(st.lists(st.tuples(st.sampled_from(STUDIES), st.sampled_from(PROCEDURES)), max_size=8))
    return edits, {code: state for code, state in states.items() if state}, add_ons


def book_of(edits: Edits, states: States, add_ons: Iterable[tuple[str, str]] = ()) -> Any:
    return book_from(
        {
            "ptp": [
                {"column_one": one, "column_two": two, "modifier_indicator": indicator}
                for (one, two), indicator in edits.items()
            ],
            "imaging": [{"hcpcs": code, "state": state} for code, state in states.items()],
            "aoc": [{"add_on": add_on, "primary": primary} for add_on, primary in dict.fromkeys(add_ons)],
        }
    )


LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from((*PROCEDURES, *STUDIES)),
        "modifiers": st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True),
    }
)
CLAIMS = st.lists(LINES, min_size=2, max_size=5).map(lambda lines: claim_from({"lines": lines}))


def distinct(one: ClaimLine, two: ClaimLine) -> bool:
    """The modifiers say that the two services are distinct (manual I.E)."""
    return bool(FITTING & {*one.modifiers, *two.modifiers})


def expected(claim: Claim, edits: Edits, states: States, add_ons: list[tuple[str, str]]) -> set[tuple[str, int, int]]:
    """Rule, Column Two line, Column One line."""
    found = set()
    billed = {line.hcpcs for line in claim.lines}
    imaging = {"guidance", "supervision_and_interpretation"}
    for one, two in permutations(claim.lines, 2):
        indicator = edits.get((one.hcpcs, two.hcpcs))
        if indicator is None:
            continue
        state_one, state_two = states.get(one.hcpcs), states.get(two.hcpcs)
        place = (two.line_no, one.line_no)
        if indicator == 0 or not distinct(one, two):
            if state_one == "included" and state_two in imaging:
                found.add(("IMG001", *place))
            if state_one == "without" and state_two in imaging:
                found.add(("IMG002", *place))
            if state_one in imaging and state_two in imaging:
                found.add(("IMG003", *place))
            if one.hcpcs in PROCEDURES and two.hcpcs == "76000" and state_one not in {"included", "without"}:
                found.add(("IMG004", *place))
        elif state_one in {"included", "without"} and state_two in imaging:
            serves_another = any(add_on == two.hcpcs and primary in billed for add_on, primary in add_ons)
            if not serves_another:
                found.add(("IMG005", *place))
    return found


@settings(max_examples=300, deadline=None)
@given(CLAIMS, books())
def test_bundles_of_imaging_are_those_of_the_manual(claim, book):
    edits, states, add_ons = book
    report = check_claims([claim], book_of(edits, states, add_ons), rules=PAIR_RULES)
    found = {(finding.rule, finding.line, *finding.related_lines) for finding in report.findings}
    assert found == expected(claim, edits, states, add_ons)
    assert len(found) == len(report.findings)


@settings(max_examples=100, deadline=None)
@given(CLAIMS, books())
def test_an_explanation_never_adds_a_finding_to_an_edits_own(claim, book):
    edits, states, _ = book
    opened = book_of(edits, states)
    alone = check_claims([claim], opened, rules=EDIT_RULES).findings
    explained = check_claims([claim], opened, rules=(*EDIT_RULES, *EXPLAINING)).findings
    assert [(f.rule, f.line, f.related_lines, f.severity, f.adjustment) for f in explained] == [
        (f.rule, f.line, f.related_lines, f.severity, f.adjustment) for f in alone
    ]
    for before, after in zip(alone, explained, strict=True):
        assert after.message.startswith(before.message)


GUIDANCE_LINES = st.fixed_dictionaries(
    {
        "hcpcs": st.sampled_from(["76942", "77012", "77001", "43249"]),
        "units": st.integers(0, 2),
        "modifiers": st.lists(st.sampled_from(["59", "XE", "76", "LT"]), max_size=1),
        "rendering_npi": st.sampled_from(["1992999015", "1234567893"]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(GUIDANCE_LINES, min_size=1, max_size=4))
def test_needle_guidance_is_one_unit_for_each_encounter(lines):
    claim = claim_from({"lines": lines})
    expected_places = set()
    for code in ("76942", "77012"):  # IX.G.3
        for npi in ("1992999015", "1234567893"):
            own = [line for line in claim.lines if (line.hcpcs, line.rendering_npi) == (code, npi)]
            if sum(line.units or 0 for line in own) > 1 and not {"XE", "76", "77"} & set(own[-1].modifiers):
                expected_places.add(own[-1].line_no)
    report = check_claims([claim], book_from({}), rules=select_rules(["IMG006"]))
    assert {finding.line for finding in report.findings} == expected_places

"""The IMG rules held to a plain reading of the NCCI manual, chapters I and IX."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.book.tables import imaging_guidance
from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.engine.imaging import ANY_MODALITY
from cleanclaim.engine.imaging import MODALITIES as KNOWN_MODALITIES
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

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

WITH_IMAGING = ("11112", "11113")  # codes to report instead, with imaging
MODALITIES = {"ultrasound", "fluoroscopy", "CT", "MR"}

Edits = dict[tuple[str, str], int]
States = dict[str, str]
Modalities = dict[str, set[str]]


@st.composite
def books(draw: Any) -> tuple[Edits, States, list[tuple[str, str]], Modalities]:
    pairs = [pair for pair in permutations((*PROCEDURES, *STUDIES), 2) if pair[1] in STUDIES]
    edits = {pair: draw(st.sampled_from([0, 1, 1])) for pair in draw(st.lists(st.sampled_from(pairs), max_size=10))}
    states = {code: draw(st.sampled_from(STATES)) for code in PROCEDURES}
    states |= {code: draw(st.sampled_from(STUDY_STATES)) for code in STUDIES}
    add_ons = draw(st.lists(st.tuples(st.sampled_from(STUDIES), st.sampled_from(PROCEDURES)), max_size=8))
    modalities = {
        code: draw(st.sets(st.sampled_from(sorted(MODALITIES)), min_size=1)) for code in (*STUDIES, *WITH_IMAGING)
    }
    return edits, {code: state for code, state in states.items() if state}, add_ons, modalities


def printed(modalities: set[str]) -> str:
    """As the policy file writes them: a list with commas and a last "or", or that any imaging will do."""
    *most, last = sorted(modalities)
    if modalities == MODALITIES:
        return "any imaging"
    return f"{', '.join(most)} or {last}" if most else last


def book_of(edits: Edits, states: States, modalities: Modalities, add_ons: Iterable[tuple[str, str]] = ()) -> Any:
    imaging = [
        {"hcpcs": code, "state": state, "modality": printed(modalities.get(code, MODALITIES))}
        | ({"partner": " or ".join(WITH_IMAGING)} if state == "without" else {})
        for code, state in states.items()
    ]
    imaging += [{"hcpcs": code, "state": "included", "modality": printed(modalities[code])} for code in WITH_IMAGING]
    return book_from(
        {
            "ptp": [
                {"column_one": one, "column_two": two, "modifier_indicator": indicator}
                for (one, two), indicator in edits.items()
            ],
            "imaging": imaging,
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


def expected(
    claim: Claim, edits: Edits, states: States, add_ons: list[tuple[str, str]], modalities: Modalities
) -> set[tuple[str, int, int]]:
    """Rule, Column Two line, Column One line."""
    with_imaging = modalities[WITH_IMAGING[0]] | modalities[WITH_IMAGING[1]]
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
            other_code = state_one == "without" and state_two in imaging and with_imaging & modalities[two.hcpcs]
            if other_code:
                found.add(("IMG002", *place))
            if state_one in imaging and state_two in imaging:
                found.add(("IMG003", *place))
            if one.hcpcs in PROCEDURES and two.hcpcs == "76000" and state_one != "included" and not other_code:
                found.add(("IMG004", *place))
        elif state_one in {"included", "without"} and state_two in imaging:
            serves_another = any(add_on == two.hcpcs and primary in billed for add_on, primary in add_ons)
            if not serves_another:
                found.add(("IMG005", *place))
    return found


@settings(max_examples=300, deadline=None)
@given(CLAIMS, books())
def test_bundles_of_imaging_are_those_of_the_manual(claim, book):
    edits, states, add_ons, modalities = book
    report = check_claims([claim], book_of(edits, states, modalities, add_ons), rules=PAIR_RULES)
    found = {(finding.rule, finding.line, *finding.related_lines) for finding in report.findings}
    assert found == expected(claim, edits, states, add_ons, modalities)
    assert len(found) == len(report.findings)


@settings(max_examples=100, deadline=None)
@given(CLAIMS, books())
def test_an_explanation_never_adds_a_finding_to_an_edits_own(claim, book):
    edits, states, _, modalities = book
    opened = book_of(edits, states, modalities)
    alone = check_claims([claim], opened, rules=EDIT_RULES).findings
    explained = check_claims([claim], opened, rules=(*EDIT_RULES, *EXPLAINING)).findings
    assert [(f.rule, f.line, f.related_lines, f.severity, f.adjustment) for f in explained] == [
        (f.rule, f.line, f.related_lines, f.severity, f.adjustment) for f in alone
    ]
    for before, after in zip(alone, explained, strict=True):
        assert after.message.startswith(before.message)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(STUDIES), books())
def test_the_code_advised_has_the_modality_of_the_imaging_billed(study, book):
    _, _, _, modalities = book
    fitting = [code for code in WITH_IMAGING if modalities[code] & modalities[study]]
    opened = book_of({("20610", study): 1}, {"20610": "without", study: "guidance"}, modalities)
    claim = claim_from({"lines": [{"hcpcs": "20610"}, {"hcpcs": study}]})
    found = check_claims([claim], opened, rules=select_rules(["IMG002"])).findings
    told = " or ".join(fitting)
    advice = (
        f"If the record shows that imaging guided the procedure, replace 20610 by {told} and remove {study}. "
        f"If not, remove {study}."
    )
    assert [finding.fix.text for finding in found] == ([advice] if fitting else [])


PACKAGED = {row["hcpcs"]: row for row in imaging_guidance.from_package().table.to_pylist()}


@pytest.mark.parametrize(
    ("procedure", "study", "advised"),
    [
        ("20610", "76942", "20611"),
        ("20610", "76000", None),
        ("20600", "77001", None),
        ("62322", "76000", "62323"),
        ("62322", "77012", "62323"),
        ("62322", "76942", None),
        ("62270", "76998", None),
        ("62272", "77003", "62329"),
        ("10021", "76942", "10005"),
        ("10004", "77012", "10010"),
        ("10004", "77021", "10012"),
        ("32554", "76942", "32555"),
        ("36569", "77001", "36573"),
    ],
)
def test_the_packaged_policy_advises_the_code_of_the_modality(procedure, study, advised):
    columns = ("hcpcs", "state", "modality", "partner", "authority")
    rows = [{column: row[column] for column in columns} for row in PACKAGED.values()]
    book = book_from(
        {"ptp": [{"column_one": procedure, "column_two": study, "modifier_indicator": 1}], "imaging": rows}
    )
    claim = claim_from({"lines": [{"hcpcs": procedure}, {"hcpcs": study}]})
    messages = [finding.message for finding in check_claims([claim], book, rules=select_rules(["IMG002"])).findings]
    said = (
        f"{procedure} is the code for the procedure without imaging. With imaging as by {study} the code is "
        f"{advised}, which includes the guidance."
    )
    assert messages == ([said] if advised else [])


def test_every_modality_that_the_packaged_policy_names_is_one_known():
    for code, row in PACKAGED.items():
        named = re.split(", | or ", re.sub(r" \([^)]*\)", "", row["modality"]))
        assert set(named) <= {*KNOWN_MODALITIES, ANY_MODALITY}, code


def test_every_code_without_imaging_has_a_partner_that_includes_its_own():
    for code, row in PACKAGED.items():
        if row["state"] == "without":
            partners = re.findall("[0-9]{5}", row["partner"])
            assert partners, code
            assert {PACKAGED[partner]["state"] for partner in partners} == {"included"}, code


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

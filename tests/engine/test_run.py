"""A check as a whole: findings in one order, dollars counted once, the same twice and whatever the order of claims."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import DAY, never, released, rule

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.engine.gather import gather
from cleanclaim.engine.run import check_claims
from cleanclaim.render import json_report, text_report
from cleanclaim.rules.model import Related, Scope
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import NPI, book_from, claim_from
from cleanclaim.types import BookEntry, FileCount, Finding, Reject, Report, Severity, Verdict

FACTS: dict[str, list[dict[str, Any]]] = {
    "ptp": [
        {"column_one": "11111", "column_two": "22222", "modifier_indicator": 0},
        {"column_one": "11111", "column_two": "33333", "modifier_indicator": 1},
        {"column_one": "33333", "column_two": "22222", "modifier_indicator": 1},
    ],
    "mue": [
        {"hcpcs": "11111", "mue_value": 1, "mai": 2},
        {"hcpcs": "22222", "mue_value": 2, "mai": 1},
        {"hcpcs": "33333", "mue_value": 3, "mai": 3},
    ],
    "aoc": [{"add_on": "33333", "primary": "11111"}],
    "mpfs": [{"hcpcs": code} for code in ("11111", "22222", "33333")],
    "icd10cm": [{"icd10cm": "E119"}, {"icd10cm": "E11", "billable": False}],
    "pos": [{"pos": "11"}, {"pos": "22", "facility": True}],
}
BOOK = book_from(FACTS)


def check(*claims: dict[str, Any], rules: Sequence[Any] | None = None) -> Report:
    made = [claim_from(values, claim_id=f"C{number}") for number, values in enumerate(claims, start=1)]
    return check_claims(made, BOOK, rules=rules)


def two_lines(one: str = "11111", two: str = "22222", **claim: Any) -> dict[str, Any]:
    return {"lines": [{"hcpcs": one, "charge": "100.00"}, {"hcpcs": two, "charge": "40.00"}], **claim}


# --- findings


def test_a_pair_stands_on_the_line_that_is_denied_and_names_the_other():
    (finding,) = check(two_lines(), rules=select_rules(["PTP"])).findings
    assert (finding.rule, finding.severity, finding.claim, finding.line) == ("PTP001", Severity.DENY, "C1", 2)
    assert (finding.related_lines, finding.related_claims) == ((1,), ())
    assert finding.codes == ("22222", "11111")
    assert finding.amount_at_risk == Decimal("40.00")
    assert (finding.at.file, finding.at.byte, finding.at.segment) == ("case.837", 200, "SV1")


def test_a_finding_across_claims_sits_on_the_claim_whose_line_would_be_denied():
    alone = [{"lines": [{"hcpcs": code, "charge": "40.00"}]} for code in ("22222", "11111")]
    report = check(*alone, rules=select_rules(["PTP"]))
    (finding,) = report.findings
    assert (finding.claim, finding.line, finding.related_lines) == ("C1", 1, ())
    assert finding.related_claims == ("C2",)
    assert [result.verdict for result in report.claims] == [Verdict.DENIED, Verdict.CLEAN]
    assert [result.amount_at_risk for result in report.claims] == [Decimal("40.00"), Decimal(0)]


def test_claims_without_a_patient_are_never_compared():
    alone = [{"patient_key": "", "lines": [{"hcpcs": code}]} for code in ("22222", "11111")]
    assert check(*alone, rules=select_rules(["PTP", "MUE", "DUP"])).findings == ()


def test_the_row_that_made_a_pair_fire_is_cited_first():
    (finding,) = check(two_lines(), rules=select_rules(["PTP"])).findings
    cited = finding.citations[0]
    assert (cited.source, cited.release, cited.locator) == ("ncci-ptp-practitioner", "2026Q3", "11111/22222")
    assert "row 2" in cited.text


def test_findings_are_ordered_by_claim_then_severity_then_line():
    rules = [
        rule(Severity.INFORM, code="AAA001"),
        rule(Severity.DENY, code="BBB001"),
        rule(Severity.REVIEW, code="CCC001"),
        rule(Severity.DENY, code="DDD001", scope=Scope.CLAIM),
    ]
    found = check(two_lines(), two_lines(patient_key="other"), rules=rules).findings
    order = [(finding.claim, finding.severity.rank, finding.line or 0, finding.rule) for finding in found]
    assert order == sorted(order)
    assert len(found) == 14


def test_a_finding_of_a_rule_is_said_in_the_lines_own_words():
    said = rule(Severity.DENY, message="{hcpcs} on line {line_no} of {service_date}: {modifiers}, {units}, {charge}.")
    line = {"hcpcs": "11111", "modifiers": ["59", "LT"], "units": "2.5", "charge": "1234.5"}
    (finding,) = check({"lines": [line]}, rules=[said]).findings
    assert finding.message == "11111 on line 1 of 2026-07-15: 59, LT, 2.5, $1,234.50."


def test_what_is_not_known_is_said_in_words():
    said = rule(Severity.DENY, message="{service_date}, {units}, {charge}, {modifiers}.")
    line = {"hcpcs": "11111", "units": None, "charge": None, "service_date": None}
    (finding,) = check({"lines": [line]}, rules=[said]).findings
    assert finding.message == "an unknown date, no, an unknown amount, no modifier."


def test_a_rule_binds_only_the_kinds_of_claim_it_names():
    inpatient = two_lines(claim_type="institutional", bill_type="11")
    assert check(inpatient, rules=[rule(Severity.DENY)]).findings == ()


def test_rejects_files_and_lines_are_carried_into_the_report():
    rejects, files = (Reject("a", 0, "ISA", "why"),), (FileCount("a", 2, 1, 1),)
    claims = [claim_from(two_lines())]
    report = check_claims(claims, BOOK, rejects=rejects, files=files)
    assert (report.rejects, report.files, report.lines) == (rejects, files, 2)


def test_the_report_lists_the_releases_that_could_answer_and_none_that_was_not_yet_known():
    rows = [
        {"hcpcs": "11111", "mue_value": 1, "release": released("2026Q2", published=dt.date(2026, 3, 1))},
        {"hcpcs": "11111", "mue_value": 1, "release": released("2026Q3", published=dt.date(2026, 6, 1))},
    ]
    book = book_from({"mue": rows})
    both = (BookEntry("ncci-mue-practitioner", "2026Q2", False), BookEntry("ncci-mue-practitioner", "2026Q3", False))
    assert check_claims([], book).book == both
    assert check_claims([], book, known_on=dt.date(2026, 5, 1)).book == both[:1]


def test_a_check_of_the_past_uses_only_what_was_known_then():
    rows = [
        {"hcpcs": "11111", "mue_value": 9, "release": released("2026Q2", published=dt.date(2026, 3, 1))},
        {"hcpcs": "11111", "mue_value": 1, "release": released("2026Q3", published=dt.date(2026, 6, 1))},
    ]
    claims = [claim_from({"lines": [{"hcpcs": "11111", "units": 5}]})]
    book, mue = book_from({"mue": rows}), select_rules(["MUE"])
    assert check_claims(claims, book, rules=mue).claims[0].verdict is Verdict.DENIED
    assert check_claims(claims, book, rules=mue, known_on=dt.date(2026, 5, 1)).claims[0].verdict is Verdict.STALE


# --- dollars


def at_risk(*rules: Any, claim: dict[str, Any] | None = None) -> Decimal:
    report = check(claim or two_lines(), rules=rules)
    assert report.amount_at_risk == sum((result.amount_at_risk for result in report.claims), Decimal(0))
    return report.amount_at_risk


def on_line(number: int) -> Any:
    return lambda line: line.line_no == number


def test_a_line_denied_by_several_rules_is_at_risk_once():
    rules = [rule(Severity.DENY, code=code, check=on_line(2)) for code in ("AAA001", "BBB001")]
    assert at_risk(*rules) == Decimal("40.00")


def test_review_and_inform_put_no_dollar_at_risk():
    assert at_risk(rule(Severity.REVIEW), rule(Severity.INFORM, code="AAA001")) == 0


def test_a_denied_claim_puts_its_total_at_risk_and_not_its_lines_besides():
    whole = rule(Severity.DENY, code="AAA001", scope=Scope.CLAIM)
    assert at_risk(whole) == Decimal("140.00")
    assert at_risk(whole, rule(Severity.DENY)) == Decimal("140.00")
    assert at_risk(whole, claim=two_lines(total_charge=None)) == 0
    assert at_risk(whole, rule(Severity.DENY), claim=two_lines(total_charge=None)) == Decimal("140.00")


def test_a_day_that_is_denied_as_a_whole_counts_each_of_its_lines_once():
    claim = {"lines": [{"hcpcs": "11111", "charge": charge} for charge in ("10.00", "20.00", "30.00")]}
    day = rule(Severity.DENY, related=Related.CODE_AND_DAY, check=on_line(3))
    assert at_risk(day, claim=claim) == Decimal("60.00")
    assert at_risk(day, rule(Severity.DENY, code="AAA001", check=on_line(1)), claim=claim) == Decimal("60.00")


def test_a_diagnosis_that_denies_puts_each_line_that_points_to_it_at_risk_once():
    claim = {
        "diagnoses": ["E11"],
        "lines": [
            {"hcpcs": "11111", "charge": "10.00", "diagnosis_pointers": [1]},
            {"hcpcs": "22222", "charge": "20.00", "diagnosis_pointers": [1]},
            {"hcpcs": "33333", "charge": "40.00"},
        ],
    }
    diagnosis = rule(Severity.DENY, scope=Scope.DIAGNOSIS)
    assert at_risk(diagnosis, claim=claim) == Decimal("30.00")
    assert at_risk(diagnosis, rule(Severity.DENY, code="AAA001", check=on_line(2)), claim=claim) == Decimal("30.00")


def test_a_diagnosis_no_line_points_to_puts_the_whole_claim_at_risk():
    assert at_risk(rule(Severity.DENY, scope=Scope.DIAGNOSIS), claim=two_lines(diagnoses=["E11"])) == Decimal("140.00")


def test_what_is_at_risk_is_never_more_than_what_was_billed():
    claims = [two_lines(total_charge="141.00"), two_lines(total_charge="141.00"), two_lines(frequency="7")]
    report = check(*claims)
    assert report.count(Verdict.DENIED) == 3
    assert all(result.amount_at_risk <= Decimal("141.00") for result in report.claims)


# --- the same, always


codes = st.sampled_from(["11111", "22222", "33333", "99999"])
lines = st.fixed_dictionaries(
    {
        "hcpcs": codes,
        "units": st.integers(0, 4),
        "modifiers": st.lists(st.sampled_from(["59", "LT", "RT", "25", "26"]), max_size=2, unique=True),
        "service_date": st.sampled_from([DAY, DAY + dt.timedelta(days=1)]),
        "charge": st.integers(1, 10**6).map(lambda cents: f"{cents / 100:.2f}"),
        "pos": st.sampled_from(["11", "22"]),
    }
)
claim_sets = st.lists(
    st.fixed_dictionaries(
        {
            "patient_key": st.sampled_from(["", "p", "q"]),
            "rendering_npi": st.sampled_from([NPI, "1992999023"]),
            "diagnoses": st.just(["E119"]),
            "lines": st.lists(lines, min_size=1, max_size=4),
        }
    ),
    min_size=1,
    max_size=5,
)


def made(values: Sequence[dict[str, Any]]) -> list[Claim]:
    return [claim_from(claim, claim_id=f"C{number}") for number, claim in enumerate(values, start=1)]


def told(finding: Finding) -> tuple[Any, ...]:
    return finding.rule, finding.claim, finding.line, finding.message, finding.related_lines, finding.related_claims


@settings(max_examples=60, deadline=None)
@given(claim_sets, st.randoms())
def test_shuffled_claims_give_the_same_findings_and_verdicts(values, shuffler: random.Random):
    claims = made(values)
    # Which of two claims or lines alike is the repeat is told by which comes first.
    assume(all(work.duplicate_of is None for work in gather(claims, BOOK).claims))
    rules = select_rules([], ["DUP"])
    shuffled = list(claims)
    shuffler.shuffle(shuffled)
    before, after = (check_claims(order, BOOK, rules=rules) for order in (claims, shuffled))
    single = [{finding for finding in map(told, report.findings) if len(finding[-1]) < 2} for report in (before, after)]
    assert single[0] == single[1]
    assert len(before.findings) == len(after.findings)
    assert {(result.claim, result.verdict) for result in before.claims} == {
        (result.claim, result.verdict) for result in after.claims
    }
    assert before.amount_at_risk == after.amount_at_risk


@settings(max_examples=40, deadline=None)
@given(claim_sets)
def test_the_same_claims_twice_give_byte_for_byte_the_same_report(values):
    first = json_report.render(check_claims(made(values), book_from(FACTS)))
    assert json_report.render(check_claims(made(values), book_from(FACTS))) == first


@settings(max_examples=40, deadline=None)
@given(claim_sets)
def test_each_patient_checked_apart_gives_what_all_together_give(values):
    """What lets a file be cut: claims of different patients never touch."""
    claims = made(values)
    together = check_claims(claims, BOOK)
    apart: list[Finding] = []
    for patient in sorted({claim.patient_key for claim in claims}):
        apart += check_claims([claim for claim in claims if claim.patient_key == patient], BOOK).findings
    assert sorted(map(repr, together.findings)) == sorted(map(repr, apart))


@settings(max_examples=40, deadline=None)
@given(claim_sets)
def test_claims_in_are_claims_out_in_the_order_given(values):
    report = check_claims(made(values), BOOK)
    assert [result.claim for result in report.claims] == [f"C{number}" for number in range(1, len(values) + 1)]
    assert report.lines == sum(len(claim["lines"]) for claim in values)
    assert {finding.claim for finding in report.findings if finding.severity is Severity.DENY} == {
        result.claim for result in report.claims if result.verdict is Verdict.DENIED
    }


def test_no_rules_means_nothing_found():
    report = check_claims([claim_from(two_lines())], BOOK, rules=[])
    assert report.findings == ()


def test_a_rule_that_never_fires_leaves_no_trace():
    assert check(two_lines(), rules=[rule(Severity.DENY, check=never)]).findings == ()


@pytest.mark.published
def test_a_published_row_is_cited_with_its_file_and_line(published_book):
    claim = claim_from(
        {"lines": [{"hcpcs": code, "service_date": dt.date(2024, 7, 15)} for code in ("43214", "74360")]}
    )
    (finding,) = check_claims([claim], published_book, rules=select_rules(["PTP"])).findings
    cited = finding.citations[0]
    assert cited.release == "2024Q3"
    assert cited.text.startswith("ptp_practitioner_2024Q3.csv, row ")


# --- whatever a claim holds


odd_text = st.sampled_from(
    ["", " ", "11111", "22222", "J1100", "0042T", "4324F", "GXXX1", "ABCDEFGHIJ", "1", "é", "\udcff", "\uff11\uff11"]
)
odd_date = st.none() | st.sampled_from([dt.date.min, dt.date(1900, 1, 1), DAY, dt.date(2027, 1, 1), dt.date.max])
odd_number = st.none() | st.sampled_from([Decimal(text) for text in ("0", "-1", "0.001", "1E+14", "999999999.99")])
odd_lines = st.lists(
    st.builds(
        ClaimLine,
        line_no=st.integers(1, 9),
        hcpcs=odd_text,
        modifiers=st.lists(odd_text, max_size=3).map(tuple),
        units=odd_number,
        unit_basis=st.sampled_from(["UN", "MJ", "DA", ""]),
        charge=odd_number,
        service_from=odd_date,
        service_to=odd_date,
        pos=odd_text,
        revenue_code=odd_text | st.just("0001"),
        diagnosis_pointers=st.lists(st.integers(-1, 13), max_size=3).map(tuple),
        rendering_npi=odd_text | st.just(NPI),
        code_system=st.sampled_from(["HC", "ER", ""]),
        ndc=odd_text,
        note=odd_text,
    ),
    max_size=4,
)
odd_claims = st.lists(
    st.builds(
        Claim,
        claim_id=odd_text,
        claim_type=st.sampled_from(ClaimType),
        lines=odd_lines.map(tuple),
        diagnoses=st.lists(
            st.builds(Diagnosis, code=odd_text, system=st.sampled_from(["icd10cm", "icd9cm", ""]), role=odd_text),
            max_size=3,
        ).map(tuple),
        patient_key=odd_text,
        patient_birth_date=odd_date,
        billing_npi=odd_text,
        billing_taxonomy=odd_text,
        payer_id=odd_text,
        filing_indicator=odd_text,
        total_charge=odd_number,
        bill_type=st.sampled_from(["", "13", "11", "85", "xx"]),
        frequency=odd_text | st.sampled_from(["1", "7", "8"]),
        statement_from=odd_date,
        statement_to=odd_date,
        submitted_on=odd_date,
    ),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(odd_claims)
def test_whatever_a_claim_holds_it_is_reported_with_a_verdict(claims):
    report = check_claims(claims, BOOK)
    assert len(report.claims) == len(claims)
    for render in (json_report.render, text_report.render):
        assert render(report)

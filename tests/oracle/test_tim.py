"""The TIM rules held to the calendar."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

RULES = select_rules(["TIM001", "TIM002"])
BOOK = book_from({})
START = dt.date(2026, 7, 1)
DAYS = st.one_of(st.none(), st.integers(0, 4).map(lambda days: START + dt.timedelta(days=days)))


@settings(max_examples=150, deadline=None)
@given(DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=4))
def test_no_service_before_birth_or_after_the_claim_was_made(birth, submitted, days):
    lines = [{"hcpcs": "11111", "service_date": first, "service_to": last} for first, last in days]
    claim = claim_from({"patient_birth_date": birth, "submitted_on": submitted, "lines": lines})
    expected = set()
    for number, (first, _) in enumerate(days, start=1):
        if birth is not None and first is not None and first < birth:
            expected.add(("TIM001", number))
        if submitted is not None and first is not None and first > submitted:
            expected.add(("TIM002", number))
    report = check_claims([claim], BOOK, rules=RULES)
    assert {(finding.rule, finding.line) for finding in report.findings} == expected


def test_no_birth_date_is_ever_printed():
    """A date of birth is patient data: no message, fix or citation may hold it."""
    birth = dt.date(2026, 7, 3)
    claim = claim_from({"patient_birth_date": birth, "lines": [{"hcpcs": "11111", "service_date": START}]})
    (finding,) = check_claims([claim], BOOK, rules=RULES).findings
    assert str(birth) not in repr(finding)
    assert f"{birth:%Y%m%d}" not in repr(finding)


# --- the dates of a claim against each other

LATE = [dt.date(2026, 12, 29) + dt.timedelta(days=days) for days in range(6)]
SOME_DAY = st.sampled_from([None, *LATE])
DAILY = {"99202", "99232", "99239", "99281", "99285", "99304", "99316", "99341", "99350"}
CODES = st.sampled_from([*sorted(DAILY), "97110", "99490", "99240", "99286", "9923F"])


def dated_faults(professional, claim_days, line):
    _, begins, ends = claim_days
    first, last = line["service_from"], line["service_to"]
    if (
        not professional
        and None not in (begins, ends, first)
        and begins <= ends
        and (first < begins or (last or first) > ends)
    ):
        yield "TIM006"
    if professional and first and last and first <= last:
        days = len([day for day in LATE if first <= day <= last])
        if days > 1 and line["hcpcs"] in DAILY and line["units"] not in {None, str(days)}:
            yield "TIM007"
        if first.year != last.year:
            yield "TIM009"


@settings(max_examples=150, deadline=None)
@given(
    st.booleans(),
    st.tuples(SOME_DAY, SOME_DAY, SOME_DAY),
    st.lists(st.tuples(CODES, SOME_DAY, SOME_DAY, st.sampled_from([None, "1", "2", "3"])), min_size=1, max_size=3),
)
def test_the_dates_of_a_claim_agree(professional, claim_days, billed):
    admitted, begins, ends = claim_days
    lines = [
        {"hcpcs": code, "service_from": first, "service_to": last, "units": units, "segment": "row 2"}
        for code, first, last, units in billed
    ]
    kind = {} if professional else {"claim_type": "institutional", "bill_type": "13"}
    values = {"admission_date": admitted, "statement_from": begins, "statement_to": ends, "lines": lines}
    wanted = {(rule, no) for no, line in enumerate(lines, 1) for rule in dated_faults(professional, claim_days, line)}
    last_days = [line["service_to"] or line["service_from"] for line in lines if line["service_from"]]
    end = max(last_days, default=None) if professional else ends
    if admitted and end and admitted > end:
        wanted.add(("TIM005", None))
    rules = select_rules(["TIM005", "TIM006", "TIM007", "TIM009"])
    report = check_claims([claim_from(values | kind)], BOOK, rules=rules)
    assert {(finding.rule, finding.line) for finding in report.findings} == wanted


@settings(max_examples=60, deadline=None)
@given(st.integers(100, 150))
def test_nobody_is_older_than_124(years):
    birth = dt.date(START.year - years, START.month, START.day)
    claim = claim_from({"patient_birth_date": birth, "lines": [{"hcpcs": "11111", "service_date": START}]})
    found = check_claims([claim], BOOK, rules=select_rules(["TIM008"])).findings
    assert bool(found) == (years > 124)

"""The TIM rules held to the calendar."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from support.inline import book_from, claim_from

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

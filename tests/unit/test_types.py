"""The types every layer shares: money, dates, severities, and a report's totals."""

from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim import errors
from cleanclaim.types import (
    Citation,
    ClaimResult,
    DateInterval,
    Report,
    Severity,
    Verdict,
    format_money,
    parse_money,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("128.4", "128.40"), ("0", "0.00"), ("-5.00", "-5.00"), (" 12 ", "12.00"), (".5", "0.50"), ("1e2", "100.00")],
)
def test_an_amount_is_read_as_published_and_printed_with_two_decimals(text, value):
    amount = parse_money(text)
    assert amount is not None
    assert format_money(amount) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "$5",
        "1,000.00",
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1_000",
        "\uff11\uff12",
        "12..",
        "--1",
        "9" * 16,
        "1e999",
    ],
)
def test_what_is_no_amount_is_none(text):
    assert parse_money(text) is None


@given(st.decimals(-(10**12), 10**12, places=2))
def test_every_amount_of_cents_survives_printing_and_reading(amount):
    assert parse_money(format_money(amount)) == amount


def test_nothing_is_printed_without_a_minus_sign():
    assert format_money(Decimal("-0.00")) == "0.00"
    assert format_money(Decimal("-0.001")) == "0.00"


def test_half_a_cent_is_rounded_up():
    assert format_money(Decimal("1.005")) == "1.01"
    assert format_money(Decimal("1.0049")) == "1.00"


days = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 10))


@given(st.none() | days, st.none() | days, days)
def test_an_interval_contains_the_days_that_no_known_bound_excludes(first, last, day):
    inside = not (first is not None and day < first) and not (last is not None and day > last)
    assert DateInterval(first, last).contains(day) is inside


def test_severities_are_ranked_from_deny_to_inform():
    assert sorted(Severity, key=lambda severity: severity.rank) == [Severity.DENY, Severity.REVIEW, Severity.INFORM]
    assert [severity.rank for severity in Severity] == [0, 1, 2]


def test_verdicts_are_declared_from_worst_to_best():
    assert list(Verdict) == ["denied", "review", "not_checked", "stale", "clean"]


def test_records_cannot_be_changed():
    citation = Citation("s", "r", "l")
    with pytest.raises(FrozenInstanceError):
        citation.source = "other"  # type: ignore[misc]


def test_a_report_counts_verdicts_and_sums_what_is_at_risk():
    claims = (
        ClaimResult("A", "f", Verdict.DENIED, amount_at_risk=Decimal("10.10")),
        ClaimResult("B", "f", Verdict.DENIED, amount_at_risk=Decimal("0.05")),
        ClaimResult("C", "f", Verdict.CLEAN),
    )
    report = Report((), claims, (), (), 3)
    assert [report.count(verdict) for verdict in Verdict] == [2, 0, 0, 0, 1]
    assert report.amount_at_risk == Decimal("10.15")
    assert Report((), (), (), (), 0).amount_at_risk == 0


def test_every_error_is_one_of_ours_and_input_errors_can_be_told():
    tree = {
        errors.InputError: errors.CleanclaimError,
        errors.UnreadableFile: errors.InputError,
        errors.LayoutError: errors.InputError,
        errors.UnknownName: errors.InputError,
        errors.BookError: errors.CleanclaimError,
        errors.FetchError: errors.CleanclaimError,
        errors.InternalError: errors.CleanclaimError,
    }
    for error, parent in tree.items():
        assert issubclass(error, parent)


def test_a_layout_error_says_file_line_expected_found_and_the_next_step():
    error = errors.LayoutError("a.csv", 3, "x, y", "x, z")
    assert str(error).startswith("a.csv, line 3: expected x, y, found x, z. Nothing of this file was loaded.")
    assert (error.file, error.line) == ("a.csv", 3)

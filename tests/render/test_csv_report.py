"""Rows for spreadsheets and warehouses: every row in its columns, typed in Parquet, and no formula in a cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from forms import made
from hypothesis import given
from hypothesis import strategies as st
from plain_rows import rows_after_results
from reports import EMPTY, FORMULAS, FULL, HOSTILE, hostile

from cleanclaim.render.rows import COLUMNS, KINDS, change_text, rows_of_result
from cleanclaim.types import Change, Report

NAMES = [column.name for column in COLUMNS]
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "report-formats.md"


def records(report: Report) -> list[dict[str, str]]:
    text = made(report, "csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def parquet(report: Report) -> pa.Table:
    return pq.read_table(io.BytesIO(made(report, "parquet")))


def test_every_record_of_the_report_has_its_row():
    assert Counter(row["kind"] for row in records(FULL)) == {
        "claim": 5,
        "not_checked": 3,
        "stale": 3,
        "finding": 3,
        "set_aside": 2,
        "reject": 2,
        "book": 2,
        "note": 1,
    }


def test_the_dollars_of_the_claim_rows_add_up_to_those_of_the_report():
    for report in (FULL, EMPTY):
        dollars = [Decimal(row["amount_at_risk"]) for row in records(report) if row["kind"] == "claim"]
        assert sum(dollars, Decimal(0)) == report.amount_at_risk


def test_a_finding_fills_its_columns():
    [row] = [row for row in records(FULL) if row["kind"] == "finding" and row["rule"] == "PTP001"]
    told = {name: row[name] for name in ("claim", "line", "codes", "group", "carc", "rarc", "appealable", "appeal")}
    assert told == {
        "claim": "26463774",
        "line": "2",
        "codes": "74360; 43214",
        "group": "CO",
        "carc": "236",
        "rarc": "M80; N20",
        "appealable": "true",
        "appeal": "rarely",
    }
    assert (row["payer"], row["amount_at_risk"], row["byte"]) == ("00123", "1029.06", "1042")


def test_an_empty_report_is_its_header():
    assert made(EMPTY, "csv") == (",".join(NAMES) + "\r\n").encode()


def test_lines_end_and_quotes_are_doubled_as_rfc_4180_says():
    text = made(hostile('a"b\nc,d'), "csv").decode()
    assert '"a""b\nc,d"' in text
    assert text.endswith("\r\n")


@pytest.mark.parametrize("formula", [*FORMULAS, HOSTILE[HOSTILE.index("=") :]])
def test_no_cell_is_a_formula(formula):
    for row in records(hostile(formula)):
        assert [cell for cell in row.values() if cell.strip().startswith(tuple("=+-@＝＋－＠"))] == []  # noqa: RUF001 - full-width forms


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_reading_the_csv_again_gives_every_cell_back(text):
    rows_read = records(hostile(text))
    assert {len(row) for row in rows_read} == {len(COLUMNS)}
    assert None not in rows_read[0]
    claim = rows_read[0]["claim"]
    assert claim.removeprefix("'").replace("\ufffd", "") in {"", *_without_unfit(text)}


def _without_unfit(text: str) -> set[str]:
    """The text as whole_text leaves it, with and without an apostrophe of its own."""
    from cleanclaim.render.whole_text import whole_text

    fit = whole_text(text).replace("\ufffd", "")
    return {fit, fit.removeprefix("'")}


def test_parquet_is_typed():
    table = parquet(FULL)
    types = {name: table.schema.field(name).type for name in ("amount_at_risk", "set_aside_expires", "codes", "line")}
    assert types == {
        "amount_at_risk": pa.decimal128(38, 2),
        "set_aside_expires": pa.date32(),
        "codes": pa.list_(pa.string()),
        "line": pa.int64(),
    }
    [row] = [row for row in table.to_pylist() if row["kind"] == "set_aside" and row["rule"] == "PTP002"]
    assert (row["amount_at_risk"], row["set_aside_expires"]) == (Decimal("99.90"), dt.date(2027, 1, 31))
    assert row["changes"] == ["line 1 modifiers: nothing -> XS"]


def test_csv_and_parquet_hold_the_same_rows():
    for told, typed in zip(records(FULL), parquet(FULL).to_pylist(), strict=True):
        assert list(told) == list(typed) == NAMES
        for name, value in typed.items():
            if value is None or isinstance(value, bool):
                assert told[name] == ("" if value is None else str(value).lower())
            else:
                assert told[name] == ("; ".join(map(str, value)) if isinstance(value, list) else str(value))


def test_an_empty_report_is_a_table_without_rows():
    table = parquet(EMPTY)
    assert (table.num_rows, table.column_names) == (0, NAMES)


def test_no_row_names_a_column_that_is_not_there():
    rows = [*(row for result in FULL.claims for row in rows_of_result(result)), *rows_after_results(FULL)]
    assert {name for row in rows for name in row} <= set(NAMES)
    assert {row["kind"] for row in rows} == set(KINDS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(2, "line", "74360", ""), "line 2: removed"),
        (Change(2, "modifiers", "59", "XS"), "line 2 modifiers: 59 -> XS"),
        (Change(1, "modifiers", "59", ""), "line 1 modifiers: 59 -> nothing"),
        (Change(None, "diagnosis", "", "M54.50"), "claim diagnosis: nothing -> M54.50"),
    ],
)
def test_a_change_in_words(change, words):
    assert change_text(change) == words


def test_every_column_and_every_kind_of_row_is_documented():
    page = HOW_TO.read_text(encoding="utf-8")
    assert [
        column.name for column in COLUMNS if f"| `{column.name}` | {column.kind} | {column.about} |" not in page
    ] == []
    assert [kind for kind, about in KINDS.items() if f"| `{kind}` | {about} |" not in page] == []

"""Reports written block by block: the same rows, lines and bytes as made one record at a time, whatever is in them."""

from __future__ import annotations

import csv
import gc
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from forms import made
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_rows import rows_after_results
from reports import ACROSS, BUNDLED, EMPTY, FULL, HOSTILE, UNDISTINGUISHED, WHOLE_CLAIM, hostile

from cleanclaim.claims import spill
from cleanclaim.engine.stream import found, results
from cleanclaim.engine.stream.found import Found, Part, framed
from cleanclaim.engine.stream.joined import JoinedReport, OnDisk, begins_of, results_on_disk
from cleanclaim.engine.stream.results import Results
from cleanclaim.engine.stream.tally import Tally
from cleanclaim.render import formats, jsonable, parquet_report, row_columns
from cleanclaim.render import rows as rows_module
from cleanclaim.render.csv_report import cell
from cleanclaim.render.formats import ReportFormat
from cleanclaim.render.rows import COLUMNS, Row, columns_after_results, fit, rows_of_result
from cleanclaim.types import ClaimResult, Finding, Place, Report, SetAside, Verdict

NUMBERS = st.sampled_from(["A-1", "A-2", "A-3", "B\ud800", '=q",', "Ä\n"])
FILES = st.sampled_from(["a.837", "b.csv", "Ä\n.837"])
RESULTS = st.builds(
    replace,
    st.sampled_from(FULL.claims),
    claim=NUMBERS,
    file=FILES,
    payer=st.sampled_from(["", "00123", "MDCR"]),
    amount_at_risk=st.sampled_from([Decimal(0), Decimal("0.005"), Decimal("12.3")]),
    allowed_at_risk=st.sampled_from([None, Decimal("12.345")]),
)
FINDINGS = st.builds(
    replace,
    st.sampled_from([ACROSS, BUNDLED, UNDISTINGUISHED, WHOLE_CLAIM]),
    claim=st.just("") | NUMBERS,
    at=st.builds(Place, FILES, st.none() | st.integers(0, 9), st.sampled_from(["", "CLM"])),
)
ASIDE = st.builds(lambda entry, finding: replace(entry, finding=finding), st.sampled_from(FULL.set_aside), FINDINGS)
REPORTS = st.builds(
    replace,
    st.just(FULL),
    claims=st.lists(RESULTS, max_size=12).map(tuple),
    findings=st.lists(FINDINGS, max_size=12).map(tuple),
    set_aside=st.lists(ASIDE, max_size=3).map(tuple),
)
MADE_BY_HAND = pytest.mark.parametrize("report", [FULL, EMPTY, hostile(HOSTILE), hostile(""), hostile("plain")])


@pytest.fixture(autouse=True)
def _small_blocks() -> object:
    """A block is three claims and as many rows, so that a few are many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "CLAIMS_OF_A_BLOCK", 3)
        patch.setattr(rows_module, "_ROWS_AT_ONCE", 3)
        yield


def rows(report: Report) -> list[Row]:
    """Every row, one record after the other."""
    return [*(row for result in report.claims for row in rows_of_result(result)), *rows_after_results(report)]


def told_after_results(report: Report) -> list[Row]:
    """The rows after those of the claims, as they are told in columns."""
    return [
        dict(zip(columns, values, strict=True))
        for columns in columns_after_results(report)
        for values in zip(*columns.values(), strict=True)
    ]


def row_by_row(report: Report) -> pa.Table:
    """The table as Arrow makes it of rows: slow, and plain."""
    said = [{name: fit(value) for name, value in row.items() if value not in ("", ())} for row in rows(report)]
    return pa.Table.from_pylist(said, schema=row_columns.SCHEMA)


@MADE_BY_HAND
def test_the_columns_are_those_of_the_rows(report):
    assert row_columns.table(report).equals(row_by_row(report), check_metadata=True)
    row_columns.table(report).validate(full=True)


@given(REPORTS, st.integers(1, 30))
def test_tables_have_all_rows_in_order_and_as_many_as_asked_for(report, many):
    tables = list(row_columns.tables(report, many))
    assert all(len(table) == many for table in tables[:-1])
    assert all(0 < len(table) <= many for table in tables)
    assert pa.concat_tables([row_columns.SCHEMA.empty_table(), *tables]).equals(row_by_row(report))


@settings(max_examples=25)
@given(REPORTS)
def test_the_parquet_file_does_not_tell_how_many_rows_were_made_at_a_time(report):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet_report, "_ROWS_OF_A_GROUP", 8)
        small = made(report, "parquet")
        patch.setattr(results, "CLAIMS_OF_A_BLOCK", 8_192)
        patch.setattr(rows_module, "_ROWS_AT_ONCE", 1_024)
        assert made(report, "parquet") == small
    table = pq.read_table(io.BytesIO(small))
    assert table.equals(row_by_row(report))
    assert table.schema.metadata == row_columns.SCHEMA.metadata
    assert [field.metadata[b"about"].decode() for field in table.schema] == [column.about for column in COLUMNS]


@given(REPORTS)
def test_rows_are_told_in_columns_as_record_by_record(report):
    assert told_after_results(report) == list(rows_after_results(report))


@given(st.lists(REPORTS, min_size=1, max_size=3))
def test_few_templates_are_held_and_the_rows_are_the_same(reports):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_columns, "_MANY_TEMPLATES", 2)
        for report in reports:
            assert row_columns.table(report).equals(row_by_row(report))


@given(REPORTS)
def test_csv_has_a_line_for_every_row(report):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows([cell(row.get(column.name)) for column in COLUMNS] for row in rows(report))
    assert made(report, "csv") == out.getvalue().encode()


@given(REPORTS)
def test_json_lines_have_a_line_for_every_claim(report):
    lines = made(report, "jsonl").decode().splitlines()
    told = [json.dumps({"kind": "claim", **jsonable.claim(result)}) for result in report.claims]
    assert lines[1 : 1 + len(told)] == told
    assert not any(json.loads(line)["kind"] == "claim" for line in lines[1 + len(told) :])


@given(REPORTS)
def test_a_finding_bears_the_payer_of_a_claim_of_its_number_in_its_file(report):
    payers: dict[tuple[str, str], set[str | None]] = {}
    for result in report.claims:
        payers.setdefault((result.file, result.claim), set()).add(result.payer)
    of_findings = [row for row in told_after_results(report) if row["kind"] == "finding"]
    for finding, row in zip(report.findings, of_findings, strict=True):
        assert row["payer"] in payers.get((finding.at.file, finding.claim), {None})


def test_findings_in_the_order_of_the_claims_bear_the_payer_of_each():
    claims = tuple(replace(FULL.claims[0], claim=f"A-{number}", payer=f"P{number // 2}") for number in range(20))
    findings = tuple(_on(claim) for claim in claims for _ in range(2))
    report = replace(
        FULL, claims=claims, findings=findings, set_aside=(replace(FULL.set_aside[0], finding=findings[9]),)
    )
    told = [
        (row["claim"], row["payer"]) for row in told_after_results(report) if row["kind"] in {"finding", "set_aside"}
    ]
    of_claims = [(claim.claim, claim.payer) for claim in claims for _ in range(2)]
    assert told == [*of_claims, of_claims[9]]


def _on(claim: ClaimResult) -> Finding:
    return replace(ACROSS, claim=claim.claim, at=Place(claim.file))


@pytest.mark.parametrize("form", sorted(formats.STREAMED))
def test_writing_leaves_nothing_behind_for_each_record_that_only_a_collection_of_garbage_would_find(form):
    def left(many: int) -> int:
        entry = SetAside(BUNDLED, "baseline", "baseline.json", "B-1", "there before")
        report = replace(FULL, claims=FULL.claims * many, findings=FULL.findings * many, set_aside=(entry,) * many)
        gc.collect()
        formats.write(report, ReportFormat(form), io.BytesIO())
        return gc.collect()

    left(1)  # what is loaded for the first time
    assert left(50) - left(1) < 50
    assert gc.isenabled()


def on_disk(report: Report, folder: Path) -> JoinedReport:
    """The same report, of which two parts are on disk in frames of three places."""
    records = {
        Found.FINDING: report.findings,
        Found.SET_ASIDE: report.set_aside,
        Found.REJECT: report.rejects,
    }
    parts = []
    for number in range(2):
        placed = {kind: list(enumerate(each))[number::2] for kind, each in records.items()}
        results = Results.of(list(enumerate(report.claims))[number::2])
        part = Part(number, 0, ())
        checked, frames = framed(Tally(), results, placed)
        spill.write(part.found(folder), frames)
        parts.append((part, checked))
    made = {kind: OnDisk(len(each), begins_of(kind, folder, parts)) for kind, each in records.items()}
    return JoinedReport(
        book=report.book,
        claims=results_on_disk(len(report.claims), folder, parts),
        findings=made[Found.FINDING],
        set_aside=made[Found.SET_ASIDE],
        rejects=made[Found.REJECT],
        files=report.files,
        notes=report.notes,
        lines=report.lines,
        amount_at_risk=report.amount_at_risk,
        verdicts={verdict: report.count(verdict) for verdict in Verdict},
        severities={},
        totals=report.totals,
    )


@settings(max_examples=60)
@given(REPORTS)
def test_a_report_on_disk_is_written_as_one_in_memory(report):
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(found, "_PLACES_OF_A_FRAME", 3)
        joined = on_disk(report, Path(folder))
        assert joined.whole() == report
        for form in sorted(formats.STREAMED):
            assert made(joined, form) == made(report, form)

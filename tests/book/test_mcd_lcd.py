"""The LCD export of the Medicare Coverage Database: each table by its header, counts that add up, only titles kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from mcd_lcd_samples import SAMPLES
from test_mcd import published_file, sample_of

from cleanclaim.book.files import open_published
from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import (
    mcd_lcd,
    mcd_lcd_retirement,
    table_modules,
)
from cleanclaim.index.lookup import OpenBook


def test_the_list_of_retirements_may_be_short_or_empty():
    assert mcd_lcd_retirement.parse(sample_of(SAMPLES["retirements"])).whole
    empty = mcd_lcd_retirement.parse(published_file("lcd_id,retire_dt\n"))
    assert (empty.rows_in, empty.whole) == (0, True)


@pytest.mark.parametrize(
    ("old", "new", "valid_to"),
    [
        (",2026-03-31 00:00:00,", ",,", None),
        ("2015-10-01 00:00:00,,", "2015-10-01 00:00:00,2026-02-28 00:00:00,", dt.date(2026, 2, 28)),
        ("2026-01-01 00:00:00,,", "2026-01-01 00:00:00,2026-02-27 00:00:00,", dt.date(2026, 2, 27)),
    ],
)
def test_a_determination_ends_on_the_first_of_its_days_of_end(old, new, valid_to):
    _, header, row, _ = SAMPLES["lcd"]
    assert old in row
    (read,) = mcd_lcd.parse(published_file(f"{header}\n{row.replace(old, new, 1)}\n")).table.to_pylist()
    assert read["valid_to"] == valid_to


def test_a_retired_determination_without_a_day_is_rejected():
    _, header, row, _ = SAMPLES["lcd"]
    retired = row.replace("N,A,", "N,R,").replace("2026-03-31 00:00:00", "")
    read = mcd_lcd.parse(published_file(f"{header}\n{retired}\n"))
    assert read.rejects["reason"].to_pylist() == ["retired, and no day says since when"]


def test_the_export_is_read_through_its_zip_within_a_zip_and_answers_by_code(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in SAMPLES:
            archive.writestr(f"csv/{name}.csv", sample_of(SAMPLES[name]).content)
    outer = tmp_path / "current_lcd.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("current_lcd_csv.zip", inner.getvalue())
    store = BookStore(tmp_path / "book", with_starter=False)
    outcomes = load_paths(store, [outer])
    assert not any(done.failed for done in outcomes)
    day = OpenBook.open(tmp_path / "book", with_starter=False).as_of(dt.date(2026, 2, 1))
    assert day.coverage("lcd-hcpcs", "E1111").fact.lcd_id == "33312"
    assert day.coverage("lcd", "33312").fact.title == "Chairs & Stools \u2013 Options"
    assert day.coverage("lcd-contractor", "33312", "140/10/2").known
    assert day.coverage("lcd-article", "33312").fact.article_id == "52504"
    assert day.coverage("lcd-ncd", "33312").fact.ncd_id == "219"
    assert day.coverage("lcd-retirement", "33422").fact.valid_to == dt.date(2026, 2, 14)
    assert not day.coverage_loaded("lcd-hcpcs")  # one row of it is an excerpt


# --- the real files

REAL = {
    "mcd-lcd-contractor": (12859, 12859),
    "mcd-lcd-hcpcs": (2162, 2162),
    "mcd-lcd-article": (5233, 4007),
    "mcd-lcd-ncd": (2373, 1399),
    "mcd-lcd-retirement": (58, 58),
}


@pytest.mark.published
def test_the_published_part_of_the_export_is_read_whole(published: Path):
    found = {}
    for path in sorted((published / "coverage").rglob("current_lcd/**/lcd_*.csv")):
        for file in open_published(path):
            for module in (entry for entry in table_modules() if entry.recognise(file)):
                read = module.parse(file)
                with path.open(encoding="cp1252", newline="") as handle:
                    rows = sum(1 for _ in csv.DictReader(handle))
                assert (read.rows_in, read.whole) == (rows, True), path.name
                found[read.source] = (read.rows_in, read.table.num_rows)
    assert found == REAL


@pytest.mark.published
def test_of_the_published_determinations_only_those_for_equipment_list_codes(published: Path, tmp_path):
    load_paths(BookStore(tmp_path), [published / "coverage"])
    day = OpenBook.open(tmp_path).as_of(dt.date(2026, 2, 1))
    assert day.coverage_loaded("lcd-hcpcs")
    assert not day.coverage_loaded("lcd")
    listed = day.coverage("lcd-hcpcs", "E0953")
    assert [row.lcd_id for row in listed.facts] == ["33312"]
    equipment = [fact.contractor for fact in day.coverage("contractor-role", "DME").facts]
    assert len(equipment) == 4
    for key in equipment:
        assert day.coverage("lcd-contractor", "33312", key).fact.version == listed.fact.version

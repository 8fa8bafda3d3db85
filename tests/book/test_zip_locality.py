"""ZIP codes to contractor and locality."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.tables import table_modules, zip_locality
from cleanclaim.errors import LayoutError


def line(zip_code: str = "99501", *, divided: str = "0", quarter: str = "20254", rural: str = " ") -> str:
    return f"AK{zip_code}0210201{rural}Z9   {divided} A".ljust(75) + quarter


def file(*lines: str) -> PublishedFile:
    return PublishedFile("ZIP5.txt", "ZIP5.txt", "0" * 64, ("\r\n".join(lines) + "\r\n").encode())


def test_a_line_is_read_by_its_columns():
    read = zip_locality.parse(file(line(), line("99502", divided="1", rural="B")))
    kept = {"state": "AK", "carrier": "02102", "locality": "01"}
    assert read.table.to_pylist() == [
        kept | {"zip_code": "99501", "rural": "", "divided": False, "row": 1},
        kept | {"zip_code": "99502", "rural": "B", "divided": True, "row": 2},
    ]
    assert read.table.schema == zip_locality.SCHEMA
    assert (read.release, read.covers_from, read.covers_to) == ("2025Q4", dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert not read.whole
    assert "excerpt" in read.notes[0]


def test_what_cannot_be_a_fact_is_rejected():
    read = zip_locality.parse(file(line(), line(), line("99503", quarter="20261"), "AK99504 and more"))
    assert read.rows_in == 4
    assert [reason.split(";")[0] for reason in read.rejects["reason"].to_pylist()] == [
        "second row of a ZIP code",
        "of quarter 2026Q1, the file is of 2025Q4",
        "not laid out as a ZIP5 line",
    ]


def test_only_its_own_module_recognises_it():
    assert [module.SOURCES for module in table_modules() if module.recognise(file(line()))] == [zip_locality.SOURCES]
    assert not zip_locality.recognise(file("Zip5 Record Layout"))


def test_a_file_without_such_a_line_is_a_layout_error():
    with pytest.raises(LayoutError):
        zip_locality.parse(file("Zip5 Record Layout"))


@pytest.mark.published
def test_the_published_file_is_read_whole(published: Path):
    read = zip_locality.parse(next(open_published(published / "mpfs" / "ZIP5_OCT2025.txt")))
    assert (read.rows_in, read.table.num_rows, read.whole) == (42_956, 42_956, True)

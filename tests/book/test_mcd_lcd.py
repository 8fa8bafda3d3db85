"""The LCD export of the Medicare Coverage Database: each table by its header, counts that add up, only titles kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import (
    mcd_lcd,
    mcd_lcd_article,
    mcd_lcd_contractor,
    mcd_lcd_hcpcs,
    mcd_lcd_ncd,
    mcd_lcd_retirement,
    table_modules,
)
from cleanclaim.errors import LayoutError
from cleanclaim.index.lookup import OpenBook

CHANGED = "2026-01-23 19:05:54.163000000"
# For each table its module, a header as the dictionary gives it, a row of it, and what is kept.
SAMPLES = {
    "lcd": (
        mcd_lcd,
        (
            "lcd_id,lcd_version,display_id,title,determination_number,orig_det_eff_date,ent_det_end_date,rev_eff_date,"
            "rev_end_date,indication,thirty_percent,status,last_updated,date_retired,icd10_doc,bibliography"
        ),
        (
            '33312,40,,"Chairs &amp;\n<i>Stools</i> \u2013 Options",,2015-10-01 00:00:00,,2026-01-01 00:00:00,,'
            f'"<p>Long,\ntext</p>",N,A,{CHANGED},2026-03-31 00:00:00,Y,Books'
        ),
        {
            "lcd_id": "33312",
            "version": "40",
            "title": "Chairs & Stools \u2013 Options",
            "valid_from": dt.date(2015, 10, 1),
            "binds_from": dt.date(2026, 1, 1),
            "valid_to": dt.date(2026, 3, 31),
        },
    ),
    "contractor": (
        mcd_lcd_contractor,
        "lcd_id,lcd_version,contractor_id,contractor_type_id,contractor_version,last_updated",
        f"33312,40,140,10,2,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "contractor": "140/10/2"},
    ),
    "procedures": (
        mcd_lcd_hcpcs,
        (
            '"lcd_id","lcd_version","hcpc_code_id","hcpc_code_version","hcpc_code_group","range","last_updated",'
            '"long_description","short_description"'
        ),
        f'"33312","40","E1111","99","3","N","{CHANGED}","LONG, TEXT","SHORT"',
        {"lcd_id": "33312", "version": "40", "hcpcs": "E1111", "group": "3"},
    ),
    "articles": (
        mcd_lcd_article,
        (
            "lcd_id,lcd_version,related_num,r_article_id,r_article_version,r_lcd_id,r_lcd_version,r_contractor_id,"
            "last_updated"
        ),
        f"33312,40,2,52504,3,,,228,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "article_id": "52504"},
    ),
    "national": (
        mcd_lcd_ncd,
        "lcd_id,lcd_version,related_num,r_ncd_id,r_ncd_version,last_updated",
        f"33312,40,1,219,2,{CHANGED}",
        {"lcd_id": "33312", "version": "40", "ncd_id": "219", "ncd_version": "2"},
    ),
    "retirements": (
        mcd_lcd_retirement,
        "lcd_id,retire_dt",
        "33422,2026-02-14 00:00:00",
        {"lcd_id": "33422", "valid_to": dt.date(2026, 2, 14)},
    ),
}
BAD = {
    "lcd": [
        ("40,,", "40,DL33312,", "proposed"),
        ("N,A,", "N,P,", "neither"),
        ("2015-10-01", "2015-02-30", "no day"),
    ],
    "contractor": [(",140,", ",x,", "no number")],
    "procedures": [("E1111", "E111", "no procedure code")],
    "articles": [("52504", "", "not to an article")],
    "national": [(",219,", ",0,", "no national determination")],
    "retirements": [("2026-02-14 00:00:00", "", "no retire_dt")],
}
UNDATED = ("retirements",)
each = pytest.mark.parametrize("name", SAMPLES)


def published_file(text: str) -> PublishedFile:
    return PublishedFile("table.csv", "table.csv", "0" * 64, text.encode("cp1252"))


def sample(name: str) -> PublishedFile:
    _, header, row, _ = SAMPLES[name]
    return published_file(f"{header}\r\n{row}\r\n")


@each
def test_a_row_is_read_as_codes_numbers_days_and_a_title(name):
    module, _, _, kept = SAMPLES[name]
    read = module.parse(sample(name))
    assert read.table.to_pylist() == [kept | {"row": 2}]
    assert read.table.schema == module.SCHEMA
    assert read.source == module.SOURCES[0]
    assert read.release == ("undated" if name in UNDATED else "2026-01-23")


@each
def test_one_module_and_no_other_recognises_the_table(name):
    claimed = [module.SOURCES for module in table_modules() if module.recognise(sample(name))]
    assert claimed == [SAMPLES[name][0].SOURCES]


@each
def test_a_row_that_cannot_be_a_fact_is_rejected_with_its_reason(name):
    module, header, row, _ = SAMPLES[name]
    for old, new, why in BAD[name]:
        assert old in row
        read = module.parse(published_file(f"{header}\n{row}\n{row.replace(old, new, 1)}\n"))
        assert (read.rows_in, read.table.num_rows) == (2, 1), why
        assert why in read.rejects["reason"][0].as_py()


@each
def test_a_row_that_stands_twice_is_kept_once(name):
    module, header, row, _ = SAMPLES[name]
    read = module.parse(published_file(f"{header}\n{row}\n{row}\n"))
    assert read.table.num_rows == 1
    assert "the same as row 2" in read.rejects["reason"][0].as_py()


@each
def test_a_missing_column_is_a_layout_error_and_a_new_one_a_note(name):
    module, header, row, _ = SAMPLES[name]
    with pytest.raises(LayoutError, match=r"table\.csv"):
        module.parse(published_file(f"{header.partition(',')[2]}\n"))
    assert "column 'fresh' is new and not used" in module.parse(published_file(f"{header},fresh\n{row},1\n")).notes


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"retirements"}))
def test_few_rows_are_an_excerpt(name):
    assert not SAMPLES[name][0].parse(sample(name)).whole


def test_the_list_of_retirements_may_be_short_or_empty():
    assert mcd_lcd_retirement.parse(sample("retirements")).whole
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
            archive.writestr(f"csv/{name}.csv", sample(name).content)
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

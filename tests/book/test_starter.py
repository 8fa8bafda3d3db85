"""The starter: what a newcomer has, row by row what the publishers put out."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from python_calamine import CalamineWorkbook

from cleanclaim.book.provenance import Release
from cleanclaim.book.starter import FOLDER, listed_codes, read_table
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import module_of
from cleanclaim.engine.pair import PairVerdict, pair
from cleanclaim.errors import BookError
from cleanclaim.index.lookup import OpenBook

STORE = BookStore(None)
EMBEDDED = [
    release for release in STORE.starter_releases() if not any(url.startswith("package:") for url in release.urls)
]
every_embedded = pytest.mark.parametrize("release", EMBEDDED, ids=lambda release: f"{release.source} {release.release}")
LICENSED_TEXT = {"mpfs-rvu": {"description"}, "hcpcs": {"description", "short_description"}}
KEY = {
    "mpfs-rvu": ["hcpcs"],
    "ncci-ptp-practitioner": ["column_one", "column_two"],
    "ncci-mue-practitioner": ["hcpcs"],
    "ncci-mue-outpatient": ["hcpcs"],
    "ncci-aoc": ["add_on"],
    "hcpcs": ["hcpcs"],
    "pos": ["pos"],
    "mpfs-gpci": ["mac", "locality"],
    "taxonomy-specialty": ["taxonomy", "specialty_code"],
}
WHOLE = {"pos", "mpfs-gpci", "taxonomy-specialty"}
"""Tables without codes, embedded row for row."""
FILES = {
    "PPRRVU2026_Jul_nonQPP.csv": "mpfs/rvu26c",
    "ptp_practitioner_2024Q3.csv": "ncci",
    "HCPC2025_OCT_ANWEB.xlsx": "hcpcs",
    "place_of_service.csv": "codesets",
    "cms_taxonomy_specialty_crosswalk_2024-10-01.csv": "codesets",
    "GPCI2025.csv": "mpfs/rvu25d",
    "GPCI2026.csv": "mpfs/rvu26c",
}

SEVEN_PAIRS = [
    ("43214", "74360", PairVerdict.BUNDLED),
    ("43214", "76000", PairVerdict.BUNDLED_UNLESS_DISTINCT),
    ("62323", "77003", PairVerdict.BUNDLED_UNLESS_DISTINCT),
    ("62322", "77003", PairVerdict.BUNDLED_UNLESS_DISTINCT),
    ("62323", "62322", PairVerdict.BUNDLED),
    ("43249", "74360", PairVerdict.NO_EDIT),
    ("43214", "99999", PairVerdict.NOT_CHECKED),
]
each_pair = pytest.mark.parametrize(("one", "two", "verdict"), SEVEN_PAIRS)
SUMMERS = [dt.date(2024, 7, 15), dt.date(2026, 7, 15)]


@every_embedded
def test_the_embedded_table_has_the_columns_of_its_parser(release):
    assert read_table(release).schema == module_of(release.source).SCHEMA


@every_embedded
def test_every_embedded_fact_names_the_row_it_stands_on_and_no_row_twice(release):
    rows = read_table(release)["row"]
    assert pc.min(rows).as_py() >= 1
    if release.source != "ncci-aoc":  # an add-on with several primaries may have them on one row
        assert pc.count_distinct(rows).as_py() == len(rows)


@every_embedded
def test_every_embedded_fact_is_of_a_listed_code(release):
    if release.source not in WHOLE:
        table, listed = read_table(release), pa.array(listed_codes())
        for column in KEY[release.source]:
            assert pc.all(pc.is_in(table[column], listed)).as_py()


def test_listed_codes_are_sorted_and_listed_once():
    codes = listed_codes()
    assert len(set(codes)) == len(codes)
    procedure_codes = [code for code in codes if len(code) == 5]
    assert procedure_codes == sorted(procedure_codes)
    assert {len(code) for code in codes} == {2, 5}, "procedure codes, and Level II modifiers"


def test_all_releases_of_the_starter_say_that_they_are():
    assert all(release.starter for release in STORE.starter_releases())
    assert {release.source for release in EMBEDDED} == set(KEY)


def test_a_starter_that_lost_a_file_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("cleanclaim.book.starter.FOLDER", tmp_path)
    with pytest.raises(BookError, match="Reinstall the package"):
        read_table(EMBEDDED[0])


@each_pair
@pytest.mark.parametrize("date", SUMMERS, ids=str)
def test_pairs_of_the_starter_alone(starter_book, one, two, verdict, date):
    answer = pair(starter_book, one, two, date)
    assert answer.verdict is verdict
    assert pair(starter_book, two, one, date).verdict is verdict, "whichever is named first"
    if verdict is not PairVerdict.NOT_CHECKED:
        assert answer.stale is (date.year != 2024)
        assert answer.covers_to == dt.date(2024, 9, 30)


# --- against the published files


@pytest.mark.published
@each_pair
def test_pairs_of_the_published_table(published_book, one, two, verdict):
    answer = pair(published_book, one, two, dt.date(2024, 7, 15))
    assert answer.verdict is verdict
    assert not answer.stale
    if answer.verdict is not PairVerdict.NOT_CHECKED:
        assert {(cited.source, cited.release) for cited in answer.citations} >= {("ncci-ptp-practitioner", "2024Q3")}


def published_release(store: BookStore, release: Release) -> Release:
    (found,) = [own for own in store.own_releases() if (own.source, own.release) == (release.source, release.release)]
    return found


@pytest.mark.published
@every_embedded
def test_embedded_facts_are_all_published_facts_of_the_listed_codes_and_no_others(published_store, release):
    """The starter speaks for the codes it lists, so of those it must have every row."""
    original = published_release(published_store, release)
    facts, listed = published_store.table(original), pa.array(listed_codes())
    for column in KEY[release.source] if release.source not in WHOLE else ():
        facts = facts.filter(pc.is_in(facts[column], listed))
    embedded = read_table(release)
    kept = [name for name in embedded.column_names if name not in LICENSED_TEXT.get(release.source, ())]
    order = [(name, "ascending") for name in kept]
    assert embedded.num_rows == facts.num_rows
    for name in kept:
        here, there = (table.select(kept).sort_by(order)[name].to_pylist() for table in (embedded, facts))
        assert [None if cell == "" else cell for cell in here] == [None if cell == "" else cell for cell in there], name


@pytest.mark.published
@every_embedded
def test_the_starter_tells_the_file_it_was_taken_from_and_the_days_it_covers(published_store, release):
    original = published_release(published_store, release)
    assert release.sha256 == original.sha256
    assert release.files == original.files
    for name in ("covers_from", "covers_to", "published"):
        assert getattr(release, name) == getattr(original, name), name


def cited_lines(published: Path, name: str, rows: list[int]) -> list[list[str]]:
    """Some rows of a published file as they lie in it, read without any of our parsers."""
    path = published / FILES.get(name, "ncci") / name
    if name.endswith(".xlsx"):
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        return [[str(cell).strip() for cell in sheet[row - 1]] for row in rows]
    if not path.exists():
        path = path.with_name(f"{name}.gz")
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    lines = content.split(b"\n")
    # Each line by itself: a cell that runs over several lines must not swallow the next row asked for.
    return [next(csv.reader([lines[row - 1].decode()])) for row in rows]


@pytest.mark.published
@every_embedded
def test_the_row_a_starter_fact_cites_is_the_row_of_the_published_file(published, release):
    facts = read_table(release).to_pylist()
    lines = cited_lines(published, release.files[0], [fact["row"] for fact in facts])
    for fact, line in zip(facts, lines, strict=True):
        match release.source:
            case "ncci-ptp-practitioner":
                deletion = "9999-12-31" if fact["valid_to"] is None else fact["valid_to"].isoformat()
                said = [fact["column_one"], fact["column_two"], deletion, str(fact["modifier_indicator"])]
                assert line[:4] == said
            case "ncci-aoc":
                assert line[:3] == [fact["primary"] or "NA", fact["add_on"], str(fact["edit_type"])]
            case "mpfs-rvu":
                assert line[:2] == [fact["hcpcs"], fact["modifier"]]
                assert line[3] == fact["status_indicator"]
                assert Decimal(line[5]) == fact["work_rvu"]
            case "hcpcs":
                assert line[0] == fact["hcpcs"]
            case "pos":
                assert line[0].zfill(2) == fact["pos"]
            case "mpfs-gpci":
                assert line[:3] == [fact["mac"], fact["state"], fact["locality"]]
                assert [Decimal(cell) for cell in line[4:7]] == [fact[f"{kind}_gpci"] for kind in ("work", "pe", "mp")]
            case "taxonomy-specialty":
                assert line[2].strip() == fact["taxonomy"]
                assert line[0].startswith(fact["specialty_code"])
            case _:
                assert line[:3] == [fact["hcpcs"], str(fact["mue_value"]), str(fact["mai"])]


@pytest.mark.published
def test_the_digest_of_the_starter_is_that_of_the_published_file(published):
    for release in EMBEDDED:
        name = release.files[0]
        path = published / FILES.get(name, "ncci") / name
        if not path.exists():
            path = path.with_name(f"{name}.gz")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == release.sha256


@pytest.mark.published
def test_the_whole_pair_table_is_in_the_book_and_in_its_index(published_store, published_book):
    (release,) = [own for own in published_store.own_releases() if own.source == "ncci-ptp-practitioner"]
    assert (release.rows, release.rejected) == (2_447_164, 98_853)
    assert release.rows + release.rejected == 2_546_017
    day = dt.date(2024, 7, 1)
    in_table = published_store.table(release)
    ends = pc.fill_null(in_table["valid_to"], dt.date.max)
    assert pc.sum(pc.greater_equal(ends, day)).as_py() == 1_669_820
    assert in_force(published_book, published_book.releases.index(release), day) == 1_669_820


def in_force(book: OpenBook, number: int, day: dt.date) -> int:
    """Rows of the index that bind on a day, counted by reading every one of them."""
    table, last = book.index._arrays, day.toordinal()
    columns = (table[f"ptp-practitioner.{name}"] for name in ("release", "valid_from", "valid_to"))
    return sum(
        release == number and begins <= last and (ends == 0 or last <= ends)
        for release, begins, ends in zip(*columns, strict=True)
    )


def test_the_folder_of_the_starter_has_nothing_that_the_manifest_does_not_name():
    named = {FOLDER / "tables" / release.source / f"{release.release}.csv" for release in EMBEDDED}
    assert set((FOLDER / "tables").rglob("*.csv")) == named

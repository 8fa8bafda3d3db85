"""Loading: recognised by content, one bad file does not stop the others, nothing goes unsaid."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from xlsx import workbook

from cleanclaim.book import load as loading
from cleanclaim.book.load import NOT_A_TABLE, LoadedFile, load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import module_of, table_modules
from cleanclaim.errors import BookError, InputError

HEADER = ["hcpcs_code", "mue_units", "mue_mai", "mue_rationale", "mue_service"]


def mue(*codes: str, service: str = "Practitioner") -> str:
    rows = [HEADER, *([code, "1", "2", "Nature of Service", service] for code in codes)]
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def mue_sheet(*codes: str) -> bytes:
    return workbook([HEADER, *([code, 1.0, 2.0, "Nature of Service", "Practitioner"] for code in codes)])


def zipped(folder: Path, members: dict[str, str | bytes], name: str = "a.zip") -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return put(folder, name, out.getvalue())


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def by_name(outcomes: list[LoadedFile]) -> dict[str, LoadedFile]:
    return {Path(done.file).name: done for done in outcomes}


@pytest.fixture
def store(tmp_path: Path) -> BookStore:
    return BookStore(tmp_path / "book", with_starter=False)


def test_a_table_is_told_by_its_content_and_its_counts_add_up(store, tmp_path):
    path = put(tmp_path, "mue_practitioner_2024Q3.csv", mue("11111", "22222", "bad"))
    told = []
    (done,) = load_paths(store, [path], url="https://x.test/a", licence="AMA", on_file=told.append)
    assert told == [done]
    assert (done.rows_in, done.kept, done.rejected, done.failed) == (3, 2, 1, False)
    (release,) = store.own_releases()
    assert done.release == release
    assert (release.source, release.release, release.files) == ("ncci-mue-practitioner", "2024Q3", (path.name,))
    assert (release.urls, release.licence) == (("https://x.test/a",), "AMA")


def test_the_release_named_by_the_caller_wins(store, tmp_path):
    (done,) = load_paths(store, [put(tmp_path, "mue_practitioner.csv", mue("11111"))], release="2026Q1")
    assert done.release is not None
    assert done.release.release == "2026Q1"


def test_a_file_that_tells_no_release_fails_with_the_option_that_names_one(store, tmp_path):
    (done,) = load_paths(store, [put(tmp_path, "mue_practitioner.csv", mue("11111"))])
    assert done.failed
    assert "--release" in done.reason
    assert store.releases() == ()


def test_a_file_that_is_no_table_is_passed_over_and_said(store, tmp_path):
    (done,) = load_paths(store, [put(tmp_path, "readme.txt", "hello\n")])
    assert (done.reason, done.failed, done.release) == (NOT_A_TABLE, False, None)


def test_a_bad_file_does_not_keep_the_others_out(store, tmp_path):
    folder = tmp_path / "published"
    put(folder, "a_damaged.zip", b"PK\x03\x04 no zip")
    put(folder, "b_damaged.xlsx", zipped(tmp_path, {"xl/workbook.xml": "<x/>"}).read_bytes())
    put(folder, "c_mue_practitioner.csv", mue("11111"))
    put(folder, "d_mue_practitioner_2024Q3.csv", mue("11111"))
    put(folder, "notes.txt", "hello")
    done = by_name(load_paths(store, [folder]))
    assert {name for name, outcome in done.items() if outcome.failed} == {
        "a_damaged.zip",
        "b_damaged.xlsx",
        "c_mue_practitioner.csv",
    }
    assert done["d_mue_practitioner_2024Q3.csv"].release is not None
    assert done["notes.txt"].reason == NOT_A_TABLE


def test_a_changed_layout_fails_that_file_with_line_expected_and_found(store, tmp_path):
    changed = mue("11111").replace('"mue_mai"', '"mue_indicator"')
    (done,) = load_paths(store, [put(tmp_path, "mue_practitioner_2024Q3.csv", changed)])
    assert done.failed
    assert "mue_practitioner_2024Q3.csv, line 1: expected hcpcs_code, mue_units, mue_mai" in done.reason
    assert "found hcpcs_code, mue_units, mue_indicator" in done.reason
    assert store.releases() == ()


def test_a_path_that_is_not_there_stops_before_anything_is_loaded(store, tmp_path):
    good = put(tmp_path, "mue_practitioner_2024Q3.csv", mue("11111"))
    with pytest.raises(InputError, match="no such file or folder"):
        load_paths(store, [good, tmp_path / "none.csv"])
    assert store.releases() == ()


def test_hidden_files_of_a_folder_are_left_alone(store, tmp_path):
    put(tmp_path, "in/.git/mue_practitioner_2024Q3.csv", mue("11111"))
    put(tmp_path, "in/.mue_practitioner_2024Q3.csv", mue("11111"))
    assert load_paths(store, [tmp_path / "in"]) == []


def test_the_text_copy_of_a_table_is_taken_and_the_workbook_beside_it_is_not_read(store, tmp_path, monkeypatch):
    members = {
        "MUE_practitioner_2024Q3.xlsx": mue_sheet("11111"),
        "MUE_practitioner_2024Q3.csv": mue("11111", "22222"),
    }
    for source in (zipped(tmp_path, members), put(tmp_path, "d/x.txt", "").parent):
        for name, content in members.items():
            put(tmp_path / "d", name, content)
        with monkeypatch.context() as patch:
            patch.setattr("cleanclaim.book.files.PublishedFile.sheet", property(lambda _: pytest.fail("it was read")))
            done = by_name(load_paths(store, [source]))
        loaded = [outcome for outcome in done.values() if outcome.release is not None]
        assert [outcome.kept for outcome in loaded] == [2]
        assert sum("text copy" in outcome.reason for outcome in done.values()) == 1


def test_a_workbook_of_another_table_in_the_same_archive_is_loaded_too(store, tmp_path):
    """Practitioner edits as text and outpatient ones as a workbook: both are wanted."""
    members = {
        "mue_practitioner_2024Q3.csv": mue("11111"),
        "mue_outpatient_2024Q3.xlsx": workbook([HEADER, ["22222", 1.0, 2.0, "Nature of Service", "Outpatient"]]),
    }
    load_paths(store, [zipped(tmp_path, members)])
    assert [release.source for release in store.own_releases()] == ["ncci-mue-outpatient", "ncci-mue-practitioner"]


def test_the_workbook_is_taken_where_its_text_copy_cannot_be_read(store, tmp_path):
    members = {
        "mue_practitioner_2024Q3.xlsx": mue_sheet("11111"),
        "mue_practitioner_2024Q3.csv": mue(*["11111"] * 100) + '"22222","1,' + "x" * 200_000,
    }
    outcomes = load_paths(store, [zipped(tmp_path, members)])
    assert [(done.failed, done.kept) for done in outcomes] == [(True, 0), (False, 1)]
    assert len(store.own_releases()) == 1


def test_a_second_copy_of_a_release_is_passed_over_and_said(store, tmp_path):
    paths = [put(tmp_path, f"{name}/mue_practitioner_2024Q3.csv", mue("11111")) for name in ("a", "b")]
    first, second = load_paths(store, paths)
    assert first.release is not None
    assert second.release is None
    assert "the same release as mue_practitioner_2024Q3.csv, already loaded" in second.reason


def test_another_call_loads_the_release_again(store, tmp_path):
    load_paths(store, [put(tmp_path, "mue_practitioner_2024Q3.csv", mue("11111"))])
    (done,) = load_paths(store, [put(tmp_path, "mue_practitioner_2024Q3.csv", mue("11111", "22222"))])
    assert done.kept == 2
    assert store.own_releases() == (done.release,)


def test_a_book_that_cannot_be_written_stops_the_load(tmp_path):
    put(tmp_path, "file", "")
    path = put(tmp_path, "mue_practitioner_2024Q3.csv", mue("11111"))
    with pytest.raises(BookError, match="cannot be written"):
        load_paths(BookStore(tmp_path / "file" / "book"), [path])


def test_every_source_belongs_to_exactly_one_table_module():
    sources = [source for module in table_modules() for source in module.SOURCES]
    assert len(sources) == len(set(sources))
    for source in sources:
        assert source in module_of(source).SOURCES
    with pytest.raises(KeyError):
        module_of("no-such-source")


def test_every_table_keeps_the_row_each_fact_stands_on():
    for module in table_modules():
        assert "row" in module.SCHEMA.names, module


@pytest.mark.published
def test_no_published_file_is_claimed_by_two_tables(published):
    for path in loading._files(
        [published / "ncci", published / "codesets", published / "icd10cm", published / "coverage"]
    ):
        for file in loading.open_published(path):
            claims = [module.SOURCES for module in table_modules() if module.recognise(file)]
            assert len(claims) <= 1, (file.origin, claims)


@pytest.mark.published
@pytest.mark.parametrize("folder", ["claims", "pages", "payers", "transparency", "opps"])
def test_files_that_are_no_table_of_the_book_are_passed_over(published, store, folder):
    outcomes = load_paths(store, [published / folder])
    assert outcomes
    assert [done.file for done in outcomes if done.release is not None or done.failed] == []

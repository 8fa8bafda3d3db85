"""The book on disk: whole or not at all, replaced in one step, and never a riddle when it is damaged."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import multiprocessing
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from cleanclaim.book.provenance import Release, quarter_span
from cleanclaim.book.store import BookStore, cache_folder, default_folder
from cleanclaim.book.tables import ncci_ptp
from cleanclaim.book.tables.contract import REJECT_SCHEMA, ParsedRelease, reject_table, table_from_rows
from cleanclaim.errors import BookError, InputError

SOURCE = "ncci-ptp-practitioner"
PARTS = 4


def parsed(
    *pairs: str, release: str = "2026Q3", part: int | None = None, whole: bool = True, indicator: int = 0
) -> ParsedRelease:
    """A PTP release of a few pairs (``11111/22222``), with one reject."""
    rows = []
    for row, pair in enumerate(pairs, start=7):
        one, two = pair.split("/")
        rows.append(
            {"column_one": one, "column_two": two, "modifier_indicator": indicator, "rationale": "", "row": row}
        )
    covers_from, covers_to = quarter_span(release)
    return ParsedRelease(
        source=SOURCE,
        release=release,
        table=table_from_rows(rows, ncci_ptp.SCHEMA),
        rejects=reject_table([99], ["x/y"], ["never in force"]),
        rows_in=len(rows) + 1,
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole and part is None,
        part=part,
        parts_expected=None if part is None else PARTS,
    )


def save(store: BookStore, release: ParsedRelease, file: str = "ptp.csv") -> Release:
    return store.save(release, sha256=f"{file}-digest", file=file)


def pairs_of(store: BookStore, release: Release) -> set[str]:
    table = store.table(release)
    return {f"{row['column_one']}/{row['column_two']}" for row in table.to_pylist()}


def files_of(store: BookStore) -> set[str]:
    return {str(path.relative_to(store.folder)) for path in store.folder.rglob("*.parquet")}


@pytest.fixture
def store(tmp_path: Path) -> BookStore:
    return BookStore(tmp_path / "book", with_starter=False)


# --- one release


def test_a_saved_release_comes_back_with_rows_rejects_and_where_it_came_from(store):
    saved = store.save(parsed("11111/22222"), sha256="ab", file="f.txt", url="https://x.test/f", licence="AMA")
    assert store.own_releases() == (saved,)
    assert store.releases() == (saved,)
    assert pairs_of(store, saved) == {"11111/22222"}
    assert store.rejects(saved).to_pylist() == [{"row": 99, "key": "x/y", "reason": "never in force"}]
    assert (saved.rows, saved.rejected, saved.sha256, saved.files) == (1, 1, "ab", ("f.txt",))
    assert (saved.urls, saved.licence) == (("https://x.test/f",), "AMA")
    assert [word for _, word in store.verify()] == ["ok"]


def test_an_empty_book_has_no_release_and_makes_no_folder(store):
    assert store.releases() == ()
    assert not store.folder.exists()


def test_reloading_a_release_replaces_it_and_keeps_the_others(store):
    other = save(store, parsed("55555/66666", release="2026Q2"))
    save(store, parsed("11111/22222"))
    again = save(store, parsed("33333/44444"))
    assert store.own_releases() == (other, again)
    assert pairs_of(store, again) == {"33333/44444"}
    assert len(files_of(store)) == 4, "tables and rejects of two releases, none of the one replaced"


def test_loading_the_same_file_twice_changes_nothing(store):
    save(store, parsed("11111/22222"))
    manifest, fingerprint = (store.folder / "manifest.json").read_bytes(), store.fingerprint()
    save(store, parsed("11111/22222"))
    assert (store.folder / "manifest.json").read_bytes() == manifest
    assert store.fingerprint() == fingerprint


def test_the_fingerprint_changes_with_the_facts_even_where_file_and_count_are_the_same(store):
    """A parser that reads a column better gives other facts from the same bytes: an index of before is outdated."""
    save(store, parsed("11111/22222", indicator=0))
    before = store.fingerprint()
    save(store, parsed("11111/22222", indicator=1))
    assert store.fingerprint() != before


def test_the_fingerprint_tells_the_starter(tmp_path):
    assert BookStore(tmp_path).fingerprint() != BookStore(tmp_path, with_starter=False).fingerprint()


# --- whole or not at all


class Killed(BaseException):
    """The process ends here."""


@contextlib.contextmanager
def killed_before_the_manifest(monkeypatch):
    def never(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(BookStore, "_write_manifest", never)
        with pytest.raises(Killed):
            yield


@contextlib.contextmanager
def full_disk(monkeypatch, function):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(function, full)
        with pytest.raises(BookError, match="No space left on device"):
            yield


def test_a_release_is_not_there_when_the_process_dies_before_the_manifest(store, monkeypatch):
    with killed_before_the_manifest(monkeypatch):
        save(store, parsed("11111/22222"))
    assert store.releases() == ()
    assert save(store, parsed("11111/22222")).rows == 1, "and loading it again works"


def test_a_replaced_release_stays_whole_when_the_process_dies_before_the_manifest(store, monkeypatch):
    before = save(store, parsed("11111/22222", "33333/44444"))
    with killed_before_the_manifest(monkeypatch):
        save(store, parsed("55555/66666"))
    assert store.own_releases() == (before,)
    assert pairs_of(store, before) == {"11111/22222", "33333/44444"}
    assert [word for _, word in store.verify()] == ["ok"]


def test_a_part_stays_as_it_was_when_the_process_dies_before_the_manifest(store, monkeypatch):
    save(store, parsed("11111/22222", part=1), "f1")
    before = save(store, parsed("33333/44444", part=2), "f2")
    with killed_before_the_manifest(monkeypatch):
        save(store, parsed("55555/66666", part=1), "f1")
    assert store.own_releases() == (before,)
    assert pairs_of(store, before) == {"11111/22222", "33333/44444"}


def test_a_table_that_cannot_be_written_leaves_the_book_as_it_was_and_no_litter(store, monkeypatch):
    before = save(store, parsed("11111/22222"))
    there = {path.name for path in store.folder.rglob("*") if path.is_file()}
    with full_disk(monkeypatch, "pyarrow.parquet.write_table"):
        save(store, parsed("33333/44444"))
    assert store.own_releases() == (before,)
    assert {path.name for path in store.folder.rglob("*") if path.is_file()} == there


def test_a_manifest_that_cannot_be_written_leaves_the_old_one(store, monkeypatch):
    before = save(store, parsed("11111/22222"))
    with full_disk(monkeypatch, "os.fsync"):
        save(store, parsed("33333/44444"))
    assert store.own_releases() == (before,)
    assert [word for _, word in store.verify()] == ["ok"]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match=r"cannot be written .*--book"):
        save(BookStore(tmp_path / "file" / "book"), parsed("11111/22222"))


# --- parts


@pytest.mark.parametrize("order", list(itertools.permutations(range(1, PARTS + 1)))[::3])
def test_parts_become_whole_in_any_order(store, order):
    for number, part in enumerate(order, start=1):
        saved = save(store, parsed(f"{part}1111/22222", f"{part}1111/33333", part=part), f"f{part}")
        assert saved.whole is (number == PARTS)
        assert saved.rows == 2 * number
        assert saved.rejected == number
    assert saved.parts == (1, 2, 3, 4)
    assert saved.files == ("f1", "f2", "f3", "f4")
    assert len(pairs_of(store, saved)) == 8
    table = store.table(saved)
    assert table["column_one"].to_pylist()[::2] == ["11111", "21111", "31111", "41111"]
    assert table["file"].to_pylist() == [f"f{part}" for part in (1, 1, 2, 2, 3, 3, 4, 4)]


def test_the_order_of_loading_parts_leaves_no_trace(tmp_path):
    manifests = set()
    for number, order in enumerate(([1, 2, 3, 4], [3, 1, 4, 2])):
        store = BookStore(tmp_path / str(number))
        for part in order:
            save(store, parsed(f"{part}1111/22222", part=part), f"f{part}")
        manifests.add((store.folder / "manifest.json").read_bytes())
    assert len(manifests) == 1


def test_reloading_one_part_keeps_the_others(store):
    for part in range(1, PARTS + 1):
        save(store, parsed(f"{part}1111/22222", part=part), f"f{part}")
    again = save(store, parsed("29999/22222", part=2), "f2-corrected")
    assert again.whole
    assert again.files == ("f1", "f2-corrected", "f3", "f4")
    assert pairs_of(store, again) == {"11111/22222", "29999/22222", "31111/22222", "41111/22222"}
    assert len(files_of(store)) == 2 * PARTS


def test_the_same_part_twice_is_still_one_part(store):
    save(store, parsed("11111/22222", part=1))
    saved = save(store, parsed("11111/22222", part=1))
    assert (saved.parts, saved.whole, saved.rows) == ((1,), False, 1)


def test_a_whole_file_replaces_the_parts(store):
    save(store, parsed("11111/22222", part=1), "f1")
    saved = save(store, parsed("33333/44444"), "whole.csv")
    assert (saved.whole, saved.parts, saved.files) == (True, (), ("whole.csv",))
    assert pairs_of(store, saved) == {"33333/44444"}
    assert len(files_of(store)) == 2


def test_an_excerpt_never_takes_the_place_of_the_whole_release(store):
    before = save(store, parsed("11111/22222", "33333/44444"))
    with pytest.raises(InputError, match="an excerpt of ncci-ptp-practitioner 2026Q3, which the book has whole"):
        save(store, parsed("11111/22222", whole=False), "excerpt.csv")
    assert store.own_releases() == (before,)


def test_a_damaged_part_is_named_when_another_is_loaded_and_can_itself_be_loaded_again(store):
    save(store, parsed("11111/22222", part=1), "f1")
    for path in store.folder.rglob("*.parquet"):
        path.write_bytes(b"no parquet")
    with pytest.raises(BookError, match=r"missing or damaged .*cleanclaim data load f1"):
        save(store, parsed("21111/22222", part=2), "f2")
    save(store, parsed("11111/22222", part=1), "f1")
    assert save(store, parsed("21111/22222", part=2), "f2").rows == 2


def load_part(folder: Path, part: int) -> None:
    save(BookStore(folder), parsed(f"{part}1111/22222", part=part), f"f{part}")


def test_processes_that_load_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    with context.Pool(PARTS) as pool:
        pool.starmap(load_part, [(tmp_path, part) for part in range(1, PARTS + 1)])
    (release,) = BookStore(tmp_path).own_releases()
    assert release.whole
    assert release.rows == PARTS


# --- damage


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b'{"releases": []}',
        b'{"schema": "cleanclaim.manifest/99", "releases": []}',
        b'{"schema": "cleanclaim.manifest/1", "releases": {"a": 1}}',
        b'{"schema": "cleanclaim.manifest/1", "releases": [{}]}',
        b'{"schema": "cleanclaim.manifest/1", "releases": 3}',
    ],
)
def test_a_damaged_manifest_is_one_clear_error_with_the_next_step(store, content):
    store.folder.mkdir()
    (store.folder / "manifest.json").write_bytes(content)
    with pytest.raises(BookError, match=r"Load the book again"):
        store.releases()


@pytest.mark.parametrize("field", ["source", "covers_from", "rows"])
def test_a_manifest_without_a_field_is_one_clear_error(store, field):
    save(store, parsed("11111/22222"))
    path = store.folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["releases"][0][field]
    path.write_text(json.dumps(manifest))
    with pytest.raises(BookError, match="Load the book again"):
        store.fingerprint()


def damage(store: BookStore, kind: str, how: str) -> None:
    path = next((store.folder / kind).rglob("*.parquet"))
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(b"")


@pytest.mark.parametrize("how", ["missing", "cut", "empty"])
@pytest.mark.parametrize("kind", ["tables", "rejects"])
def test_a_damaged_table_is_told_by_verify_with_the_command_that_mends_it(store, kind, how):
    save(store, parsed("11111/22222"), "ptp.csv")
    save(store, parsed("11111/22222", release="2026Q2"), "old.csv")
    damage(store, kind, how)
    words = [word for _, word in store.verify()]
    assert sorted(word == "ok" for word in words) == [False, True], "and the other release is fine"
    (wrong,) = [word for word in words if word != "ok"]
    assert "missing or damaged" in wrong
    assert "cleanclaim data load" in wrong


def test_verify_tells_content_that_was_changed_without_changing_its_size_in_rows(store):
    save(store, parsed("11111/22222", indicator=0))
    (path,) = (store.folder / "tables").rglob("*.parquet")
    elsewhere = BookStore(store.folder / "elsewhere")
    save(elsewhere, parsed("11111/22222", indicator=1))
    shutil.copy(next((elsewhere.folder / "tables").rglob("*.parquet")), path)
    ((_, word),) = store.verify()
    assert "was changed" in word


def test_a_folder_whose_name_looks_like_a_partition_adds_no_column(tmp_path):
    store = BookStore(tmp_path / "env=prod" / "book")
    saved = save(store, parsed("11111/22222"))
    assert store.table(saved).schema.names == ncci_ptp.SCHEMA.names
    assert store.rejects(saved).schema.names == REJECT_SCHEMA.names


def test_an_empty_release_can_be_kept(store):
    saved = save(store, parsed())
    assert store.table(saved).num_rows == 0


# --- names


@pytest.mark.parametrize("name", ["../2026Q3", "a/b", "", ".hidden", "2026 Q3", "x\n"])
def test_a_name_that_could_leave_the_folder_is_refused(store, name):
    with pytest.raises(InputError, match="cannot name"):
        save(store, ParsedRelease(**{**vars(parsed()), "release": name}))


def test_a_release_is_written_and_read_back_as_it_was():
    release = Release(
        source="s",
        release="r",
        covers_from=dt.date(2026, 1, 1),
        covers_to=None,
        published=dt.date(2025, 12, 1),
        rows=1,
        rejected=2,
        sha256="a",
        files=("f1", "f2"),
        parts=(1, 2),
        part_sha256=("b", "c"),
        tables=("t1", "t2"),
        whole=False,
        notes=("note",),
    )
    assert Release.from_json(json.loads(json.dumps(release.to_json()))) == release


@pytest.mark.parametrize(
    ("published", "covers_from", "day", "known"),
    [
        (dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 5, 31), False),
        (dt.date(2026, 6, 1), dt.date(2026, 7, 1), dt.date(2026, 6, 1), True),
        (None, dt.date(2026, 7, 1), dt.date(2026, 6, 30), False),
        (None, dt.date(2026, 7, 1), dt.date(2026, 7, 1), True),
        (None, None, dt.date(1990, 1, 1), True),
        (dt.date(2026, 6, 1), None, None, True),
    ],
)
def test_a_release_is_known_from_the_day_it_was_published_else_from_the_day_it_binds(
    published, covers_from, day, known
):
    release = Release("s", "r", covers_from, None, published, 0, 0, "")
    assert release.known_on(day) is known


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2026Q1", dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        ("2024Q2", dt.date(2024, 4, 1), dt.date(2024, 6, 30)),
        ("2024Q3", dt.date(2024, 7, 1), dt.date(2024, 9, 30)),
        ("2023Q4", dt.date(2023, 10, 1), dt.date(2023, 12, 31)),
    ],
)
def test_a_quarter_is_from_its_first_day_to_its_last(quarter, first, last):
    assert quarter_span(quarter) == (first, last)


# --- which book


def test_the_folder_named_goes_before_the_environment_and_that_before_the_users_own(tmp_path, monkeypatch):
    assert BookStore.locate().folder == default_folder()
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "env"))
    assert BookStore.locate().folder == tmp_path / "env"
    assert BookStore.locate(tmp_path / "arg").folder == tmp_path / "arg"
    monkeypatch.setenv("CLEANCLAIM_BOOK", "")
    assert BookStore.locate().folder == default_folder()


def test_the_starter_is_left_out_when_the_environment_says_so(tmp_path, monkeypatch):
    assert any(release.starter for release in BookStore.locate(tmp_path).releases())
    monkeypatch.setenv("CLEANCLAIM_NO_STARTER", "1")
    assert BookStore.locate(tmp_path).releases() == ()
    assert BookStore.locate(tmp_path, with_starter=True).releases() != ()


def test_own_releases_stand_before_the_starters(store):
    with_starter = BookStore(store.folder, with_starter=True)
    save(store, parsed("11111/22222"))
    starters = [release.starter for release in with_starter.releases()]
    assert starters == sorted(starters)
    assert starters[0] is False


def test_a_file_is_no_book(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="must be a folder"):
        BookStore.locate(tmp_path / "file")


def test_the_users_own_folder_and_cache_follow_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_folder().name == "book"
    assert cache_folder().name == "index"


def test_a_book_without_a_folder_answers_from_the_starter_and_refuses_to_be_written():
    store = BookStore(None)
    assert all(release.starter for release in store.releases())
    with pytest.raises(BookError, match="no folder of its own"):
        save(store, parsed("11111/22222"))


# --- licences


def test_an_accepted_licence_is_remembered_through_loads(store):
    store.accept_licence({"licence": "AMA", "accepted": "2026-07-01"})
    save(store, parsed("11111/22222"))
    store.accept_licence({"licence": "X", "accepted": "2026-07-02"})
    assert set(store.manifest()["licences"]) == {"AMA", "X"}
    assert len(store.own_releases()) == 1


def test_rows_kept_and_rejected_must_add_up_to_rows_in():
    with pytest.raises(InputError, match="3 rows read, but 1 kept and 1"):
        ParsedRelease(**{**vars(parsed("11111/22222")), "rows_in": 3})


def test_the_table_of_a_release_is_read_with_its_types(store):
    saved = save(store, parsed("11111/22222"))
    assert store.table(saved).schema.field("valid_from").type == pa.date32()

"""Opening a book: its index is built once, by itself, and whatever happens to it nobody is ever stuck."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from pathlib import Path

import pytest

from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import ncci_ptp
from cleanclaim.book.tables.contract import ParsedRelease, reject_table, table_from_rows
from cleanclaim.engine.pair import pair
from cleanclaim.errors import BookError
from cleanclaim.index import lookup
from cleanclaim.index.lookup import OpenBook
from cleanclaim.types import Setting

DAY = dt.date(2026, 7, 15)


def save(folder: Path, *pairs: str, part: int | None = None, indicator: int = 0) -> None:
    rows = [
        {"column_one": pair[:5], "column_two": pair[6:], "modifier_indicator": indicator, "rationale": "", "row": row}
        for row, pair in enumerate(pairs, start=7)
    ]
    covers_from, covers_to = quarter_span("2026Q3")
    parsed = ParsedRelease(
        source="ncci-ptp-practitioner",
        release="2026Q3",
        table=table_from_rows(rows, ncci_ptp.SCHEMA),
        rejects=reject_table([], [], []),
        rows_in=len(rows),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=part is None,
        part=part,
        parts_expected=None if part is None else 4,
    )
    BookStore(folder).save(parsed, sha256=f"{part}", file=f"f{part}")


def indicator_of(book: OpenBook, pair: str = "11111/22222") -> int | None:
    answer = book.as_of(DAY).ptp(Setting.PRACTITIONER, pair[:5], pair[6:])
    return answer.fact.modifier_indicator if answer.known else None


def opened(folder: Path) -> OpenBook:
    return OpenBook.open(folder, with_starter=False)


def indexes(folder: Path) -> list[Path]:
    return sorted((folder / "index").glob("*"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "book", "11111/22222")
    return tmp_path / "book"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lookup, "cache_folder", lambda: tmp_path / "cache" / "index")
    return tmp_path / "cache" / "index"


def never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleanclaim.index.build.build", lambda _: pytest.fail("the index was built again"))


def test_the_index_is_built_once_and_lies_in_the_books_own_folder(folder, cache, monkeypatch):
    assert indicator_of(opened(folder)) == 0
    assert len(indexes(folder)) == 1
    assert not cache.exists()
    never_built(monkeypatch)
    assert indicator_of(opened(folder)) == 0


def test_a_book_with_nothing_in_it_keeps_the_starters_index_in_the_cache(tmp_path, cache, monkeypatch):
    monkeypatch.setattr("cleanclaim.index.build.build", lambda _: _empty())
    OpenBook.open(tmp_path / "nothing", with_starter=True)
    assert len(list(cache.iterdir())) == 1
    assert not (tmp_path / "nothing").exists(), "asking makes no folder"


def _empty() -> bytes:
    return lookup.index_format.write({"pool.ends": ("I", b"\0" * 4), "pool.bytes": ("B", b"")}, {"releases": []})


def test_loading_changes_the_answer_and_leaves_one_index(folder):
    assert indicator_of(opened(folder)) == 0
    save(folder, "11111/22222", indicator=1)
    assert indicator_of(opened(folder)) == 1
    assert len(indexes(folder)) == 1


def test_the_index_with_and_the_one_without_the_starter_live_side_by_side(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("cleanclaim.index.build.build", lambda _: _empty())
        for with_starter in (True, False, True):
            OpenBook.open(folder, with_starter=with_starter)
    assert len(indexes(folder)) == 2
    never_built(monkeypatch)
    for with_starter in (True, False):
        OpenBook.open(folder, with_starter=with_starter)


def block(path: Path) -> None:
    """Let nothing be written below ``path``, for any user: a file is in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def test_a_book_that_cannot_be_written_keeps_its_index_in_the_cache(folder, cache, monkeypatch):
    block(folder / "index")
    assert indicator_of(opened(folder)) == 0
    assert len(list(cache.iterdir())) == 1
    never_built(monkeypatch)
    assert indicator_of(opened(folder)) == 0


def test_where_nothing_can_be_written_the_index_is_held_in_memory(folder, cache):
    block(folder / "index")
    block(cache)
    assert indicator_of(opened(folder)) == 0


def test_an_index_of_another_user_that_may_not_be_read_is_built_again(folder, monkeypatch):
    opened(folder)

    def denied(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("cleanclaim.index.format.open_file", denied)
    assert indicator_of(opened(folder)) == 0


@pytest.mark.parametrize("harm", ["empty", "cut", "other", "header", "releases", "text"])
def test_a_damaged_index_is_built_again_without_a_word(folder, harm):
    opened(folder)
    (path,) = indexes(folder)
    content = path.read_bytes()
    damaged = {
        "empty": b"",
        "cut": content[: len(content) // 2],
        "other": b"CCINDEX0" + content[8:],
        "header": content[:16] + b"x" * 50 + content[66:],
        "releases": content.replace(b'"releases"', b'"released"'),
        "text": b"not an index at all",
    }[harm]
    assert damaged != content
    path.write_bytes(damaged)
    assert indicator_of(opened(folder)) == 0
    assert path.read_bytes() == content, "and the good one lies in its place again"


def test_an_index_that_disappears_while_it_is_opened_is_built_again(folder, monkeypatch):
    opened(folder)
    real, failed = lookup.index_format.open_file, []

    def gone_once(path):
        if not failed:
            failed.append(path)
            raise FileNotFoundError(path)
        return real(path)

    monkeypatch.setattr("cleanclaim.index.format.open_file", gone_once)
    assert indicator_of(opened(folder)) == 0
    assert failed


def test_an_index_whose_layout_is_of_another_version_is_not_opened(folder, monkeypatch):
    opened(folder)
    monkeypatch.setattr(lookup, "layout", lambda: "another")
    built = []
    monkeypatch.setattr("cleanclaim.index.build.build", lambda store: built.append(store) or _empty())
    opened(folder)
    assert built


def test_a_damaged_table_is_a_clear_error_when_the_index_must_be_built(folder):
    next((folder / "tables").rglob("*.parquet")).write_bytes(b"no parquet")
    with pytest.raises(BookError, match=r"missing or damaged .*cleanclaim data load"):
        opened(folder)


def test_parts_are_compiled_together(tmp_path):
    for part in (2, 4, 1, 3):
        save(tmp_path, f"{part}1111/22222", f"{part}1111/{part}2222", part=part, indicator=part % 2)
    book = opened(tmp_path)
    for part in (1, 2, 3, 4):
        assert indicator_of(book, f"{part}1111/22222") == part % 2
        assert indicator_of(book, f"{part}1111/{part}2222") == part % 2
    assert book.as_of(DAY).ptp(Setting.PRACTITIONER, "11111", "42222").state == "not_applicable"


def test_a_row_of_a_part_is_cited_with_the_file_of_that_part(tmp_path):
    """Every part has a row 7: which one is meant must be said."""
    for part in (1, 2, 3, 4):
        save(tmp_path, f"{part}1111/22222", part=part)
    book = opened(tmp_path)
    for part in (1, 2, 3, 4):
        cited = pair(book, f"{part}1111", "22222", DAY).citations[0]
        assert cited.text.startswith(f"f{part}, row 7: Column One {part}1111")


def open_and_ask(folder: Path) -> int | None:
    return indicator_of(opened(folder))


def test_processes_that_open_a_book_at_once_all_get_the_answer(folder):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(open_and_ask, [folder] * 6) == [0] * 6
    assert [path.suffix for path in indexes(folder)] == [".idx"], "one index, and no litter"

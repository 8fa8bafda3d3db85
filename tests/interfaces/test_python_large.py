"""Large files in Python are spread over a folder and checked part by part: nobody can tell from the report."""

from __future__ import annotations

import tempfile

import pytest
from bench.claims837 import claims_file
from bench.row import claims_of
from bench.warehouse import write_parquet

import cleanclaim
from cleanclaim.errors import UnreadableFile
from cleanclaim.interfaces import python as door
from cleanclaim.interfaces.python import Book


@pytest.fixture(scope="module")
def book(starter_book):
    return Book(starter_book)


@pytest.fixture(scope="module")
def files(starter_book, tmp_path_factory):
    """An 837, the same claims in Parquet, and claims of the same patients sent before."""
    folder = tmp_path_factory.mktemp("claims")
    own, columns, earlier = folder / "claims.837", folder / "claims.parquet", folder / "earlier.837"
    own.write_bytes(claims_file(starter_book, 300))
    write_parquet(claims_of(own.read_bytes()), columns)
    earlier.write_bytes(claims_file(starter_book, 120))
    return own, columns, earlier


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Checks files of any size as large ones; nothing of the claims may be left among the temporary files."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    def check(*given, **options):
        with monkeypatch.context() as patch:
            patch.setattr(door, "LARGE", 1)
            patch.setattr(door, "check_paths", None)
            return cleanclaim.check(*given, **options)

    yield check
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("chosen", [{}, {"select": ["PTP", "MUE"]}])
def test_the_report_is_the_one_made_in_memory(files, book, on_disk, which, chosen):
    expected = cleanclaim.check(files[which], book, **chosen)
    assert on_disk(files[which], book, **chosen) == expected
    assert len(expected.findings) > 50


def test_several_files_and_a_history_are_read_as_in_memory(files, book, on_disk):
    paths, earlier = list(files[:2]), files[2]
    expected = cleanclaim.check(paths, book, history=earlier)
    assert on_disk(paths, book, history=earlier) == expected
    assert on_disk(paths, book) != expected


def test_files_that_cannot_be_read_are_the_same_error(book, on_disk, tmp_path):
    wrong = tmp_path / "claims.837"
    wrong.write_text("no claim")
    with pytest.raises(UnreadableFile) as small:
        cleanclaim.check(wrong, book)
    with pytest.raises(UnreadableFile) as large:
        on_disk(wrong, book)
    assert str(large.value) == str(small.value)

"""What tests of several layers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.index.lookup import OpenBook

# How long an example takes depends on who else uses the machine, so no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "data"
TABLES = (
    "ncci/*.csv",
    "ncci/*.csv.gz",
    "mpfs/rvu26c/*.csv",
    "mpfs/rvu25d/PPRRVU2025_Oct.csv",
    "mpfs/rvu25d/GPCI2025.csv",
    "hcpcs/*.xlsx",
    "icd10cm/*.gz",
    "codesets/*_codes.csv",
    "codesets/nucc*.csv",
    "codesets/place*.csv",
    "codesets/cms_taxonomy*.csv",
)


@pytest.fixture(scope="session", autouse=True)
def _no_book_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads the book or the index of whoever runs it, nor leaves one behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CLEANCLAIM_BOOK", raising=False)
        patch.delenv("CLEANCLAIM_NO_STARTER", raising=False)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("user-data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("user-cache")))
        yield


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of real published files, or a skip where it is not beside the repository."""
    if not PUBLISHED.is_dir():
        pytest.skip("the real published files (../shared/data beside the repository) are not here")
    return PUBLISHED


@pytest.fixture(scope="session")
def published_store(published: Path, tmp_path_factory: pytest.TempPathFactory) -> BookStore:
    """A book with every published table, and the starter behind it."""
    store = BookStore(tmp_path_factory.mktemp("published-book"))
    outcomes = load_paths(store, [path for pattern in TABLES for path in sorted(published.glob(pattern))])
    assert [(done.file, done.reason) for done in outcomes if done.release is None] == []
    return store


@pytest.fixture(scope="session")
def published_book(published_store: BookStore) -> OpenBook:
    """The book of :func:`published_store`, opened."""
    return OpenBook.open(published_store.folder)


@pytest.fixture(scope="session")
def starter_book(tmp_path_factory: pytest.TempPathFactory) -> OpenBook:
    """What a newcomer has: nothing loaded, the embedded facts only."""
    return OpenBook.open(tmp_path_factory.mktemp("empty-book"), with_starter=True)

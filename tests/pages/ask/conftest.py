"""Books that questions are put to."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.index.lookup import OpenBook

PRICES = (
    "mpfs/ZIP5_OCT2025.txt",
    "mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv",
    "mpfs/rvu26c/GPCI2026.csv",
    "mpfs/rvu25d/PPRRVU2025_Oct.csv",
    "mpfs/rvu25d/GPCI2025.csv",
)


@pytest.fixture(scope="session")
def prices_book(published: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenBook:
    """A book with the fee schedule and the ZIP codes as published, and the starter behind it."""
    store = BookStore(tmp_path_factory.mktemp("prices-book"))
    outcomes = load_paths(store, [published / name for name in PRICES])
    assert [(done.file, done.reason) for done in outcomes if done.release is None] == []
    return OpenBook.open(store.folder)

"""The books measurements are made with: the published files where they are at hand, and the starter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.index.lookup import OpenBook

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PUBLISHED: Final = REPOSITORY.parent / "shared" / "data"
"""Where the published files lie beside the repository; they are no part of it."""
PTP_PRACTITIONER: Final = PUBLISHED / "ncci" / "ptp_practitioner_2024Q3.csv.gz"
_NO_FILE: Final = "no file: the published tables (../shared/data) are not beside the repository"
_FILES: Final = (
    "ncci/ptp_practitioner_*.csv.gz",
    "ncci/mue_*.csv",
    "ncci/aoc_*.csv",
    "mpfs/rvu*/PPRRVU*.csv",
    "mpfs/rvu*/GPCI*.csv",
    "hcpcs/*.xlsx",
    "icd10cm/*.txt.gz",
    "codesets/*.csv",
    "mpfs/ZIP5_*.txt",
    "coverage/*/current_*/csv/*.csv",
)


def without_published() -> str:
    """Why a row that needs the published files cannot run; empty when they are there."""
    return "" if PTP_PRACTITIONER.is_file() else _NO_FILE


def published_files() -> Iterator[Path]:
    """One published file of every source."""
    for pattern in _FILES:
        yield from sorted(PUBLISHED.glob(pattern))


class Books:
    """The books of one run, kept in ``folder`` and made when first asked for.

    ``loaded`` is a book into which the published tables have been loaded before: loading takes some minutes.
    """

    def __init__(self, folder: Path, *, published: bool, loaded: Path | None = None) -> None:
        self.folder = folder
        self.published = published and (loaded is not None or not without_published())
        self._loaded = loaded
        self._whole: OpenBook | None = None

    @property
    def name(self) -> str:
        """What the rows measure with, for the report."""
        if not self.published:
            return "the starter"
        return "every published source" if self._loaded is None else "the book given with --book"

    def environment(self) -> dict[str, str]:
        """The environment in which a child process opens the same book, with byte code kept as an installation does."""
        self.whole()
        left_out = ("CLEANCLAIM_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        return kept | {
            "CLEANCLAIM_BOOK": str(self._place),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }

    def whole(self) -> OpenBook:
        """The book with every published source loaded, or the starter where they are not at hand."""
        if self._whole is None:
            os.environ["XDG_CACHE_HOME"] = str(self.folder / "cache")
            if self.published and self._loaded is None:
                load_paths(BookStore.locate(self._place), published_files())
            self._whole = OpenBook.open(self._place, with_starter=True)
        return self._whole

    def opened_again(self) -> OpenBook:
        """The same book, of which nothing was asked yet."""
        whole = self.whole()
        return OpenBook(whole.index, whole.store)

    def starter(self) -> OpenBook:
        """The starter alone."""
        os.environ["XDG_CACHE_HOME"] = str(self.folder / "cache")
        return OpenBook.open(self.folder / "empty", with_starter=True)

    @property
    def _place(self) -> Path:
        return self._loaded or self.folder / "book"

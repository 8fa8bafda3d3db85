"""Published files for the tests of the fee schedule and code set tables: made of text, or the real ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.tables import table_modules
from cleanclaim.book.tables.contract import ParsedRelease

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real published files (../shared/data beside the repository) are not here"
)


def made(content: str | bytes, name: str, origin: str | None = None) -> PublishedFile:
    """A published file of the given content."""
    raw = content.encode() if isinstance(content, str) else content
    return PublishedFile(name, origin or name, "0" * 64, raw)


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    """Rows as a csv with the line ends CMS uses."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def real(path: str) -> PublishedFile:
    """A real published file, by its path in the folder of data."""
    (file,) = open_published(DATA / path)
    return file


def reasons(parsed: ParsedRelease) -> dict[str, str]:
    """Why each rejected key was rejected."""
    return dict(zip(parsed.rejects["key"].to_pylist(), parsed.rejects["reason"].to_pylist(), strict=True))


def claimed_by(file: PublishedFile) -> list[str]:
    """The table modules that claim the file."""
    return [module.SOURCES[0] for module in table_modules() if module.recognise(file)]

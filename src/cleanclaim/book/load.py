"""Loading published files into the book: recognised by content, checked, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import TableModule, table_modules
from cleanclaim.errors import InputError

NOT_A_TABLE: Final = "not a published table we know"


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What became of one file: a release in the book, or the reason why not.

    ``rows_in`` = ``kept`` + ``rejected``. ``failed`` tells a fault (a damaged table) from a file passed over.
    """

    file: str
    release: Release | None = None
    kept: int = 0
    rejected: int = 0
    seconds: float = 0.0
    reason: str = ""
    failed: bool = False
    notes: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows read from the file."""
        return self.kept + self.rejected


def load_paths(
    store: BookStore,
    paths: Iterable[Path],
    *,
    release: str | None = None,
    url: str = "",
    licence: str = "",
    on_file: Callable[[LoadedFile], None] = lambda _: None,
) -> list[LoadedFile]:
    """Load every published table found in ``paths`` (files, archives, folders) into ``store``.

    ``release`` names the release where the files do not. Of several copies of one release in the same call (a
    csv and an xlsx in one archive), the text copy is taken. ``on_file`` is told of each file as it is done.
    Raises InputError when a path does not exist: then nothing was loaded.
    """
    loader = _Loader(store, release, url, licence)
    done: list[LoadedFile] = []
    for path in list(_files(paths)):
        for outcome in loader.load(path):
            done.append(outcome)
            on_file(outcome)
    return done


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files below ``paths``, text before workbooks, so that the text copy of a release is met first."""
    for path in paths:
        if path.is_dir():
            found = [
                entry
                for entry in path.rglob("*")
                if entry.is_file() and not any(part.startswith(".") for part in entry.relative_to(path).parts)
            ]
            yield from sorted(found, key=lambda entry: (entry.suffix.lower() == ".xlsx", str(entry)))
        elif path.exists():
            yield path
        else:
            raise InputError(f"{path}: no such file or folder.")


class _Loader:
    """Loads files one by one, remembering which releases this call already took."""

    def __init__(self, store: BookStore, release: str | None, url: str, licence: str) -> None:
        self._store = store
        self._release = release
        self._url = url
        self._licence = licence
        self._taken: dict[tuple[str, str, int | None], str] = {}
        self._read_as_text: set[PurePath] = set()

    def load(self, path: Path) -> Iterator[LoadedFile]:
        """Load every published table of a file or archive."""
        try:
            members = sorted(open_published(path), key=lambda file: file.is_sheet)
        except InputError as error:
            yield LoadedFile(str(path), reason=str(error), failed=True)
            return
        for file in members:
            try:
                yield self._load_file(file)
            except InputError as error:
                yield LoadedFile(file.origin, reason=str(error), failed=True)

    def _load_file(self, file: PublishedFile) -> LoadedFile:
        copies = PurePath(file.origin).with_suffix("")
        if file.is_sheet and copies in self._read_as_text:  # a workbook takes ten times as long to read
            return LoadedFile(file.origin, reason="a workbook of the table whose text copy lies beside it")
        module = next((module for module in table_modules() if module.recognise(file)), None)
        if module is None:
            return LoadedFile(file.origin, reason=NOT_A_TABLE)
        outcome = self._load_table(file, module)
        if not file.is_sheet:
            self._read_as_text.add(copies)
        return outcome

    def _load_table(self, file: PublishedFile, module: TableModule) -> LoadedFile:
        begun = time.perf_counter()
        parsed = module.parse(file, self._release)
        key = (parsed.source, parsed.release, parsed.part)
        if key in self._taken:
            return LoadedFile(file.origin, reason=f"the same release as {self._taken[key]}, already loaded")
        self._taken[key] = file.name
        saved = self._store.save(parsed, sha256=file.sha256, file=file.name, url=self._url, licence=self._licence)
        return LoadedFile(
            file.origin,
            saved,
            parsed.table.num_rows,
            parsed.rejects.num_rows,
            time.perf_counter() - begun,
            notes=parsed.notes,
        )

"""How the book reaches the tasks: as one file that Spark sends to every executor, or a folder that all can see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from pyspark import SparkFiles

from cleanclaim.book.payers.shelf import Policies
from cleanclaim.book.provenance import Release
from cleanclaim.errors import BookError
from cleanclaim.index import format as index_format
from cleanclaim.index.lookup import Index, OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import all_rules


@dataclass(frozen=True, eq=False)
class Checks:
    """What every task checks with, as the driver decided it. Raises BookError in a task that has something else."""

    index: str
    """The name of the index file that Spark sends to the executors; "" where they open ``folder``."""
    folder: str
    with_starter: bool
    releases: str
    """Digest of the releases that the driver's book has."""
    software: str
    """The version of this package and its rules, on the driver."""
    policies: Policies
    codes: frozenset[str] | None
    """The rules to apply; None for all."""

    def rules(self) -> tuple[LoadedRule, ...]:
        """The rules to apply."""
        here = software()
        if here != self.software:
            raise BookError(
                f"An executor runs {here}, the driver {self.software}: they could find different things. Install "
                "the same version, and the same rule plugins, on both."
            )
        return tuple(loaded for loaded in all_rules() if self.codes is None or loaded.rule.code in self.codes)

    def open(self) -> OpenBook:
        """The book, opened in this process, with nothing kept of earlier answers."""
        index, where = self._index()
        found = digest(index.releases)
        if found != self.releases:
            raise BookError(
                f"{where}: this executor's book is not the driver's (releases {found}, expected {self.releases}). "
                "Let Spark send the index (ship=True), or bring the folder up to date on every machine."
            )
        book = OpenBook(index)
        book.use_policies(self.policies)
        return book

    def _index(self) -> tuple[Index, str]:
        try:
            if self.index:
                path = Path(SparkFiles.get(self.index))
                return _sent(path), str(path)
            if not Path(self.folder).is_dir():
                raise FileNotFoundError
            return _shared(self.folder, self.with_starter), self.folder
        except OSError as error:
            raise BookError(
                f"{self.index or self.folder}: an executor cannot open the book ({type(error).__name__}). Put its "
                "folder where every machine sees it under this path, or let Spark send the index (ship=True)."
            ) from None


@lru_cache(maxsize=2)
def _sent(path: Path) -> Index:
    """Mapped into memory once for each Python worker, which Spark uses for task after task."""
    return Index(index_format.open_file(path))


@lru_cache(maxsize=2)
def _shared(folder: str, with_starter: bool) -> Index:
    return OpenBook.open(folder, with_starter=with_starter).index


def digest(releases: Iterable[Release]) -> str:
    """Differs between two books that could answer differently."""
    text = json.dumps([release.to_json() for release in releases], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def software() -> str:
    """This package's version, and a digest of the rules it has, plugins included."""
    rules = [(loaded.rule.code, loaded.rule.since, loaded.rule.message) for loaded in all_rules()]
    return f"cleanclaim {version('cleanclaim')} with rules {hashlib.sha256(repr(rules).encode()).hexdigest()[:12]}"

"""What a run writes must be none of what it reads, and no two outputs one file: told before anything is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.writing import followed

OUTPUT: Final = "--output"
FIXED: Final = "--fixed"
NEW_BASELINE: Final = "--write-baseline"
_BASELINE: Final = "the baseline"

_Key = tuple[int, int] | Path


@dataclass(frozen=True, slots=True)
class Reads:
    """What a run was told to read. No ``book`` is that of the environment, no ``policies`` those of it."""

    inputs: Sequence[str]
    history: Sequence[str]
    suppressions: Sequence[Path]
    policies: Sequence[Path]
    baseline: Path | None
    book: Path | None


class Guard:
    """The files a run reads, and where it writes."""

    def __init__(self) -> None:
        self._read: dict[_Key, str] = {}
        self._written: dict[_Key, str] = {}

    def keep(self, what: str, paths: Iterable[Path]) -> None:
        """These files are read: nothing may be written over them. ``what`` says what they are to the run."""
        self._read.update((_key(path), what) for path in paths)

    def add(self, option: str, path: Path) -> None:
        """``option`` writes to ``path``. Raises InputError when that is read, or written by another option too.

        Only the baseline that ``--baseline`` reads may be written anew by ``--write-baseline``.
        """
        key = _key(path)
        what = self._read.get(key)
        if what is not None and (what, option) != (_BASELINE, NEW_BASELINE):
            raise InputError(
                f"{option} {path}: that is {what} of this run. Name another: what a run reads is never written over."
            )
        other = self._written.setdefault(key, option)
        if other != option:
            raise InputError(f"{path}: {other} and {option} both name it. Give each a file of its own.")


def guard(reads: Reads, writes: Mapping[str, Path | None]) -> Guard:
    """The guard of a run that writes to these paths, by option.

    Raises InputError when one of them is read or is named twice, and where a policy named is not there.
    """
    made = Guard()
    named = {option: path for option, path in writes.items() if path is not None}
    if named:  # else no folder is walked
        _keep_all(made, reads)
    for option, path in named.items():
        made.add(option, path)
    return made


def _keep_all(made: Guard, reads: Reads) -> None:
    from cleanclaim.book.payers.shelf import own_policy_files
    from cleanclaim.book.store import BookStore
    from cleanclaim.claims.readers.detect import files_named

    book = BookStore.locate(reads.book).folder
    made.keep("a file of the book", files_named([book]) if book is not None and book.is_dir() else ())
    made.keep("a payer policy", own_policy_files(reads.policies))
    made.keep("a suppression file", reads.suppressions)
    made.keep("a file of the history", files_named(reads.history))
    made.keep("an input file", files_named(reads.inputs))
    made.keep(_BASELINE, () if reads.baseline is None else (reads.baseline,))


def _key(path: Path) -> _Key:
    """What a file is the same by, whichever of its names is used; a file yet to be made has its path only."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return followed(path)
    return found.st_dev, found.st_ino

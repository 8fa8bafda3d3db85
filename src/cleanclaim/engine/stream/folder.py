"""The folder of a large check: what it has read and checked so far, so that it can go on where it was stopped."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from cleanclaim.claims.spill import FORM
from cleanclaim.errors import InputError

_OF: Final = "check.json"
_READ: Final = "read.json"
_LOCK: Final = "lock"
_SPILLED: Final = ("claims-*", "history-*", "found-*", "unpacked-*", "rows-*")
_OURS: Final = (_OF, _READ, _LOCK, *_SPILLED, "streamed-*", "*.part")

Key = Mapping[str, Any]
"""What a check depends on, by what it is called in messages; every value can be written as JSON."""


class WorkFolder:
    """The folder; ``kept`` is True where the user named it, and it is there to go on with."""

    def __init__(self, path: Path, *, kept: bool) -> None:
        self.path = path
        self.kept = kept

    @classmethod
    @contextlib.contextmanager
    def open(cls, named: Path | None, beside: Path | None, key: Key) -> Iterator[WorkFolder]:
        """The folder ``named`` for the check ``key``, or else a new one in ``beside`` (None: where temporary files go).

        Nobody but its owner can read it. Raises InputError when it holds another check, or one that is running.
        """
        if named is None:
            folder = cls(_made(beside), kept=False)
        else:
            folder = cls(named, kept=True)
            try:
                named.mkdir(mode=0o700, exist_ok=True)
            except OSError as error:
                raise InputError(f"{named}: the folder cannot be made ({error.strerror}).") from error
        with folder._locked():
            folder._claim(json.loads(json.dumps({"form of the files": FORM, **key})))
            yield folder

    @classmethod
    @contextlib.contextmanager
    def for_now(cls, beside: Path | None) -> Iterator[WorkFolder]:
        """A new folder in ``beside`` (None: where temporary files go), which is gone afterwards whatever happens."""
        with cls.open(None, beside, {}) as folder:
            try:
                yield folder
            finally:
                folder.remove()

    def remove(self) -> None:
        """Remove what is ours in it, and the folder itself when nothing else is there."""
        self._unlink(_OURS)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def read_state(self) -> dict[str, Any] | None:
        """What was kept when all claims had been read; None when they have not."""
        try:
            made: dict[str, Any] = json.loads((self.path / _READ).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return made

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Keep that all claims have been read, and what the check has to know of it."""
        self._write(_READ, state)

    def forget(self) -> None:
        """Remove what an earlier run has read and found."""
        self._unlink(_SPILLED)

    def _unlink(self, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            for path in self.path.glob(pattern):
                path.unlink(missing_ok=True)

    def _claim(self, key: Mapping[str, Any]) -> None:
        """The folder is for this check: a new one, or the one it was made for."""
        try:
            before = json.loads((self.path / _OF).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if any(path.name != _LOCK for path in self.path.iterdir()):
                raise InputError(
                    f"{self.path}: not empty, and no check was begun in it. Name another folder, or a new one."
                ) from None
            self._write(_OF, key)
            return
        except (OSError, ValueError):
            raise InputError(f"{self.path}: damaged. Remove it and run the check again.") from None
        changed = [name for name in {**before, **key} if before.get(name) != key.get(name)]
        if changed:
            raise InputError(
                f"{self.path}: the check begun there cannot go on, for these are not what they were: "
                f"{', '.join(changed)}. Run it as it was begun, or name a new folder."
            )

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        beside = self.path / f"{name}.part"
        beside.write_text(json.dumps(values), encoding="utf-8")
        beside.replace(self.path / name)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.path / _LOCK).open("wb") as file:
            if not _lock(file):
                raise InputError(f"{self.path}: a check is running there. Wait for it, or name another folder.")
            yield


def _made(beside: Path | None) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".cleanclaim-", dir=beside))
    except OSError as error:
        where = beside or Path(tempfile.gettempdir())
        raise InputError(f"{where}: no folder can be made there to work in ({error.strerror}).") from error


def _lock(file: IO[bytes]) -> bool:
    """Hold the file as long as it is open; False when another process does. Where files cannot be held, always True."""
    try:
        import fcntl  # noqa: PLC0415 - Unix only
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""One file, fetched whole: resumed after an interruption, checked, and only then given its name.

Beside ``NAME`` stand, while it is under way, ``NAME.part`` and ``NAME.part.json``, and afterwards ``NAME.json``:
what the server said to tell one version of the file from another. A resumed download asks with ``If-Range``, so
that two versions are never joined.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from cleanclaim.errors import FetchError
from cleanclaim.sources.catalog import Source
from cleanclaim.sources.plan import Download
from cleanclaim.sources.verify import verify
from cleanclaim.sources.web import Answer, Interrupted, Web

Progress = Callable[[str, int, int | None], None]
"""Told as bytes arrive: the file's name, bytes so far, bytes in all (None when the server does not say)."""

_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that arrived, its sha256, and in words the checks it passed."""

    path: Path
    sha256: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Version:
    """Which version of which file a server sent."""

    url: str
    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, url: str, answer: Answer) -> _Version:
        return cls(url, answer.header("ETag"), answer.header("Last-Modified"))

    @classmethod
    def read(cls, path: Path) -> _Version | None:
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            return cls(entry["url"], entry["etag"], entry["modified"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or not ours: the file is fetched from its beginning

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @property
    def resumable(self) -> str:
        """What ``If-Range`` may carry (RFC 9110, 13.1.5): a strong ETag, or a date if there is no ETag."""
        if self.etag:
            return "" if self.etag.startswith("W/") else self.etag
        return self.modified

    def fits(self, answer: Answer) -> bool:
        """True unless ``answer``, a piece of the file, is marked as of another version.

        A server that disregards ``If-Range`` would otherwise have us join two versions.
        """
        if answer.header("ETag") != self.etag:
            return False
        return bool(self.etag) or answer.header("Last-Modified") in {"", self.modified}

    def unless_same(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another version; empty when the server gave no mark."""
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.modified} if self.modified else {}


def download(file: Download, source: Source, dest: Path, web: Web, progress: Progress | None = None) -> Arrived:
    """Fetch ``file`` into the folder ``dest``; a copy already there is kept if the server says it is the same.

    The licence page, if there is one, is passed as its Accept button does: ask for acceptance before.
    Raises :class:`~cleanclaim.errors.FetchError` when it cannot be had or is not what was promised. Nothing but
    a complete and checked file ever stands under its final name.
    """
    try:
        dest.mkdir(parents=True, exist_ok=True)
        return _Transfer(file, source, web, dest / file.name, progress).run()
    except OSError as error:
        raise FetchError(
            f"{error.filename or dest}: cannot be written or read ({error.strerror}). Make room or choose another "
            "folder, then run the update again."
        ) from error


@dataclass(frozen=True, slots=True)
class _Transfer:
    """One file on its way to ``final``."""

    file: Download
    source: Source
    web: Web
    final: Path
    progress: Progress | None

    @property
    def part(self) -> Path:
        return self.final.with_name(f"{self.final.name}.part")

    def run(self) -> Arrived:
        address = self._address()
        kept = self._kept_copy(address)
        if kept is not None:
            return kept
        self.web.patiently(lambda: self._go_on(address), self.source)
        return self._name_it()

    def _address(self) -> str:
        """What to request: the file, or what the Accept button of its licence page requests."""
        gate = self.file.gate
        if gate is None:
            return self.file.url
        accepted = self.web.page(gate.url, self.source).acceptance()
        if accepted is None:
            raise FetchError(
                f"{gate.url}: this licence page has no Accept button that this version of cleanclaim knows. "
                f"{self.source.by_hand}"
            )
        return accepted

    def _kept_copy(self, address: str) -> Arrived | None:
        """What an earlier run fetched, when it is still whole and the server has no other version of it."""
        version = _Version.read(_memo(self.final))
        if not self.final.exists() or version is None or version.url != self.file.url:
            return None
        headers = version.unless_same()

        def unchanged() -> bool:
            with self.web.open(address, self.source, headers) as answer:
                return answer.status == HTTPStatus.NOT_MODIFIED

        if not headers or not self.web.patiently(unchanged, self.source):
            return None
        try:
            return Arrived(self.final, *verify(self.final, self.file, self.source))
        except FetchError:
            return None  # it went bad on this disk: fetched anew

    def _go_on(self, address: str) -> None:
        """One try: go on from what has arrived, or begin. Raises Interrupted when the file is not complete."""
        version, have = self._begun()
        headers = {"Accept-Encoding": "identity"}
        if version is not None:
            headers |= {"Range": f"bytes={have}-", "If-Range": version.resumable}
        with self.web.open(address, self.source, headers) as answer:
            whole = answer.status == HTTPStatus.OK
            total = _total(answer, have)
            if whole:
                have = 0
                _Version.of(self.file.url, answer).write(_memo(self.part))
            elif total is None or version is None or not version.fits(answer):
                self.part.unlink(missing_ok=True)
                raise Interrupted(f"{self.file.url}: the server could not go on from byte {have:,}.")
            if answer.header("Content-Encoding") not in {"", "identity"}:
                raise FetchError(
                    f"{self.file.url}: the server packed the file, though asked not to. {self.source.by_hand}"
                )
            with self.part.open("wb" if whole else "ab") as out:
                for chunk in answer.chunks():
                    out.write(chunk)
                    have += len(chunk)
                    if self.progress is not None:
                        self.progress(self.file.name, have, total)
                out.flush()
                os.fsync(out.fileno())
        if total is not None and have != total:
            raise Interrupted(f"{self.file.url}: {have:,} of {total:,} bytes arrived.")

    def _begun(self) -> tuple[_Version | None, int]:
        """What has arrived and can be gone on from: of which version, and how many bytes."""
        version = _Version.read(_memo(self.part))
        have = self.part.stat().st_size if self.part.exists() else 0
        if have == 0 or version is None or version.url != self.file.url or not version.resumable:
            return None, 0
        return version, have

    def _name_it(self) -> Arrived:
        """Give the complete file its name if it passes the checks; else throw it away."""
        memo = _memo(self.part)
        try:
            digest, checks = verify(self.part, self.file, self.source)
        except FetchError:
            self.part.unlink()
            memo.unlink(missing_ok=True)
            raise
        # The file first: a memo of an older version makes the next run ask again, one of a newer would not.
        self.part.replace(self.final)
        memo.replace(_memo(self.final))
        return Arrived(self.final, digest, checks)


def _total(answer: Answer, have: int) -> int | None:
    """The size of the whole file; None when not said, and for a piece that does not begin at ``have``."""
    if answer.status == HTTPStatus.OK:
        length = answer.header("Content-Length")
        return int(length) if length.isdigit() else None
    piece = _CONTENT_RANGE.fullmatch(answer.header("Content-Range"))
    if answer.status != HTTPStatus.PARTIAL_CONTENT or piece is None or int(piece[1]) != have:
        return None
    return int(piece[2])


def _memo(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")

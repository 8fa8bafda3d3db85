"""The book on disk: a folder of Parquet tables, their rejects, and one manifest.

    BOOK/
      manifest.json                    releases, licences accepted; replaced in one step
      tables/<source>/<release>.<digest>.parquet
      rejects/<source>/<release>.<digest>.parquet
      index/                           derived; may be deleted at any time

A release appears whole or not at all: its tables are written beside their final place, renamed, and only then
named in the manifest. The digest of their content is part of their name, so a release that replaces another of the
same name never touches its tables before the manifest has changed. A reader that follows the manifest never sees
half a release.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.book.provenance import Release
from cleanclaim.errors import BookError, InputError

try:
    import fcntl
except ImportError:  # Windows has no such lock; there, load one file after the other
    fcntl = None  # type: ignore[assignment]  # the name stands for "no lock"

if TYPE_CHECKING:
    import pyarrow as pa

    from cleanclaim.book.tables.contract import ParsedRelease

MANIFEST_SCHEMA: Final = "cleanclaim.manifest/1"
STARTER_FOLDER: Final = Path(str(resources.files("cleanclaim.book"))) / "starter"
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def default_folder() -> Path:
    """The user's data folder, where the book lies unless CLEANCLAIM_BOOK or ``--book`` says otherwise."""
    from platformdirs import user_data_path  # noqa: PLC0415 - only when no folder was named

    return user_data_path("cleanclaim", appauthor=False) / "book"


def cache_folder() -> Path:
    """Where an index is kept when the book's own folder is read-only, as the package's is."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - only when it is needed

    return user_cache_path("cleanclaim", appauthor=False) / "index"


@dataclass(frozen=True)
class BookStore:
    """A book's folder and, unless left out, the starter's facts."""

    folder: Path | None
    with_starter: bool = True

    @classmethod
    def locate(cls, folder: Path | str | None = None, *, with_starter: bool | None = None) -> BookStore:
        """The book a command speaks of: the folder given, else CLEANCLAIM_BOOK, else the user's data folder.

        The starter is part of it unless CLEANCLAIM_NO_STARTER is 1.
        """
        named = folder or os.environ.get("CLEANCLAIM_BOOK")
        where = Path(named) if named else default_folder()
        try:
            is_file = where.exists() and not where.is_dir()
        except OSError as error:
            raise BookError(f"{where}: the book's folder cannot be opened ({error.strerror}).") from error
        if is_file:
            raise BookError(f"{where}: the book must be a folder, and this is a file.")
        if with_starter is None:
            with_starter = os.environ.get("CLEANCLAIM_NO_STARTER", "") not in {"1", "true", "yes"}
        return cls(where, with_starter=with_starter)

    @classmethod
    def to_read(
        cls, folder: Path | str | None = None, *, with_starter: bool | None = None, named: str = "--book"
    ) -> BookStore:
        """The book that something which only reads speaks of; ``named`` is what the folder is called in the message.

        Raises InputError for a folder that was given and is not there: mistyped, it would be answered from the starter
        without a word. CLEANCLAIM_BOOK and the user's data folder may name one yet to be filled.
        """
        store = cls.locate(folder, with_starter=with_starter)
        if folder and store.folder is not None and not store.folder.exists():
            raise InputError(
                f"{named} {folder}: there is no such folder. `cleanclaim data load FILE --book {folder}` makes it; "
                "without it the answer comes from your own book, or from the starter."
            )
        return store

    # --- reading

    def manifest(self) -> dict[str, Any]:
        """The manifest as written, or an empty one."""
        return _read_manifest(self.folder) if self.folder is not None else _empty_manifest()

    def own_releases(self) -> tuple[Release, ...]:
        """Releases loaded by the user."""
        return _releases(self.manifest(), self.folder)

    def starter_releases(self) -> tuple[Release, ...]:
        """Releases of which the package embeds a part."""
        if not self.with_starter:
            return ()
        return _releases(_read_manifest(STARTER_FOLDER), STARTER_FOLDER)

    def releases(self) -> tuple[Release, ...]:
        """Every release the book can answer from, the user's own first."""
        return (*self.own_releases(), *self.starter_releases())

    def table(self, release: Release, *, texts_once: bool = False) -> pa.Table:
        """The facts of a release; where it came in several parts, with the published ``file`` of each row.

        ``texts_once`` holds every text of a column once, with a number in each row: millions of rows then take a
        fraction of the memory. Raises BookError when a file of it is missing or damaged.
        """
        import pyarrow as pa  # noqa: PLC0415 - heavy, and needed only to build an index
        import pyarrow.parquet as pq  # noqa: PLC0415

        if release.starter:
            from cleanclaim.book.starter import read_table  # noqa: PLC0415

            return read_table(release)
        with _damage_named(release):
            paths = self._paths("tables", release)
            texts = _text_columns(paths[0]) if texts_once else None
            tables = [pq.ParquetFile(path, read_dictionary=texts).read() for path in paths]
        if len(tables) > 1:
            tables = [
                table.append_column("file", pa.repeat(pa.scalar(file), table.num_rows))
                for table, file in zip(tables, release.files, strict=True)
            ]
        return pa.concat_tables(tables)

    def rejects(self, release: Release) -> pa.Table:
        """The rejected rows of a release, with row, key and reason. Raises BookError as :meth:`table` does."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        with _damage_named(release):
            return pa.concat_tables([pq.ParquetFile(path).read() for path in self._paths("rejects", release)])

    def fingerprint(self) -> str:
        """Changes whenever an answer of the book could change; names the index built from it."""
        digest = hashlib.sha256()
        for release in self.releases():
            digest.update(json.dumps(release.to_json(), sort_keys=True).encode())
        return digest.hexdigest()[:20]

    def _paths(self, kind: str, release: Release) -> list[Path]:
        """The files that hold a release: one, or one for each part loaded."""
        folder = self._own_folder() / kind / release.source
        return [folder / f"{name}.parquet" for name in release.tables]

    @property
    def downloads(self) -> Path:
        """Where files fetched from publishers are kept."""
        return self._own_folder() / "downloads"

    def _own_folder(self) -> Path:
        if self.folder is None:
            raise BookError("This book has no folder of its own; name one with --book or CLEANCLAIM_BOOK.")
        return self.folder

    # --- writing

    def save(self, parsed: ParsedRelease, *, sha256: str, file: str, url: str = "", licence: str = "") -> Release:
        """Put a parsed release into the book, whole or not at all; the same release is replaced.

        A part of a release joins the parts already there; with all of them the release is whole. Raises InputError
        for an excerpt of a release that is there whole, BookError when the folder cannot be written.
        """
        for name in (parsed.source, parsed.release):
            if not _SAFE_NAME.fullmatch(name):
                raise InputError(f"{name!r} cannot name a source or release: letters, digits, . _ - only.")
        with self._writing():
            manifest = self.manifest()
            before = self._same(parsed)
            if before is not None and before.whole and not parsed.whole and parsed.part is None:
                raise InputError(
                    f"{file}: an excerpt of {parsed.source} {parsed.release}, which the book has whole. "
                    "It was not loaded; to use it, load it into a book of its own with --book."
                )
            table = self._write_tables(parsed)
            release = self._joined(parsed, before, (table, file, sha256))
            earlier = before.urls if before is not None and parsed.part is not None else ()
            urls = tuple(dict.fromkeys((*earlier, url))) if url else earlier
            release = replace(release, urls=urls, licence=licence)
            kept = [entry for entry in manifest["releases"] if not _is_release(entry, release)]
            manifest["releases"] = sorted(
                [*kept, release.to_json()], key=lambda entry: (entry["source"], entry["release"])
            )
            self._write_manifest(manifest)
            if before is not None:
                self._remove(replace(before, tables=tuple(sorted({*before.tables} - {*release.tables}))))
        return release

    def _write_tables(self, parsed: ParsedRelease) -> str:
        """Write facts and rejects under one name, which holds a digest of both; the name."""
        digest = hashlib.sha256()
        written: list[tuple[Path, Path]] = []
        try:
            for kind, facts in (("tables", parsed.table), ("rejects", parsed.rejects)):
                folder = self._own_folder() / kind / parsed.source
                beside = folder / _beside(parsed.release)
                written.append((folder, beside))
                digest.update(_write_parquet(facts, beside))
            part = "" if parsed.part is None else f".part{parsed.part}"
            name = f"{parsed.release}{part}.{digest.hexdigest()[:12]}"
            for folder, beside in written:
                beside.replace(folder / f"{name}.parquet")
        finally:
            for _, beside in written:
                beside.unlink(missing_ok=True)
        return name

    def _joined(self, parsed: ParsedRelease, before: Release | None, new: tuple[str, str, str]) -> Release:
        """The manifest entry of what was parsed, together with the parts of it that the book has already.

        ``new`` is the table's name, the published file and its sha256.
        """
        pieces = {parsed.part or 0: new}
        if parsed.part is not None and before is not None:
            there = zip(before.tables, before.files, before.part_sha256, strict=True)
            pieces = dict(zip(before.parts, there, strict=True)) | pieces
        tables, files, digests = zip(*(pieces[number] for number in sorted(pieces)), strict=True)
        release = Release(
            source=parsed.source,
            release=parsed.release,
            covers_from=parsed.covers_from,
            covers_to=parsed.covers_to,
            published=parsed.published,
            rows=0,
            rejected=0,
            sha256=digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
            files=files,
            tables=tables,
            whole=parsed.whole,
            notes=parsed.notes,
        )
        if parsed.part is not None:
            numbers = tuple(sorted(pieces))
            whole = numbers == tuple(range(1, (parsed.parts_expected or 0) + 1))
            release = replace(release, parts=numbers, part_sha256=digests, whole=whole)
        with _damage_named(release):
            return replace(
                release,
                rows=sum(_rows(path) for path in self._paths("tables", release)),
                rejected=sum(_rows(path) for path in self._paths("rejects", release)),
            )

    def _remove(self, release: Release) -> None:
        """Delete the tables of a release that is no longer in the manifest; what cannot be deleted does no harm."""
        for path in (*self._paths("tables", release), *self._paths("rejects", release)):
            with contextlib.suppress(OSError):
                path.unlink()

    def accept_licence(self, record: dict[str, str]) -> None:
        """Record that the user accepted a publisher's licence, once."""
        with self._writing():
            manifest = self.manifest()
            manifest["licences"] = {**manifest["licences"], record["licence"]: record}
            self._write_manifest(manifest)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, so that two loads at once lose nothing. Raises BookError where nobody may write."""
        folder = self._own_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ".lock").open("a") as lock:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise BookError(
                f"{folder}: the book cannot be written ({error.strerror or error}). Nothing was changed; "
                "name another folder with --book or CLEANCLAIM_BOOK, or free some space."
            ) from error

    def verify(self) -> Iterator[tuple[Release, str]]:
        """Every release with ``ok``, or what is wrong with it: file missing or damaged, content or count changed."""
        for release in self.releases():
            try:
                rows, rejected = self.table(release).num_rows, release.rejected
                if not release.starter:
                    rejected = self.rejects(release).num_rows
                    self._check_digests(release)
            except BookError as error:
                yield release, str(error)
                continue
            counted, told = (rows, rejected), (release.rows, release.rejected)
            yield release, "ok" if counted == told else f"{counted} rows and rejects, the manifest says {told}"

    def _check_digests(self, release: Release) -> None:
        for table, rejects in zip(self._paths("tables", release), self._paths("rejects", release), strict=True):
            with _damage_named(release):
                digest = hashlib.sha256(_digest(table) + _digest(rejects)).hexdigest()[:12]
                if not table.stem.endswith(f".{digest}"):
                    raise OSError(f"{table.name} was changed since it was written")

    def _same(self, parsed: ParsedRelease) -> Release | None:
        for release in self.own_releases():
            if (release.source, release.release) == (parsed.source, parsed.release):
                return release
        return None

    def _write_manifest(self, manifest: dict[str, Any]) -> None:
        replace_file(
            self._own_folder() / "manifest.json",
            (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode(),
        )


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path``, to the disk, and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(_beside(path.name))
    try:
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _beside(name: str) -> str:
    """A hidden name for a file on its way to ``name``, which no other process or thread uses."""
    return f".{name}.{os.getpid()}.{threading.get_ident()}"


def _write_parquet(table: pa.Table, path: Path) -> bytes:
    """Write a Parquet file to the disk; the digest of its content."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        pq.write_table(table, out, compression="zstd")
        out.flush()
        os.fsync(out.fileno())
    return _digest(path)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _text_columns(path: Path) -> list[str]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    return [field.name for field in pq.read_schema(path) if pa.types.is_string(field.type)]


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415

    return int(pq.read_metadata(path).num_rows)


@contextlib.contextmanager
def _damage_named(release: Release) -> Iterator[None]:
    """Turn what goes wrong with a release's files into one clear error with the next step."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise BookError(
            f"The table of {release.source} {release.release} is missing or damaged ({error}). "
            f"Load it again: cleanclaim data load {' '.join(release.files) or '<file>'}"
        ) from error


def as_starter(release: Release) -> Release:
    """The manifest entry of a release of which only a part is embedded."""
    return replace(release, starter=True, whole=False)


def _is_release(entry: dict[str, Any], release: Release) -> bool:
    return (entry["source"], entry["release"]) == (release.source, release.release)


def _empty_manifest() -> dict[str, Any]:
    return {"schema": MANIFEST_SCHEMA, "releases": [], "licences": {}}


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return _empty_manifest()
    except (OSError, ValueError) as error:
        raise BookError(f"{path}: the book's manifest cannot be read ({error}). Load the book again.") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != MANIFEST_SCHEMA:
        found = manifest.get("schema") if isinstance(manifest, dict) else type(manifest).__name__
        raise BookError(
            f"{path}: written by another version of cleanclaim ({found!r}, this one writes {MANIFEST_SCHEMA!r}). "
            "Load the book again into a new folder."
        )
    return _empty_manifest() | manifest


def _releases(manifest: dict[str, Any], folder: Path | None) -> tuple[Release, ...]:
    try:
        return tuple(Release.from_json(entry) for entry in manifest["releases"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BookError(
            f"{folder}: the book's manifest has an entry that cannot be read ({type(error).__name__}: {error}). "
            "Load the book again into a new folder."
        ) from error

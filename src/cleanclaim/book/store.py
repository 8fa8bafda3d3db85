"""The book on disk: a folder of Parquet tables, their rejects, and one manifest.

    BOOK/
      manifest.json                    releases, licences accepted; replaced in one step
      tables/<source>/<release>.parquet
      rejects/<source>/<release>.parquet
      index/                           derived; may be deleted at any time

A release appears whole or not at all: its tables are written beside their final place, renamed, and only then
named in the manifest. A reader that follows the manifest never sees half a release.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.book.provenance import Release
from cleanclaim.errors import BookError, InputError

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
        if where.exists() and not where.is_dir():
            raise BookError(f"{where}: the book must be a folder, and this is a file.")
        if with_starter is None:
            with_starter = os.environ.get("CLEANCLAIM_NO_STARTER", "") not in {"1", "true", "yes"}
        return cls(where, with_starter=with_starter)

    # --- reading

    def manifest(self) -> dict[str, Any]:
        """The manifest as written, or an empty one."""
        return _read_manifest(self.folder) if self.folder is not None else _empty_manifest()

    def own_releases(self) -> tuple[Release, ...]:
        """Releases loaded by the user."""
        return tuple(Release.from_json(entry) for entry in self.manifest()["releases"])

    def starter_releases(self) -> tuple[Release, ...]:
        """Releases of which the package embeds a part."""
        if not self.with_starter:
            return ()
        entries = _read_manifest(STARTER_FOLDER)["releases"]
        return tuple(Release.from_json(entry) for entry in entries)

    def releases(self) -> tuple[Release, ...]:
        """Every release the book can answer from, the user's own first."""
        return (*self.own_releases(), *self.starter_releases())

    def table(self, release: Release) -> pa.Table:
        """The facts of a release. Raises BookError when a file of it is missing or damaged."""
        import pyarrow as pa  # noqa: PLC0415 - heavy, and needed only to build an index
        import pyarrow.parquet as pq  # noqa: PLC0415

        if release.starter:
            from cleanclaim.book.starter import read_table  # noqa: PLC0415

            return read_table(release)
        try:
            return pa.concat_tables([pq.read_table(path) for path in self._paths("tables", release)])
        except (OSError, pa.ArrowException) as error:
            raise BookError(
                f"The table of {release.source} {release.release} is missing or damaged ({error}). "
                f"Load it again: cleanclaim data load {' '.join(release.files) or '<file>'}"
            ) from error

    def rejects(self, release: Release) -> pa.Table:
        """The rejected rows of a release, with row, key and reason."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        return pa.concat_tables([pq.read_table(path) for path in self._paths("rejects", release)])

    def fingerprint(self) -> str:
        """Changes whenever an answer of the book could change; names the index built from it."""
        digest = hashlib.sha256()
        for release in self.releases():
            digest.update(json.dumps(release.to_json(), sort_keys=True).encode())
        return digest.hexdigest()[:20]

    def _paths(self, kind: str, release: Release) -> list[Path]:
        """The files that hold a release: one, or one for each part loaded."""
        folder = self._own_folder() / kind / release.source
        names = [f"{release.release}.part{part}" for part in release.parts] or [release.release]
        return [folder / f"{name}.parquet" for name in names]

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

        A part of a release joins the parts already there; with all of them the release is whole.
        """
        for name in (parsed.source, parsed.release):
            if not _SAFE_NAME.fullmatch(name):
                raise InputError(f"{name!r} cannot name a source or release: letters, digits, . _ - only.")
        before = self._same(parsed) if parsed.part is not None else None
        others = tuple(part for part in before.parts if part != parsed.part) if before is not None else ()
        parts = tuple(sorted({*others, parsed.part})) if parsed.part is not None else ()
        release = Release(
            source=parsed.source,
            release=parsed.release,
            covers_from=parsed.covers_from,
            covers_to=parsed.covers_to,
            published=parsed.published,
            rows=0,
            rejected=0,
            sha256=sha256,
            url=url,
            licence=licence,
            files=tuple(dict.fromkeys((*(before.files if before is not None else ()), file))),
            parts=parts,
            whole=parsed.whole,
            notes=parsed.notes,
        )
        if parsed.part is not None:
            whole = parts == tuple(range(1, (parsed.parts_expected or 0) + 1))
            together = hashlib.sha256(f"{before.sha256 if others and before else ''}{sha256}".encode())
            release = replace(release, whole=whole, sha256=together.hexdigest() if others else sha256)
        at = parts.index(parsed.part) if parsed.part is not None else 0
        write_table(parsed.table, self._paths("tables", release)[at])
        write_table(parsed.rejects, self._paths("rejects", release)[at])
        release = replace(
            release,
            rows=sum(_rows(path) for path in self._paths("tables", release)),
            rejected=sum(_rows(path) for path in self._paths("rejects", release)),
        )
        manifest = self.manifest()
        kept = [entry for entry in manifest["releases"] if not _is_release(entry, release)]
        manifest["releases"] = sorted([*kept, release.to_json()], key=lambda entry: (entry["source"], entry["release"]))
        self._write_manifest(manifest)
        return release

    def accept_licence(self, record: dict[str, str]) -> None:
        """Record that the user accepted a publisher's licence, once."""
        manifest = self.manifest()
        manifest["licences"] = {**manifest["licences"], record["licence"]: record}
        self._write_manifest(manifest)

    def verify(self) -> Iterator[tuple[Release, str]]:
        """Every release with ``ok``, or what is wrong with it: file missing or damaged, row count changed."""
        for release in self.releases():
            try:
                rows = self.table(release).num_rows
            except BookError as error:
                yield release, str(error)
                continue
            yield release, "ok" if rows == release.rows else f"{rows} rows, manifest says {release.rows}"

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


def write_table(table: pa.Table, path: Path) -> None:
    """Write Parquet beside ``path`` and rename it into place."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pq.write_table(table, beside, compression="zstd")
        beside.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` beside ``path``, to the disk, and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415

    return int(pq.read_metadata(path).num_rows)


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
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return _empty_manifest()
    except (OSError, ValueError) as error:
        raise BookError(f"{path}: the book's manifest cannot be read ({error}). Load the book again.") from error
    if manifest.get("schema") != MANIFEST_SCHEMA:
        raise BookError(
            f"{path}: written by another version of cleanclaim ({manifest.get('schema')!r}, "
            f"this one writes {MANIFEST_SCHEMA!r}). Load the book again into a new folder."
        )
    return manifest

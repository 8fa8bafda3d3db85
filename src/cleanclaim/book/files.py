"""Published files as they come: text, csv, xlsx, and gz or zip of those."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cleanclaim.errors import InputError

_XLSX_MARK = b"PK\x03\x04"
_MAX_MEMBER_BYTES = 2 << 30  # the largest published table unpacks to 0.2 GB; anything near this is no table
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class PublishedFile:
    """One file of a publisher, unpacked.

    ``name`` is the file's own name, ``origin`` where it was found (``a.zip!b.txt``), ``sha256`` is of the
    file given by the user (the archive, where it came in one).
    """

    name: str
    origin: str
    sha256: str
    content: bytes = field(repr=False)

    @cached_property
    def is_sheet(self) -> bool:
        """True for an Excel workbook (and not for another zip: a Word document, an archive in an archive)."""
        return self.content.startswith(_XLSX_MARK) and _is_workbook(self.content)

    @property
    def _is_binary(self) -> bool:
        return self.content.startswith(_XLSX_MARK)

    @cached_property
    def text(self) -> str:
        """The content as text: UTF-8, or Windows-1252 as older CMS files are."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.content.decode("cp1252", errors="replace")

    def head(self, lines: int = 20) -> list[str]:
        """The first physical lines of a text file, without line ends; empty for a workbook or another zip."""
        if self._is_binary:
            return []
        piece = self.content[: lines * 4000]
        return piece.decode("utf-8-sig", errors="replace").splitlines()[:lines]

    @cached_property
    def sheet(self) -> list[list[str]]:
        """Rows of the first sheet, every cell as text (whole numbers without a decimal point).

        Raises InputError when the workbook is damaged.
        """
        # Imported here: only a load of a workbook needs it.
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(self.content))
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise InputError(f"{self.origin}: the workbook cannot be read ({error}). Get it again.") from error
        return [[_cell(value) for value in row] for row in rows]

    def rows(self, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
        """Rows with the number, from 1, of the physical line (or sheet row) each begins on.

        Raises InputError where a quote is never closed.
        """
        if self.is_sheet:
            yield from enumerate(self.sheet, start=1)
            return
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter)
        before = 0
        try:
            for row in reader:
                yield before + 1, row
                before = reader.line_num
        except csv.Error as error:
            raise InputError(f"{self.origin}, line {before + 1}: cannot be read as a table ({error}).") from error

    def first_rows(self, count: int = 20) -> list[list[str]]:
        """The first rows of a workbook or comma-separated file, cheaply, to recognise its layout."""
        if self.is_sheet:
            return self.sheet[:count]
        reader = csv.reader(io.StringIO("\n".join(self.head(count * 2)), newline=""))
        try:
            return [row for _, row in zip(range(count), reader, strict=False)]
        except csv.Error:
            return []


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def open_published(path: Path) -> Iterator[PublishedFile]:
    """Unpack ``path``: the file itself, the content of a gz, or each member of a zip.

    Raises :class:`~cleanclaim.errors.InputError` when the archive is damaged.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    digest = hashlib.sha256(content).hexdigest()
    try:
        if content.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
                inner = unpacked.read(_MAX_MEMBER_BYTES + 1)
            if len(inner) > _MAX_MEMBER_BYTES:
                raise InputError(f"{path}: unpacks to more than any published table; it is none.")
            yield PublishedFile(path.name.removesuffix(".gz"), str(path), digest, inner)
        elif content.startswith(_XLSX_MARK) and not _is_workbook(content):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in sorted(archive.infolist(), key=lambda entry: entry.filename):
                    if member.is_dir():
                        continue
                    if member.file_size > _MAX_MEMBER_BYTES:
                        raise InputError(f"{path}!{member.filename}: unpacks to more than any published table.")
                    yield from _member(f"{path}!{member.filename}", digest, archive.read(member))
        else:
            yield PublishedFile(path.name, str(path), digest, content)
    except _DAMAGE as error:
        raise InputError(f"{path}: the archive is damaged or cannot be unpacked ({error}).") from error


def _member(origin: str, digest: str, content: bytes) -> Iterator[PublishedFile]:
    """A member of an archive, or, where it is a zip file itself (the exports of the coverage database), its members."""
    name = origin.rpartition("!")[2]
    if not name.lower().endswith(".zip") or not content.startswith(_XLSX_MARK):
        yield PublishedFile(Path(name).name, origin, digest, content)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if member.is_dir():
                continue
            if member.file_size > _MAX_MEMBER_BYTES:
                raise InputError(f"{origin}!{member.filename}: unpacks to more than any published table.")
            yield from _member(f"{origin}!{member.filename}", digest, archive.read(member))


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False

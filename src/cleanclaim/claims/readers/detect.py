"""From what the user names to claims: files, gz, zip, folders, ``-``; the format is told by the content.

``inputs`` says which files there are, ``read`` reads one. So a caller can count and report per file, and a file
that cannot be read stops only itself.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from cleanclaim.claims.model import Claim, Reader
from cleanclaim.claims.readers.content import is_mapped, mapped
from cleanclaim.claims.readers.x12_columns import pays as compiled_pays
from cleanclaim.claims.readers.x12_columns import read_parts as read_compiled
from cleanclaim.errors import InputError, UnknownName, UnreadableFile
from cleanclaim.types import Reject

if TYPE_CHECKING:  # loads arrays, which a small check does without
    from cleanclaim.claims.readers.x12_columns.parts import Part

MOST_BYTES: Final = 1 << 30
"""The largest file that is read, unpacked. A file is held in memory whole; a few kilobytes can unpack to more
than any memory, so the limit stands whatever the archive declares."""
_CHUNK: Final = 1 << 20
_STDIN: Final = "-"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PARQUET: Final = b"PAR1"
_RTF: Final = b"{\\rtf"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_RESOURCE_TYPE: Final = re.compile(rb'"resourceType"\s*:')
_HEAD: Final = 4096
_SEARCHED: Final = 1 << 24
"""A FHIR file names the type of a resource somewhere in so many bytes."""
_PACKED: Final = 10
"""Claims files unpack to about so many times their size."""
_MOST_PACKED: Final = 100
"""What unpacks to more than that, and to more than the limit, is not trusted."""
_LARGE_TABLE: Final = 1 << 22
"""Rows of a table of more bytes are gathered on disk, where there is a folder for that: they take 20 times as many."""
_PACKED_TABLE: Final = 100
"""How many bytes of text a byte of Parquet may stand for."""
_WORTH_COLUMNS: Final = 4 << 20
"""Bytes of a file that is worth what it takes to begin reading it in tables."""
_CLAIMS_OF_A_TABLE: Final = 32_768
_ENCRYPTED: Final = 0x1
_TAR: Final = slice(257, 262)
_ACCEPTED: Final = (
    "Read are 837P and 837I (X12 5010), CSV, Parquet, JSON lines, FHIR R4 (JSON), and gz or zip of those."
)
_KNOWN_OTHERS: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (xls, doc): save it as CSV"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (b"Rar!", "a rar archive: unpack it first"),
    (b"SQLite format 3", "an SQLite database: export it as CSV"),
    (_RTF, "an RTF document"),
    (_GZIP, "an archive inside an archive: unpack it first"),
    (_ZIP[0], "an archive inside an archive: unpack it first"),
    (_ZIP[1], "an archive inside an archive: unpack it first"),
    (b"\xff\xfe", "UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text: save it as UTF-8"),
)


class Format(StrEnum):
    """The formats that are read; the value is what ``--from`` takes."""

    X12_837 = "x12-837"
    FHIR = "fhir"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. ``name`` is what places and messages call it (``a.zip!b.837`` in an archive).

    ``load`` gives its content, unpacked, or raises UnreadableFile. ``named`` is True when the user named this
    very file: then not being able to read it is an error, else a reject. ``size`` is about how many bytes it has,
    unpacked; 0 where that is not known.
    """

    name: str
    load: Callable[[], bytes]
    named: bool = True
    size: int = 0


def detect(content: bytes, file: str = "input") -> Format:
    """The format of a claims file, by its content alone.

    Raises UnreadableFile, saying what it looks like and what is read, when it is none of them.
    """
    if content.startswith(_PARQUET):
        return Format.PARQUET
    text = content[:_HEAD].removeprefix(_BYTE_ORDER_MARK).lstrip(b" \t\r\n\x00")
    if _looks_like_x12(content):
        return Format.X12_837
    if text.startswith((b"{", b"[")) and not text.startswith(_RTF):
        return Format.FHIR if _RESOURCE_TYPE.search(content, 0, _SEARCHED) else Format.JSONL
    if problem := _other_kind(content, text):
        raise UnreadableFile(f"{file}: {problem}. {_ACCEPTED}")
    return Format.CSV


def _form_of(content: bytes, file: str, forced: Format | None) -> Format:
    """The format to read a file as. Text can be taken for another format than it seems; Parquet is never in doubt."""
    if forced is None:
        return detect(content, file)
    if content.startswith(_PARQUET) and forced is not Format.PARQUET:
        raise UnreadableFile(f"{file}: a Parquet file, which cannot be read as {forced}. Leave out --from.")
    if forced is Format.PARQUET and not content.startswith(_PARQUET):
        raise UnreadableFile(f"{file}: no Parquet file. Leave out --from: the content tells the format.")
    return forced


def _looks_like_x12(content: bytes) -> bool:
    from cleanclaim.claims.readers import x12_837  # noqa: PLC0415 - the readers of other formats are not loaded

    return x12_837.looks_like(content)


def _other_kind(content: bytes, text: bytes) -> str:
    """What content that is neither X12, JSON nor Parquet looks like; ``""`` when it may be a CSV."""
    from cleanclaim.claims.readers import tabular  # noqa: PLC0415 - as above

    known = next((kind for magic, kind in _KNOWN_OTHERS if content.startswith(magic)), "")
    if known:
        return known
    if content[_TAR] == b"ustar":
        return "a tar archive: unpack it first, or make it a zip"
    if not text:
        return "an empty file"
    if text.startswith(b"<"):
        return _markup(text.lower())
    if any(byte < ord(" ") and byte not in b"\t\r\n\f" for byte in text):
        return "binary data of an unknown kind"
    return "" if tabular.has_header(content) else "text without a header line of columns"


def _markup(text: bytes) -> str:
    if b"hl7.org/fhir" in text:
        return "FHIR in XML: ask the sender for JSON, or convert it"
    return "an HTML page" if b"<html" in text or b"<!doctype html" in text else "XML"


def read(source: InputFile, forced: str | None = None) -> Iterator[Claim | Reject]:
    """Every claim of one input file, or the reject that stands for it, in file order.

    ``forced`` is a format to read it as, whatever it looks like. A file that cannot be read at all is one
    reject that counts no claim, or, when the user named it, UnreadableFile. Raises UnknownName for a
    ``forced`` that is no format.
    """
    return (entry for _, entry in read_placed(source, forced))


def read_placed(
    source: InputFile, forced: str | None = None, scratch: Path | None = None
) -> Iterator[tuple[int, Claim | Reject]]:
    """The same, each with a number that tells their order in the file.

    With ``scratch``, a folder to work in, the claims of a large table come in any order: they are put together on disk.
    """
    form = None if forced is None else _format(forced)
    try:
        content = source.load()
        yield from _placed(_form_of(content, source.name, form), content, source.name, scratch)
    except UnreadableFile as error:
        if source.named:
            raise
        yield 0, _rejected(source, error)


def read_tables(source: InputFile, forced: str | None = None, ahead: int = 0) -> Iterator[Part] | None:
    """The same, in parts that hold the claims as tables; None where there is no faster way than one by one.

    A part may be written over when the next is asked for; with ``ahead``, when so many more have been. An 837 is read
    so where the compiler is installed (the extra ``fast``), a CSV where each row is one line of plain cells, and any
    file only if it is large: what it takes to begin is more than a small file is worth.
    """
    form = None if forced is None else _format(forced)
    try:
        content = source.load()
        form = _form_of(content, source.name, form)
    except UnreadableFile:
        return None  # who reads it one by one will say so
    if form is Format.PARQUET and len(content) >= _WORTH_COLUMNS // _PACKED_TABLE:
        from cleanclaim.claims.readers.table_columns import parquet  # noqa: PLC0415 - loads arrays

        return _whole_or_rejected(parquet.read_parts(content, source.name), source)
    if form is Format.CSV and len(content) >= _WORTH_COLUMNS:
        from cleanclaim.claims.readers.table_columns import delimited  # noqa: PLC0415 - loads arrays

        try:
            return delimited.read_parts(content, source.name)
        except UnreadableFile:
            return None  # as above
    if form is Format.X12_837 and compiled_pays(len(content)):
        parts = read_compiled(
            content, source.name, claims=_CLAIMS_OF_A_TABLE, reused=True, ahead=ahead, worth_compiling=0
        )
        return _whole_or_rejected(parts, source)
    return None


def _whole_or_rejected(parts: Iterator[Part], source: InputFile) -> Iterator[Part]:
    from cleanclaim.claims.readers.x12_columns.parts import Part as MadePart  # noqa: PLC0415 - loads arrays

    try:
        yield from parts
    except UnreadableFile as error:
        if source.named:
            raise
        yield MadePart.of([_rejected(source, error)])


def _rejected(source: InputFile, error: UnreadableFile) -> Reject:
    return Reject(source.name, None, "file", str(error).removeprefix(f"{source.name}: "), claims=0)


def _placed(form: Format, content: bytes, name: str, scratch: Path | None) -> Iterator[tuple[int, Claim | Reject]]:
    size = len(content) * (_PACKED_TABLE if form is Format.PARQUET else 1)
    if form in _TABLES and scratch is not None and size > _LARGE_TABLE:
        from cleanclaim.claims.readers import tabular  # noqa: PLC0415 - a small check does not load them
        from cleanclaim.claims.spread import Spread  # noqa: PLC0415

        readers = {
            Format.JSONL: tabular.placed_jsonl,
            Format.CSV: tabular.placed_csv,
            Format.PARQUET: tabular.placed_parquet,
        }
        groups = Spread(scratch, "rows", min(_MOST_GROUPS, 1 + size // _BYTES_OF_A_GROUP))
        try:
            yield from readers[form](content, name, groups)
        finally:  # what was given up half way would be taken for rows of the next file
            groups.remove()
        return
    if form is Format.X12_837 and compiled_pays(len(content)):
        yield from enumerate(entry for part in read_compiled(content, name) for entry in part.items())
        return
    if form in _WHOLE and is_mapped(content):
        if len(content) > MOST_BYTES:
            raise UnreadableFile(
                f"{name}: {form} of more than {MOST_BYTES >> 20} MiB, which cannot be read piece by piece. Split it."
            )
        content = content[:]
    yield from enumerate(_reader(form)(content, name))


_TABLES: Final = frozenset({Format.JSONL, Format.CSV, Format.PARQUET})
_WHOLE: Final = frozenset({Format.FHIR})
"""Formats whose reader needs the whole file in memory: a resource may refer to any other."""
_BYTES_OF_A_GROUP: Final = 1 << 21
_MOST_GROUPS: Final = 4_096


def _format(name: str) -> Format:
    try:
        return Format(name)
    except ValueError:
        near = get_close_matches(name, list(Format), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UnknownName(f"{name!r} is no format.{hint} Formats: {', '.join(Format)}.") from None


def _reader(form: Format) -> Reader:
    from cleanclaim.claims.readers import fhir, tabular, x12_837  # noqa: PLC0415

    readers: dict[Format, Reader] = {
        Format.X12_837: x12_837.read,
        Format.FHIR: fhir.read,
        Format.JSONL: tabular.read_jsonl,
        Format.CSV: tabular.read_csv,
        Format.PARQUET: tabular.read_parquet,
    }
    return readers[form]


def inputs(paths: Iterable[str | Path], scratch: Path | None = None) -> Iterator[InputFile]:
    """The files that ``paths`` name, in the order named: a folder's in sorted order, an archive's in its own.

    Hidden files of folders and archives are skipped. ``-`` is standard input. With ``scratch``, a folder to work in,
    their contents are not held in memory: what is packed is unpacked there. Raises UnreadableFile when a path is not
    there, or is a folder or archive with nothing in it; InputError when one is empty.
    """
    for path in paths:
        if str(path) == _STDIN:
            yield from _streamed(sys.stdin.buffer, _STDIN, scratch)
        elif not str(path):  # a variable of the shell that is not set; to Path it is the folder we are in
            raise InputError("A path is empty. Name a file or a folder; the folder you are in is `.`.")
        elif Path(path).is_dir():
            yield from _folder(Path(path), scratch)
        else:
            yield from _file(Path(path), scratch, named=True)


def _streamed(stream: IO[bytes], name: str, scratch: Path | None) -> Iterator[InputFile]:
    """What can be read only once: kept in memory, or on disk."""
    if scratch is None:
        yield from _held(_bounded(stream, name), name)
        return
    handle, path = tempfile.mkstemp(prefix="streamed-", dir=scratch)
    with os.fdopen(handle, "wb") as out:
        shutil.copyfileobj(stream, out, _CHUNK)
    yield from _known(Path(path), name, scratch, named=True)


def _held(content: bytes, name: str) -> Iterator[InputFile]:
    """What came from a stream, which can be read only once."""
    if content.startswith(_ZIP):
        yield from _archive(io.BytesIO(content), name)
    else:
        yield InputFile(name, lambda: _gunzipped(content, name))


def files_named(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files on disk that :func:`inputs` would open for ``paths``: an archive is one, standard input none."""
    for path in map(Path, paths):
        if str(path) != _STDIN:
            yield from _members(path) if path.is_dir() else (path,)


def _comes_once(path: str | Path) -> bool:
    """Standard input, or a pipe."""
    given = Path(path)
    return str(path) == _STDIN or (given.exists() and not given.is_dir() and not given.is_file())


def about(paths: Sequence[str | Path]) -> tuple[int, bool]:
    """About how many bytes the files that ``paths`` name have, unpacked; and whether one can be read only once."""
    size, streamed = 0, any(map(_comes_once, paths))
    for path in files_named(paths):
        try:
            if path.is_file():
                with path.open("rb") as file:
                    head = file.read(len(_ZIP[0]))
                packed = head.startswith((_GZIP, _PARQUET, *_ZIP))
                size += path.stat().st_size * (_PACKED if packed else 1)
        except OSError:  # whoever reads it will say so
            continue
    return size, streamed


def _members(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _is_hidden(path.relative_to(folder).parts):
            yield path


def _folder(folder: Path, scratch: Path | None) -> Iterator[InputFile]:
    empty = True
    for path in _members(folder):
        empty = False
        yield from _file(path, scratch, named=False)
    if empty:
        raise UnreadableFile(f"{folder}: a folder without a file to read. {_ACCEPTED}")


def _is_hidden(parts: Iterable[str]) -> bool:
    # "." and ".." are steps of a path: some programs write ./claims.837 into a zip.
    return any((part.startswith(".") and part.strip(".") != "") or part == "__MACOSX" for part in parts)


def _file(path: Path, scratch: Path | None, *, named: bool) -> Iterator[InputFile]:
    name = str(path)
    try:
        if path.is_file():
            yield from _known(path, name, scratch, named=named)
            return
        with path.open("rb") as file:  # a pipe, as the shell's <( )
            yield from _streamed(file, name, scratch)
    except OSError as error:
        yield from _unusable(_no_access(name, error), name, named=named)
    except UnreadableFile as error:
        yield from _unusable(error, name, named=named)


def _known(path: Path, name: str, scratch: Path | None, *, named: bool) -> Iterator[InputFile]:
    """A file on disk, or the members of one that is an archive."""
    with path.open("rb") as file:
        head = file.read(len(_ZIP[0]))
    if head.startswith(_ZIP):
        yield from _archive(path, name, scratch)
        return
    size = path.stat().st_size * (_PACKED if head.startswith((_GZIP, _PARQUET)) else 1)
    yield InputFile(name, partial(_content, path, name, scratch), named, size)


def _unusable(problem: UnreadableFile, name: str, *, named: bool) -> Iterator[InputFile]:
    """Raises when the user named the file; else a file that raises when it is read, to become a reject."""
    if named:
        raise problem from None

    def load() -> bytes:
        raise problem

    yield InputFile(name, load, named=False)


def _no_access(name: str, error: OSError) -> UnreadableFile:
    return UnreadableFile(f"{name}: cannot be opened ({(error.strerror or type(error).__name__).lower()}).")


def _content(path: Path, name: str, scratch: Path | None) -> bytes:
    try:
        if scratch is not None:
            return _mapped(path, name, scratch)
        with path.open("rb") as file:
            return _gunzipped(_bounded(file, name), name)
    except OSError as error:
        raise _no_access(name, error) from None


def _mapped(path: Path, name: str, scratch: Path) -> bytes:
    """The content of a file, unpacked in ``scratch`` where it is packed, without reading it into memory."""
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
    if not packed:
        return mapped(path)
    try:
        with gzip.open(path) as stream:
            return mapped(_unpacked(stream, name, scratch, path.stat().st_size))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{name}: a damaged gz ({type(error).__name__}). Ask for it again.") from None


def _unpacked(stream: IO[bytes] | gzip.GzipFile, name: str, scratch: Path, packed: int) -> Path:
    """A file in ``scratch`` with all of a stream. No few bytes may unpack to fill a disk, whatever they declare."""
    most, size = max(MOST_BYTES, _MOST_PACKED * packed), 0
    handle, path = tempfile.mkstemp(prefix="unpacked-", dir=scratch)
    with os.fdopen(handle, "wb") as out:
        while chunk := stream.read(_CHUNK):
            out.write(chunk)
            size += len(chunk)
            if size > most:
                raise _too_large(name, most)
    return Path(path)


def _archive(source: Path | io.BytesIO, name: str, scratch: Path | None = None) -> Iterator[InputFile]:
    try:
        # Not closed here: its members are read after this has returned. It closes with the last of them.
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(f"{name}: a damaged zip ({type(error).__name__}). Ask for it again.") from None
    members = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.filename == "[Content_Types].xml" for info in members):
        raise UnreadableFile(f"{name}: an Office document (Excel, Word). Save it as CSV. {_ACCEPTED}")
    members = [info for info in members if not _is_hidden(info.filename.split("/"))]
    if not members:
        raise UnreadableFile(f"{name}: a zip without a file to read. {_ACCEPTED}")
    for info in members:
        load = partial(_member, archive, info, name, scratch)
        yield InputFile(f"{name}!{info.filename}", load, named=False, size=info.file_size)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, scratch: Path | None) -> bytes:
    name = f"{name}!{info.filename}"
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableFile(f"{name}: encrypted. Unpack the zip with its password first.")
    try:
        with archive.open(info) as member:
            if scratch is not None:
                return _mapped(_unpacked(member, name, scratch, info.compress_size), name, scratch)
            content = _bounded(member, name)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError) as error:
        raise UnreadableFile(f"{name}: damaged in its zip ({type(error).__name__}). Ask for it again.") from None
    return _gunzipped(content, name)


def _gunzipped(content: bytes, name: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            return _bounded(stream, name)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{name}: a damaged gz ({type(error).__name__}). Ask for it again.") from None


def _bounded(stream: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
    """All of a stream, read in pieces so that no more than the limit is ever unpacked."""
    content = bytearray()
    while chunk := stream.read(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise _too_large(name, MOST_BYTES)
    return bytes(content)


def _too_large(name: str, most: int) -> UnreadableFile:
    return UnreadableFile(
        f"{name}: more than {most >> 20} MiB (unpacked), the most that is read as one file. Split it; "
        "if it is an archive that should be small, do not trust it."
    )

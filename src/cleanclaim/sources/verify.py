"""Whether a file that arrived is the file the publisher's page promised."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from cleanclaim.errors import FetchError
from cleanclaim.sources.catalog import Source
from cleanclaim.sources.page import read_page
from cleanclaim.sources.plan import Download

_WEB_PAGE: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL)
_UNPACKING_FAILED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_TEXT: Final = (".txt", ".csv")


def verify(path: Path, file: Download, source: Source) -> tuple[str, tuple[str, ...]]:
    """The sha256 of ``path``, and in words what was checked.

    Raises :class:`~cleanclaim.errors.FetchError` for a web page in place of the file, a wrong checksum, a
    damaged archive, or a record count that is not the published one.
    """
    _refuse_web_page(path, file, source)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    checks = []
    if file.sha256:
        if digest != file.sha256:
            raise _wrong(file, source, f"its sha256 is {digest}, but {file.page} gives {file.sha256}")
        checks.append("sha256 as published")
    if source.file == "zip":
        records = _unpack(path, file, source)
        checks.append("every member of the archive is whole")
        if file.records is not None and records is not None:
            if records != file.records:
                raise _wrong(file, source, f"it holds {records:,} records, but {file.page} says {file.records:,}")
            checks.append(f"{records:,} records as published")
    return digest, tuple(checks)


def _refuse_web_page(path: Path, file: Download, source: Source) -> None:
    with path.open("rb") as stream:
        start = stream.read(4096).removeprefix(b"\xef\xbb\xbf")
        if not _WEB_PAGE.match(start):
            return
        text = (start + stream.read(1 << 20)).decode("utf-8", errors="replace")
    title = read_page(file.url, text).title
    named = f"titled “{title}”" if title else "without a title"
    raise FetchError(
        f"{file.url}: the server sent a web page, {named}, instead of the {source.file} file. It may want a "
        f"licence accepted, or refuse downloads by programs. {source.by_hand}"
    )


def _unpack(path: Path, file: Download, source: Source) -> int | None:
    """Unpack every member, checking it against its CRC; the number of records in the text files."""
    records: int | None = None
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
            if bad is not None:
                raise zipfile.BadZipFile(f"{bad} does not match its CRC")
            for member in archive.infolist():
                if source.row is not None and member.filename.lower().endswith(_TEXT):
                    with archive.open(member) as lines:
                        records = (records or 0) + sum(1 for line in lines if source.row.match(line))
    except _UNPACKING_FAILED as error:
        raise _wrong(file, source, f"the archive is damaged ({error})") from error
    return records


def _wrong(file: Download, source: Source, what: str) -> FetchError:
    return FetchError(
        f"{file.url}: {what}. It is a wrong or damaged file, and nothing of it was kept. Try again later. "
        f"{source.by_hand}"
    )

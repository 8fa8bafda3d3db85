"""Claims from tables: CSV, Parquet and JSON lines, with the columns of ``columns.py``."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleanclaim.claims.model import Claim, Diagnosis
from cleanclaim.claims.readers.columns import (
    claim_names,
    flat_names,
    line_names,
    missing_column,
    normal,
    resolve,
)
from cleanclaim.claims.readers.content import file_of, let_go_now_and_then, lines_of, stretches
from cleanclaim.claims.readers.rows import (
    Fault,
    NumberedParts,
    Part,
    Row,
    claims,
    gathered,
    icd_version,
    placed_claims,
    with_principal,
)
from cleanclaim.claims.readers.values import BadValue, as_text, load_json, parse_diagnosis_code
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

if TYPE_CHECKING:  # only a large file needs it
    from cleanclaim.claims.spread import Spread

_DELIMITERS: Final = (",", ";", "\t", "|")
FIRST_ROW: Final = 2
"""The number of the row after the header."""
NULLS: Final = frozenset({"NULL", "null", "\\N"})
"""How databases write an empty field into a CSV."""
_HEADER_BYTES: Final = 1 << 16
"""A header begins within so many bytes."""
_LINES_KEYS: Final = frozenset({"lines", "claim_lines", "service_lines"})
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_CLAIM_ID_KEY: Final = re.compile(
    rb'"(?:claim_id|claim|claim_number|claim_no|clm_id)"\s*:\s*"?([^",}]*)', re.IGNORECASE
)
MOST_AT_ONCE: Final = 1 << 30
"""The largest file, in bytes, that is read where it cannot be read piece by piece."""
_ROLES: Final = frozenset({"principal", "other", "admitting", "reason_for_visit", "external_cause"})


# --- CSV ----------------------------------------------------------------------------------------------------


class _Lines:
    """The physical lines of a file as the csv module takes them, knowing where each begins."""

    def __init__(self, content: bytes, file: str) -> None:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableFile(f"{file}: UTF-16 text. Save it as UTF-8 (in Excel: 'CSV UTF-8') and try again.")
        self.content = content
        self.encoding = _encoding(content)
        self.at = 0
        """The byte at which the next line begins."""
        self.read = 0
        """How many lines have been read."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        begin = self.at
        if begin >= len(self.content):
            raise StopIteration
        self.at = self.after(begin)
        self.read += 1
        let_go_now_and_then(self.content, begin, self.at)
        return self.text(begin)

    def after(self, begin: int) -> int:
        """Where the physical line after the one at byte ``begin`` begins."""
        line = _LINE.match(self.content, begin)
        return line.end() if line is not None else len(self.content)

    def text(self, begin: int) -> str:
        """The physical line at byte ``begin``, without the byte order mark."""
        text = self.content[begin : self.after(begin)].decode(self.encoding)
        return text.removeprefix("\ufeff") if begin == 0 else text


_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def _encoding(content: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for stretch in stretches(content):
                decoder.decode(stretch)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"  # has a character for every byte


def _records(lines: _Lines, delimiter: str, width: int = 0) -> Iterator[tuple[int, list[str] | None]]:
    """First byte and cells of each record; no cells where its quotes cannot be followed.

    That is also told by a record of several lines that has not the ``width`` of the table. Reading then goes on
    at the next physical line, so that one stray quote does not swallow the rows behind it.
    """
    while lines.at < len(lines.content):
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        first, read = lines.at, lines.read
        try:
            for cells in reader:
                if width and len(cells) != width and lines.read - read > 1:
                    raise csv.Error
                yield first, cells
                first, read = lines.at, lines.read
        except csv.Error:
            lines.at = lines.after(first)
            yield first, None


def _header(content: bytes, file: str) -> tuple[_Lines, str, list[str]]:
    """The lines, placed after the header; the delimiter that makes most of the header known; its names."""
    lines = _Lines(content, file)
    best: tuple[tuple[int, int], int, str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        lines.at = 0
        names = _first_row(lines, delimiter)
        score = (len(resolve(names, flat_names())), len(names))
        if names and (best is None or score > best[0]):
            best = score, lines.at, delimiter, names
    if best is None:
        raise UnreadableFile(f"{file}: no header line. The first row must hold the column names.")
    lines.at = best[1]
    return lines, best[2], best[3]


def _first_row(lines: _Lines, delimiter: str) -> list[str]:
    """The first row that is not blank and whose quotes can be followed, if it begins where a header may."""
    for first, cells in _records(lines, delimiter):
        if first > _HEADER_BYTES:
            break  # by a delimiter that is not the file's, no row may make sense, down to its end
        if cells and any(map(str.strip, cells)):
            return cells
    return []


def has_header(content: bytes) -> bool:
    """True when the first row could name columns: it has several cells, or one that is a known column."""
    try:
        _, _, names = _header(content[:_HEADER_BYTES], "")
    except UnreadableFile:
        return False
    return len(names) > 1 or bool(resolve(names, flat_names()))


def read_csv(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Claims of a delimited text file in their order: see :func:`placed_csv`."""
    return (entry for _, entry in placed_csv(content, file))


def placed_csv(content: bytes, file: str, apart: Spread | None = None) -> Iterator[tuple[int, Claim | Reject]]:
    """Claims of a delimited text file with a header; see ``docs/reference/claim-columns.md``.

    Place: byte of the row, ``row N`` with the header as row 1. Each comes with the number of its first row; in any
    order where ``apart`` is given to keep rows on disk. Raises UnreadableFile when a required column is missing or a
    known one stands twice.
    """
    layout = csv_layout(content, file)
    yield from placed_claims(gathered(_csv_parts(layout), apart), file)


class CsvLayout(NamedTuple):
    """Where the rows of a delimited text file begin, and what they hold."""

    lines: _Lines
    """Placed after the header."""
    delimiter: str
    width: int
    places: Mapping[str, Sequence[int]]
    """For each documented column the places of the cells that may fill it."""


def csv_layout(content: bytes, file: str) -> CsvLayout:
    """What the header of a delimited text file says. Raises UnreadableFile as :func:`placed_csv` does."""
    lines, delimiter, names = _header(content, file)
    plan = resolve(names, flat_names())
    if problem := missing_column(plan, names):
        raise UnreadableFile(f"{file}: {problem}. The first row must hold the column names.")
    for column, given in plan.items():
        if len(set(given)) < len(given):
            raise UnreadableFile(f"{file}: column {column} stands twice in the header. Remove or rename one of them.")
    places = {column: [names.index(name) for name in given] for column, given in plan.items()}
    return CsvLayout(lines, delimiter, len(names), places)


def _csv_parts(layout: CsvLayout) -> Iterator[Part]:
    lines, delimiter, width, places = layout
    for number, (first, record) in enumerate(_records(lines, delimiter, width), FIRST_ROW):
        if record is None:
            cells = [cell.strip('" ') for cell in lines.text(first).split(delimiter)]
            reason = "a quote in this row is not closed, or closed in the middle of a field"
        elif not any(map(str.strip, record)):
            continue
        else:
            cells, reason = record, _other_width(record, width)
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        yield csv_row(cells, places, first, number, reason)


def csv_row(
    cells: Sequence[str] | Mapping[int, str],
    places: Mapping[str, Sequence[int]],
    byte: int,
    number: int,
    reason: str = "",
) -> Part:
    """The cells of a row, by their places, as part of a claim; ``reason`` is why it cannot be read, "" where it can."""
    return _part(_filled(cells, places), byte, f"row {number}", reason)


def _other_width(cells: Sequence[str], width: int) -> str:
    if len(cells) < width or any(map(str.strip, cells[width:])):
        return f"{len(cells)} fields in a row of {width} columns"
    return ""


def _filled(cells: Sequence[str] | Mapping[int, str], places: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """The documented columns that the row fills; of several names for one, the first that is filled."""
    values: dict[str, str] = {}
    for column, at in places.items():
        for i in at:
            text = cells[i].strip()
            if text and text not in NULLS:
                values[column] = text
                break
    return values


def _part(values: Mapping[str, str], byte: int | None, segment: str, reason: str = "") -> Part:
    """A row as part of a claim. With a ``reason`` the row cannot be read and its claim id is not certain."""
    claim_id = values.get("claim_id", "")
    if reason:
        return Part(claim_id, fault=Fault(byte, segment, reason), certain=False)
    if not claim_id:
        return Part(fault=Fault(byte, f"{segment}, column claim_id", "empty: the row belongs to no claim"))
    return Part(claim_id, [Row(values, byte, segment)])


# --- JSON lines and Parquet ---------------------------------------------------------------------------------


def read_jsonl(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Claims of JSON lines in their order: see :func:`placed_jsonl`."""
    return (entry for _, entry in placed_jsonl(content, file))


def placed_jsonl(content: bytes, file: str, apart: Spread | None = None) -> Iterator[tuple[int, Claim | Reject]]:
    """Claims of JSON lines: rows with the documented columns, or whole claims with ``lines``.

    A single JSON document is read too: one object, or a list of them. Place: byte of the line, ``line N``.
    Each comes with the number of its first line; in any order where ``apart`` is given to keep lines on disk.
    Raises UnreadableFile when no JSON object is found, or its keys lack a required column throughout.
    """
    objects = _Objects(content, file)
    groups = gathered(objects.parts(), apart)
    if objects.other and not objects.rows and not objects.nested:
        raise UnreadableFile(
            f"{file}: no JSON object in it ({objects.other}). JSON lines hold one object per line, a row or a claim."
        )
    if objects.rows and (problem := missing_column(resolve(objects.keys, flat_names()), objects.keys)):
        if not objects.nested:
            raise UnreadableFile(f"{file}: {problem}.")
        groups = (_without_lines(group, problem) for group in groups)
    yield from placed_claims(groups, file)


class _Objects:
    """The objects of a JSON file as parts of claims, and what is to be known of all of them."""

    def __init__(self, content: bytes, file: str) -> None:
        self.rows = False
        self.nested = False
        self.other = ""
        """The first that is no object: where, and what is wrong."""
        self.keys: dict[str, None] = {}
        """Of the rows."""
        self._content = content
        self._file = file

    def parts(self) -> Iterator[Part]:
        """Each object, or what stands in its place, as part of a claim."""
        for byte, segment, value in _json_values(self._content, self._file):
            if not isinstance(value, Mapping):
                part = _unreadable_part(value, self._content, byte, segment)
                if part.fault is not None:
                    self.other = self.other or f"{segment}: {part.fault.reason}"
                yield part
                continue
            if is_nested(value):
                self.nested = True
            else:
                self.rows = True
                self.keys.update(dict.fromkeys(value))
            yield _object_part(value, byte, segment)


def _without_lines(group: NumberedParts, problem: str) -> NumberedParts:
    """Among whole claims, an object without lines is a damaged claim rather than a row."""
    for _, part in group:
        if part.head is None and part.rows and part.fault is None:
            part.fault = Fault(part.rows[0].byte, part.rows[0].segment, f"no lines, and {problem}")
    return group


def _unreadable_part(value: object, content: bytes, byte: int | None, segment: str) -> Part:
    """A line that is no JSON object, with the claim id that its key still tells."""
    found = None if byte is None else _CLAIM_ID_KEY.search(content, byte, _end_of_line(content, byte))
    return Part(
        found[1].decode("utf-8", "replace").strip() if found else "",
        fault=Fault(byte, segment, value.reason if isinstance(value, BadValue) else "not a JSON object"),
    )


def _end_of_line(content: bytes, byte: int) -> int:
    end = content.find(b"\n", byte)
    return len(content) if end < 0 else end


def _json_values(content: bytes, file: str) -> Iterator[tuple[int | None, str, object]]:
    """Byte, locator and value of each JSON line, or of each element of one document; or what is wrong."""
    byte = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
    first = content[byte : _end_of_line(content, byte)]
    if len(content) > MOST_AT_ONCE and first.strip() in {b"[", b"{"}:
        raise UnreadableFile(
            f"{file}: a JSON document of more than {MOST_AT_ONCE >> 20} MiB, which cannot be read piece by piece. "
            "Write it as JSON lines, one claim a line."
        )
    whole = isinstance(_json(first), BadValue | list) and len(content) <= MOST_AT_ONCE
    if whole and not isinstance(document := _json(content[byte:]), BadValue):
        if isinstance(document, list):
            yield from ((None, f"[{number}]", value) for number, value in enumerate(document))
        else:
            yield byte, "line 1", document
        return
    for number, (begin, line) in enumerate(lines_of(content, byte), 1):
        if line.strip():
            yield begin, f"line {number}", _json(line)


def _json(line: bytes) -> object:
    try:
        return load_json(line.decode())
    except BadValue as bad:
        return bad
    except UnicodeDecodeError:
        return BadValue("not UTF-8")


def read_parquet(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Claims of a Parquet file in their order: see :func:`placed_parquet`."""
    return (entry for _, entry in placed_parquet(content, file))


def placed_parquet(content: bytes, file: str, apart: Spread | None = None) -> Iterator[tuple[int, Claim | Reject]]:
    """Claims of a Parquet file: rows with the documented columns, or whole claims with a list ``lines``.

    Place: no byte, ``row N`` counted from 1. Each comes with the number of its first row; in any order where
    ``apart`` is given to keep rows on disk. Raises UnreadableFile when the file is damaged or lacks a required column.
    """
    import pyarrow as pa  # noqa: PLC0415 - takes longer to import than a small claims file to check
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.ParquetFile(file_of(content))
        wanted = arrow_columns(table.schema_arrow.names, file)
        groups = gathered(
            (
                _object_part(row, None, f"row {number}")
                for number, row in enumerate(
                    (
                        row
                        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=wanted)
                        for row in arrow_rows(batch)
                    ),
                    1,
                )
            ),
            apart,
        )
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableFile(f"{file}: a damaged Parquet file ({type(error).__name__}). Write it again.") from None
    yield from placed_claims(groups, file)


_ROWS_AT_ONCE: Final = 8192


def arrow_columns(names: Sequence[str], file: str) -> list[str]:
    """Which columns of an Arrow table of claims are read.

    Raises UnreadableFile when a required one is missing, or one that is read stands twice.
    """
    if not is_nested(names) and (problem := missing_column(resolve(names, flat_names()), names)):
        raise UnreadableFile(f"{file}: {problem}.")
    read = [name for name in names if normal(name) in _LINES_KEYS | flat_names().keys() | claim_names().keys()]
    if twice := next((name for name in read if read.count(name) > 1), None):
        raise UnreadableFile(f"{file}: column {twice} stands twice. Remove or rename one of them.")
    return read


def arrow_rows(batch: Any) -> list[dict[str, Any]]:
    """The rows of an Arrow record batch as :func:`read_rows` takes them."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = {
        # Python has no nanoseconds, and a claim has no use for them.
        name: column.cast(pa.timestamp("us"), safe=False) if pa.types.is_timestamp(column.type) else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }
    rows: list[dict[str, Any]] = pa.table(columns).to_pylist()
    return rows


def read_rows(rows: Iterable[tuple[str, Mapping[str, object]]], file: str) -> Iterator[Claim | Reject]:
    """Claims of rows, each with what its place is called; for whoever brings rows that are in no file of ours."""
    yield from claims((_object_part(row, None, place) for place, row in rows), file)


def is_nested(names: Iterable[str]) -> bool:
    """True when these columns, or keys of an object, are those of whole claims with their lines inside."""
    return any(normal(name) in _LINES_KEYS for name in names)


@lru_cache(maxsize=1024)
def _plan(keys: tuple[str, ...], scope: Callable[[], dict[str, tuple[str, int]]]) -> dict[str, list[str]]:
    return resolve(keys, scope())


def _row(
    value: Mapping[str, object], scope: Callable[[], dict[str, tuple[str, int]]], byte: int | None, segment: str
) -> tuple[Row, Fault | None]:
    """The documented columns of an object, and the first thing wrong with them."""
    texts: dict[str, str] = {}
    fault: Fault | None = None
    for column, names in _plan(tuple(value), scope).items():
        try:
            text = next(filter(None, (as_text(value[name]) for name in names)), "")
        except BadValue as bad:
            fault = fault or Fault(byte, f"{segment}, column {column}", bad.reason)
        else:
            if text:
                texts[column] = text
    return Row(texts, byte, segment), fault


def _object_part(value: Mapping[str, object], byte: int | None, segment: str) -> Part:
    if not is_nested(value):
        row, fault = _row(value, flat_names, byte, segment)
        part = _part(row.values, byte, segment)
        part.fault = part.fault or fault
        return part
    own = {key: item for key, item in value.items() if normal(key) not in _LINES_KEYS | {"diagnoses"}}
    head, fault = _row(own, claim_names, byte, segment)
    part = Part(head.values.get("claim_id", ""), head=head, fault=fault)
    if not part.claim_id:
        part.fault = fault or Fault(byte, f"{segment}, claim_id", "empty")
    try:
        for place, line in _nested_lines(value):
            row, fault = _row(line, line_names, byte, f"{segment}, {place}")
            part.rows.append(row)
            part.fault = part.fault or fault
        part.diagnoses = _nested_diagnoses(value)
    except BadValue as bad:
        part.fault = part.fault or Fault(byte, f"{segment}, {bad.where}", bad.reason)
    return part


def _nested_lines(value: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for key, lines in value.items():
        if normal(key) not in _LINES_KEYS:
            continue
        if not isinstance(lines, list) or not lines:
            raise BadValue("a claim needs a list of at least one line here", key)
        for number, line in enumerate(lines):
            if not isinstance(line, Mapping):
                raise BadValue("not a JSON object", f"{key}[{number}]")
            yield f"{key}[{number}]", line


def _nested_diagnoses(value: Mapping[str, object]) -> tuple[Diagnosis, ...]:
    given = next((item for key, item in value.items() if normal(key) == "diagnoses"), None)
    if given is None:
        return ()
    if not isinstance(given, list):
        raise BadValue("a list of diagnoses was expected", "diagnoses")
    diagnoses = [_nested_diagnosis(item, f"diagnoses[{number}]") for number, item in enumerate(given)]
    if diagnoses and all(diagnosis.role == "other" for diagnosis in diagnoses) and not _states_role(given[0]):
        diagnoses = with_principal(diagnoses, diagnoses[0].code)
    return tuple(diagnoses)


def _states_role(item: object) -> bool:
    return isinstance(item, Mapping) and bool(item.get("role"))


def _nested_diagnosis(item: object, where: str) -> Diagnosis:
    try:
        if not isinstance(item, Mapping):
            return Diagnosis(parse_diagnosis_code(as_text(item)))
        role = as_text(item.get("role")) or "other"
        if role not in _ROLES:
            raise BadValue(f"role is none of {', '.join(sorted(_ROLES))}")
        return Diagnosis(
            parse_diagnosis_code(as_text(item.get("code"))),
            icd_version(system) if (system := as_text(item.get("system"))) else "icd10cm",
            role,
            as_text(item.get("present_on_admission")).upper(),
        )
    except BadValue as bad:
        raise BadValue(bad.reason, where) from None

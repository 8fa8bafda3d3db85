"""Claims from tables: CSV, Parquet and JSON lines, with the columns of ``columns.py``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from cleanclaim.claims.model import Claim, Diagnosis
from cleanclaim.claims.readers.columns import (
    claim_names,
    flat_names,
    line_names,
    missing_column,
    normal,
    resolve,
)
from cleanclaim.claims.readers.rows import Fault, Part, Row, claims, icd_version, with_principal
from cleanclaim.claims.readers.values import BadValue, as_text, load_json, parse_diagnosis_code
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

_DELIMITERS: Final = (",", ";", "\t", "|")
_NULLS: Final = frozenset({"NULL", "null", "\\N"})
"""How databases write an empty field into a CSV."""
_HEADER_BYTES: Final = 1 << 16
_LINES_KEYS: Final = frozenset({"lines", "claim_lines", "service_lines"})
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_CLAIM_ID_KEY: Final = re.compile(
    rb'"(?:claim_id|claim|claim_number|claim_no|clm_id)"\s*:\s*"?([^",}]*)', re.IGNORECASE
)
_ROLES: Final = frozenset({"principal", "other", "admitting", "reason_for_visit", "external_cause"})


# --- CSV ----------------------------------------------------------------------------------------------------


class _Lines:
    """The physical lines of a file as the csv module takes them, knowing where each begins."""

    def __init__(self, content: bytes, file: str) -> None:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableFile(f"{file}: UTF-16 text. Save it as UTF-8 (in Excel: 'CSV UTF-8') and try again.")
        self.raw = content.splitlines(keepends=True)
        self.offsets = list(accumulate(map(len, self.raw), initial=0))
        self.encoding = _encoding(content)
        self.at = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.raw):
            raise StopIteration
        self.at += 1
        return self.text(self.at - 1)

    def text(self, number: int) -> str:
        """One physical line, counted from 0, without the byte order mark."""
        text = self.raw[number].decode(self.encoding)
        return text.removeprefix("\ufeff") if number == 0 else text


def _encoding(content: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"  # has a character for every byte


def _records(lines: _Lines, delimiter: str, width: int = 0) -> Iterator[tuple[int, list[str] | None]]:
    """First physical line and cells of each record; no cells where its quotes cannot be followed.

    That is also told by a record of several lines that has not the ``width`` of the table. Reading then goes on
    at the next physical line, so that one stray quote does not swallow the rows behind it.
    """
    while lines.at < len(lines.raw):
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        first = lines.at
        try:
            for cells in reader:
                if width and len(cells) != width and lines.at - first > 1:
                    raise csv.Error
                yield first, cells
                first = lines.at
        except csv.Error:
            lines.at = first + 1
            yield first, None


def _header(content: bytes, file: str) -> tuple[_Lines, str, list[str]]:
    """The lines, placed after the header; the delimiter that makes most of the header known; its names."""
    lines = _Lines(content, file)
    best: tuple[tuple[int, int], int, str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        lines.at = 0
        names = next((cells for _, cells in _records(lines, delimiter) if cells and any(map(str.strip, cells))), [])
        score = (len(resolve(names, flat_names())), len(names))
        if names and (best is None or score > best[0]):
            best = score, lines.at, delimiter, names
    if best is None:
        raise UnreadableFile(f"{file}: no header line. The first row must hold the column names.")
    lines.at = best[1]
    return lines, best[2], best[3]


def has_header(content: bytes) -> bool:
    """True when the first row could name columns: it has several cells, or one that is a known column."""
    try:
        _, _, names = _header(content[:_HEADER_BYTES], "")
    except UnreadableFile:
        return False
    return len(names) > 1 or bool(resolve(names, flat_names()))


def read_csv(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Claims of a delimited text file with a header; see ``docs/reference/claim-columns.md``.

    Place: byte of the row, ``row N`` with the header as row 1. Raises UnreadableFile when a required column
    is missing or a known one stands twice.
    """
    lines, delimiter, names = _header(content, file)
    plan = resolve(names, flat_names())
    if problem := missing_column(plan, names):
        raise UnreadableFile(f"{file}: {problem}. The first row must hold the column names.")
    for column, given in plan.items():
        if len(set(given)) < len(given):
            raise UnreadableFile(f"{file}: column {column} stands twice in the header. Remove or rename one of them.")
    index = {column: [names.index(name) for name in given] for column, given in plan.items()}
    yield from claims(_csv_parts(lines, delimiter, len(names), index), file)


def _csv_parts(lines: _Lines, delimiter: str, width: int, index: Mapping[str, list[int]]) -> Iterator[Part]:
    for number, (first, record) in enumerate(_records(lines, delimiter, width), 2):
        if record is None:
            cells = [cell.strip('" ') for cell in lines.text(first).split(delimiter)]
            reason = "a quote in this row is not closed, or closed in the middle of a field"
        elif not any(map(str.strip, record)):
            continue
        else:
            cells, reason = record, _other_width(record, width)
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        yield _part(_filled(cells, index), lines.offsets[first], f"row {number}", reason)


def _other_width(cells: Sequence[str], width: int) -> str:
    if len(cells) < width or any(map(str.strip, cells[width:])):
        return f"{len(cells)} fields in a row of {width} columns"
    return ""


def _filled(cells: Sequence[str], index: Mapping[str, list[int]]) -> dict[str, str]:
    """The documented columns that the row fills; of several names for one, the first that is filled."""
    values: dict[str, str] = {}
    for column, at in index.items():
        for i in at:
            text = cells[i].strip()
            if text and text not in _NULLS:
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
    """Claims of JSON lines: rows with the documented columns, or whole claims with ``lines``.

    A single JSON document is read too: one object, or a list of them. Place: byte of the line, ``line N``.
    Raises UnreadableFile when no JSON object is found, or its keys lack a required column throughout.
    """
    parts: list[Part] = []
    rows: list[Part] = []
    keys: dict[str, None] = {}
    nested = False
    for byte, segment, value in _json_values(content):
        if not isinstance(value, Mapping):
            parts.append(_unreadable_part(value, content, byte, segment))
            continue
        parts.append(_object_part(value, byte, segment))
        if _is_nested(value):
            nested = True
        else:
            rows.append(parts[-1])
            keys.update(dict.fromkeys(value))
    if parts and not rows and not nested:
        raise UnreadableFile(f"{file}: no JSON object in it. JSON lines hold one object per line, a row or a claim.")
    if rows and (problem := missing_column(resolve(keys, flat_names()), keys)):
        if not nested:
            raise UnreadableFile(f"{file}: {problem}.")
        # Among whole claims, an object without lines is a damaged claim rather than a row.
        for part in rows:
            part.fault = part.fault or Fault(part.rows[0].byte, part.rows[0].segment, f"no lines, and {problem}")
    yield from claims(parts, file)


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


def _json_values(content: bytes) -> Iterator[tuple[int | None, str, object]]:
    """Byte, locator and value of each JSON line, or of each element of one document; or what is wrong."""
    byte = len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0
    lines = content[byte:].split(b"\n")
    if isinstance(_json(lines[0]), BadValue | list) and not isinstance(document := _json(content[byte:]), BadValue):
        if isinstance(document, list):
            yield from ((None, f"[{number}]", value) for number, value in enumerate(document))
        else:
            yield byte, "line 1", document
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield byte, f"line {number}", _json(line)
        byte += len(line) + 1


def _json(line: bytes) -> object:
    try:
        return load_json(line.decode())
    except BadValue as bad:
        return bad
    except UnicodeDecodeError:
        return BadValue("not UTF-8")


def read_parquet(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Claims of a Parquet file: rows with the documented columns, or whole claims with a list ``lines``.

    Place: no byte, ``row N`` counted from 1. Raises UnreadableFile when the file is damaged or lacks a
    required column.
    """
    import pyarrow as pa  # noqa: PLC0415 - takes longer to import than a small claims file to check
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.ParquetFile(io.BytesIO(content))
        names = table.schema_arrow.names
        nested = any(normal(name) in _LINES_KEYS for name in names)
        if not nested and (problem := missing_column(resolve(names, flat_names()), names)):
            raise UnreadableFile(f"{file}: {problem}.")
        wanted = [name for name in names if normal(name) in _LINES_KEYS | flat_names().keys() | claim_names().keys()]
        rows = [
            row
            for batch in table.iter_batches(columns=wanted)
            for row in pa.table(
                {
                    # Python has no nanoseconds, and a claim has no use for them.
                    name: column.cast(pa.timestamp("us"), safe=False) if pa.types.is_timestamp(column.type) else column
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                }
            ).to_pylist()
        ]
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableFile(f"{file}: a damaged Parquet file ({type(error).__name__}). Write it again.") from None
    yield from claims((_object_part(row, None, f"row {number}") for number, row in enumerate(rows, 1)), file)


def _is_nested(value: Mapping[str, object]) -> bool:
    return any(normal(key) in _LINES_KEYS for key in value)


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
    if not _is_nested(value):
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

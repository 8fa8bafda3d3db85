"""The files that a large check leaves on disk while it runs: records in frames, each frame read at once.

This module alone knows their form. A frame is a number (of the caller's), the length of what follows, and a list of
(place, record) pickled, or a claim table with the places of its claims. Read back are records of ours and nothing
else: a file that someone else put there can do no more than be refused.
"""

from __future__ import annotations

import pickle
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from cleanclaim import types
from cleanclaim.claims import model
from cleanclaim.claims.readers import rows
from cleanclaim.errors import InputError

if TYPE_CHECKING:
    from cleanclaim.claims.table import ClaimTable

FORM: Final = 6
"""Counts on with every change of the form: a file of another is not read."""
_HEAD: Final = struct.Struct("<QQ")
_TABLE: Final = struct.Struct("<8sQ")
_IS_TABLE: Final = b"claims\x00\x00"
"""Begins a frame whose records are a claim table, after their places; a pickle begins otherwise."""
_RECORDS: Final = (
    model.Claim,
    model.ClaimLine,
    model.Diagnosis,
    rows.Part,
    rows.Row,
    rows.Fault,
    types.Reject,
)
_ENUMS: Final = (model.ClaimType, types.Severity, types.Verdict)
_PLAIN: Final = {("decimal", "Decimal"): Decimal, ("datetime", "date"): types.Date}
_KNOWN: Final = _PLAIN | {(kind.__module__, kind.__qualname__): kind for kind in (*_RECORDS, *_ENUMS)}
_BUFFER: Final = 1 << 16

Placed = tuple[int, Any]
"""A record with its place in the input."""


def _reduced(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """Makes of a record its class and the values it is made with."""
    names = ["byte", "segment", "reason"] if kind is rows.Fault else [field.name for field in fields(kind)]
    values = attrgetter(*names)
    return lambda record: (kind, values(record))


def _reduced_enum(member: Enum) -> tuple[Any, ...]:
    """The same of a member of an enumeration, which Python before 3.11.4 would have looked up by ``getattr``."""
    return type(member), (member._value_,)


class _Pickler(pickle.Pickler):
    """Writes our records as their class and the values it is made with: a fifth of the time pickle itself takes."""

    dispatch_table = {kind: _reduced(kind) for kind in _RECORDS} | dict.fromkeys(_ENUMS, _reduced_enum)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return _KNOWN[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no record") from None


def frame(number: int, records: list[Placed]) -> bytes:
    """The bytes of a frame."""
    content = packed(records)
    return _HEAD.pack(number, len(content)) + content


def packed(record: Any) -> bytes:
    """A record by itself, for a frame that holds it as bytes; :func:`unpacked` reads it back."""
    out = BytesIO()
    _Pickler(out, protocol=5).dump(record)
    return out.getvalue()


def unpacked(content: bytes, path: Path) -> Any:
    """What was packed. ``path`` is the file that it is from. Raises InputError where it is no record of ours."""
    try:
        return _Unpickler(BytesIO(content)).load()
    except Exception as error:
        raise damaged(path) from error


def table_frame(number: int, places: Sequence[int], table: ClaimTable) -> bytes:
    """The bytes of a frame whose records are the claims of a table."""
    from cleanclaim.claims.table_files import to_bytes  # noqa: PLC0415 - only who has a table has loaded arrays

    content = to_bytes(table)
    at = array("q", places).tobytes()
    return b"".join(
        (_HEAD.pack(number, _TABLE.size + len(at) + len(content)), _TABLE.pack(_IS_TABLE, len(at)), at, content)
    )


def write(path: Path, frames: Iterable[bytes]) -> None:
    """Write a file of frames, whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb", buffering=_BUFFER) as out:
        out.writelines(frames)
    beside.replace(path)


def append(path: Path, frames: Iterable[bytes]) -> int:
    """Add frames to a file; its size from then on."""
    with path.open("ab", buffering=_BUFFER) as out:
        out.writelines(frames)
        return out.tell()


def head(file: IO[bytes], at: int) -> tuple[int, int] | None:
    """Number and length of the frame at byte ``at`` of a file; None at its end."""
    file.seek(at)
    found = file.read(_HEAD.size)
    return _HEAD.unpack(found) if len(found) == _HEAD.size else None


def body(file: IO[bytes], at: int, length: int, path: Path) -> list[Placed]:
    """The records of the frame at byte ``at``, ``length`` bytes long."""
    file.seek(at + _HEAD.size)
    return _records(_content(file, length, path), path)


def following(at: int, length: int) -> int:
    """Where the frame after the one at byte ``at`` begins."""
    return at + _HEAD.size + length


def read(path: Path) -> Iterator[Placed]:
    """Every record of a file, in the order written; none where the file is not there."""
    for content in _contents(path):
        yield from _records(content, path)


def read_apart(path: Path) -> tuple[list[tuple[Sequence[int], ClaimTable]], list[Placed]]:
    """The claim tables of a file, each with the places of its claims, and apart from them every other record."""
    tables, records = [], []
    for content in _contents(path):
        if content.startswith(_IS_TABLE):
            tables.append(_table_of(content, path))
        else:
            records += _records(content, path)
    return tables, records


def _contents(path: Path) -> Iterator[bytes]:
    """What the frames of a file hold."""
    try:
        file = path.open("rb", buffering=_BUFFER)
    except FileNotFoundError:
        return
    with file:
        while found := file.read(_HEAD.size):
            if len(found) < _HEAD.size:
                raise damaged(path)
            _, length = _HEAD.unpack(found)
            yield _content(file, length, path)


def _content(file: IO[bytes], length: int, path: Path) -> bytes:
    """What a frame holds, from where the file is at."""
    content = file.read(length)
    if len(content) < length:
        raise damaged(path)
    return content


def _records(content: bytes, path: Path) -> list[Placed]:
    if content.startswith(_IS_TABLE):
        return _claims_of(content, path)
    records: list[Placed] = unpacked(content, path)
    return records


def _claims_of(content: bytes, path: Path) -> list[Placed]:
    places, table = _table_of(content, path)
    return list(zip(places, table.claims(), strict=True))


def _table_of(content: bytes, path: Path) -> tuple[Sequence[int], ClaimTable]:
    from cleanclaim.claims.table_files import from_bytes  # noqa: PLC0415 - a run without tables does not load arrays

    _, length = _TABLE.unpack_from(content)
    places = array("q", content[_TABLE.size : _TABLE.size + length])
    return places, from_bytes(content[_TABLE.size + length :], str(path))


def damaged(path: Path) -> InputError:
    """The error to raise for a file, or a folder of them, that is not what was written."""
    return InputError(f"{path}: damaged. Remove what is there and run the check again from the beginning.")

"""The index file: one file of aligned arrays behind a JSON header, mapped into memory and read in place.

    8 bytes   magic and version
    8 bytes   length of the header
    header    JSON: where each array lies, and the releases
    arrays    little-endian, each aligned to 64 bytes

Reading needs neither numpy nor a copy: an array is a ``memoryview`` on the mapped file.
"""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cleanclaim.errors import BookError

MAGIC: Final = b"CCINDEX1"
_ALIGN: Final = 64
_PREFIX: Final = struct.Struct("<8sQ")

Array = memoryview


def write(arrays: dict[str, tuple[str, bytes]], header: dict[str, Any]) -> bytes:
    """The index file's bytes from named arrays, each (``struct`` type code, little-endian bytes)."""
    places: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, (kind, content) in arrays.items():
        places[name] = (kind, offset, len(content))
        offset += -(-len(content) // _ALIGN) * _ALIGN
    text = json.dumps({**header, "arrays": places}, separators=(",", ":")).encode()
    start = -(-(_PREFIX.size + len(text)) // _ALIGN) * _ALIGN
    out = bytearray(start + offset)
    _PREFIX.pack_into(out, 0, MAGIC, len(text))
    out[_PREFIX.size : _PREFIX.size + len(text)] = text
    for name, (_, content) in arrays.items():
        at = start + places[name][1]
        out[at : at + len(content)] = content
    return bytes(out)


@dataclass(frozen=True)
class IndexFile:
    """An opened index: its header, and its arrays by name."""

    header: dict[str, Any]
    arrays: dict[str, Array]


def parse(view: memoryview, name: str) -> IndexFile:
    """Read the header of an index. Raises BookError when it is not one, or cut short."""
    try:
        magic, length = _PREFIX.unpack_from(view, 0)
        if magic != MAGIC:
            raise ValueError("not an index of this version")
        header = json.loads(bytes(view[_PREFIX.size : _PREFIX.size + length]))
        start = -(-(_PREFIX.size + length) // _ALIGN) * _ALIGN
        arrays = {}
        for key, (kind, offset, size) in header["arrays"].items():
            piece = view[start + offset : start + offset + size]
            if len(piece) != size:
                raise ValueError("the file is cut short")
            arrays[key] = piece.cast(kind) if kind != "B" else piece
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BookError(f"{name}: the index is damaged ({error}). Delete it; it is rebuilt by itself.") from error
    return IndexFile(header, arrays)


def open_file(path: Path) -> IndexFile:
    """Map an index file into memory."""
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:  # an empty file cannot be mapped
            raise BookError(f"{path}: the index is empty. Delete it; it is rebuilt by itself.") from error
    return parse(memoryview(mapped), str(path))

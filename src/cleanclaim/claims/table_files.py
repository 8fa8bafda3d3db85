"""A claim table as bytes: its arrays one after the other as they are in memory, so that a file can be mapped.

The file begins with a mark, the length of a header, and the header in JSON, which says where each array stands. Claims
that are kept as objects stand at the end, in the form of :mod:`cleanclaim.claims.spill`.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims import spill
from cleanclaim.claims.table import ClaimTable
from cleanclaim.claims.table_layout import CLAIM, DIAGNOSIS, LINE
from cleanclaim.claims.vocabulary import Vocabulary
from cleanclaim.errors import InputError

_MARK: Final = b"CLAIMTB1"
"""Counts on with every change of the form or of the records."""
_HEAD: Final = struct.Struct("<8sQ")
_ALIGNED: Final = 64
_TYPES: Final = {
    "claims": CLAIM,
    "lines": LINE,
    "diagnoses": DIAGNOSIS,
    "texts": np.dtype(np.uint8),
    "starts": np.dtype("<i8"),
    "kept": np.dtype(np.uint8),
}


def to_bytes(table: ClaimTable) -> bytes:
    """The table as bytes that :func:`from_bytes` takes."""
    return b"".join(_written(table))


def save(table: ClaimTable, path: Path) -> None:
    """Write a table to a file, whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as out:
        out.writelines(_written(table))
    beside.replace(path)


def load(path: Path) -> ClaimTable:
    """The table of a file that :func:`save` wrote. Its arrays are mapped: what is not looked at is not read.

    Raises:
        InputError: when the file is none, is damaged, or was written by another version.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise _damaged(str(path))
        return from_bytes(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), str(path))


def from_bytes(content: bytes | mmap.mmap, name: str = "a claim table") -> ClaimTable:
    """The table of some bytes, whose arrays are parts of them; ``name`` is what messages call them.

    Raises:
        InputError: as :func:`load`.
    """
    try:
        mark, length = _HEAD.unpack_from(content)
        if mark != _MARK:
            raise _damaged(name)
        header = json.loads(content[_HEAD.size : _HEAD.size + length])
        found = {key: _array(content, key, *header["arrays"][key]) for key in _TYPES}
        kept = spill.body(BytesIO(found["kept"].tobytes()), 0, header["kept"], Path(name)) if header["kept"] else []
        faults = [tuple(fault) for fault in header["faults"]]
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise _damaged(name) from error
    vocabulary = Vocabulary(found["texts"], found["starts"])
    claims = [claim for _, claim in kept]
    return ClaimTable(found["claims"], found["lines"], found["diagnoses"], vocabulary, faults=faults, kept=claims)


def _written(table: ClaimTable) -> Iterator[bytes]:
    kept = spill.frame(0, list(enumerate(table.kept))) if table.kept else b""
    arrays: dict[str, npt.NDArray[Any]] = {
        "claims": table.claim_rows,
        "lines": table.line_rows,
        "diagnoses": table.diagnosis_rows,
        "texts": table.vocabulary.pool,
        "starts": table.vocabulary.starts,
        "kept": np.frombuffer(kept, np.uint8),
    }
    places: dict[str, tuple[int, int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (at, len(array))
        at += _padded(array.nbytes)
    header = {
        "arrays": places,
        "faults": table.faults,
        "kept": spill.head(BytesIO(kept), 0)[1] if kept else 0,  # type: ignore[index]  # a frame has a head
    }
    text = json.dumps(header).encode()
    text += b" " * (_padded(_HEAD.size + len(text)) - _HEAD.size - len(text))
    yield _HEAD.pack(_MARK, len(text))
    yield text
    for array in arrays.values():
        yield array.tobytes()
        yield bytes(_padded(array.nbytes) - array.nbytes)


def _padded(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED


def _array(content: bytes | mmap.mmap, name: str, place: int, count: int) -> npt.NDArray[Any]:
    """An array, from its place behind the header. Raises ValueError where the content ends before it does."""
    _, length = _HEAD.unpack_from(content)
    if not count:
        return np.zeros(0, _TYPES[name])
    return np.frombuffer(content, _TYPES[name], count, _HEAD.size + length + place)


def _damaged(name: str) -> InputError:
    return InputError(f"{name}: no claim table of this version, or a damaged one. Make it again from the claims.")

"""837 files straight to claim tables, compiled: the claims and rejects of :mod:`cleanclaim.claims.readers.x12_837`.

The compiler is numba, which the extra ``fast`` installs. It takes some seconds to compile the reader on a new machine;
the machine code is kept on disk after that, and takes a twentieth of a second to load. So a small file is read by the
slow reader, a large one by the compiled reader where that is at hand, and only a larger one has it compiled. Where
numba is not installed every file is read by the slow reader: the result is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from cleanclaim.types import Reject

if TYPE_CHECKING:
    from cleanclaim.claims.readers.x12_columns.parts import Part
    from cleanclaim.claims.table import ClaimTable

WORTH_LOADING: Final = 2 << 20
"""Bytes of a file that the slow reader takes longer for than it takes to load the compiled one."""
WORTH_COMPILING: Final = 24 << 20
"""Bytes of a file that the slow reader takes longer for than it takes to compile the other: some seven seconds."""
CLAIMS_OF_A_PART: Final = 1024
"""The memory of so many is used again while it is near the processor."""
_BYTES_OF_A_CLAIM: Final = 200
"""Few claims have fewer."""


def available() -> bool:
    """True where the compiled reader can run."""
    return sys.byteorder == "little" and _has_compiler()


@cache
def _has_compiler() -> bool:
    try:
        return find_spec("numba") is not None
    except ValueError:  # a module that was put out of reach
        return False


def pays(size: int, worth_compiling: int = WORTH_COMPILING) -> bool:
    """True where the compiled reader is done sooner with a file of so many bytes, be it that it must be compiled."""
    if size < min(WORTH_LOADING, worth_compiling) or not available():
        return False
    return size >= worth_compiling or _is_kept()


def must_be_compiled(size: int) -> bool:
    """True where reading a file of so many bytes begins with compiling the reader."""
    return pays(size) and not _is_kept()


@cache
def _runs() -> bool:
    """The machine code is there, compiled now where need be.

    numba and LLVM are asked for more than they promise: where they refuse, the slow reader reads the same.
    """
    from cleanclaim.claims.readers.x12_columns.native import native  # noqa: PLC0415 - a small file does without

    try:
        native()
    except Exception:  # noqa: BLE001 - whatever it is, the file can be read
        return False
    return True


def _is_kept() -> bool:
    from cleanclaim.claims.readers.x12_columns.native import is_kept  # noqa: PLC0415 - a small file does without

    return is_kept()


def read_parts(
    content: bytes,
    file: str,
    *,
    claims: int = CLAIMS_OF_A_PART,
    reused: bool = False,
    ahead: int = 0,
    worth_compiling: int = WORTH_COMPILING,
) -> Iterator[Part]:
    """The claims and rejects of an 837 file in parts of about ``claims`` claims, in file order.

    Memory stays that of a part, whatever the file; ``content`` may be a mapped file. With ``reused``, which is faster,
    the arrays of a part are written over when the next one is asked for; with ``ahead``, when so many more have been.

    Raises:
        UnreadableFile: as :func:`cleanclaim.claims.readers.x12_837.read` does.
    """
    if not pays(len(content), worth_compiling) or not _runs():
        from cleanclaim.claims.readers import x12_837  # noqa: PLC0415 - who only asks whether it can run does without
        from cleanclaim.claims.readers.x12_columns.parts import in_parts  # noqa: PLC0415 - numpy, for whom reads tables

        yield from in_parts(x12_837.read(content, file), claims)
        return
    from cleanclaim.claims.readers.x12_columns.reader import TableReader  # noqa: PLC0415 - loads arrays

    yield from TableReader(content, file, claims, reused, ahead).parts()


def read_table(
    content: bytes, file: str, *, worth_compiling: int = WORTH_COMPILING
) -> tuple[ClaimTable, tuple[Reject, ...]]:
    """The claims of an 837 file in one table, and its rejects.

    Raises:
        UnreadableFile: as :func:`cleanclaim.claims.readers.x12_837.read` does.
    """
    from cleanclaim.claims.table import ClaimTable  # noqa: PLC0415 - numpy

    whole = max(CLAIMS_OF_A_PART, len(content) // _BYTES_OF_A_CLAIM)
    parts = list(read_parts(content, file, claims=whole, worth_compiling=worth_compiling))
    return ClaimTable.concat([part.table for part in parts]), tuple(r for part in parts for r in part.rejects)

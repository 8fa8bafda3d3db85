"""837 files straight to claim tables, compiled: the claims and rejects of :mod:`cleanclaim.claims.readers.x12_837`.

The compiler is numba, which the extra ``fast`` installs, and which takes a second to import and half a minute to
compile the reader on a new machine (kept on disk after that). So a small file is read by the slow reader, and so is
every file where numba is not installed: the result is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from cleanclaim.types import Reject

if TYPE_CHECKING:
    from cleanclaim.claims.readers.x12_columns.parts import Part
    from cleanclaim.claims.table import ClaimTable

WORTH_COMPILING: Final = 64 << 20
"""Files of fewer bytes are read by the slow reader: should this be the first, compiling takes half a minute, about as
long as reading it one by one takes."""
CLAIMS_OF_A_PART: Final = 2048
_BYTES_OF_A_CLAIM: Final = 200
"""Few claims have fewer."""


def available() -> bool:
    """True where the compiled reader can run."""
    return sys.byteorder == "little" and _has_compiler()


def _has_compiler() -> bool:
    try:
        return find_spec("numba") is not None
    except ValueError:  # a module that was put out of reach
        return False


def read_parts(
    content: bytes,
    file: str,
    *,
    claims: int = CLAIMS_OF_A_PART,
    reused: bool = False,
    worth_compiling: int = WORTH_COMPILING,
) -> Iterator[Part]:
    """The claims and rejects of an 837 file in parts of about ``claims`` claims, in file order.

    Memory stays that of a part, whatever the file; ``content`` may be a mapped file. With ``reused``, which is faster,
    the arrays of a part are written over when the next one is asked for.

    Raises:
        UnreadableFile: as :func:`cleanclaim.claims.readers.x12_837.read` does.
    """
    if len(content) < worth_compiling or not available():
        from cleanclaim.claims.readers import x12_837  # noqa: PLC0415 - who only asks whether it can run does without
        from cleanclaim.claims.readers.x12_columns.parts import in_parts  # noqa: PLC0415 - numpy, for whom reads tables

        yield from in_parts(x12_837.read(content, file), claims)
        return
    from cleanclaim.claims.readers.x12_columns.reader import TableReader  # noqa: PLC0415 - the compiler

    yield from TableReader(content, file, claims, reused).parts()


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

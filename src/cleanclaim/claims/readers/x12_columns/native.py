"""The machine code of the compiled reader: from disk where it was kept, else compiled, which takes seconds, and kept.

Kept is an object file beside Python's own byte code, or in the user's cache where nothing can be written there. To run
it takes llvmlite; to compile it numba as well, which takes long to import. The extra ``fast`` installs both.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import hashlib
import os
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final, NamedTuple

_HERE: Final = Path(__file__).parent
_SOURCES: Final = (
    *sorted(_HERE.glob("*.py")),
    # Tables and places made of these are part of the machine code.
    *(_HERE.parent / name for name in ("x12_loops.py", "x12_claim.py")),
    _HERE.parents[1] / "table_layout.py",
)
_MARK: Final = b"cleanclaim reader 1\n"
"""Counts on with every change of the form of a kept file."""
_DIGEST_BYTES: Final = 32


class Native(NamedTuple):
    """The functions of the reader that are compiled: all take and give 64-bit numbers and addresses, and check none.

    While one runs, other threads of Python go on.
    """

    read_pieces: Callable[..., int]
    """:func:`cleanclaim.claims.readers.x12_columns.body.read_pieces`."""
    letters: Callable[..., int]
    """:func:`cleanclaim.claims.readers.x12_columns.scan.letters`."""
    marks: Callable[..., int]
    """:func:`cleanclaim.claims.readers.x12_columns.scan.marks`."""
    add_texts: Callable[..., int]
    """:func:`cleanclaim.claims.readers.x12_columns.vocabularies.add_texts`."""


ARGUMENTS: Final = {"read_pieces": 16, "letters": 6, "marks": 10, "add_texts": 5}
"""How many numbers each takes, in the order of :class:`Native`."""
_engines: Final[list[Any]] = []
"""What has loaded code: the code goes when it does."""
_lock: Final = threading.Lock()


def native() -> Native:
    """The compiled functions."""
    with _lock:
        return _native()


@cache
def _native() -> Native:
    return loaded(code())


def code() -> bytes:
    """The machine code for this processor, as it was kept, else compiled and kept."""
    processor = _processor()
    for path in _files():
        content = _content(path)
        if content.startswith(head := _MARK + _stamp() + processor):
            found = content[len(head) + _DIGEST_BYTES :]
            if content[len(head) : len(head) + _DIGEST_BYTES] == hashlib.sha256(found).digest():
                return found
    made = compiled()
    _keep(made, processor)
    return made


def is_kept() -> bool:
    """Machine code of these sources lies on disk: nothing needs to be compiled, where it is of this processor."""
    return any(_content(path, len(_MARK) + _DIGEST_BYTES) == _MARK + _stamp() for path in _files())


def folders() -> Iterator[Path]:
    """Where machine code may be kept: the first that can be written to."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - who finds it in the first folder does without

    yield Path(cache_from_source(__file__)).parent
    yield user_cache_path("cleanclaim", appauthor=False) / "reader"


def _files() -> Iterator[Path]:
    """What was kept by this compiler on systems like this one, for any processor."""
    for folder in folders():
        yield from sorted(folder.glob(f"{_name()}-*.o"))


@cache
def _name() -> str:
    """Begins the name of a file: tells the compiler, and the system."""
    made_by = (version("numba"), version("llvmlite"), sys.platform, platform.machine())
    return f"reader-{hashlib.sha256(repr(made_by).encode()).hexdigest()[:8]}"


@cache
def _stamp() -> bytes:
    """Tells the sources that code is made of."""
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in _SOURCES)).digest()


def _processor() -> bytes:
    """Tells the processor that code is for: its name, and what it can do."""
    import llvmlite.binding as llvm  # noqa: PLC0415 - takes a tenth of a second

    return hashlib.sha256(f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}".encode()).digest()


def _content(path: Path, length: int = -1) -> bytes:
    """What a file begins with; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError:
        return b""


def _keep(made: bytes, processor: bytes) -> None:
    """Keep code for the next process. Where no folder can be written to, that one compiles again."""
    for folder in folders():
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix="reader-", dir=folder)
            with os.fdopen(handle, "wb") as out:
                out.write(_MARK + _stamp() + processor + hashlib.sha256(made).digest() + made)
            Path(beside).chmod(0o644)  # as byte code: another user of this installation may read it
            Path(beside).replace(folder / f"{_name()}-{processor.hex()[:8]}.o")
            return


def compiled() -> bytes:
    """The code, compiled now."""
    from cleanclaim.claims.readers.x12_columns.body import read_pieces  # noqa: PLC0415 - numba, as below
    from cleanclaim.claims.readers.x12_columns.machine import machine_code  # noqa: PLC0415
    from cleanclaim.claims.readers.x12_columns.scan import letters, marks  # noqa: PLC0415
    from cleanclaim.claims.readers.x12_columns.vocabularies import add_texts  # noqa: PLC0415

    collecting = gc.isenabled()
    gc.disable()  # numba makes many small things and keeps most of them: looking for others is a tenth of the time
    try:
        return machine_code(Native(read_pieces, letters, marks, add_texts)._asdict())
    finally:
        if collecting:
            gc.enable()


def loaded(made: bytes) -> Native:
    """The functions of some code."""
    import llvmlite.binding as llvm  # noqa: PLC0415

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(made))
    engine.finalize_object()
    _engines.append(engine)
    found = []
    for name, many in ARGUMENTS.items():
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * many)
        found.append(kind(engine.get_function_address(name)))
    return Native(*found)

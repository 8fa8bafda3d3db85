"""The machine code of the 837 reader is compiled once, kept, and loaded without the compiler."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
from test_x12_837 import BASES

from cleanclaim.claims.readers import x12_837, x12_columns
from cleanclaim.claims.readers.detect import InputFile, read, read_tables

pytest.importorskip("numba", reason="the compiled reader needs numba, of the extra fast")

from cleanclaim.claims.readers.x12_columns import native

CLAIMS = 6


@pytest.fixture(scope="module")
def code() -> bytes:
    return native.code()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: bytes) -> Path:
    """An empty folder where code is kept from now on; what would be compiled is there already."""
    monkeypatch.setattr(native, "folders", lambda: iter((tmp_path / "not there yet",)))
    monkeypatch.setattr(native, "compiled", lambda: code)
    return tmp_path / "not there yet"


def refuse() -> bytes:
    raise AssertionError("compiled, with code at hand")


def test_code_is_compiled_once_and_then_taken_from_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: bytes
) -> None:
    assert not native.is_kept()
    assert native.code() == code
    assert native.is_kept()
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o644, "another user can read it, and not change it"
    monkeypatch.setattr(native, "compiled", refuse)
    assert native.code() == code


@pytest.mark.parametrize("damage", ["cut", "altered", "of another processor", "of other sources", "empty"])
def test_code_that_is_not_what_was_kept_is_compiled_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: bytes, damage: str
) -> None:
    native.code()
    (path,) = folder.iterdir()
    content = path.read_bytes()
    head = len(content) - len(code)
    processor = head - 64
    path.write_bytes(
        {
            "cut": content[:-1],
            "altered": content[:-1] + bytes([content[-1] ^ 1]),
            "of another processor": content[:processor] + b"\xff" + content[processor + 1 :],
            "of other sources": content.replace(native._stamp(), bytes(32)),
            "empty": b"",
        }[damage]
    )
    asked: list[bytes] = []

    def compiled() -> bytes:
        asked.append(code)
        return code

    monkeypatch.setattr(native, "compiled", compiled)
    assert native.code() == code
    assert asked
    assert path.read_bytes() == content


def test_without_a_folder_to_keep_it_in_code_is_compiled_and_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: bytes
) -> None:
    (tmp_path / "a file").write_bytes(b"")
    monkeypatch.setattr(native, "folders", lambda: iter((tmp_path / "a file" / "below",)))
    monkeypatch.setattr(native, "compiled", lambda: code)
    assert native.code() == code
    assert not native.is_kept()


def test_every_function_takes_as_many_numbers_as_it_is_called_with() -> None:
    from cleanclaim.claims.readers.x12_columns import body, scan, vocabularies

    for module, name in (
        (body, "read_pieces"),
        (scan, "letters"),
        (scan, "marks"),
        (vocabularies, "add_texts"),
    ):
        assert native.ARGUMENTS[name] == len(signature(getattr(module, name).py_func).parameters), name
    assert tuple(native.ARGUMENTS) == native.Native._fields


def test_kept_code_reads_a_file_without_the_compiler(tmp_path: Path, code: bytes) -> None:
    assert code
    path = tmp_path / "a.837"
    path.write_bytes(BASES[0])
    program = (
        "import sys\n"
        "from cleanclaim.claims.readers.x12_columns.reader import TableReader\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "print(sum(len(part.table) for part in TableReader(content, 'a.837').parts()), 'numba' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(CLAIMS), "False"]


_PLACES_FOUND = """
import sys
import numpy as np
from cleanclaim.claims.readers.x12_columns import body, native
from cleanclaim.claims.readers.x12_columns.layout import BEHIND, TILE
from cleanclaim.claims.readers.x12_columns.machine import machine_code

body.COMPRESSES = body.COMPRESSES and sys.argv[1] == "with"
native.ARGUMENTS.clear()
native.ARGUMENTS["indexed"] = 6
native.Native = lambda *found: found
(indexed,) = native.loaded(machine_code({"indexed": body._indexed}))
random = np.random.default_rng(7)
for size, letters in ((TILE, 40), (TILE, 3), (5000, 20), (63, 2), (64, 5), (1, 2), (0, 2)):
    tile = random.integers(0, letters, TILE + BEHIND).astype(np.uint8)
    places, ends = np.zeros(TILE + 128, np.int32), np.zeros(TILE + 128, np.int32)
    segments = indexed(tile.ctypes.data, size, 1, 0, places.ctypes.data, ends.ctypes.data)
    both = np.flatnonzero(tile[:size] <= 1)
    assert segments == np.count_nonzero(tile[:size] == 0)
    assert places[: len(both)].tolist() == both.tolist()
    assert ends[:segments].tolist() == (np.flatnonzero(tile[both] == 0) + 1).tolist()
print(body.COMPRESSES)
"""


@pytest.mark.parametrize("way", ["with", "without"])
def test_separators_are_found_with_and_without_what_few_processors_can(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", _PLACES_FOUND, way], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert way == "with" or done.stdout.strip() == "False"


# --- which reader


@pytest.mark.parametrize(
    ("size", "kept", "pays", "first"),
    [
        (x12_columns.WORTH_LOADING - 1, True, False, False),
        (x12_columns.WORTH_LOADING, True, True, False),
        (x12_columns.WORTH_LOADING, False, False, False),
        (x12_columns.WORTH_COMPILING - 1, False, False, False),
        (x12_columns.WORTH_COMPILING, False, True, True),
        (x12_columns.WORTH_COMPILING, True, True, False),
    ],
)
def test_the_compiled_reader_is_used_where_it_is_done_sooner(
    monkeypatch: pytest.MonkeyPatch, size: int, *, kept: bool, pays: bool, first: bool
) -> None:
    monkeypatch.setattr(native, "is_kept", lambda: kept)
    assert x12_columns.pays(size) is pays
    assert x12_columns.must_be_compiled(size) is first
    monkeypatch.setattr(x12_columns, "available", lambda: False)
    assert not x12_columns.pays(size)
    assert not x12_columns.must_be_compiled(size)


@pytest.fixture
def all_count_as_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(x12_columns, "WORTH_LOADING", 0)
        yield


@pytest.mark.usefixtures("all_count_as_large", "code")
def test_a_file_read_claim_by_claim_is_the_same_by_either_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    source = InputFile("a.837", lambda: BASES[0])
    assert read_tables(source) is not None
    fast = list(read(source))
    monkeypatch.setattr(x12_columns, "available", lambda: False)
    assert read_tables(source) is None
    assert fast == list(read(source)) == list(x12_837.read(BASES[0], "a.837"))
    assert len(fast) == CLAIMS

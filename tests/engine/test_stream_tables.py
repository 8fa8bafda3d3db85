"""A large file read as tables is spread over its parts exactly as one read claim by claim."""

from __future__ import annotations

import gzip
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bench.claims837 import claims_file

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import detect, x12_columns
from cleanclaim.engine.stream import reading
from cleanclaim.engine.stream.reading import ClaimsRead, read_claims
from cleanclaim.errors import UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.types import Reject

pytest.importorskip("numba", reason="the compiled 837 reader needs the extra fast")


@pytest.fixture(scope="module")
def files(starter_book: OpenBook, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An 837, the same packed, and one whose claims name nobody and have more modifiers than a table has room for."""
    folder = tmp_path_factory.mktemp("files")
    content = claims_file(starter_book, 400)
    unnamed = re.sub(rb"NM1\*IL\*1\*[^~]*~", b"NM1*IL*1~", re.sub(rb"DMG\*[^~]*~", b"", content))
    odd = unnamed.replace(b"SV1*HC:99213", b"SV1*HC:99213:25:24:57:59:GA")
    names = [folder / "a.837", folder / "b.837.gz", folder / "c.837"]
    for path, held in zip(names, (content, gzip.compress(content), odd), strict=True):
        path.write_bytes(held)
    return names


def spread(paths: list[Path], folder: Path, told: list[int] | None = None) -> tuple[ClaimsRead, list[tuple[int, Any]]]:
    """What was read, and every record with its place, over all parts."""
    folder.mkdir()
    advance = (lambda _: None) if told is None else told.append
    size = sum(path.stat().st_size for path in paths)
    read = read_claims(paths, [], folder, forced=None, jobs=2, size=size, advance=advance)
    records = [record for part in read.parts for name in part.files for record in spill.read(folder / name)]
    return read, sorted(records, key=lambda record: record[0])


def tables_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on every file counts as large; the names of those that are read as tables."""
    seen: list[str] = []
    monkeypatch.setattr(detect, "compiled_pays", lambda _: True)
    taken = reading._Reading.opened_tables

    def opened(self: Any, source: Any, parts: Any) -> Any:
        seen.append(source.name)
        return taken(self, source, parts)

    monkeypatch.setattr(reading._Reading, "opened_tables", opened)
    return seen


def test_claims_and_rejects_have_the_same_places(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one, expected = spread(files, tmp_path / "slow")
    seen = tables_read(monkeypatch)
    told: list[int] = []
    as_tables, records = spread(files, tmp_path / "fast", told)
    assert len(seen) == len(files)
    assert any(isinstance(record, Reject) for _, record in expected)
    assert any(isinstance(record, Claim) and not record.patient_key for _, record in expected)
    assert records == expected
    assert (as_tables.files, as_tables.claims, as_tables.rejects) == (
        one_by_one.files,
        one_by_one.claims,
        one_by_one.rejects,
    )
    assert sum(told) > 0
    assert not list((tmp_path / "fast").glob("unpacked-*"))


def test_claims_of_one_patient_come_into_one_part(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the files were read as tables: the smaller one here is not."""
    small = tmp_path / "small.837"
    small.write_bytes(b"~".join(files[0].read_bytes().split(b"~")[:60]))
    monkeypatch.setattr(detect, "compiled_pays", lambda size: size > small.stat().st_size)
    folder = tmp_path / "work"
    read, _ = spread([small, files[0]], folder)
    part_of: dict[str, int] = {}
    for part in read.parts:
        for name in part.files:
            for _, record in spill.read(folder / name):
                if isinstance(record, Claim) and record.patient_key:
                    assert part_of.setdefault(record.patient_key, part.number) == part.number


@pytest.mark.usefixtures("files_are_few")
def test_what_is_too_much_for_a_part_is_divided_with_all_claims_of_a_patient_together(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, expected = spread(files, tmp_path / "slow")
    seen = tables_read(monkeypatch)
    folder = tmp_path / "fast"
    read, records = spread(files, folder)
    assert len(seen) == len(files)
    assert records == expected
    assert any(name.count("-") > 1 for part in read.parts for name in part.files), "none was divided"
    part_of: dict[str, int] = {}
    for part in read.parts:
        entries = [entry for name in part.files for _, entry in spill.read(folder / name)]
        assert len(entries) == part.claims
        for entry in entries:
            if isinstance(entry, Claim) and entry.patient_key:
                assert part_of.setdefault(entry.patient_key, part.number) == part.number


@pytest.fixture
def files_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims are spread over one file, which has those of many parts."""
    monkeypatch.setattr(reading, "_FILES_OF_A_PART", 0)
    monkeypatch.setattr(reading, "_FEWEST", 10)


def test_without_the_compiler_it_is_read_one_by_one(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, expected = spread(files[:1], tmp_path / "slow")
    seen = tables_read(monkeypatch)
    monkeypatch.setattr(detect, "compiled_pays", partial(x12_columns.pays, worth_compiling=0))
    monkeypatch.setattr(x12_columns, "available", lambda: False)
    _, records = spread(files[:1], tmp_path / "fast")
    assert not seen
    assert records == expected


def test_a_file_that_is_no_claims_file_is_told_as_before(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables_read(monkeypatch)
    broken = tmp_path / "broken.837"
    broken.write_bytes(b"PK\x05\x06 no claims")
    with pytest.raises(UnreadableFile, match=r"broken\.837"):
        spread([broken], tmp_path / "alone")
    read, _ = spread([files[0], broken], tmp_path / "beside")
    assert len(read.unusable) == 1


def test_a_damaged_table_frame_is_refused(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables_read(monkeypatch)
    folder = tmp_path / "work"
    read, _ = spread(files[:1], folder)
    path = folder / read.parts[0].files[0]
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(spill.InputError, match="damaged"):
        list(spill.read(path))

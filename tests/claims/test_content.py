"""Files that are read without being in memory: read like bytes, whatever the stretch that is looked at at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanclaim.claims.readers import content, x12_837
from cleanclaim.claims.readers.content import is_mapped, lines_of, mapped, pieces, stretches
from cleanclaim.claims.readers.detect import InputFile, inputs, read, read_placed
from cleanclaim.claims.readers.tabular import read_csv, read_jsonl
from cleanclaim.claims.readers.x12_envelope import split
from cleanclaim.errors import UnreadableFile
from support.x12 import PAIR, VISIT, Patient, professional

SETTINGS = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILE = professional(PAIR, VISIT) + "\n" + professional(VISIT, patient=Patient(member="OTHER")).replace("~", "'")


@pytest.fixture(params=[1, 7, 64, 1 << 22])
def stretch(request: pytest.FixtureRequest) -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "_STRETCH", request.param)
        yield request.param


def on_disk(folder: Path, text: bytes) -> bytes:
    path = folder / "input"
    path.unlink(missing_ok=True)  # what is mapped already keeps its content
    path.write_bytes(text)
    return mapped(path)


def outcome(reader: object, text: bytes) -> object:
    try:
        return list(reader(text, "f"))  # type: ignore[operator]
    except UnreadableFile as error:
        return str(error)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An 837 in which pieces were dropped, doubled or put elsewhere."""
    text = FILE.encode()
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 120)))
        put = draw(
            st.sampled_from([b"", text[start:end] * 2, b"~\n\n", b"ISA*", b"~ST*837*1~", b"\n" * 9, b"*", b"CLM*X"])
        )
        text = text[:start] + put + text[end:]
    return text


@pytest.mark.usefixtures("stretch")
@SETTINGS
@given(text=damaged())
def test_an_837_on_disk_is_read_as_in_memory(text, tmp_path):
    there = on_disk(tmp_path, text)
    assert split(there) == split(text)
    assert outcome(x12_837.read, there) == outcome(x12_837.read, text)


@SETTINGS
@given(
    rows=st.lists(st.sampled_from(["C1,99213,2026-07-01", 'C2,"99\n213",x', 'C3,"open', "", "C4;1;2", "\ufeffC5,1,1"]))
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_table_on_disk_is_read_as_in_memory(rows, end, encoding, tmp_path):
    text = end.join(["claim_id,hcpcs,service_date", *rows]).encode(encoding, "replace")
    assert outcome(read_csv, on_disk(tmp_path, text)) == outcome(read_csv, text)


@SETTINGS
@given(
    lines=st.lists(
        st.sampled_from(['{"claim_id": "C1", "hcpcs": "1", "service_date": "20260701"}', "{", "[]", "7", ""])
    )
)
def test_json_lines_on_disk_are_read_as_in_memory(lines, tmp_path):
    text = "\n".join(lines).encode()
    assert outcome(read_jsonl, on_disk(tmp_path, text)) == outcome(read_jsonl, text)


@pytest.mark.usefixtures("stretch")
@SETTINGS
@given(text=st.text("ab~\n", max_size=60))
def test_pieces_lines_and_stretches_are_those_of_the_whole(text, tmp_path):
    there = on_disk(tmp_path, text.encode())
    assert list(pieces(there, 0, len(text), "~")) == text.split("~")
    assert [line.decode() for _, line in lines_of(there)] == text.split("\n")
    assert b"".join(stretches(there)).decode() == text
    pattern = re.compile(b"~\n*a(?=b)")

    def resume(start: int, end: int) -> int:
        at = there.rfind(b"~", start, end)
        return end if at < 0 else at

    found = content.found(pattern, there, 0, len(text), resume)
    assert [match.span() for match in found] == [match.span() for match in pattern.finditer(text.encode())]


def test_an_empty_file_is_no_bytes(tmp_path):
    assert on_disk(tmp_path, b"") == b""


def test_every_real_file_is_read_on_disk_as_in_memory(published, tmp_path, monkeypatch):
    monkeypatch.setattr(content, "_STRETCH", 4096)
    files = 0
    folder = [published / "claims"]
    for source, there in zip(inputs(folder), inputs(folder, tmp_path), strict=True):
        placed = sorted(read_placed(there, scratch=tmp_path), key=lambda entry: entry[0])
        assert [entry for _, entry in placed] == list(read(source)), source.name
        files += 1
    assert files > 10


def test_what_unpacks_beyond_measure_is_refused(tmp_path, monkeypatch):
    import gzip

    from cleanclaim.claims.readers import detect

    monkeypatch.setattr(detect, "MOST_BYTES", 1000)
    monkeypatch.setattr(detect, "_MOST_PACKED", 2)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"A" * 5000))
    (source,) = inputs([path], tmp_path)
    with pytest.raises(UnreadableFile, match="do not trust it"):
        source.load()


def test_fhir_on_disk_is_read_whole_up_to_the_limit(tmp_path, monkeypatch):
    from cleanclaim.claims.readers import detect

    path = tmp_path / "claim.json"
    path.write_text('{"resourceType": "Patient", "id": "1"}', encoding="utf-8")
    (source,) = inputs([path], tmp_path)
    assert is_mapped(source.load())
    with pytest.raises(UnreadableFile, match="a FHIR Patient"):
        list(read_placed(source, scratch=tmp_path))
    monkeypatch.setattr(detect, "MOST_BYTES", 10)
    with pytest.raises(UnreadableFile, match="cannot be read piece by piece"):
        list(read_placed(source, scratch=tmp_path))


def test_a_json_document_too_large_for_memory_says_what_to_do(tmp_path, monkeypatch):
    from cleanclaim.claims.readers import tabular

    monkeypatch.setattr(tabular, "MOST_AT_ONCE", 10)
    with pytest.raises(UnreadableFile, match="JSON lines"):
        list(read_jsonl(on_disk(tmp_path, b'[\n{"claim_id": "A"}\n]'), "f"))


def test_a_source_says_about_how_large_it_is(tmp_path):
    path = tmp_path / "a.837"
    path.write_text(FILE, encoding="utf-8")
    (source,) = inputs([path])
    assert source.size == len(FILE)
    assert InputFile("x", bytes).size == 0

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import strategies_tabular as tables
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import detect as module
from cleanclaim.claims.readers.detect import Format, InputFile, detect, inputs, read
from cleanclaim.errors import UnknownName, UnreadableFile
from cleanclaim.types import Reject

CSV = b"claim_id,hcpcs,service_date\nA,43239,2026-07-01\nB,43248,2026-07-01\n"
JSONL = b'{"claim_id":"A","hcpcs":"43239","service_date":"2026-07-01"}\n'
PARQUET = tables.to_parquet([{"claim_id": "A", "hcpcs": "43239", "service_date": date(2026, 7, 1)}])
X12 = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260701*0800*^*00501*1*0*T*:~"
FHIR = json.dumps(
    {
        "resourceType": "Claim",
        "id": "A",
        "type": {"coding": [{"code": "professional"}]},
        "item": [{"sequence": 1, "productOrService": {"coding": [{"code": "43239"}]}}],
    }
).encode()
FORMATS = [(CSV, "csv"), (JSONL, "jsonl"), (PARQUET, "parquet"), (X12, "x12-837"), (FHIR, "fhir")]


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return write


def everything(*paths: object, forced: str | None = None) -> list[Claim | Reject]:
    return [result for source in inputs(map(str, paths)) for result in read(source, forced)]


def names(*paths: object) -> list[str]:
    return [source.name for source in inputs(map(str, paths))]


# --- formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "form"), FORMATS)
def test_a_format_is_told_by_its_content_alone(content, form):
    assert detect(content) == form
    if form != "parquet":
        assert detect(b"\xef\xbb\xbf" + content) == form


def test_json_is_fhir_only_with_a_resource_type():
    assert detect(b'{"entry": [], "resourceType" : "Bundle"}') is Format.FHIR
    assert detect(b'\n [ {"claim_id": "A"} ]') is Format.JSONL


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"", "an empty file"),
        (b" \r\n\t", "an empty file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b'<?xml version="1.0"?><Claim xmlns="http://hl7.org/fhir"/>', "FHIR in XML"),
        (b"<claims/>", "XML"),
        ("claim_id,hcpcs".encode("utf-16"), "UTF-16 text"),
        (bytes(range(256)), "binary data"),
        (b"Dear payer\nplease pay\n", "text without a header line"),
        (gzip.compress(CSV), "an archive inside an archive"),
        (b"a" * 257 + b"ustar", "a tar archive"),
    ],
)
def test_anything_else_is_named_for_what_it_looks_like_with_what_is_accepted(content, looks_like):
    with pytest.raises(UnreadableFile, match=r"^x\.bin: ") as error:
        detect(content, "x.bin")
    assert looks_like in str(error.value)
    assert "837P and 837I" in str(error.value)


def test_a_forced_format_overrides_what_the_content_looks_like(put):
    path = put("a", CSV)
    with pytest.raises(UnreadableFile):
        everything(path, forced="fhir")
    assert len(everything(path, forced="csv")) == 2


def test_an_unknown_format_name_offers_the_nearest(put):
    with pytest.raises(UnknownName, match="Did you mean parquet"):
        everything(put("a", CSV), forced="parket")


# --- files, archives, folders, standard input --------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda content: zipped(("in/b", content))])
def test_a_file_is_read_plain_gzipped_or_zipped_whatever_its_name(put, pack):
    for content, form in FORMATS:
        if form != "x12-837":  # its own reader's tests hold it to this
            claims = everything(put("claims.dat", pack(content)))
            assert claims
            assert all(isinstance(claim, Claim) for claim in claims)


def test_a_member_of_an_archive_is_named_behind_it(put):
    path = put("a.zip", zipped(("one.csv", CSV), ("deep/two.csv.gz", gzip.compress(CSV))))
    assert names(path) == [f"{path}!one.csv", f"{path}!deep/two.csv.gz"]
    assert [(claim.claim_id, claim.file) for claim in everything(path)] == [
        (name, f"{path}!{member}") for member in ("one.csv", "deep/two.csv.gz") for name in "AB"
    ]


def test_bytes_are_counted_in_the_unpacked_file(put):
    assert [claim.byte for claim in everything(put("a.gz", gzip.compress(CSV)))] == [
        claim.byte for claim in everything(put("a.csv", CSV))
    ]


def test_a_gz_of_several_parts_is_read_whole(put):
    head, tail = CSV[:40], CSV[40:]
    assert len(everything(put("a.gz", gzip.compress(head) + gzip.compress(tail)))) == 2


def test_a_folder_is_read_in_sorted_order_without_hidden_files(put, tmp_path):
    for name in ("b/2.csv", "b/1.csv", "a.csv", ".hidden.csv", ".git/x.csv", "z.zip"):
        put(name, zipped(("m.csv", CSV), ("__MACOSX/m.csv", CSV), ("._m.csv", CSV)) if name == "z.zip" else CSV)
    assert [name.removeprefix(f"{tmp_path}/") for name in names(tmp_path)] == [
        "a.csv",
        "b/1.csv",
        "b/2.csv",
        "z.zip!m.csv",
    ]


def test_what_a_folder_or_archive_holds_besides_claims_is_one_reject_each_and_the_rest_is_read(put, tmp_path):
    put("a.pdf", b"%PDF-1.7")
    put("b.csv", CSV)
    put("c.zip", zipped(("notes.txt", b"hello"), ("d.csv", CSV)))
    put("e.zip", b"PK\x03\x04 not a zip")
    put("f.gz", gzip.compress(CSV)[:-9])
    results = everything(tmp_path)
    rejects = [result for result in results if isinstance(result, Reject)]
    assert len(results) - len(rejects) == 4
    assert [Path(reject.file).name for reject in rejects] == ["a.pdf", "c.zip!notes.txt", "e.zip", "f.gz"]
    assert {(reject.claims, reject.byte, reject.segment) for reject in rejects} == {(0, None, "file")}
    assert all(not reject.reason.startswith(str(tmp_path)) for reject in rejects)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.zip", b"PK\x03\x04 not a zip", "a damaged zip"),
        ("a.zip", zipped(), "a zip without a file"),
        ("a.zip", zipped((".hidden", CSV)), "a zip without a file"),
        ("a.xlsx", zipped(("[Content_Types].xml", b""), ("xl/workbook.xml", b"")), "Save it as CSV"),
        ("a.gz", gzip.compress(CSV)[:-9], "a damaged gz"),
        ("a.gz", b"\x1f\x8b", "a damaged gz"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_an_error(put, name, content, says):
    path = put(name, content)
    with pytest.raises(UnreadableFile) as error:
        everything(path)
    assert str(error.value).startswith(f"{path}: ")
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["./claims.csv", "sub/./claims.csv", "../claims.csv"])
def test_steps_in_the_name_of_a_zip_member_do_not_hide_it(put, name):
    assert len(everything(put("a.zip", zipped((name, CSV), ("./.hidden.csv", CSV))))) == len(
        everything(put("a.csv", CSV))
    )


def test_an_archive_in_an_archive_is_a_reject(put):
    (reject,) = everything(put("a.zip", zipped(("b.zip", zipped(("c.csv", CSV))))))
    assert "unpack it first" in reject.reason


def test_a_file_that_goes_away_before_it_is_read_is_an_error(put):
    (source,) = inputs([path := put("a.csv", CSV)])
    path.unlink()
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        list(read(source))


def test_a_path_that_is_not_there_and_an_empty_folder_are_errors(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        everything(tmp_path / "none.837")
    with pytest.raises(UnreadableFile, match="a folder without a file"):
        everything(tmp_path)


@pytest.mark.parametrize("content", [CSV, gzip.compress(CSV), zipped(("a.csv", CSV))])
def test_a_dash_is_standard_input(monkeypatch, content):
    class Standard:
        buffer = io.BytesIO(content)

    monkeypatch.setattr("sys.stdin", Standard)
    assert [claim.file for claim in everything("-")] == ["-!a.csv" if content[:2] == b"PK" else "-"] * 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_once_and_whole(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CSV,))
    writer.start()
    assert len(everything(pipe)) == 2
    writer.join()


def test_inputs_can_be_listed_before_they_are_read(put):
    sources = list(inputs([put("a.zip", zipped(("a.csv", CSV), ("b.csv", CSV))), put("c.csv", CSV)]))
    assert [source.named for source in sources] == [False, False, True]
    assert sum(len(list(read(source))) for source in sources) == 6


# --- limits and damage --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda content: zipped(("b.csv", content))])
def test_what_unpacks_beyond_the_limit_is_refused(put, monkeypatch, pack):
    monkeypatch.setattr(module, "MOST_BYTES", 1 << 20)
    path = put("a", pack(CSV + b"\n" * (3 << 20)))
    source = next(inputs([path]))
    with pytest.raises(UnreadableFile, match="more than 1 MiB"):
        source.load()


def test_an_archive_that_declares_less_than_it_holds_is_not_unpacked_further(put):
    content = bytearray(zipped(("b.csv", b"\n" * (8 << 20))))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    (reject,) = everything(put("a.zip", bytes(content)))
    assert "damaged" in reject.reason


def test_an_encrypted_member_is_named_as_such(put):
    content = bytearray(zipped(("b.csv", CSV)))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + at] |= 1
    (reject,) = everything(put("a.zip", bytes(content)))
    assert "encrypted" in reject.reason


PACKED = [gzip.compress(CSV), zipped(("a.csv", CSV), ("b.jsonl", JSONL)), CSV, JSONL, FHIR, PARQUET]


@given(st.sampled_from(PACKED), st.data())
@settings(max_examples=300)
def test_a_damaged_file_ends_in_claims_rejects_or_one_clear_error(tmp_path_factory, content, data):
    damaged = bytearray(content)
    damaged[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.one_of(st.none(), st.integers(0, len(content))))])
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(cut)
    try:
        results = everything(path)
    except UnreadableFile:
        return
    assert all(isinstance(result, Claim | Reject) for result in results)


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_content_is_a_format_or_one_clear_error(content):
    source = InputFile("x", lambda: content, named=False)
    for result in read(source):
        assert isinstance(result, Claim | Reject)

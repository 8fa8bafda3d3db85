"""Published files as they come: what is unpacked, what is told of what cannot be."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsx import workbook

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.errors import InputError


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def opened(folder, name: str, content: bytes) -> list[PublishedFile]:
    path = folder / name
    path.write_bytes(content)
    return list(open_published(path))


def text_file(content: bytes, name: str = "a.csv") -> PublishedFile:
    return PublishedFile(name, name, "", content)


NOISE = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(128))


def test_a_plain_file_is_itself_with_the_digest_of_its_bytes(tmp_path):
    (file,) = opened(tmp_path, "a.csv", b"x,y\n")
    assert (file.name, file.content) == ("a.csv", b"x,y\n")
    assert file.sha256 == hashlib.sha256(b"x,y\n").hexdigest()


def test_a_gz_is_its_content_under_its_own_name_with_the_digest_of_the_archive(tmp_path):
    packed = gzip.compress(b"x,y\n")
    (file,) = opened(tmp_path, "a.csv.gz", packed)
    assert (file.name, file.content) == ("a.csv", b"x,y\n")
    assert file.sha256 == hashlib.sha256(packed).hexdigest()


def test_a_zip_is_its_members_in_order_of_name_each_with_its_origin(tmp_path):
    files = opened(tmp_path, "a.zip", zipped({"b/two.txt": b"2", "a/one.txt": b"1", "a/": b""}))
    assert [(file.name, file.content) for file in files] == [("one.txt", b"1"), ("two.txt", b"2")]
    assert files[0].origin == f"{tmp_path / 'a.zip'}!a/one.txt"


def test_a_workbook_is_one_file_and_not_an_archive_of_xml(tmp_path):
    (file,) = opened(tmp_path, "a.xlsx", workbook([["code", 3.0], [None, "x"]]))
    assert file.is_sheet
    assert file.sheet == [["code", "3"], ["", "x"]]
    assert list(file.rows()) == [(1, ["code", "3"]), (2, ["", "x"])]


def test_a_workbook_inside_a_zip_is_a_workbook(tmp_path):
    (file,) = opened(tmp_path, "a.zip", zipped({"in.xlsx": workbook([["a"]])}))
    assert file.is_sheet


@pytest.mark.parametrize(
    "content",
    [zipped({"word/document.xml": b"<x/>"}), zipped({"deep.csv": b"a,b"})],
    ids=["a Word document", "an archive"],
)
def test_another_zip_inside_a_zip_is_neither_workbook_nor_text(tmp_path, content):
    (file,) = opened(tmp_path, "a.zip", zipped({"inner": content}))
    assert not file.is_sheet
    assert file.head() == []
    assert file.first_rows() == []


def damaged(content: bytes, at: int, count: int) -> bytes:
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + count]) + content[at + count :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.csv.gz", gzip.compress(NOISE)[:-900]),
        ("changed.csv.gz", damaged(gzip.compress(b"code,date\n" * 500), 16, 12)),
        ("sum.csv.gz", damaged(gzip.compress(NOISE), -8 + len(gzip.compress(NOISE)), 4)),
        ("cut.zip", zipped({"a.csv": NOISE})[:-300]),
        ("changed.zip", damaged(zipped({"a.csv": b"code,date\n" * 500}), 38, 12)),
        ("sum.zip", damaged(zipped({"a.csv": NOISE}), 500, 5)),
        ("mark only.zip", b"PK\x03\x04"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # the bytes tell when they were packed
)
def test_a_damaged_archive_is_one_clear_error_that_names_it(tmp_path, name, content):
    with pytest.raises(InputError, match="damaged or cannot be unpacked") as caught:
        opened(tmp_path, name, content)
    assert name in str(caught.value)


def test_an_encrypted_zip_is_a_clear_error(tmp_path):
    content = bytearray(zipped({"a.csv": b"code"}))
    content[6] |= 1  # the flag of encryption, in the local header and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="cannot be unpacked"):
        opened(tmp_path, "a.zip", bytes(content))


def test_what_unpacks_to_more_than_any_table_is_refused_and_never_cut(tmp_path, monkeypatch):
    monkeypatch.setattr("cleanclaim.book.files._MAX_MEMBER_BYTES", 1000)
    with pytest.raises(InputError, match="more than any published table"):
        opened(tmp_path, "a.csv.gz", gzip.compress(b"x" * 1001))
    with pytest.raises(InputError, match="more than any published table"):
        opened(tmp_path, "a.zip", zipped({"a.csv": b"x" * 1001}))
    (file,) = opened(tmp_path, "b.csv.gz", gzip.compress(b"x" * 1000))
    assert len(file.content) == 1000


def test_a_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        list(open_published(tmp_path / "none.csv"))


def test_a_damaged_workbook_is_a_clear_error(tmp_path):
    (file,) = opened(tmp_path, "a.xlsx", zipped({"xl/workbook.xml": b"<nothing/>"}))
    with pytest.raises(InputError, match=r"a\.xlsx: the workbook cannot be read"):
        file.first_rows()


def test_text_is_utf_8_with_or_without_mark_and_windows_1252_where_it_is_not():
    assert text_file("é".encode()).text == "é"
    assert text_file(b"\xef\xbb\xbfa").text == "a"
    assert text_file("Señora".encode("cp1252")).text == "Señora"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_tell_the_physical_line_they_begin_on(end):
    text = end.join(["a,b", '1,"two', 'lines"', "3,4", ""])
    rows = list(text_file(text.encode()).rows())
    assert [number for number, _ in rows] == [1, 2, 4]
    assert rows[2][1] == ["3", "4"]


def test_a_quote_that_never_closes_is_a_clear_error_with_its_line():
    file = text_file(b'a,b\n1,2\n"3,' + b"x" * 200_000)
    with pytest.raises(InputError, match=r"a\.csv, line 3: cannot be read as a table"):
        list(file.rows())
    assert file.first_rows(2) == [["a", "b"], ["1", "2"]]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_recognition_never_fails(content):
    file = text_file(content)
    assert isinstance(file.head(), list)
    assert isinstance(file.first_rows(), list)
    assert isinstance(file.text, str)

"""The index file: what is written is read back; what is damaged is one clear error."""

from __future__ import annotations

import contextlib
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.errors import BookError
from cleanclaim.index import format as index_format

numbers = st.lists(st.integers(0, 2**32 - 1), max_size=20)


def content(values: list[int], text: bytes = b"abc") -> bytes:
    arrays = {"numbers": ("I", struct.pack(f"<{len(values)}I", *values)), "empty": ("Q", b""), "text": ("B", text)}
    return index_format.write(arrays, {"releases": [{"name": "ö"}]})


@given(numbers, st.binary(max_size=100))
def test_arrays_and_header_come_back(values, text):
    file = index_format.parse(memoryview(content(values, text)), "test")
    assert list(file.arrays["numbers"]) == values
    assert list(file.arrays["empty"]) == []
    assert bytes(file.arrays["text"]) == text
    assert file.header["releases"] == [{"name": "ö"}]


def test_every_array_begins_on_a_multiple_of_64_bytes():
    whole = content([1, 2, 3], b"x" * 70)
    header = json.loads(whole[16 : 16 + struct.unpack_from("<Q", whole, 8)[0]])
    start = -(-(16 + struct.unpack_from("<Q", whole, 8)[0]) // 64) * 64
    for _, offset, _ in header["arrays"].values():
        assert (start + offset) % 64 == 0


def test_cut_anywhere_it_is_an_error_and_never_an_answer():
    whole = content([1, 2, 3], b"x" * 70)
    for length in range(len(whole)):
        if length < len(whole) - 58:  # the last array has 70 bytes: 58 of padding follow
            with pytest.raises(BookError, match=r"the index: the index is damaged .* rebuilt"):
                index_format.parse(memoryview(whole[:length]), "the index")
        else:
            file = index_format.parse(memoryview(whole[:length]), "the index")
            assert bytes(file.arrays["text"]) == b"x" * 70


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_header_never_fails_in_another_way(at, flip):
    whole = bytearray(content([1, 2, 3]))
    whole[at] ^= flip
    with contextlib.suppress(BookError):
        index_format.parse(memoryview(bytes(whole)), "the index")


@pytest.mark.parametrize("header", [[], {}, {"arrays": []}, {"arrays": {"a": 1}}, {"arrays": {"a": ["I", "x", 1]}}, 3])
def test_a_header_of_another_shape_is_one_clear_error(header):
    text = json.dumps(header).encode()
    with pytest.raises(BookError, match="damaged"):
        index_format.parse(memoryview(struct.pack("<8sQ", index_format.MAGIC, len(text)) + text), "x")


def test_an_index_of_another_version_is_not_read():
    whole = b"CCINDEX0" + content([1])[8:]
    with pytest.raises(BookError, match="not an index of this version"):
        index_format.parse(memoryview(whole), "x")


def test_an_empty_file_is_one_clear_error(tmp_path):
    (tmp_path / "a.idx").write_bytes(b"")
    with pytest.raises(BookError, match="empty"):
        index_format.open_file(tmp_path / "a.idx")


def test_a_mapped_file_outlives_its_deletion(tmp_path):
    """Another process may replace the index while this one reads it."""
    path = tmp_path / "a.idx"
    path.write_bytes(content([7, 8]))
    file = index_format.open_file(path)
    path.unlink()
    assert list(file.arrays["numbers"]) == [7, 8]

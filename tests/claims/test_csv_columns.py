"""CSV read column by column gives what the slow reader gives, byte by byte; or leaves the file to it."""

from __future__ import annotations

import csv

import pytest
import strategies_tabular as tables
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_parquet_columns import flat_tables, outcome, told

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import detect
from cleanclaim.claims.readers.table_columns import blocks, delimited
from cleanclaim.claims.readers.tabular import read_csv
from cleanclaim.claims.table import ClaimTable
from cleanclaim.types import Reject

HEADER = "claim_id,hcpcs,service_date,line_note"
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "end": st.sampled_from(["\n", "\r\n"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
)


def by_columns(content: bytes, rows: int, at_once: int) -> list[Claim | Reject] | str | None:
    """What is read in parts of so many rows, from blocks of so many bytes; None where the slow reader must."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_AT_ONCE", at_once)
        try:
            parts = delimited.read_parts(content, "a", rows=rows)
        except detect.UnreadableFile as error:
            return str(error)
        if parts is None:
            return None
        parts = list(parts)
    for part in parts:
        assert told(part.table) == told(ClaimTable.of(part.table.claims()))
    return [item for part in parts for item in part.items()]


def assert_same(content: bytes) -> bool:
    """Both readers say the same, if both read it; whether both do."""
    expected = outcome(read_csv(content, "a"))
    for rows, at_once in ((1, 1), (3, 40), (1 << 16, 1 << 22)):
        found = by_columns(content, rows, at_once)
        if found is None:
            return False
        assert found == expected
        assert list(map(repr, found)) == list(map(repr, expected))  # decimals that are equal may be written otherwise
    return True


def rows_of(table) -> list[dict[str, object]]:
    """The rows of an Arrow table of texts."""
    return [{name: value or "" for name, value in row.items()} for row in table.to_pylist()]


@given(flat_tables(), DIALECTS, st.sampled_from([b"", b"\xef\xbb\xbf"]))
@settings(max_examples=100)
def test_any_flat_table_gives_what_the_slow_reader_gives(made, dialect, mark):
    table, _ = made
    rows = rows_of(table)
    blank = [not any(map(str.strip, row.values())) for row in rows]
    ends = max((at for at, is_blank in enumerate(blank) if not is_blank), default=0)
    if dialect["quoting"] == csv.QUOTE_ALL:  # two quotes with nothing between them are no blank
        ends = len(blank)
    assert assert_same(mark + tables.to_csv(rows, **dialect)) is not any(blank[:ends])


@given(tables.claim_lists, DIALECTS, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_claims_whose_rows_lie_in_any_order_are_whole(claims, dialect, chance):
    rows = [row for claim in claims for row in tables.rows(claim)]
    chance.shuffle(rows)
    content = tables.to_csv(rows, **dialect)
    broken = any("\n" in str(value) for row in rows for value in row.values())
    assert assert_same(content) is not broken


PIECES = st.sampled_from(
    [
        *("C1", "C2", "43239", "2026-07-01", "soon", "NULL", " null ", "\\N", "é", "\u00a0", " ", ""),
        *('"', '""', '"a,b"', '"a""b"', ",", ",", ",", ","),
        *("\n", "\n", "\r\n", "\r", "\t", "\x0b", "\x00", "\x1c", "\u2028"),
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["utf-8", "cp1252"]))
@settings(max_examples=400)
@example("C1,43239,2026-07-01,\nC2,43239,2026-07-01,\n,,,\n\n , \n", "utf-8")
@example('C1,43239,2026-07-01,"a\nb"\n', "utf-8")
@example('C1,43239,2026-07-01,a"b\n', "utf-8")
@example('C1,43239,2026-07-01, "a"\n', "utf-8")
@example("C1,43239,2026-07-01,\n,,,\nC2,43239,2026-07-01,", "utf-8")
def test_whatever_the_rows_hold_it_is_read_alike_or_left_to_the_slow_reader(text, encoding):
    assert_same(f"{HEADER}\n{text}".encode(encoding, "replace"))


GOOD = "C1,43239,2026-07-01,x"


@pytest.mark.parametrize(
    "rows",
    [
        [GOOD, "C1,43248,2026-07-01,"],
        [GOOD, "C2,NULL,2026-07-01,null", "C2,43248,2026-07-01,\\N"],
        [GOOD, 'C2,43248,2026-07-01,"a, ""b"""', '"C3","43248","2026-07-01",""'],
        [GOOD, "C2,43248,soon,", ",43248,2026-07-01,", "C1,43249,2026-07-01,"],
        [GOOD, "C2,43248,2026-07-01,é\u00a0", " C3 , 43248 ,2026-07-01, "],
        [GOOD, "", " , ,", ",,,", ""],
    ],
    ids=["plain", "nulls", "quotes", "what is wrong in it", "blanks and other letters", "blank rows at the end"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_rows_that_are_lines_of_plain_cells_are_read_column_by_column(rows, end):
    content = (end or "\n").join([HEADER, *rows]) + end
    assert assert_same(content.encode())


@pytest.mark.parametrize(
    "rows",
    [
        [GOOD, 'C2,43248,2026-07-01,"a\nb"'],
        [GOOD, 'C2,43248,2026-07-01,a"b'],
        [GOOD, 'C2,43248,2026-07-01, "a"'],
        [GOOD, 'C2,43248,2026-07-01,"a'],
        [GOOD, 'C2,43248,2026-07-01,"a"b'],
        [GOOD, "C2,43248,2026-07-01"],
        [GOOD, "C2,43248,2026-07-01,,"],
        [GOOD, "", GOOD],
        [GOOD, ",,,", GOOD],
        [GOOD, "C2,43248,2026-07-01,a\rb"],
        [GOOD, "C2,43248,2026-07-01,a\x00b"],
    ],
)
def test_other_rows_are_left_to_the_slow_reader(rows):
    content = "\n".join([HEADER, *rows]).encode()
    assert by_columns(content, 1 << 16, 1 << 22) is None
    assert [entry for entry in read_csv(content, "a") if isinstance(entry, Claim)]


def test_other_encodings_are_left_to_the_slow_reader():
    assert by_columns(f"{HEADER}\nC1,43239,2026-07-01,é".encode("cp1252"), 1 << 16, 1 << 22) is None


def test_a_large_file_is_read_in_tables(tmp_path, monkeypatch):
    path = tmp_path / "claims.csv"
    path.write_text("\n".join([HEADER, *(f"C{n},43239,2026-07-01," for n in range(50))]), encoding="utf-8")
    (source,) = detect.inputs([path])
    assert detect.read_tables(source) is None
    monkeypatch.setattr(detect, "_WORTH_COLUMNS", 100)
    parts = list(detect.read_tables(source))
    assert [item for part in parts for item in part.items()] == list(detect.read(source))
    path.write_text('a,b\n"x\n', encoding="utf-8")
    assert detect.read_tables(source) is None


def test_of_a_quoted_header_no_more_is_read_by_other_delimiters_than_a_header_may_take(monkeypatch):
    asked = []
    reader = csv.reader
    monkeypatch.setattr(csv, "reader", lambda *given, **more: asked.append(1) or reader(*given, **more))
    row = '"C1","43239","2026-07-01",""\n'
    header = ",".join(f'"{name}"' for name in HEADER.split(","))
    content = f"{header}\n{row * 20_000}".encode()
    assert len(list(read_csv(content, "a"))) == 1
    assert len(asked) < 3 * (1 << 16) / len(row) + 10

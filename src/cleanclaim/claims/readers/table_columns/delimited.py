"""CSV files to claim tables, in parts, where each row is one line; the slow reader has the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.rows import claims
from cleanclaim.claims.readers.table_columns import arrays
from cleanclaim.claims.readers.table_columns.blocks import Block, Irregular, blocks, expect_regular
from cleanclaim.claims.readers.table_columns.column import Column, encoded, merged
from cleanclaim.claims.readers.table_columns.groups import Rows, cuts
from cleanclaim.claims.readers.table_columns.part import ROWS_OF_A_PART, part_of, pieces
from cleanclaim.claims.readers.table_columns.records import Placed
from cleanclaim.claims.readers.tabular import FIRST_ROW, NULLS, CsvLayout, csv_layout, csv_row
from cleanclaim.claims.readers.x12_columns.parts import Part
from cleanclaim.types import Reject

_STARTS: Final = "starts"
"""The column of the bytes at which rows begin; the others are called by their places."""


def read_parts(content: bytes, file: str, *, rows: int = ROWS_OF_A_PART) -> Iterator[Part] | None:
    """The claims and rejects of a CSV file in parts of about ``rows`` rows, in the order of the file.

    None where the rows are not lines of plain cells in UTF-8, which is found out by going through the file once.

    Raises:
        UnreadableFile: as :func:`cleanclaim.claims.readers.tabular.placed_csv` does.
    """
    layout = csv_layout(content, file)
    if layout.lines.encoding != "utf-8" or layout.width == 1:
        return None
    begin = layout.lines.at
    try:
        ends = _cuts(blocks(content, begin, layout.delimiter), layout, rows)
    except Irregular:
        return None
    wanted = sorted({place for places in layout.places.values() for place in places})
    batches = (_batch(block, layout, wanted) for block in blocks(content, begin, layout.delimiter))
    return _parts(pieces(batches, ends), layout, file)


def _parts(tables: Iterable[pa.Table], layout: CsvLayout, file: str) -> Iterator[Part]:
    number = FIRST_ROW
    for table in tables:
        columns = {column: _column(table, places) for column, places in layout.places.items()}
        starts = arrays.filled(table.column(_STARTS).combine_chunks())
        placed = Placed.of_file(file, number, table.num_rows, starts)
        yield part_of(columns, placed, partial(_read_slowly, table, number, layout, file))
        number += table.num_rows


def _cuts(text: Iterable[Block], layout: CsvLayout, rows: int) -> list[int]:
    """Behind how many rows to cut. Raises Irregular where a line is no row of plain cells, or a blank one."""
    wanted = layout.places["claim_id"]

    def claim_ids() -> Iterator[Column]:
        for block in text:
            expect_regular(block, layout.delimiter, layout.width)
            column = _column(pa.Table.from_batches([_batch(block, layout, wanted)]), wanted)
            if any(_is_blank(block, row, layout.delimiter) for row in np.flatnonzero(column.ids == 0).tolist()):
                raise Irregular
            yield column

    return cuts(claim_ids(), rows)


def _is_blank(block: Block, row: int, delimiter: str) -> bool:
    begin = int(block.starts[row] - block.starts[0])
    line = block.text[begin : block.text.index(b"\n", begin)].decode()
    return not line.replace('"', "").replace(delimiter, "").strip()


def _batch(block: Block, layout: CsvLayout, wanted: Sequence[int]) -> pa.RecordBatch:
    """The cells at some places of the rows of a block, as they are written, and where the rows begin."""
    names = [str(place) for place in range(layout.width)]
    table = csv.read_csv(
        pa.BufferReader(block.text),
        csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block.text) + 1),
        csv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False),
        csv.ConvertOptions(
            include_columns=[str(place) for place in wanted],
            column_types={str(place): pa.string() for place in wanted},
            strings_can_be_null=False,
        ),
    )
    (batch,) = table.append_column(_STARTS, arrays.numbers(block.starts)).combine_chunks().to_batches()
    return batch


def _column(table: pa.Table, places: Sequence[int]) -> Column:
    """What several cells of each row say of one thing: the first of them that is filled."""
    return merged([_without_nulls(encoded(table.column(str(place)))) for place in places])


def _without_nulls(column: Column) -> Column:
    """The same with no text where a database wrote that there is none."""
    if column.plain is not None:
        nulls = arrays.flags(pc.is_in(column.plain, arrays.strings(sorted(NULLS))))
    else:
        nulls = np.array([text in NULLS for text in column.texts], np.bool_)
    if nulls.any():
        column.ids = np.where(nulls[column.ids], np.int32(0), column.ids)
    return column


def _read_slowly(table: pa.Table, first_row: int, layout: CsvLayout, file: str, rows: Rows) -> Sequence[Claim | Reject]:
    """The claims of some rows, or their rejects, in the order of their first rows."""
    chosen = table.take(arrays.numbers(rows))
    starts = arrays.filled(chosen.column(_STARTS).combine_chunks()).tolist()
    texts: list[dict[str, str]] = chosen.drop_columns([_STARTS]).to_pylist()
    parts = (
        csv_row({int(place): text for place, text in cells.items()}, layout.places, start, first_row + row)
        for row, start, cells in zip(rows.tolist(), starts, texts, strict=True)
    )
    return list(claims(parts, file))

"""Compiles the book into the index file. The index is derived: it can be deleted and rebuilt at any time.

Every text of the book is interned once in a sorted pool; a key is the pool number of its code (two codes side by
side for a pair), and rows are sorted by key, so that a lookup is one binary search over a mapped array.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.book.provenance import Release
from cleanclaim.book.starter import listed_codes
from cleanclaim.book.store import BookStore
from cleanclaim.index import format as index_format
from cleanclaim.index.tables import TABLES, IndexedTable

_EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal(): Arrow counts days from there
_WIDTHS: dict[str, tuple[str, Any]] = {"i": ("i", np.int32), "b": ("B", np.uint8), "t": ("i", np.int32)}

Loaded = list[tuple[int, Release, pa.Table]]


def build(store: BookStore) -> bytes:
    """The index file's bytes for a book."""
    releases = store.releases()
    tables = [(number, release, store.table(release)) for number, release in enumerate(releases)]
    return compile_tables(releases, tables, listed_codes() if store.with_starter else ())


def compile_tables(releases: tuple[Release, ...], tables: Loaded, starter_codes: tuple[str, ...]) -> bytes:
    """The index file's bytes from releases and their Arrow tables.

    ``starter_codes`` are the codes for which starter releases speak even where they have no row.
    """
    pool = _Pool(_texts(tables, starter_codes))
    arrays: dict[str, tuple[str, bytes]] = pool.arrays()
    for table in TABLES:
        loaded = [entry for entry in tables if entry[1].source in table.sources]
        if loaded:
            arrays |= _table_arrays(table, loaded, pool)
            arrays |= _listed_arrays(table, loaded, pool, starter_codes)
    arrays["turns"] = ("i", _turns(arrays).tobytes())
    header = {"releases": [release.to_json() for release in releases]}
    return index_format.write(arrays, header)


class _Pool:
    """Every distinct text of the book, sorted by its UTF-8 bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted({*texts, ""}, key=lambda text: text.encode())
        self.numbers = {text: number for number, text in enumerate(self.texts)}

    def arrays(self) -> dict[str, tuple[str, bytes]]:
        encoded = [text.encode() for text in self.texts]
        ends = np.cumsum([0, *(len(text) for text in encoded)], dtype=np.uint32)
        return {"pool.ends": ("I", ends.tobytes()), "pool.bytes": ("B", b"".join(encoded))}

    def numbers_of(self, column: pa.ChunkedArray) -> npt.NDArray[np.uint32]:
        """Pool numbers of a text column; null counts as the empty text."""
        encoded = pc.dictionary_encode(pc.fill_null(column, "")).combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):  # an empty column stays chunked
            return np.zeros(0, np.uint32)
        to_pool = np.array([self.numbers[text] for text in encoded.dictionary.to_pylist()], np.uint32)
        picked: npt.NDArray[np.uint32] = to_pool[encoded.indices.to_numpy(zero_copy_only=False)]
        return picked


def _as_text(table: pa.Table, name: str, kind: str) -> pa.ChunkedArray:
    column = table.column(name)
    return pc.cast(column, pa.string()) if kind == "d" else column


def _texts(tables: Loaded, starter_codes: tuple[str, ...]) -> Iterable[str]:
    yield from starter_codes
    for table in TABLES:
        for _, release, facts in tables:
            if release.source not in table.sources:
                continue
            for name, kind in table.columns:
                if kind in "sd" and name in facts.column_names:
                    distinct = pc.unique(_as_text(facts, name, kind))
                    yield from (text for text in distinct.to_pylist() if text is not None)


def _table_arrays(table: IndexedTable, loaded: Loaded, pool: _Pool) -> dict[str, tuple[str, bytes]]:
    columns: dict[str, list[npt.NDArray[Any]]] = {name: [] for name, _ in table.columns}
    release_numbers = []
    for number, _, facts in loaded:
        release_numbers.append(np.full(facts.num_rows, number, np.uint16))
        for name, kind in table.columns:
            columns[name].append(_column(facts, name, kind, pool))
    whole = {name: np.concatenate(pieces) for name, pieces in columns.items()}
    keys = _keys([whole[name] for name in table.key])
    order = np.argsort(keys, kind="stable")
    arrays = {
        f"{table.name}.key": ("Q", keys[order].tobytes()),
        f"{table.name}.release": ("H", np.concatenate(release_numbers)[order].tobytes()),
    }
    for name, kind in table.columns:
        code = "I" if kind in "sd" else _WIDTHS[kind][0]
        arrays[f"{table.name}.{name}"] = (code, whole[name][order].tobytes())
    for name in table.key[1:]:
        by_name = np.argsort(whole[name][order], kind="stable").astype(np.uint32)
        arrays[f"{table.name}.{name}.order"] = ("I", by_name.tobytes())
    return arrays


def _column(facts: pa.Table, name: str, kind: str, pool: _Pool) -> npt.NDArray[Any]:
    if name not in facts.column_names:
        return np.zeros(facts.num_rows, np.uint32 if kind in "sd" else _WIDTHS[kind][1])
    if kind in "sd":
        return pool.numbers_of(_as_text(facts, name, kind))
    column = facts.column(name)
    if kind == "t":
        days = pc.fill_null(pc.cast(column, pa.int32()), -_EPOCH_ORDINAL)
        ordinals: npt.NDArray[Any] = days.to_numpy().astype(np.int32) + _EPOCH_ORDINAL
        return ordinals
    filled = pc.fill_null(column, False if kind == "b" else 0)
    values: npt.NDArray[Any] = filled.to_numpy().astype(_WIDTHS[kind][1])
    return values


def _keys(columns: list[npt.NDArray[np.uint32]]) -> npt.NDArray[np.uint64]:
    keys = columns[0].astype(np.uint64) << np.uint64(32)
    if len(columns) > 1:
        keys |= columns[1].astype(np.uint64)
    return keys


def _turns(arrays: dict[str, tuple[str, bytes]]) -> npt.NDArray[np.int32]:
    """The days on which a row that is dated by itself begins to bind, or no longer does: between two all is alike."""
    days = [np.zeros(0, np.int32)]
    for table in TABLES:
        for name, later in (("valid_from", 0), ("valid_to", 1)):
            column = arrays.get(f"{table.name}.{name}")
            if table.cumulative and column is not None:
                distinct = np.unique(np.frombuffer(column[1], np.int32))
                days.append(distinct[distinct > 0] + later)
    return np.unique(np.concatenate(days)).astype(np.int32)


def _listed_arrays(
    table: IndexedTable, loaded: Loaded, pool: _Pool, starter_codes: tuple[str, ...]
) -> dict[str, tuple[str, bytes]]:
    """For each release the codes it speaks for: (code, release number), sorted.

    A whole release of pairs lists the codes of both columns; a part of one only those whose every pair with a
    later code it holds, which are its Column One codes.
    """
    pieces = []
    for number, release, facts in loaded:
        if not table.by_code:
            continue
        if release.starter:
            codes = np.array([pool.numbers[code] for code in starter_codes], np.uint32)
        else:
            columns = table.key if release.whole else table.key[:1]
            codes = np.unique(np.concatenate([pool.numbers_of(facts.column(name)) for name in columns]))
        pieces.append((codes.astype(np.uint64) << np.uint64(32)) | np.uint64(number))
    if not pieces:
        return {}
    return {f"{table.name}.listed": ("Q", np.sort(np.concatenate(pieces)).tobytes())}

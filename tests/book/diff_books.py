"""Books of made releases, for the tests of what changed between two of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from cleanclaim.book.diff import Diff, compare
from cleanclaim.book.provenance import Release, quarter_span
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import module_of
from cleanclaim.book.tables.contract import ParsedRelease, reject_table, table_from_rows

Row = Mapping[str, Any]

FEE_ROW: Row = {
    "modifier": "",
    "description": "",
    "status_indicator": "A",
    **dict.fromkeys(("work_rvu", "pe_rvu_nonfacility", "pe_rvu_facility", "mp_rvu"), Decimal("1.00")),
    **dict.fromkeys(("total_nonfacility", "total_facility"), Decimal("3.00")),
    "na_nonfacility": False,
    "na_facility": False,
    "global_days": "010",
    "conversion_factor": Decimal("32.3465"),
}


def filled(source: str, row: Row, number: int) -> dict[str, Any]:
    """A row with every column of its source: what is not given is blank, and the row has a number."""
    blank = {pa.string(): "", pa.bool_(): False}
    made = {field.name: blank.get(field.type) for field in module_of(source).SCHEMA}
    return {**made, "row": number, **row}


def release(
    store: BookStore,
    source: str,
    name: str,
    rows: Sequence[Row],
    *,
    covers: tuple[dt.date | None, dt.date | None] | None = None,
    whole: bool = True,
    rejects: Sequence[tuple[str, str]] = (),
    part: int | None = None,
) -> Release:
    """A release put into a book; without ``covers`` its name is a quarter."""
    table = table_from_rows([filled(source, row, at) for at, row in enumerate(rows, start=2)], module_of(source).SCHEMA)
    numbers = [900 + at for at in range(len(rejects))]
    covers_from, covers_to = covers or quarter_span(name)
    parsed = ParsedRelease(
        source=source,
        release=name,
        table=table,
        rejects=reject_table(numbers, [key for key, _ in rejects], [reason for _, reason in rejects]),
        rows_in=len(rows) + len(rejects),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=whole and part is None,
        part=part,
        parts_expected=None if part is None else 2,
    )
    file = f"{name}.csv" if part is None else f"{name}-f{part}.txt"
    return store.save(parsed, sha256="0" * 64, file=file)


def told(
    folder: Path, source: str, old: Sequence[Row], new: Sequence[Row], *, codes: Sequence[str] = (), **options: Any
) -> Diff:
    """What changed from ``old`` to ``new``, two releases of 2024Q3 and 2026Q3; options with ``old_`` or ``new_``."""
    store = BookStore(folder, with_starter=False)
    releases = [
        release(store, source, name, rows, **{key[4:]: one for key, one in options.items() if key.startswith(side)})
        for side, name, rows in (("old_", "2024Q3", old), ("new_", "2026Q3", new))
    ]
    return compare(store, releases[0], releases[1], codes)


def by_key(diff: Diff) -> dict[str, str]:
    """What became of each fact that changed."""
    return {"/".join(part for part in change.key.values() if part): change.what for change in diff.changes()}

"""Which contractor has which state, and since when.

Table CONTRACTOR_JURISDICTION of the article and LCD exports (``contractor_jurisdiction.csv``). An ``active_date`` of
1900-01-01 is no date: the row has always been so.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-jurisdiction",)
SCHEMA: Final = _mcd.schema(contractor="s", state_id="s", valid_from="t", valid_to="t")

_ALWAYS: Final = dt.date(1900, 1, 1)


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    begins, ends = _mcd.day(cells, "active_date"), _mcd.day(cells, "term_date")
    if begins is not None and ends is not None and ends < begins:
        raise _mcd.BadRow("ends before it begins")
    return {
        "contractor": _mcd.contractor(cells),
        "state_id": _mcd.number(cells, "state_id"),
        "valid_from": None if begins == _ALWAYS else begins,
        "valid_to": ends,
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("contractor_id", "contractor_type_id", "contractor_version", "state_id", "active_date", "term_date"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("contractor", "state_id", "valid_from"),
    least_rows=200,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

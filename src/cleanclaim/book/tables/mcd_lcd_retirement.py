"""Days on which local coverage determinations will be retired.

Table LCD_FUTURE_RETIRE of the LCD export (``lcd_future_retire.csv``), which has no dates of its own and may be short.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd-retirement",)
SCHEMA: Final = _mcd.schema(lcd_id="s", valid_to="t")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    retired = _mcd.day(cells, "retire_dt")
    if retired is None:
        raise _mcd.BadRow("no retire_dt")
    return {"lcd_id": _mcd.number(cells, "lcd_id"), "valid_to": retired}


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "retire_dt"),
    others=(),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id",),
    least_rows=0,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

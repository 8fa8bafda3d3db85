"""Which contractors a local coverage determination is of.

Table LCD_X_CONTRACTOR of the LCD export (``lcd_x_contractor.csv``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd-contractor",)
SCHEMA: Final = _mcd.schema(lcd_id="s", version="s", contractor="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "lcd_id": _mcd.number(cells, "lcd_id"),
        "version": _mcd.number(cells, "lcd_version"),
        "contractor": _mcd.contractor(cells),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "lcd_version", "contractor_id", "contractor_type_id", "contractor_version"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id", "version", "contractor"),
    least_rows=5_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

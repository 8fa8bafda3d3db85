"""The procedure codes a local coverage determination speaks of, in its groups.

Table LCD_X_HCPC_CODE of the LCD export (``lcd_x_hcpc_code.csv``). Only the determinations of the contractors for
durable medical equipment (DME) still list codes; those of the others leave them to their billing articles. Of DME the
billing articles list none.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd-hcpcs",)
SCHEMA: Final = _mcd.schema(lcd_id="s", version="s", hcpcs="s", group="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "lcd_id": _mcd.number(cells, "lcd_id"),
        "version": _mcd.number(cells, "lcd_version"),
        "hcpcs": _mcd.hcpcs(cells, "hcpc_code_id"),
        "group": _mcd.number(cells, "hcpc_code_group"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "lcd_version", "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range"),
    others=("long_description", "short_description", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id", "version", "hcpcs", "group"),
    least_rows=1_000,
    by_quarter=True,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

"""Which national determinations a local one carries out.

Table LCD_RELATED_NCD_DOCUMENTS of the LCD export (``lcd_related_ncd_documents.csv``). A row whose ``r_ncd_id`` is 0
says that there is none (dictionary) and is rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd-ncd",)
SCHEMA: Final = _mcd.schema(lcd_id="s", version="s", ncd_id="s", ncd_version="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    ncd = _mcd.number(cells, "r_ncd_id")
    if ncd == "0":
        raise _mcd.BadRow("r_ncd_id 0: no national determination")
    return {
        "lcd_id": _mcd.number(cells, "lcd_id"),
        "version": _mcd.number(cells, "lcd_version"),
        "ncd_id": ncd,
        "ncd_version": _mcd.number(cells, "r_ncd_version"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "lcd_version", "related_num", "r_ncd_id", "r_ncd_version"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id", "version", "ncd_id"),
    least_rows=500,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

"""Which articles belong to a local coverage determination.

Table LCD_RELATED_DOCUMENTS of the LCD export (``lcd_related_documents.csv``). A link always points to the latest
version of the article (dictionary). Rows that name another determination are rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd-article",)
SCHEMA: Final = _mcd.schema(lcd_id="s", version="s", article_id="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    if not cells["r_article_id"].strip():
        raise _mcd.BadRow("related to an LCD, not to an article")
    return {
        "lcd_id": _mcd.number(cells, "lcd_id"),
        "version": _mcd.number(cells, "lcd_version"),
        "article_id": _mcd.number(cells, "r_article_id"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "lcd_version", "related_num", "r_article_id", "r_lcd_id", "r_lcd_version"),
    others=("r_article_version", "r_contractor_id", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id", "version", "article_id"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

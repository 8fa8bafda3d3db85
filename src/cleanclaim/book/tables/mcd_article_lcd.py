"""Which local determination an article belongs to.

Table ARTICLE_RELATED_DOCUMENTS of the article export (``article_related_documents.csv``). Rows that name another
article are rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-lcd",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", lcd_id="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    if not cells["r_lcd_id"].strip():
        raise _mcd.BadRow("related to an article, not to an LCD")
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "lcd_id": _mcd.number(cells, "r_lcd_id"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "related_num", "r_article_id", "r_lcd_id", "r_lcd_version"),
    others=("r_article_version", "r_contractor_id", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "lcd_id"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

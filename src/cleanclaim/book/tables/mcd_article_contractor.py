"""Which contractors an article is of.

Table ARTICLE_X_CONTRACTOR of the article export (``article_x_contractor.csv``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-contractor",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", contractor="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "contractor": _mcd.contractor(cells),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=(
        *("article_id", "article_version", "article_type", "contractor_id", "contractor_type_id"),
        "contractor_version",
    ),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "contractor"),
    least_rows=10_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

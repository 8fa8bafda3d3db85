"""Since when each revision of an article binds.

Table ARTICLE_X_REVISION_HISTORY of the article export (``article_x_revision_history.csv``). The export holds one
version of an article; the latest of these days is the one since which that version binds.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-revision",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", revision="s", binds_from="t")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    binds_from = _mcd.day(cells, "rev_hist_date")
    if binds_from is None:
        raise _mcd.BadRow("no rev_hist_date")
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "revision": _mcd.number(cells, "rev_hist_num"),
        "binds_from": binds_from,
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "rev_hist_num", "rev_hist_date"),
    others=("rev_hist_exp", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "revision"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

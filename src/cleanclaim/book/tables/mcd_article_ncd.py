"""Which national determinations an article carries out.

Table ARTICLE_RELATED_NCD_DOCUMENTS of the article export (``article_related_ncd_documents.csv``). A row whose
``r_ncd_id`` is 0 says that there is none (dictionary) and is rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-ncd",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", ncd_id="s", ncd_version="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    ncd = _mcd.number(cells, "r_ncd_id")
    if ncd == "0":
        raise _mcd.BadRow("r_ncd_id 0: no national determination")
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "ncd_id": ncd,
        "ncd_version": _mcd.number(cells, "r_ncd_version"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "related_num", "r_ncd_id", "r_ncd_version"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "ncd_id"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

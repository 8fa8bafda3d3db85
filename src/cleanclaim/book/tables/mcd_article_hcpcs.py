"""The procedure codes an article speaks of, in its groups.

Table ARTICLE_X_HCPC_CODE of the article export (``article_x_hcpc_code.csv``). Ranges are published code by code.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-hcpcs",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", hcpcs="s", group="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "hcpcs": _mcd.hcpcs(cells, "hcpc_code_id"),
        "group": _mcd.number(cells, "hcpc_code_group"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range"),
    others=("long_description", "short_description", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "hcpcs", "group"),
    least_rows=5_000,
    by_quarter=True,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

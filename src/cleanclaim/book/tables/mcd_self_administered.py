"""Drugs that a contractor excludes because patients usually give them to themselves (SAD Exclusion List).

Table ARTICLE_X_CODE_TABLE of the article export (``article_x_code_table.csv``), of articles of kind 3. ``by_route``:
the entry names JA or JB, the modifiers of the route, so only the drug given under the skin (JB) is excluded. Rows
without a procedure code name a drug that has none and are rejected.
"""

from __future__ import annotations

import re
from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-self-administered",)
SCHEMA: Final = _mcd.schema(
    article_id="s", version="s", entry="s", hcpcs="s", valid_from="t", valid_to="t", by_route="b"
)

_ROUTE: Final = re.compile(r"\bJ[AB]\b")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    begins, ends = _mcd.day(cells, "eff_date"), _mcd.day(cells, "end_date")
    if not cells["hcpc_code_id"].strip():
        raise _mcd.BadRow("no procedure code")
    if begins is not None and ends is not None and ends < begins:
        raise _mcd.BadRow("ends before it begins")
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "entry": _mcd.number(cells, "code_table_row"),
        "hcpcs": _mcd.hcpcs(cells, "hcpc_code_id"),
        "valid_from": begins,
        "valid_to": ends,
        "by_route": bool(_ROUTE.search(_mcd.plain(f"{cells['brand_name']} {cells['comments']}"))),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=(
        *("article_id", "article_version", "article_type", "code_table_row", "brand_name", "eff_date", "end_date"),
        *("comments", "hcpc_code_id"),
    ),
    others=("hcpc_code_version", "last_updated", "short_description", "long_description"),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "entry"),
    least_rows=500,
    by_quarter=True,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

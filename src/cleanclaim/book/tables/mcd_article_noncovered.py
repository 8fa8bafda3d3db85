"""The diagnoses an article names as not covered.

Table ARTICLE_X_ICD10_NONCOVERED of the article export (``article_x_icd10_noncovered.csv``).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article-noncovered",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", icd10cm="s", group="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "icd10cm": _mcd.icd10cm(cells, "icd10_code_id"),
        "group": _mcd.number(cells, "icd10_noncovered_group"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "icd10_code_id", "icd10_code_version", "icd10_noncovered_group", "range"),
    others=("sort_order", "description", "last_updated"),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "icd10cm", "group"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

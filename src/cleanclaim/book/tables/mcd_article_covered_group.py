"""The groups of diagnoses an article covers, and what their paragraphs say in plain words.

Table ARTICLE_X_ICD10_COVERED_GROUP of the article export (``article_x_icd10_covered_group.csv``). ``procedures`` are
the codes a group's paragraph names, ``wants_another`` that it asks for a second diagnosis, ``needed_with`` the
pairs that its explanation of the asterisk names.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd
from cleanclaim.book.tables._mcd_prose import needed_with, procedures, wants_another

SOURCES: Final = ("mcd-article-covered-group",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", group="s", procedures="s", wants_another="b", needed_with="s")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "group": _mcd.number(cells, "icd10_covered_group"),
        "procedures": procedures(cells["paragraph"]),
        "wants_another": wants_another(cells["paragraph"]),
        "needed_with": needed_with(cells["icd10_covered_ast"]),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "icd10_covered_group", "paragraph", "icd10_covered_ast"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "group"),
    least_rows=1_000,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

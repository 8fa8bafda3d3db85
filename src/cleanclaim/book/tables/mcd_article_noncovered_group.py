"""The groups of diagnoses an article does not cover, and what their paragraphs say in plain words.

Table ARTICLE_X_ICD10_NONCOVERED_GROUP of the article export (``article_x_icd10_noncovered_group.csv``).
``closes_the_list``: the paragraph says, without condition, that no diagnosis is covered but those listed as covered.
``conditional``: the paragraph says something else, which may limit what the group's diagnoses mean.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd
from cleanclaim.book.tables._mcd_prose import closes_the_list, procedures, says_nothing

SOURCES: Final = ("mcd-article-noncovered-group",)
SCHEMA: Final = _mcd.schema(
    article_id="s", version="s", group="s", procedures="s", closes_the_list="b", conditional="b"
)


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    closes = closes_the_list(cells["paragraph"])
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "group": _mcd.number(cells, "icd10_noncovered_group"),
        "procedures": procedures(cells["paragraph"]),
        "closes_the_list": closes,
        "conditional": not closes and not says_nothing(cells["paragraph"]),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("article_id", "article_version", "icd10_noncovered_group", "paragraph"),
    others=("last_updated",),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version", "group"),
    least_rows=500,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

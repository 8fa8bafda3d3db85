"""The articles of Medicare's contractors: version, kind, and the days it binds.

Table ARTICLE of the article export (``article.csv``), one row for the current version of each. Draft articles (those
with a ``display_id``) bind nobody and are rejected.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-article",)
SCHEMA: Final = _mcd.schema(article_id="s", version="s", kind="s", valid_from="t", valid_to="t", version_made="t")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    if cells["display_id"].strip():
        raise _mcd.BadRow("a draft, which binds nobody")
    status = cells["status"].strip().upper()
    if status not in {"A", "R"}:
        raise _mcd.BadRow(f"status {status[:20]!r} is neither A (approved) nor R (retired)")
    ends = [_mcd.day(cells, name) for name in ("article_end_date", "article_rev_end_date", "date_retired")]
    last = min((day for day in ends if day is not None), default=None)
    if status == "R" and last is None:
        raise _mcd.BadRow("retired, and no day says since when")
    return {
        "article_id": _mcd.number(cells, "article_id"),
        "version": _mcd.number(cells, "article_version"),
        "kind": _mcd.number(cells, "article_type"),
        "valid_from": _mcd.day(cells, "article_eff_date"),
        "valid_to": last,
        "version_made": _mcd.day(cells, "last_updated"),
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=(
        *("article_id", "article_version", "article_type", "article_eff_date", "article_end_date", "status"),
        *("last_updated", "article_rev_end_date", "date_retired", "display_id"),
    ),
    others=(
        *("title", "article_pub_date", "description", "other_comments", "sad_url", "thirty_percent", "history_exp"),
        *("key_article", "icd9_covered_para", "icd9_noncovered_para", "revenue_para", "source_article_id", "keywords"),
        *("icd10_doc", "add_icd10_info", "cms_cov_policy", "reference_article"),
    ),
    schema=SCHEMA,
    fact=_fact,
    key=("article_id", "version"),
    least_rows=500,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

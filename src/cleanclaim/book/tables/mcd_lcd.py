"""Local coverage determinations (LCDs) of Medicare's contractors: version, title, and the days each binds.

Table LCD of the LCD export (``lcd.csv``), one row for the current version of each. Proposed determinations (those with
a ``display_id``) bind nobody and are rejected. The title is the contractor's own one line; nothing else of the text is
kept. ``binds_from`` is the day since which the version binds, ``valid_from`` that of the determination.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-lcd",)
SCHEMA: Final = _mcd.schema(lcd_id="s", version="s", title="s", valid_from="t", binds_from="t", valid_to="t")

_ENDS: Final = ("ent_det_end_date", "rev_end_date", "date_retired")


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    if cells["display_id"].strip():
        raise _mcd.BadRow("a proposed determination, which binds nobody")
    status = cells["status"].strip().upper()
    if status not in {"A", "R"}:
        raise _mcd.BadRow(f"status {status[:20]!r} is neither A (approved) nor R (retired)")
    last = min((day for name in _ENDS if (day := _mcd.day(cells, name)) is not None), default=None)
    if status == "R" and last is None:
        raise _mcd.BadRow("retired, and no day says since when")
    return {
        "lcd_id": _mcd.number(cells, "lcd_id"),
        "version": _mcd.number(cells, "lcd_version"),
        "title": _mcd.plain(cells["title"]),
        "valid_from": _mcd.day(cells, "orig_det_eff_date"),
        "binds_from": _mcd.day(cells, "rev_eff_date"),
        "valid_to": last,
    }


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("lcd_id", "lcd_version", "display_id", "title", "orig_det_eff_date", "rev_eff_date", *_ENDS, "status"),
    others=(
        *("determination_number", "cms_cov_policy", "indication", "diagnoses_support", "icd9_dont_support_para"),
        *("icd9_dont_support_ast", "diagnoses_dont_support", "coding_guidelines", "doc_reqs", "appendices"),
        *("util_guide", "source_info", "adv_meeting", "comment_start_dt", "comment_end_dt", "notice_start_dt"),
        *("rev_hist_num", "history_exp", "thirty_percent", "last_updated", "draft_contact", "revenue_para"),
        *("keywords", "associated_info", "notice_end_dt", "draft_released_date", "source_lcd_id", "add_icd10_info"),
        *("icd10_doc", "synopsis_changes", "bibliography", "summary_of_evidence", "analysis_of_evidence"),
        *("mcd_publish_date", "issue", "issue_change", "mac_initiated"),
    ),
    schema=SCHEMA,
    fact=_fact,
    key=("lcd_id", "version"),
    least_rows=500,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

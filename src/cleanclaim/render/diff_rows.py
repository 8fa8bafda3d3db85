"""What changed between two releases, for programs: JSON (``cleanclaim.diff/1``) and csv, made as they are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from cleanclaim.book.diff import Change, Diff, Difference, PublishedRow
from cleanclaim.book.diff.model import WHATS, FamilyCount, Value
from cleanclaim.book.provenance import Release
from cleanclaim.render import diff_words as words
from cleanclaim.render.csv_report import cell, safe_text
from cleanclaim.render.jsonable import citation

SCHEMA: Final = "cleanclaim.diff/1"
_LEADING: Final = ("source", "old_release", "new_release", "change", "kinds")
_COLUMNS: Final = (
    *("column", "old", "new", "difference", "percent"),
    *("old_row", "new_row", "old_citation", "new_citation"),
)


def head(diff: Diff) -> dict[str, Any]:
    """The document without its changes: releases, counts, what holds for every row."""
    counts = diff.counts
    return {
        "schema": SCHEMA,
        "source": diff.head.source,
        "old": _release(diff.head.old),
        "new": _release(diff.head.new),
        "codes": list(diff.head.codes),
        "key": list(diff.head.described.key),
        "counts": {
            "old": counts.old,
            "new": counts.new,
            **{what: counts.of(what) for what in WHATS},
            "unchanged": counts.unchanged,
            "not_told": {"old": counts.untold_old, "new": counts.untold_new},
            "rejected_on_loading": {"old": counts.unreadable_old, "new": counts.unreadable_new},
            "kinds": dict(counts.kinds),
            "columns": dict(counts.columns),
            "families": [_family(one) for one in diff.families()],
            "by_code": [_family(one) for one in diff.by_code()],
        },
        "every_row": {one.column: _difference(one) for one in diff.head.told_once},
        "not_compared": [{"column": column, "says_nothing": side} for column, side in diff.head.not_compared],
        "notes": [*filter(None, (diff.head.described.remark,)), *diff.head.notes],
    }


def json_text(diff: Diff, *, select: Sequence[str] = (), limit: int | None = None) -> Iterator[str]:
    """The document in pieces, one change a line; ``limit`` changes of each sort, all of them without one."""
    opening = json.dumps(head(diff), indent=1).removesuffix("\n}")
    yield f'{opening},\n "changes": ['
    before = "\n  "
    for change in diff.changes(*select, most=limit):
        yield before + json.dumps(as_json(change))
        before = ",\n  "
    yield "\n ]\n}\n"


def as_json(change: Change) -> dict[str, Any]:
    """One change."""
    made: dict[str, Any] = {
        "change": change.what,
        "kinds": list(change.kinds),
        "key": {name: words.code(name, text) for name, text in change.key.items()},
        "columns": {one.column: _difference(one) for one in change.differences},
        "old": _row(change.old),
        "new": _row(change.new),
    }
    if change.note:
        made["note"] = change.note
    return made


def csv_text(diff: Diff, *, select: Sequence[str] = (), limit: int | None = None) -> Iterator[str]:
    """One line for each column that differs, or that is told of what was added or ended; lines end with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    key = diff.head.described.key
    writer.writerow((*_LEADING, *key, *_COLUMNS))
    leading = (diff.head.source, diff.head.old.release, diff.head.new.release)
    for change in diff.changes(*select, most=limit):
        told = (*leading, change.what, "; ".join(change.kinds), *(change.key[name] for name in key))
        cells = words.cells(change, diff.head.described.shown)
        writer.writerows((*map(safe_text, told), *_cells(one), *_rows(change)) for one in cells)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cells(one: Difference) -> tuple[str, ...]:
    return one.column, *(_cell(told) for told in (one.old, one.new, one.difference, one.percent))


def _rows(change: Change) -> tuple[str, ...]:
    rows = (change.old, change.new)
    return (
        *("" if row is None else str(row.row) for row in rows),
        *("" if row is None else safe_text(row.citation.text) for row in rows),
    )


def _cell(told: Value) -> str:
    """As in every csv, but figures with the decimals they are published with: they need not be dollars."""
    return str(told) if isinstance(told, Decimal) else cell(told)


def _plain(told: Value) -> Any:
    """Figures with the decimals they are published with, days in ISO form; whole numbers and truths as they are."""
    return told if told is None or isinstance(told, bool | int) else str(told)


def _difference(one: Difference) -> dict[str, Any]:
    told: dict[str, Any] = {"old": _plain(one.old), "new": _plain(one.new)}
    if one.difference is not None:
        told |= {"difference": _plain(one.difference), "percent": _plain(one.percent)}
    return told


def _row(row: PublishedRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "row": row.row,
        "values": {name: _plain(told) for name, told in row.values.items()},
        "citation": citation(row.citation),
    }


def _release(release: Release) -> dict[str, Any]:
    return {
        "release": release.release,
        "rows": release.rows,
        "valid_from": _plain(release.covers_from),
        "valid_to": _plain(release.covers_to),
        "published": _plain(release.published),
        "sha256": release.sha256,
        "whole": release.whole,
        "starter": release.starter,
        "files": list(release.files),
    }


def _family(one: FamilyCount) -> dict[str, Any]:
    return {"name": one.name} | {what: getattr(one, what) for what in WHATS}

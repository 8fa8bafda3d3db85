"""What changed between two releases, for a reader: counts first, then the changes that matter most."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cleanclaim.book.diff import Diff
from cleanclaim.book.diff.described import OTHER
from cleanclaim.book.diff.model import ADDED, BETWEEN, CHANGED, ENDED, Change, FamilyCount
from cleanclaim.book.provenance import Release
from cleanclaim.render import diff_words as words
from cleanclaim.render.dollars import many

_KEY_WIDTH: Final = 14
_FAMILIES: Final = 10
_KEPT: Final = "\x1f"
"""A space at which no line is broken."""


@dataclass(frozen=True)
class _Section:
    """Changes told one by one, and how many there are in all."""

    title: str
    total: int
    changes: tuple[Change, ...]
    columns: tuple[str, ...] = ()


def text(diff: Diff, *, select: Sequence[str] = (), limit: int = 10, width: int = 100) -> Iterator[str]:
    """The lines of the report, ``width`` columns wide; ``limit`` changes of each sort, the counts always whole."""
    head = diff.head
    yield f"{head.source}: {head.old.release} -> {head.new.release}"
    for name, release in (("old", head.old), ("new", head.new)):
        yield f"  {name}  {_release(release)}"
    yield ""
    counted = _counts(diff)
    wide = max(len(f"{count:,}") for _, _, count in counted)
    for depth, name, count in counted:
        yield f"{'  ' * depth}{count:>{wide},}  {name}"
    remarks = list(_remarks(diff))
    if remarks:
        yield ""
    for remark in remarks:
        yield from _wrapped(remark, width)
    families = _families(diff)
    for title, rows in families:
        yield from ("", *_table(title, rows, diff))
    for section in _sections(diff, select, limit):
        yield from ("", _title(section))
        for change in section.changes:
            told = words.what(change, section.columns, head.described.shown).replace(" %", f"{_KEPT}%")
            line = f"  {words.key(change.key):<{_KEY_WIDTH}}  {told}  [{words.rows(change).replace(' ', _KEPT)}]"
            yield from _wrapped(line, width, " " * (_KEY_WIDTH + 4))


def markdown(diff: Diff, *, select: Sequence[str] = (), limit: int = 10) -> Iterator[str]:
    """The same as Markdown."""
    head = diff.head
    yield f"# {head.source}: {head.old.release} to {head.new.release}"
    yield ""
    for name, release in (("Old", head.old), ("New", head.new)):
        yield f"- {name}: {_release(release)}"
    yield from ("", f"| {head.described.noun} | count |", "|---|---:|")
    for depth, name, count in _counts(diff):
        yield f"| {'&nbsp;' * 4 * depth}{_cell(name)} | {count:,} |"
    for remark in _remarks(diff):
        yield from ("", _cell(remark))
    for title, rows in _families(diff):
        described = head.described
        yield from ("", f"## {title}", "", f"| | {described.added} | {described.ended} | between | changed |")
        yield "|---|---:|---:|---:|---:|"
        for one in rows:
            yield f"| {one.name} | {one.added:,} | {one.ended:,} | {one.between:,} | {one.changed:,} |"
    for section in _sections(diff, select, limit):
        yield from ("", f"## {_title(section)}", "", "| | what | where |", "|---|---|---|")
        for change in section.changes:
            told = words.what(change, section.columns, head.described.shown)
            yield f"| {_cell(words.key(change.key))} | {_cell(told)} | {words.rows(change)} |"


def summary(diff: Diff) -> str:
    """One line: the counts only."""
    counts, described = diff.counts, diff.head.described
    told = f"{counts.added:,} {described.added}, {counts.ended:,} {described.ended}, {counts.changed:,} changed"
    untold = counts.untold_old + counts.untold_new
    return f"{told}, {untold:,} not told" if untold else told


def _release(release: Release) -> str:
    spoken = f"services {release.covers_from or 'any day'} to {release.covers_to or 'no end'}"
    kind = ", starter" if release.starter else "" if release.whole else ", a part"
    named = f", {release.files[0]}" if len(release.files) == 1 else ""
    return f"{release.release}, {many(release.rows, 'row')}, {spoken}{kind}{named}"


def _counts(diff: Diff) -> list[tuple[int, str, int]]:
    """Depth, words and number of every count that is told."""
    counts, described = diff.counts, diff.head.described
    told = [
        (0, f"{described.noun} in {diff.head.old.release}", counts.old),
        (0, f"{described.noun} in {diff.head.new.release}", counts.new),
        (0, described.added, counts.added),
        (0, described.ended, counts.ended),
    ]
    if counts.between:
        told.append((0, f"{described.added} and {described.ended} between the two", counts.between))
    told.append((0, "changed", counts.changed))
    told += [(1, kind.words, counts.kinds[kind.name]) for kind in described.all_kinds if counts.kinds[kind.name]]
    if counts.kinds[OTHER] and described.all_kinds:
        told.append((1, "otherwise", counts.kinds[OTHER]))
    told.append((0, "unchanged", counts.unchanged))
    for side, untold in ((diff.head.old, counts.untold_old), (diff.head.new, counts.untold_new)):
        if untold:
            told.append((0, f"not told by {side.release}", untold))
    return told


def _remarks(diff: Diff) -> Iterator[str]:
    head = diff.head
    if head.codes:
        yield f"Of these codes only: {', '.join(head.codes)}."
    for one in head.told_once:
        yield f"On every row: {words.difference(one)}."
    for name, side in head.not_compared:
        release = head.old if side == "old" else head.new
        yield f"Not compared: {name.replace('_', ' ')}, of which {release.release} says nothing."
    if head.described.remark:
        yield head.described.remark
    yield from head.notes


def _families(diff: Diff) -> list[tuple[str, tuple[FamilyCount, ...]]]:
    families, codes = diff.families(), diff.by_code()
    tables = [("By family of codes", families)] if families else []
    if codes:
        of_all = f", {_FAMILIES} of {len(codes):,}" if len(codes) > _FAMILIES else ""
        tables.append((f"By {words.column(diff.head.described.family)}{of_all}", codes[:_FAMILIES]))
    return tables


def _table(title: str, rows: Sequence[FamilyCount], diff: Diff) -> Iterator[str]:
    described = diff.head.described
    wide = max(len(title), *(len(one.name) + 2 for one in rows))
    heads = [described.added, described.ended, "between", "changed"]
    yield f"{title:<{wide}}" + "".join(f"{name:>10}" for name in heads)
    for one in rows:
        figures = (one.added, one.ended, one.between, one.changed)
        yield f"  {one.name:<{wide - 2}}" + "".join(f"{figure:>10,}" for figure in figures)


def _sections(diff: Diff, select: Sequence[str], limit: int) -> Iterator[_Section]:
    """The sorts of change there are any of: rows that came and went, then the kinds of change that are listed."""
    described, chosen = diff.head.described, diff.selected(select)
    titles = {
        ADDED: described.added,
        ENDED: described.ended,
        BETWEEN: f"{described.added} and {described.ended} between the two",
    }
    for what, title in titles.items():
        if len(chosen[what].old):
            yield _Section(title, len(chosen[what].old), tuple(diff.told(what, chosen[what], limit)))
    kinds = [(kind.name, kind.words, kind.columns) for kind in described.all_kinds if kind.listed]
    other = "otherwise changed" if described.all_kinds else "changed"
    for name, title, columns in (*kinds, (OTHER, other, ())):
        found = chosen[CHANGED].taken(chosen[CHANGED].kinds[name])
        if len(found.old):
            yield _Section(title, len(found.old), tuple(diff.told(CHANGED, found, limit)), columns)


def _title(section: _Section) -> str:
    title = section.title[0].upper() + section.title[1:]
    shown = f"{len(section.changes):,} of {section.total:,}"
    return f"{title}, {shown if len(section.changes) < section.total else f'{section.total:,}'}"


def _wrapped(line: str, width: int, rest: str = "  ") -> list[str]:
    wrapped = textwrap.wrap(line, width, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    return [part.replace(_KEPT, " ") for part in wrapped]


def _cell(told: str) -> str:
    return told.replace("|", "\\|")

"""Two releases of one source, held side by side.

A fact is named by its key. A release of a dated source also lists what binds no longer; there a fact counts where a row
of it binds on some day of the release's span. Of several such rows the one with the earliest end counts, as in every
lookup of the book.

A release that is a part cannot tell that a fact is not there, and so neither ends nor adds what it does not list; the
starter tells it of the codes it lists. A fact that the other release lists in a row which was rejected on loading is
not told either, unless the reason says that the edit never bound.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleanclaim.book.diff.coded import Numbers, figures, first_of_each, joint_codes, joint_keys, places
from cleanclaim.book.diff.described import OTHER, ROW_COLUMNS, Described
from cleanclaim.book.diff.model import ADDED, BETWEEN, CHANGED, ENDED, WHATS, Counts, Difference, Head
from cleanclaim.book.diff.narrow import CodesAsked
from cleanclaim.book.diff.result import Diff, Found
from cleanclaim.book.diff.sides import NEVER, Side, rows_of, side_of, span
from cleanclaim.book.diff.sources import describe
from cleanclaim.book.diff.told import Mask, among_rejects, tells
from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError


def compare(store: BookStore, old: Release, new: Release, codes: Sequence[str] = ()) -> Diff:
    """What ``new`` tells otherwise than ``old``, two releases of one source that the book holds.

    ``codes`` narrow it to keys with one of these codes: a code, a range ``43200-43299``, or a beginning ``432*``.
    Raises InputError for releases of two sources or the same release twice, or a code of no such form; BookError where
    a table of the book is damaged.
    """
    if old.source != new.source:
        raise InputError(f"{old.source} and {new.source} are two sources: compare two releases of one.")
    if old == new:
        raise InputError(f"{old.source} {old.release} was named twice: name two releases to compare.")
    described, asked = describe(old.source), CodesAsked.read(codes)
    tables = [rows_of(store, release, described, asked) for release in (old, new)]
    listed = dict.fromkeys((*tables[0].column_names, *tables[1].column_names))
    names = [name for name in listed if name not in {*ROW_COLUMNS, *described.key}]
    key_codes = [joint_codes(tables[0][name], tables[1][name]) for name in described.key]
    keys = joint_keys(key_codes)
    sides = (side_of(old, tables[0], keys[0], described), side_of(new, tables[1], keys[1], described))
    found, untold, unreadable = _found(store, sides, described)
    compared, told_once, not_compared = _columns(tables, names, described)
    changed, kinds, columns = _changed(sides, compared, described)
    in_both = int((places(sides[1].facts, sides[0].facts) >= 0).sum())
    counts = Counts(
        old=len(sides[0].facts),
        new=len(sides[1].facts),
        added=len(found[ADDED].old),
        ended=len(found[ENDED].old),
        between=len(found[BETWEEN].old),
        changed=len(changed.old),
        unchanged=in_both - len(changed.old),
        untold_old=untold[0],
        untold_new=untold[1],
        unreadable_old=unreadable[0],
        unreadable_new=unreadable[1],
        kinds=kinds,
        columns=columns,
    )
    head = Head(old.source, described, old, new, told_once, not_compared, asked.given, _notes(sides, counts))
    found[CHANGED] = changed
    ordered = {what: _ordered(found[what], sides, described) for what in WHATS}
    return Diff(head, counts, (tables[0], tables[1]), ordered, compared)


def _found(
    store: BookStore, sides: tuple[Side, Side], described: Described
) -> tuple[dict[str, Found], tuple[int, int], tuple[int, int]]:
    """What came, went, or came and went in between; and what the old and the new release cannot tell, or read."""
    old, new = sides
    come, untold_old, unreadable_old = _only_in(store, new, old, described)
    gone, untold_new, unreadable_new = _only_in(store, old, new, described)
    found = {
        ADDED: Found(old=come[1], new=come[0], never_bound=np.zeros(len(come[0]), dtype=bool)),
        ENDED: Found(old=gone[0], new=gone[1], never_bound=gone[2]),
        BETWEEN: _between(old, new),
    }
    return found, (untold_old, untold_new), (unreadable_old, unreadable_new)


def _only_in(
    store: BookStore, here: Side, there: Side, described: Described
) -> tuple[tuple[Numbers, Numbers, Mask], int, int]:
    """Facts in force by one release and not by the other, which can tell.

    Their rows here and there (-1: not listed), and whether they are listed there as never in force. Then how many the
    other release cannot tell of, and how many it has in a row that could not be read.
    """
    alone = places(there.facts, here.facts) < 0
    keys, rows = here.facts[alone], here.rows[alone]
    other = there.last_rows_of(keys)
    absent = np.flatnonzero(other < 0)
    rejected, never_bound = np.zeros(len(keys), dtype=bool), np.zeros(len(keys), dtype=bool)
    rejected[absent], never_bound[absent] = among_rejects(store, there.release, here.table, rows[absent], described)
    told = other >= 0
    told[absent] = tells(there.release, here.table, rows[absent], described)
    told = (told & ~rejected) | never_bound
    return (rows[told], other[told], never_bound[told]), int((~told & ~rejected).sum()), int(rejected.sum())


def _between(old: Side, new: Side) -> Found:
    """Facts that the new release lists as begun after the old one's span and ended before its own."""
    nothing = np.zeros(0, np.int64)
    if new.begins is None or new.ends is None or old.last == NEVER:  # undated, or nothing comes after it
        return Found(nothing, nothing, np.zeros(0, dtype=bool))
    at = np.flatnonzero((new.begins > old.last) & (new.ends < new.first))
    at = at[(places(old.facts, new.keys[at]) < 0) & (places(new.facts, new.keys[at]) < 0)]
    _, rows = first_of_each(new.keys[at], at, new.ends[at])
    return Found(np.full(len(rows), -1, np.int64), rows, np.zeros(len(rows), dtype=bool))


def _columns(
    tables: Sequence[pa.Table], names: Sequence[str], described: Described
) -> tuple[tuple[str, ...], tuple[Difference, ...], tuple[tuple[str, str], ...]]:
    """The columns compared row by row; those told once; and those of which one release says nothing at all."""
    compared, told_once, not_compared = [], [], []
    for name in names:
        # A table that an earlier version of cleanclaim loaded may lack a column.
        columns = [table[name] if name in table.column_names else None for table in tables]
        said = [column is not None and column.null_count < len(column) for column in columns]
        open_ended = name == "valid_to"  # blank in every row it says that nothing ends
        if None in columns or (said[0] != said[1] and all(table.num_rows for table in tables) and not open_ended):
            not_compared.append((name, "new" if said[0] else "old"))
            continue
        old, new = columns
        if name in described.told_once:
            values = [pc.unique(column).to_pylist() for column in (old, new)]
            if len(values[0]) == 1 and len(values[1]) == 1:
                if values[0] != values[1]:
                    told_once.append(Difference(name, values[0][0], values[1][0]))
                continue
        compared.append(name)
    return tuple(compared), tuple(told_once), tuple(not_compared)


def _changed(
    sides: tuple[Side, Side], names: Sequence[str], described: Described
) -> tuple[Found, dict[str, int], dict[str, int]]:
    """Facts in force by both releases of which a column differs; counts by kind and by column."""
    old, new = sides
    at = places(new.facts, old.facts)
    old_rows, new_rows = old.rows[at >= 0], new.rows[at[at >= 0]]
    masks: dict[str, dict[str, Mask]] = {only: {} for only in ("", "rose", "fell", "came", "went")}
    for name in names:
        old_codes, new_codes = joint_codes(old.table[name], new.table[name])
        before, after = old_codes[old_rows], new_codes[new_rows]
        masks[""][name] = before != after
        masks["rose"][name], masks["fell"][name] = (before > 0) & (after > before), (after > 0) & (after < before)
        masks["came"][name], masks["went"][name] = (before == 0) & (after > 0), (before > 0) & (after == 0)
    some = _any(masks[""], names, len(old_rows))
    named = np.zeros(int(some.sum()), dtype=bool)
    marks: dict[str, Mask] = {}
    for kind in described.all_kinds:
        marks[kind.name] = _any(masks[kind.only], kind.columns, len(old_rows))[some]
        named |= marks[kind.name]
    marks[OTHER] = ~named
    columns = {name: int(mask.sum()) for name, mask in masks[""].items() if mask.any()}
    found = Found(old_rows[some], new_rows[some], np.zeros(len(named), dtype=bool), marks)
    return found, {name: int(mark.sum()) for name, mark in marks.items()}, columns


def _any(masks: dict[str, Mask], names: Sequence[str], length: int) -> Mask:
    some = np.zeros(length, dtype=bool)
    for name in names:
        if name in masks:
            some |= masks[name]
    return some


def _ordered(found: Found, sides: tuple[Side, Side], described: Described) -> Found:
    """The changes by how much they matter, and then in the order of their keys, in which they come."""
    stakes = np.zeros(len(found.old))
    for name in described.rank:
        old, new = (_figures(side.table, name, rows) for side, rows in zip(sides, (found.old, found.new), strict=True))
        stakes = np.maximum(stakes, np.abs(new - old))
    return found.taken(np.argsort(-stakes, kind="stable"))


def _figures(table: pa.Table, name: str, rows: Numbers) -> npt.NDArray[np.float64]:
    told = np.zeros(len(rows))
    listed = rows >= 0
    told[listed] = figures(table[name].take(pa.array(rows[listed])))
    return told


def _notes(sides: tuple[Side, Side], counts: Counts) -> tuple[str, ...]:
    """What to know before the counts are read."""
    notes = []
    for side, untold, other in zip(sides, (counts.untold_old, counts.untold_new), reversed(sides), strict=True):
        release = side.release
        if release.whole and not untold:
            continue
        what = "the starter, which speaks of its own codes only" if release.starter else "a part of the release"
        lacks = f": it cannot tell of {untold:,} that {other.release.release} lists" if untold else ""
        notes.append(f"{release.release} is {what}{lacks}.")
    for side, unreadable in zip(sides, (counts.unreadable_old, counts.unreadable_new), strict=True):
        if unreadable:
            notes.append(f"{unreadable:,} stand in {side.release.release} in rows that were rejected on loading.")
    begins = [span(side.release)[0] for side in sides]
    if begins[0] is not None and begins[1] is not None and begins[1] < begins[0]:
        notes.append(f"{sides[1].release.release} is the earlier release: what it lacks came later.")
    return tuple(notes)

"""The page of changes: what the releases that follow each other tell differently, source by source."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape
from itertools import pairwise
from typing import Final

from cleanclaim.book.diff import Change, compare
from cleanclaim.book.diff.sources import describe
from cleanclaim.book.provenance import Release
from cleanclaim.index.lookup import OpenBook

_SOURCES: Final = (
    ("mpfs-rvu", "Physician fee schedule", "hcpcs"),
    ("ncci-mue-practitioner", "Unit limits, practitioner", "hcpcs"),
    ("ncci-mue-outpatient", "Unit limits, outpatient hospital", "hcpcs"),
    ("ncci-aoc", "Add-on code edits", "add_on"),
    ("hcpcs", "HCPCS Level II", "hcpcs"),
)
_WHATS: Final = (("added", "New"), ("ended", "Ended"))


def changes_page(book: OpenBook, linked: Collection[str]) -> str:
    """For each source with two whole releases: counts, and the codes that came and went."""
    parts = [
        _section(book, name, key, old, new, linked)
        for source, name, key in _SOURCES
        for old, new in pairwise(_releases(book, source))
    ]
    said = "".join(parts) or "<p>No source has two whole releases loaded, so there is nothing to compare.</p>"
    return f"<h1>Changes between releases</h1>{said}"


def _releases(book: OpenBook, source: str) -> list[Release]:
    whole = {
        release.covers_from: release
        for release in book.releases
        if release.source == source and release.whole and not release.starter and release.covers_from is not None
    }
    return [whole[day] for day in sorted(whole)]


def _section(  # noqa: PLR0917 - what one comparison is of
    book: OpenBook, name: str, key: str, old: Release, new: Release, linked: Collection[str]
) -> str:
    if book.store is None:
        return ""
    diff = compare(book.store, old, new)
    counts = diff.counts
    lists = "".join(
        f"<details><summary><h3>{title} ({counts.of(what):,})</h3></summary>"
        f'<ul class="columns">{_codes(diff.changes(what), key, linked)}</ul></details>'
        for what, title in _WHATS
        if counts.of(what)
    )
    words = {kind.name: kind.words for kind in describe(old.source).all_kinds}
    kinds = "".join(
        f"<li>{escape(words.get(kind, 'changed otherwise'))}: {count:,}</li>"
        for kind, count in counts.kinds.items()
        if count
    )
    return (
        f"<section><h2>{escape(name)}: {escape(old.release)} to {escape(new.release)}</h2>"
        f"<p>{counts.added:,} added, {counts.ended:,} ended, {counts.changed:,} changed, "
        f"{counts.unchanged:,} unchanged.</p>"
        f"{f'<ul>{kinds}</ul>' if kinds else ''}{lists}</section>"
    )


def _codes(changes: Iterator[Change], key: str, linked: Collection[str]) -> str:
    """Every code, once, in order."""
    return "".join(
        f'<li><a href="codes/{code}.html">{code}</a></li>' if code in linked else f"<li>{escape(code)}</li>"
        for code in sorted({change.key[key] for change in changes})
    )

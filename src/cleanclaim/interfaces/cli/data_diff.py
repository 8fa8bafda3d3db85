"""``cleanclaim data diff``: what changed between two releases of a source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import BookOption, parse_date, print_json, terminal_width

if TYPE_CHECKING:
    from cleanclaim.book.diff import Diff

_FEW: Final = 10
_AT_ONCE: Final = 1_000
"""Pieces written together: every single writing is flushed."""


class DiffFormat(StrEnum):
    """How changes can be written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def diff(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="mpfs-rvu, ncci-ptp-practitioner ... Default: every source."),
    ] = None,
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="A release, or a day it is in force on (YYYY-MM-DD).")
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="Another release of the source, or a day.")] = None,
    old_option: Annotated[
        str | None, typer.Option("--old", metavar="DATE", help="Without OLD: the releases in force on this day.")
    ] = None,
    new_option: Annotated[
        str | None, typer.Option("--new", metavar="DATE", help="Without NEW: the releases in force on this day.")
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code", metavar="CODE", help="Only this code, range (43200-43299) or beginning (432*). Repeatable."
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", metavar="KIND", help="Only changes of this kind: added, ended, re_priced ... Repeatable."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=0, help="So many changes of each sort. Default: 10; json, csv: all."),
    ] = None,
    book: BookOption = None,
    output: Annotated[DiffFormat, typer.Option("--format", help="Output format.")] = DiffFormat.TEXT,
) -> None:
    """Say what changed between two releases: added, ended, re-indicated, re-priced; pairs opened and closed."""
    from cleanclaim.book.diff import compare, find_release

    store = BookStore.to_read(book)
    names = (old or old_option, new or new_option)
    if source is None:
        _every_source(store, names, code or [], output)
        return
    if names[0] is None or names[1] is None:
        raise InputError(f"Name two releases to compare: cleanclaim data diff {source} OLD NEW. {_held(store, source)}")
    releases = store.releases()
    pair = [find_release(releases, source, name) for name in names if name is not None]
    told = compare(store, pair[0], pair[1], code or [])
    told.selected(select or ())  # a kind that does not exist is told before anything is written
    pieces = _written(told, output, select or [], limit)
    while some := "".join(islice(pieces, _AT_ONCE)):
        typer.echo(some, nl=False)


def _written(told: Diff, output: DiffFormat, select: list[str], limit: int | None) -> Iterator[str]:
    from cleanclaim.render import diff_report, diff_rows

    few = _FEW if limit is None else limit
    match output:
        case DiffFormat.JSON:
            yield from diff_rows.json_text(told, select=select, limit=limit)
        case DiffFormat.CSV:
            yield from diff_rows.csv_text(told, select=select, limit=limit)
        case DiffFormat.MD:
            yield from (f"{line}\n" for line in diff_report.markdown(told, select=select, limit=few))
        case _:
            lines = diff_report.text(told, select=select, limit=few, width=terminal_width())
            yield from (f"{line}\n" for line in lines)


def _held(store: BookStore, source: str) -> str:
    from cleanclaim.book.diff.releases import releases_of

    names = dict.fromkeys(release.release for release in releases_of(store.releases(), source))
    return f"The book holds {', '.join(names)}."


def _every_source(store: BookStore, names: tuple[str | None, str | None], codes: list[str], output: DiffFormat) -> None:
    """The counts of each source that has one release in force on one day and another on the other."""
    from cleanclaim.book.diff import between_days
    from cleanclaim.render import diff_report, diff_rows

    old, new = parse_date(names[0], "--old"), parse_date(names[1], "--new")
    if old is None or new is None:
        raise InputError(
            "Name a source and two releases, cleanclaim data diff SOURCE OLD NEW; or two days for every source, "
            "cleanclaim data diff --old 2025-12-31 --new 2026-07-01."
        )
    if output not in {DiffFormat.TEXT, DiffFormat.JSON}:
        raise InputError(f"--format {output}: every source at once is told as text or json; name one for {output}.")
    told = between_days(store, old, new, codes)
    if output is DiffFormat.JSON:
        heads = [diff_rows.head(one) for one in told.diffs]
        print_json(
            {"schema": "cleanclaim.diffs/1", "old": old.isoformat(), "new": new.isoformat(), "sources": heads}
            | {"same": list(told.same), "not_covered": list(told.not_covered)}
        )
        return
    typer.echo(f"Releases in force on {old} and on {new}:")
    for one in told.diffs:
        typer.echo(f"  {one.head.source}: {one.head.old.release} -> {one.head.new.release}: {diff_report.summary(one)}")
    for words, sources in (
        ("The same release on both days", told.same),
        ("No release covers one of the days", told.not_covered),
    ):
        if sources:
            typer.echo(textwrap.fill(f"{words}: {', '.join(sources)}.", terminal_width(), break_on_hyphens=False))

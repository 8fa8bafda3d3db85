"""``cleanclaim data``: what the book holds, and putting published files into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleanclaim.book.provenance import Release
from cleanclaim.book.starter import listed_codes
from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.data_diff import diff
from cleanclaim.interfaces.cli.options import BookOption, FormatOption, TextOrJson, now, print_json

if TYPE_CHECKING:
    from cleanclaim.book.update import BookUpdate

app = typer.Typer(help="The book: load published files, see what it holds, verify it.", no_args_is_help=True)
app.command("diff", short_help="Say what changed between two releases.")(diff)


def _entry(release: Release) -> dict[str, Any]:
    return {
        "source": release.source,
        "release": release.release,
        "rows": release.rows,
        "rejected": release.rejected,
        "valid_from": release.covers_from.isoformat() if release.covers_from else None,
        "valid_to": release.covers_to.isoformat() if release.covers_to else None,
        "published": release.published.isoformat() if release.published else None,
        "sha256": release.sha256,
        "starter": release.starter,
        "whole": release.whole,
        "files": list(release.files),
        "url": release.urls[-1] if release.urls else "",
        "licence": release.licence,
        "notes": list(release.notes),
    }


@app.command("status", short_help="List the releases the book can answer from.")
def status(book: BookOption = None, output: FormatOption = TextOrJson.TEXT) -> None:
    """List the releases the book can answer from, with the service dates each covers."""
    store = BookStore.to_read(book)
    releases = store.releases()
    if output is TextOrJson.JSON:
        print_json({"schema": "cleanclaim.book/1", "sources": [_entry(release) for release in releases]})
        return
    typer.echo(f"Book: {store.folder}")
    rows: list[tuple[str, ...]] = [("source", "release", "rows", "rejected", "services from", "to", "")]
    rows += [
        (
            release.source,
            release.release,
            f"{release.rows:,}",
            f"{release.rejected:,}",
            str(release.covers_from or "-"),
            str(release.covers_to or "-"),
            _kind(release),
        )
        for release in releases
    ]
    _print_table(rows, right=(2, 3))
    if any(release.starter for release in releases):
        typer.echo(
            f"\nstarter: embedded facts on {len(listed_codes()):,} codes and modifiers only; it says nothing of any "
            "other.\nLoad the whole tables with `cleanclaim data update` or `cleanclaim data load FILE`."
        )


def _kind(release: Release) -> str:
    if release.starter:
        return "starter"
    if release.whole:
        return ""
    return f"part {', '.join(map(str, release.parts))}" if release.parts else "part"


@app.command("load")
def load(
    paths: Annotated[list[Path], typer.Argument(help="Published files, archives or folders.", metavar="PATH...")],
    book: BookOption = None,
    release: Annotated[
        str | None,
        typer.Option("--release", metavar="RELEASE", help="Name the release where the file does not: 2024Q3, RVU26C."),
    ] = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Load published files into the book. Every layout is recognised by its content."""
    from cleanclaim.book.load import LoadedFile, load_paths

    store = BookStore.locate(book)

    def tell(done: LoadedFile) -> None:
        if output is TextOrJson.TEXT and (done.release is not None or done.failed):
            typer.echo(_loaded_line(done), err=done.failed)
            for note in done.notes:
                typer.echo(f"  note: {note}")

    outcomes = load_paths(store, paths, release=release, on_file=tell)
    loaded = [done for done in outcomes if done.release is not None]
    failed = [done for done in outcomes if done.failed]
    passed = [done for done in outcomes if done.release is None and not done.failed]
    if output is TextOrJson.JSON:
        print_json(
            {
                "schema": "cleanclaim.load/1",
                "loaded": [
                    {
                        "file": done.file,
                        "source": done.release.source,
                        "release": done.release.release,
                        "rows_in": done.rows_in,
                        "rows": done.kept,
                        "rejected": done.rejected,
                        "seconds": round(done.seconds, 2),
                        "notes": list(done.notes),
                    }
                    for done in loaded
                    if done.release is not None
                ],
                "passed_over": [{"file": done.file, "reason": done.reason} for done in passed],
                "failed": [{"file": done.file, "reason": done.reason} for done in failed],
            }
        )
    else:
        typer.echo(f"{len(loaded)} loaded, {len(failed)} failed, {len(passed)} passed over.")
        for done in passed if len(paths) == 1 and not loaded else ():
            typer.echo(f"  {done.file}: {done.reason}")
    if loaded:
        _rebuild(store)
    if not loaded or failed:
        if not loaded and not failed:
            raise InputError(
                "Nothing was loaded: no published table was recognised. docs/reference/sources.md lists the layouts."
            )
        raise typer.Exit(2)


def _loaded_line(done: Any) -> str:
    if done.release is None:
        return f"FAILED {done.file}: {done.reason}"
    return (
        f"{done.release.source} {done.release.release}: {done.rows_in:,} rows in, {done.kept:,} kept, "
        f"{done.rejected:,} rejected, {done.seconds:.1f} s"
    )


def _rebuild(store: BookStore) -> None:
    """Build the index now, so that the next command opens at once."""
    from cleanclaim.index.lookup import OpenBook

    OpenBook.open(store.folder, with_starter=store.with_starter)


@app.command("update", short_help="Download the releases in force and load them.")
def update(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources. Default: all.", metavar="[SOURCE...]")] = None,
    accept_ama_license: Annotated[
        bool,
        typer.Option("--accept-ama-license", help="You accept the AMA's licence for CPT codes in CMS files. Once."),
    ] = False,
    book: BookOption = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Download the releases in force from their publishers and load them."""
    from cleanclaim.book.update import update_book

    store = BookStore.locate(book)
    outcome = update_book(store, sources or None, accept_ama=accept_ama_license, now=now())
    if output is TextOrJson.JSON:
        print_json(
            {
                "schema": "cleanclaim.update/1",
                "fetched": [
                    {"source": one.source, "release": one.release, "url": one.url, "sha256": one.sha256}
                    for one in outcome.fetched
                ],
                "skipped": [{"source": one.source, "reason": one.reason} for one in outcome.skipped],
                "failed": [{"source": source, "reason": reason} for source, reason in outcome.failed],
            }
        )
    else:
        _print_update(outcome)
    if any(done.release is not None for done in outcome.loaded):
        _rebuild(store)
    if outcome.failed:
        raise typer.Exit(2)


def _print_update(outcome: BookUpdate) -> None:
    for done in outcome.loaded:
        if done.release is not None:
            typer.echo(_loaded_line(done))
    for one in outcome.skipped:
        typer.echo(f"{one.source}: {one.reason}")
    for source, reason in outcome.failed:
        typer.echo(f"FAILED {source}: {reason}", err=True)


@app.command("verify", short_help="Check that every release is there and whole.")
def verify(book: BookOption = None, output: FormatOption = TextOrJson.TEXT) -> None:
    """Check that every release in the manifest is there, readable and whole."""
    store = BookStore.to_read(book)
    results = list(store.verify())
    bad = [(release, word) for release, word in results if word != "ok"]
    if output is TextOrJson.JSON:
        print_json(
            {
                "schema": "cleanclaim.verify/1",
                "ok": not bad,
                "sources": [
                    {"source": release.source, "release": release.release, "result": word} for release, word in results
                ],
            }
        )
    else:
        for release, word in results:
            typer.echo(f"{release.source} {release.release}: {word}")
    if bad:
        raise typer.Exit(2)


def _print_table(rows: list[tuple[str, ...]], right: tuple[int, ...] = ()) -> None:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    aligned: list[Callable[[str, int], str]] = [str.rjust if at in right else str.ljust for at in range(len(widths))]
    for row in rows:
        cells = [align(cell, width) for align, cell, width in zip(aligned, row, widths, strict=True)]
        typer.echo("  ".join(cells).rstrip())

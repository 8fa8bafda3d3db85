"""``cleanclaim site build DIR``: the book as a folder of pages."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from cleanclaim.interfaces.cli.options import BookOption, open_book, parse_date, today

app = typer.Typer(no_args_is_help=True, help="The book as a static site.")


@app.callback()
def _site() -> None:
    """The book as a static site."""


@app.command("build", short_help="Write a page for every code, modifier and rule.")
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder, or a site made before.")],
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Service date of the pages. Default: today.")
    ] = None,
    book: BookOption = None,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0 is one for each processor.")
    ] = 0,
) -> None:
    """Write a page for every code, modifier and rule, with a search that works without a server."""
    from cleanclaim.render.site.build import build_site

    began = time.monotonic()
    told = _told if sys.stderr.isatty() else None
    made = build_site(open_book(book), parse_date(date, "--date") or today(), folder, jobs=jobs, told=told)
    typer.echo(
        f"{made.pages:,} pages in {time.monotonic() - began:.0f} s: {made.codes:,} codes, {made.modifiers:,} "
        f"modifiers, {made.rules:,} rules. Open {made.folder / 'index.html'}."
    )


def _told(done: int, of: int) -> None:
    end = "\n" if done == of else "\r"
    typer.echo(f"{done:,} of {of:,} code pages{end}", err=True, nl=False)

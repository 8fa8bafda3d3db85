"""``cleanclaim code CODE``: everything the book says of one code."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cleanclaim.interfaces.cli.options import (
    BookOption,
    KnownOnOption,
    open_book,
    parse_date,
    print_json,
    terminal_width,
    today,
    use_colour,
)


class CodeFormat(StrEnum):
    """Formats of a code page."""

    TEXT = "text"
    JSON = "json"
    MD = "md"
    HTML = "html"


def code(
    wanted: Annotated[
        str, typer.Argument(metavar="CODE", help="A procedure (43214), a diagnosis (K22.2) or a modifier (59).")
    ],
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="Service date. Default: today.")] = None,
    book: BookOption = None,
    known_on: KnownOnOption = None,
    output: Annotated[CodeFormat, typer.Option("--format", help="Output format.")] = CodeFormat.TEXT,
) -> None:
    """Say what a code means, how it is paid, what it may not be billed beside, and where that is published."""
    from cleanclaim.engine.code_page import code_page
    from cleanclaim.render import code_html, code_text

    page = code_page(
        open_book(book),
        wanted,
        parse_date(date, "--date") or today(),
        known_on=parse_date(known_on, "--known-on"),
        licensed=True,
    )
    if output is CodeFormat.JSON:
        print_json(code_text.as_json(page))
    elif output is CodeFormat.HTML:
        typer.echo(code_html.page(page), nl=False)
    elif output is CodeFormat.MD:
        typer.echo(code_text.markdown(page), nl=False)
    else:
        typer.echo(code_text.text(page, width=terminal_width(), colour=use_colour()), nl=False)

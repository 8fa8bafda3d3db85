"""``cleanclaim audit PATH``: a published page about codes, held against the book."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import BookOption, open_book, parse_date, print_json, terminal_width, today


class AuditFormat(StrEnum):
    """Formats of an audit."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def audit(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A text, Markdown, HTML or PDF file, or - for the input.")
    ],
    date: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Services on this day. Default: today.")
    ] = None,
    book: BookOption = None,
    output: Annotated[AuditFormat, typer.Option("--format", help="Output format.")] = AuditFormat.TEXT,
) -> None:
    """Hold each checkable statement of a page against the book: supported, contradicted, or not verifiable.

    Exit code 1 where a statement is contradicted, 0 where none is.
    """
    from cleanclaim.pages.audit import Judgement, audit_text
    from cleanclaim.pages.reading import page_text
    from cleanclaim.render import audit_report

    day = parse_date(date, "--date") or today()
    name, content = _read(path)
    made = audit_text(open_book(book), page_text(content, name), day, page=name)
    if output is AuditFormat.JSON:
        print_json(audit_report.as_json(made))
    elif output is AuditFormat.HTML:
        typer.echo(audit_report.as_html(made), nl=False)
    else:
        typer.echo(audit_report.text(made, width=terminal_width()), nl=False)
    if made.count(Judgement.CONTRADICTED):
        raise typer.Exit(1)


def _read(path: str) -> tuple[str, bytes]:
    if path == "-":
        return "standard input", sys.stdin.buffer.read()
    try:
        return Path(path).name, Path(path).read_bytes()
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder; name one page in it.") from error
    except OSError as error:
        raise InputError(
            f"{path}: {(error.strerror or type(error).__name__).lower()}. Name a page to audit."
        ) from error

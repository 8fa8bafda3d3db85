"""``cleanclaim ask "question"``: what coders ask, answered from the book."""

from __future__ import annotations

from typing import Annotated

import typer

from cleanclaim.interfaces.cli.options import (
    BookOption,
    FormatOption,
    TextOrJson,
    open_book,
    parse_date,
    print_json,
    terminal_width,
    today,
)


def ask(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help='Such as "Is imaging included in 62323?"')],
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="Service date, where the question names none. Default: today."),
    ] = None,
    book: BookOption = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Answer a question about codes, with the rows that say so; the same question gets the same answer.

    Exit code 0 whether or not there is an answer: the state says so.
    """
    from cleanclaim.pages.ask import ask as answer_to
    from cleanclaim.render import answer_text

    answer = answer_to(open_book(book), " ".join(question), parse_date(date, "--date") or today())
    if output is TextOrJson.JSON:
        print_json(answer_text.as_json(answer))
    else:
        typer.echo(answer_text.text(answer, width=terminal_width()), nl=False)

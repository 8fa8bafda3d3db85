"""Options and output shared by the commands."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleanclaim.book.store import BookStore
from cleanclaim.errors import InputError

if TYPE_CHECKING:
    from cleanclaim.index.lookup import OpenBook
    from cleanclaim.rules.model import LoadedRule


class TextOrJson(StrEnum):
    """Output formats every command has."""

    TEXT = "text"
    JSON = "json"


BookOption = Annotated[
    Path | None,
    typer.Option("--book", metavar="DIR", help="Folder of the book. Default: CLEANCLAIM_BOOK, else your data folder."),
]
KnownOnOption = Annotated[
    str | None,
    typer.Option("--known-on", metavar="DATE", help="Use only releases published by this day."),
]
PolicyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy",
        metavar="FILE|DIR",
        help="Payer policies of yours, beside those that come along. Default: CLEANCLAIM_POLICIES. Repeatable.",
    ),
]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="FORMAT", help="Read as x12-837, fhir, csv, jsonl or parquet.")
]
SelectOption = Annotated[str, typer.Option("--select", metavar="CODES", help="Only these rules or families.")]
IgnoreOption = Annotated[str, typer.Option("--ignore", metavar="CODES", help="Not these rules or families.")]
PayerOption = Annotated[
    str, typer.Option("--payer", metavar="ID", help="Take every claim as this payer's: its name or identifier.")
]
FormatOption = Annotated[TextOrJson, typer.Option("--format", help="Output format.")]


def output_file(path: Path | None) -> Path | None:
    """The file of ``--output``; None for standard output, which ``-`` names too."""
    return None if path == Path("-") else path


def parse_date(text: str | None, option: str) -> dt.date | None:
    """A date given as YYYY-MM-DD. Raises InputError naming the option."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r} is no date: write it as YYYY-MM-DD, such as 2026-07-01.") from error


def rules_asked(select: str, ignore: str) -> tuple[LoadedRule, ...]:
    """The rules of ``--select`` without those of ``--ignore``. Raises InputError where none is left."""
    from cleanclaim.rules.registry import select_rules

    rules = select_rules(select.split(","), ignore.split(","))
    if not rules:
        raise InputError("--select and --ignore leave no rule: nothing would be checked.")
    return rules


def existing(book: Path | None) -> Path | None:
    """The folder of ``--book``, for a command that only reads it. Raises InputError when it is not there."""
    if book is not None:
        BookStore.to_read(book)
    return book


def open_book(book: Path | None) -> OpenBook:
    """The book of ``--book``, for a command that only reads it; who waits for its index is told so.

    Raises InputError when the folder is not there, BookError when the book is damaged.
    """
    from cleanclaim.index.lookup import OpenBook

    return OpenBook.open(existing(book), building=_say_that_it_is_built)


def _say_that_it_is_built() -> None:
    """On a terminal only: a pipe gets what was asked for, and nothing else."""
    if sys.stderr.isatty():
        typer.echo("cleanclaim: making the index of the book; this takes some seconds, once.", err=True)


def now() -> dt.datetime:
    """The one place the command line reads the clock, in the machine's time zone."""
    return dt.datetime.now().astimezone()


def today() -> dt.date:
    """The day it is."""
    return now().date()


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on standard output; in ASCII, so that no output's encoding can spoil it."""
    typer.echo(json.dumps(document, indent=1))


def use_colour() -> bool:
    """Colour on a terminal, unless NO_COLOR is set."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def terminal_width() -> int:
    """Columns of the terminal; 100 in a pipe, so that output does not depend on who runs it."""
    if not sys.stdout.isatty():
        return 100
    return os.get_terminal_size(sys.stdout.fileno()).columns

"""``--engine spark`` of the command line: what it takes, before Spark is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import existing, parse_date
from cleanclaim.render.formats import ReportFormat
from cleanclaim.types import Severity


class Engine(StrEnum):
    """What runs the check."""

    LOCAL = "local"
    SPARK = "spark"


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``check --engine spark`` was asked for. Without ``output``, a folder, only the summary is told."""

    paths: Sequence[str]
    history: Sequence[str]
    output: Path | None
    fail_on: Severity
    select: Sequence[str]
    ignore: Sequence[str]
    known_on: str | None


@dataclass(frozen=True, slots=True)
class BookAsked:
    """The book to check against: its folder, the user's payer policies, and the payer every claim is taken as."""

    folder: Path | None
    policies: Sequence[Path]
    payer: str


def instead(
    engine: Engine, asked: Asked, others: Mapping[str, bool], output_format: ReportFormat, book: BookAsked
) -> None:
    """Where the engine is Spark: check there, and end the command with its exit code.

    ``others`` are options that it does not have, and whether they were given. Raises InputError where they were, for a
    format that it does not write, and when Spark is not installed.
    """
    if engine is Engine.LOCAL:
        return
    given = [option for option, is_given in others.items() if is_given]
    if given:
        raise InputError(f"--engine spark has no {', '.join(given)}. Leave that out, or use --engine local.")
    if (output_format, asked.output is None) not in {(ReportFormat.TEXT, True), (ReportFormat.PARQUET, False)}:
        raise InputError(
            "--engine spark tells a summary, or with --format parquet --output FOLDER writes the whole report. Other "
            "formats hold a report in one file: use --engine local."
        )
    from cleanclaim import spark as spark  # noqa: PLC0414 - says in one sentence when Spark is missing
    from cleanclaim.interfaces.python import Book
    from cleanclaim.interfaces.spark.command import check_on_spark

    opened = Book.open(existing(book.folder), policies=book.policies, payer=book.payer)
    raise typer.Exit(check_on_spark(asked, opened, parse_date(asked.known_on, "--known-on"), typer.echo))

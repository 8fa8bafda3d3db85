"""``cleanclaim check PATH...``: the main job."""

from __future__ import annotations

import contextlib
import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import (
    BookOption,
    KnownOnOption,
    parse_date,
    terminal_width,
    use_colour,
)
from cleanclaim.types import Report, Severity


class ReportFormat(StrEnum):
    """Formats of the report."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Claims files, archives, folders, or - for standard input.")
    ],
    output_format: Annotated[ReportFormat, typer.Option("--format", help="Output format.")] = ReportFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the report to FILE, whole or not at all."),
    ] = None,
    forced: Annotated[
        str | None, typer.Option("--from", metavar="FORMAT", help="Read as x12-837, fhir, csv, jsonl or parquet.")
    ] = None,
    select: Annotated[str, typer.Option("--select", metavar="CODES", help="Only these rules or families.")] = "",
    ignore: Annotated[str, typer.Option("--ignore", metavar="CODES", help="Not these rules or families.")] = "",
    fail_on: Annotated[
        Severity, typer.Option("--fail-on", help="Exit with 1 when a finding is at least this severe.")
    ] = Severity.DENY,
    known_on: KnownOnOption = None,
    book: BookOption = None,
) -> None:
    """Check claims against the published edits and say what would be denied, why, and what to do."""
    from cleanclaim.engine.files import check_paths
    from cleanclaim.index.lookup import OpenBook
    from cleanclaim.rules.registry import select_rules

    day = parse_date(known_on, "--known-on")
    rules = select_rules(select.split(","), ignore.split(","))
    if not rules:
        raise InputError("--select and --ignore leave no rule: nothing would be checked.")
    outcome = check_paths(paths, OpenBook.open(book), rules=rules, known_on=day, forced=forced)
    text = _render(outcome.report, output_format, to_terminal=output is None)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text)
    for problem in outcome.unusable:
        typer.echo(f"cleanclaim: {problem}", err=True)
    if outcome.unusable or (outcome.report.rejects and not outcome.report.claims):
        raise typer.Exit(2)
    if any(finding.severity.rank <= fail_on.rank for finding in outcome.report.findings):
        raise typer.Exit(1)


def _render(report: Report, output_format: ReportFormat, *, to_terminal: bool) -> str:
    # Each format is imported when it is asked for: a cold start should not pay for the others.
    if output_format is ReportFormat.JSON:
        from cleanclaim.render import json_report

        return json_report.render(report)
    if output_format is ReportFormat.JSONL:
        from cleanclaim.render import jsonl_report

        return jsonl_report.render(report)
    from cleanclaim.render import text_report

    return text_report.render(
        report, width=terminal_width() if to_terminal else 100, colour=to_terminal and use_colour()
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises InputError when it cannot be written."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(beside).replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(beside).unlink()

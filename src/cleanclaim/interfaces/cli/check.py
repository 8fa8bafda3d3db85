"""``cleanclaim check PATH...``: the main job."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from cleanclaim.engine.collecting import collecting_later
from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli import accepting, fixing, large, on_spark, outputs
from cleanclaim.interfaces.cli.accepting import BaselineOption, SuppressionsOption, WriteBaselineOption
from cleanclaim.interfaces.cli.inputs import named_once, tell_empty
from cleanclaim.interfaces.cli.large import JobsOption, ResumeOption, StatsOption
from cleanclaim.interfaces.cli.on_spark import Engine
from cleanclaim.interfaces.cli.options import (
    BookOption,
    FromOption,
    IgnoreOption,
    KnownOnOption,
    PayerOption,
    PolicyOption,
    SelectOption,
    existing,
    now,
    open_book,
    output_file,
    parse_date,
    rules_asked,
    terminal_width,
    today,
    use_colour,
)
from cleanclaim.interfaces.cli.writing import write_whole
from cleanclaim.render.formats import NOT_FOR_A_TERMINAL, Look, ReportFormat, render
from cleanclaim.types import Report, Severity


def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Claims files, archives, folders, or - for standard input.")
    ],
    output_format: Annotated[ReportFormat, typer.Option("--format", help="Output format.")] = ReportFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            callback=output_file,
            help="Write the report to FILE, whole or not at all.",
        ),
    ] = None,
    forced: FromOption = None,
    select: SelectOption = "",
    ignore: IgnoreOption = "",
    fail_on: Annotated[
        Severity, typer.Option("--fail-on", help="Exit with 1 when a finding is at least this severe.")
    ] = Severity.DENY,
    known_on: KnownOnOption = None,
    book: BookOption = None,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", metavar="PATH", help="Claims sent before: looked at, not reported. Repeatable."),
    ] = None,
    payer: PayerOption = "",
    policy: PolicyOption = None,
    suppressions: SuppressionsOption = None,
    baseline: BaselineOption = None,
    new_baseline: WriteBaselineOption = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Make the changes that are safe, and write the claims to --fixed.")
    ] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix: also the changes someone must look at.")
    ] = False,
    fixed: Annotated[
        Path | None,
        typer.Option("--fixed", metavar="FILE", help="Where to write the fixed 837; a folder for several inputs."),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="spark: Parquet or Delta tables, on the Spark that is configured here.")
    ] = Engine.LOCAL,
    jobs: JobsOption = None,
    resume: ResumeOption = None,
    stats: StatsOption = False,
) -> None:
    """Check claims against the published edits and say what would be denied, why, and what to do."""
    on_spark.instead(
        engine,
        on_spark.Asked(paths, history or (), output, fail_on, select.split(","), ignore.split(","), known_on),
        {
            "--from": forced not in {None, "parquet"},
            "--suppressions": bool(suppressions),
            "--baseline": baseline is not None,
            "--write-baseline": new_baseline is not None,
            "--fix": fix or unsafe_fixes or fixed is not None,
            "--jobs": jobs is not None,
            "--resume": resume is not None,
            "--stats": stats,
        },
        output_format,
        on_spark.BookAsked(book, policy or (), payer),
    )
    with collecting_later():
        from cleanclaim.engine.files import check_paths

    if output is None and output_format in NOT_FOR_A_TERMINAL and sys.stdout.isatty():
        raise InputError(
            f"A {output_format} report is for programs, not for a terminal: write it to a file with --output FILE."
        )
    named_once([*paths, *(history or ())])
    target = fixing.asked_for(fix=fix, unsafe=unsafe_fixes, fixed=fixed)
    guard = outputs.guard(
        outputs.Reads(paths, history or (), suppressions or (), policy or (), baseline, existing(book)),
        {outputs.OUTPUT: output, outputs.NEW_BASELINE: new_baseline, outputs.FIXED: target},
    )
    accepted = accepting.read(suppressions or (), baseline, today())
    day = parse_date(known_on, "--known-on")
    with collecting_later():
        rules = rules_asked(select, ignore)
    opened = open_book(book)
    opened.use_policies(policy or (), payer)
    large.instead(
        large.Asked(paths, history or (), opened, rules, day, forced, accepted, policy or (), payer),
        large.Wanted(jobs, resume, output_format, output, new_baseline, fail_on, stats, fix=target is not None),
        {"the suppressions": suppressions or (), "the baseline": [] if baseline is None else [baseline]},
    )
    begun = time.perf_counter()
    outcome = check_paths(
        paths,
        opened,
        rules=rules,
        history=history or (),
        known_on=day,
        forced=forced,
        suppressions=accepted.suppressions,
        baseline=accepted.baseline,
    )
    checked = time.perf_counter()
    report, said = outcome.report, ""
    if target is not None:
        report, said = fixing.write_fixed(outcome, target, write_whole, guard, unsafe=unsafe_fixes, forced=forced)
    if new_baseline is not None:
        write_whole(new_baseline, accepting.baseline_of(report, accepted.baseline, today(), rules))
    text = _render(report, output_format, to_terminal=output is None)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text)
    seconds = {"reading and checking": checked - begun, "writing": time.perf_counter() - checked}
    large.tell_stats(report, seconds, wanted=stats)
    if said:
        typer.echo(f"cleanclaim: {said}", err=True)
    tell_empty(report)
    for problem in outcome.unusable:
        typer.echo(f"cleanclaim: {problem}", err=True)
    if outcome.unusable or (outcome.report.rejects and not outcome.report.claims):
        raise typer.Exit(2)
    if new_baseline is None and any(finding.severity.rank <= fail_on.rank for finding in report.findings):
        raise typer.Exit(1)


def _render(report: Report, output_format: ReportFormat, *, to_terminal: bool) -> str | bytes:
    look = Look(made=now(), width=terminal_width() if to_terminal else 100, colour=to_terminal and use_colour())
    return render(report, output_format, look)

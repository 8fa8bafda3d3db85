"""``cleanclaim impact --old R1 --new R2 PATH...``: what the next release changes on these claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli import outputs
from cleanclaim.interfaces.cli.inputs import named_once
from cleanclaim.interfaces.cli.large import stopped_by_terminate
from cleanclaim.interfaces.cli.options import (
    BookOption,
    FromOption,
    IgnoreOption,
    PayerOption,
    PolicyOption,
    SelectOption,
    existing,
    open_book,
    output_file,
    rules_asked,
    terminal_width,
)
from cleanclaim.interfaces.cli.writing import folder_beside, write_whole
from cleanclaim.render.impact_report import ImpactFormat, render


def impact(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Claims files, archives, folders, or - for standard input.")
    ],
    old: Annotated[str, typer.Option("--old", metavar="RELEASE", help="The release as it is now, such as RVU25D.")],
    new: Annotated[str, typer.Option("--new", metavar="RELEASE", help="The next one, such as RVU26C.")],
    source: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help="The source both are of, where the names do not tell.")
    ] = "",
    only_this_source: Annotated[
        bool,
        typer.Option("--only-this-source", help="Leave releases of the same bundle (GPCI ...) as on each claim's day."),
    ] = False,
    locality: Annotated[
        str,
        typer.Option(
            "--locality", metavar="MAC-LOC", help="Where claims without a known ZIP code are priced. Default: national."
        ),
    ] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Rows of each table of the text.")] = 10,
    output_format: Annotated[ImpactFormat, typer.Option("--format", help="Output format.")] = ImpactFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", callback=output_file, help="Write to FILE, whole or not at all."
        ),
    ] = None,
    forced: FromOption = None,
    select: SelectOption = "",
    ignore: IgnoreOption = "",
    payer: PayerOption = "",
    policy: PolicyOption = None,
    book: BookOption = None,
) -> None:
    """Check and price claims under two releases of a source, and say what is not the same, in claims and dollars."""
    from cleanclaim.engine.impact.choose import choose
    from cleanclaim.engine.impact.run import Question, impact_on_files

    named_once(paths)
    outputs.guard(
        outputs.Reads(paths, (), (), policy or (), None, existing(book)),
        {outputs.OUTPUT: output},
    )
    rules = rules_asked(select, ignore)
    opened = open_book(book)
    opened.use_policies(policy or (), payer)
    chosen = choose(opened.releases, old, new, source=source, only_this_source=only_this_source)
    try:
        with stopped_by_terminate():
            made = impact_on_files(
                paths, Question(opened, chosen, rules, locality), forced=forced, beside=folder_beside(output)
            )
    except KeyboardInterrupt:
        raise InputError("The comparison was stopped. Nothing was written.") from None
    width = terminal_width() if output is None else 100
    text = render(made, output_format, width=width, limit=limit)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text)
    for problem in made.unusable:
        typer.echo(f"cleanclaim: {problem}", err=True)
    if made.unusable or (made.rejects and not made.claims):
        raise typer.Exit(2)

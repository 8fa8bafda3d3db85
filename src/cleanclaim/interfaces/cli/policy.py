"""``cleanclaim policy``: payers' policies listed, shown, validated, and tested by their own cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleanclaim.interfaces.cli.options import FormatOption, PolicyOption, TextOrJson, print_json

if TYPE_CHECKING:
    from cleanclaim.book.payers import Policies

app = typer.Typer(help="Payers' own policies: list, show, validate, test.", no_args_is_help=True)
PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Policy files, or folders of them.")]


@app.command("list", short_help="List the payers that have a policy here.")
def list_policies(policy: PolicyOption = None, output: FormatOption = TextOrJson.TEXT) -> None:
    """List the payers that have a policy here, with the number of its statements."""
    from cleanclaim.render import policy_text

    shelf = _shelf(policy)
    if output is TextOrJson.JSON:
        policies = [policy_text.summary_of(shelf.by_payer[payer]) for payer in sorted(shelf.by_payer)]
        print_json({"schema": "cleanclaim.payer_policies/1", "policies": policies})
    else:
        typer.echo(policy_text.listing(shelf), nl=False)


@app.command("show", short_help="Print what a payer asks, and the document that says so.")
def show(
    payer: Annotated[str, typer.Argument(metavar="PAYER", help="The payer's short name, identifier or name.")],
    policy: PolicyOption = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Print what a payer asks, since when, and the document that says so."""
    from cleanclaim.render import policy_text

    found = _shelf(policy).find(payer)
    if output is TextOrJson.JSON:
        policies = [policy_text.as_json(one) for one in found.policies]
        print_json({"schema": "cleanclaim.payer_policy_view/1", "policies": policies})
    else:
        typer.echo("\n".join(policy_text.whole(one) for one in found.policies), nl=False)


@app.command("validate", short_help="Say whether policy files would be used.")
def validate(paths: PathsArgument) -> None:
    """Read policy files and say whether they would be used; the first thing wrong stops with file and line."""
    from cleanclaim.book.payers.read import read_policy
    from cleanclaim.book.payers.shelf import load_policies, policy_files
    from cleanclaim.render.dollars import many

    load_policies(paths)
    for file in (file for path in paths for file in policy_files(path)):
        read = read_policy(file)
        counted = f"{many(len(read.facts), 'statement')}, {many(len(read.cases), 'case')}"
        typer.echo(f"{file}: {read.payer}, {counted}: fit for use")


@app.command("test")
def test(paths: PathsArgument) -> None:
    """Run the cases of policy files. Exit code 1 when one does not hold."""
    from cleanclaim.book.payers.read import read_policy
    from cleanclaim.book.payers.shelf import load_policies, policy_files
    from cleanclaim.testing.policies import run_cases

    shelf = load_policies(paths)
    failed = 0
    for file in (file for path in paths for file in policy_files(path)):
        outcomes = run_cases(read_policy(file), shelf)
        wrong = [outcome for outcome in outcomes if outcome.problem]
        failed += len(wrong)
        for outcome in wrong:
            typer.echo(f"{file}, line {outcome.line}: {outcome.name}: {outcome.problem}")
        typer.echo(f"{file}: {len(outcomes) - len(wrong)} of {len(outcomes)} cases hold")
    if failed:
        raise typer.Exit(1)


def _shelf(policy: list[Path] | None) -> Policies:
    from cleanclaim.book.payers import load_policies

    return load_policies(policy or ())

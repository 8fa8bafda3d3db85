"""``cleanclaim rule``: the rules, listed or one whole."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from cleanclaim.interfaces.cli.options import print_json


class RuleFormat(StrEnum):
    """Formats of a rule's documentation."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


def rule(
    code: Annotated[str | None, typer.Argument(metavar="[CODE|FAMILY]", help="PTP001, its name, or PTP.")] = None,
    output: Annotated[RuleFormat, typer.Option("--format", help="Output format.")] = RuleFormat.TEXT,
) -> None:
    """List the rules, or print one with what it checks, why, how to fix it, its limits and its sources."""
    from cleanclaim.render import rule_text
    from cleanclaim.rules.registry import documented, find_rule

    wanted = code.strip().upper() if code else ""
    chosen = [loaded for loaded in documented() if wanted in {"", loaded.rule.family}]
    if not chosen:
        loaded = find_rule(code or "")
        if output is RuleFormat.JSON:
            print_json({"schema": "cleanclaim.rule/1", **rule_text.as_json(loaded)})
        else:
            typer.echo(rule_text.whole(loaded, markdown=output is RuleFormat.MD), nl=False)
        return
    if output is RuleFormat.JSON:
        document: dict[str, Any] = {"schema": "cleanclaim.rules/1"}
        print_json({**document, "rules": [rule_text.as_json(loaded) for loaded in chosen]})
        return
    typer.echo(rule_text.listing(chosen, markdown=output is RuleFormat.MD), nl=False)

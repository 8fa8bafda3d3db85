"""``cleanclaim pair A B``: may two procedures be billed together?"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.options import (
    BookOption,
    FormatOption,
    KnownOnOption,
    TextOrJson,
    open_book,
    parse_date,
    print_json,
    terminal_width,
    today,
)
from cleanclaim.types import Setting

if TYPE_CHECKING:
    from cleanclaim.engine.pair import PairAnswer


def pair(
    code_a: Annotated[str, typer.Argument(metavar="A", help="A procedure code.")],
    code_b: Annotated[str, typer.Argument(metavar="B", help="Another procedure code.")],
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="Service date. Default: today.")] = None,
    setting: Annotated[
        str, typer.Option("--setting", metavar="SETTING", help="practitioner or outpatient.")
    ] = "practitioner",
    modifiers_a: Annotated[
        str, typer.Option("--modifiers-a", metavar="MODIFIERS", help="Modifiers on A, comma-separated.")
    ] = "",
    modifiers_b: Annotated[
        str, typer.Option("--modifiers-b", metavar="MODIFIERS", help="Modifiers on B, comma-separated.")
    ] = "",
    book: BookOption = None,
    known_on: KnownOnOption = None,
    output: FormatOption = TextOrJson.TEXT,
) -> None:
    """Say whether Medicare's procedure-to-procedure edits bundle two codes on a day."""
    from cleanclaim.engine.pair import pair as ask_pair
    from cleanclaim.render import jsonable

    try:
        chosen = Setting(setting.lower())
    except ValueError as error:
        raise InputError(f"--setting {setting!r}: choose practitioner or outpatient.") from error
    answer = ask_pair(
        open_book(book),
        code_a,
        code_b,
        parse_date(date, "--date") or today(),
        setting=chosen,
        modifiers_a=_modifiers(modifiers_a),
        modifiers_b=_modifiers(modifiers_b),
        known_on=parse_date(known_on, "--known-on"),
    )
    if output is TextOrJson.JSON:
        print_json(jsonable.pair(answer))
    else:
        _print(answer, terminal_width())


def _modifiers(text: str) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in text.replace(":", ",").split(",") if part.strip())


def _print(answer: PairAnswer, width: int) -> None:
    from cleanclaim.render.rows import citation_text

    if answer.modifier_indicator is None:
        head = f"{answer.column_one} with {answer.column_two}"
    else:
        head = f"Column One {answer.column_one}, Column Two {answer.column_two}"
    typer.echo(f"{answer.verdict.replace('_', ' ')}: {head}, {answer.setting}, {answer.date}")
    lines = textwrap.wrap(answer.explanation, width)
    for cited in answer.citations:
        lines += textwrap.wrap(citation_text(cited), width, initial_indent="  ", subsequent_indent="    ")
    typer.echo("\n".join(lines))

"""The command line: a thin door over the engine and the book.

Exit codes: 0 nothing to report at the asked severity; 1 findings; 2 the call or its input is unusable;
3 an internal error.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import Path
from typing import Final, TextIO

import typer

from cleanclaim.errors import BookError, FetchError, InputError, PluginError
from cleanclaim.interfaces.cli import ask, audit, check, code, data, impact, pair, policy, price, rule, site

EXIT_UNUSABLE: Final = 2
EXIT_INTERNAL: Final = 3
_INTERRUPTED: Final = 130
"""With which Typer ends, without a word, on Ctrl-C."""

app = typer.Typer(
    name="cleanclaim",
    help="Checks US medical claims before the payer does, and says which published edit stands behind every word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check", short_help="Check claims against the published edits.")(check.check)
app.command("pair", short_help="Say whether Medicare's edits bundle two codes on a day.")(pair.pair)
app.command("code", short_help="Say what is published of a code.")(code.code)
app.command("price", short_help="Say what Medicare allows for services.")(price.price)
app.command("ask", short_help="Answer a question about codes.")(ask.ask)
app.command("audit", short_help="Hold the statements of a page against the book.")(audit.audit)
app.command("impact", short_help="Say what a new release changes on your claims.")(impact.impact)
app.command("rule", short_help="List the rules, or print one.")(rule.rule)
app.add_typer(data.app, name="data")
app.add_typer(policy.app, name="policy")
app.add_typer(site.app, name="site")


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True),
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"cleanclaim {installed('cleanclaim')}")
        raise typer.Exit


def run() -> None:
    """The console script: errors become one clear message and the contract's exit code."""
    _stand_in_for_closed()
    output = sys.stdout
    if isinstance(output, io.TextIOWrapper):
        output.reconfigure(errors="replace")  # a letter this output cannot show must not end the run
    try:
        app()
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            typer.echo("cleanclaim: stopped by Ctrl-C before it was done.", err=True)
            sys.exit(EXIT_UNUSABLE)
        if sys.stdout is not output:
            # Typer puts another there when the reader of our output went away (`| head`), and exits with 1, which
            # to us means findings.
            sys.exit(0)
        raise
    except (InputError, BookError, FetchError, PluginError) as error:
        typer.echo(f"cleanclaim: {error}", err=True)
        sys.exit(EXIT_UNUSABLE)
    except OSError as error:  # a full disk, an output that was closed: the machine's, and no bug of ours
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"cleanclaim: {where}{(error.strerror or type(error).__name__).lower()}.", err=True)
        _give_up_on(output)
        sys.exit(EXIT_UNUSABLE)
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is becomes exit code 3
        typer.echo(_internal(error), err=True)
        sys.exit(EXIT_INTERNAL)


def _stand_in_for_closed() -> None:
    """Nothing in place of a standard stream that was closed (``<&-``), where Python has None, which nobody expects."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - as long as the program runs
            setattr(sys, name, stream)


def _give_up_on(output: TextIO) -> None:
    """Let nothing more be written where writing failed: Python tries again on leaving, and exits with 120."""
    try:
        output.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())


def _internal(error: Exception) -> str:
    """Where it happened, never what was in hand: an exception's own text may quote a claim."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return (
        f"cleanclaim: internal error ({type(error).__name__} at {places}). This is a bug. Please report this line "
        "and the command; it holds no patient data. Do not attach the claims file."
    )


if __name__ == "__main__":
    run()

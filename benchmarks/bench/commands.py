"""Whole commands as a person runs them: the files they read, what they took, and what ``--stats`` tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.claims837 import Mix, write_claims
from bench.measure import child
from bench.row import Context
from bench.watch import Taken, watched

from cleanclaim.claims.readers import x12_columns

COMMAND: Final = ("-m", "cleanclaim.interfaces.cli.main")
FINDINGS: Final = (0, 1)
"""Exit codes of a run that did its work: nothing found, something found."""
JOBS: Final = "2"
_COMPILE: Final = """
from cleanclaim.claims.readers.x12_columns import read_parts
content = open(sys.argv[1], "rb").read()
print(json.dumps({"claims": sum(len(part.table) for part in read_parts(content, "few.837", worth_compiling=0))}))
"""

Command = tuple[Sequence[str], Mapping[str, str]]
"""Options and environment."""


def file837(context: Context, count: int, mix: Mix | None = None) -> Path:
    """A file of so many claims, made when first asked for."""
    mix = mix or context.mix
    path = context.books.folder / f"{mix}-{count}.837"
    if not path.is_file():
        with path.open("wb") as out:
            write_claims(out, context.books.whole(), count, mix=mix)
    return path


def commands_in_turn(
    context: Context, path: Path, commands: Mapping[str, Command], rounds: int
) -> dict[str, list[Taken]]:
    """Each command in turn; one round on a few claims comes before, which writes the byte code and the compiled one."""
    few = file837(context, 12)
    for name, (options, environment) in () if context.tiny else commands.items():
        check(context, few, name, options, environment)
    compile_reader(context)
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (options, environment) in commands.items():
            taken[name].append(check(context, path, name, options, environment))
    return taken


def compile_reader(context: Context) -> None:
    """Have the compiled reader kept where commands find it, as it is after the first large file."""
    if x12_columns.available() and not context.tiny:
        child(_COMPILE, context.books.environment(), str(file837(context, 1, Mix.HARD)))


def check(context: Context, path: Path, name: str, options: Sequence[str], environment: Mapping[str, str]) -> Taken:
    """Check a file on the command line; the findings are in :func:`report_of` the name."""
    stats = ("--stats",) if "--jobs" in options else ()
    out = str(report_of(context, name))
    return watched(
        (*COMMAND, "check", str(path), "--format", "parquet", "--output", out, *options, *stats), environment, FINDINGS
    )


def report_of(context: Context, name: str) -> Path:
    """Where the findings of a command are written."""
    return context.books.folder / f"{name}.findings.parquet"


def phases(taken: Sequence[Taken]) -> dict[str, list[float]]:
    """Seconds of each phase that --stats told, run by run."""
    found: dict[str, list[float]] = {}
    for one in taken:
        for name, seconds in re.findall(r"(\w+) ([\d,.]+) s\b", one.said):
            found.setdefault(name, []).append(float(seconds.replace(",", "")))
    return found

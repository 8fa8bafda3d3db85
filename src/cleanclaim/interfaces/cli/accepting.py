"""``--suppressions``, ``--baseline`` and ``--write-baseline``: findings that someone accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleanclaim.types import Date, Reported

if TYPE_CHECKING:  # loaded only by a run that has them
    from cleanclaim.engine.baseline import Baseline
    from cleanclaim.engine.suppress import Suppressions
    from cleanclaim.rules.model import LoadedRule

SuppressionsOption = Annotated[
    list[Path] | None,
    typer.Option("--suppressions", metavar="FILE", help="Findings to set aside, with reasons (YAML or TOML)."),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="Report only findings that this baseline does not hold."),
]
WriteBaselineOption = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="Accept the findings of this run, and exit with 0."),
]


@dataclass(frozen=True, slots=True)
class Accepting:
    """What a run accepts."""

    suppressions: Suppressions | None
    baseline: Baseline | None


def read(suppressions: Sequence[Path], baseline: Path | None, today: Date) -> Accepting:
    """The suppressions and the baseline named. Raises InputError when one cannot be used."""
    of_files: Suppressions | None = None
    accepted: Baseline | None = None
    if suppressions:
        from cleanclaim.engine.suppress import read_suppressions

        of_files = read_suppressions(suppressions, today)
    if baseline is not None:
        from cleanclaim.engine.baseline import read_baseline

        accepted = read_baseline(baseline)
    return Accepting(of_files, accepted)


def baseline_of(report: Reported, previous: Baseline | None, today: Date, rules: Iterable[LoadedRule]) -> str:
    """The text of the baseline that accepts the findings of a report, which ``rules`` made."""
    from importlib.metadata import version

    from cleanclaim.engine.baseline import write_baseline

    applied = frozenset(loaded.rule.code for loaded in rules)
    return write_baseline(report, today, f"cleanclaim {version('cleanclaim')}", previous, applied)

"""``--fix`` and ``--fixed``: the input files with changes made in them, written beside what they came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cleanclaim.errors import InputError
from cleanclaim.types import Report

if TYPE_CHECKING:  # loaded only by a run that checks
    from cleanclaim.engine.files import FileCheck
    from cleanclaim.engine.fix.files import FixedFile

Write = Callable[[Path, bytes], None]


def asked_for(*, fix: bool, unsafe: bool, fixed: Path | None) -> Path | None:
    """Where to write the fixed files; None when nothing is to be fixed. Raises InputError for half a request."""
    if not fix:
        if fixed is not None or unsafe:
            raise InputError("--fixed and --unsafe-fixes say how to fix: give --fix with them.")
        return None
    if fixed is None:
        raise InputError("--fix needs --fixed FILE: the fixed claims are written there, never over the input.")
    return fixed


def write_fixed(
    outcome: FileCheck, target: Path, write: Write, *, unsafe: bool, forced: str | None
) -> tuple[Report, str]:
    """Write the fixed files; the report with what was changed in its notes, and a summary of one line.

    Raises InputError, before anything is written, when a file is no X12 837 or would be written over an input.
    """
    from cleanclaim.engine.fix.files import fix_files
    from cleanclaim.engine.fix.plan import told

    report = outcome.report
    files, plan = fix_files(outcome.sources, outcome.claims, report.findings, unsafe=unsafe, forced=forced)
    places = _places(files, target)
    inputs = {Path(name.source.split("!")[0]).resolve() for name in files}
    for place in places:
        if place.resolve() in inputs:
            raise InputError(f"{place}: that is an input file. Name another: the claims as they came are kept.")
    if _is_folder(files, target):
        target.mkdir(exist_ok=True)
    for place, file in zip(places, files, strict=True):
        write(place, file.content)
    changes = sum(len(made.changes) for entry in plan.claims for made in entry.made)
    summary = (
        f"{changes:,} changes on {len(plan.claims):,} claims written to {target}; "
        f"{len(plan.left) + plan.for_review:,} findings with changes left. The report's notes tell each."
    )
    return replace(report, notes=(*report.notes, *told(plan))), summary


def _is_folder(files: Sequence[FixedFile], target: Path) -> bool:
    return len(files) != 1 or target.is_dir()


def _places(files: Sequence[FixedFile], target: Path) -> list[Path]:
    """Where each file is written: ``target`` itself, or under its own name in the folder ``target``."""
    if not _is_folder(files, target):
        return [target]
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: there are {len(files)} input files, so --fixed must name a folder.")
    names = [file.source.replace("!", "/").rsplit("/", 1)[-1].removesuffix(".gz") for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"Two input files are called {twice}: fix them in two runs, into two folders.")
    return [target / name for name in names]

"""``--fix`` and ``--fixed``: the input files with changes made in them, written beside what they came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.outputs import FIXED, Guard
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
    outcome: FileCheck, target: Path, write: Write, guard: Guard, *, unsafe: bool, forced: str | None
) -> tuple[Report, str]:
    """Write the fixed files; the report with what was changed in its notes, and a summary of one line.

    Inputs of other formats than X12 837 are left as they are, which the notes say. Raises InputError, before anything
    is written, when no input is an X12 837, or a file would be written over one that ``guard`` keeps.
    """
    from cleanclaim.engine.fix.files import fix_files
    from cleanclaim.engine.fix.plan import told
    from cleanclaim.render.dollars import many

    report = outcome.report
    made = fix_files(outcome.sources, outcome.claims, report.findings, unsafe=unsafe, forced=forced)
    plan, into_folder = made.plan, len(made.files) + len(made.others) != 1 or target.is_dir()
    places = _places(made.files, target) if into_folder else [target]
    for place in places if into_folder else ():
        guard.add(FIXED, place)
    if into_folder:
        target.mkdir(exist_ok=True)
    for place, file in zip(places, made.files, strict=True):
        write(place, file.content)
    changes = sum(len(made.changes) for entry in plan.claims for made in entry.made)
    summary = (
        f"{many(changes, 'change')} on {many(len(plan.claims), 'claim')} written to {target}; "
        f"{many(len(plan.left) + plan.for_review, 'finding')} with changes left. The report's notes tell each."
    )
    notes = [*report.notes, *told(plan)]
    if made.others:
        summary += f" Inputs that are no X12 837, and left as they are: {len(made.others):,}."
        notes += [f"Not fixed: {name}: fixes are written into X12 837 files only." for name in made.others]
    return replace(report, notes=tuple(notes)), summary


def _places(files: Sequence[FixedFile], target: Path) -> list[Path]:
    """Where each file is written: under its own name in the folder ``target``."""
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: there are several input files, so --fixed must name a folder.")
    names = [file.source.replace("!", "/").rsplit("/", 1)[-1].removesuffix(".gz") for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"Two input files are called {twice}: fix them in two runs, into two folders.")
    return [target / name for name in names]

"""The figures that are kept, as a page to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.measure import Spread


def page(document: Mapping[str, Any]) -> str:
    """The results file in Markdown, row by row."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    machine = document["machine"]
    yield "<!-- Made by benchmarks/run.py from latest.json; run `make bench` again instead of editing. -->"
    yield ""
    yield "# Figures of the run kept"
    yield ""
    yield (
        f"{machine['cores']} cores, {machine['architecture']}, {machine['system']}, Python {machine['python']}, "
        "shared with other programs: the load is the mean of the minute before each row and of its last. "
        "Median (least .. greatest)."
    )
    for name, row in document["rows"].items():
        yield ""
        yield f"## {name}"
        yield ""
        before, after = row["load"]
        when = f"{row['measured']}, " if "measured" in row else ""
        yield f"{when}{row['rules']} rules, load {before:.1f} to {after:.1f}; the book: {row['book']}."
        if row["skipped"]:
            yield f"Did not run: {row['skipped']}."
            continue
        yield ""
        yield "| what | figure | target | |"
        yield "|---|---|---|---|"
        for figure in row["figures"]:
            yield f"| {figure['what']} | {Spread(**figure['value'])} | {_target(figure)} | {figure['verdict']} |"
        yield ""
        yield from (f"- {note}" for note in row["notes"])


def _target(figure: Mapping[str, Any]) -> str:
    if figure["at_most"] is not None:
        return f"at most {figure['at_most']:g}"
    return "" if figure["at_least"] is None else f"at least {figure['at_least']:,g}"

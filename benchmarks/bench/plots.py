"""Plots of the figures that are kept, as SVG; needs matplotlib (the extra ``bench``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Plot:
    """Figures of one row against a number in their names; ``pattern`` finds it, in names such as ``10,000 claims``."""

    name: str
    row: str
    title: str
    across: str
    up: str
    pattern: str


PLOTS: Final = (
    Plot("time", "any-size", "837P to findings, two processes", "claims", "s", r"([\d,]+) claims"),
    Plot(
        "memory",
        "any-size",
        "Memory of all processes together",
        "claims",
        "MB",
        r"([\d,]+) claims, peak memory of all processes",
    ),
    Plot("batch", "batch", "One claim in a batch in memory", "claims", "us a claim", r"([\d,]+) claims"),
    Plot("lines-per-day", "lines-per-day", "One line of a day", "lines a day", "us a line", r"(\d+) lines a day"),
    Plot("table-size", "table-size", "The same claims against a larger book", "rows", "us a claim", r"([\d,]+) rows"),
)


def draw(rows: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw what the rows have figures for, and give the files written. Raises ImportError without matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415 - drawing only

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "cleanclaim"  # the same figures give the same file
    drawn = []
    for plot in PLOTS:
        points = _points(plot, rows.get(plot.row, {}).get("figures", []))
        if len(points) > 1:
            drawn.append(_drawn(plot, points, folder))
    missed = _ratios(rows)
    if missed:
        drawn.append(_targets(missed, folder))
    return drawn


def _points(plot: Plot, figures: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    found = []
    for figure in figures:
        match = re.fullmatch(plot.pattern, figure["what"])
        if match is not None and figure["value"]["unit"] == plot.up:
            found.append((int(match[1].replace(",", "")), figure["value"]))
    return sorted(found, key=lambda point: point[0])


def _drawn(plot: Plot, points: Sequence[tuple[int, Mapping[str, Any]]], folder: Path) -> Path:
    import matplotlib.pyplot as plt  # noqa: PLC0415 - drawing only

    figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
    across = [at for at, _ in points]
    middle = [value["median"] for _, value in points]
    below = [value["median"] - value["low"] for _, value in points]
    above = [value["high"] - value["median"] for _, value in points]
    axes.errorbar(across, middle, yerr=(below, above), marker="o", capsize=3)
    axes.set(xscale="log", yscale="log" if plot.name == "time" else "linear", title=plot.title, xlabel=plot.across)
    axes.set_ylabel(plot.up)
    axes.set_ylim(bottom=None if plot.name == "time" else 0)
    axes.grid(visible=True, which="major", alpha=0.3)
    return _saved(figure, folder / f"{plot.name}.svg")


def _ratios(rows: Mapping[str, Any]) -> list[tuple[str, float, bool]]:
    """Every figure with a target: how many times better than asked it is."""
    found = []
    for name, row in rows.items():
        for figure in row.get("figures", []):
            median = figure["value"]["median"]
            if figure["at_most"] is not None and median > 0:
                found.append((f"{name}: {figure['what']}", figure["at_most"] / median, figure["verdict"] == "met"))
            elif figure["at_least"] is not None:
                found.append((f"{name}: {figure['what']}", median / figure["at_least"], figure["verdict"] == "met"))
    return found


def _targets(found: Sequence[tuple[str, float, bool]], folder: Path) -> Path:
    import matplotlib.pyplot as plt  # noqa: PLC0415 - drawing only

    figure, axes = plt.subplots(figsize=(9, 1 + 0.28 * len(found)), layout="constrained")
    names = [name[:90] for name, _, _ in found][::-1]
    values = [value for _, value, _ in found][::-1]
    colours = ["#2a7f4f" if met else "#b5442e" for _, _, met in found][::-1]
    axes.barh(range(len(names)), values, color=colours)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set(xscale="log", title="Targets: times better than asked (left of 1: missed)")
    axes.axvline(1, color="black", linewidth=0.8)
    return _saved(figure, folder / "targets.svg")


def _saved(figure: Any, path: Path) -> Path:
    import matplotlib.pyplot as plt  # noqa: PLC0415 - drawing only

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
    return path

"""Rows measured from outside, as a person meets them: whole processes, cold."""

from __future__ import annotations

import re
from typing import Final

from bench.books import PTP_PRACTITIONER, without_published
from bench.claims837 import Mix
from bench.commands import COMMAND, FINDINGS, file837
from bench.measure import RowResult, child, cold, ratios, run_python
from bench.row import Context

_HEAVY: Final = frozenset({"numba", "numpy", "pandas", "polars", "pyarrow"})


def small_file(context: Context) -> RowResult:
    """A file of twelve claims on the command line, from starting the process to its end."""
    return _commands(context, {"check": ("check", str(file837(context, 12, Mix.HARD)))}, seconds=0.6)


def questions(context: Context) -> RowResult:
    """``code`` and ``pair``, each in a process of its own."""
    arguments = {
        "code": ("code", "43214", "--date", "2026-07-01"),
        "pair": ("pair", "43214", "74360", "--date", "2026-07-01"),
    }
    return _commands(context, arguments, seconds=0.35)


def _commands(context: Context, commands: dict[str, tuple[str, ...]], seconds: float) -> RowResult:
    environment = context.books.environment()
    result = RowResult()
    for name, arguments in commands.items():
        whole = (*COMMAND, *arguments)
        run_python(whole, environment, FINDINGS)  # writes the byte code
        bare, ours = [], []
        for _ in range(context.size.cold_starts):
            bare.append(cold(("-c", "pass"), environment))
            ours.append(cold(whole, environment, FINDINGS))
        result.add(f"{name}, cold", [one.clock for one in ours], "s", at_most=seconds)
        result.add(f"{name}, cold, processor time", [one.processor for one in ours], "s")
        against = ratios([one.processor for one in ours], [one.processor for one in bare])
        result.add(f"{name}, against an interpreter that does nothing", against, "times")
        heavy = sorted(_imported(whole, environment) & _HEAVY)
        result.notes.append(f"{name} imports {', '.join(heavy) if heavy else 'no compiler and no array library'}")
    return result


def _imported(arguments: tuple[str, ...], environment: dict[str, str]) -> set[str]:
    """The top-level modules a command imports, as ``-X importtime`` tells."""
    told = run_python(("-X", "importtime", *arguments), environment, FINDINGS).stderr
    return {name.split(".")[0] for name in re.findall(r"^import time:.*\|\s*(\S+)$", told, re.MULTILINE)}


_OPEN = """
from cleanclaim.index.lookup import OpenBook
import datetime, pathlib
begun = time.perf_counter()
book = OpenBook.open()
seconds = time.perf_counter() - begun
opened = memory()["resident"]
day = book.as_of(datetime.date(2026, 7, 15))
codes = pathlib.Path(sys.argv[1]).read_text().split()
def ask(codes):
    for at, one in enumerate(codes):
        day.fee_schedule(one)
        day.mue("practitioner", one)
        day.ptp("practitioner", one, codes[at * 7919 % len(codes)])
    return memory()["resident"]
used = ask(sorted(set(codes)))
print(json.dumps({"seconds": seconds, "opened": opened, "used": used, "filled": ask(codes)}))
"""

_DICTIONARY = """
from cleanclaim.book.store import BookStore
begun = time.perf_counter()
store = BookStore.locate()
edits = {}
for release in store.releases():
    if release.source == "ncci-ptp-practitioner":
        table = store.table(release)
        names = ("column_one", "column_two", "modifier_indicator", "valid_to")
        for one, two, indicator, until in zip(*(table.column(name).to_pylist() for name in names)):
            edits.setdefault((one, two), []).append((indicator, until))
print(json.dumps({"seconds": time.perf_counter() - begun, "resident": memory()["resident"]}))
"""


def open_book(context: Context) -> RowResult:
    """Opening the book, and what it takes of memory before and after answering about every code once."""
    environment = context.books.environment()
    codes = context.books.folder / "codes.txt"
    codes.write_text("\n".join(claim_line.hcpcs for claim in context.batch for claim_line in claim.lines))
    opened = [child(_OPEN, environment, str(codes)) for _ in range(min(5, context.size.cold_starts))]
    built = child(_DICTIONARY, environment)
    result = RowResult(notes=[f"the book: {context.books.name}; codes: those of the largest batch"])
    seconds = [entry["seconds"] for entry in opened]
    result.add("open", [1000 * value for value in seconds], "ms", at_most=20)
    result.add("building a dictionary of the PTP table, against opening", [built["seconds"] / s for s in seconds], "x")
    if opened[0]["used"] is None:
        result.notes.append("memory: this system does not tell it in /proc")
        return result
    result.add("resident, opened", [entry["opened"] for entry in opened], "MB", at_most=150)
    result.add("resident, after a question on every code", [entry["used"] for entry in opened], "MB", at_most=150)
    result.add("resident, after as many pairs as the largest batch has lines", [e["filled"] for e in opened], "MB")
    result.add("resident, the dictionary of the PTP table", [built["resident"]], "MB")
    return result


_LOAD = """
from pathlib import Path
from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
begun = time.perf_counter()
(done,) = load_paths(BookStore.locate(sys.argv[2]), [Path(sys.argv[1])])
print(json.dumps({"seconds": time.perf_counter() - begun, "peak": memory()["peak"], "rows": done.rows_in}))
"""

_READ_ONLY = """
import csv, gzip
begun = time.perf_counter()
with gzip.open(sys.argv[1], "rt", newline="") as file:
    rows = sum(1 for _ in csv.reader(file))
print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows}))
"""


def load_ptp(context: Context) -> RowResult:
    """The whole PTP practitioner release from the published file into the book, checked and written."""
    missing = without_published() or ("" if context.books.published else "the whole table is not loaded in a tiny run")
    if missing:
        return RowResult(skipped=missing)
    environment = context.books.environment()
    loads, reads = [], []
    for number in range(min(3, context.size.rounds)):
        place = str(context.books.folder / f"load{number}")
        loads.append(child(_LOAD, environment, str(PTP_PRACTITIONER), place))
        reads.append(child(_READ_ONLY, environment, str(PTP_PRACTITIONER)))
    seconds = [entry["seconds"] for entry in loads]
    result = RowResult(notes=[f"{loads[0]['rows']:,} rows"])
    result.add("load", seconds, "s", at_most=20)
    result.add("load, against csv.reader through the file", ratios(seconds, [e["seconds"] for e in reads]), "times")
    if loads[0]["peak"] is not None:
        result.add("peak memory", [entry["peak"] for entry in loads], "MB", at_most=1500)
    return result

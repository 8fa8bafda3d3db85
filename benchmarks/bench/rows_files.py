"""Rows on whole files: from a file of claims to a file of findings, as the command does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.before import COMMIT, rules_before, source_before
from bench.books import REPOSITORY
from bench.claims837 import write_claims
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context, claims_of
from bench.warehouse import write_parquet
from bench.watch import Taken, watched

_COMMAND: Final = ("-m", "cleanclaim.interfaces.cli.main", "check")
_FINDINGS: Final = (0, 1)
"""Exit codes of a run that did its work: nothing found, something found."""
_JOBS: Final = "2"


def parquet(context: Context) -> RowResult:
    """Parquet to findings in Parquet, against the engine before this work, in processes in turn."""
    try:
        # A tiny run tries the row out: the engine as it was would have to make an index of its own.
        before = REPOSITORY / "src" if context.tiny else source_before(context.books.folder)
    except LookupError as error:
        return RowResult(skipped=str(error))
    rules = rules_before(before)
    environment = context.books.environment()
    count = context.size.file_claims
    path = context.books.folder / "claims.parquet"
    claims = claims_of(_file837(context, count).read_bytes())
    write_parquet(claims, path)
    select = ("--select", ",".join(rules))
    commands = {
        "before": ((), environment | {"PYTHONPATH": str(before)}),
        "same rules": ((*select, "--jobs", "1"), environment),
        "every rule": (("--jobs", "1"), environment),
        "two": (("--jobs", _JOBS), environment),
    }
    taken = _in_turn(context, path, commands, context.size.file_rounds)
    clock = {name: [one.clock for one in many] for name, many in taken.items()}
    spent = {name: [one.processor for one in many] for name, many in taken.items()}
    result = RowResult(
        notes=[
            f"{len(claims):,} claims ({context.mix}); whole commands, starting and writing included",
            f"baseline: the product as it was ({COMMIT}), its {len(rules)} rules interpreted one by one, one process",
        ]
    )
    result.add("before, one process", [len(claims) / value for value in clock["before"]], "claims/s")
    result.add("every rule, one process", [len(claims) / value for value in clock["every rule"]], "claims/s")
    result.add(f"every rule, {_JOBS} processes", [len(claims) / value for value in clock["two"]], "claims/s")
    result.add(
        f"every rule in {_JOBS} processes, against before, by the clock",
        ratios(clock["before"], clock["two"]),
        "times as fast",
        at_least=40,
    )
    result.add(
        "the same rules, one process, against before, processor time",
        ratios(spent["before"], spent["same rules"]),
        "times as fast",
    )
    ours, theirs = (_findings(context.books.folder / f"{name}.findings.parquet") for name in ("same rules", "before"))
    if either := (ours | theirs).total():
        both = 100 * (ours & theirs).total() / either
        result.add("findings both have, of those either has (the same rules)", [both], "%")
    return result


def end_to_end(context: Context) -> RowResult:
    """An 837P file to findings in Parquet, on two cores."""
    path = _file837(context, context.size.file_claims)
    environment = context.books.environment()
    commands = {"one": (("--jobs", "1"), environment), "two": (("--jobs", _JOBS), environment)}
    taken = _in_turn(context, path, commands, context.size.file_rounds)
    count = context.size.file_claims
    megabytes = path.stat().st_size / 1e6
    result = RowResult(notes=[f"{count:,} claims ({context.mix}), {megabytes:.1f} MB; the whole command, by the clock"])
    for name, many in taken.items():
        result.add(
            f"--jobs {_JOBS if name == 'two' else 1}",
            [count / one.clock for one in many],
            "claims/s",
            at_least=400_000 if name == "two" else None,
        )
    clock = {name: [one.clock for one in many] for name, many in taken.items()}
    result.add(f"--jobs {_JOBS}, against one", ratios(clock["one"], clock["two"]), "times as fast")
    content = path.read_bytes()
    copied = in_turn({"copy": lambda: bytearray(content)}, context.size.file_rounds)["copy"]
    read = [megabytes / one.clock for one in taken["two"]]
    result.add(f"--jobs {_JOBS}, of the file", read, "MB/s")
    result.add("copying the file in memory", [megabytes / seconds for seconds in copied], "MB/s")
    result.notes += _phases(taken["two"][-1].said)
    return result


def first_batch(context: Context) -> RowResult:
    """A large batch on a machine where nothing is cached yet, and the same again."""
    path = _file837(context, context.size.file_claims)
    first: list[Taken] = []
    again: list[Taken] = []
    for turn in range(min(2, context.size.file_rounds)):
        fresh = context.books.folder / f"fresh{turn}"
        environment = context.books.environment() | {
            "PYTHONPYCACHEPREFIX": str(fresh / "bytecode"),
            "NUMBA_CACHE_DIR": str(fresh / "compiled"),
            **({} if context.tiny else {"XDG_CACHE_HOME": str(fresh / "cache")}),
        }
        for runs in (first, again):
            runs.append(_check(context, path, "fresh", ("--jobs", _JOBS), environment))
    result = RowResult(notes=[f"{context.size.file_claims:,} claims; no byte code, no compiled code, no cache of ours"])
    result.add("first time", [one.clock for one in first], "s")
    result.add("second time", [one.clock for one in again], "s")
    paid = [one.clock - two.clock for one, two in zip(first, again, strict=True)]
    result.add("what is paid once", paid, "s", at_most=20)
    return result


def any_size(context: Context) -> RowResult:
    """Memory and time of files of growing size, constant memory and linear time wanted."""
    environment = context.books.environment()
    result = RowResult(notes=[f"837P ({context.mix}) to findings in Parquet, --jobs {_JOBS}, each size once"])
    sizes = [size for size in context.size.curve if size <= context.most]
    if len(sizes) < len(context.size.curve):
        result.notes.append(f"sizes above {context.most:,} claims only with --most")
    taken: dict[int, Taken] = {}
    for size in sizes:
        path = _file837(context, size)
        taken[size] = _check(context, path, "any", ("--jobs", _JOBS), environment)
        if size > context.size.file_claims:
            path.unlink()
        result.add(f"{size:,} claims", [taken[size].clock], "s")
        if taken[size].megabytes is not None:
            result.add(f"{size:,} claims, peak memory of all processes", [taken[size].megabytes or 0.0], "MB")
    if len(sizes) > 1:
        _grown(result, taken, *sizes[-2:])
    return result


def _grown(result: RowResult, taken: Mapping[int, Taken], less: int, more: int) -> None:
    small, large = taken[less].megabytes, taken[more].megabytes
    if small and large:
        result.add(
            f"memory of {more:,} claims, against {less:,}",
            [large / small],
            "times (1.5 for ten times the claims)",
            at_most=1.5,
        )
    per_claim = [taken[size].clock / size for size in (more, less)]
    growth = per_claim[0] / per_claim[1]
    result.add(f"time of a claim among {more:,}, against {less:,}", [growth], "times", at_most=1.25)


def _file837(context: Context, count: int) -> Path:
    path = context.books.folder / f"{context.mix}-{count}.837"
    if not path.is_file():
        with path.open("wb") as out:
            write_claims(out, context.books.whole(), count, mix=context.mix)
    return path


def _in_turn(
    context: Context, path: Path, commands: Mapping[str, tuple[Sequence[str], Mapping[str, str]]], rounds: int
) -> dict[str, list[Taken]]:
    """Each command in turn; one round on a few claims comes before, which writes the byte code."""
    few = _file837(context, 12)
    for name, (options, environment) in () if context.tiny else commands.items():
        _check(context, few, name, options, environment)
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (options, environment) in commands.items():
            taken[name].append(_check(context, path, name, options, environment))
    return taken


def _check(context: Context, path: Path, name: str, options: Sequence[str], environment: Mapping[str, str]) -> Taken:
    out = context.books.folder / f"{name}.findings.parquet"
    stats = ("--stats",) if "--jobs" in options else ()
    return watched(
        (*_COMMAND, str(path), "--format", "parquet", "--output", str(out), *options, *stats), environment, _FINDINGS
    )


def _phases(said: str) -> list[str]:
    """What --stats told."""
    return [line.removeprefix("cleanclaim: ") for line in said.splitlines() if "claims/s" in line or "memory" in line]


def _findings(path: Path) -> Counter[tuple[object, ...]]:
    """The findings of a report: rule, severity, claim, line and message."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only rows on Parquet need it

    rows = pq.read_table(path).to_pylist()
    return Counter(
        (row["rule"], row["severity"], row["claim"], row["line"], row["message"])
        for row in rows
        if row["kind"] == "finding"
    )

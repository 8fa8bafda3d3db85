"""Rows on whole files: from a file of claims to a file of findings, as the command does it."""

from __future__ import annotations

from collections.abc import Mapping

from bench.claims837 import Mix
from bench.commands import JOBS, Command, check, commands_in_turn, file837, phases
from bench.measure import RowResult, in_turn, ratios
from bench.row import Context
from bench.watch import Taken

_OTHER_ROUNDS = 3


def end_to_end(context: Context) -> RowResult:
    """An 837P file to findings in Parquet, on one core and two."""
    result = RowResult()
    for mix in dict.fromkeys((context.mix, Mix.VARIED)):
        _end_to_end(result, context, mix)
    content = file837(context, context.size.whole_claims).read_bytes()
    copied = in_turn({"copy": lambda: bytearray(content)}, context.size.file_rounds)["copy"]
    result.add("copying the file in memory", [len(content) / 1e6 / seconds for seconds in copied], "MB/s")
    return result


def _end_to_end(result: RowResult, context: Context, mix: Mix) -> None:
    main, count, environment = mix is context.mix, context.size.whole_claims, context.books.environment()
    path = file837(context, count, mix)
    commands: dict[str, Command] = {jobs: (("--jobs", jobs), environment) for jobs in ("1", JOBS)}
    rounds = context.size.file_rounds if main else min(_OTHER_ROUNDS, context.size.file_rounds)
    taken = commands_in_turn(context, path, commands, rounds)
    megabytes = path.stat().st_size / 1e6
    result.notes.append(f"{count:,} claims ({mix}), {megabytes:.1f} MB; the whole command, by the clock")
    of = "" if main else f" ({mix})"
    for jobs, many in taken.items():
        target = 400_000 if main and jobs == JOBS else None
        result.add(f"--jobs {jobs}{of}", [count / one.clock for one in many], "claims/s", at_least=target)
        for phase, seconds in phases(many).items():
            result.add(f"--jobs {jobs}, {phase}{of}", seconds, "s")
    clock = {jobs: [one.clock for one in many] for jobs, many in taken.items()}
    result.add(f"--jobs {JOBS}, against one{of}", ratios(clock["1"], clock[JOBS]), "times as fast")
    result.add(f"--jobs {JOBS}, of the file{of}", [megabytes / seconds for seconds in clock[JOBS]], "MB/s")


def first_batch(context: Context) -> RowResult:
    """Large batches on a machine where nothing is cached yet, and the same again."""
    result = RowResult(
        notes=["first: no byte code, no machine code, no cache of ours; each time in folders of its own"]
    )
    for count in dict.fromkeys((context.size.file_claims, context.size.whole_claims)):
        _first(result, context, count)
    return result


def _first(result: RowResult, context: Context, count: int) -> None:
    path, compiled = file837(context, count), 0
    first: list[Taken] = []
    again: list[Taken] = []
    for turn in range(min(2, context.size.file_rounds)):
        fresh = context.books.folder / f"fresh{count}-{turn}"
        environment = context.books.environment() | {
            "PYTHONPYCACHEPREFIX": str(fresh / "bytecode"),
            **({} if context.tiny else {"XDG_CACHE_HOME": str(fresh / "cache")}),
        }
        for runs in (first, again):
            runs.append(check(context, path, "fresh", ("--jobs", JOBS), environment))
        compiled += any(fresh.rglob("reader-*.o"))
    of = f"{count:,} claims"
    result.add(f"{of}, first time", [one.clock for one in first], "s")
    result.add(f"{of}, second time", [one.clock for one in again], "s")
    paid = [one.clock - two.clock for one, two in zip(first, again, strict=True)]
    result.add(f"{of}, what is paid once", paid, "s", at_most=20)
    size = f"{path.stat().st_size / 1e6:.1f} MB"
    result.notes.append(f"{of}, {size}: the reader was {'compiled' if compiled else 'not compiled'}")


def any_size(context: Context) -> RowResult:
    """Memory and time of files of growing size, constant memory and linear time wanted."""
    environment = context.books.environment()
    result = RowResult(notes=[f"837P ({context.mix}) to findings in Parquet, --jobs {JOBS}, each size once"])
    sizes = [size for size in context.size.curve if size <= context.most]
    if len(sizes) < len(context.size.curve):
        result.notes.append(f"sizes above {context.most:,} claims only with --most")
    taken: dict[int, Taken] = {}
    for size in sizes:
        path = file837(context, size)
        taken[size] = check(context, path, "any", ("--jobs", JOBS), environment)
        if size > context.size.whole_claims:
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

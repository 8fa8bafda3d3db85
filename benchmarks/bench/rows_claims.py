"""Rows measured inside one process: claims read, and claims checked."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bench.claims837 import Mix, claims_file
from bench.commands import file837
from bench.dictionaries import RULES, Dictionaries
from bench.long_days import long_days
from bench.measure import RowResult, child, in_turn, ratios
from bench.row import Context, claims_of

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers import x12_columns
from cleanclaim.claims.readers.x12_837 import read
from cleanclaim.claims.readers.x12_columns import read_parts, read_table
from cleanclaim.engine.accept import Accepted
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.run import check_claims
from cleanclaim.engine.work import Work
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import all_rules, select_rules
from cleanclaim.types import Severity


def _micro(seconds: Sequence[float]) -> list[float]:
    return [1e6 * value for value in seconds]


def reader(context: Context) -> RowResult:
    """Both 837 readers on one thread, against cutting the same bytes into segments and elements."""
    content = claims_file(context.books.whole(), context.size.reader_claims)
    megabytes = len(content) / 1e6
    ways: dict[str, Callable[[], object]] = {
        "bytes.split": lambda: [segment.split(b"*") for segment in content.split(b"~")],
        "slow reader, to claims": lambda: list(read(content, "bench.837")),
    }
    result = RowResult(notes=[f"{megabytes:.1f} MB, {context.size.reader_claims:,} claims"])
    if x12_columns.available():
        compiled = partial(read_parts, content, "bench.837", worth_compiling=0)
        ways |= {
            "compiled reader, parts in reused memory": lambda: sum(len(part.table) for part in compiled(reused=True)),
            "compiled reader, one table": lambda: read_table(content, "bench.837", worth_compiling=0),
            "compiled reader, to claims": lambda: [item for part in compiled() for item in part.items()],
        }
        result.notes += _compiled_cold(context)
    else:
        result.notes.append("the compiled reader needs numba (the extra fast): not measured")
    seconds = in_turn(ways, context.size.rounds)
    for name, values in seconds.items():
        result.add(name, [megabytes / value for value in values], "MB/s")
    for name in [name for name in seconds if name != "bytes.split"]:
        against = ratios(seconds["bytes.split"], seconds[name])
        target = 30 if "reused" in name else None
        result.add(f"{name}, against bytes.split", against, "times as fast", at_least=target)
    return result


def _compiled_cold(context: Context) -> list[str]:
    """What the compiled reader costs a process before it reads, with nothing kept on disk and with the code kept."""
    code = (
        "from pathlib import Path\n"
        "begun = time.process_time()\n"
        "from cleanclaim.claims.readers.x12_columns import native\n"
        "native.folders = lambda: iter((Path(sys.argv[2]),))\n"
        "from cleanclaim.claims.readers.x12_columns.reader import TableReader\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "list(TableReader(content, 'bench.837').parts())\n"
        "print(json.dumps({'seconds': time.process_time() - begun}))"
    )
    file, environment = file837(context, 1, Mix.HARD), context.books.environment()
    notes = []
    if not context.tiny:  # compiling takes some seconds
        with tempfile.TemporaryDirectory() as kept:
            first, second = (child(code, environment, str(file), kept)["seconds"] for _ in range(2))
        notes.append(f"compiling the reader for the first time: {first:.1f} processor seconds, from disk {second:.1f}")
    return notes


def batch(context: Context) -> RowResult:
    """Claims in memory to findings, all rules, in batches of growing size."""
    book, sizes = context.books.whole(), context.size.batches
    middle = sizes[-2]
    dictionaries, same = Dictionaries.of(book), select_rules(RULES)
    few = context.batch[:middle]
    by_dictionaries = dictionaries.check(few)
    by_rules = {(f.rule[:3], f.claim, f.line) for f in check_claims(few, book, rules=same).findings}
    other = Mix.HARD if context.mix is Mix.EVERYDAY else Mix.EVERYDAY
    of_other = claims_of(claims_file(book, middle, mix=other))
    seconds = in_turn(
        {
            "every rule": lambda: check_claims(few, book),
            "other mix": lambda: check_claims(of_other, book),
            "the same rules": lambda: check_claims(few, book, rules=same),
            "dictionaries": lambda: dictionaries.check(few),
        },
        min(5, context.size.rounds),
    )
    result = RowResult(notes=[f"{len(all_rules())} rules, one process, one thread; the book: {context.books.name}"])
    result.add(
        f"every rule, {middle:,} claims ({context.mix})",
        [len(few) / value for value in seconds["every rule"]],
        "claims/s",
    )
    of_others = [len(of_other) / value for value in seconds["other mix"]]
    result.add(f"every rule, {middle:,} claims ({other})", of_others, "claims/s")
    for mix, claims in ((context.mix, few), (other, of_other)):
        result.notes.append(f"{mix}: {_outcome(claims, book)}")
    result.add(
        f"the same rules, {middle:,} claims",
        [len(few) / value for value in seconds["the same rules"]],
        "claims/s",
    )
    result.add("dictionaries", [len(few) / value for value in seconds["dictionaries"]], "claims/s")
    result.add(
        "the same rules, against dictionaries",
        ratios(seconds["the same rules"], seconds["dictionaries"]),
        "times the time",
    )
    alike = len(by_dictionaries & by_rules) / max(1, len(by_dictionaries | by_rules))
    result.add("claim lines found by both, of those found by either", [100 * alike], "%", at_least=99)
    _linear(result, book, context)
    return result


def _outcome(claims: Sequence[Claim], book: OpenBook) -> str:
    """What share of the claims has a finding, by the gravest."""
    gravest: dict[str, Severity] = {}
    for finding in check_claims(claims, book).findings:
        known = gravest.get(finding.claim)
        if known is None or finding.severity.rank < known.rank:
            gravest[finding.claim] = finding.severity
    counts = Counter(gravest.values())
    told = [f"{severity} {100 * counts[severity] / len(claims):.1f}%" for severity in Severity]
    lines = sum(len(claim.lines) for claim in claims) / len(claims)
    nothing = 100 * (1 - len(gravest) / len(claims))
    return f"{lines:.2f} lines a claim; {', '.join(told)}, nothing {nothing:.1f}%"


def _linear(result: RowResult, book: OpenBook, context: Context) -> None:
    """How the time of one claim grows with the batch: 1 is linear."""
    per_claim: dict[int, list[float]] = {}
    for size in context.size.batches:
        claims = context.batch[:size]
        seconds = in_turn({"check": partial(check_claims, claims, book)}, min(2, context.size.rounds))
        per_claim[size] = [value / len(claims) for value in seconds["check"]]
        result.add(f"{size:,} claims", _micro(per_claim[size]), "us a claim")
    for less, more in itertools.pairwise(context.size.batches):
        result.add(
            f"a claim among {more:,} against one among {less:,}",
            ratios(per_claim[more], per_claim[less]),
            "times (linear: 1, up to 1.25 taken for it)",
            at_most=1.25,
        )


def lines_per_day(context: Context) -> RowResult:
    """The same number of lines, on days of few and of many lines of one patient."""
    book, in_all = context.books.whole(), context.size.lines_in_all
    result = RowResult(notes=[f"about {in_all:,} lines each time; the book: {context.books.name}"])
    result.notes.append("found: the findings, and the procedure pairs that bundle two lines, denied or not")
    kinds: tuple[tuple[str, Callable[[int, int], Sequence[Claim]]], ...] = (
        ("a day", lambda lines, days: claims_of(claims_file(book, days, lines=(lines,)))),
        ("of a hospital day", partial(long_days, book)),
    )
    for kind, made in kinds:
        days = {lines: made(lines, max(1, in_all // lines)) for lines in context.size.lines_per_day}
        _by_lines(result, context, kind, days)
    return result


def _by_lines(result: RowResult, context: Context, kind: str, days: Mapping[int, Sequence[Claim]]) -> None:
    book = context.books.whole()
    # Each with a book of its own: what is remembered of one would drive out that of another.
    works = {str(lines): partial(check_claims, claims, context.books.opened_again()) for lines, claims in days.items()}
    seconds = in_turn(works, min(3, context.size.rounds))
    counts = {str(lines): sum(len(claim.lines) for claim in claims) for lines, claims in days.items()}
    found = {str(lines): _found(claims, book) for lines, claims in days.items()}
    per_line = {name: [value / counts[name] for value in values] for name, values in seconds.items()}
    for name, values in per_line.items():
        result.add(f"{name} lines {kind}", _micro(values), "us a line")
        each = [value * counts[name] / (counts[name] + found[name]) for value in values]
        result.add(f"{name} lines {kind}, of each line and thing found", _micro(each), "us")
        result.notes.append(f"{name} lines {kind}: {counts[name]:,} lines, {found[name]:,} things found")
    for less, more in itertools.pairwise(per_line):
        result.add(
            f"a line {'' if kind == 'a day' else kind + ' '}among {more} against one among {less}",
            ratios(per_line[more], per_line[less]),
            "times (linear: 1, up to 1.25 taken for it)",
            at_most=1.25,
        )


def _found(claims: Sequence[Claim], book: OpenBook) -> int:
    """The findings on some claims, and the procedure pairs found between their lines."""
    counted: list[int] = []

    def observe(work: Work, findings: Sequence[Hit], _: Accepted) -> None:
        counted.append(len(work.pairs) + len(findings))

    check_claims(claims, book, observe=observe)
    return counted[0]


def table_size(context: Context) -> RowResult:
    """The same claims, of codes the starter has, against the starter and against every published source."""
    if not context.books.published:
        return RowResult(skipped="there is one book only: the published tables (../shared/data) are not at hand")
    # Both opened for it: what other rows left in the memory of the whole book is none of its size.
    small, large = context.books.starter(), context.books.opened_again()
    claims = claims_of(claims_file(small, max(context.size.batches[:2])))
    seconds = in_turn(
        {"small": lambda: check_claims(claims, small), "large": lambda: check_claims(claims, large)},
        min(5, context.size.rounds),
    )
    rows = {name: sum(one.rows for one in book.releases) for name, book in (("small", small), ("large", large))}
    result = RowResult(notes=[f"{rows['small']:,} rows in the starter, {rows['large']:,} with every source"])
    for name, values in seconds.items():
        result.add(f"{rows[name]:,} rows", [1e6 * value / len(claims) for value in values], "us a claim")
    result.add(
        "every source, against the starter",
        ratios(seconds["large"], seconds["small"]),
        "times (flat: 1, up to 1.25 taken for it)",
        at_most=1.25,
    )
    return result

"""The report as JSON lines: a header, then one record a line, each telling its kind, the summary last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import IO, Any, Final

from cleanclaim.engine.stream.results import Results, blocks_of
from cleanclaim.render import jsonable
from cleanclaim.types import ClaimResult, Reported

_NAMES_NO_CLAIM: Final = '{"kind": "claim", "claim": "", "file": ""'
"""How the line of a result begins that names no claim."""


def render(report: Reported) -> str:
    """One record a line, ending with a newline; in ASCII, so that no output's encoding can spoil it.

    In order: ``book``, ``claim``, ``finding``, ``set_aside``, ``reject``, ``file``, ``total``, ``summary``. A ``total``
    says what it is ``by``: ``rule``, ``payer``, ``provider`` or ``code``.
    """
    return "".join(_lines(report))


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    out.writelines(lines.encode("ascii") for lines in _lines(report))


def _lines(report: Reported) -> Iterator[str]:
    """The lines, some of them together."""
    schema = "cleanclaim.report/1"
    yield _line({"schema": schema, "kind": "book", "book": jsonable.book(report), "notes": list(report.notes)})
    yield from map(_of_results, blocks_of(report))
    yield from map(_line, _after_results(report))


def _of_results(block: Results) -> str:
    """What results say is made once; a line names its claim and file before it."""

    @cache
    def rest(template: int, stakes: int) -> str:
        return _line(_claim(block.says(template, stakes))).removeprefix(_NAMES_NO_CLAIM)

    files = [json.dumps(file) for file in block.files]
    of_claims = zip(map(json.dumps, block.claims), block.of_file, block.of_template, block.of_stakes, strict=True)
    return "".join(
        [
            f'{{"kind": "claim", "claim": {claim}, "file": {files[of_file]}{rest(template, stakes)}'
            for claim, of_file, template, stakes in of_claims
        ]
    )


def _claim(result: ClaimResult) -> dict[str, Any]:
    return {"kind": "claim", **jsonable.claim(result)}


def _after_results(report: Reported) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        yield {"kind": "finding", **jsonable.finding(finding)}
    for entry in report.set_aside:
        yield {"kind": "set_aside", **jsonable.set_aside(entry)}
    for reject in report.rejects:
        yield {"kind": "reject", **jsonable.reject(reject)}
    for file in jsonable.files(report.files):
        yield {"kind": "file", **file}
    for by, totals in jsonable.totals(report).items():
        for total in totals:
            yield {"kind": "total", "by": by.removeprefix("by_"), **total}
    yield {"kind": "summary", **jsonable.summary(report)}


def _line(record: dict[str, Any]) -> str:
    return f"{json.dumps(record)}\n"

"""The report as JSON lines: a header, then one record a line, each telling its kind, the summary last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from cleanclaim.render import jsonable
from cleanclaim.types import Reported


def records(report: Reported) -> Iterator[dict[str, Any]]:
    """In order: ``book``, ``claim``, ``finding``, ``set_aside``, ``reject``, ``file``, ``total``, ``summary``.

    A ``total`` says what it is ``by``: ``rule``, ``payer``, ``provider`` or ``code``.
    """
    schema = "cleanclaim.report/1"
    yield {"schema": schema, "kind": "book", "book": jsonable.book(report), "notes": list(report.notes)}
    for result in report.claims:
        yield {"kind": "claim", **jsonable.claim(result)}
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


def render(report: Reported) -> str:
    """One record a line, ending with a newline; in ASCII, so that no output's encoding can spoil it."""
    return "".join(_lines(report))


def write(report: Reported, out: IO[bytes]) -> None:
    """The same, written as it is made."""
    out.writelines(line.encode("ascii") for line in _lines(report))


def _lines(report: Reported) -> Iterator[str]:
    return (f"{json.dumps(record)}\n" for record in records(report))

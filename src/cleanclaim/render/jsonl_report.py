"""The report as JSON lines: a header, then one record a line, each telling its kind, the summary last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cleanclaim.render import jsonable
from cleanclaim.types import Report


def records(report: Report) -> Iterator[dict[str, Any]]:
    """The records in order: ``book``, ``claim``, ``finding``, ``set_aside``, ``reject``, ``file``, ``summary``."""
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
    for file in jsonable.files(report):
        yield {"kind": "file", **file}
    yield {"kind": "summary", **jsonable.summary(report)}


def render(report: Report) -> str:
    """One record a line, ending with a newline; in ASCII, so that no output's encoding can spoil it."""
    return "".join(json.dumps(record) + "\n" for record in records(report))

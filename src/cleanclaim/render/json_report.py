"""The report as one JSON document (cleanclaim.report/1)."""

from __future__ import annotations

import json

from cleanclaim.render import jsonable
from cleanclaim.types import Report


def render(report: Report) -> str:
    """The whole report, indented, ending with a newline; in ASCII, so that no output's encoding can spoil it."""
    document = {
        "schema": "cleanclaim.report/1",
        "book": jsonable.book(report),
        "summary": jsonable.summary(report),
        "notes": list(report.notes),
        "totals": jsonable.totals(report),
        "files": jsonable.files(report.files),
        "claims": [jsonable.claim(entry) for entry in report.claims],
        "findings": [jsonable.finding(entry) for entry in report.findings],
        "set_aside": [jsonable.set_aside(entry) for entry in report.set_aside],
        "rejects": [jsonable.reject(entry) for entry in report.rejects],
    }
    return json.dumps(document, indent=1) + "\n"

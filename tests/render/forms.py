"""Reports in every format, at one moment, and the goldens they are held to."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from cleanclaim.render import formats
from cleanclaim.render.formats import Look, ReportFormat
from cleanclaim.types import Report

LOOK = Look(made=dt.datetime(2026, 7, 15, 12, 0, tzinfo=dt.UTC))
GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
"""``UPDATE_GOLDEN=1 pytest tests/render`` writes the goldens anew; read what changed before you commit it."""


def made(report: Report, form: str) -> bytes:
    """The report in a format, as the bytes that go into a file."""
    written = formats.render(report, ReportFormat(form), LOOK)
    return written if isinstance(written, bytes) else written.encode()


def golden(name: str, now: bytes) -> bytes:
    """What a golden file holds; with UPDATE_GOLDEN=1 it is written first."""
    path = GOLDEN / name
    if UPDATE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(now)
    return path.read_bytes()

"""One denial to expect: which rule finds the fault, what it is for the code, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cleanclaim.engine.code_page.record import caveat
from cleanclaim.index.cite import cite_fact
from cleanclaim.index.lookup import Answer
from cleanclaim.types import Citation


@dataclass(frozen=True, slots=True)
class Reason:
    """``fault`` and ``avoid`` are sentences without their full stop; without a citation the rule's own first stands."""

    rule: str
    fault: str
    avoid: str
    citation: Citation | None = None
    caveat: str = ""


def by_row(answer: Answer[Any], row: Any, rule: str, fault: str, avoid: str) -> Reason:
    """A reason that one row of a table gives."""
    if answer.release is None:
        return Reason(rule, fault, avoid)
    return Reason(rule, fault, avoid, cite_fact(row, answer.release), caveat(answer.release, stale=answer.stale))

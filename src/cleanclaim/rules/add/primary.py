"""When an add-on code of type 1 lacks its primary, and where that primary may be nevertheless."""

from __future__ import annotations

from typing import Final

from cleanclaim.rules.facts import AddOnType, LineFacts

ZZZ: Final = 102
"""Global days of an add-on: those of its primary."""


def needs_listed_primary(line: LineFacts) -> bool:
    """The add-on's primaries are all listed (type 1), and the provider bills none of them that day.

    A line that a pair edit denies is left to that edit: to remove it answers both.
    """
    return not line.bundled and line.add_on_type == AddOnType.LISTED and not line.primary_present


def primary_may_stand_elsewhere(line: LineFacts) -> bool:
    """A primary is billed a day apart or by another provider of the group, or Medicare lets a colleague bill it."""
    return line.primary_elsewhere or line.primary_by_colleague


def primary_may_be_newer(line: LineFacts) -> bool:
    """The edits are of an earlier year, and what else was done that day may be a primary that is new since."""
    return line.add_on_edits_outdated and line.other_service_present

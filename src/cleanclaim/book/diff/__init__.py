"""What changed between two releases of a source: one comparison for every table of the book.

:func:`~cleanclaim.book.diff.compare.compare` holds two releases side by side, by the columns that name a fact (its key)
and the columns that say something of it. What those columns are, source by source, stands in ``described``.
"""

from cleanclaim.book.diff.compare import compare
from cleanclaim.book.diff.days import BetweenDays, between_days
from cleanclaim.book.diff.model import Change, Counts, Difference, PublishedRow
from cleanclaim.book.diff.releases import find_release, in_force_on
from cleanclaim.book.diff.result import Diff

__all__ = [
    "BetweenDays",
    "Change",
    "Counts",
    "Diff",
    "Difference",
    "PublishedRow",
    "between_days",
    "compare",
    "find_release",
    "in_force_on",
]

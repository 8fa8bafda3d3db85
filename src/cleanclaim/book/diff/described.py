"""How a source's rows are described, so that one comparison serves every table.

A description names the key (the columns that say which fact a row is) and, where readers ask for a change by name, the
kinds of change. All other columns are compared too; a column that says nothing of the fact is left out with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pyarrow as pa

OTHER: Final = "other"
"""A change of none of the source's kinds."""
ROW_COLUMNS: Final = ("row", "file")
"""Where a row stands in what was published."""


@dataclass(frozen=True)
class Kind:
    """A kind of change with a name: one of ``columns`` differs.

    ``only`` narrows it to values that rose (a truth that became true), fell, came (there was none before) or went.
    ``listed`` False: it is counted, and its changes are shown under another kind.
    """

    name: str
    words: str
    columns: tuple[str, ...]
    only: Literal["", "rose", "fell", "came", "went"] = ""
    listed: bool = True


@dataclass(frozen=True)
class Described:
    """How the rows of a source are compared.

    ``left_out``: columns that are not compared. ``told_once``: columns that have one value in a whole release, so that
    its change is one fact and not one of every row. ``rank``: numbers whose change says how much a change matters.
    ``family``: the column of codes by whose families changes are counted, and with ``per_code`` by code too. ``dated``:
    a row says itself from when to when it binds, so that rows that bind no longer stay listed. ``shown``: what is said
    of a row that was added or ended, all of it where nothing is named. ``prepare`` adds columns that are made of
    others, of which ``remark`` tells. ``rejected_by``: the columns that name a rejected row, where it is not the key.
    """

    key: tuple[str, ...]
    kinds: tuple[Kind, ...] = ()
    left_out: tuple[str, ...] = ()
    told_once: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    family: str = ""
    per_code: bool = False
    dated: bool = False
    added: str = "added"
    ended: str = "ended"
    noun: str = "rows"
    shown: tuple[str, ...] = ()
    remark: str = ""
    rejected_by: tuple[str, ...] = ()
    prepare: Callable[[pa.Table], pa.Table] | None = None

    @property
    def all_kinds(self) -> tuple[Kind, ...]:
        """The kinds of the source, and of every dated source the end that was set, moved or taken back."""
        return (*self.kinds, END_CHANGED) if self.dated else self.kinds


END_CHANGED: Final = Kind("end_changed", "end set, moved or taken back", ("valid_to",))

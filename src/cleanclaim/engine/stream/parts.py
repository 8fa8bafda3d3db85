"""One part of the claims: all claims of its patients, read from disk, checked, and what was found written back."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims import spill
from cleanclaim.claims.model import Claim
from cleanclaim.engine.stream.checking import Checker, Checking
from cleanclaim.engine.stream.found import Checked, Found, Part, framed
from cleanclaim.engine.stream.tally import Accepting

if TYPE_CHECKING:  # loads arrays, which a run without tables does without
    from cleanclaim.claims.table import ClaimTable

CLAIMS_OF_A_PART: Final = 10_000
"""How many claims a part should have: enough that opening it costs nothing, few enough to hold several in memory."""

_Table = tuple[Sequence[int], "ClaimTable"]
"""Claims, and the place in the input of each."""


@dataclass(frozen=True, slots=True)
class PartChecker:
    """Checks the parts of a work folder, each as if it were all."""

    folder: Path
    checker: Checker

    def check(self, part: Part, allowed: Mapping[str, int] | None = None) -> Checked:
        """Check a part and write what was found; ``allowed`` is how many findings an entry of the baseline may take.

        An entry without a number may take as many as it says.
        """
        collecting = gc.isenabled()
        gc.disable()  # a part makes millions of objects that all live to its end: looking at them again finds nothing
        try:
            made, frames = self._checked(part, allowed or {})
            spill.write(part.found(self.folder), frames)
        finally:
            if collecting:
                gc.enable()
        del frames
        gc.collect(0)  # all that was made since the last time is young
        return made

    def _checked(self, part: Part, allowed: Mapping[str, int]) -> tuple[Checked, list[bytes]]:
        tables, records = self._read(part.files)
        if sum(len(places) for places, _ in tables) + len(records) != part.claims:
            raise spill.damaged(self.folder)
        rejects = [entry for entry in records if not isinstance(entry[1], Claim)]
        claims = [entry for entry in records if isinstance(entry[1], Claim)]
        checking = Checking(self.checker, _allowing(self.checker.accepting, allowed), self._history(part))
        if claims and self.checker.may_settle:
            tables.append(_table(claims))
            claims = []
        if tables and not claims:
            places, table = _joined(tables)
            del tables
            checking.check(places, table)
        else:
            of_tables = (entry for places, table in tables for entry in zip(places, table.claims(), strict=True))
            checking.ask(sorted([*claims, *of_tables], key=itemgetter(0)))
        findings, aside = checking.found()
        found = {Found.FINDING: findings, Found.SET_ASIDE: aside, Found.REJECT: sorted(rejects, key=itemgetter(0))}
        return framed(checking.tally, checking.results, found)

    def _read(self, files: Sequence[str]) -> tuple[list[_Table], list[spill.Placed]]:
        """The tables of these files, and every other record."""
        tables: list[_Table] = []
        records: list[spill.Placed] = []
        for file in files:
            more, others = spill.read_apart(self.folder / file)
            tables += more
            records += others
        return tables, records

    def _history(self, part: Part) -> list[tuple[int, Claim]]:
        entries = (entry for file in part.history for entry in spill.read(self.folder / file))
        return sorted(entries, key=itemgetter(0))


def _table(claims: Sequence[tuple[int, Claim]]) -> _Table:
    """Claims that were read one by one, as a table."""
    from cleanclaim.claims.table import ClaimTable  # noqa: PLC0415 - as above

    return [place for place, _ in claims], ClaimTable.of(claim for _, claim in claims)


def _joined(tables: Sequence[_Table]) -> _Table:
    """Several tables as one, in the order of the input."""
    import numpy as np  # noqa: PLC0415 - who has tables has loaded it

    from cleanclaim.claims.table import ClaimTable  # noqa: PLC0415 - the same

    places = np.concatenate([np.asarray(of_table, np.int64) for of_table, _ in tables])
    order = np.argsort(places, kind="stable")
    in_order: list[int] = places[order].tolist()
    return in_order, ClaimTable.concat([table for _, table in tables]).take(order)


def _allowing(accepting: Accepting, allowed: Mapping[str, int]) -> Any:
    baseline = accepting.baseline
    if baseline is None or not allowed:
        return baseline
    entries = (replace(entry, count=allowed.get(entry.key, entry.count)) for entry in baseline.entries)
    return replace(baseline, entries=tuple(entries))

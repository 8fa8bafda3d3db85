"""Which lines the findings deny, told to the lines: some rules look at what others found.

A pair edit takes its line out of its endoscopic family, and an add-on whose every primary is denied is denied with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from cleanclaim.engine.add_ons import primaries_of
from cleanclaim.engine.endoscopy import rank_family
from cleanclaim.engine.findings import Hit, related_lines
from cleanclaim.engine.work import LineWork, Work
from cleanclaim.rules.model import Related, Scope
from cleanclaim.types import Severity

_FAMILIES_OF_SERVICE: Final = frozenset({"PTP", "MUE", "ADD", "COD", "CMP", "IMG", "GLO"})
"""Rules that say what is not paid. A fault of form or of a diagnosis is mended, and the service paid after all."""

_Place = tuple[int, int | None]
"""Number of a claim and of a line of it."""
_Group = list[tuple[LineWork, list[LineWork]]]
"""Add-on lines that stand beside a primary, each with the lines of its primaries."""


class Denials:
    """What findings deny among the claims under work, as the lines were told so far."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._bundled: set[_Place] = set()
        self._groups: dict[int, _Group | None] = {}
        """By identity the groups of which a line is denied, or was: what add-ons look at there, None without any."""

    def tell(self, hits: Iterable[Hit]) -> set[int]:
        """Tell lines whether a pair edit denies them, and add-ons whether every primary beside them is denied.

        Returns the numbers of the claims of which a fact is another now.
        """
        denying = [hit for hit in hits if hit.draft.severity is Severity.DENY and hit.draft.line is not None]
        bundled = {_place(hit) for hit in denying if hit.rule.scope is Scope.PAIR}
        changed = self._tell_bundled(bundled)
        self._bundled = bundled
        return changed | self._tell_add_ons(self._services(denying))

    def _tell_bundled(self, bundled: set[_Place]) -> set[int]:
        changed: set[int] = set()
        families: dict[int, Sequence[LineWork]] = {}
        for line in self._lines(bundled ^ self._bundled):
            line.facts.bundled = line.place() in bundled
            changed.add(line.claim.number)
            families[id(line.family)] = line.family
        for family in families.values():
            rank_family(family)
            changed.update(line.claim.number for line in family)
        return changed

    def _tell_add_ons(self, denied: set[_Place]) -> set[int]:
        changed: set[int] = set()
        for group in self._groups.values():
            if group is None:
                continue
            for line, primaries in group:
                now = all(primary.place() in denied for primary in primaries)
                if now is not line.facts.primary_denied:
                    line.facts.primary_denied = now
                    changed.add(line.claim.number)
        return changed

    def _services(self, denying: Sequence[Hit]) -> set[_Place]:
        """The lines whose service itself is denied, not only the form it is billed in or the diagnosis it points at."""
        denied = {_place(hit) for hit in denying if hit.rule.family in _FAMILIES_OF_SERVICE}
        lines = list(self._lines(denied))
        whole_days = {_place(hit): hit.rule for hit in denying if hit.rule.related is Related.CODE_AND_DAY}
        for line in self._lines(whole_days):
            others = related_lines(whole_days[line.place()], line)
            denied.update(other.place() for other in others)
            lines += others
        for line in lines:
            if id(line.group) not in self._groups:
                self._groups[id(line.group)] = _with_add_ons(line.group)
        return denied

    def _lines(self, places: Collection[_Place]) -> Iterator[LineWork]:
        """The lines that stand at some places."""
        of_claims: dict[int, set[int | None]] = {}
        for number, line_no in places:
            of_claims.setdefault(number, set()).add(line_no)
        for number, line_nos in of_claims.items():
            for line in self._work.numbered(number).lines:
                if line.line.line_no in line_nos:
                    yield line


def _with_add_ons(group: Sequence[LineWork]) -> _Group | None:
    """The add-ons of a group that stand beside a primary, each with the lines of its primaries."""
    add_ons = [line for line in group if line.facts.primary_present]
    if not add_ons:
        return None
    of_code: dict[str, list[LineWork]] = {}
    for line in group:
        of_code.setdefault(line.line.hcpcs, []).append(line)
    return [
        (line, [primary for hcpcs in primaries_of(line) & of_code.keys() for primary in of_code[hcpcs]])
        for line in add_ons
    ]


def _place(hit: Hit) -> _Place:
    return hit.claim_number, hit.draft.line

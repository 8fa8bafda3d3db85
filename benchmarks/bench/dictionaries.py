"""The baseline: what a biller's own script would do, with the published tables in plain dictionaries.

It checks procedure pairs, unit limits and add-on codes, and answers with (family, claim, line), nothing else: no
message, no citation, no release, no word on what it could not check. It knows one release of each table and
professional claims only. That is the least any check of these edits can cost in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench.x12 import FIRST_DAY

from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore
from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.code_groups import is_evaluation_and_management, is_laboratory
from cleanclaim.types import Date

RULES: Final = (
    *("PTP001", "PTP002", "PTP003", "PTP004", "PTP005"),
    *("MUE001", "MUE002", "MUE003", "MUE004", "MUE005"),
    *("ADD001", "ADD002", "ADD003", "ADD005", "ADD006"),
)
"""The rules whose work the dictionaries do: what is reported by one of a family is found as the family's."""

Found = set[tuple[str, str, int]]
_ANATOMIC: Final = frozenset(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI".split()
)
_MEDICARE_OR_UNSTATED: Final = frozenset({"MB", ""})
_VISIT_MODIFIERS: Final = frozenset({"24", "25", "57"})
_SURGERY_MODIFIERS: Final = frozenset({"58", "78", "79"})
_DISTINCT: Final = frozenset({"59", "XE", "XS", "XP", "XU"})


@dataclass(slots=True)
class Dictionaries:
    """One release of each table."""

    edits: dict[tuple[str, str], list[tuple[Date | None, Date | None, int]]]
    limits: dict[str, tuple[int, int]]
    primaries: dict[str, tuple[int, frozenset[str]]]
    visits: frozenset[str]
    laboratory: frozenset[str]

    @classmethod
    def of(cls, book: OpenBook) -> Dictionaries:
        """Dictionaries of the edits that can bind the benchmark's claims."""
        store = book.store
        if store is None:
            raise ValueError("the book has no folder")
        edits: dict[tuple[str, str], list[tuple[Date | None, Date | None, int]]] = {}
        columns = ("column_one", "column_two", "valid_from", "valid_to", "modifier_indicator")
        for one, two, start, end, indicator in _rows(store, "ncci-ptp-practitioner", columns):
            if end is None or end >= FIRST_DAY:
                edits.setdefault((one, two), []).append((start, end, indicator))
        limits = {
            code: (value, mai)
            for code, value, mai in _rows(store, "ncci-mue-practitioner", ("hcpcs", "mue_value", "mai"))
        }
        add_ons: dict[str, tuple[int, set[str]]] = {}
        for add_on, primary, kind, end, note in _rows(
            store, "ncci-aoc", ("add_on", "primary", "edit_type", "valid_to", "note")
        ):
            if (end is None or end >= FIRST_DAY) and "temporarily suspended" not in note.casefold():
                add_ons.setdefault(add_on, (kind, set()))[1].add(primary)
        return cls(
            edits,
            limits,
            {add_on: (kind, frozenset(primaries)) for add_on, (kind, primaries) in add_ons.items()},
            frozenset(code for code in limits if is_evaluation_and_management(code)),
            frozenset(code for code in limits if is_laboratory(code)),
        )

    def check(self, claims: Iterable[Claim]) -> Found:
        """The claim lines that an edit of one of the families denies."""
        days: dict[tuple[str, str, str, Date], list[tuple[Claim, ClaimLine]]] = {}
        sent: set[tuple[object, ...]] = set()
        for claim in claims:
            content = [(line.hcpcs, line.modifiers, line.units, line.charge, line.service_from) for line in claim.lines]
            whole = (claim.patient_key, claim.payer_id, claim.lines[0].rendering_npi, *content)
            patient = claim.claim_id if whole in sent else claim.patient_key  # sent again: a fault of its own
            sent.add(whole)
            for line in claim.lines:
                if line.service_from is not None:
                    key = (patient, line.rendering_npi, claim.payer_id, line.service_from)
                    days.setdefault(key, []).append((claim, line))
        found: Found = set()
        for (_, _, _, day), lines in days.items():
            self._units(lines, found)
            self._add_ons(lines, found)
            if len(lines) > 1:
                self._pairs(day, lines, found)
        return found

    def _units(self, lines: list[tuple[Claim, ClaimLine]], found: Found) -> None:
        totals: dict[str, dict[str, float]] = {}
        last: dict[tuple[str, str], int] = {}
        for claim, line in lines:
            share = "26" if "26" in line.modifiers else "TC" if "TC" in line.modifiers else ""
            of_code = totals.setdefault(line.hcpcs, {})
            of_code[share] = of_code.get(share, 0.0) + float(line.units or 0)
            last[claim.claim_id, line.hcpcs] = line.line_no
        for claim, line in lines:
            limit = self.limits.get(line.hcpcs)
            if limit is None:
                continue
            value, mai = limit
            if value == 0:
                over = bool(line.units) and not (line.charge is not None and 0 <= line.charge * 100 <= 1)
                over = over and "GY" not in line.modifiers and claim.filing_indicator in _MEDICARE_OR_UNSTATED
            elif mai == 1:
                over = float(line.units or 0) > value
            else:
                of_code = totals[line.hcpcs]
                total = of_code.get("", 0.0) + max(of_code.get("26", 0.0), of_code.get("TC", 0.0))
                over = total > value and last[claim.claim_id, line.hcpcs] == line.line_no
            if over:
                found.add(("MUE", claim.claim_id, line.line_no))

    def _add_ons(self, lines: list[tuple[Claim, ClaimLine]], found: Found) -> None:
        codes = {line.hcpcs for _, line in lines}
        other = any(line.hcpcs not in self.primaries for _, line in lines)
        for claim, line in lines:
            add_on = self.primaries.get(line.hcpcs)
            if add_on is None:
                continue
            kind, primaries = add_on
            listed = not primaries.isdisjoint(codes)
            missing = not listed if kind == 1 else not other if kind == 2 else not listed and not other
            if missing:
                found.add(("ADD", claim.claim_id, line.line_no))

    def _pairs(self, day: Date, lines: list[tuple[Claim, ClaimLine]], found: Found) -> None:
        edits = self.edits
        for _, one in lines:
            for claim, two in lines:
                rows = edits.get((one.hcpcs, two.hcpcs))
                if rows is None or one is two:
                    continue
                binding = [
                    (end or Date.max, indicator)
                    for start, end, indicator in rows
                    if (start is None or start <= day) and (end is None or day <= end)
                ]
                if binding and (min(binding)[1] == 0 or not self._bypassed(one, two)):
                    found.add(("PTP", claim.claim_id, two.line_no))

    def _bypassed(self, one: ClaimLine, two: ClaimLine) -> bool:
        if self._qualifies(one) or self._qualifies(two):
            return True
        sites_one, sites_two = _sites(one.modifiers), _sites(two.modifiers)
        if not _ANATOMIC.intersection(two.modifiers) or one.hcpcs in self.visits or two.hcpcs in self.visits:
            return False
        same = sites_one & sites_two and (sites_one <= sites_two or sites_two <= sites_one)
        return not same

    def _qualifies(self, line: ClaimLine) -> bool:
        modifiers = line.modifiers
        if not modifiers:
            return False
        if line.hcpcs in self.visits:
            return not _VISIT_MODIFIERS.isdisjoint(modifiers)
        if not _SURGERY_MODIFIERS.isdisjoint(modifiers) or not _DISTINCT.isdisjoint(modifiers):
            return True
        return "91" in modifiers and line.hcpcs in self.laboratory


def _sites(modifiers: tuple[str, ...]) -> frozenset[str]:
    sites = _ANATOMIC.intersection(modifiers)
    return sites | {"LT", "RT"} if "50" in modifiers else sites


def _rows(store: BookStore, source: str, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Some columns of the release of a source that is nearest before the claims; the user's own before the starter."""
    releases = [release for release in store.releases() if release.source == source and _before(release)]
    chosen = max(releases, key=lambda release: (not release.starter, release.covers_from or Date.min))
    table = store.table(chosen)
    return zip(*(table.column(name).to_pylist() for name in columns), strict=True)


def _before(release: Release) -> bool:
    return release.covers_from is None or release.covers_from <= FIRST_DAY

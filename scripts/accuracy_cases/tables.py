"""Tiny readers of the published files: what the claims of the benchmark are written from, and proved by."""

from __future__ import annotations

import csv
import gzip
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

NEVER_DELETED: Final = date(9999, 12, 31)
SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FEE_SCHEDULE_HEADER: Final = "HCPCS,MOD,DESCRIPTION"


@dataclass(frozen=True)
class Pair:
    """A row of the PTP table. The re-export at hand has no effective date, so none is claimed."""

    column_one: str
    column_two: str
    deleted: date
    indicator: int


@dataclass(frozen=True)
class Limit:
    """A row of a MUE table."""

    units: int
    mai: int


@dataclass(frozen=True)
class AddOn:
    """The rows of one add-on code that are not deleted: its type and the primaries listed (none: the contractor's)."""

    kind: int
    primaries: frozenset[str]


@dataclass(frozen=True)
class Fee:
    """The indicators of one row of the fee schedule (code and modifier)."""

    status: str
    pc_tc: str
    global_days: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    endo_base: str
    na_nonfacility: bool
    na_facility: bool


@dataclass(frozen=True)
class Level2:
    """When a HCPCS Level II code or modifier begins and ends (none: unknown, and still in force)."""

    added: date | None
    ended: date | None


class Tables:
    """The published files, read once; PTP rows only for the codes asked for (:meth:`read_pairs`).

    Args:
        folder: the folder of published files (SOURCES.md names them).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pairs: dict[tuple[str, str], list[Pair]] = {}
        self.limits = {
            (setting, year): _limits(folder / f"ncci/mue_{name}.csv")
            for setting, year, name in (
                ("P", 2024, "practitioner_2024Q3"),
                ("I", 2024, "outpatient_2024Q3"),
                ("P", 2026, "practitioner_2026Q2"),
            )
        }
        self.add_ons = _add_ons(folder / "ncci/aoc_2024Q2.csv")
        self.fees = {
            "RVU25D": _fees(folder / "mpfs/rvu25d/PPRRVU2025_Oct.csv"),
            "RVU26C": _fees(folder / "mpfs/rvu26c/PPRRVU2026_Jul_nonQPP.csv"),
        }
        with gzip.open(folder / "icd10cm/icd10cm_codes_2026_april.txt.gz", "rt", encoding="ascii") as file:
            self.billable = frozenset(line.split()[0] for line in file if line.strip())
        self.headings = frozenset(code[:size] for code in self.billable for size in range(3, len(code))) - self.billable
        with (folder / "codesets/place_of_service.csv").open(encoding="utf-8", newline="") as file:
            self.places = frozenset(row["pos_code"] for row in csv.DictReader(file))

    @cached_property
    def level2(self) -> dict[str, Level2]:
        """HCPCS Level II codes and modifiers with their dates; a workbook, so read only where it is asked for."""
        return _level2(self._folder / "hcpcs/HCPC2025_OCT_ANWEB.xlsx")

    def read_pairs(self, codes: Iterable[str]) -> None:
        """Read the PTP rows between these codes."""
        self.pairs = _pairs(self._folder / "ncci/ptp_practitioner_2024Q3.csv.gz", frozenset(codes))

    def in_force(self, one: str, two: str, day: date) -> Pair | None:
        """The edit of the ordered pair in force on the day: the earliest deletion on or after it, never indicator 9."""
        rows = [row for row in self.pairs.get((one, two), ()) if row.indicator != 9 and row.deleted >= day]
        return min(rows, key=lambda row: row.deleted, default=None)

    def fee(self, code: str, modifier: str, day: date) -> Fee | None:
        """The fee schedule row of a code on a day of 2025 or 2026; none for other years, whose files are missing."""
        release = {2025: "RVU25D", 2026: "RVU26C"}.get(day.year)
        return self.fees[release].get((code, modifier)) if release else None

    def limit(self, code: str, setting: str, day: date) -> tuple[int, Limit] | None:
        """The release year and the unit limit that speaks for the day."""
        year = 2024 if day.year <= 2024 else 2026
        found = self.limits.get((setting, year), {}).get(code)
        return (year, found) if found else None


def _pairs(path: Path, codes: frozenset[str]) -> dict[tuple[str, str], list[Pair]]:
    found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        if next(file).replace('"', "").strip() != "column_1,column_2,deletion,modifier,rationale":
            raise SystemExit(f"{path.name}: not the columns expected of the PTP table")
        for line in file:
            if line[1:6] in codes and line[9:14] in codes:  # "12345","12345",...: every code has five characters
                one, two, deleted, indicator, _ = line.replace('"', "").split(",", 4)
                found[one, two].append(Pair(one, two, date.fromisoformat(deleted), int(indicator)))
    return dict(found)


def _limits(path: Path) -> dict[str, Limit]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["hcpcs_code"]: Limit(int(row["mue_units"]), int(row["mue_mai"])) for row in csv.DictReader(file)}


def _add_ons(path: Path) -> dict[str, AddOn]:
    kinds: dict[str, int] = {}
    primaries: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["edit_deleted"] != "NA":
                continue
            kinds[row["addon"]] = int(row["type"])
            if row["primary"] != "NA":
                primaries[row["addon"]].add(row["primary"])
    return {code: AddOn(kind, frozenset(primaries[code])) for code, kind in kinds.items()}


def _fees(path: Path) -> dict[tuple[str, str], Fee]:
    with path.open(encoding="cp1252", newline="") as file:
        rows = iter(csv.reader(file))
        for row in rows:
            if ",".join(row[:3]) == FEE_SCHEDULE_HEADER:
                break
        # 2026 brought a column more (PRIC IND) before ENDO BASE; the last columns count from the end.
        extra = len(row) - 31
        return {(row[0], row[1]): _fee(row, extra) for row in rows if len(row) == 31 + extra}


def _fee(row: list[str], extra: int) -> Fee:
    return Fee(
        status=row[3],
        pc_tc=row[13],
        global_days=row[14],
        multiple=row[18],
        bilateral=row[19],
        assistant=row[20],
        co_surgeon=row[21],
        team=row[22],
        endo_base=row[23 + extra].strip(),
        na_nonfacility=row[7] == "NA",
        na_facility=row[9] == "NA",
    )


def _level2(path: Path) -> dict[str, Level2]:
    found: dict[str, Level2] = {}
    rows = _sheet(path)
    columns = {name.strip(): column for column, name in next(rows).items()}
    for row in rows:
        code = row.get(columns["HCPC"], "").strip()
        added, ended = (_day(row.get(columns[name], "")) for name in ("ADD DT", "TERM DT"))
        known = found.get(code)
        found[code] = Level2(added or (known.added if known else None), ended or (known.ended if known else None))
    return found


def _day(text: str) -> date | None:
    text = text.strip()
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if re.fullmatch(r"\d{8}", text) else None


def _sheet(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the first sheet of a workbook, by column letter."""
    with zipfile.ZipFile(path) as book:
        strings = [
            "".join(text.text or "" for text in item.iter(SHEET + "t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - CMS's own file
        ]
        for _, element in ET.iterparse(book.open("xl/worksheets/sheet1.xml")):  # noqa: S314 - the same
            if element.tag != SHEET + "row":
                continue
            row = {}
            for cell in element:
                value = cell.find(SHEET + "v")
                if value is not None and value.text:
                    letters = re.sub(r"\d", "", cell.get("r", ""))
                    row[letters] = strings[int(value.text)] if cell.get("t") == "s" else value.text
            yield row
            element.clear()

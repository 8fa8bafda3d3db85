"""Holds prices against figures that CMS computed and published itself, and prints how many are equal to the cent.

Usage: ``python scripts/price_checks.py FOLDER BOOK [--write]``

FOLDER holds the published files: PFREV25C.txt, rvu25d/ and rvu26c/. BOOK is a book into which they are loaded.
``--write`` also puts the table into docs/explanation/prices-against-cms.md.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Final

from cleanclaim.book.facts import FeeScheduleRow
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.pricing import cap
from cleanclaim.pricing.context import PAID_BY_RVU, Context
from cleanclaim.pricing.locality import locality_named
from cleanclaim.pricing.model import Locality, Rate, Service, Terms, cents
from cleanclaim.pricing.price import price
from cleanclaim.types import CENT

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "explanation" / "prices-against-cms.md"
BEGIN, END = "<!-- made by scripts/price_checks.py -->", "<!-- end -->"

DAY_OF: Final = {"RVU25D": dt.date(2025, 10, 15), "RVU26C": dt.date(2026, 7, 15)}
"""A service date of each release."""
OFFICE, OUTPATIENT = "11", "22"
MOVED: Final = {("01112", number): ("01182", number) for number in ("17", "18", "71", "72", "73", "74")}
"""Localities of southern California: the cap file lists them under both contractors, the index table under one."""
ANESTHESIA_SHARES: Final = (Decimal("0.769"), Decimal("0.166"), Decimal("0.065"))
"""Of work, practice expense and malpractice in the anesthesia factor: found out from the file, see the page."""
_COMPONENTS: Final = (
    "work_rvu",
    "pe_rvu_facility",
    "pe_rvu_nonfacility",
    "mp_rvu",
    "total_facility",
    "total_nonfacility",
)
_PARTS: Final = ("", "26", "TC")


@dataclass(frozen=True, slots=True)
class Check:
    """What was compared, how many figures, and which of them are not equal.

    ``told`` says what else was found, ``apart`` which codes were left out of the comparison and why.
    """

    name: str
    compared: int
    unequal: tuple[str, ...] = ()
    told: str = ""
    apart: str = ""


def published_amounts(folder: Path, book: OpenBook) -> Check:
    """Every amount of PFREV25C.txt in both settings, priced at its locality."""
    day, unequal, places = book.as_of(DAY_OF["RVU25D"]), [], set()
    rows = [row for row in _csv(folder / "PFREV25C.txt") if row[0] == "2025"]
    for _, mac, number, hcpcs, modifier, outside, inside, *_ in rows:
        places.add((mac, number))
        place = locality_named(day, f"{mac}-{number}")
        service = Service(hcpcs, (modifier.strip(),) if modifier.strip() else ())
        for pos, amount in ((OFFICE, outside), (OUTPATIENT, inside)):
            allowed = price(day, [service], place, pos=pos).lines[0].allowed
            if allowed != Decimal(amount):
                unequal.append(f"{service.name} {mac}-{number} at {pos}: {allowed}, published {Decimal(amount)}")
    told = f"{len(places)} localities, of which the index table has {len(localities(book, 'RVU25D'))}"
    return Check("amounts of PFREV25C.txt, facility and non-facility", 2 * len(rows), tuple(unequal), told)


def totals(book: OpenBook, release: str) -> Check:
    """Work + practice expense + malpractice = the file's own total, on every row in both settings."""
    count, unequal = 0, []
    for rows in rows_of(book, release).values():
        for row in rows.values():
            count += 2
            for expense, total in (
                (row.pe_rvu_facility, row.total_facility),
                (row.pe_rvu_nonfacility, row.total_nonfacility),
            ):
                if row.work_rvu + expense + row.mp_rvu != total:
                    unequal.append(f"{row.hcpcs}-{row.modifier}: {total}")
    return Check(f"totals of relative values, {release}", count, tuple(unequal), f"{count // 2:,} rows")


def components(book: OpenBook, release: str) -> Check:
    """Professional + technical = global in every relative value column, where the file has all three rows."""
    count, unequal, priced, carrier = 0, [], 0, []
    for hcpcs, by in in_three_parts(book, release):
        statuses = "".join(by[part].status_indicator for part in _PARTS)
        if any(getattr(by["26"], name) + getattr(by["TC"], name) != getattr(by[""], name) for name in _COMPONENTS):
            if statuses[0] == "C" and not by[""].total_facility and not by[""].total_nonfacility:
                carrier.append(hcpcs)
                continue
            unequal.append(f"{hcpcs} (status {' '.join(statuses)})")
        count += 1
        priced += set(statuses) <= PAID_BY_RVU
    told = (
        f"{priced} codes with all three rows paid by relative values; {len(carrier)} whose contractor prices the whole"
    )
    apart = f"the contractor prices the whole, so that there is nothing to add up to: {' '.join(carrier)}"
    return Check(f"26 + TC = global, every relative value column, {release}", count, tuple(unequal), told, apart)


def component_amounts(book: OpenBook, release: str) -> Check:
    """Professional + technical = global in dollars, at every locality in both settings, before they are rounded."""
    places = contexts_of(book, release).values()
    count, cent, unequal = 0, 0, []
    for hcpcs, by in in_three_parts(book, release):
        if not all(by[part].status_indicator in PAID_BY_RVU for part in _PARTS):
            continue
        for context in places:
            for rate in Rate:
                count += 1
                whole, professional, technical = (context.exact(by[part], rate) for part in _PARTS)
                if professional + technical != whole:
                    unequal.append(f"{hcpcs} {context.locality.code} {rate}")
                apart = abs(cents(professional) + cents(technical) - cents(whole))
                cent += apart != 0
                if apart > Decimal("0.01"):
                    unequal.append(f"{hcpcs} {context.locality.code} {rate}: {apart} apart")
    told = f"rounded each by itself, the parts are one cent off the whole {cent:,} times, never more"
    return Check(f"26 + TC = global, dollars before rounding, {release}", count, tuple(unequal), told)


def caps(folder: Path, book: OpenBook) -> Check:
    """Every amount of OPPSCAP: the technical part's cap, and with the professional part the cap of the global."""
    rows, again, unequal = _cap_rows(folder), 0, []
    contexts = contexts_of(book, "RVU25D")
    for hcpcs, modifier, _, mac, number, inside, outside in rows:
        again += (mac, number) in MOVED
        context = contexts[_place_code(mac, number)]
        technical, professional = context.row(hcpcs, "TC"), context.row(hcpcs, "26")
        for rate, amount in ((Rate.FACILITY, inside), (Rate.NONFACILITY, outside)):
            most = Decimal(0) if technical is None else cap.cap_of_unit(technical, context, rate)
            if not modifier and professional is not None:
                most += context.exact(professional, rate)
            if cents(most) != Decimal(amount):
                unequal.append(f"{hcpcs}-{modifier} {mac}-{number} {rate}: {cents(most)}, published {amount}")
    told = (
        f"{len(rows):,} rows in both settings; {again} of them repeat localities of 01182 under 01112, with its amounts"
    )
    return Check("amounts of OPPSCAP_Oct.csv, from the cap", 2 * len(rows), tuple(unequal), told)


def capped_prices(folder: Path, book: OpenBook) -> Check:
    """What is allowed for each service of OPPSCAP with status A, by the whole order of pricing."""
    day, unequal, count = book.as_of(DAY_OF["RVU25D"]), [], 0
    places = {place.code: place for place in localities(book, "RVU25D")}
    for hcpcs, modifier, status, mac, number, inside, outside in _cap_rows(folder):
        if status not in PAID_BY_RVU:
            continue
        place = places[_place_code(mac, number)]
        service = Service(hcpcs, (modifier,) if modifier else ())
        for pos, amount in ((OUTPATIENT, inside), (OFFICE, outside)):
            count += 1
            allowed = price(day, [service], place, pos=pos).lines[0].allowed
            if allowed != Decimal(amount):
                unequal.append(f"{service.name} {place.code} at {pos}: {allowed}, published {amount}")
    return Check("what is allowed for the services of OPPSCAP with status A", count, tuple(unequal))


def uncapped_prices(folder: Path, book: OpenBook) -> Check:
    """No other service of the same release is capped anywhere: the file lists all to which the cap matters."""
    listed, unequal, count = {row[0] for row in _cap_rows(folder)}, [], 0
    contexts = contexts_of(book, "RVU25D").values()
    codes = set()
    for hcpcs, by in rows_of(book, "RVU25D").items():
        row = by.get("TC")
        if hcpcs in listed or row is None or row.status_indicator not in PAID_BY_RVU:
            continue
        if not (row.opps_pe_facility or row.opps_pe_nonfacility):
            continue
        codes.add(hcpcs)
        for context in contexts:
            for rate in Rate:
                count += 1
                if cap.cap_of_unit(row, context, rate) < context.exact(row, rate):
                    unequal.append(f"{hcpcs} {context.locality.code} {rate}")
    told = f"{len(codes)} codes with a cap that the file does not list"
    return Check("services not in OPPSCAP_Oct.csv stay below their cap", count, tuple(unequal), told)


def anesthesia_factors(folder: Path, book: OpenBook) -> Check:
    """Every locality's anesthesia factor of ANES2025.csv, from the national one and the locality's indices."""
    at = {place.code: place.indices for place in localities(book, "RVU25D")}
    (head, *rows), unequal = _csv(folder / "rvu25d" / "ANES2025.csv"), []
    national = Decimal(head[3].rpartition(" ")[2])
    rows = [row for row in rows if row[0].strip().isdigit()]
    for mac, number, _, published in (map(str.strip, row[:4]) for row in rows):
        index = at[f"{mac}-{number}"]
        share = sum(
            part * value for part, value in zip(ANESTHESIA_SHARES, (index.work, index.pe, index.mp), strict=True)
        )
        if cents(national * share) != Decimal(published):
            unequal.append(f"{mac}-{number}: {cents(national * share)}, published {published}")
    work, expense, malpractice = ANESTHESIA_SHARES
    told = f"national {national} x ({work} work + {expense} practice expense + {malpractice} malpractice index)"
    return Check("anesthesia factors of ANES2025.csv", len(rows), tuple(unequal), told)


def other_roundings(folder: Path, book: OpenBook) -> dict[str, tuple[int, int]]:
    """How many amounts of OPPSCAP other ways of rounding would miss, and of how many."""
    contexts = contexts_of(book, "RVU25D")
    missed = dict.fromkeys(("half a cent to the even cent", "cut off", "each part of a global", "each product"), (0, 0))

    def count(name: str, found: Decimal, published: str) -> None:
        bad, of = missed[name]
        missed[name] = bad + (found != Decimal(published)), of + 1

    for hcpcs, modifier, _, mac, number, amount, _ in _cap_rows(folder):
        context = contexts[_place_code(mac, number)]
        technical, professional = context.row(hcpcs, "TC"), context.row(hcpcs, "26")
        assert technical is not None  # the cap is of technical parts
        most, whole = cap.cap_of_unit(technical, context, Rate.FACILITY), Decimal(0)
        if not modifier and professional is not None:
            whole = context.exact(professional, Rate.FACILITY)
            count("each part of a global", cents(most) + cents(whole), amount)
        elif modifier:
            at, factor = context.locality.indices, context.factor(technical)[0]
            products = cents(technical.opps_pe_facility * at.pe) + cents(technical.opps_mp * at.mp)
            count("each product", cents(products * factor), amount)
        count("half a cent to the even cent", (most + whole).quantize(CENT, ROUND_HALF_EVEN), amount)
        count("cut off", (most + whole).quantize(CENT, ROUND_DOWN), amount)
    return missed


def zip_codes(folder: Path, book: OpenBook) -> Check:
    """Every ZIP code of ZIP5_OCT2025.txt leads to a locality that has indices."""
    known = {place.code for place in localities(book, "RVU25D")}
    lines = (folder / "ZIP5_OCT2025.txt").read_text(encoding="ascii").splitlines()
    unequal = tuple(line[2:7] for line in lines if f"{line[7:12]}-{line[12:14]}" not in known)
    return Check("ZIP codes that lead to a locality with indices", len(lines), unequal)


def localities(book: OpenBook, release: str) -> list[Locality]:
    """Every locality of the index table in force with a release."""
    day, table = book.as_of(DAY_OF[release]), spec("gpci")
    found = [fact for mac in book.index.keys_of(table) for fact in day.gpcis_of(mac)]
    return [locality_named(day, f"{fact.mac}-{fact.locality}") for fact in found]


def contexts_of(book: OpenBook, release: str) -> dict[str, Context]:
    """What is asked for a price at every locality in force with a release, by the locality's code."""
    day = book.as_of(DAY_OF[release])
    return {place.code: Context(day, place, Terms()) for place in localities(book, release)}


def rows_of(book: OpenBook, release: str) -> dict[str, dict[str, FeeScheduleRow]]:
    """The rows of a release of the fee schedule by code and modifier."""
    day = book.as_of(DAY_OF[release])
    answers = {hcpcs: day.fee_schedule(hcpcs) for hcpcs in book.index.keys_of(spec("mpfs"))}
    return {
        hcpcs: {row.modifier: row for row in answer.facts}
        for hcpcs, answer in answers.items()
        if answer.release is not None and answer.release.release == release
    }


def in_three_parts(book: OpenBook, release: str) -> Iterator[tuple[str, dict[str, FeeScheduleRow]]]:
    """The codes with a global, a professional and a technical row."""
    for hcpcs, by in rows_of(book, release).items():
        if by.keys() >= set(_PARTS):
            yield hcpcs, by


def _place_code(mac: str, number: str) -> str:
    """The code of a locality of the cap file, under the contractor that the index table has it under."""
    return "-".join(MOVED.get((mac, number), (mac, number)))


def _cap_rows(folder: Path) -> list[list[str]]:
    return [row for row in _csv(folder / "rvu25d" / "OPPSCAP_Oct.csv") if row[0] not in {"HCPCS", ""}]


def _csv(path: Path) -> list[list[str]]:
    with path.open(encoding="ascii", newline="") as file:
        return list(csv.reader(file))


def checks(folder: Path, book: OpenBook) -> list[Check]:
    """Every check."""
    return [
        published_amounts(folder, book),
        caps(folder, book),
        capped_prices(folder, book),
        uncapped_prices(folder, book),
        anesthesia_factors(folder, book),
        zip_codes(folder, book),
        *(totals(book, release) for release in DAY_OF),
        *(components(book, release) for release in DAY_OF),
        *(component_amounts(book, release) for release in DAY_OF),
    ]


def table(made: list[Check], roundings: dict[str, tuple[int, int]]) -> str:
    """The checks as a table, every figure that is not equal, and what other ways of rounding would miss."""
    rows = ["| held against CMS | compared | not equal | |", "|---|---:|---:|---|"]
    rows += [f"| {check.name} | {check.compared:,} | {len(check.unequal)} | {check.told} |" for check in made]
    for check in made:
        if check.unequal:
            rows += ["", f"Not equal, {check.name}: {'; '.join(check.unequal)}."]
        if check.apart:
            rows += ["", f"Left out, {check.name}: {check.apart}."]
    rows += ["", "| OPPSCAP rounded otherwise | amounts | missed |", "|---|---:|---:|"]
    rows += [f"| {name} | {of:,} | {bad:,} |" for name, (bad, of) in roundings.items()]
    return "\n".join(rows)


def main() -> None:
    """Run every check, print the table, and write it where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("book", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    book = OpenBook.open(asked.book)
    made = table(checks(asked.folder, book), other_roundings(asked.folder, book))
    print(made)
    if asked.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

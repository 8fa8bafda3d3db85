"""Several procedures of a day, priced once more from the text of the record layout (RVU25D.pdf, Multiple Procedure).

Slow and obvious: every unit is an entry of a list, and every amount is worked out from the relative values. The rows
are made ones, which collide often, and those of RVU25D as its file has them. No service here bears what changes its
own price; 26 and TC have rows of their own. What is paid alone only (status T), or not at every place (PC/TC 5 and 8),
has tests of its own.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing.model import Indices, Locality, Service
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

DAY = dt.date(2025, 10, 15)
YEAR = {"release": {"release": "2025", "covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 12, 31)}}
FACTOR = Decimal("32.3465")
PLACES = {"11": "office", "22": "facility"}
PLACE = Locality("made", Indices(Decimal("1.017"), Decimal("0.869"), Decimal("0.575")))
GLOBAL_TESTS = {
    "93000": ["93005"],
    "93015": ["93017"],
    "93040": ["93041"],
    "93224": ["93225", "93226"],
    "93241": ["93242", "93243"],
    "93245": ["93246", "93247"],
    "93268": ["93270", "93271"],
    "93784": ["93786", "93788"],
}


@dataclass(frozen=True)
class Row:
    """The columns of a row that the layout's rules for several procedures speak of."""

    hcpcs: str
    modifier: str
    work: Decimal
    expense: dict[str, Decimal]
    malpractice: Decimal
    pc_tc: str
    multiple: str
    bilateral: str
    base: str
    family: str
    cap_expense: dict[str, Decimal]
    cap_malpractice: Decimal


Rows = dict[tuple[str, str], Row]
Asked = tuple[str, str, int, str]
"""Code, modifier (26, TC or none), units, place of service."""


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def dollars(work: Decimal, expense: Decimal, malpractice: Decimal) -> Decimal:
    at = PLACE.indices
    return (work * at.work + expense * at.pe + malpractice * at.mp) * FACTOR


class Day:
    """The services of a day, and what each line is paid; ``paid`` is None where it is by report."""

    def __init__(self, rows: Rows, asked: Sequence[Asked]) -> None:
        self.rows, self.asked = rows, asked
        self.lines = range(len(asked))
        self.row = [rows[code, modifier] for code, modifier, _, _ in asked]
        self.setting = [PLACES[pos] for _, _, _, pos in asked]
        self.units = [units for _, _, units, _ in asked]
        self.paid: list[Decimal | None] = [self.fee(n) * self.units[n] for n in self.lines]
        self.surgery()
        self.diagnostic()
        self.therapy()

    def exact(self, row: Row, setting: str) -> Decimal:
        return dollars(row.work, row.expense[setting], row.malpractice)

    def fee(self, n: int) -> Decimal:
        return cents(self.exact(self.row[n], self.setting[n]))

    def alike(self, n: int) -> tuple[Any, ...]:
        """Among equals the code decides, then modifier, setting and units."""
        setting = "facility" if self.setting[n] == "facility" else "nonfacility"
        return self.row[n].hcpcs, self.asked[n][1], setting, self.units[n], n

    # 2: "rank the procedures by fee schedule amount and apply the appropriate reduction (100, 50, 50, 50, 50 percent
    # and by report)"; 1: 25 percent from the third on; 3: the rules for endoscopies "before ranking the family"

    def surgery(self) -> None:
        ranked = [
            (n, self.fee(n))
            for n in self.lines
            if self.row[n].multiple in {"1", "2", "3"}
            for _ in range(self.units[n])
        ]
        groups: list[list[tuple[int, Decimal]]] = []
        for base in sorted({self.row[n].base for n, _ in ranked if self.row[n].multiple == "3"}):
            family = [one for one in ranked if self.row[one[0]].multiple == "3" and self.row[one[0]].base == base]
            of_base = sorted(
                (one for one in ranked if self.row[one[0]].hcpcs == base), key=lambda one: (-one[1], self.alike(one[0]))
            )
            family += of_base[:1]
            for one in family:
                ranked.remove(one)
            groups.append(self.family(family, base))
        groups += [[one] for one in ranked]
        if len(groups) > 1:
            groups.sort(key=lambda group: (-sum(worth for _, worth in group), sorted(self.alike(n) for n, _ in group)))
        worths: dict[int, list[Decimal | None]] = defaultdict(list)
        for rank, group in enumerate(groups, start=1):
            for n, worth in group:
                reduced = Decimal("0.25") if self.row[n].multiple == "1" and rank > 2 else Decimal("0.5")
                share = Decimal(1) if rank == 1 else reduced
                worths[n].append(worth * share if rank <= 5 or not worth else None)
        for n, of_line in worths.items():
            some = [worth for worth in of_line if worth is not None]
            nothing = not some or (not any(some) and None in of_line)
            self.paid[n] = None if nothing else cents(sum(some, Decimal(0)))

    def family(self, family: list[tuple[int, Decimal]], base: str) -> list[tuple[int, Decimal]]:
        """The full value of the dearest, and of each other the difference to the base; the base itself nothing."""
        family = sorted(family, key=lambda one: (-one[1], self.alike(one[0])))
        left = [family[0]]
        for n, fee in family[1:]:
            of_base = cents(self.exact(self.rows[base, ""], self.setting[n]))
            left.append((n, max(Decimal(0), fee - of_base)))
        return left

    # 4: "rank the procedures by fee schedule amount for the TC; pay 100 percent for the highest priced procedure, and
    # 50 percent for each subsequent"; PC 5 percent off from 2017; 6: TC 25 percent, 7: TC 20 percent off the second on

    def diagnostic(self) -> None:
        kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n in self.lines:
            row = self.row[n]
            if row.multiple in {"6", "7"} or (row.multiple == "4" and row.family != "99"):
                kinds[row.multiple, row.family if row.multiple == "4" else ""].append(n)
        parts = {n: self.parts(n) for n in self.lines}
        changed: set[int] = set()
        for (multiple, _), of_kind in kinds.items():
            shares = {"4": {"TC": "0.50", "26": "0.95"}, "6": {"TC": "0.75"}, "7": {"TC": "0.80"}}[multiple]
            for part, share in shares.items():
                changed |= self.reduce(parts, [n for n in of_kind if part in parts[n]], part, Decimal(share))
        for n in self.lines:
            cap = self.cap(n)
            if cap is not None and "TC" in parts[n] and cap * self.units[n] < parts[n]["TC"]:
                parts[n]["TC"] = cap * self.units[n]
                changed.add(n)
        for n in changed:
            self.paid[n] = cents(sum(parts[n].values(), Decimal(0)))

    def reduce(self, parts: dict[int, dict[str, Decimal]], lines: list[int], part: str, share: Decimal) -> set[int]:
        """Pay the dearest unit of a part in full, each other its share; tells the lines that are paid less."""
        each = []
        for n in lines:
            amount = parts[n][part] / self.units[n]
            each += [(self.capped(n, part, amount), amount, n)] * self.units[n]
        each.sort(key=lambda one: (-one[0], -one[1], self.alike(one[2])))
        for n in lines:
            parts[n][part] = Decimal(0)
        for rank, (_, amount, n) in enumerate(each):
            parts[n][part] += amount * share if rank else amount
        return {n for _, _, n in each[1:]}

    def parts(self, n: int) -> dict[str, Decimal]:
        row, whole = self.row[n], self.fee(n) * self.units[n]
        if row.pc_tc == "1":
            if row.modifier:
                return {row.modifier: whole}
            rows = {part: self.rows.get((row.hcpcs, part)) for part in ("TC", "26")}
            if None in rows.values():
                return {}
            return {part: self.exact(of_it, self.setting[n]) * self.units[n] for part, of_it in rows.items() if of_it}
        if row.multiple in {"4", "6", "7"} and row.pc_tc == "3":
            return {"TC": whole}
        if row.multiple in {"4", "6", "7"} and row.pc_tc == "4" and row.hcpcs in GLOBAL_TESTS:
            codes = [self.rows[code, ""] for code in GLOBAL_TESTS[row.hcpcs]]
            technical = sum((self.exact(code, self.setting[n]) for code in codes), Decimal(0)) * self.units[n]
            return {"TC": technical, "26": whole - technical}
        return {}

    def cap(self, n: int) -> Decimal | None:
        row = self.rows.get((self.row[n].hcpcs, "TC"))
        if row is None or not any(row.cap_expense.values()):
            return None
        return dollars(Decimal(0), row.cap_expense[self.setting[n]], row.cap_malpractice)

    def capped(self, n: int, part: str, amount: Decimal) -> Decimal:
        cap = self.cap(n) if part == "TC" else None
        return amount if cap is None else min(amount, cap)

    # 5: "subject to 50 % of the practice expense component": full payment for the unit with the highest one

    def therapy(self) -> None:
        units = [n for n in self.lines if self.row[n].multiple == "5" for _ in range(self.units[n])]
        units.sort(key=lambda n: (-self.row[n].expense[self.setting[n]], -self.fee(n), self.alike(n)))
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for rank, n in enumerate(units):
            row = self.row[n]
            half = cents(dollars(row.work, row.expense[self.setting[n]] / 2, row.malpractice))
            sums[n] += half if rank else self.fee(n)
        for n, amount in sums.items():
            self.paid[n] = amount


def services(asked: Sequence[Asked]) -> list[Service]:
    return [Service(code, (modifier,) if modifier else (), Decimal(units), pos) for code, modifier, units, pos in asked]


def compare(book: OpenBook, rows: Rows, asked: Sequence[Asked]) -> None:
    told = price(book.as_of(DAY), services(asked), PLACE)
    day = Day(rows, asked)
    assert [line.allowed for line in told.lines] == day.paid, [line.steps for line in told.lines]


# --- real rows


def number(cell: str) -> Decimal:
    return Decimal(cell or "0")


@pytest.fixture(scope="module")
def rvu25d(published: Path) -> Rows:
    """The rows that relative values pay beside others and at any place, by the columns of the record layout."""
    made: Rows = {}
    with (published / "mpfs" / "rvu25d" / "PPRRVU2025_Oct.csv").open(encoding="latin-1", newline="") as file:
        for cells in csv.reader(file):
            if (
                len(cells) < 31
                or len(cells[0]) != 5
                or cells[3] not in {"A", "R"}
                or cells[13] in {"5", "8"}
                or not any(map(number, cells[11:13]))
            ):
                continue
            made[cells[0], cells[1]] = Row(
                hcpcs=cells[0],
                modifier=cells[1],
                work=number(cells[5]),
                expense={"office": number(cells[6]), "facility": number(cells[8])},
                malpractice=number(cells[10]),
                pc_tc=cells[13],
                multiple=cells[18],
                bilateral=cells[19],
                base=cells[23],
                family=cells[27],
                cap_expense={"office": number(cells[28]), "facility": number(cells[29])},
                cap_malpractice=number(cells[30]),
            )
    assert len(made) > 8_900
    return made


@pytest.fixture(scope="module")
def by_kind(rvu25d: Rows) -> list[list[tuple[str, str]]]:
    """Rows that meet each other: of one indicator, of one endoscopic family, and all."""
    kinds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, row in rvu25d.items():
        if row.modifier in {"", "26", "TC"}:
            kinds[row.multiple].append(key)
            kinds["any"].append(key)
        if row.base:
            kinds[row.base] += [key, (row.base, "")]
    return list(kinds.values())


@pytest.mark.published
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_real_services_of_a_day_are_paid_as_the_record_layout_has_it(published_book, rvu25d, by_kind, data):
    pools = data.draw(st.lists(st.sampled_from(by_kind), min_size=1, max_size=3))
    keys = [key for pool in pools for key in data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))]
    compare(published_book, rvu25d, data.draw(once_where_two_are_both_sides(keys, rvu25d)))


@st.composite
def once_where_two_are_both_sides(draw: st.DrawFn, keys: Sequence[tuple[str, str]], rows: Rows) -> list[Asked]:
    """Codes that two units or lines would make both sides of come once; 26 and TC of a code count as the same."""
    seen, asked = set(), []
    for code, modifier in keys:
        once = rows[code, modifier].bilateral not in {"0", "9", ""}
        if once and code in seen:
            continue
        seen.add(code)
        units = 1 if once else draw(st.sampled_from([1, 1, 1, 2, 3]))
        asked.append((code, modifier, units, draw(st.sampled_from(sorted(PLACES)))))
    return asked


# --- made rows

HUNDREDTHS = st.integers(1, 12).map(lambda drawn: Decimal(drawn) * Decimal("0.37"))


@st.composite
def worlds(draw: st.DrawFn) -> Rows:
    """A few codes of each kind, with few different values, so that equals and differences of nothing are common."""
    made: Rows = {}
    for code, multiple, base in (
        *((f"1000{digit}", draw(st.sampled_from("12")), "") for digit in range(4)),
        *((f"{digit}0000", "2", "") for digit in (4, 5)),
        *((f"{family}000{digit}", "3", f"{family}0000") for family in (4, 5) for digit in range(1, 4)),
        *((f"9000{digit}", draw(st.sampled_from("4467")), "") for digit in range(5)),
        *((f"9700{digit}", "5", "") for digit in range(3)),
        ("93000", "6", ""),
    ):
        add(draw, made, code, multiple, base)
    half = {setting: expense / 2 for setting, expense in made["93000", ""].expense.items()}
    technical = {"hcpcs": "93005", "work": Decimal(0), "expense": half, "malpractice": Decimal(0), "pc_tc": "3"}
    made["93005", ""] = Row(**(made["93000", ""].__dict__ | technical))
    return made


def add(draw: st.DrawFn, made: Rows, code: str, multiple: str, base: str) -> None:
    values = [draw(HUNDREDTHS) for _ in range(4)]
    pc_tc = "4" if code == "93000" else "1" if multiple in "467" else "0"
    cap = draw(st.sampled_from([Decimal(0), Decimal(1), Decimal(2)])) if pc_tc == "1" else Decimal(0)
    work, office, facility, malpractice = values
    for modifier in ("", "26", "TC") if pc_tc == "1" else ("",):
        reading = Decimal("0.11") if modifier == "26" else Decimal(0)
        expense = {"": (office, facility), "26": (reading, reading), "TC": (office - reading, facility - reading)}
        at_office, at_facility = expense[modifier]
        made[code, modifier] = Row(
            hcpcs=code,
            modifier=modifier,
            work=Decimal(0) if modifier == "TC" else work,
            expense={"office": max(at_office, Decimal(0)), "facility": max(at_facility, Decimal(0))},
            malpractice=Decimal(0) if modifier else malpractice,
            pc_tc=pc_tc,
            multiple=multiple,
            bilateral="0",
            base=base,
            family=draw(st.sampled_from(["88", "88", "88", "02", "99"])) if multiple == "4" and not modifier else "88",
            cap_expense={"office": cap, "facility": cap}
            if modifier != "26"
            else {"office": Decimal(0), "facility": Decimal(0)},
            cap_malpractice=Decimal("0.02"),
        )
    if pc_tc == "1":
        family = made[code, ""].family
        for modifier in ("26", "TC"):
            made[code, modifier] = Row(**(made[code, modifier].__dict__ | {"family": family}))


def book_of(rows: Rows) -> OpenBook:
    facts = [
        {
            "hcpcs": row.hcpcs,
            "modifier": row.modifier,
            "work_rvu": str(row.work),
            "pe_rvu_nonfacility": str(row.expense["office"]),
            "pe_rvu_facility": str(row.expense["facility"]),
            "mp_rvu": str(row.malpractice),
            "total_nonfacility": "1.00",
            "total_facility": "1.00",
            "pc_tc_indicator": row.pc_tc,
            "multiple_procedure": row.multiple,
            "bilateral": row.bilateral,
            "endoscopic_base": row.base,
            "imaging_family": row.family if row.multiple == "4" else "99",
            "opps_pe_nonfacility": str(row.cap_expense["office"]),
            "opps_pe_facility": str(row.cap_expense["facility"]),
            "opps_mp": str(row.cap_malpractice),
            "conversion_factor": str(FACTOR),
        }
        | YEAR
        for row in rows.values()
    ]
    places = [{"pos": place, "facility": setting == "facility"} | YEAR for place, setting in PLACES.items()]
    return book_from({"mpfs": facts, "pos": places})


@settings(max_examples=100)
@given(rows=worlds(), data=st.data())
def test_made_services_of_a_day_are_paid_as_the_record_layout_has_it(rows, data):
    book = book_of(rows)
    for _ in range(3):
        keys = data.draw(st.lists(st.sampled_from(sorted(rows)), min_size=1, max_size=8))
        compare(book, rows, data.draw(once_where_two_are_both_sides(keys, rows)))

"""Looking things up in the book: one door, ``as_of(service_date, known_on)``.

Every lookup answers *known*, *not applicable* (a release that speaks for the code has no such fact) or *no data*,
and says which releases it looked in. An answer from a release that does not cover the service date is ``stale``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from cleanclaim.book.facts import (
    AddOnEdit,
    AnesthesiaBaseUnits,
    AnesthesiaFactor,
    DrugLimit,
    EquipmentFee,
    FeeScheduleRow,
    Gpci,
    HcpcsCode,
    Icd10cmCode,
    Icd10cmNote,
    ImagingGuidance,
    LaboratoryFee,
    MueLimit,
    PlaceOfService,
    PtpEdit,
    RemittanceCode,
    Taxonomy,
    TaxonomySpecialty,
    ZipLocality,
)
from cleanclaim.book.payers.shelf import Policies, load_policies
from cleanclaim.book.provenance import Release
from cleanclaim.book.store import BookStore, cache_folder, replace_file
from cleanclaim.errors import BookError
from cleanclaim.index import format as index_format
from cleanclaim.index.tables import TABLES, IndexedTable, layout, spec
from cleanclaim.types import BookEntry, Date, Setting, State

Fact = TypeVar("Fact")
Key = TypeVar("Key")
Made = TypeVar("Made")
_MEMO_LIMIT: Final = 200_000
_MOST_PTP_CODES: Final = 2_000
"""Codes of which the partners are remembered for one period, some 25 MB."""
_MOST_PAIRS: Final = 100_000
"""Pairs of codes of which the edits are remembered for one period."""
_MOST_DAYS: Final = 1_000
"""Days kept open: more than two years of service dates; a longer file opens them again."""
_MOST_KEPT: Final = 20_000
"""What is made of answers and remembered for one period, or one day: with lines billed apart some 50 MB."""
_KNOWN: Final = State.KNOWN  # asked so often that coming by a member of an enumeration tells
_NO_DATA: Final = State.NO_DATA
_ARRAYS: Final = 3
"""Raised whenever the index builder writes other arrays, so that an index of before is built again."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Fact]):
    """What the book says. ``facts`` are the rows in force, best first; empty unless the state is known."""

    state: State
    facts: tuple[Fact, ...] = ()
    release: Release | None = None
    stale: bool = False
    looked_in: tuple[Release, ...] = ()

    @property
    def fact(self) -> Fact:
        """The row in force. Call it only on a known answer."""
        return self.facts[0]

    @property
    def known(self) -> bool:
        """A row is in force."""
        return self.state is _KNOWN

    @property
    def no_data(self) -> bool:
        """No loaded release speaks for the code on the date."""
        return self.state is _NO_DATA


@dataclass(frozen=True, slots=True)
class PairsOf:
    """Every pair edit of one code in force on a day: the other code, and the modifier indicator.

    ``column_one``: the code is Column One, so the others are denied beside it; ``column_two``: it is denied beside
    them. ``releases`` are those that made the answer, best first, each with whether it is stale there.
    """

    column_one: dict[str, int]
    column_two: dict[str, int]
    releases: tuple[tuple[Release, bool], ...] = ()

    @property
    def known(self) -> bool:
        """An edit is in force."""
        return bool(self.column_one or self.column_two)

    @property
    def no_data(self) -> bool:
        """No loaded release speaks for the code on the date."""
        return not self.releases


class BothOrders(NamedTuple):
    """What the pair edits say of two codes, either as Column One.

    ``told`` is the answer to tell of them: that of the first order, unless only the other is stale. ``untold``: of one
    order no release tells. ``plain``: there is no edit, for certain.
    """

    forth: Answer[PtpEdit]
    back: Answer[PtpEdit]
    told: Answer[PtpEdit]
    untold: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class PtpCode:
    """A procedure code among the pair edits.

    ``partners`` are the pool numbers of the codes that some row denies beside it, on whatever day; ``spoken_for`` the
    numbers of the releases that speak for it on the day.
    """

    number: int
    partners: frozenset[int]
    spoken_for: frozenset[int]


class Index:
    """An opened index: finds rows by key and makes facts of them."""

    def __init__(self, file: index_format.IndexFile) -> None:
        self._arrays = file.arrays
        self.releases: tuple[Release, ...] = tuple(Release.from_json(entry) for entry in file.header["releases"])
        self._ends = file.arrays["pool.ends"]
        self._bytes = file.arrays["pool.bytes"]
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._columns: dict[tuple[str, str], frozenset[int]] = {}
        self._rows_by_value: dict[tuple[str, str], dict[int, list[int]]] = {}

    @property
    def turns(self) -> Sequence[int]:
        """The days on which a row that is dated by itself begins to bind or no longer does, as ordinals."""
        return self._arrays.get("turns", ())

    def days_in(self, table: str, column: str) -> Sequence[int]:
        """Every date of a table's column, as ordinals; 0 where a row has none."""
        return self._arrays.get(f"{table}.{column}", ())

    def text(self, number: int) -> str:
        """The pool's text with ``number``."""
        known = self._texts.get(number)
        if known is None:
            known = str(self._bytes[self._ends[number] : self._ends[number + 1]], "utf-8")
            _remember(self._texts, number, known, _MEMO_LIMIT)
        return known

    def number(self, text: str) -> int:
        """The pool number of ``text``, -1 when the book never says it."""
        known = self._numbers.get(text)
        if known is not None:
            return known
        wanted = text.encode(errors="surrogatepass")  # JSON can hold what is no text; the book never does
        low, high = 0, len(self._ends) - 1
        while low < high:
            middle = (low + high) // 2
            if bytes(self._bytes[self._ends[middle] : self._ends[middle + 1]]) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low if low < len(self._ends) - 1 and self.text(low) == text else -1
        _remember(self._numbers, text, found, _MEMO_LIMIT)
        return found

    def rows(self, table: IndexedTable, *key: str) -> range:
        """The rows of ``table`` with ``key``, over all releases."""
        keys = self._arrays.get(f"{table.name}.key")
        if keys is None:
            return range(0)
        numbers = [self.number(part) for part in key]
        if -1 in numbers:
            return range(0)
        wanted = numbers[0] << 32 | (numbers[1] if len(numbers) > 1 else 0)
        first = bisect_left(keys, wanted)
        return range(first, bisect_left(keys, wanted + 1, first))

    def table_rows(self, table: IndexedTable) -> range:
        """Every row of a table, over all releases."""
        return range(len(self._arrays.get(f"{table.name}.key", ())))

    def second_keys(self, table: IndexedTable, text: str) -> frozenset[int]:
        """The second parts, as pool numbers, of all keys of ``table`` that begin with ``text``."""
        keys, number = self._arrays.get(f"{table.name}.key"), self.number(text)
        if keys is None or number < 0:
            return frozenset()
        first = bisect_left(keys, number << 32)
        of_text = keys[first : bisect_left(keys, number + 1 << 32, first)]
        return frozenset(map((number << 32).__xor__, of_text))  # without the first part; a code has thousands of keys

    def rows_with(self, table: IndexedTable, column: str, text: str) -> Sequence[int]:
        """The rows of ``table`` with ``text`` in one of its text columns, over all releases.

        The parts of the key are sorted and searched; any other column is read through, once.
        """
        values = self._arrays.get(f"{table.name}.{column}")
        number = self.number(text)
        if values is None or number < 0:
            return ()
        if column == table.key[0]:
            keys = self._arrays[f"{table.name}.key"]
            first = bisect_left(keys, number << 32)
            return range(first, bisect_left(keys, number + 1 << 32, first))
        if column in table.key:
            order = self._arrays[f"{table.name}.{column}.order"]
            first = bisect_left(order, number, key=values.__getitem__)
            return order[first : bisect_left(order, number + 1, first, key=values.__getitem__)]
        return self._inverted(table, column).get(number, ())

    def _inverted(self, table: IndexedTable, column: str) -> dict[int, list[int]]:
        """The rows of each value of a column, read through once."""
        made = self._rows_by_value.get((table.name, column))
        if made is None:
            made = self._rows_by_value[table.name, column] = {}
            for row, value in enumerate(self._arrays[f"{table.name}.{column}"]):
                made.setdefault(value, []).append(row)
        return made

    def is_in_column(self, table: IndexedTable, column: str, text: str) -> bool:
        """True when some row of any release has ``text`` in a text column; the column is read through once."""
        numbers = self._columns.get((table.name, column))
        if numbers is None:
            numbers = frozenset(self._arrays.get(f"{table.name}.{column}", ()))
            self._columns[table.name, column] = numbers
        return self.number(text) in numbers

    def release_of(self, table: IndexedTable, row: int) -> int:
        """The number of the release that published a row."""
        return int(self._arrays[f"{table.name}.release"][row])

    def day(self, table: IndexedTable, column: str, row: int) -> int:
        """A date column as an ordinal, 0 for null."""
        return self.cell(table, column, row)

    def column(self, table: IndexedTable, column: str) -> Sequence[int]:
        """A whole column as :meth:`cell` tells it, row by row."""
        made: Sequence[int] = self._arrays[f"{table.name}.{column}"]
        return made

    def cell(self, table: IndexedTable, column: str, row: int) -> int:
        """A cell as it is kept: a number, a truth, a day's ordinal, or the pool number of a text."""
        return int(self._arrays[f"{table.name}.{column}"][row])

    def fact(self, table: IndexedTable, row: int) -> Any:
        """The fact record of a row."""
        return table.fact(
            *(self._decode[kind](self._arrays[f"{table.name}.{name}"][row]) for name, kind in _columns(table))
        )

    @cached_property
    def _decode(self) -> dict[str, Callable[[int], Any]]:
        return {
            "s": self.text,
            "d": lambda number: Decimal(self.text(number) or "0"),
            "i": int,
            "b": bool,
            "t": lambda ordinal: dt.date.fromordinal(ordinal) if ordinal else None,
        }

    def speaks_for(self, table: IndexedTable, release: int, code: str) -> bool:
        """True when a release lists ``code``."""
        listed = self._arrays.get(f"{table.name}.listed")
        number = self.number(code)
        if listed is None or number < 0:
            return False
        wanted = number << 32 | release
        at = bisect_left(listed, wanted)
        return at < len(listed) and listed[at] == wanted

    def is_code(self, code: str, by: Date | None) -> bool:
        """True when some list of codes shows that ``code`` existed by a day (None: at any time).

        A whole release of pair edits is such a list too: of some codes, anesthesia's, hardly anything else tells.
        Where a list does not say when a code began, one of the quarter after the day still shows that it existed.
        """
        next_quarter = None if by is None else by + dt.timedelta(days=92)
        for table in TABLES:
            if not table.by_code:
                continue
            if len(table.key) > 1:
                if self._listed_by_whole_release(table, code, next_quarter):
                    return True
                continue
            for row in self.rows(table, code):
                release = self.releases[self.release_of(table, row)]
                started = self.day(table, "valid_from", row) if table.lists_codes and table.cumulative else 0
                known_by = dt.date.fromordinal(started) if started else release.covers_from
                latest = by if started else next_quarter
                if latest is None or known_by is None or known_by <= latest:
                    return True
        return False

    def _listed_by_whole_release(self, table: IndexedTable, code: str, latest: Date | None) -> bool:
        return any(
            release.whole
            and release.source in table.sources
            and (latest is None or release.covers_from is None or release.covers_from <= latest)
            and self.speaks_for(table, number, code)
            for number, release in enumerate(self.releases)
        )

    def keys_of(self, table: IndexedTable) -> list[str]:
        """Every distinct first key of a table, in order."""
        keys = self._arrays.get(f"{table.name}.key")
        return [] if keys is None else [self.text(number) for number in sorted({key >> 32 for key in keys})]


_COLUMNS: Final = {table.name: table.columns for table in TABLES}


def _columns(table: IndexedTable) -> tuple[tuple[str, str], ...]:
    return _COLUMNS[table.name]


class Kept(dict[Any, Any]):
    """What was made of answers of the book, by what decides it."""

    def keep(self, key: Any, made: Made) -> Made:
        """Remember something; where there is too much of it, begin anew."""
        _remember(self, key, made, _MOST_KEPT)
        return made


def _remember(kept: dict[Key, Made], key: Key, made: Made, most: int) -> None:
    """Remember something; where there is too much of it, begin anew: what is asked now is what will be asked again."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = made


class Period:
    """Days of one quarter on which the whole book answers alike, and what it was asked before of any of them."""

    def __init__(self) -> None:
        self.order: dict[str, tuple[tuple[int, bool], ...]] = {}
        self.answers: dict[tuple[str, ...], Answer[Any]] = {}
        self.pairs: dict[tuple[Setting, str, str], BothOrders] = {}
        self.ptp_codes: dict[tuple[str, str], PtpCode] = {}
        self.kept = Kept()
        """For who reads the book: what else was made of its answers, and holds on each of these days."""


class DayBook:
    """The book as it stood for services on one day."""

    def __init__(self, index: Index, day: Date, known_on: Date | None, period: Period | None = None) -> None:
        self._index = index
        self.day = day
        self.period = Period() if period is None else period
        self._ordinal = day.toordinal()
        self._known_on = known_on
        self._order = self.period.order
        self._memo = self.period.answers
        self._coverage_loaded: frozenset[str] | None = None
        self.kept = Kept()
        """As :attr:`Period.kept`, for what holds on this very day."""

    def day_of(self, table: str) -> Date:
        """The day for which the rows of a table are asked: this one, unless a book is held to one release of it."""
        del table
        return self.day

    def ptp(self, setting: Setting, column_one: str, column_two: str) -> Answer[PtpEdit]:
        """The edit in force that pays ``column_one`` and denies ``column_two``, in that order only."""
        return self._answer(f"ptp-{setting}", column_one, column_two)

    def ptp_of_two(self, setting: Setting, first: str, second: str) -> BothOrders:
        """The edits in force between two codes: with ``first`` as Column One, and with ``second``."""
        key = (setting, first, second)
        pairs = self.period.pairs
        found = pairs.get(key)
        if found is None:
            table = spec(f"ptp-{setting}")
            forth, back = self._look_up(table, (first, second)), self._look_up(table, (second, first))
            untold = forth.no_data or back.no_data
            plain = not (untold or forth.known or back.known)
            found = BothOrders(forth, back, back if back.stale else forth, untold, plain)
            _remember(pairs, key, found, _MOST_PAIRS)
        return found

    def ptp_code(self, setting: Setting, hcpcs: str) -> PtpCode:
        """What decides whether a pair with this code can have an edit at all, and which releases tell."""
        key = (f"ptp-{setting}", hcpcs)
        codes = self.period.ptp_codes
        made = codes.get(key)
        if made is None:
            table, number = spec(key[0]), self._index.number(hcpcs)
            spoken_for = (at for at, _ in self._candidates(table) if self._speaks_for(table, at, (hcpcs,)))
            made = PtpCode(number, self._index.second_keys(table, hcpcs), frozenset(spoken_for))
            _remember(codes, key, made, _MOST_PTP_CODES)
        return made

    def ptp_of(self, setting: Setting, hcpcs: str) -> PairsOf:
        """Every edit in force of a code, whichever column it stands in: as :meth:`ptp` answers pair by pair."""
        table = spec(f"ptp-{setting}")
        as_one = self._pairs_by_release(table, "column_one", "column_two", hcpcs)
        as_two = self._pairs_by_release(table, "column_two", "column_one", hcpcs)
        column_one: dict[str, int] = {}
        column_two: dict[str, int] = {}
        speaking: list[int] = []
        used: list[tuple[Release, bool]] = []
        for number, stale in self._candidates(table):
            before = len(column_one) + len(column_two)
            for code, indicator in as_one.get(number, {}).items():
                if code not in column_one and not self._spoken(table, speaking, (hcpcs, code)):
                    column_one[code] = indicator
            for code, indicator in as_two.get(number, {}).items():
                if code not in column_two and not self._spoken(table, speaking, (code, hcpcs)):
                    column_two[code] = indicator
            speaks = self._speaks_for(table, number, (hcpcs,))
            if len(column_one) + len(column_two) > before or (speaks and not used):
                used.append((self._index.releases[number], stale))
            if speaks:
                speaking.append(number)
        return PairsOf(column_one, column_two, tuple(used))

    def _pairs_by_release(self, table: IndexedTable, column: str, other: str, hcpcs: str) -> dict[int, dict[str, int]]:
        """For each release: the other code and the indicator of every pair that binds on the day.

        As :meth:`_in_force` for each pair, told in one pass over the columns: a code may have thousands of pairs.
        """
        index, day = self._index, self.day_of(table.name).toordinal()
        rows = index.rows_with(table, column, hcpcs)
        if not rows:
            return {}
        releases, others, indicators, begins, ends = (
            index.column(table, name) for name in ("release", other, "modifier_indicator", "valid_from", "valid_to")
        )
        found: dict[int, dict[int, tuple[int, int]]] = {}
        for row in rows:
            end = ends[row]
            if begins[row] > day or 0 < end < day:
                continue
            pairs = found.setdefault(releases[row], {})
            kept, number, end = pairs.get(others[row]), others[row], end or _OPEN
            if kept is None or end < kept[0]:
                pairs[number] = (end, indicators[row])
        return {
            release: {index.text(number): indicator for number, (_, indicator) in pairs.items()}
            for release, pairs in found.items()
        }

    def _spoken(self, table: IndexedTable, earlier: list[int], key: tuple[str, str]) -> bool:
        """True when a release asked before says that a pair it does not list has no edit."""
        return any(self._speaks_for(table, number, key) for number in earlier)

    def mue(self, setting: Setting, hcpcs: str) -> Answer[MueLimit]:
        """The published unit limit of a code. Not applicable: none is published (some are confidential)."""
        return self._answer(f"mue-{setting}", hcpcs)

    def add_on(self, hcpcs: str) -> Answer[AddOnEdit]:
        """The edits of an add-on code, one for each primary. Not applicable: it is no add-on code."""
        return self._answer("aoc", hcpcs)

    def primary_of(self, hcpcs: str) -> Answer[AddOnEdit]:
        """The add-on edits in which a code is the primary."""
        return self._answer("aoc-primary", hcpcs)

    def fee_schedule(self, hcpcs: str) -> Answer[FeeScheduleRow]:
        """The fee-schedule rows of a code: without modifier, and with 26, TC or 53 where there are such."""
        return self._answer("mpfs", hcpcs)

    def gpci(self, mac: str, locality: str) -> Answer[Gpci]:
        """The practice cost indices of a locality of a Medicare contractor."""
        return self._answer("gpci", mac, locality)

    def gpcis_of(self, mac: str) -> tuple[Gpci, ...]:
        """The localities of a contractor in the release that answers for the day, in order of their numbers."""
        return tuple(fact for fact in self.gpcis() if fact.mac == mac)

    def gpcis(self) -> tuple[Gpci, ...]:
        """Every locality of the release that answers for the day, in order of contractors and numbers."""
        kept: tuple[Gpci, ...] | None = self.period.kept.get("gpcis")
        if kept is None:
            table = _SPECS["gpci"]
            answers = self._candidates(table)
            rows = self._index.table_rows(table) if answers else range(0)
            of_release = (row for row in rows if self._index.release_of(table, row) == answers[0][0])
            facts = (self._index.fact(table, row) for row in of_release)
            kept = self.period.kept["gpcis"] = tuple(sorted(facts, key=lambda fact: (fact.mac, fact.locality)))
        return kept

    def anesthesia_factor(self, mac: str, locality: str) -> Answer[AnesthesiaFactor]:
        """Dollars for an anesthesia unit in a locality, or with two empty texts the national factor."""
        return self._answer("anesthesia", mac, locality)

    def base_units(self, hcpcs: str) -> Answer[AnesthesiaBaseUnits]:
        """The base units of an anesthesia code."""
        return self._answer("base-units", hcpcs)

    def laboratory_fee(self, hcpcs: str) -> Answer[LaboratoryFee]:
        """The rates of a laboratory test: without modifier, and with QW where there is such a row."""
        return self._answer("clfs", hcpcs)

    def equipment_fee(self, hcpcs: str, state: str) -> Answer[EquipmentFee]:
        """The fees of an item in a state, one for each of its modifiers: of equipment, else of nutrition."""
        answer = self._answer("dmepos", hcpcs, state)
        nutrition = answer if answer.known else self._answer("dmepos-pen", hcpcs, state)
        return nutrition if nutrition.known or answer.no_data else answer

    def equipment_is_listed(self, hcpcs: str) -> bool:
        """True when a loaded DMEPOS schedule, of whatever quarter, has a fee of the item in some state."""
        return any(
            self._index.releases[self._index.release_of(table, row)].known_on(self._known_on)
            for table in (spec("dmepos"), spec("dmepos-pen"))
            for row in self._index.rows_with(table, "hcpcs", hcpcs)
        )

    def drug_limit(self, hcpcs: str) -> Answer[DrugLimit]:
        """The Part B payment limit of a drug for one billing unit."""
        return self._answer("asp", hcpcs)

    def is_endoscopic_base(self, hcpcs: str) -> bool:
        """True when a loaded fee schedule makes a code the base of other endoscopies."""
        return self._index.is_in_column(spec("mpfs"), "endoscopic_base", hcpcs)

    def hcpcs(self, hcpcs: str) -> Answer[HcpcsCode]:
        """A HCPCS Level II code, or a two-character Level II modifier, with the days it may be used."""
        return self._answer("hcpcs", hcpcs)

    def icd10cm(self, icd10cm: str) -> Answer[Icd10cmCode]:
        """A diagnosis code without its dot. Not applicable: the release in force does not have it."""
        return self._answer("icd10cm", icd10cm)

    def icd10cm_title(self, icd10cm: str) -> Answer[Icd10cmCode]:
        """A diagnosis code as the best release that gives it a title has it: the official list comes without any."""
        table = _SPECS["icd10cm"]
        rows = self._index.rows(table, icd10cm)
        for number, stale in self._candidates(table):
            for row in self._in_force(table, rows, number):
                fact = self._index.fact(table, row)
                if fact.description:
                    return Answer(State.KNOWN, (fact,), self._index.releases[number], stale)
        return self.icd10cm(icd10cm)

    def icd10cm_notes(self, icd10cm: str) -> Answer[Icd10cmNote]:
        """What the tabular list says at a diagnosis code or heading itself, not at the headings above it."""
        return self._answer("icd10cm-notes", icd10cm)

    def place_of_service(self, pos: str) -> Answer[PlaceOfService]:
        """A place-of-service code."""
        return self._answer("pos", pos)

    def taxonomy(self, taxonomy: str) -> Answer[Taxonomy]:
        """A provider taxonomy code."""
        return self._answer("taxonomy", taxonomy)

    def taxonomy_specialty(self, taxonomy: str) -> Answer[TaxonomySpecialty]:
        """The Medicare specialties as which a provider taxonomy code enrolls."""
        return self._answer("taxonomy-specialty", taxonomy)

    def carc(self, code: str) -> Answer[RemittanceCode]:
        """A claim adjustment reason code."""
        return self._answer("carc", code)

    def rarc(self, code: str) -> Answer[RemittanceCode]:
        """A remittance advice remark code."""
        return self._answer("rarc", code)

    def imaging(self, hcpcs: str) -> Answer[ImagingGuidance]:
        """How a procedure stands to imaging guidance."""
        return self._answer("imaging", hcpcs)

    def zip_locality(self, zip_code: str) -> Answer[ZipLocality]:
        """The Part B contractor and the pricing locality of a ZIP code of five digits."""
        return self._answer("zip-locality", zip_code)

    def coverage(self, table: str, *key: str) -> Answer[Any]:
        """Rows of a table of the coverage database (``article-hcpcs``), whether or not they bind on the day."""
        return self._answer(f"mcd-{table}", *key)

    def coverage_rows(self, table: str, article_id: str) -> int:
        """How many rows any known release has of an article in a table whose key begins with it."""
        return len(self._index.rows_with(_SPECS[f"mcd-{table}"], "article_id", article_id))

    def coverage_loaded(self, table: str) -> bool:
        """A whole table of the Medicare Coverage Database is loaded, of whatever day."""
        if self._coverage_loaded is None:
            self._coverage_loaded = frozenset(
                release.source for release in self._index.releases if release.whole and release.known_on(self._known_on)
            )
        return f"mcd-{table}" in self._coverage_loaded

    def ever(self, table: str, *key: str) -> bool:
        """True when any release known on the day asked for, of whatever span, has a row with this key."""
        looked_up = spec(table)
        return any(
            self._index.releases[self._index.release_of(looked_up, row)].known_on(self._known_on)
            for row in self._index.rows(looked_up, *key)
        )

    def hcpcs_ever(self, hcpcs: str) -> Answer[HcpcsCode] | None:
        """The Level II code as the first release that lists it does, in force on the day or not."""
        table = spec("hcpcs")
        rows = self._index.rows(table, hcpcs)
        for number, stale in self._candidates(table):
            of_release = [row for row in rows if self._index.release_of(table, row) == number]
            if of_release:
                fact = self._index.fact(table, of_release[-1])
                return Answer(State.NOT_APPLICABLE, (fact,), self._index.releases[number], stale)
        return None

    def whole_release(self, table: str) -> Release | None:
        """The whole release of a table that was issued for this day, None where none is loaded."""
        for number, stale in self._candidates(spec(table)):
            release = self._index.releases[number]
            if release.whole and not stale:
                return release
        return None

    def _answer(self, name: str, *key: str) -> Answer[Any]:
        memo_key = (name, *key)
        answer = self._memo.get(memo_key)
        if answer is None:
            answer = self._look_up(_SPECS[name], key)
            _remember(self._memo, memo_key, answer, _MEMO_LIMIT)
        return answer

    def _look_up(self, table: IndexedTable, key: tuple[str, ...]) -> Answer[Any]:
        looked_in: list[Release] = []
        rows = self._index.rows(table, *key)
        for number, stale in self._candidates(table):
            release = self._index.releases[number]
            looked_in.append(release)
            found = self._in_force(table, rows, number)
            if found:
                facts = tuple(self._index.fact(table, row) for row in found)
                return Answer(State.KNOWN, facts, release, stale, tuple(looked_in))
            if self._speaks_for(table, number, key):
                return Answer(State.NOT_APPLICABLE, (), release, stale, tuple(looked_in))
        return Answer(State.NO_DATA, looked_in=tuple(looked_in))

    def _speaks_for(self, table: IndexedTable, number: int, key: tuple[str, ...]) -> bool:
        """True when a release without a row for the key thereby says that there is none.

        A whole release speaks for every code its code set had; a part, and the starter, for the codes it lists.
        """
        release = self._index.releases[number]
        if not table.by_code or table.lists_codes:
            return release.whole or (table.by_code and self._index.speaks_for(table, number, key[0]))
        return all(
            self._index.speaks_for(table, number, code)
            or (release.whole and self._index.is_code(code, release.covers_to))
            for code in key
        )

    def _in_force(self, table: IndexedTable, rows: Sequence[int], release: int) -> list[int]:
        """Rows of one release that bind on the day.

        Where rows of a pair overlap (a re-export lost the start dates), the one with the earliest deletion
        date on or after the day is in force: an open row counts last.
        """
        index, day = self._index, self.day_of(table.name).toordinal()
        of_release = [row for row in rows if index.release_of(table, row) == release]
        if not table.cumulative or not of_release:
            return of_release
        binding = [
            row
            for row in of_release
            if index.day(table, "valid_from", row) <= day
            and (index.day(table, "valid_to", row) == 0 or day <= index.day(table, "valid_to", row))
        ]
        binding.sort(key=lambda row: index.day(table, "valid_to", row) or dt.date.max.toordinal())
        return binding

    def _candidates(self, table: IndexedTable) -> tuple[tuple[int, bool], ...]:
        """Releases that may answer for the day, best first, each with whether its answer is stale.

        First those issued for the day, then earlier ones; of one span a whole release before a part, and the
        latest first. A later release answers for an earlier day only where the table keeps its history.
        """
        order = self._order.get(table.name)
        if order is not None:
            return order
        ranked = []
        for number, release in enumerate(self._index.releases):
            if release.source not in table.sources:
                continue
            if not release.known_on(self._known_on):
                continue
            start = release.covers_from.toordinal() if release.covers_from is not None else 0
            later = start > self._ordinal
            if later and not (table.cumulative or table.dated_elsewhere):
                continue
            stale = not release.covers(self.day)
            nearness = start if later else -start
            ranked.append((stale, later, nearness, not release.whole, release.starter, number))
        ranked.sort()
        order = tuple((entry[-1], entry[0]) for entry in ranked)
        self._order[table.name] = order
        return order


_OPEN: Final = dt.date.max.toordinal()
"""The end, for comparison, of a row that has none."""
_SPECS: Final = {table.name: table for table in TABLES}


class OpenBook:
    """A book opened for lookup."""

    def __init__(self, index: Index, store: BookStore | None = None) -> None:
        self.index = index
        self.store = store
        self._days: dict[tuple[Date, Date | None], DayBook] = {}
        self._periods: dict[tuple[int, int, int, Date | None], Period] = {}
        self._turns = _turns(index)
        self._entries: dict[Date | None, tuple[BookEntry, ...]] = {}
        self.kept: dict[Any, Any] = {}
        """As :attr:`Period.kept`, for what holds on any day."""
        self._policies: Policies | None = None

    @property
    def policies(self) -> Policies:
        """The payers' policies: those that come with the package, and the user's (:meth:`use_policies`)."""
        if self._policies is None:
            self._policies = load_policies()
        return self._policies

    def use_policies(self, given: Policies | Iterable[Path | str] = (), payer: str = "") -> None:
        """Answer from these payer policies: policy files and folders, beside those that come with the package.

        Without any, from those that CLEANCLAIM_POLICIES names. ``payer`` takes every claim as one payer's, named by
        short name, identifier or name. Raises InputError where a policy is refused, UnknownName for a payer that has
        none.
        """
        policies = given if isinstance(given, Policies) else load_policies(given)
        self._policies = policies.of_one_payer(payer) if payer else policies
        self.kept.clear()

    @classmethod
    def open(
        cls,
        folder: Path | str | None = None,
        *,
        with_starter: bool | None = None,
        building: Callable[[], None] = lambda: None,
    ) -> OpenBook:
        """Open the book in ``folder`` (see :meth:`BookStore.locate`), building its index when there is none.

        ``building`` is called before an index is built, which takes seconds, for who tells somebody who waits.
        Raises BookError when the book is damaged.
        """
        store = BookStore.locate(folder, with_starter=with_starter)
        return cls(_index(store, building), store)

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every release the book can answer from."""
        return self.index.releases

    def entries(self, known_on: Date | None = None) -> tuple[BookEntry, ...]:
        """The releases known on a day, as a report names them."""
        made = self._entries.get(known_on)
        if made is None:
            made = self._entries[known_on] = tuple(
                BookEntry(release.source, release.release, release.starter)
                for release in self.releases
                if release.known_on(known_on)
            )
        return made

    def as_of(self, service_date: Date, known_on: Date | None = None) -> DayBook:
        """The book for services on ``service_date``, as it was known on ``known_on`` (default: all of it)."""
        key = (service_date, known_on)
        day = self._days.get(key)
        if day is None:
            turn = bisect_right(self._turns, service_date.toordinal())
            period = (turn, service_date.year, (service_date.month - 1) // 3, known_on)
            day = self._day_book(service_date, known_on, self._periods.setdefault(period, Period()))
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
                self._periods.clear()
            self._days[key] = day
        return day

    @property
    def turns(self) -> Sequence[int]:
        """The days on which some answer may change, in order, as ordinals; quarters and years aside."""
        return self._turns

    def _day_book(self, service_date: Date, known_on: Date | None, period: Period) -> DayBook:
        return DayBook(self.index, service_date, known_on, period)


def _turns(index: Index) -> list[int]:
    """The days on which some answer of the book may change: a dated row begins or has ended, or a release has."""
    of_releases = {
        day.toordinal() + later
        for release in index.releases
        for day, later in ((release.covers_from, 0), (release.covers_to, 1))
        if day is not None and day != dt.date.max
    }
    return sorted(of_releases.union(index.turns))


def _index(store: BookStore, building: Callable[[], None] = lambda: None) -> Index:
    """The index of a book; one that is missing, damaged or just being replaced by another process is built again."""
    places = _places(store)
    for place in places:
        if (found := _opened(place)) is not None:
            return found
    # Imported here: building needs numpy and pyarrow, reading does not.
    from cleanclaim.index.build import build  # noqa: PLC0415

    building()
    content = build(store)
    for place in places:
        try:
            replace_file(place, content)
        except OSError:
            continue
        if len(places) > 1 and place is places[0]:
            _remove_outdated(place.parent, store)
        if (found := _opened(place)) is not None:
            return found
    return Index(index_format.parse(memoryview(content), "the index in memory"))


def index_file(store: BookStore) -> Path:
    """The file that the index of a book lies in, made when there is none, for who hands it to other machines.

    Raises BookError where there is no place to keep one.
    """
    _index(store)
    for place in _places(store):
        if _opened(place) is not None:
            return place
    raise BookError(
        f"The index of the book cannot be kept: neither the book's folder nor {cache_folder()} can be written to. "
        "Set XDG_CACHE_HOME to a folder that can."
    )


def _places(store: BookStore) -> list[Path]:
    """Where the index of a book may lie, best first: with the user's own releases, then in the cache."""
    name = _index_name(store)
    own = [store.folder / "index" / name] if store.folder is not None and store.own_releases() else []
    return [*own, cache_folder() / name]


def _index_name(store: BookStore) -> str:
    return f"{store.fingerprint()}-{_ARRAYS}-{layout()}.idx"


def _opened(place: Path) -> Index | None:
    try:
        return Index(index_format.open_file(place))
    except (OSError, BookError, KeyError, TypeError, ValueError):
        return None


def _remove_outdated(folder: Path, store: BookStore) -> None:
    """Delete indexes of the book as it was before; the one without (or with) the starter stays."""
    wanted = {_index_name(replace(store, with_starter=chosen)) for chosen in (True, False)}
    for old in folder.glob("*.idx"):
        if old.name not in wanted:
            with contextlib.suppress(OSError):
                old.unlink()

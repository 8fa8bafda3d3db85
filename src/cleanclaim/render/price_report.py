"""Prices as JSON and as a table that a biller reads: each amount, what it is made of, and where that is published."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import typer

from cleanclaim.pricing.model import NATIONAL, Priced, PricedLine
from cleanclaim.pricing.policy import parameter
from cleanclaim.render import jsonable
from cleanclaim.render.dollars import dollars
from cleanclaim.types import Citation, Money, format_money

_SCHEDULES: Final = {
    "mpfs": "physician fee schedule",
    "anesthesia": "anesthesia",
    "clfs": "clinical laboratory fee schedule",
    "dmepos": "DMEPOS fee schedule",
    "asp": "drug payment limit (ASP)",
}
_AFTERWARDS: Final = (
    ("Limiting charge, where no assignment is taken", ("limiting_charge_share",)),
    ("Medicare pays, after coinsurance and sequestration", ("coinsurance_share", "sequestration_share")),
)
"""What follows from an amount without changing it, and the parameters that say so."""
_NO_DATA: Final = "no_data"
_AMOUNT: Final = 13
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
_NARROWEST: Final = 60
_WIDEST: Final = 100
_INDEX_PLACES: Final = Decimal("0.001")


def as_json(priced: Priced) -> dict[str, Any]:
    """The prices as the contract has them, with further keys."""
    place = priced.locality
    return {
        "schema": "cleanclaim.price/1",
        "date": jsonable.plain(priced.date),
        "locality": place.code,
        "locality_name": place.name,
        "state": place.state or None,
        "total": jsonable.plain(priced.total),
        "unpriced": priced.unpriced,
        "stale": [
            {"source": cited.source, "release": cited.release, "covers_to": jsonable.plain(cited.valid_to)}
            for cited in stale_releases(priced)
        ],
        "notes": list(priced.notes),
        "lines": [_line_json(number, line) for number, line in enumerate(priced.lines, start=1)],
        "citations": [jsonable.citation(cited) for cited in priced.citations],
    }


def _line_json(number: int, line: PricedLine) -> dict[str, Any]:
    service, fee = line.service, line.fee
    indices = None if fee is None else fee.indices
    return {
        "line": number,
        "code": service.hcpcs,
        "modifiers": list(service.modifiers),
        "units": _number(service.units),
        "pos": service.pos or None,
        "setting": str(line.rate),
        "charge": jsonable.plain(service.charge),
        "minutes": None if service.minutes is None else _number(service.minutes),
        "schedule": line.schedule or None,
        "status_indicator": line.status_indicator or None,
        "work_rvu": None if fee is None else str(fee.work_rvu),
        "pe_rvu": None if fee is None else str(fee.pe_rvu),
        "mp_rvu": None if fee is None else str(fee.mp_rvu),
        "gpci": None
        if indices is None
        else {"work": _index(indices.work), "pe": _index(indices.pe), "mp": _index(indices.mp)},
        "anesthesia_units": {name: str(count) for name, count in line.units} or None,
        "conversion_factor": None if fee is None else str(fee.conversion_factor),
        "base": jsonable.plain(line.base),
        "adjustments": [
            {
                "key": step.key,
                "why": step.why,
                "factor": None if step.factor is None else _plain(step.factor),
                "amount": format_money(step.amount),
                "citation": jsonable.citation(step.citation),
            }
            for step in line.steps
        ],
        "allowed": jsonable.plain(line.allowed),
        "reason": line.reason or None,
        "reason_key": line.reason_key or None,
        "limiting_charge": jsonable.plain(line.limiting_charge),
        "medicare_pays": jsonable.plain(line.medicare_pays),
        "notes": list(line.notes),
        "stale": line.stale,
        "citations": [jsonable.citation(cited) for cited in line.citations],
    }


def stale_releases(priced: Priced) -> list[Citation]:
    """One citation of each release that was used although it does not cover the service date."""
    found: dict[tuple[str, str], Citation] = {}
    for cited in priced.citations:
        begins, ends = cited.valid_from, cited.valid_to
        if (begins is not None and priced.date < begins) or (ends is not None and ends < priced.date):
            found.setdefault((cited.source, cited.release), cited)
    for line in priced.lines:
        for cited in line.citations if line.stale else ():
            if cited.locator == line.service.hcpcs and cited.valid_from is cited.valid_to is None:
                found.setdefault((cited.source, cited.release), cited)  # it has no row of the code, and so no dates
    return list(found.values())


def _index(value: Decimal) -> str:
    """A practice cost index with the three decimals it is published with."""
    return str(value.quantize(_INDEX_PLACES) if value == value.quantize(_INDEX_PLACES) else value)


def _plain(value: Decimal) -> str:
    """A number without zeros at its end: 0.5, 2, 100."""
    return f"{value.normalize():f}"


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def text(priced: Priced, *, width: int = 80, colour: bool = False) -> str:
    """The prices for reading, ``width`` columns wide, amounts under each other at the right."""
    return _Page(priced, max(_NARROWEST, min(width, _WIDEST)), colour=colour).text()


class _Page:
    """One printed answer; sources are numbered in the order in which they are named."""

    def __init__(self, priced: Priced, columns: int, *, colour: bool) -> None:
        self._priced = priced
        self._columns = columns
        self._colour = colour
        self._sources: dict[tuple[str, str, str], str] = {}

    def text(self) -> str:
        priced = self._priced
        body = [*self._head()]
        for number, line in enumerate(priced.lines, start=1):
            body += ["", *self._line(f"{number}. " if len(priced.lines) > 1 else "", line)]
        body += ["", *self._total()]
        if self._sources:
            body += ["", *self._source_list()]
        return "\n".join(body) + "\n"

    def _head(self) -> Iterator[str]:
        priced, place = self._priced, self._priced.locality
        stale = [
            f"{cited.source} {cited.release}"
            + (f" (covers {cited.valid_from} to {cited.valid_to})" if cited.valid_from and cited.valid_to else "")
            for cited in stale_releases(priced)
        ]
        if stale:
            yield from self._wrapped(
                f"Stale: for {priced.date} what is of other days was used: {', '.join(stale)}. Load the release of "
                "that day with `cleanclaim data update` or `cleanclaim data load` to be sure.",
                fg="yellow",
            )
        where = f"in locality {place.code} ({place.name})" if place.mac else "without local index (national)"
        yield from self._wrapped(
            f"Medicare's amounts for {priced.date} {where}{self._marks(place.citations)}", bold=True
        )
        if any(line.fee is not None for line in priced.lines):
            each = ", each x its index" if place.indices != NATIONAL else ""
            yield from self._wrapped(f"(work + practice expense + malpractice{each}) x conversion factor")
        for note in priced.notes:
            yield from self._wrapped(f"Note: {note}")

    def _line(self, number: str, line: PricedLine) -> Iterator[str]:
        service = line.service
        units = f" x {_plain(service.units)} units" if service.units != 1 else ""
        at = f" (place of service {service.pos})" if service.pos else ""
        setting = "facility" if line.rate == "facility" else "non-facility"
        head = f"{number}{service.name}{units}, {setting}{at}"
        yield from self._entry(head, "no price" if line.allowed is None else dollars(line.allowed), bold=True, indent=0)
        if line.base is not None:
            yield from self._base(line)
            for step in line.steps:
                yield from self._entry(f"{step.why.rstrip('.')}{self._marks([step.citation])}", _figure(step.amount))
        if line.allowed is None:
            cited = "" if line.base is not None else self._marks(line.citations)
            hint = " `cleanclaim data status` says what is loaded." if line.reason_key == _NO_DATA else ""
            yield from self._wrapped(f"Not priced: {line.reason.rstrip('.')}{cited}.{hint}", indent=2)
        for (words, parameters), amount in zip(_AFTERWARDS, (line.limiting_charge, line.medicare_pays), strict=True):
            if amount is not None:
                authority = self._authority(parameters)
                cited = self._marks(citation for citation in line.citations if citation in authority)
                yield from self._entry(f"{words}{cited}", _figure(amount))
        for note in line.notes:
            yield from self._wrapped(f"Note: {note}", indent=2)

    def _base(self, line: PricedLine) -> Iterator[str]:
        assert line.base is not None  # asked only of such
        later = self._authority(name for _, names in _AFTERWARDS for name in names)
        units, marks = line.service.units, self._marks(cited for cited in line.citations if cited not in later)
        each = line.base if line.fee is None else line.fee.amount
        formula = self._formula(line)
        if line.fee is None or units == 1:
            yield from self._entry(f"{formula}{marks}", _figure(line.base))
        else:
            yield from self._entry(f"{formula}{marks}", _figure(each))
            yield from self._entry(f"{_figure(each)} x {_plain(units)} units", _figure(line.base))

    def _authority(self, parameters: Iterable[str]) -> list[Citation]:
        """Whose word the parameters are on the day, as far as they have a value on it."""
        found = (parameter(name, self._priced.date) for name in parameters)
        return [value.citation for value in found if value is not None]

    def _formula(self, line: PricedLine) -> str:
        fee = line.fee
        if fee is None:
            name = _SCHEDULES.get(line.schedule, line.schedule)
            counted = dict(line.units)
            if counted:
                units = f": {_plain(counted['base'])} base units and {_plain(counted['time'])} time units"
            else:
                units = f" for {_plain(line.service.units)} units" if line.service.units != 1 else ""
            return f"{name[:1].upper()}{name[1:]}{units}"
        if fee.indices == NATIONAL:
            parts = f"{fee.work_rvu} + {fee.pe_rvu} + {fee.mp_rvu}"
        else:
            at = fee.indices
            parts = (
                f"{fee.work_rvu} x {_index(at.work)} + {fee.pe_rvu} x {_index(at.pe)} + {fee.mp_rvu} x {_index(at.mp)}"
            )
        return f"({parts}) x {fee.conversion_factor}"

    def _total(self) -> Iterator[str]:
        priced = self._priced
        if priced.total is not None:
            yield from self._entry(
                "Total, before deductible and coinsurance", dollars(priced.total), bold=True, indent=0
            )
        if priced.unpriced:
            names = ", ".join(line.service.name for line in priced.lines if line.allowed is None)
            of = f"{priced.unpriced} of {len(priced.lines)}"
            without = "The total is without" if priced.total is not None else "There is no price for"
            yield from self._wrapped(f"{without} {names} ({of}).")
        paid = [line.medicare_pays for line in priced.lines if line.medicare_pays is not None]
        if paid:
            yield from self._entry("Medicare pays of it", dollars(sum(paid, Decimal(0))), indent=0)

    def _source_list(self) -> Iterator[str]:
        yield self._style("Sources", bold=True)
        for number, ((source, release, locator), about) in enumerate(self._sources.items(), start=1):
            mark = f"[{number}] "
            name = f"{source} {release}, {locator}".replace(" ,", ",").rstrip(", ")
            yield from _wrap(f"{mark}{name}: {about}".rstrip(": "), self._columns, "", " " * len(mark))

    def _marks(self, citations: Iterable[Citation]) -> str:
        """`` [1][2]``: numbers of the sources list, not to be parted from the words before them.

        One row of a table has one number, with the fullest of what is said of it.
        """
        marks: dict[str, None] = {}
        for cited in citations:
            place = (cited.source, cited.release, cited.locator)
            self._sources[place] = max(self._sources.get(place, ""), cited.text, key=len)
            marks[f"[{list(self._sources).index(place) + 1}]"] = None
        return _UNBROKEN + "".join(marks) if marks else ""

    def _entry(self, words: str, amount: str, *, indent: int = 2, bold: bool = False) -> Iterator[str]:
        """Words on the left, and the amount at the right of their last line."""
        room = self._columns - _AMOUNT
        lines = _wrap(words, room, " " * indent, " " * (indent + 2))
        lines[-1] = f"{lines[-1]:<{room}}{amount:>{_AMOUNT}}"
        yield from (self._style(line, bold=bold) for line in lines)

    def _wrapped(self, words: str, *, indent: int = 0, **how: object) -> Iterator[str]:
        lines = _wrap(words, self._columns, " " * indent, " " * (indent + 2))
        yield from (self._style(line, **how) for line in lines)

    def _style(self, words: str, **how: object) -> str:
        wanted = {name: value for name, value in how.items() if value}
        if not self._colour or not wanted:
            return words
        return typer.style(words, **wanted)  # type: ignore[arg-type]  # typer's own keywords


def _wrap(words: str, columns: int, first: str, rest: str) -> list[str]:
    kept = words.replace(" %", f"{_UNBROKEN}%")
    lines = textwrap.wrap(
        kept, columns, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_UNBROKEN, " ") for line in lines]


def _figure(amount: Money) -> str:
    return f"{amount:,.2f}"

"""Prices that were worked out in public, or by hand from RVU25D: each is repeated to the cent.

The figures are facts with their source beside them, so that no published file is needed; where the files are at hand, a
test holds the figures to them, and this list to theirs.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing.model import NATIONAL, Indices, Locality, PricedLine, Service, Terms
from cleanclaim.pricing.notation import service_from
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

YEAR: Final = {"release": {"release": "2025", "covers_from": dt.date(2025, 1, 1), "covers_to": dt.date(2025, 12, 31)}}
DAY: Final = dt.date(2025, 10, 15)
PLACES: Final = [{"pos": "11"} | YEAR, {"pos": "22", "facility": True} | YEAR]

NOWHERE: Final = Locality("national", NATIONAL)
ALABAMA: Final = Locality("Alabama", Indices(Decimal(1), Decimal("0.869"), Decimal("0.575")), "10112", "00", "AL")
SAN_FRANCISCO: Final = Locality(
    "San Francisco", Indices(Decimal("1.088"), Decimal("1.419"), Decimal("0.445")), "01112", "05", "CA"
)
"""Rows of GPCI2025."""

COLUMNS: Final = (
    "hcpcs modifier work_rvu pe_rvu_nonfacility pe_rvu_facility mp_rvu pc_tc_indicator global_days pre_op intra_op "
    "post_op multiple_procedure bilateral assistant co_surgeon endoscopic_base imaging_family opps_pe_nonfacility "
    "opps_mp"
).split()
RVU25D: Final = """
22554 -- 17.69 15.12 15.12 5.75 0 090 0.10 0.69 0.21 2 0 2 2 -     99 0.00 0.00
27447 -- 19.60 15.30 15.30 3.98 0 090 0.10 0.69 0.21 2 1 2 1 -     99 0.00 0.00
43214 -- 3.40  1.88  1.88  0.54 0 000 0.00 0.00 0.00 3 0 1 0 43200 99 0.00 0.00
43235 -- 2.09  6.18  1.29  0.27 0 000 0.00 0.00 0.00 2 0 1 0 -     99 0.00 0.00
43239 -- 2.39  8.36  1.42  0.29 0 000 0.00 0.00 0.00 3 0 1 0 43235 99 0.00 0.00
43249 -- 2.67  27.63 1.54  0.34 0 000 0.00 0.00 0.00 3 0 1 0 43235 99 0.00 0.00
45378 -- 3.26  6.44  1.79  0.43 0 000 0.00 0.00 0.00 2 0 1 0 -     99 0.00 0.00
45378 53 1.63  3.22  0.90  0.22 0 000 0.00 0.00 0.00 2 0 1 0 -     99 0.00 0.00
45380 -- 3.56  8.79  1.93  0.47 0 000 0.00 0.00 0.00 3 0 1 0 45378 99 0.00 0.00
45385 -- 4.57  8.33  2.38  0.56 0 000 0.00 0.00 0.00 3 0 1 0 45378 99 0.00 0.00
49505 -- 7.96  5.99  5.99  1.99 0 090 0.09 0.81 0.10 2 1 2 1 -     99 0.00 0.00
64483 -- 1.90  5.24  1.27  0.16 0 000 0.00 0.00 0.00 2 1 1 0 -     99 0.00 0.00
70551 -- 1.48  4.41  4.41  0.09 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 7.96 0.11
70551 26 1.48  0.53  0.53  0.07 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 0.00 0.00
70551 TC 0.00  3.88  3.88  0.02 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 7.43 0.04
72148 -- 1.48  4.25  4.25  0.09 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 7.97 0.11
72148 26 1.48  0.54  0.54  0.07 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 0.00 0.00
72148 TC 0.00  3.71  3.71  0.02 1 XXX 0.00 0.00 0.00 4 0 0 0 -     88 7.43 0.04
73560 -- 0.16  0.84  0.84  0.02 1 XXX 0.00 0.00 0.00 0 3 0 0 -     99 2.76 0.04
73560 26 0.16  0.07  0.07  0.01 1 XXX 0.00 0.00 0.00 0 3 0 0 -     99 0.00 0.00
73560 TC 0.00  0.77  0.77  0.01 1 XXX 0.00 0.00 0.00 0 3 0 0 -     99 2.69 0.03
76145 -- 0.00  29.03 29.03 0.51 3 XXX 0.00 0.00 0.00 0 0 0 0 -     99 0.00 0.00
"""
"""Rows of PPRRVU2025_Oct.csv, conversion factor 32.3465."""


_FACTOR: Final = {"conversion_factor": "32.3465"}


def _rows_of_rvu25d() -> list[dict[str, Any]]:
    made = []
    for told in RVU25D.strip().splitlines():
        cells = dict(zip(COLUMNS, (cell.strip("-") for cell in told.split()), strict=True))
        units = {name: Decimal(cells[name]) for name in COLUMNS if name.endswith("_rvu") or name.startswith("pe_rvu")}
        totals = {
            f"total_{setting}": str(units["work_rvu"] + units[f"pe_rvu_{setting}"] + units["mp_rvu"])
            for setting in ("facility", "nonfacility")
        }
        made.append(cells | totals | {"opps_pe_facility": cells["opps_pe_nonfacility"]} | YEAR | _FACTOR)
    return made


RVU_BOOK: Final = book_from({"mpfs": _rows_of_rvu25d(), "pos": PLACES})


def fee(hcpcs: str, dollars: str, **values: Any) -> dict[str, Any]:
    """A row whose fee is ``dollars`` everywhere."""
    rvu = {"work_rvu": dollars, "total_facility": dollars, "total_nonfacility": dollars, "conversion_factor": "1.0000"}
    return {"hcpcs": hcpcs} | YEAR | rvu | values


def fees(*rows: dict[str, Any]) -> OpenBook:
    return book_from({"mpfs": list(rows), "pos": PLACES})


ANESTHESIA: Final = book_from(
    {
        "mpfs": [{"hcpcs": "01402", "status_indicator": "J"} | YEAR],
        "pos": PLACES,
        "base_units": [{"hcpcs": "01402", "base_units": 7} | YEAR],
        "anesthesia": [{"factor": "20.317800"} | YEAR],
    }
)

SHOULDER: Final = fees(
    fee("29805", "200.00", multiple_procedure="2"),
    *(
        fee(code, of_it, multiple_procedure="3", endoscopic_base="29805")
        for code, of_it in (("29807", "310.02"), ("29819", "275.12"), ("29820", "270.13"))
    ),
    fee("23412", "455.28", multiple_procedure="2"),
)
LIMB: Final = fees(
    *(
        fee(code, of_it, multiple_procedure="2")
        for code, of_it in (("35301", "1043.48"), ("35201", "922.90"), ("35261", "1010.60"))
    )
)


@dataclass(frozen=True)
class Example:
    """``pays``: of each request, what each of its lines pays; lines of one request are of one day."""

    id: str
    pays: tuple[tuple[str, str], ...]
    book: OpenBook = RVU_BOOK
    pos: str = "22"
    place: Locality = NOWHERE
    terms: Terms = field(default_factory=Terms)


EXAMPLES: Final = (
    Example(
        "layout-bilateral-0",
        (("10000-LT=100.00 10000-RT=100.00", "100.00 25.00"),),
        fees(fee("10000", "125.00", bilateral="0")),
    ),
    Example(
        "layout-bilateral-2",
        (("20000-LT=100.00 20000-RT=100.00", "100.00 25.00"),),
        fees(fee("20000", "125.00", bilateral="2")),
    ),
    Example("endo-family-29805", (("29807 29819 29820 29805", "310.02 75.12 70.13 0.00"),), SHOULDER),
    Example(
        "endo-family-second-29805",
        (("23412 29807 29819 29820 29805", "455.28 155.01 37.56 35.07 0.00"),),
        SHOULDER,
    ),
    Example(
        "endo-rvu-45385",
        (("45385 45380", "13.03 0.63"),),
        fees(
            fee("45378", "9.95", multiple_procedure="2"),
            fee("45385", "13.03", multiple_procedure="3", endoscopic_base="45378"),
            fee("45380", "10.58", multiple_procedure="3", endoscopic_base="45378"),
        ),
    ),
    Example("multiple-35301", (("35301 35201 35261", "1043.48 461.45 505.30"),), LIMB),
    Example(
        "cosurgeon-48554",
        (("48554-62", "1192.80"),),
        fees(fee("48554", "1908.48", co_surgeon="2", multiple_procedure="2")),
    ),
    Example(
        "assistant-pa",
        (("30000-80", "160.00"), ("30000-AS", "136.00")),
        fees(fee("30000", "1000.00", assistant="2")),
    ),
    Example(
        "split-42145",
        (("42145-55@60days", "113.33"), ("42145-55@30days", "56.67"), ("42145-54", "830.00")),
        fees(fee("42145", "1000.00", global_days="090", pre_op="0.09", intra_op="0.74", post_op="0.17")),
    ),
    Example("anesthesia-01402", (("01402-AA@129min", "316.96"),), ANESTHESIA),
    Example("pfrev-76145-10112-00", (("76145", "825.49"),), place=ALABAMA),
    Example("pfrev-76145-01112-05", (("76145", "1339.81"),), place=SAN_FRANCISCO),
    Example("c-endo-family", (("45385 45380", "242.92 15.53"),)),
    Example("c-endo-base", (("43249 43235", "147.18 0.00"),)),
    Example("c-endo-two-families", (("45385 45380 43239", "242.92 15.53 66.31"),)),
    Example("c-endo-and-surgery", (("49505 45385 45380", "515.60 121.46 7.77"),)),
    Example("c-bilateral-1", (("64483-50", "354.20"),), pos="11"),
    Example("c-bilateral-then-multiple", (("27447-50 49505", "1886.45 257.80"),)),
    Example("c-bilateral-3", (("73560-50", "65.98"),), pos="11"),
    Example("c-cosurgeon", (("22554-62", "779.55"),)),
    Example("c-assistant", (("22554-80", "199.56"), ("22554-AS", "169.63"))),
    Example("c-split", (("22554-54", "985.35"), ("22554-55", "261.93"))),
    Example("c-78", (("22554-78", "860.62"), ("45385-78", "242.92"))),
    Example("c-53", (("45378-53", "164.00"),), pos="11"),
    Example(
        "c-imaging-family",
        (("70551-TC 72148-TC 70551-26 72148-26", "126.15 60.33 63.92 67.60"), ("70551 72148", "190.07 127.93")),
        pos="11",
    ),
    Example("c-locality", (("43214", "172.87"),), place=ALABAMA),
    Example("c-pctc-3", (("76145", "955.52"),), pos="11"),
)
"""By the identifiers of the published list, which names the source of each; 10000 is its XXXXX, 20000 its YYYYY."""

LIMITING_CHARGE: Final = "layout-limiting-charge"
TOTALS: Final = {
    "layout-bilateral-0": "125.00",
    "layout-bilateral-2": "125.00",
    "endo-family-29805": "455.27",
    "endo-rvu-45385": "13.66",
    "c-endo-family": "258.45",
    "c-endo-base": "147.18",
    "c-endo-two-families": "324.76",
    "c-endo-and-surgery": "644.83",
    "c-bilateral-then-multiple": "2144.25",
    "c-imaging-family": "318.00",
}
"""What the lines of an example pay together, where its source says so."""


def lines(example: Example, told: str) -> tuple[PricedLine, ...]:
    asked: list[Service] = [service_from(one) for one in told.split()]
    return price(example.book.as_of(DAY), asked, example.place, pos=example.pos, terms=example.terms).lines


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_a_worked_example_is_repeated_to_the_cent(example):
    for asked, pays in example.pays:
        found = lines(example, asked)
        assert [str(line.allowed) for line in found] == pays.split(), [line.steps for line in found]
        if example.id in TOTALS:
            assert sum(line.allowed for line in found) == Decimal(TOTALS[example.id])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_the_lines_of_an_example_pay_the_same_in_any_order(example):
    for asked, pays in example.pays:
        found = lines(example, " ".join(reversed(asked.split())))
        assert sum(line.allowed for line in found) == sum(map(Decimal, pays.split()))


def test_the_family_of_29805_behind_a_dearer_procedure_is_halved_as_a_whole():
    """The page prints 227.65; half of 455.27 is 227.635."""
    second = next(example for example in EXAMPLES if example.id == "endo-family-second-29805")
    (asked, _), *_ = second.pays
    assert sum(line.allowed for line in lines(second, asked)[1:]) == Decimal("227.64")


def test_the_units_of_the_anesthesia_example():
    example = next(example for example in EXAMPLES if example.id == "anesthesia-01402")
    (line,) = lines(example, example.pays[0][0])
    assert dict(line.units) == {"base": 7, "time": Decimal("8.6"), "total": Decimal("15.6")}


def test_the_limiting_charge_is_1_0925_of_the_fee_schedule_amount():
    book = fees(fee("99213", "1000.00"))
    told = price(book.as_of(DAY), [Service("99213")], NOWHERE, pos="11", terms=Terms(participating=False))
    assert (told.lines[0].allowed, told.lines[0].limiting_charge) == (Decimal("950.00"), Decimal("1092.50"))


@pytest.mark.published
def test_every_example_of_the_published_list_is_repeated_here(published: Path):
    with (published / "mpfs" / "worked_examples.csv").open(encoding="utf-8", newline="") as file:
        told = {row["id"] for row in csv.DictReader(file)}
    assert {example.id for example in EXAMPLES} | {LIMITING_CHARGE} == told


@pytest.mark.published
def test_the_rows_carried_here_are_those_of_rvu25d(published_book: OpenBook):
    day = published_book.as_of(DAY)
    for carried in _rows_of_rvu25d():
        (row,) = (row for row in day.fee_schedule(carried["hcpcs"]).facts if row.modifier == carried["modifier"])
        for name in (*COLUMNS, "opps_pe_facility", "total_facility", "total_nonfacility", "conversion_factor"):
            published = getattr(row, name)
            assert published == (Decimal(carried[name]) if isinstance(published, Decimal) else carried[name]), carried

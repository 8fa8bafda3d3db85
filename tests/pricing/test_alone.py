"""Status T: paid where nothing else of the fee schedule is that day, and else included in it.

The record layout says so (RVU25D.pdf, attachment A, status T). The values of 36591, 94760 and 99213 are from RVU25D.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from cleanclaim.pricing.model import NATIONAL, Locality, Priced, Terms
from cleanclaim.pricing.notation import service_from
from cleanclaim.pricing.price import price
from cleanclaim.testing.inline import book_from

DAY = dt.date(2025, 10, 15)
RELEASE = {"release": {"release": "RVU25D", "covers_from": dt.date(2025, 10, 1), "covers_to": dt.date(2025, 12, 31)}}


def row(hcpcs: str, total: str, status: str = "A", **more: Any) -> dict[str, Any]:
    return {
        "hcpcs": hcpcs,
        "status_indicator": status,
        "pe_rvu_nonfacility": total,
        "total_nonfacility": total,
        "total_facility": total,
        "conversion_factor": "32.3465",
        **more,
        **RELEASE,
    }


DAY_BOOK = book_from(
    {
        "mpfs": [
            row("36591", "0.83", "T", pc_tc_indicator="3"),
            row("94760", "0.11", "T", pc_tc_indicator="3"),
            row("99213", "2.75"),
            row("11719", "0.43", "R"),
            row("74360", "0.00", "C"),
            row("99050", "1.00", "B"),
            row("60000", "0.00", "R"),
            row("27447", "38.88", assistant="1", multiple_procedure="2"),
            row("36598", "3.48", "T", multiple_procedure="2", bilateral="1"),
            row("10060", "1.00", multiple_procedure="2"),
        ],
        "asp": [{"hcpcs": "J9999", "dosage": "1 MG", "payment_limit": "0.000"} | RELEASE],
        "pos": [{"pos": "11"} | RELEASE],
    }
).as_of(DAY)


def priced(asked: Sequence[str], terms: Terms | None = None) -> Priced:
    return price(DAY_BOOK, [service_from(one) for one in asked], Locality("", NATIONAL), pos="11", terms=terms)


def amounts(asked: str) -> str:
    return " ".join(str(line.allowed) for line in priced(asked.split()).lines)


def test_beside_a_paid_service_it_pays_nothing_and_says_in_what_it_is_included():
    line, other = priced(["36591", "99213"]).lines
    assert (line.base, line.allowed, other.allowed) == (Decimal("26.85"), Decimal("0.00"), Decimal("88.95"))
    (step,) = line.steps
    assert step.key == "paid_alone"
    assert step.why == "Included in 99213: paid only on a day without another service (status T)"
    assert (step.factor, step.citation.locator) == (Decimal(0), "Attachment A, status T")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("36591", "26.85"),
        ("36591x2", "53.70"),
        ("36591 94760", "26.85 3.56"),
        ("36591 94760 99213", "0.00 0.00 88.95"),
        ("94760 11719", "0.00 13.91"),
        ("36591-59 99213", "0.00 88.95"),
        ("36591 99050", "26.85 None"),
        ("36591 99999", "26.85 None"),
        ("36591 27447-80", "26.85 None"),
        ("36591=20.00 99213", "0.00 88.95"),
    ],
)
def test_only_a_service_that_the_schedule_pays_includes_it(asked, expected):
    for order in permutations(range(len(asked.split()))):
        given, wanted = asked.split(), expected.split()
        assert amounts(" ".join(given[at] for at in order)) == " ".join(wanted[at] for at in order)


def test_what_is_included_takes_no_rank_among_the_procedures_of_the_day():
    included, paid = priced(["36598-50", "10060"]).lines
    assert (included.allowed, paid.allowed, paid.steps) == (Decimal("0.00"), Decimal("32.35"), ())
    assert [step.key for step in included.steps] == ["bilateral", "paid_alone"]
    dearest, second, third = priced(["27447", "10060", "36598"]).lines
    assert dearest.steps[0].why.startswith("1st of 2 procedures")
    assert second.steps[0].why.startswith("2nd of 2 procedures")
    assert third.allowed == Decimal("0.00")


def test_what_another_schedule_leaves_to_the_contractor_does_not_matter():
    line, drug = priced(["94760", "J9999"]).lines
    assert drug.reason_key == "carrier_priced"
    assert (line.allowed, line.notes) == (Decimal("3.56"), ())


@pytest.mark.parametrize("other", ["74360", "60000"])
def test_beside_what_the_contractor_prices_it_is_paid_with_a_note(other):
    line = priced(["94760", other]).lines[0]
    assert line.allowed == Decimal("3.56")
    assert line.notes == (f"Paid only where the contractor does not pay {other} that day (status T).",)


def test_medicare_pays_nothing_of_what_is_included():
    line = priced(["94760", "99213"], Terms(sequestration=True)).lines[0]
    assert line.medicare_pays == Decimal("0.00")

"""Prices against figures that CMS computed itself: the checks of scripts/price_checks.py hold, and see every figure."""

from __future__ import annotations

import importlib.util
import re
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pricing import context as pricing_context

pytestmark = pytest.mark.published
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("price_checks", ROOT / "scripts" / "price_checks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["price_checks"] = module  # its dataclass looks its own module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mpfs(published: Path) -> Path:
    return published / "mpfs"


def test_every_amount_of_pfrev25c_is_priced_to_the_cent_in_all_109_localities(checks, mpfs, published_book):
    made = checks.published_amounts(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 2 * 109
    assert made.told.startswith("109 localities, of which the index table has 109")


def test_a_check_names_the_figures_that_differ(checks, mpfs, published_book, monkeypatch):
    half = Decimal("0.5")
    monkeypatch.setattr(pricing_context.Context, "factor", lambda _, row: (row.conversion_factor - half, None))
    made = checks.published_amounts(mpfs, published_book)
    assert len(made.unequal) == 2 * 109
    assert made.unequal[0].startswith("76145 01112-05 at 11: 1319.10, published 1339.81")


def test_every_row_of_oppscap_is_the_cap_of_the_technical_part_and_the_professional_part(checks, mpfs, published_book):
    made = checks.caps(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 2 * 16_100
    # 140 rows in each of the 109 localities, and those of six localities once more under the contractor's other number
    assert 140 * (109 + len(checks.MOVED)) == 16_100
    assert made.told.startswith("16,100 rows in both settings; 840 of them repeat")


def test_other_ways_of_rounding_would_miss_amounts_of_oppscap(checks, mpfs, published_book):
    assert checks.other_roundings(mpfs, published_book) == {
        "half a cent to the even cent": (0, 16_100),  # no amount falls on half a cent
        "cut off": (8_034, 16_100),
        "each part of a global": (1_864, 7_245),
        "each product": (8_513, 8_855),
    }


def test_what_is_allowed_for_the_services_of_oppscap_is_the_amount_in_it(checks, mpfs, published_book):
    made = checks.capped_prices(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 2 * 2 * 3_335


def test_no_service_is_capped_that_oppscap_does_not_list(checks, mpfs, published_book):
    made = checks.uncapped_prices(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 447 * 109 * 2


def test_every_anesthesia_factor_comes_from_the_national_one_and_the_indices(checks, mpfs, published_book):
    made = checks.anesthesia_factors(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 109


def test_no_other_shares_of_three_decimals_give_every_anesthesia_factor(checks, mpfs, published_book, monkeypatch):
    work, expense, malpractice = checks.ANESTHESIA_SHARES
    for more in (Decimal("0.001"), Decimal("-0.001")):
        for shares in (
            (work + more, expense - more, malpractice),
            (work + more, expense, malpractice - more),
            (work, expense + more, malpractice - more),
        ):
            monkeypatch.setattr(checks, "ANESTHESIA_SHARES", shares)
            assert checks.anesthesia_factors(mpfs, published_book).unequal


def test_every_zip_code_leads_to_a_locality_with_indices(checks, mpfs, published_book):
    made = checks.zip_codes(mpfs, published_book)
    assert made.unequal == ()
    assert made.compared == 42_956


@pytest.mark.parametrize(("release", "rows"), [("RVU25D", 19_090), ("RVU26C", 19_355)])
def test_total_of_relative_values_is_the_file_s_own_on_every_row(checks, published_book: OpenBook, release, rows):
    made = checks.totals(published_book, release)
    assert made.unequal == ()
    assert made.compared == 2 * rows


@pytest.mark.parametrize(("release", "codes", "carrier"), [("RVU25D", 887, 104), ("RVU26C", 891, 98)])
def test_26_and_tc_make_the_global_wherever_all_three_are_priced(checks, published_book, release, codes, carrier):
    made = checks.components(published_book, release)
    assert made.unequal == ("G0252 (status N N N)",)  # not covered, relative values on the 26 row only
    assert made.told == (
        f"{codes} codes with all three rows paid by relative values; {carrier} whose contractor prices the whole"
    )
    assert len(re.findall(r"\b[0-9A-Z]{5}\b", made.apart)) == carrier


@pytest.mark.parametrize(("release", "codes"), [("RVU25D", 887), ("RVU26C", 891)])
def test_26_and_tc_make_the_global_in_dollars_at_every_locality(checks, published_book, release, codes):
    made = checks.component_amounts(published_book, release)
    assert made.unequal == ()
    assert made.compared == codes * 109 * 2

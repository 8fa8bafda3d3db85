"""The chart of amounts on a code's page."""

from __future__ import annotations

from decimal import Decimal

from cleanclaim.engine.code_page import PageFact
from cleanclaim.render.payment_chart import chart


def fact(key: str, amount: str) -> PageFact:
    return PageFact(key, Decimal(amount), f"{key} {amount}.")


def test_every_amount_stands_in_the_picture_and_in_its_words() -> None:
    made = chart(
        [
            fact("national_amount_facility", "89.18"),
            fact("lowest_amount_facility", "82.94"),
            fact("highest_amount_facility", "117.63"),
            fact("national_amount_facility_RVU25D", "96.07"),
            fact("national_amount_facility_26", "10.00"),
        ]
    )
    for told in ("$89.18", "$82.94 to $117.63", "$96.07", "by RVU25D"):
        assert made.count(told) == 2
    assert "10.00" not in made
    assert "Outside a facility" not in made


def test_a_code_with_one_amount_a_setting_has_no_chart() -> None:
    assert chart([fact("national_amount_facility", "1.00"), fact("national_amount_nonfacility", "2.00")]) == ""
    assert chart([PageFact("national_amount", None, "no price")]) == ""


def test_an_amount_that_the_file_only_repeats_is_not_drawn() -> None:
    facts = [fact(f"{end}_amount_{place}", "1.00") for place in ("facility", "nonfacility") for end in _ENDS]
    rare = PageFact("national_amount_nonfacility", Decimal("1.00"), "Rarely or never done outside a facility (NA).")
    made = chart([*facts, fact("national_amount_facility", "1.00"), fact("national_amount_facility_RVU25D", "2"), rare])
    assert "In a facility" in made
    assert "Outside a facility" not in made


_ENDS = ("lowest", "highest")

"""Every code of a real fee schedule, billed plainly in the outpatient hospital: which rules fire on which codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.engine.run import check_claims
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import claim_from

DATA = Path(__file__).parents[3] / "shared" / "data"
FEE_SCHEDULE = DATA / "mpfs" / "rvu26c" / "PPRRVU2026_Jul_nonQPP.csv"
PLACES = DATA / "codesets" / "place_of_service.csv"
NAME, STATUS, PC_TC = 2, 3, 13
UNLISTED_OTHERWISE_NAMED = {"45499", "76999", "79999"}

pytestmark = [
    pytest.mark.published,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published files of ../shared/data are not here"),
]


@pytest.fixture(scope="module")
def rows():
    """Code and modifier to the cells of its row, read with nothing of ours."""
    with FEE_SCHEDULE.open(encoding="latin-1", newline="") as file:
        cells = [row for row in csv.reader(file) if row and len(row[0]) == 5 and row[0] != "HCPCS"]
    return {(row[0], row[1]): row for row in cells if row[0].isalnum() and not row[0].startswith("GXXX")}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    load_paths(BookStore.locate(folder, with_starter=False), [FEE_SCHEDULE, PLACES])
    return OpenBook.open(folder, with_starter=False)


def asks_for_report(code, row):
    """An unlisted procedure, by its name; no list of imaging codes is loaded here."""
    return row[NAME].lower().startswith("unl") or code in UNLISTED_OTHERWISE_NAMED


def fired(book, codes, modifiers):
    """Rule to the codes it fires on, each code on a Medicare claim of its own."""
    claims = [
        claim_from(
            {
                "patient_key": code,
                "filing_indicator": "MB",
                "lines": [{"hcpcs": code, "modifiers": modifiers, "pos": "22"}],
            },
            claim_id=code,
        )
        for code in codes
    ]
    found: dict[str, set[str]] = {}
    for finding in check_claims(claims, book, rules=select_rules(["COD", "CMP", "QLT"])).findings:
        found.setdefault(finding.rule, set()).add(finding.claim)
    return found


def test_each_rule_fires_on_the_codes_the_file_marks_for_it_and_no_other(book, rows):
    whole = {code: row for (code, modifier), row in rows.items() if not modifier}
    measures = {code for code, row in whole.items() if row[STATUS] == "M" or code.endswith("F")}

    def of(column, values):
        return {code for code, row in whole.items() if row[column] in values} - measures

    found = fired(book, sorted(whole), ())
    assert found == {
        "COD004": of(STATUS, "B"),
        "COD005": of(STATUS, "I"),
        "COD006": of(STATUS, "N"),
        "COD009": of(STATUS, "R"),
        "COD010": {code for code in of(STATUS, "C") if asks_for_report(code, whole[code])},
        "COD011": {code for code in of(STATUS, "C") if not asks_for_report(code, whole[code])},
        "CMP003": of(PC_TC, "14"),
        "CMP004": of(PC_TC, "3"),
        "CMP005": of(PC_TC, "5"),
        "CMP007": of(PC_TC, "8"),
        "QLT001": measures,
        "QLT007": measures,
    }
    assert len(found["COD004"]) == 76
    assert len(found["CMP003"]) == 1137


@pytest.mark.parametrize("component", ["26", "TC"])
def test_a_component_is_refused_where_the_file_has_no_row_for_it(book, rows, component):
    whole = sorted(code for code, modifier in rows if not modifier)[::7]
    without_row = {code for code in whole if (code, component) not in rows}
    divided = {code for code in whole if rows[code, ""][PC_TC] == "1"}
    measures = {code for code in whole if rows[code, ""][STATUS] == "M" or code.endswith("F")}
    assert fired(book, whole, (component,))["CMP001"] == without_row - divided - measures

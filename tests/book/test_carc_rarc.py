from __future__ import annotations

import datetime as dt

import pytest
from codeset_files import claimed_by, csv_text, made, needs_data, real, reasons

from cleanclaim.book.tables import carc_rarc
from cleanclaim.errors import InputError, LayoutError

HEADER = ["code", "description"]
EXPORTED = "2026-05-31T01:23:57.455442"


def carc(*rows: list[str], name: str = "carc.csv", release: str | None = None):
    return carc_rarc.parse(made(csv_text([HEADER, *rows]), name), release)


def rarc(*rows: list[str]):
    text = csv_text([[*HEADER, "last_modified"], *([*row, EXPORTED] for row in rows)])
    return carc_rarc.parse(made(text, "rarc.csv"))


def only(read):
    (fact,) = read.table.to_pylist()
    return fact


def test_dates_are_taken_off_the_text():
    read = rarc(
        ["M4", "Alert:This is the last one.Start: 01/01/1997 | Last Modified: 04/01/2007Notes: (Modified 4/1/07)"]
    )
    assert read.table.schema == carc_rarc.SCHEMA
    assert only(read) == {
        "code": "M4", "text": "Alert:This is the last one.", "alert": True, "valid_from": dt.date(1997, 1, 1),
        "modified": dt.date(2007, 4, 1), "valid_to": None, "row": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    "dates",
    [
        "Start: 01/01/1997 | Last Modified: 02/28/2003 | Stop: 05/18/2006",
        "Start: 01/01/1997 | Stop: 05/18/2006 | Last Modified: 02/28/2003",
        "Start: 01/01/1997 | Stop: 05/18/2006 | Last Modified: 02/28/2003Notes: Start: over | Stop: 01/01/1999",
    ],
)
def test_dates_are_read_in_either_order(dates):
    fact = only(rarc(["M78", f"Missing modifier.{dates}"]))
    assert (fact["valid_from"], fact["modified"], fact["valid_to"]) == (
        dt.date(1997, 1, 1),
        dt.date(2003, 2, 28),
        dt.date(2006, 5, 18),
    )
    assert (fact["text"], fact["alert"]) == ("Missing modifier.", False)


def test_words_of_the_text_are_not_taken_for_dates():
    fact = only(carc(["25", "Denied. Your Stop loss is not met.Start: 01/01/1995 | Stop: 04/01/2008"]))
    assert (fact["text"], fact["valid_to"]) == ("Denied. Your Stop loss is not met.", dt.date(2008, 4, 1))


def test_the_first_code_says_which_list_it_is():
    assert carc(["1", "Deductible AmountStart: 01/01/1995"]).source == "carc"
    assert carc(["B7", "Not certified.Start: 01/01/1995"]).source == "carc"
    assert rarc(["MA01", "Appeal.Start: 01/01/1997"]).source == "rarc"
    assert rarc(["N115", "Local.Start: 01/01/1997"]).source == "rarc"


def test_the_day_of_the_export_is_the_release():
    read = rarc(["N1", "a.Start: 01/01/2030"])
    assert (read.release, read.covers_from, read.covers_to) == ("2026-05-31", None, None)


def test_without_an_export_day_the_name_and_then_the_newest_entry_date_the_list():
    rows = [["1", "a.Start: 01/01/1995 | Last Modified: 11/01/2025 | Stop: 01/01/2030"], ["2", "b.Start: 01/01/2024"]]
    assert carc(*rows).release == "2025-11-01"
    assert carc(*rows, name="carc_2026-03-01.csv").release == "2026-03-01"
    assert carc(*rows, name="carc_2026-03-01.csv", release="2026-07-01").release == "2026-07-01"


def test_a_list_without_any_date_asks_for_its_release():
    with pytest.raises(InputError, match="--release 2026-03-01"):
        carc(["1", "no dates at all"])


def test_rows_that_are_no_codes_are_rejected_with_their_reason():
    read = carc(
        ["1", "a.Start: 01/01/1995"], ["M1", "of the other list.Start: 01/01/1995"], ["2", "no date"],
        ["3", "c.Start: 13/01/1995"], ["4", "d.Start: 01/01/1995 | Stop: 01/01/1990"], ["1", "again.Start: 01/01/1995"],
        ["", ""], ["5"],
    )  # fmt: skip
    assert read.table["code"].to_pylist() == ["1"]
    assert reasons(read) == {
        "M1": "'M1' has not the shape of a CARC",
        "2": "no start date after its text, in the form 'Start: MM/DD/YYYY'",
        "3": "unreadable date '13/01/1995'",
        "4": "stops on 1990-01-01 before it starts on 1995-01-01",
        "1": "second row of a code; row 2 was kept",
        "5": "no start date after its text, in the form 'Start: MM/DD/YYYY'",
    }
    assert read.rows_in == 7


def test_a_carc_list_without_the_b_series_is_not_whole(monkeypatch):
    monkeypatch.setattr(carc_rarc, "_WHOLE_ROWS", {"carc": 2, "rarc": 2})
    part = carc(["1", "a.Start: 01/01/1995"], ["2", "b.Start: 01/01/1995"])
    assert (part.whole, part.notes) == (False, ("no CARC of the B series in it: a part of the list",))
    full = carc(["1", "a.Start: 01/01/1995"], ["B7", "b.Start: 01/01/1995"])
    assert (full.whole, full.notes) == (True, ())
    assert rarc(["N1", "a.Start: 01/01/2000"], ["N2", "a.Start: 01/01/2000"]).whole


def test_another_header_or_first_code_stops_the_file():
    with pytest.raises(LayoutError, match="line 1: expected code,description"):
        carc_rarc.parse(made("id,text\n1,a\n", "a.csv"))
    with pytest.raises(LayoutError, match="line 2"):
        carc_rarc.parse(made("code,description\n99213,visit\n", "a.csv"))


def test_only_this_table_claims_the_files():
    assert claimed_by(made(csv_text([HEADER, ["1", "a.Start: 01/01/1995"]]), "a.csv")) == ["carc"]
    others = ["", "code,description\n", "code,description\n99213,Start: here\n", "code,description\n1,a copay\n"]
    assert [text for text in others if carc_rarc.recognise(made(text, "a.csv"))] == []


@needs_data
@pytest.mark.published
def test_the_real_rarc_list_is_read_whole():
    read = carc_rarc.parse(real("codesets/rarc_codes.csv"))
    assert (read.source, read.release, read.whole) == ("rarc", "2026-05-31", True)
    assert (read.rows_in, read.table.num_rows, read.notes) == (1_197, 1_197, ())
    facts = {fact["code"]: fact for fact in read.table.to_pylist()}
    assert facts["N29"]["valid_to"] == dt.date(2016, 3, 1)
    assert facts["N115"]["valid_to"] is None
    assert not [code for code, fact in facts.items() if "Start:" in fact["text"] or fact["valid_from"] is None]


@needs_data
@pytest.mark.published
def test_the_real_carc_list_is_only_a_part():
    read = carc_rarc.parse(real("codesets/carc_codes.csv"))
    assert (read.source, read.release, read.whole) == ("carc", "2025-11-01", False)
    assert (read.rows_in, read.table.num_rows) == (308, 308)
    facts = {fact["code"]: fact for fact in read.table.to_pylist()}
    assert facts["236"]["valid_from"] is not None
    assert facts["15"]["valid_to"] == dt.date(2018, 5, 1)

"""``cleanclaim data diff``, as text, JSON, csv and Markdown."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from diff_books import FEE_ROW, release

from cleanclaim.book.store import BookStore
from support.console import ended

SCHEMA = json.loads((Path(__file__).parents[2] / "render" / "diff.schema.json").read_text(encoding="utf-8"))
YEARS = {
    "RVU24C": (dt.date(2024, 7, 1), dt.date(2024, 12, 31)),
    "RVU26C": (dt.date(2026, 7, 1), dt.date(2026, 12, 31)),
}
FEES, PTP, MUE, HCPCS = "mpfs-rvu", "ncci-ptp-practitioner", "ncci-mue-practitioner", "hcpcs"

FEES_IN_TEXT = """\
mpfs-rvu: RVU24C -> RVU26C
  old  RVU24C, 4 rows, services 2024-07-01 to 2024-12-31, RVU24C.csv
  new  RVU26C, 4 rows, services 2026-07-01 to 2026-12-31, RVU26C.csv

4  rows in RVU24C
4  rows in RVU26C
1  added
1  ended
3  changed
  1  re-indicated
  3  re-priced
  1  relative values changed
  3  national amount up in a setting
0  unchanged

On every row: conversion factor 32.3465 -> 33.4009 (+1.0544, +3.3 %).
Amounts are national: relative values times the conversion factor, without locality, cap or
  modifier.

By family of codes                                       added     ended   between   changed
  10000-19999 integumentary                                  0         0         0         1
  20000-29999 musculoskeletal                                0         0         0         1
  30000-39999 respiratory, cardiovascular, lymphatic         0         1         0         0
  40000-49999 digestive                                      0         0         0         1
  50000-59999 urinary, genital, maternity                    1         0         0         0

Added, 1
  55555           status indicator C; global days 010  [row 5]

Ended, 1
  33333-26        status indicator A; nonfacility 97.04; facility 97.04; global days 010  [row 4]

Re-indicated, 1
  22222           global days 000 -> 090  [rows 3 and 3]

Re-priced, 3
  11111           nonfacility 97.04 -> 100.20 (+3.16, +3.3 %); facility 97.04 -> 133.60 (+36.56,
                  +37.7 %)  [rows 2 and 2]
  22222           nonfacility 97.04 -> 100.20 (+3.16, +3.3 %); facility 97.04 -> 100.20 (+3.16,
                  +3.3 %)  [rows 3 and 3]
  44444           nonfacility 97.04 -> 100.20 (+3.16, +3.3 %); facility 97.04 -> 100.20 (+3.16,
                  +3.3 %)  [rows 5 and 4]
"""


def fee(hcpcs, **other):
    return {**FEE_ROW, "hcpcs": hcpcs, **other}


def pair(one, two, indicator, valid_to=None, valid_from=dt.date(2020, 1, 1)):
    dates = {"valid_from": valid_from, "valid_to": valid_to}
    return {"column_one": one, "column_two": two, "modifier_indicator": indicator, "rationale": "Misuse", **dates}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Two releases of each of four sources, every sort of change among them."""
    store = BookStore(tmp_path_factory.mktemp("book"), with_starter=False)
    old_fees = [fee("11111"), fee("22222", global_days="000"), fee("33333", modifier="26"), fee("44444")]
    dear = {"pe_rvu_facility": Decimal("2.00"), "total_facility": Decimal("4.00")}
    factor = {"conversion_factor": Decimal("33.4009")}
    new_fees = [fee("11111", **dear), fee("22222", global_days="090"), fee("44444"), fee("55555", status_indicator="C")]
    release(store, FEES, "RVU24C", old_fees, covers=YEARS["RVU24C"])
    release(store, FEES, "RVU26C", [{**row, **factor} for row in new_fees], covers=YEARS["RVU26C"])
    old_pairs = [pair("11111", "22222", 1), pair("11111", "33333", 0), pair("22222", "33333", 1)]
    new_pairs = [
        pair("11111", "22222", 1, dt.date(2026, 6, 30)),
        pair("11111", "33333", 1),
        pair("22222", "44444", 0, valid_from=dt.date(2026, 7, 1)),
        pair("22222", "55555", 0, dt.date(2024, 12, 31), dt.date(2024, 10, 1)),
    ]
    release(store, PTP, "2024Q3", old_pairs)
    release(store, PTP, "2026Q3", new_pairs, whole=False)
    release(store, MUE, "2024Q3", [{"hcpcs": "11111", "mue_value": 1, "mai": 2, "rationale": "=1+1"}])
    release(store, MUE, "2026Q3", [{"hcpcs": "11111", "mue_value": 3, "mai": 2, "rationale": "+cmd"}])
    code = {"hcpcs": "A0001", "kind": "code", "valid_from": dt.date(2000, 1, 1)}
    release(store, HCPCS, "2024Q3", [{**code, "description": "a\tb\x1b[31m"}])
    release(store, HCPCS, "2026Q3", [{**code, "description": "Long words " * 20}])
    return store.folder


@pytest.fixture
def run(capsys, book, monkeypatch):
    monkeypatch.setenv("CLEANCLAIM_NO_STARTER", "1")

    def ran(*arguments):
        code = ended("data", "diff", *arguments, "--book", book)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ran


def document(run, *arguments):
    code, out, _ = run(*arguments, "--format", "json")
    assert code == 0
    made = json.loads(out)
    jsonschema.validate(made, SCHEMA)
    return made


def test_text_tells_counts_first_and_then_what_matters_most(run):
    code, out, _ = run(FEES, "RVU24C", "RVU26C")
    assert code == 0
    assert out == FEES_IN_TEXT


def test_text_of_pairs_says_opened_and_closed_and_what_a_part_cannot_tell(run):
    code, out, _ = run(PTP, "2024Q3", "2026Q3")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "ncci-ptp-practitioner: 2024Q3 -> 2026Q3"
    assert "1  opened" in lines
    assert "1  closed" in lines
    assert "1  opened and closed between the two" in lines
    assert "1  not told by 2026Q3" in lines
    assert "2026Q3 is a part of the release: it cannot tell of 1 that 2024Q3 lists." in lines
    (opened,) = [line for line in lines if line.startswith("  22222/44444")]
    assert opened.split("  ")[-1] == "[row 4]"
    (closed,) = [line for line in lines if line.startswith("  11111/22222")]
    assert "ended 2026-06-30; modifier indicator 1" in closed
    (changed,) = [line for line in lines if line.startswith("  11111/33333")]
    assert "modifier indicator 0 -> 1  [rows 3 and 3]" in changed


def test_limit_shortens_the_list_and_never_the_counts(run):
    _, out, _ = run(FEES, "RVU24C", "RVU26C", "--limit", "1")
    assert "3  re-priced" in out
    assert "Re-priced, 1 of 3" in out
    assert document(run, FEES, "RVU24C", "RVU26C", "--limit", "0")["counts"]["changed"] == 3
    _, none, _ = run(FEES, "RVU24C", "RVU26C", "--limit", "0")
    assert "Re-priced, 0 of 3" in none


def test_json_has_every_change_with_row_and_citation_of_both_releases(run):
    made = document(run, FEES, "RVU24C", "RVU26C")
    assert made["counts"] | {"families": [], "columns": {}} == {
        "old": 4,
        "new": 4,
        "added": 1,
        "ended": 1,
        "between": 0,
        "changed": 3,
        "unchanged": 0,
        "not_told": {"old": 0, "new": 0},
        "rejected_on_loading": {"old": 0, "new": 0},
        "kinds": {
            "re_indicated": 1,
            "re_priced": 3,
            "re_valued": 1,
            "dearer": 3,
            "cheaper": 0,
            "priced": 0,
            "no_longer_priced": 0,
            "cap_changed": 0,
            "other": 0,
        },
        "columns": {},
        "families": [],
        "by_code": [],
    }
    assert made["every_row"]["conversion_factor"] == {
        "old": "32.3465",
        "new": "33.4009",
        "difference": "1.0544",
        "percent": "3.3",
    }
    (change,) = [one for one in made["changes"] if one["key"] == {"hcpcs": "11111", "modifier": ""}]
    assert change["columns"]["amount_facility"] == {
        "old": "97.04",
        "new": "133.60",
        "difference": "36.56",
        "percent": "37.7",
    }
    assert (change["old"]["row"], change["new"]["row"]) == (2, 2)
    assert change["new"]["citation"] == {
        "source": FEES,
        "release": "RVU26C",
        "locator": "11111",
        "valid_from": "2026-07-01",
        "valid_to": "2026-12-31",
        "text": "RVU26C.csv, row 2",
    }
    sorts = [one["change"] for one in made["changes"]]
    assert sorts == ["added", "ended", "changed", "changed", "changed"]


def test_json_of_pairs_counts_by_column_one(run):
    made = document(run, PTP, "2024Q3", "2026Q3")
    assert made["counts"]["by_code"] == [
        {"name": "11111", "added": 0, "ended": 1, "between": 0, "changed": 1},
        {"name": "22222", "added": 1, "ended": 0, "between": 1, "changed": 0},
    ]
    assert made["counts"]["not_told"] == {"old": 0, "new": 1}
    assert made["new"]["whole"] is False


def test_kinds_and_codes_narrow_what_is_listed(run):
    made = document(run, FEES, "RVU24C", "RVU26C", "--select", "re-indicated", "--select", "added")
    assert [one["key"]["hcpcs"] for one in made["changes"]] == ["55555", "22222"]
    assert made["counts"]["changed"] == 3
    assert document(run, PTP, "2024Q3", "2026Q3", "--select", "closed")["changes"][0]["change"] == "ended"
    narrowed = document(run, FEES, "RVU24C", "RVU26C", "--code", "11*", "--code", "22222-30000")
    assert [one["key"]["hcpcs"] for one in narrowed["changes"]] == ["11111", "22222"]
    assert (narrowed["counts"]["old"], narrowed["codes"]) == (2, ["11*", "22222-30000"])


def test_csv_has_a_line_for_each_column_and_runs_no_formula(run):
    code, out, _ = run(MUE, "2024Q3", "2026Q3", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["column"], row["old"], row["new"], row["difference"], row["percent"]) for row in rows] == [
        ("mue_value", "1", "3", "2", "200.0"),
        ("rationale", "'=1+1", "'+cmd", "", ""),
    ]
    assert {row["kinds"] for row in rows} == {"limit_raised; rationale_changed"}
    assert (rows[0]["hcpcs"], rows[0]["old_row"], rows[0]["new_citation"]) == ("11111", "2", "2026Q3.csv, row 2")


def test_csv_tells_what_an_added_and_an_ended_row_say(run):
    _, out, _ = run(FEES, "RVU24C", "RVU26C", "--format", "csv", "--select", "added", "--select", "ended")
    rows = {(row["hcpcs"], row["column"]): row for row in csv.DictReader(io.StringIO(out))}
    assert (rows["55555", "status_indicator"]["old"], rows["55555", "status_indicator"]["new"]) == ("", "C")
    assert (rows["33333", "amount_facility"]["old"], rows["33333", "amount_facility"]["new"]) == ("97.04", "")
    assert rows["33333", "amount_facility"]["modifier"] == "26"


def test_markdown_has_the_same_sections_as_tables(run):
    code, out, _ = run(PTP, "2024Q3", "2026Q3", "--format", "md")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "# ncci-ptp-practitioner: 2024Q3 to 2026Q3"
    assert "## Opened, 1" in lines
    assert "| 11111/33333 | modifier indicator 0 -> 1 | rows 3 and 3 |" in lines
    assert "| 11111 | 0 | 1 | 0 | 1 |" in lines


def test_a_text_of_the_publisher_cannot_steer_the_terminal_and_is_cut(run):
    _, out, _ = run(HCPCS, "2024Q3", "2026Q3")
    assert "\x1b" not in out
    assert "a b [31m -> Long words" in out
    assert max(map(len, out.splitlines())) <= 100


def test_days_stand_for_the_releases_in_force_on_them(run):
    named = run(FEES, "RVU24C", "RVU26C")
    assert run(FEES, "2024-08-01", "2026-08-01") == named
    assert run(FEES, "--old", "2024-08-01", "--new", "2026-08-01") == named


def test_two_days_without_a_source_tell_the_counts_of_every_source(run):
    code, out, _ = run("--old", "2024-08-01", "--new", "2026-08-01")
    assert code == 0
    assert out.splitlines()[0] == "Releases in force on 2024-08-01 and on 2026-08-01:"
    assert "  mpfs-rvu: RVU24C -> RVU26C: 1 added, 1 ended, 3 changed" in out.splitlines()
    assert "  ncci-ptp-practitioner: 2024Q3 -> 2026Q3: 1 opened, 1 closed, 1 changed, 1 not told" in out.splitlines()
    _, out, _ = run("--old", "2024-08-01", "--new", "2026-08-01", "--format", "json")
    made = json.loads(out)
    assert made["schema"] == "cleanclaim.diffs/1"
    assert [one["source"] for one in made["sources"]] == [HCPCS, FEES, MUE, PTP]
    _, same, _ = run("--old", "2024-08-01", "--new", "2025-08-01")
    assert "No release covers one of the days: hcpcs, mpfs-rvu" in same


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((FEES, "RVU24C", "RVU25D"), "no release 'RVU25D' of mpfs-rvu. It holds RVU24C, RVU26C"),
        (("mpfs", "RVU24C", "RVU26C"), "no release of 'mpfs'. Did you mean mpfs-rvu?"),
        ((FEES, "RVU24C"), "Name two releases to compare: cleanclaim data diff mpfs-rvu OLD NEW."),
        ((FEES, "RVU24C", "rvu24c"), "was named twice"),
        ((FEES, "2023-01-01", "RVU26C"), "No release of mpfs-rvu in the book covers 2023-01-01"),
        ((), "Name a source and two releases"),
        (("--old", "2024-08-01"), "Name a source and two releases"),
        (("--old", "2024-08-32", "--new", "2026-08-01"), "--old '2024-08-32' is no date"),
        (("--old", "2024-08-01", "--new", "2026-08-01", "--format", "csv"), "every source at once"),
        ((FEES, "RVU24C", "RVU26C", "--select", "closed"), "is no kind of change of mpfs-rvu"),
        ((FEES, "RVU24C", "RVU26C", "--code", "1;2"), "write a code (43214)"),
        ((FEES, "RVU24C", "RVU26C", "--code", "43299-43200"), "write the lower end of a range first"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_message(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("cleanclaim: ") == 1

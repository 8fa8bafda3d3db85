"""Add-on code tables, as CMS publishes them and as they are re-exported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx import workbook

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.tables import ncci_aoc, table_modules
from cleanclaim.errors import InputError, LayoutError

DATA = Path(__file__).parents[3] / "shared" / "data" / "ncci"

NAME = "AOC_V2026Q2-F-MCR.txt"
COLUMNS = [
    "AOC_Edit_Type",
    "Add-On_Code",
    "AOC_DelDT",
    "Primary_Code",
    "Primary_Code_DelDT",
    "AOC_Edit_EffDT",
    "AOC_Edit_DelDT",
    "Special_Instruction_Notes",
]
ROWS = [
    ["2", "0054T", "", "CCCCC", "", "2013091", "", "Contractor Defined Primary Codes"],
    ["1", "0071U", "", "0070U", "", "2018274", "", ""],
    ["1", "99354", "2022365", "99241", "2022365", "2013091", "2020366", ""],
    ["3", "G0506", "", "99201", "2020366", "2017001", "", ""],
]
EDITS = [
    {
        "add_on": "0054T",
        "primary": None,
        "edit_type": 2,
        "valid_from": dt.date(2013, 4, 1),
        "valid_to": None,
        "note": "Contractor Defined Primary Codes",
    },
    {
        "add_on": "0071U",
        "primary": "0070U",
        "edit_type": 1,
        "valid_from": dt.date(2018, 10, 1),
        "valid_to": None,
        "note": None,
    },
    {
        "add_on": "99354",
        "primary": "99241",
        "edit_type": 1,
        "valid_from": dt.date(2013, 4, 1),
        "valid_to": dt.date(2020, 12, 31),
        "note": None,
    },
    {
        "add_on": "G0506",
        "primary": "99201",
        "edit_type": 3,
        "valid_from": dt.date(2017, 1, 1),
        "valid_to": dt.date(2020, 12, 31),
        "note": None,
    },
]
TIDY_HEADER = (
    '"primary","addon","type","type_description","primary_deleted","addon_deleted",'
    '"edit_effective","edit_deleted","notes"\n'
)
TIDY = (
    TIDY_HEADER + 'NA,"0054T",2,"No list",NA,NA,2013,NA,"Contractor Defined Primary Codes"\n'
    '"0070U","0071U",1,"Listed",NA,NA,2018,NA,NA\n'
    '"99241","99354",1,"Listed",2022,2022,2013,2020,NA\n'
)


def fixed(row):
    widths = (1, 5, 7, 5, 7, 7, 7, 58)
    return "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + "\r\n"


TEXT = "".join(map(fixed, ROWS))


def published(content, name=NAME):
    content = content.encode() if isinstance(content, str) else content
    return PublishedFile(name, f"/downloads/{name}", "0" * 64, content)


def parse(content, name=NAME, release=None):
    return ncci_aoc.parse(published(content, name), release)


def facts(parsed):
    return [{name: edit[name] for name in EDITS[0]} for edit in parsed.table.to_pylist()]


def reasons(parsed):
    return {reject["row"]: reject["reason"] for reject in parsed.rejects.to_pylist()}


def test_cms_text_of_fixed_width_gives_the_edits_with_their_dates_and_lines():
    parsed = parse(TEXT)
    assert parsed.table.schema == ncci_aoc.SCHEMA
    assert facts(parsed) == EDITS
    assert parsed.table["row"].to_pylist() == [1, 2, 3, 4]


def test_lines_cut_at_their_last_character_are_read():
    assert facts(parse("".join(fixed(row).rstrip() + "\n" for row in ROWS))) == EDITS


@pytest.mark.parametrize("top", [[["CPT only copyright."]], []])
@pytest.mark.parametrize("mark", ["", " (Julian)"])
def test_cms_workbook_gives_the_same_edits(top, mark):
    header = [name + mark if "D" in name.split("_")[-1] else name for name in COLUMNS]
    numbers = [[int(cell) if cell.isdigit() and len(cell) != 5 else cell for cell in row] for row in ROWS]
    parsed = parse(workbook([*top, header, *numbers]), name="AOC_V2026Q2-MCR.xlsx")
    assert facts(parsed) == EDITS
    assert parsed.table["row"].to_pylist()[0] == len(top) + 2
    assert not any("new" in note for note in parsed.notes)


def test_re_export_of_years_leaves_the_first_day_unknown_and_says_so():
    first, second, third = facts(parse(TIDY, name="aoc_2024Q2.csv"))
    assert first == EDITS[0] | {
        "valid_from": None,
        "note": "Contractor Defined Primary Codes; effective in 2013, day not given",
    }
    assert second == EDITS[1] | {"valid_from": None, "note": "effective in 2018, day not given"}
    assert third == EDITS[2] | {
        "valid_from": None,
        "note": "effective in 2013, day not given; deleted in 2020, day not given: the last it can be is taken",
    }


def test_edit_ends_with_the_first_of_its_deletions():
    days = ["2016091", "2015365", "2017001"]
    for turn in range(3):
        add_on, primary, edit = days[turn:] + days[:turn]
        parsed = parse(fixed(["1", "0071U", add_on, "0070U", primary, "2013091", edit, ""]))
        assert parsed.table["valid_to"].to_pylist() == [dt.date(2015, 12, 31)]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "4", "edit type '4' is not 1, 2 or 3"),
        (1, "007IU", None),
        (1, "0071u", "add-on '0071u' is not a code of 5 characters 0-9, A-Z"),
        (3, "", "primary '' is not a code of 5 characters 0-9, A-Z"),
        (3, "ZZZZZ", "primary 'ZZZZZ' stands for something other than a code, and we know not what"),
        (2, "2015366", "deletion date of the add-on '2015366' is neither a day (YYYYDDD) nor a year"),
        (2, "2016366", None),
        (4, "2015000", "deletion date of the primary '2015000' is neither a day (YYYYDDD) nor a year"),
        (5, "1314", "effective date '1314' is neither a day (YYYYDDD) nor a year"),
        (6, "20150", "deletion date of the edit '20150' is neither a day (YYYYDDD) nor a year"),
        (6, "2013090", "deleted before it took effect"),
        (6, "2013091", None),
        (6, "0000000", None),
    ],
)
def test_row_that_is_no_edit_is_rejected_with_its_reason(column, cell, reason):
    row = ["1", "0071U", "", "0070U", "", "2013091", "", ""]
    row[column] = cell
    parsed = parse(TEXT + fixed(row))
    assert parsed.rows_in == 5
    assert reasons(parsed) == ({} if reason is None else {5: reason})


def test_exact_copy_is_rejected_and_another_period_of_the_pair_is_kept():
    again = ["1", "0071U", "", "0070U", "", "2020001", "", ""]
    parsed = parse(TEXT + fixed(ROWS[1]) + fixed(again))
    assert reasons(parsed) == {5: "an exact copy of row 2, which is kept"}
    assert parsed.rejects["key"].to_pylist() == ["0071U/0070U"]
    assert parsed.table["row"].to_pylist() == [1, 2, 3, 4, 6]


def test_blank_lines_are_no_rows_and_do_not_shift_line_numbers():
    parsed = parse(TEXT.replace("\r\n", "\r\n\r\n"))
    assert parsed.rows_in == 4
    assert parsed.table["row"].to_pylist() == [1, 3, 5, 7]


def test_damaged_first_line_does_not_hide_the_file():
    parsed = parse("damaged\n" + TEXT)
    assert parsed.table["row"].to_pylist() == [2, 3, 4, 5]
    assert parsed.rejects["key"].to_pylist() == ["amage/"]


def test_new_column_is_noted_and_the_rest_survives():
    rows = [[*row[:2], "x", *row[2:]] for row in [COLUMNS, *ROWS]]
    rows[0][2] = "Brand_New"
    parsed = parse(workbook(rows), name="AOC_V2026Q2-MCR.xlsx")
    assert "column 'Brand_New' is new and not used" in parsed.notes
    assert facts(parsed) == EDITS


@pytest.mark.parametrize("column", ["AOC_Edit_EffDT", "AOC_Edit_DelDT", "AOC_Edit_Type"])
def test_renamed_column_stops_the_file_with_line_expected_and_found(column):
    rows = [["CPT only copyright."], [name.replace(column, "Renamed") for name in COLUMNS], *ROWS]
    with pytest.raises(LayoutError, match=rf"MCR\.xlsx, line 2: expected .*{column}.*, found .*Renamed") as error:
        parse(workbook(rows), name="AOC_V2026Q2-MCR.xlsx")
    assert error.value.line == 2


def test_parsing_what_was_not_recognised_is_a_layout_error():
    with pytest.raises(LayoutError, match="found no header"):
        parse("something else\n")


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("AOC_V2026Q2-F-MCR.txt", "2026Q2"),
        ("AOC_V2025Q4_01-MCR.txt", "2025Q4"),
        ("add-code-edits-medicare-effective-07012026.txt", "2026Q3"),
    ],
)
def test_release_is_told_by_the_published_name(name, release):
    parsed = parse(TEXT, name=name)
    assert (parsed.source, parsed.release) == ("ncci-aoc", release)


def test_release_covers_its_quarter_and_unknown_release_is_asked_for():
    parsed = parse(TEXT)
    assert (parsed.covers_from, parsed.covers_to) == (dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    with pytest.raises(InputError, match="cannot tell which release"):
        parse(TEXT, name="aoc.txt")


def test_medicaid_table_is_refused():
    with pytest.raises(InputError, match="Medicaid NCCI table"):
        parse(TEXT, name="AOC_V2026Q2-F-MCD.txt")


def test_short_table_is_an_excerpt_and_a_table_of_published_length_is_whole(monkeypatch):
    parsed = parse(TEXT)
    assert not parsed.whole
    assert "excerpt" in parsed.notes[0]
    monkeypatch.setattr(ncci_aoc, "LEAST_ROWS", 4)
    parsed = parse(TEXT)
    assert (parsed.whole, parsed.notes) == (True, ())


@pytest.mark.parametrize("content", [TEXT, TIDY, workbook([["CPT only copyright."], COLUMNS, *ROWS])])
def test_each_layout_is_claimed_by_this_table_alone(content):
    file = published(content)
    assert [module for module in table_modules() if module.recognise(file)] == [ncci_aoc]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n\n",
        "addon,primary,price\n0071U,0070U,1\n",
        "00001A00 0 Some fixed width list of something else, wide enough to be one\n",
        "".join("X" + fixed(row) for row in ROWS),
    ],
)
def test_other_files_are_not_claimed(content):
    assert not ncci_aoc.recognise(published(content))


CODES = st.from_regex(r"[0-9][0-9A-Z]{4}", fullmatch=True)
DAYS = st.dates(dt.date(2013, 4, 1), dt.date(2026, 12, 31))
ROW = st.tuples(st.sampled_from("123"), CODES, CODES | st.just("CCCCC"), DAYS, *[st.none() | DAYS] * 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30))
def test_every_edit_comes_back_or_is_counted_as_rejected(rows):
    def julian(day):
        return f"{day:%Y%j}" if day else ""

    text = "".join(
        fixed([kind, add_on, julian(gone), primary, julian(dropped), julian(first), julian(last), ""])
        for kind, add_on, primary, first, gone, dropped, last in rows
    )
    parsed = parse(text)
    expected = {}
    for number, row in enumerate(rows, start=1):
        kind, add_on, primary, first, *ends = row
        last = min((day for day in ends if day), default=None)
        if last is None or last >= first:
            span = (add_on, None if primary == "CCCCC" else primary, int(kind), first, last, None)
            expected.setdefault(row, (*span, number))
    assert [tuple(edit.values()) for edit in parsed.table.to_pylist()] == list(expected.values())
    assert parsed.rows_in == len(rows) == parsed.table.num_rows + parsed.rejects.num_rows


@pytest.mark.published
@pytest.mark.skipif(not DATA.is_dir(), reason="the published NCCI files are not at ../shared/data")
def test_published_table_of_2024q2():
    (file,) = open_published(DATA / "aoc_2024Q2.csv")
    parsed = ncci_aoc.parse(file)
    assert (parsed.source, parsed.release, parsed.whole) == ("ncci-aoc", "2024Q2", True)
    assert (parsed.rows_in, parsed.table.num_rows, parsed.rejects.num_rows) == (8_186, 8_186, 0)
    edits = parsed.table.to_pylist()
    assert sum(edit["valid_to"] is None for edit in edits) == 7_157
    assert sum(edit["primary"] is None for edit in edits) == 49
    kinds = [sum(edit["edit_type"] == kind for edit in edits) for kind in (1, 2, 3)]
    assert kinds == [7_496, 41, 649]
    (pair,) = (edit for edit in edits if edit["add_on"] == "99292")
    assert (pair["primary"], pair["valid_to"]) == ("99291", None)
    assert file.text.splitlines()[pair["row"] - 1].startswith('"99291","99292",1,')
    gone = [edit["valid_to"] for edit in edits if edit["add_on"] == "99356"]
    assert set(gone) == {dt.date(2022, 12, 31)}

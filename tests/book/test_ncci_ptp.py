"""PTP tables, as CMS publishes them and as they are re-exported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx import workbook

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.tables import ncci_ptp, table_modules
from cleanclaim.errors import InputError, LayoutError

DATA = Path(__file__).parents[3] / "shared" / "data" / "ncci"

PREAMBLE = (
    "CPT only copyright.\t\t\t\t\t\t\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n"
    "\t\t\t\t*=no data\t1=allowed\t\n"
    "\t\t\t\t\t9=not applicable\t\n"
)
EDITS = (
    "0001A\t0591T\t\t20220101\t20231231\t1\tMisuse of codes\n"
    "0001A\t90473\t\t20220101\t20220101\t9\tMisuse of codes\n"
    "43214\t74360\t*\t20140101\t*\t0\tMore extensive procedure\n"
)
TIDY = (
    '"column_1","column_2","deletion","modifier","rationale"\n'
    '"0001A","0591T","2023-12-31",1,"Misuse of codes"\n'
    '"0001A","90473","2022-01-01",9,"Misuse of codes"\n'
    '"43214","74360","9999-12-31",0,"More extensive procedure"\n'
)
NAME = "ccipra-v322r0-f1.txt"


def published(content, name=NAME, origin=None):
    content = content.encode() if isinstance(content, str) else content
    return PublishedFile(name, origin or f"/downloads/{name}", "0" * 64, content)


def parse(content, name=NAME, release=None, origin=None):
    return ncci_ptp.parse(published(content, name, origin), release)


def edits(*lines):
    return PREAMBLE + "".join("\t".join(line) + "\n" for line in lines)


def sheet(text):
    return workbook(line.split("\t") for line in text.splitlines())


def reasons(parsed):
    return {reject["row"]: reject["reason"] for reject in parsed.rejects.to_pylist()}


def test_cms_text_gives_pairs_with_their_dates_and_lines():
    parsed = parse(PREAMBLE + EDITS)
    assert parsed.table.schema == ncci_ptp.SCHEMA
    assert parsed.table.to_pylist() == [
        {
            "column_one": "0001A",
            "column_two": "0591T",
            "modifier_indicator": 1,
            "prior_to_1996": False,
            "valid_from": dt.date(2022, 1, 1),
            "valid_to": dt.date(2023, 12, 31),
            "rationale": "Misuse of codes",
            "row": 7,
        },
        {
            "column_one": "43214",
            "column_two": "74360",
            "modifier_indicator": 0,
            "prior_to_1996": True,
            "valid_from": dt.date(2014, 1, 1),
            "valid_to": None,
            "rationale": "More extensive procedure",
            "row": 9,
        },
    ]


def test_edit_deleted_on_its_own_effective_date_is_rejected_as_never_in_force():
    parsed = parse(PREAMBLE + EDITS)
    assert parsed.rows_in == 3
    assert parsed.rejects.to_pylist() == [{"row": 8, "key": "0001A/90473", "reason": ncci_ptp.NEVER_IN_FORCE}]


def test_indicator_9_on_other_dates_is_rejected_for_what_it_is():
    parsed = parse(edits(("0001A", "90473", "", "20220101", "20221231", "9", "x")))
    assert "not deleted on its own effective date" in reasons(parsed)[7]


def test_edit_of_a_single_day_that_allows_or_forbids_modifiers_binds_on_that_day():
    parsed = parse(edits(("43214", "74360", "", "20140101", "20140101", "1", "x")))
    assert parsed.table["valid_to"].to_pylist() == [dt.date(2014, 1, 1)]


def test_workbook_gives_the_same_edits_as_the_text():
    from_text = parse(PREAMBLE + EDITS)
    from_sheet = parse(sheet(PREAMBLE + EDITS), name="ccipra-v322r0-f1.xlsx")
    assert from_sheet.table == from_text.table
    assert from_sheet.rejects == from_text.rejects


def test_workbook_dates_and_codes_held_as_numbers_are_read():
    rows = [line.split("\t") for line in PREAMBLE.splitlines()]
    parsed = parse(workbook([*rows, [43214, 74360, None, 20140101, "*", 0, "x"]]))
    (edit,) = parsed.table.to_pylist()
    assert (edit["column_one"], edit["valid_from"]) == ("43214", dt.date(2014, 1, 1))


def test_re_export_leaves_the_dropped_effective_date_unknown():
    parsed = parse(TIDY, name="ptp_practitioner_2024Q3.csv")
    facts = [(edit["valid_from"], edit["valid_to"], edit["prior_to_1996"]) for edit in parsed.table.to_pylist()]
    assert facts == [(None, dt.date(2023, 12, 31), None), (None, None, None)]
    assert parsed.table["row"].to_pylist() == [2, 4]
    assert reasons(parsed) == {3: ncci_ptp.NEVER_IN_FORCE}


def test_one_pair_keeps_all_its_periods():
    parsed = parse(
        edits(
            ("43214", "74360", "", "20140101", "20141231", "0", "x"),
            ("43214", "74360", "", "20160101", "*", "0", "x"),
            ("43214", "74360", "", "20160101", "*", "1", "x"),
        )
    )
    assert parsed.table.num_rows == 3


def test_exact_copy_is_rejected_and_the_first_row_kept():
    edit = ("43214", "74360", "", "20140101", "*", "0", "x")
    parsed = parse(edits(edit, ("43214", "74361", "", "20140101", "*", "0", "x"), edit))
    assert parsed.table["row"].to_pylist() == [7, 8]
    assert reasons(parsed) == {9: "an exact copy of an earlier row"}


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "4321", "Column 1 code '4321' is not a code of 5 characters 0-9, A-Z"),
        (1, "7436a", "Column 2 code '7436a' is not a code of 5 characters 0-9, A-Z"),
        (2, "x", "mark 'x' of edits prior to 1996 is neither * nor blank"),
        (3, "20140231", "effective date '20140231' is not a date"),
        (4, "none", "deletion date 'none' is not a date"),
        (4, "20131231", "deleted before its effective date"),
        (5, "2", "modifier indicator '2' is not 0, 1 or 9"),
        (5, "", "modifier indicator '' is not 0, 1 or 9"),
    ],
)
def test_row_that_is_no_edit_is_rejected_with_its_reason(column, cell, reason):
    good = ["43214", "74360", "", "20140101", "*", "0", "x"]
    bad = [*good]
    bad[column] = cell
    parsed = parse(edits(good, bad))
    assert parsed.table.num_rows == 1
    assert reasons(parsed) == {8: reason}


def test_line_of_another_width_is_rejected_and_later_lines_keep_their_numbers():
    parsed = parse(PREAMBLE + "43214\t74360\n".join(EDITS.splitlines(keepends=True)))
    assert [(edit["row"], edit["column_two"]) for edit in parsed.table.to_pylist()] == [(7, "0591T"), (11, "74360")]
    assert reasons(parsed)[8] == reasons(parsed)[10] == "2 columns where the first edit has 7"
    assert parsed.rejects["row"].to_pylist() == [8, 9, 10]
    assert parsed.rows_in == 5


def test_blank_lines_are_no_rows_and_do_not_shift_line_numbers():
    parsed = parse(PREAMBLE + EDITS.replace("\n", "\n\n\t\t\t\t\t\t\n   \n"))
    assert parsed.rows_in == 3
    assert parsed.table["row"].to_pylist() == [7, 15]


def test_windows_line_ends_and_a_registered_sign_in_the_preamble_are_read():
    text = (PREAMBLE + EDITS).replace("CPT only", "CPT® only").replace("\n", "\r\n")
    assert parse(text.encode("cp1252")).table == parse(PREAMBLE + EDITS).table


def test_windows_1252_sign_in_a_rationale_is_read():
    text = (PREAMBLE + EDITS).replace("More extensive procedure", "physician\u2019s choice")
    assert parse(text.encode("cp1252")).table["rationale"].to_pylist()[-1] == "physician\u2019s choice"


def test_header_with_quoted_line_breaks_is_the_same_header():
    header = (
        'notice\nColumn 1\tColumn 2\t"*=in existence\nprior to 1996"\t"Effective\nDate"\t'
        '"Deletion Date\n*=no data"\t"Modifier\n0=not allowed\n1=allowed\n9=not applicable"\t'
        "PTP Edit Rationale\n"
    )
    parsed = parse(header + EDITS)
    assert parsed.table["row"].to_pylist() == [9, 11]


def test_inserted_column_is_noted_and_the_rest_survives():
    lines = [line.split("\t") for line in (PREAMBLE + EDITS).splitlines()]
    wider = "".join("\t".join([*cells[:2], "", *cells[2:]]) + "\n" for cells in lines)
    wider = wider.replace("Column 2\t", "Column 2\tNew Thing")
    parsed = parse(wider)
    assert parsed.table == parse(PREAMBLE + EDITS).table
    assert "column 'New Thing' is new and not used" in parsed.notes


def test_renamed_column_stops_the_file_with_line_expected_and_found():
    with pytest.raises(LayoutError, match=r"ccipra-v322r0-f1.txt, line 3: .*0=not allowed.*0=never") as error:
        parse(PREAMBLE.replace("0=not allowed", "0=never") + EDITS)
    assert error.value.line == 3


def test_file_whose_rows_do_not_fit_its_header_is_stopped():
    with pytest.raises(LayoutError, match="columns in every row"):
        parse(PREAMBLE + EDITS.replace("43214\t", "43214\t\t").replace("0001A\t0591T", "0001A\t0591T\t\t"))


def test_header_without_edits_is_an_incomplete_file():
    with pytest.raises(InputError, match="no edit follows the header on line 3"):
        parse(PREAMBLE)


@pytest.mark.parametrize(
    ("name", "origin", "release"),
    [
        ("ccipra-v322r0-f1.txt", None, "2026Q3"),
        ("ccioph-v313r0-f4.TXT", None, "2025Q4"),
        ("ptp_practitioner_2024Q3.csv", None, "2024Q3"),
        ("practitioner.txt", "/x/medicare-ncci-2026-q4-practitioner-ptp-edits.zip!practitioner.txt", "2026Q4"),
    ],
)
def test_release_is_told_by_the_published_name(name, origin, release):
    assert parse(PREAMBLE + EDITS, name=name, origin=origin).release == release


def test_release_named_by_the_caller_wins_and_covers_its_quarter():
    parsed = parse(PREAMBLE + EDITS, release="2024q3")
    assert parsed.release == "2024Q3"
    assert (parsed.covers_from, parsed.covers_to) == (dt.date(2024, 7, 1), dt.date(2024, 9, 30))


def test_unknown_release_is_asked_for():
    with pytest.raises(InputError, match=r"cannot tell which release this is; name it, e\.g\. --release 2024Q3"):
        parse(PREAMBLE + EDITS, name="practitioner.txt")
    with pytest.raises(InputError, match="'Q3' is no release of an NCCI table"):
        parse(PREAMBLE + EDITS, release="Q3")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("ccipra-v322r0-f1.txt", "ncci-ptp-practitioner"),
        ("ccioph-v322r0-f1.txt", "ncci-ptp-outpatient"),
        ("hospital_2024Q3.txt", "ncci-ptp-outpatient"),
    ],
)
def test_setting_is_told_by_the_published_name(name, source):
    assert parse(PREAMBLE + EDITS, name=name).source == source


def test_setting_may_stand_in_the_preamble_and_is_never_guessed():
    named = PREAMBLE.replace("Column1/Column2", "Outpatient Hospital Column1/Column2")
    assert parse(named + EDITS, name="edits_2024Q3.txt").source == "ncci-ptp-outpatient"
    with pytest.raises(InputError, match="practitioner or outpatient hospital"):
        parse(PREAMBLE + EDITS, name="edits_2024Q3.txt")


def test_medicaid_table_is_refused():
    with pytest.raises(InputError, match="Medicaid NCCI table"):
        parse(PREAMBLE + EDITS, name="medicaid-practitioner-2024Q3.txt")


def test_part_says_which_of_four_it_is(monkeypatch):
    monkeypatch.setattr(ncci_ptp, "LEAST_ROWS_OF_A_PART", 3)
    parsed = parse(PREAMBLE + EDITS, name="ccipra-v322r0-f2.txt")
    assert (parsed.part, parsed.parts_expected, parsed.whole, parsed.notes) == (2, 4, False, ())


def test_unsplit_table_is_whole(monkeypatch):
    monkeypatch.setattr(ncci_ptp, "LEAST_ROWS_OF_A_TABLE", 3)
    parsed = parse(TIDY, name="ptp_practitioner_2024Q3.csv")
    assert (parsed.part, parsed.parts_expected, parsed.whole, parsed.notes) == (None, None, True, ())


@pytest.mark.parametrize(("content", "name"), [(PREAMBLE + EDITS, NAME), (TIDY, "practitioner_2024Q3.csv")])
def test_excerpt_is_neither_a_part_nor_whole_and_says_so(content, name):
    parsed = parse(content, name=name)
    assert (parsed.part, parsed.parts_expected, parsed.whole) == (None, None, False)
    assert "excerpt" in parsed.notes[0]


@pytest.mark.parametrize("content", [PREAMBLE + EDITS, TIDY, sheet(PREAMBLE + EDITS)])
def test_each_layout_is_claimed_by_this_table_alone(content):
    file = published(content)
    assert [module for module in table_modules() if module.recognise(file)] == [ncci_ptp]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "column 1,column 2,total\n1,2,3\n",
        "claim,line_no,hcpcs\nA,1,43214\n",
        'Column 1\tColumn 2\t"Modifier\nIndicator"\n43214\t74360\t1\n',
        "ISA*00*          *00*          *ZZ*SENDER" + "*" * 200_000,
        b"\x00\xff\xfe" * 100,
    ],
)
def test_other_files_are_not_claimed(content):
    assert not ncci_ptp.recognise(published(content))


def test_parsing_what_was_not_recognised_is_a_layout_error():
    with pytest.raises(LayoutError, match="header of PTP edits"):
        parse("something else\n")


CODES = st.from_regex(r"[0-9A-Z]{5}", fullmatch=True)
DAYS = st.dates(dt.date(1996, 1, 1), dt.date(2026, 12, 31))
RATIONALES = st.sampled_from(["Misuse of codes", "More extensive procedure"])
FACTS = st.tuples(CODES, CODES, st.booleans(), DAYS, st.none() | DAYS, st.sampled_from([0, 1]), RATIONALES)


@settings(max_examples=60, deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=30))
def test_every_edit_comes_back_or_is_counted_as_rejected(facts):
    lines = [
        (one, two, "*" if old else "", f"{first:%Y%m%d}", f"{last:%Y%m%d}" if last else "*", str(ind), why)
        for one, two, old, first, last, ind, why in facts
    ]
    parsed = parse(edits(*lines))
    expected = {}
    for row, (one, two, old, first, last, ind, why) in enumerate(facts, start=7):
        if last is None or last >= first:
            expected.setdefault((one, two, ind, old, first, last, why), row)
    got = {tuple(edit.values())[:-1]: edit["row"] for edit in parsed.table.to_pylist()}
    assert got == expected
    assert parsed.rows_in == len(facts) == parsed.table.num_rows + parsed.rejects.num_rows


needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published NCCI files are not at ../shared/data")


@needs_data
@pytest.mark.published
def test_published_excerpt_of_2026q3():
    (file,) = open_published(DATA / "raw" / "ccipra-v322r0-f1.excerpt.txt")
    parsed = ncci_ptp.parse(file)
    assert (parsed.source, parsed.release) == ("ncci-ptp-practitioner", "2026Q3")
    assert (parsed.rows_in, parsed.table.num_rows, parsed.rejects.num_rows) == (50, 44, 6)
    assert (parsed.whole, parsed.part) == (False, None)
    edit = next(edit for edit in parsed.table.to_pylist() if edit["column_two"] == "0029U")
    assert (edit["valid_from"], edit["valid_to"]) == (dt.date(2018, 7, 1), dt.date(2026, 6, 30))
    assert file.text.splitlines()[edit["row"] - 1].startswith("0001U\t0029U")


@needs_data
@pytest.mark.published
def test_published_practitioner_table_of_2024q3():
    (file,) = open_published(DATA / "ptp_practitioner_2024Q3.csv.gz")
    parsed = ncci_ptp.parse(file)
    assert (parsed.source, parsed.release, parsed.whole) == ("ncci-ptp-practitioner", "2024Q3", True)
    assert (parsed.rows_in, parsed.table.num_rows) == (2_546_017, 2_447_164)
    assert set(parsed.rejects["reason"].to_pylist()) == {ncci_ptp.NEVER_IN_FORCE}
    assert parsed.rejects.num_rows == 98_853
    last = parsed.table["valid_to"]
    in_force = pc.fill_null(pc.greater_equal(last, dt.date(2024, 7, 1)), fill_value=True)
    assert pc.sum(in_force).as_py() == 1_669_820
    assert pc.sum(pc.invert(in_force)).as_py() == 777_344

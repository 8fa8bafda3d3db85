"""Exports of the Medicare Coverage Database: each table by its header, counts that add up, nothing but codes kept."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from types import ModuleType

import mcd_lcd_samples as lcd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.book.files import PublishedFile, open_published
from cleanclaim.book.load import load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.book.tables import _mcd_prose as prose
from cleanclaim.book.tables import (
    mcd_article,
    mcd_article_contractor,
    mcd_article_covered_group,
    mcd_article_hcpcs,
    mcd_article_icd10,
    mcd_article_lcd,
    mcd_article_ncd,
    mcd_article_noncovered,
    mcd_article_noncovered_group,
    mcd_article_revision,
    mcd_contractor,
    mcd_jurisdiction,
    mcd_self_administered,
    mcd_state,
    table_modules,
)
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.index.lookup import OpenBook

CHANGED = "2026-01-23 19:05:54.163000000"
# For each table its module, a header as the dictionary gives it, a row of it, and what is kept.
SAMPLES = {
    "contractor": (
        mcd_contractor,
        (
            "contractor_id,contractor_type_id,contractor_version,contractor_bus_name,contractor_number,status,ignore,"
            "status_flag,contractor_subtype_id,last_updated"
        ),
        f'273,9,1,"A, Inc.","06102",A,,Y,2,{CHANGED}',
        {"contractor": "273/9/1", "number": "06102", "role": "B"},
    ),
    "jurisdiction": (
        mcd_jurisdiction,
        "contractor_id,contractor_type_id,contractor_version,state_id,last_updated,active_date,term_date",
        f"273,9,1,19,{CHANGED},1900-01-01 00:00:00,2020-01-31 00:00:00",
        {"contractor": "273/9/1", "state_id": "19", "valid_from": None, "valid_to": dt.date(2020, 1, 31)},
    ),
    "state": (
        mcd_state,
        'state_id,"state_abbrev","description"',
        '60,"CNMI","Northern Mariana Islands"',
        {"state_id": "60", "state": "MP"},
    ),
    "article": (
        mcd_article,
        (
            "article_id,article_version,article_type,title,article_eff_date,article_end_date,status,last_updated,"
            "article_rev_end_date,date_retired,display_id,reference_article"
        ),
        f"52370,128,6,Drug,2015-10-01 00:00:00,,A,{CHANGED},,2026-03-01 00:00:00,,N",
        {
            "article_id": "52370",
            "version": "128",
            "kind": "6",
            "valid_from": dt.date(2015, 10, 1),
            "valid_to": dt.date(2026, 3, 1),
            "version_made": dt.date(2026, 1, 23),
        },
    ),
    "revision": (
        mcd_article_revision,
        "article_id,article_version,rev_hist_num,rev_hist_date,rev_hist_exp,last_updated",
        f'52370,128,9,2026-01-01 00:00:00,"Revised,\nagain",{CHANGED}',
        {"article_id": "52370", "version": "128", "revision": "9", "binds_from": dt.date(2026, 1, 1)},
    ),
    "article contractor": (
        mcd_article_contractor,
        "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version,last_updated",
        f"52370,128,6,273,9,1,{CHANGED}",
        {"article_id": "52370", "version": "128", "contractor": "273/9/1"},
    ),
    "procedures": (
        mcd_article_hcpcs,
        (
            "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,long_description,"
            "short_description,last_updated"
        ),
        f"52370,128,11111,99,2,N,LONG,SHORT,{CHANGED}",
        {"article_id": "52370", "version": "128", "hcpcs": "11111", "group": "2"},
    ),
    "covered": (
        mcd_article_icd10,
        (
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,sort_order,"
            "description,last_updated,asterisk"
        ),
        f"52370,128,T66.XXXA,9,3,N,1,TEXT,{CHANGED},Y",
        {"article_id": "52370", "version": "128", "icd10cm": "T66XXXA", "group": "3", "explained": True},
    ),
    "noncovered": (
        mcd_article_noncovered,
        (
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group,range,sort_order,"
            "description,last_updated"
        ),
        f"52370,128,XX000,9,1,N,1,TEXT,{CHANGED}",
        {"article_id": "52370", "version": "128", "icd10cm": "XX000", "group": "1"},
    ),
    "covered group": (
        mcd_article_covered_group,
        'article_id,article_version,icd10_covered_group,"paragraph",last_updated,"icd10_covered_ast"',
        (
            f'52370,128,1,"<p>For CPT&nbsp;64642 &ndash; 64647,\nJ0585:</p>",{CHANGED},'
            '"<p>*G96.89 must be billed with T66.XXXA.</p>"'
        ),
        {
            "article_id": "52370",
            "version": "128",
            "group": "1",
            "procedures": "64642-64647 J0585",
            "wants_another": False,
            "needed_with": "G9689:T66XXXA",
        },
    ),
    "noncovered group": (
        mcd_article_noncovered_group,
        'article_id,article_version,icd10_noncovered_group,"paragraph",last_updated',
        f'52370,128,1,"All those not listed as covered.",{CHANGED}',
        {
            "article_id": "52370",
            "version": "128",
            "group": "1",
            "procedures": "",
            "closes_the_list": True,
            "conditional": False,
        },
    ),
    "self-administered": (
        mcd_self_administered,
        (
            "article_id,article_version,article_type,code_table_row,brand_name,eff_date,end_date,comments,hcpc_code_id,"
            "hcpc_code_version,last_updated,short_description,long_description"
        ),
        f'52527,89,3,7,"Brand\nuse ""JA"" or ""JB""",2021-03-27 00:00:00,,Apparent,J1111,1,{CHANGED},S,L',
        {
            "article_id": "52527",
            "version": "89",
            "entry": "7",
            "hcpcs": "J1111",
            "valid_from": dt.date(2021, 3, 27),
            "valid_to": None,
            "by_route": True,
        },
    ),
    "ncd": (
        mcd_article_ncd,
        "article_id,article_version,related_num,r_ncd_id,r_ncd_version,last_updated",
        f"52370,128,1,155,1,{CHANGED}",
        {"article_id": "52370", "version": "128", "ncd_id": "155", "ncd_version": "1"},
    ),
    "lcd": (
        mcd_article_lcd,
        (
            "article_id,article_version,related_num,r_article_id,r_article_version,r_lcd_id,r_lcd_version,"
            "r_contractor_id,last_updated"
        ),
        f"52370,128,1,,,33394,2,297,{CHANGED}",
        {"article_id": "52370", "version": "128", "lcd_id": "33394"},
    ),
}
BAD = {
    "contractor": [("06102", "6102", "five digits"), (",Y,2,", ",N,2,", "retired"), (",Y,2,", ",Y,7,", "1 to 4")],
    "jurisdiction": [("1900-01-01", "2021-01-01", "before it begins"), (",19,", ",x,", "no number")],
    "state": [("CNMI", "N/A", "two letters")],
    "article": [(",,N", ",DA5,N", "draft"), (",A,", ",P,", "neither"), ("2015-10-01", "2015-13-01", "no day")],
    "revision": [("2026-01-01 00:00:00", "", "no rev_hist_date")],
    "article contractor": [(",273,", ",,", "no number")],
    "procedures": [("11111", "1111", "no procedure code")],
    "covered": [("T66.XXXA", "66", "no ICD-10-CM code")],
    "noncovered": [("XX000", "XX", "no ICD-10-CM code")],
    "covered group": [("128,1,", "128,A,", "no number")],
    "noncovered group": [("128,1,", "128,,", "no number")],
    "self-administered": [("J1111", "", "no procedure code"), ("00:00:00,,", "00:00:00,2020-01-01,", "ends before")],
    "ncd": [(",155,", ",0,", "no national determination")],
    "lcd": [("33394", "", "not to an LCD")],
}
SAMPLES |= {f"lcd's {name}": kept for name, kept in lcd.SAMPLES.items()}
BAD |= {f"lcd's {name}": bad for name, bad in lcd.BAD.items()}
UNDATED = ("state", "lcd's retirements")
each = pytest.mark.parametrize("name", SAMPLES)


def published_file(text: str, name: str = "table.csv") -> PublishedFile:
    return PublishedFile(name, name, "0" * 64, text.encode("cp1252"))


def sample_of(sample: tuple[ModuleType, str, str, dict[str, object]]) -> PublishedFile:
    _, header, row, _ = sample
    return published_file(f"{header}\r\n{row}\r\n")


def sample(name: str) -> PublishedFile:
    return sample_of(SAMPLES[name])


@each
def test_a_row_is_read_as_codes_numbers_and_days(name):
    module, _, _, kept = SAMPLES[name]
    read = module.parse(sample(name))
    assert read.table.to_pylist() == [kept | {"row": 2}]
    assert read.table.schema == module.SCHEMA
    assert read.source == module.SOURCES[0]
    assert read.release == ("undated" if name in UNDATED else "2026-01-23")


@each
def test_one_module_and_no_other_recognises_the_table(name):
    claimed = [module.SOURCES for module in table_modules() if module.recognise(sample(name))]
    assert claimed == [SAMPLES[name][0].SOURCES]


@each
def test_a_row_that_cannot_be_a_fact_is_rejected_with_its_reason(name):
    module, header, row, _ = SAMPLES[name]
    for old, new, why in BAD[name]:
        assert old in row
        read = module.parse(published_file(f"{header}\n{row}\n{row.replace(old, new, 1)}\n"))
        assert (read.rows_in, read.table.num_rows) == (2, 1), why
        assert why in read.rejects["reason"][0].as_py()


@each
def test_a_row_that_stands_twice_is_kept_once(name):
    module, header, row, _ = SAMPLES[name]
    read = module.parse(published_file(f"{header}\n{row}\n{row}\n"))
    assert read.table.num_rows == 1
    assert "the same as row 2" in read.rejects["reason"][0].as_py()


@each
def test_a_row_with_a_cell_too_few_is_rejected(name):
    module, header, row, _ = SAMPLES[name]
    read = module.parse(published_file(f"{header}\n{row.rpartition(',')[0]}\n"))
    assert "columns, the header has" in read.rejects["reason"][0].as_py()


@each
def test_a_missing_column_is_a_layout_error_and_a_new_one_a_note(name):
    module, header, row, _ = SAMPLES[name]
    with pytest.raises(LayoutError, match=r"table\.csv"):
        module.parse(published_file(f"{header.partition(',')[2]}\n"))
    read = module.parse(published_file(f"{header},fresh\n{row},1\n"))
    assert "column 'fresh' is new and not used" in read.notes


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"lcd's retirements"}))
def test_few_rows_are_an_excerpt_that_says_nothing_of_the_rest(name):
    module = SAMPLES[name][0]
    read = module.parse(sample(name))
    assert not read.whole
    assert any("excerpt" in note for note in read.notes)


def test_the_quarter_of_the_latest_change_is_what_a_list_of_codes_answers_for():
    read = mcd_article_hcpcs.parse(sample("procedures"))
    assert (read.covers_from, read.covers_to) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))


def test_a_quote_that_is_never_closed_is_one_clear_error():
    module, header, row, _ = SAMPLES["state"]
    with pytest.raises(InputError, match="cannot be read as a table"):
        module.parse(published_file(f'{header}\n{row}\n1,"AK'))


def test_long_bodies_and_line_breaks_do_not_move_the_row_numbers():
    module, header, row, _ = SAMPLES["revision"]
    other = row.replace("52370", "52371").replace("again", "x" * 200_000)
    read = module.parse(published_file(f"{header}\n{row}\n{other}\n"))
    assert read.table["row"].to_pylist() == [2, 4]


def test_an_export_is_read_through_its_zip_within_a_zip(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in SAMPLES:
            archive.writestr(f"csv/{name}.csv", sample(name).content)
    outer = tmp_path / "current_article.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("current_article_csv.zip", inner.getvalue())
        archive.writestr("readme_first.txt", "Read me.")
    store = BookStore(tmp_path / "book", with_starter=False)
    outcomes = load_paths(store, [outer])
    assert sorted(done.release.source for done in outcomes if done.release) == sorted(
        module.SOURCES[0] for module, *_ in SAMPLES.values()
    )
    assert not any(done.failed for done in outcomes)
    assert any(done.file.endswith("current_article_csv.zip!csv/state.csv") for done in outcomes)


# --- prose


@pytest.mark.parametrize(
    ("paragraph", "codes"),
    [
        ("For CPT code 64642, 64643 and 64645-64647:", "64642 64643 64645-64647"),
        ("Codes 95782 through 95811.", "95782-95811"),
        ("See CR 10901 and LCD L33906, Pub. 100-04 of 2016.", ""),
        ("Diagnoses M54.16 and G89.4 support it.", ""),
        ("", ""),
    ],
)
def test_procedures_that_a_paragraph_names(paragraph, codes):
    assert prose.procedures(paragraph) == codes


@pytest.mark.parametrize(
    ("paragraph", "closed"),
    [
        ("All those not listed under the &ldquo;ICD-10 Codes that Support Medical Necessity&rdquo; section.", True),
        ("All ICD-10 codes that are not specified in the previous section.", True),
        ("For the specific HCPCS codes indicated above, all ICD-10 codes that are not specified.", False),
        ("For all HCPCS codes except A4331. All ICD-10 codes that are not specified.", False),
        ("The following codes do not support medical necessity.", False),
        ("N/A", False),
        ("", False),
    ],
)
def test_a_list_is_closed_only_where_the_article_says_so_without_condition(paragraph, closed):
    assert prose.closes_the_list(paragraph) is closed


@pytest.mark.parametrize(
    ("paragraph", "asks"),
    [
        ("Both diagnoses are required on the claim.", True),
        ("Codes of Group 2 must be reported with a code of Group 1.", True),
        ("Stand alone codes: these must be reported with nothing.", False),
        ("The following codes support medical necessity.", False),
    ],
)
def test_a_group_that_asks_for_a_second_diagnosis(paragraph, asks):
    assert prose.wants_another(paragraph) is asks


@pytest.mark.parametrize(
    ("explanation", "pairs"),
    [
        ("*G96.89 must be billed with ICD-10-CM code T66.XXXA, T66.XXXD or T66.XXXS.", "G9689:T66XXXA,T66XXXD,T66XXXS"),
        ("*K52.89 is microscopic colitis. *M35.81 must be billed with Z20.822 to report it", "M3581:Z20822"),
        ("*R07.9 is used to describe rib pain.", ""),
    ],
)
def test_pairs_that_an_explanation_names(explanation, pairs):
    assert prose.needed_with(explanation) == pairs


@pytest.mark.parametrize("word", ["", "N/A", "<p>NA</p>", "Not Applicable", "&nbsp;N/A", "N//A"])
def test_words_for_nothing(word):
    assert prose.says_nothing(word)


@given(st.text(max_size=300))
def test_no_paragraph_is_too_much(text):
    assert isinstance(prose.procedures(text), str)
    assert isinstance(prose.needed_with(text), str)
    assert {prose.wants_another(text), prose.closes_the_list(text), prose.says_nothing(text)} <= {True, False}


# --- the real files

REAL = {
    "mcd-article-lcd": (6195, 4540),
    "mcd-article-ncd": (4451, 1787),
    "mcd-self-administered": (1480, 1479),
    "mcd-article-contractor": (27348, 27348),
    "mcd-article-covered-group": (2474, 2474),
    "mcd-article-noncovered-group": (1293, 1293),
    "mcd-contractor": (120, 120),
    "mcd-jurisdiction": (291, 291),
    "mcd-state": (63, 63),
}


@pytest.mark.published
def test_the_published_part_of_an_export_is_read_whole(published: Path):
    found = {}
    for path in sorted((published / "coverage").rglob("current_article/**/*.csv")):
        for file in open_published(path):
            for module in table_modules():
                if module.recognise(file):
                    read = module.parse(file)
                    assert read.whole, path.name
                    found[read.source] = (read.rows_in, read.table.num_rows)
    assert found == REAL


@pytest.mark.published
def test_the_published_part_says_which_tables_it_lacks(published: Path, tmp_path):
    load_paths(BookStore(tmp_path), [published / "coverage"])
    day = OpenBook.open(tmp_path).as_of(dt.date(2026, 2, 1))
    assert day.coverage_loaded("article-contractor")
    assert not day.coverage_loaded("article-hcpcs")

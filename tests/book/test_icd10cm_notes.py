"""The notes of the ICD-10-CM tabular list: what is kept, and what is left out and counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables import icd10cm_notes
from cleanclaim.errors import InputError, LayoutError

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2026</version>
  <chapter>
    <name>5</name>
    <section id="N40-N53">
      <desc>Diseases of male genital organs (N40-N53)</desc>
      <excludes1><note>something NOS (R99)</note></excludes1>
      <diag>
        <name>N44</name>
        <desc>Something</desc>
        <excludes1>
          <note>an older form (A01.-, B02.1-B03.2)</note>
          <note>code to condition</note>
          <note>a late form (T36-T50 with final character 5)</note>
          <note>a disease such as:</note>
        </excludes1>
        <codeFirst><note>underlying disease (C50.- and C61)</note></codeFirst>
        <diag><name>N44.0</name><desc>Something in diseases classified elsewhere</desc></diag>
        <diag><name>N44.1</name><desc>Something of right hand</desc></diag>
        <diag><name>N44.2</name><desc>Something of left hand</desc></diag>
        <diag><name>N44.3</name><desc>Something of unspecified hand</desc></diag>
        <diag><name>N44.4</name><desc>Palsy of right dominant side</desc></diag>
        <diag><name>N44.5</name><desc>Palsy of left dominant side</desc></diag>
        <diag><name>N44.6</name><desc>Failure of left heart</desc></diag>
      </diag>
    </section>
    <section id="P00-P04">
      <desc>Newborn (P00-P04)</desc>
      <diag>
          <name>P00</name><desc>Newborn affected by female genital disease in diseases classified elsewhere</desc>
        </diag>
    </section>
    <section id="O00-O08">
      <desc>Pregnancy with abortive outcome (O00-O08)</desc>
      <diag><name>O00</name><desc>Ectopic</desc></diag>
    </section>
  </chapter>
</ICD10CM.tabular>
"""


def published(text: str = TABULAR, name: str = "icd10cm_tabular_2026.xml") -> PublishedFile:
    return PublishedFile(name, name, "0" * 64, text.encode())


@pytest.fixture(scope="module")
def facts():
    table = icd10cm_notes.parse(published()).table
    return {(row["icd10cm"], row["kind"], row["first"], row["last"]) for row in table.to_pylist()}


def of_kind(facts, kind):
    return {(code, first, last) for code, of, first, last in facts if of == kind}


def test_the_tabular_list_is_recognised_by_its_content():
    assert icd10cm_notes.recognise(published(name="anything"))
    assert not icd10cm_notes.recognise(published("<?xml version='1.0'?>\n<other/>"))


def test_codes_and_ranges_of_an_excludes1_note_are_kept_at_its_heading(facts):
    assert of_kind(facts, "excludes1") == {("N44", "A01", "A01"), ("N44", "B021", "B032")}


def test_codes_that_stand_first_are_kept(facts):
    assert of_kind(facts, "code_first") == {("N44", "C50", "C50"), ("N44", "C61", "C61")}


def test_a_manifestation_needs_its_title_and_a_code_first_note(facts):
    assert of_kind(facts, "manifestation") == {("N440", "", "")}


def test_sides_are_those_of_neighbours_that_differ_in_nothing_else(facts):
    assert of_kind(facts, "side") == {("N441", "right", ""), ("N442", "left", ""), ("N443", "unspecified", "")}


def test_the_sex_is_the_titles_never_that_of_the_mother(facts):
    assert of_kind(facts, "sex") == {("N44", "male", ""), ("O00", "female", "")}


def test_what_only_words_say_is_left_out_and_counted():
    parsed = icd10cm_notes.parse(published())
    reasons = [row["reason"] for row in parsed.rejects.to_pylist()]
    assert len(reasons) == 3
    assert any("whole block" in reason for reason in reasons)
    assert sum("code to condition" in reason or "final character 5" in reason for reason in reasons) == 2
    assert parsed.rows_in == parsed.table.num_rows + 3


def test_a_fact_names_the_line_of_its_code():
    rows = {row["icd10cm"]: row["row"] for row in icd10cm_notes.parse(published()).table.to_pylist()}
    assert TABULAR.splitlines()[rows["N441"] - 1].strip().startswith("<diag><name>N44.1")


def test_the_release_is_the_fiscal_year_of_the_files_name():
    parsed = icd10cm_notes.parse(published())
    assert (parsed.release, parsed.covers_from, parsed.covers_to) == (
        "FY2026",
        dt.date(2025, 10, 1),
        dt.date(2026, 9, 30),
    )
    assert not parsed.whole
    with pytest.raises(InputError, match="fiscal year"):
        icd10cm_notes.parse(published(name="tabular.xml"))


def test_broken_xml_is_told_with_its_line():
    with pytest.raises(LayoutError, match="tabular list as XML"):
        icd10cm_notes.parse(published("<ICD10CM.tabular>\n<chapter>\n"))


def test_a_list_without_notes_is_an_empty_part():
    assert icd10cm_notes.parse(published("<ICD10CM.tabular>\n</ICD10CM.tabular>")).table.num_rows == 0


def test_the_installed_package_has_the_notes_everybody_knows():
    parsed = icd10cm_notes.from_package()
    facts = {(row["icd10cm"], row["kind"], row["first"], row["last"]) for row in parsed.table.to_pylist()}
    assert {
        ("R73", "excludes1", "E08", "E13"),
        ("F17", "excludes1", "Z87891", "Z87891"),
        ("N18", "code_first", "I12", "I12"),
        ("F0280", "manifestation", "", ""),
        ("M1711", "side", "right", ""),
        ("C61", "sex", "male", ""),
        ("Z34", "sex", "female", ""),
    } <= facts
    kinds = Counter(kind for _, kind, _, _ in facts)
    assert parsed.whole
    assert kinds["excludes1"] > 5_000
    assert kinds["side"] > 10_000

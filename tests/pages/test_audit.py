"""The audit of published pages: statements in our own words, held against the starter."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.audit import Assertion, Judgement, Kind, PageAudit, audit_text

DAY = dt.date(2026, 7, 1)


def audited(book: OpenBook, page: str) -> PageAudit:
    return audit_text(book, page, DAY, page="page")


def said_of(book: OpenBook, page: str, kind: Kind) -> list[tuple[str, str]]:
    return [(entry.quote, str(entry.verdict)) for entry in audited(book, page).assertions if entry.kind is kind]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("CPT 62323 does not include imaging guidance.", "contradicted"),
        ("CPT 62323 is done without imaging guidance.", "contradicted"),
        ("With 62323, fluoroscopy may be billed separately.", "contradicted"),
        ("CPT 62323 includes fluoroscopic or CT guidance.", "supported"),
        ("Imaging guidance is bundled into 62323 and cannot be billed separately.", "supported"),
        ("CPT 62322 is performed without imaging guidance.", "supported"),
        ("CPT 62322 includes imaging guidance.", "contradicted"),
        ("For 20611 ultrasound guidance isn't separately billable.", "supported"),
        ("For 20611, report the ultrasound guidance separately.", "contradicted"),
    ],
)
def test_what_a_sentence_says_of_imaging_is_held_against_the_book(
    starter_book: OpenBook, sentence: str, verdict: str
) -> None:
    assert [found for _, found in said_of(starter_book, f"A page\n\n{sentence}\n", Kind.IMAGING_GUIDANCE)] == [verdict]


@pytest.mark.parametrize(
    "sentence",
    [
        "Does CPT code 62323 include fluoroscopy?",
        "Learn when imaging guidance is separately billable with 62323.",
        "Imaging guidance makes injections such as 62323 safer.",
        "Some payers pay 62323 better when imaging is documented.",
        "62323 is an excellent choice for patients with back pain.",
        "Call 62323 for more information about imaging.",
    ],
)
def test_questions_opinions_and_generic_sentences_are_left_alone(starter_book: OpenBook, sentence: str) -> None:
    made = audited(starter_book, f"About 62323\n\n{sentence}\n")
    assert made.count(Judgement.CONTRADICTED) == 0


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Do not report 43214 with 74360.", "supported"),
        ("CPT 43214 may be reported together with 74360.", "contradicted"),
        ("62323 may be billed with 77003 when modifier 59 shows a distinct site.", "supported"),
        ("43214 can be billed with 74360 when modifier 59 is appended.", "contradicted"),
        ("43249 may be billed with 74360.", "unverifiable"),
    ],
)
def test_a_pair_is_held_against_its_edit(starter_book: OpenBook, sentence: str, verdict: str) -> None:
    page = f"Notes on billing\n\n{sentence}\n"
    assert [found for _, found in said_of(starter_book, page, Kind.NOT_REPORTED_WITH)] == [verdict]


MODIFIERS = """CPT 74360

| Modifier | Description | When to use |
|---|---|---|
| 26 | Professional component | The reading only |
| TC | Professional component | The equipment only |
| 62 | Two surgeons | When two surgeons share the reading |
| AA | Anesthesia by an anesthesiologist | When an anesthesiologist is present |
| 52 | Reduced services | When less than the whole study was done |
"""


def test_each_row_of_a_table_of_modifiers_is_judged_for_meaning_and_for_the_code(starter_book: OpenBook) -> None:
    made = audited(starter_book, MODIFIERS)
    meaning = {entry.codes[0]: entry.verdict for entry in made.assertions if entry.kind is Kind.MODIFIER_MEANING}
    use = {entry.codes[-1]: entry.verdict for entry in made.assertions if entry.kind is Kind.MODIFIER_APPLICABILITY}
    assert meaning == {
        "26": Judgement.SUPPORTED,
        "TC": Judgement.CONTRADICTED,
        "62": Judgement.SUPPORTED,
        "AA": Judgement.SUPPORTED,
        "52": Judgement.SUPPORTED,
    }
    assert use == {
        "26": Judgement.SUPPORTED,
        "TC": Judgement.SUPPORTED,
        "62": Judgement.CONTRADICTED,
        "AA": Judgement.CONTRADICTED,
        "52": Judgement.SUPPORTED,
    }


DIAGNOSES = """CPT 43249

| ICD-10 | Description | Why |
|---|---|---|
| K22.2 | Esophageal obstruction | narrow |
| K22.1 | Diverticulum of esophagus | pouch |
| K22.5 | Ulcer of esophagus | sore |
"""


def test_a_diagnosis_row_is_judged_for_its_name_and_whether_it_can_be_billed(starter_book: OpenBook) -> None:
    made = audited(starter_book, DIAGNOSES)
    names = {entry.codes[0]: entry.verdict for entry in made.assertions if entry.kind is Kind.DIAGNOSIS_MEANING}
    billable = {entry.codes[0]: entry.verdict for entry in made.assertions if entry.kind is Kind.DIAGNOSIS_BILLABLE}
    assert names == {
        "K22.2": Judgement.SUPPORTED,
        "K22.1": Judgement.CONTRADICTED,
        "K22.5": Judgement.CONTRADICTED,
    }
    assert billable == {
        "K22.2": Judgement.SUPPORTED,
        "K22.1": Judgement.CONTRADICTED,
        "K22.5": Judgement.SUPPORTED,
    }


def test_a_row_on_another_code_is_judged_for_that_code(starter_book: OpenBook) -> None:
    page = (
        "CPT 74360\n\n| CPT Code | Description | Relation |\n|---|---|---|\n"
        "| 43254 | Endoscopic dilation of the esophagus, each additional | related |\n"
        "| 43248 | Upper endoscopy with dilation of the esophagus over a guidewire | related |\n"
    )
    found = {entry.codes[0]: entry.verdict for entry in audited(starter_book, page).assertions}
    assert found["43254"] is Judgement.CONTRADICTED
    assert found["43248"] is Judgement.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("77003 is an add-on code.", "supported"),
        ("77003 is not an add-on code.", "contradicted"),
        ("43214 has a 90-day global period.", "contradicted"),
        ("43214 has a 0-day global period.", "supported"),
        ("The work RVU of 43214 is 9.99, a work RVU of 9.99 in all.", "contradicted"),
        ("Its status indicator is A, as 43214 is paid.", "supported"),
    ],
)
def test_what_an_indicator_settles_is_settled(starter_book: OpenBook, sentence: str, verdict: str) -> None:
    found = audited(starter_book, f"Notes\n\n{sentence}\n").assertions
    assert str(found[0].verdict) == verdict


def test_a_quote_is_the_text_between_its_offsets_whatever_the_typography(starter_book: OpenBook) -> None:
    page = (
        "CPT 62323\n\n“CPT 62323” — can\u2019t be billed with “imaging guidance” — "
        "it\u2019s done without imaging guidance.\n"
    )
    made = audited(starter_book, page)
    assert made.assertions
    assert all(entry.quote == page[entry.start : entry.end] for entry in made.assertions)


def test_every_judgement_but_unverifiable_cites_where_it_can_be_read(starter_book: OpenBook) -> None:
    made = audited(starter_book, MODIFIERS + DIAGNOSES)
    assert all(entry.citations for entry in made.assertions if entry.verdict is not Judgement.UNVERIFIABLE)


@pytest.mark.parametrize("page", ["", "\n\n", "No codes here, only words.", "| | |\n|---|---|\n", "|" * 500, "62323"])
def test_a_page_with_nothing_to_judge_has_no_assertions(starter_book: OpenBook, page: str) -> None:
    assert audited(starter_book, page).assertions == ()


# --- the published pages


def _overlaps(entry: Assertion, place: tuple[int, int]) -> bool:
    return entry.start < place[1] and place[0] < entry.end


@pytest.mark.published
@pytest.mark.parametrize("which", ["published", "starter"])
def test_false_statements_of_published_pages_are_found_and_true_ones_are_not_called_false(
    published: Path, which: str, request: pytest.FixtureRequest
) -> None:
    """Recall at least 0.8 and precision at least 0.95, by the labels of ``pages/assertions.csv``."""
    book: OpenBook = request.getfixturevalue("published_book" if which == "published" else "starter_book")
    folder = published / "pages"
    with (folder / "assertions.csv").open(encoding="utf-8") as file:
        labelled = list(csv.DictReader(file))
    false = found = called_false = rightly = 0
    for path in sorted(folder.glob("page_*.txt")):
        text = path.read_text(encoding="utf-8")
        wrong = [entry for entry in audited(book, text).assertions if entry.verdict is Judgement.CONTRADICTED]
        places = [
            (row["verdict"], (at, at + len(row["anchor"])))
            for row in labelled
            if f"page_{row['page']}.txt" == path.name and row["anchor"] and (at := text.find(row["anchor"])) >= 0
        ]
        of_false = [place for verdict, place in places if verdict == "false"]
        false += len(of_false)
        found += sum(any(_overlaps(entry, place) for entry in wrong) for place in of_false)
        called_false += len(wrong)
        rightly += sum(any(_overlaps(entry, place) for place in of_false) for entry in wrong)
    assert false >= 30
    assert found / false >= 0.8
    assert rightly / called_false >= 0.95

"""Whatever a page holds: a quote is the text between its offsets, and no page keeps the audit at work without end."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleanclaim.index.lookup import OpenBook
from cleanclaim.pages.audit import Judgement, Kind, audit_text
from cleanclaim.pages.reading import page_text

DAY = dt.date(2026, 7, 1)
PIECES = st.sampled_from(
    [
        "CPT 62323", "20611", "43214", "74360", "modifier 26", "TC", "K22.1", "M54.5", "207Q00000X", "J3301", "4 units",
        "10 mg", "includes imaging guidance", "without imaging", "may be billed with", "is not billable", "status A",
        "global period", "90", " | ", "|---|---|",
        "\n", "\n\n", "\r\n", "# ", "- ", ": ", "**", "[a](http://b)", "?", ". ",
        "“", "”", "—", "\u2028", "\x0c", "\u00a0", "é", "𝄞", "İ", "ß", "<b>", "&amp;",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join), st.text())


@settings(max_examples=80)
@given(page=TEXTS)
@example(page="CPT 62323 - .")
@example(page="# CPT 62323: .")
def test_a_quote_is_the_text_between_its_offsets(starter_book: OpenBook, page: str) -> None:
    made = audit_text(starter_book, page, DAY)
    assert made.text == page
    assert all(page[entry.start : entry.end] == entry.quote != "" for entry in made.assertions)


@pytest.mark.parametrize("six", ["\u017fix", "s\u0131x", "S\u0130X"])
def test_a_number_in_odd_letters_is_the_number(starter_book: OpenBook, six: str) -> None:
    page = f"CPT 97110\n\nThe MUE of 97110 is {six} units per day.\n"
    made = audit_text(starter_book, page, DAY)
    assert [(entry.kind, entry.verdict) for entry in made.assertions] == [(Kind.PAYMENT_RULE, Judgement.SUPPORTED)]
    assert six in made.assertions[0].quote


LONG = 20_000


@pytest.mark.parametrize(
    "piece",
    [
        "K22.2 ",
        "20611 ",
        "20611 is bundled with 20610 ",
        "modifier 25, ",
        "|",
        "[a](",
        "*a",
        "is not ",
        "A. ",
        "a: ",
        "(",
        '"',
    ],
)
def test_a_page_that_repeats_itself_is_read_to_its_end(starter_book: OpenBook, piece: str) -> None:
    page = piece * (LONG // len(piece)) + "\n\n20611 has a 90-day global period.\n"
    made = audit_text(starter_book, page, DAY)
    assert any("global" in entry.quote for entry in made.assertions)


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<!x", "<?", '<a b="', "</", "<table><tr><td>", "<![CDATA["])
def test_html_that_never_closes_is_read_to_its_end(piece: str) -> None:
    assert "before" in page_text(b"<html><p>before</p>" + piece.encode() * (LONG // len(piece)), "page.html")

"""What is read of a page: HTML as it is found, text in its encodings, PDF, and what is none of them."""

from __future__ import annotations

import pytest

from cleanclaim.errors import UnreadableFile
from cleanclaim.pages.reading import page_text


def read(page: str) -> str:
    return page_text(page.encode(), "page.html")


def test_scripts_styles_navigation_and_comments_are_left_out() -> None:
    page = "<html><head><title>t</title><script>var a='20611';</script></head><nav>menu</nav><!-- 20610 --><p>seen</p>"
    assert read(page) == "seen\n"


def test_a_table_without_closing_tags_is_a_table() -> None:
    assert read("<table><tr><th>Code<th>What<tr><td>93005<td>tracing</table>") == (
        "| Code | What |\n|---|---|\n| 93005 | tracing |\n\n"
    )


def test_a_header_of_a_row_is_no_header_of_the_table() -> None:
    assert "---" not in read('<table><tr><th scope="row">Status</th><td>A</td></tr></table>')


def test_a_break_in_a_cell_is_a_space_and_a_bar_is_no_cell() -> None:
    assert read("<table><tr><td>one<br>two</td><td>a|b</td></tr></table>") == "| one two | a/b |\n\n"


def test_a_table_in_a_cell_is_read_by_itself() -> None:
    page = "<table><tr><td>outer<table><tr><td>20611</td><td>inner</td></tr></table></td></tr></table><p>after</p>"
    assert "| 20611 | inner |" in read(page)
    assert "outer" in read(page)
    assert read(page).endswith("after\n")


def test_headings_list_items_and_definitions_are_led_as_in_markdown() -> None:
    assert read("<h2>20611</h2><ul><li>one<li>two</ul><dl><dt>J3301<dd>a drug</dl>") == (
        "# 20611\n- one\n- two\nJ3301\n: a drug\n"
    )


def test_entities_are_characters() -> None:
    assert read("<p>a &lt; b &amp; c &ndash; d &#8212; e</p>") == "a < b & c \u2013 d — e\n"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain \u2013 text".encode("cp1252"), "plain \u2013 text"),
        (b"\xef\xbb\xbfplain", "plain"),
        ("wide".encode("utf-16"), "wide"),
        (b'<html><meta charset="windows-1252"><p>\x97</p>', "—\n"),
        (b'<html><meta charset="no-such"><p>\xe9</p>', "é\n"),
    ],
)
def test_text_comes_in_its_encoding(content: bytes, text: str) -> None:
    assert page_text(content, "page") == text


def pdf(line: str) -> bytes:
    """A PDF of one line, as short as one can be."""
    stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + (b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(made))
    )


def test_a_pdf_is_the_text_of_its_pages() -> None:
    pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    assert page_text(pdf("20611 has a 90-day global period."), "a.pdf").strip() == "20611 has a 90-day global period."


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing", b"%PDF-", pdf("cut")[:120], pdf("")])
def test_a_broken_or_empty_pdf_is_one_clear_error(content: bytes) -> None:
    pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    with pytest.raises(UnreadableFile, match=r"a\.pdf: the PDF (cannot be read|holds no text)"):
        page_text(content, "a.pdf")


def test_what_is_neither_text_html_nor_pdf_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="neither text, HTML nor PDF"):
        page_text(b"PK\x03\x04\0\0\0", "a.docx")

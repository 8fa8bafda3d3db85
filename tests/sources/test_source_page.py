from __future__ import annotations

import pytest
from fake_publisher import cms_page, licence_page
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.sources.page import Gate, Link, read_page, through_licence

HERE = "https://www.cms.gov/medicare/edits"


def test_links_are_read_whatever_the_order_of_attributes_and_the_markup_around_the_words():
    page = read_page(
        HERE,
        "<A TARGET=_blank\n class='x' HREF='/files/zip/a.zip'><span>Part <b>1</b></span>\n\n (2 Records)</A>"
        "<a href=b.zip>two</a><a href='https://downloads.cms.gov/c.zip?x=1&amp;y=2'>th&eacute;e</a>",
    )
    assert page.links == (
        Link("https://www.cms.gov/files/zip/a.zip", "Part 1 (2 Records)"),
        Link("https://www.cms.gov/medicare/b.zip", "two"),
        Link("https://downloads.cms.gov/c.zip?x=1&y=2", "thée"),
    )


def test_a_link_left_open_ends_where_the_next_begins():
    page = read_page(HERE, "<a href='/a.zip'>one<a href='/b.zip'>two</a>")
    assert [link.text for link in page.links] == ["one", "two"]


def test_the_base_of_a_page_is_heeded():
    assert read_page(HERE, "<base href='/x/'><a href='a.zip'>a</a>").links[0].url == "https://www.cms.gov/x/a.zip"


def test_links_in_comments_scripts_and_without_address_are_no_links():
    page = read_page(HERE, cms_page(("/files/zip/a.zip", "a")) + "<script>'<a href=\"/b.zip\">b</a>'</script>")
    assert [link.url for link in page.links if link.url.endswith(".zip")] == ["https://www.cms.gov/files/zip/a.zip"]


def test_a_link_that_is_no_address_leads_nowhere():
    assert read_page(HERE, "<a href='http://[::1'>x</a>").links == (Link("", "x"),)


def test_links_before_a_broken_declaration_are_kept():
    assert [link.text for link in read_page(HERE, "<a href='/a.zip'>one</a><![x[ <a href='/b'>b</a>").links] == ["one"]


@given(st.text(st.sampled_from("<>!-[]/ ='\"ahreftilform&;#x0\n"), max_size=60))
def test_no_page_is_so_broken_that_reading_it_fails(html):
    page = read_page(HERE, html)
    assert page.url == HERE


def test_accepting_requests_what_the_accept_button_requests():
    page = read_page("https://www.cms.gov/license/ama?file=/files/zip/a.zip", licence_page("/files/zip/a.zip"))
    assert page.acceptance() == "https://www.cms.gov/files/zip/a.zip?agree=yes&next=Accept"


def test_the_accept_button_is_found_when_the_refusing_form_comes_first():
    html = (
        "<form action='/no'><input type=submit name=c value=\"Don't Accept\"></form>"
        "<form action='/files/zip/a.zip?old=1'><input type=hidden name=agree value=yes>"
        "<button name=next value=1>I <b>accept</b> the terms</button></form>"
    )
    assert read_page(HERE, html).acceptance() == "https://www.cms.gov/files/zip/a.zip?agree=yes&next=1"


@pytest.mark.parametrize(
    "html",
    [
        "<form action='/a.zip'><input type=submit value='I do not accept'></form>",
        "<form action='/a.zip'><input type=submit value='Do not agree'></form>",
        "<form action='/a.zip' method=post><input type=submit value=Accept></form>",
        "<form action='/search'><input type=text name=accept value=Accept></form>",
        "<input type=submit value=Accept>",
        "<form action='/a.zip'></form><input type=submit value=Accept>",
        "",
    ],
)
def test_nothing_but_an_accept_button_accepts(html):
    assert read_page(HERE, html).acceptance() is None


def test_an_accept_form_without_address_leads_back_to_its_own_page():
    html = "<form action=''><input type=hidden name=file value='/a.zip'><input type=submit value=Accept></form>"
    assert read_page("https://www.cms.gov/license/ama?x=1", html).acceptance() == (
        "https://www.cms.gov/license/ama?file=%2Fa.zip"
    )


@pytest.mark.parametrize(
    ("link", "file", "gate"),
    [
        ("/license/ama?file=/files/zip/a.zip", "https://www.cms.gov/files/zip/a.zip", "AMA"),
        ("/license/ada?file=%2Ffiles%2Fzip%2Fa.zip", "https://www.cms.gov/files/zip/a.zip", "ADA"),
        ("/apps/ama/license.asp?file=/files/zip/a.zip", "https://www.cms.gov/files/zip/a.zip", "AMA"),
        (
            "/apps/ama/license.asp?file=http://download.cms.gov/a.zip",
            "http://download.cms.gov/a.zip",
            "AMA",
        ),
        ("/files/zip/a.zip", "https://www.cms.gov/files/zip/a.zip", None),
        ("/search?file=/files/zip/a.zip", "https://www.cms.gov/search?file=/files/zip/a.zip", None),
        ("/license/ama", "https://www.cms.gov/license/ama", None),
    ],
)
def test_the_file_behind_a_licence_page_is_known_from_the_link(link, file, gate):
    url = "https://www.cms.gov" + link
    assert through_licence(url) == (file, Gate(gate, url) if gate else None)

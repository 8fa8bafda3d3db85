"""The pages in a real browser: accessible, at desktop and phone width, and searched without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install 'cleanclaim[browser]'")

PAGES = ("index.html", "changes.html", "codes/43214.html", "codes/4324F.html", "codes/J1100.html", "codes/99213.html",
         "modifiers/59.html", "rules/PTP001.html")  # fmt: skip
WIDTHS = (1280, 375)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    site: Path, browser: Any, page: str, width: int
) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.goto((site / page).as_uri())
    found = axe.Axe().run(opened)
    wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    opened.close()
    assert found.violations_count == 0, found.generate_report()
    assert wide <= 0


def test_the_search_finds_words_and_goes_to_a_code_without_a_server(site: Path, browser: Any) -> None:
    opened = browser.new_page()
    opened.goto((site / "index.html").as_uri())
    opened.fill("input[type=search]", "epidural fluoroscopy")
    opened.wait_for_selector("#hits a")
    assert "62323" in [link.inner_text() for link in opened.query_selector_all("#hits a")]
    opened.fill("input[type=search]", "nothing of the kind")
    opened.wait_for_function("document.getElementById('said').textContent === '0 pages found'")
    opened.goto((site / "codes" / "43214.html").as_uri())
    opened.fill("input[type=search]", "77003")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/codes/77003.html")
    opened.close()


def test_on_paper_the_sources_are_open_and_the_navigation_is_gone(site: Path, browser: Any) -> None:
    opened = browser.new_page()
    opened.goto((site / "codes" / "43214.html").as_uri())
    opened.emulate_media(media="print")
    assert not opened.is_visible(".contents")
    assert not opened.is_visible("header.top")
    opened.close()

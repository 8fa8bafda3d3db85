"""A small site and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleanclaim.index.lookup import OpenBook
from cleanclaim.render.site.build import build_site
from support.few_codes import CODES, DAY


@pytest.fixture(scope="session")
def site(starter_book: OpenBook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of some codes of every kind."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    build_site(starter_book, DAY, folder, jobs=1, codes=CODES)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium, as the machine has it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install 'cleanclaim[browser]'")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()

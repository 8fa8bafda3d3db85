"""What is fetched is loaded: the whole way from a publisher's page to an answer of the book."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
from fake_publisher import at, cms_page, ptp_zip

from cleanclaim.book.store import BookStore
from cleanclaim.book.update import update_book
from cleanclaim.engine.pair import PairVerdict, pair
from cleanclaim.index.lookup import OpenBook

NOW = dt.datetime(2026, 7, 15, 9, 30, tzinfo=dt.UTC)
PTP = "ncci-ptp-practitioner"
PATHS = [f"/files/zip/medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f{part}.zip" for part in (1,)]


@pytest.fixture
def catalog(publisher):
    source = at(publisher, PTP)
    publisher.page(
        urlsplit(source.landing_page).path,
        cms_page(*((f"/license/ama?file={path}", "Practitioner PTP Edits v322r0 (2 Records)") for path in PATHS)),
    )
    for path in PATHS:
        publisher.file(path, ptp_zip(), gated=True)
    return {PTP: source}


def test_fetched_edits_answer_questions(catalog, tmp_path):
    store = BookStore(tmp_path / "book", with_starter=False)
    done = update_book(store, [PTP], accept_ama=True, now=NOW, catalog=catalog)
    assert done.failed == ()
    assert sum(loaded.kept + loaded.rejected for loaded in done.loaded) == 2
    (release,) = store.own_releases()
    assert (release.release, release.licence) == ("2026Q3", "AMA")
    edit = store.table(release).to_pylist()[0]
    asked = pair(OpenBook.open(store.folder, with_starter=False), edit["column_one"], edit["column_two"], NOW.date())
    assert asked.verdict is not PairVerdict.NO_EDIT


def test_the_licence_accepted_once_is_remembered(catalog, tmp_path):
    store = BookStore(tmp_path / "book", with_starter=False)
    refused = update_book(store, [PTP], accept_ama=False, now=NOW, catalog=catalog)
    assert [source for source, _ in refused.failed] == [PTP]
    assert store.own_releases() == ()
    update_book(store, [PTP], accept_ama=True, now=NOW, catalog=catalog)
    again = update_book(store, [PTP], accept_ama=False, now=NOW, catalog=catalog)
    assert again.failed == ()
    assert again.fetched == ()
    assert "AMA" in store.manifest()["licences"]

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

import pytest
from fake_publisher import Fault, at, cms_page, ptp_zip, zipped

from cleanclaim.errors import UnknownName
from cleanclaim.sources.catalog import Fetch, load_catalog
from cleanclaim.sources.fetch import AMA, AMA_OPTION, update

NOW = dt.datetime(2026, 7, 15, 9, 30, tzinfo=dt.UTC)
PTP = "ncci-ptp-practitioner"
PTP_PATHS = [f"/files/zip/medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f{part}.zip" for part in (1, 2)]
HCPCS_PATH = "/files/zip/july-2026-alpha-numeric-hcpcs-file.zip"
NUCC_PATH = "/images/stories/CSV/nucc_taxonomy_261.csv"


@pytest.fixture
def catalog(publisher):
    return {source_id: at(publisher, source_id) for source_id in load_catalog()}


@pytest.fixture
def run(publisher, catalog, client, waits, tmp_path):
    publisher.page(
        urlsplit(catalog[PTP].landing_page).path,
        cms_page(*((f"/license/ama?file={path}", "Practitioner PTP Edits v322r0 (2 Records)") for path in PTP_PATHS)),
    )
    publisher.page(urlsplit(catalog["hcpcs"].landing_page).path, cms_page((HCPCS_PATH, "July 2026")))
    publisher.page(urlsplit(catalog["nucc-taxonomy"].landing_page).path, cms_page((NUCC_PATH, "Version 26.1")))
    for path in PTP_PATHS:
        publisher.file(path, ptp_zip(), gated=True)
    publisher.file(HCPCS_PATH, zipped(HCPC2026_xlsx="codes"))
    publisher.file(NUCC_PATH, b"Code,Grouping\r\n", kind="text/csv")

    def start(*names: str, accepted=(), known=None, **options):
        return update(
            names or None,
            tmp_path,
            accepted=accepted,
            now=NOW,
            known=known or {},
            catalog=catalog,
            client=client,
            sleep=waits.append,
            **options,
        )

    return start


def test_a_public_source_is_brought_with_all_that_the_book_keeps_of_it(publisher, run, tmp_path):
    done = run("hcpcs")
    (fetched,) = done.fetched
    content = (tmp_path / "july-2026-alpha-numeric-hcpcs-file.zip").read_bytes()
    assert (fetched.source, fetched.release, fetched.licence) == ("hcpcs", "2026Q3", "public")
    assert fetched.path.read_bytes() == content
    assert fetched.url == publisher.url + HCPCS_PATH
    assert fetched.sha256 == hashlib.sha256(content).hexdigest()
    assert fetched.fetched_at == NOW
    assert (done.skipped, done.failed, done.acceptances) == ((), (), ())


def test_a_text_file_is_brought_as_well_as_an_archive(run):
    (fetched,) = run("nucc-taxonomy").fetched
    assert (fetched.release, fetched.licence, fetched.path.read_bytes()) == ("26.1", "NUCC", b"Code,Grouping\r\n")


def test_without_the_ama_licence_accepted_nothing_of_its_files_is_requested(publisher, run):
    done = run(PTP)
    (failed,) = done.failed
    assert done.fetched == ()
    assert publisher.requests == []
    assert failed.source == PTP
    assert "American Medical Association" in failed.reason
    assert "https://www.cms.gov/license/ama" in failed.reason
    assert AMA_OPTION == "--accept-ama-license"
    assert AMA_OPTION in failed.reason


def test_the_accepted_licence_is_recorded_for_the_manifest(publisher, run):
    done = run(PTP, accepted={AMA})
    assert [fetched.path.name[-6:] for fetched in done.fetched] == ["f1.zip", "f2.zip"]
    assert {fetched.licence for fetched in done.fetched} == {"AMA"}
    (acceptance,) = done.acceptances
    assert acceptance.to_json() == {
        "licence": "AMA",
        "url": f"{publisher.url}/license/ama?file={PTP_PATHS[0]}",
        "accepted_at": "2026-07-15T09:30:00+00:00",
    }


def test_the_licence_is_asked_for_where_the_file_carries_it_though_no_page_stands_before_it(publisher, catalog, run):
    source = catalog["ncci-mue-dme"]
    path = "/files/zip/medicare-ncci-2026-q3-dme-supplier-services-mue-table.zip"
    publisher.page(urlsplit(source.landing_page).path, cms_page((path, "DME")))
    publisher.file(path, zipped(mue_csv="x"))
    assert len(run("ncci-mue-dme").failed) == 1
    done = run("ncci-mue-dme", accepted={AMA})
    assert len(done.fetched) == 1
    assert done.acceptances[0].url == "https://www.cms.gov/license/ama"


def test_a_licence_page_put_before_a_public_source_is_not_passed_unasked(publisher, catalog, run):
    publisher.page(
        urlsplit(catalog["hcpcs"].landing_page).path, cms_page((f"/license/ama?file={HCPCS_PATH}", "July 2026"))
    )
    done = run("hcpcs")
    assert AMA_OPTION in done.failed[0].reason
    assert publisher.asked_for("/license/ama") == []
    assert run("hcpcs", accepted={AMA}).fetched[0].licence == "AMA"


def test_another_licence_than_the_accepted_one_is_left_to_the_user(publisher, catalog, run):
    publisher.page(
        urlsplit(catalog["hcpcs"].landing_page).path, cms_page((f"/license/ada?file={HCPCS_PATH}", "July 2026"))
    )
    (failed,) = run("hcpcs", accepted={AMA}).failed
    assert "asks for the ADA licence" in failed.reason
    assert publisher.asked_for(HCPCS_PATH) == []


@pytest.mark.parametrize("source_id", ["pos", "carc", "rarc"])
def test_a_list_that_is_no_download_is_answered_with_what_to_do(publisher, catalog, run, source_id):
    done = run(source_id)
    (skipped,) = done.skipped
    assert catalog[source_id].landing_page in skipped.reason
    assert "cleanclaim data load FILE" in skipped.reason
    assert publisher.requests == []


def test_one_source_that_fails_does_not_stop_the_others(catalog, run):
    done = run(accepted={AMA})
    assert {fetched.source for fetched in done.fetched} == {PTP, "hcpcs", "nucc-taxonomy"}
    assert {skipped.source for skipped in done.skipped} == {
        source.id for source in load_catalog().values() if source.fetch is Fetch.MANUAL
    }
    reported = {entry.source for entry in (*done.fetched, *done.skipped, *done.failed)}
    assert reported == {source.id for source in catalog.values() if source.fetch is not Fetch.INSIDE}


def test_an_unknown_source_stops_the_update_before_anything_is_requested(publisher, run):
    with pytest.raises(UnknownName, match=r"Did you mean hcpcs\?"):
        run("hcpsc")
    assert publisher.requests == []


@pytest.mark.parametrize("known", ["2026Q3", "july-2026-alpha-numeric-hcpcs-file.zip", "url"])
def test_a_release_in_the_book_is_not_downloaded_again(publisher, run, known):
    held = {publisher.url + HCPCS_PATH} if known == "url" else {known}
    done = run("hcpcs", known={"hcpcs": held})
    assert done.skipped[0].reason == "2026Q3 is in the book already."
    assert publisher.asked_for(HCPCS_PATH) == []


def test_a_corrected_file_of_a_release_in_the_book_is_downloaded(run):
    done = run("hcpcs", known={"hcpcs": {"https://www.cms.gov/files/zip/july-2026-first-posting.zip"}})
    assert len(done.fetched) == 1


def test_a_file_the_book_holds_under_another_name_is_not_loaded_twice(publisher, run):
    digest = hashlib.sha256(publisher.published[HCPCS_PATH].content).hexdigest()
    done = run("hcpcs", known={"hcpcs": {digest}})
    assert done.fetched == ()
    assert done.skipped[0].reason == "2026Q3 is the very file the book holds."


def test_a_release_of_which_only_one_part_is_in_the_book_is_brought_whole(publisher, run):
    done = run(PTP, accepted={AMA}, known={PTP: {publisher.url + PTP_PATHS[0]}})
    assert len(done.fetched) == 2


def test_a_release_whose_second_part_fails_is_not_brought_and_goes_on_next_time(publisher, run):
    second = publisher.published[PTP_PATHS[1]]
    second.always = Fault(cut_after=10)
    done = run(PTP, accepted={AMA})
    assert done.fetched == ()
    assert [failed.source for failed in done.failed] == [PTP]
    second.always = None
    publisher.requests.clear()
    assert len(run(PTP, accepted={AMA}).fetched) == 2
    (first_again,) = publisher.asked_for(PTP_PATHS[0])
    assert first_again.headers["If-None-Match"] == '"first"'
    assert publisher.asked_for(PTP_PATHS[1])[0].headers["Range"] == "bytes=50-"


def test_the_next_quarter_failing_does_not_take_this_one_along(publisher, catalog, run):
    publisher.page(
        urlsplit(catalog["hcpcs"].landing_page).path,
        cms_page(("/files/zip/october-2026-alpha-numeric-hcpcs-file.zip", "October 2026"), (HCPCS_PATH, "July 2026")),
    )
    done = run("hcpcs")
    assert [fetched.release for fetched in done.fetched] == ["2026Q3"]
    assert "404" in done.failed[0].reason


def test_progress_tells_of_every_file_to_its_end(run):
    told = {}
    run(PTP, accepted={AMA}, progress=lambda name, have, total: told.update({name: (have, total)}))
    size = len(ptp_zip())
    assert told == {path.rsplit("/", 1)[1]: (size, size) for path in PTP_PATHS}


@pytest.mark.usefixtures("run")
def test_a_client_of_its_own_is_made_and_closed(catalog, tmp_path, monkeypatch):
    # The proxy a machine may have set has no place between this test and loopback.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    done = update(["hcpcs"], tmp_path, accepted=(), now=NOW, catalog=catalog)
    assert len(done.fetched) == 1


def test_the_catalogue_is_the_real_one_unless_another_is_given(tmp_path):
    done = update(["carc"], tmp_path, accepted=(), now=NOW)
    assert "https://x12.org/codes/claim-adjustment-reason-codes" in done.skipped[0].reason

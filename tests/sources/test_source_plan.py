from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fake_publisher import Fault, at, cms_page

from cleanclaim.errors import FetchError
from cleanclaim.sources.plan import plan

TODAY = dt.date(2026, 7, 15)
SHARED = Path(__file__).parents[3] / "shared" / "data"


def ptp_link(quarter: str, version: str, part: int, records: str = "2") -> tuple[str, str]:
    return (
        f"/license/ama?file=/files/zip/medicare-ncci-{quarter}-practitioner-ptp-edits-ccipra-{version}-f{part}.zip",
        f"Practitioner PTP Edits {version} ({records} Records) 0001A/0591T -- 25441/G0471",
    )


def landing_of(source) -> str:
    return urlsplit(source.landing_page).path


def test_the_parts_of_the_release_in_force_are_found_behind_the_licence_page(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    links = [ptp_link("2026q3", "v322r0", part, "675,037") for part in (2, 1)]
    others = [
        ("/files/zip/medicare-ncci-2026q3-practitioner-quarterly-additions-deletions-revisions-ptp.zip", "Changes"),
        ("/license/ama?file=/files/zip/medicare-ncci-2026q3-hospital-ptp-edits-ccioph-v322r0-f1.zip", "Hospital"),
    ]
    others.append(("/files/document/practitioner-ptp-edits-ccipra-v322r0-f3.pdf", "How to read part 3"))
    publisher.page(landing_of(source), cms_page(*links, *others, ptp_link("2026q2", "v321r0", 1)))
    (offer,) = plan(source, web, TODAY)
    assert (offer.source, offer.release, offer.effective) == (source.id, "2026Q3", dt.date(2026, 7, 1))
    assert [file.name for file in offer.files] == [
        f"medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f{part}.zip" for part in (1, 2)
    ]
    first = offer.files[0]
    assert first.url == (f"{publisher.url}/files/zip/medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip")
    assert first.gate is not None
    assert first.gate.licence == "AMA"
    assert first.records == 675_037
    assert len(publisher.requests) == 1


def test_a_release_published_for_next_quarter_comes_with_the_one_that_still_binds(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    links = [ptp_link("2026q4", "v323r0", 1), ptp_link("2026q3", "v322r0", 1), ptp_link("2026q2", "v321r0", 1)]
    publisher.page(landing_of(source), cms_page(*links))
    assert [offer.release for offer in plan(source, web, dt.date(2026, 9, 20))] == ["2026Q3", "2026Q4"]
    assert [offer.release for offer in plan(source, web, dt.date(2026, 10, 1))] == ["2026Q4"]


def test_releases_all_still_to_come_are_taken_all(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page(landing_of(source), cms_page(ptp_link("2026q4", "v323r0", 1), ptp_link("2026q3", "v322r0", 1)))
    assert [offer.release for offer in plan(source, web, dt.date(2026, 1, 1))] == ["2026Q3", "2026Q4"]


@pytest.mark.parametrize("versions", [("v322r1", "v322r0"), ("v322r0", "v322r1")])
def test_a_corrected_release_takes_the_place_of_the_first(publisher, web, versions):
    source = at(publisher, "ncci-ptp-practitioner")
    links = [ptp_link("2026q3", version, part) for version in versions for part in (1, 2)]
    publisher.page(landing_of(source), cms_page(*links))
    (offer,) = plan(source, web, TODAY)
    assert [file.name[-13:] for file in offer.files] == ["v322r1-f1.zip", "v322r1-f2.zip"]


def test_a_missing_part_is_no_release(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page(landing_of(source), cms_page(*(ptp_link("2026q3", "v322r0", part) for part in (1, 4))))
    with pytest.raises(FetchError, match=r"part 2, 3 of ncci-ptp-practitioner 2026Q3 is not linked, though part 4 is"):
        plan(source, web, TODAY)


def test_a_part_linked_twice_is_fetched_once_from_the_first_link(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    again = ("/files/zip/older/ccipra-v322r0-f1.zip", "Practitioner PTP Edits")
    publisher.page(landing_of(source), cms_page(ptp_link("2026q3", "v322r0", 1), again))
    (file,) = plan(source, web, TODAY)[0].files
    assert file.gate is not None


def test_a_changed_page_is_reported_with_its_address_and_the_pattern(publisher, web):
    source = at(publisher, "hcpcs")
    publisher.page(landing_of(source), cms_page(("/files/zip/hcpcs-2026-third-quarter.zip", "July 2026")))
    with pytest.raises(FetchError) as raised:
        plan(source, web, TODAY)
    message = str(raised.value)
    assert source.landing_page in message
    assert source.links[0].pattern.pattern in message
    assert "cleanclaim data load FILE" in message


def test_a_release_is_told_from_the_words_of_a_link_whose_address_does_not_say_it(publisher, web):
    source = at(publisher, "ncci-aoc")
    words = "add-on code edits: add-code-edits-medicare-effective-07012026"
    publisher.page(landing_of(source), cms_page(("/files/zip/aoc_final.zip", words)))
    (offer,) = plan(source, web, TODAY)
    assert (offer.release, offer.files[0].name) == ("2026Q3", "aoc_final.zip")


def test_relative_value_files_are_found_over_the_release_own_page(publisher, web):
    source = at(publisher, "mpfs-rvu")
    base = landing_of(source)
    publisher.page(
        base,
        cms_page(*((f"{base}/{slug}", slug.upper()) for slug in ("rvu26c", "rvu26b", "rvu26a", "rvu25d-0", "rvu24ar"))),
    )
    publisher.page(f"{base}/rvu26c", cms_page(("/files/zip/rvu26c-updated-06-30-2026.zip", "RVU26C (ZIP)")))
    (offer,) = plan(source, web, TODAY)
    (file,) = offer.files
    assert offer.release == "RVU26C"
    assert file.url == f"{publisher.url}/files/zip/rvu26c-updated-06-30-2026.zip"
    assert file.page == f"{publisher.url}{base}/rvu26c"
    assert file.gate is None
    assert [request.path for request in publisher.requests] == [base, f"{base}/rvu26c"]


def test_a_release_page_that_leads_to_another_release_is_refused(publisher, web):
    source = at(publisher, "mpfs-rvu")
    base = landing_of(source)
    publisher.page(base, cms_page((f"{base}/rvu26c", "RVU26C")))
    publisher.page(f"{base}/rvu26c", cms_page(("/files/zip/rvu26b.zip", "RVU26B")))
    with pytest.raises(FetchError, match=r"rvu26c: should lead to RVU26C, but leads to RVU26B"):
        plan(source, web, TODAY)


def test_a_licence_page_of_former_years_is_known_too(publisher, web):
    source = at(publisher, "mpfs-rvu")
    base = landing_of(source)
    publisher.page(base, cms_page((f"{base}/rvu26c", "RVU26C")))
    publisher.page(f"{base}/rvu26c", cms_page(("/apps/ama/license.asp?file=/files/zip/rvu26c.zip", "RVU26C")))
    (file,) = plan(source, web, TODAY)[0].files
    assert file.url == f"{publisher.url}/files/zip/rvu26c.zip"
    assert file.gate is not None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/files/zip/2026-code-descriptions-tabular-order.zip", "2026-code-descriptions-tabular-order.zip"),
        (
            "/files/zip/2026-code-descriptions-tabular-order-updated-02/01/2026.zip",
            "2026-code-descriptions-tabular-order-updated-02-01-2026.zip",
        ),
        ("/files/zip/2026-code-descriptions-tabular-order%20%28final%29.zip", None),
    ],
)
def test_the_local_copy_keeps_the_publishers_name_whole(publisher, web, path, name):
    source = at(publisher, "icd10cm")
    publisher.page(landing_of(source), cms_page((path, "2026 Code Descriptions in Tabular Order")))
    (file,) = plan(source, web, TODAY)[0].files
    assert file.name == (name or "2026-code-descriptions-tabular-order-final-.zip")
    assert file.url == publisher.url + path


def test_a_checksum_in_the_words_of_a_link_is_taken_up(publisher, web):
    source = at(publisher, "hcpcs")
    words = f"July 2026 (SHA-256: {'AB' * 32})"
    publisher.page(landing_of(source), cms_page(("/files/zip/july-2026-alpha-numeric-hcpcs-file.zip", words)))
    assert plan(source, web, TODAY)[0].files[0].sha256 == "ab" * 32


def test_a_checksum_file_beside_the_link_is_taken_up(publisher, web):
    source = at(publisher, "hcpcs")
    path = "/files/zip/july-2026-alpha-numeric-hcpcs-file.zip"
    publisher.page(landing_of(source), cms_page((path, "July 2026"), (f"{path}.sha256", "checksum")))
    publisher.page(f"{path}.sha256", f"{'cd' * 32}  july-2026-alpha-numeric-hcpcs-file.zip\n")
    assert plan(source, web, TODAY)[0].files[0].sha256 == "cd" * 32


def test_a_landing_page_that_is_a_file_is_not_read_as_a_page(publisher, web):
    source = at(publisher, "hcpcs")
    publisher.file(landing_of(source), b"PK")
    with pytest.raises(FetchError, match="expected a web page, found application/zip"):
        plan(source, web, TODAY)


def test_a_page_that_fails_for_a_moment_is_asked_again(publisher, web, waits):
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page(landing_of(source), cms_page(ptp_link("2026q3", "v322r0", 1)))
    publisher.published[landing_of(source)].faults = [
        Fault(503, (("Retry-After", "7"),)),
        Fault(500),
        Fault(cut_after=9),
    ]
    assert len(plan(source, web, TODAY)) == 1
    assert waits == [7.0, 2.0, 4.0]


def test_a_page_that_is_gone_is_not_asked_twice(publisher, web, waits):
    source = at(publisher, "hcpcs")
    with pytest.raises(FetchError, match=r"quarterly-update: the server answered 404 Not Found\. You can also"):
        plan(source, web, TODAY)
    assert len(publisher.requests) == 1
    assert waits == []


def test_a_server_that_cannot_be_reached_is_given_up_after_five_tries(publisher, web, waits):
    source = at(publisher, "hcpcs")
    publisher.stop()
    with pytest.raises(FetchError, match=r"the connection failed .* Gave up after 5 tries"):
        plan(source, web, TODAY)
    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_a_wait_asked_for_by_the_server_is_bounded(publisher, web, waits):
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page(landing_of(source), cms_page(ptp_link("2026q3", "v322r0", 1)))
    publisher.published[landing_of(source)].faults = [Fault(429, (("Retry-After", "86400"),))]
    plan(source, web, TODAY)
    assert waits == [30.0]


def test_a_page_that_moved_within_the_publishers_domain_is_followed(publisher, web):
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page("/new/edits", cms_page(("f/ccipra-v322r0-f1.zip", "one")))
    publisher.file(landing_of(source), b"", always=Fault(301, (("Location", "/new/edits"),)))
    assert plan(source, web, TODAY)[0].files[0].url == f"{publisher.url}/new/f/ccipra-v322r0-f1.zip"


def test_a_redirect_off_the_publishers_domain_is_refused(publisher, web):
    source = at(publisher, "hcpcs")
    publisher.file(landing_of(source), b"", always=Fault(302, (("Location", "https://cms.example.org/a"),)))
    with pytest.raises(FetchError, match=r"leads to https://cms\.example\.org/a: not one of the publisher's own"):
        plan(source, web, TODAY)


def test_a_redirect_in_a_circle_ends(publisher, web):
    source = at(publisher, "hcpcs")
    publisher.file(landing_of(source), b"", always=Fault(302, (("Location", landing_of(source)),)))
    with pytest.raises(FetchError, match="redirected more than 5 times"):
        plan(source, web, TODAY)
    assert len(publisher.requests) == 6


@pytest.mark.published
def test_the_published_ptp_page_leads_to_the_four_parts_of_the_third_quarter(publisher, web):
    saved = SHARED / "ncci" / "raw" / "ptp_download_page_links.html"
    if not saved.is_file():
        pytest.skip("the published files in ../shared/data are not on this machine")
    source = at(publisher, "ncci-ptp-practitioner")
    publisher.page(landing_of(source), saved.read_text(encoding="utf-8"))
    (offer,) = plan(source, web, TODAY)
    assert offer.release == "2026Q3"
    assert [file.records for file in offer.files] == [675_037, 675_235, 674_890, 608_227]
    assert all(file.gate and file.gate.licence == "AMA" for file in offer.files)

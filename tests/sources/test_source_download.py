from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
from fake_publisher import PTP_HEADER, PTP_ROWS, Fault, Publication, at, licence_page, ptp_zip, zipped

from cleanclaim.errors import FetchError
from cleanclaim.sources.download import download
from cleanclaim.sources.page import Gate
from cleanclaim.sources.plan import Download

PATH = "/files/zip/ccipra-v322r0-f1.zip"
NAME = "ccipra-v322r0-f1.zip"


@pytest.fixture
def source(publisher):
    return at(publisher, "ncci-ptp-practitioner")


@pytest.fixture
def wanted(publisher):
    return Download(name=NAME, url=publisher.url + PATH, page=publisher.url + "/edits", records=2)


@pytest.fixture
def fetch(source, wanted, web, tmp_path):
    def start(file=wanted, progress=None):
        return download(file, source, tmp_path, web, progress)

    return start


def ranges(publisher) -> list[str | None]:
    return [request.headers.get("Range") for request in publisher.asked_for(PATH)]


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_whole_and_says_what_was_checked(publisher, web, source, wanted, tmp_path):
    content = ptp_zip()
    publisher.file(PATH, content)
    told = []
    arrived = download(wanted, source, tmp_path / "new" / "folder", web, lambda *step: told.append(step))
    assert arrived.path.read_bytes() == content
    assert arrived.sha256 == hashlib.sha256(content).hexdigest()
    assert arrived.checks == ("every member of the archive is whole", "2 records as published")
    assert told[-1] == (NAME, len(content), len(content))
    assert files(arrived.path.parent) == [NAME, f"{NAME}.json"]


def test_requests_name_the_program_and_ask_for_the_bytes_as_they_are(publisher, fetch):
    publisher.file(PATH, ptp_zip())
    fetch()
    (request,) = publisher.asked_for(PATH)
    assert request.headers["User-Agent"].startswith("cleanclaim/")
    assert request.headers["Accept-Encoding"] == "identity"


def test_the_licence_page_is_passed_as_its_accept_button_does(publisher, fetch, wanted):
    publisher.file(PATH, ptp_zip(), gated=True)
    gated = replace(wanted, gate=Gate("AMA", f"{publisher.url}/license/ama?file={PATH}"))
    fetch(gated)
    assert [request.path for request in publisher.requests] == ["/license/ama", PATH]
    assert publisher.requests[1].query == {"agree": ["yes"], "next": ["Accept"]}


def test_a_licence_page_without_a_known_accept_button_is_not_got_around(publisher, fetch, wanted):
    publisher.file(PATH, ptp_zip())
    publisher.page("/license/ama", licence_page(PATH).replace('"Accept"', '"Weiter"'))
    gated = replace(wanted, gate=Gate("AMA", f"{publisher.url}/license/ama?file={PATH}"))
    with pytest.raises(FetchError, match="this licence page has no Accept button"):
        fetch(gated)
    assert publisher.asked_for(PATH) == []


def test_an_accept_button_that_leads_off_the_publishers_domain_is_refused(publisher, fetch, wanted):
    publisher.page("/license/ama", licence_page("https://files.example.org/a.zip"))
    gated = replace(wanted, gate=Gate("AMA", f"{publisher.url}/license/ama?file={PATH}"))
    with pytest.raises(FetchError, match=r"https://files\.example\.org/a\.zip\?agree=yes.*not one of the publisher's"):
        fetch(gated)


def test_a_connection_dropped_half_way_is_gone_on_with_from_there(publisher, fetch, waits):
    content = ptp_zip()
    publisher.file(PATH, content, faults=[Fault(cut_after=100), Fault(cut_after=50)])
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [None, "bytes=100-", "bytes=150-"]
    assert publisher.asked_for(PATH)[1].headers["If-Range"] == '"first"'
    assert waits == [1.0, 2.0]


def test_a_connection_always_dropped_is_given_up_and_gone_on_with_by_the_next_run(publisher, fetch, tmp_path, waits):
    content = ptp_zip()
    entry = publisher.file(PATH, content, always=Fault(cut_after=20))
    with pytest.raises(FetchError, match=r"Gave up after 5 tries\. Try again later: what has arrived is kept"):
        fetch()
    assert len(waits) == 4
    assert files(tmp_path) == [f"{NAME}.part", f"{NAME}.part.json"]
    assert (tmp_path / f"{NAME}.part").read_bytes() == content[:100]
    entry.always = None
    assert fetch().path.read_bytes() == content
    assert ranges(publisher)[-1] == "bytes=100-"
    assert files(tmp_path) == [NAME, f"{NAME}.json"]


def _republish(entry: Publication) -> None:
    entry.content = zipped(ccipra_txt=PTP_HEADER + PTP_ROWS + " " * 500)
    entry.etag = '"second"' if entry.etag else ""
    entry.modified = "Wed, 01 Jul 2026 12:00:00 GMT" if entry.modified else ""
    entry.after_each = None


@pytest.mark.parametrize("marks", [{}, {"etag": "", "modified": "Tue, 30 Jun 2026 12:00:00 GMT"}], ids=["etag", "date"])
@pytest.mark.parametrize("heeds", [True, False], ids=["server-heeds-if-range", "server-disregards-if-range"])
def test_a_file_replaced_between_two_tries_is_begun_anew_and_never_spliced(publisher, fetch, heeds, marks):
    entry = publisher.file(
        PATH, ptp_zip(), faults=[Fault(cut_after=100)], after_each=_republish, heeds_if_range=heeds, **marks
    )
    arrived = fetch()
    assert arrived.path.read_bytes() == entry.content
    assert arrived.checks[-1] == "2 records as published"
    assert ranges(publisher) == [None, "bytes=100-"] + [None] * (not heeds)


def test_a_date_resumes_a_download_where_the_server_gives_no_etag(publisher, fetch):
    content = ptp_zip()
    day = "Tue, 30 Jun 2026 12:00:00 GMT"
    publisher.file(PATH, content, etag="", modified=day, faults=[Fault(cut_after=100)])
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [None, "bytes=100-"]
    assert publisher.asked_for(PATH)[1].headers["If-Range"] == day


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_mark_of_its_version_a_file_is_begun_anew(publisher, fetch, etag):
    content = ptp_zip()
    publisher.file(PATH, content, etag=etag, faults=[Fault(cut_after=100)])
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [None, None]


def test_a_server_without_ranges_sends_the_file_from_its_beginning(publisher, fetch):
    content = ptp_zip()
    publisher.file(PATH, content, ranges=False, faults=[Fault(cut_after=100)])
    assert fetch().path.read_bytes() == content


def test_a_server_that_sends_less_than_asked_is_asked_for_the_rest(publisher, fetch):
    content = ptp_zip()
    publisher.file(PATH, content, piece=200, faults=[Fault(cut_after=100)])
    assert fetch().path.read_bytes() == content
    assert ranges(publisher)[:3] == [None, "bytes=100-", "bytes=300-"]


def test_a_server_that_goes_on_from_another_byte_is_not_believed(publisher, fetch):
    content = ptp_zip()
    publisher.file(PATH, content, begins_at=90, faults=[Fault(cut_after=100)])
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [None, "bytes=100-", None]


def test_a_part_longer_than_the_file_is_thrown_away(publisher, fetch, wanted, tmp_path):
    content = ptp_zip()
    publisher.file(PATH, content)
    (tmp_path / f"{NAME}.part").write_bytes(content * 2)
    version = {"url": wanted.url, "etag": '"first"', "modified": ""}
    (tmp_path / f"{NAME}.part.json").write_text(json.dumps(version))
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [f"bytes={2 * len(content)}-", None]


@pytest.mark.parametrize("memo", ["", "[]", '{"url": "https://www.cms.gov/another.zip", "etag": "x", "modified": ""}'])
def test_a_part_of_unknown_origin_is_not_gone_on_from(publisher, fetch, tmp_path, memo):
    content = ptp_zip()
    publisher.file(PATH, content)
    (tmp_path / f"{NAME}.part").write_bytes(b"something else")
    (tmp_path / f"{NAME}.part.json").write_text(memo)
    assert fetch().path.read_bytes() == content
    assert ranges(publisher) == [None]


def test_an_error_of_the_server_passes(publisher, fetch, waits):
    publisher.file(PATH, ptp_zip(), faults=[Fault(500), Fault(502)])
    assert fetch().path.is_file()
    assert waits == [1.0, 2.0]


def test_a_file_that_is_not_there_is_an_error_that_says_so(fetch, tmp_path, waits):
    with pytest.raises(FetchError, match=r"ccipra-v322r0-f1\.zip: the server answered 404 Not Found"):
        fetch()
    assert waits == []
    assert files(tmp_path) == []


def test_a_web_page_in_place_of_the_file_is_refused_by_its_title(publisher, fetch, tmp_path):
    publisher.file(PATH, b"\n<!-- edge -->\n<!DOCTYPE html><html><title>Access Denied</title></html>", kind="text/html")
    with pytest.raises(FetchError, match=r"sent a web page, titled “Access Denied”, instead of the zip file"):
        fetch()
    assert files(tmp_path) == []


def test_a_login_page_reached_by_redirect_is_refused(publisher, fetch, tmp_path):
    publisher.page("/login", "<html><body>Please sign in</body></html>")
    publisher.file(PATH, b"", always=Fault(302, (("Location", "/login"),)))
    with pytest.raises(FetchError, match="sent a web page, without a title, instead of the zip file"):
        fetch()
    assert files(tmp_path) == []


def test_a_redirect_to_the_file_within_the_domain_is_followed(publisher, fetch):
    content = ptp_zip()
    publisher.file("/sites/default/files/a.zip", content)
    publisher.file(PATH, b"", always=Fault(302, (("Location", "/sites/default/files/a.zip"),)))
    arrived = fetch()
    assert arrived.path.read_bytes() == content
    assert arrived.path.name == NAME


@pytest.mark.parametrize(
    "elsewhere", ["https://cdn.example.org/a.zip", "http://www.cms.gov/a.zip", "file:///etc/hosts"]
)
def test_a_redirect_off_the_publishers_domain_or_off_https_is_refused(publisher, fetch, tmp_path, elsewhere):
    publisher.file(PATH, b"", always=Fault(307, (("Location", elsewhere),)))
    with pytest.raises(FetchError, match="not one of the publisher's own https addresses"):
        fetch()
    assert files(tmp_path) == []


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(publisher, fetch, wanted, tmp_path):
    publisher.file(PATH, ptp_zip())
    with pytest.raises(FetchError, match=rf"its sha256 is [0-9a-f]{{64}}, but .*/edits gives {'0' * 64}"):
        fetch(replace(wanted, sha256="0" * 64))
    assert files(tmp_path) == []


def test_the_right_checksum_is_among_the_checks(publisher, fetch, wanted):
    content = ptp_zip()
    publisher.file(PATH, content)
    right = replace(wanted, sha256=hashlib.sha256(content).hexdigest())
    assert fetch(right).checks[0] == "sha256 as published"


def test_a_wrong_record_count_is_refused_and_nothing_is_kept(publisher, fetch, wanted, tmp_path):
    publisher.file(PATH, ptp_zip())
    with pytest.raises(FetchError, match=r"it holds 2 records, but .*/edits says 675,037"):
        fetch(replace(wanted, records=675_037))
    assert files(tmp_path) == []


def test_a_last_record_without_line_end_counts(publisher, fetch):
    publisher.file(PATH, zipped(ccipra_txt=PTP_HEADER + PTP_ROWS.rstrip()))
    assert fetch().checks[-1] == "2 records as published"


def test_a_release_without_its_text_file_is_not_said_to_be_counted(publisher, fetch):
    publisher.file(PATH, zipped(ccipra_xlsx="a workbook only"))
    assert fetch().checks == ("every member of the archive is whole",)


@pytest.mark.parametrize("size", [0, 30, 120, -1], ids=["empty", "head", "half", "last-byte-missing"])
def test_a_truncated_archive_is_refused_and_nothing_is_kept(publisher, fetch, tmp_path, size):
    publisher.file(PATH, ptp_zip()[:size])
    with pytest.raises(FetchError, match="the archive is damaged"):
        fetch()
    assert files(tmp_path) == []


def test_an_archive_with_a_changed_byte_is_refused(publisher, fetch, tmp_path):
    content = bytearray(ptp_zip())
    content[120] ^= 0xFF
    publisher.file(PATH, bytes(content))
    with pytest.raises(FetchError, match="the archive is damaged"):
        fetch()
    assert files(tmp_path) == []


def test_a_damaged_workbook_beside_a_sound_text_file_is_refused(publisher, fetch, tmp_path):
    packed = io.BytesIO(ptp_zip())
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("more.xlsx", b"stored as it is")
    publisher.file(PATH, packed.getvalue().replace(b"stored as it is", b"stored as it Is"))
    with pytest.raises(FetchError, match=r"the archive is damaged \(more\.xlsx does not match its CRC\)"):
        fetch()
    assert files(tmp_path) == []


def test_a_cut_that_the_server_hides_is_found_in_the_archive(publisher, fetch, tmp_path):
    publisher.file(PATH, ptp_zip(), says_length=False, faults=[Fault(cut_after=100)])
    with pytest.raises(FetchError, match="the archive is damaged"):
        fetch()
    assert files(tmp_path) == []


def test_a_packed_answer_is_not_stored_under_the_files_name(publisher, fetch, tmp_path):
    publisher.file(PATH, ptp_zip(), extra=(("Content-Encoding", "gzip"),))
    with pytest.raises(FetchError, match="the server packed the file, though asked not to"):
        fetch()
    assert NAME not in files(tmp_path)


@pytest.mark.parametrize("marks", [{"etag": '"x"'}, {"etag": 'W/"x"'}, {"etag": "", "modified": "Tue, 30 Jun 2026"}])
def test_a_copy_already_there_is_kept_while_the_publisher_has_no_other(publisher, fetch, marks):
    publisher.file(PATH, ptp_zip(), **marks)
    first = fetch()
    told = []
    assert fetch(progress=lambda *step: told.append(step)) == first
    assert told == []
    assert len(publisher.asked_for(PATH)) == 2


def test_a_copy_of_the_same_name_from_elsewhere_is_not_taken_for_this_file(publisher, fetch, wanted):
    content = ptp_zip()
    publisher.file("/files/zip/earlier/" + NAME, zipped(ccipra_txt=PTP_HEADER + PTP_ROWS + " "))
    publisher.file(PATH, content)
    fetch(replace(wanted, url=f"{publisher.url}/files/zip/earlier/{NAME}"))
    assert fetch().path.read_bytes() == content


def test_a_copy_already_there_gives_way_to_a_newer_one(publisher, fetch):
    entry = publisher.file(PATH, ptp_zip())
    first = fetch()
    _republish(entry)
    second = fetch()
    assert second.path == first.path
    assert second.path.read_bytes() == entry.content
    assert second.sha256 != first.sha256


def test_a_newer_version_that_fails_its_checks_leaves_the_copy_there(publisher, fetch, tmp_path):
    content = ptp_zip()
    entry = publisher.file(PATH, content)
    fetch()
    entry.content, entry.etag = content[:99], '"broken"'
    with pytest.raises(FetchError, match="the archive is damaged"):
        fetch()
    assert (tmp_path / NAME).read_bytes() == content


def test_a_copy_that_went_bad_on_this_disk_is_fetched_anew(publisher, fetch, tmp_path):
    content = ptp_zip()
    publisher.file(PATH, content)
    fetch()
    (tmp_path / NAME).write_bytes(content[:99])
    assert fetch().path.read_bytes() == content


def test_a_copy_without_a_mark_of_its_version_is_fetched_again(publisher, fetch):
    publisher.file(PATH, ptp_zip(), etag="")
    fetch()
    fetch()
    assert len(publisher.asked_for(PATH)) == 2


def test_a_folder_that_cannot_be_written_is_named(publisher, web, source, wanted, tmp_path):
    publisher.file(PATH, ptp_zip())
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(FetchError, match=r"taken: cannot be written or read"):
        download(wanted, source, tmp_path / "taken", web)

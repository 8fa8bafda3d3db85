from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from importlib import resources

import pytest

from cleanclaim.errors import UnknownName
from cleanclaim.sources.catalog import Fetch, choose, load_catalog
from cleanclaim.sources.naming import PublishedName, read_name

SOURCES = [
    "anesthesia-base-units",
    "asp",
    "carc",
    "clfs",
    "dmepos",
    "dmepos-pen",
    "hcpcs",
    "icd10cm",
    "icd10cm-notes",
    "mcd",
    "mpfs-anesthesia",
    "mpfs-gpci",
    "mpfs-rvu",
    "ncci-aoc",
    "ncci-mue-dme",
    "ncci-mue-outpatient",
    "ncci-mue-practitioner",
    "ncci-ptp-outpatient",
    "ncci-ptp-practitioner",
    "nucc-taxonomy",
    "pos",
    "rarc",
    "taxonomy-specialty",
    "zip-locality",
]


def test_the_catalogue_holds_every_series_the_book_has_a_table_for():
    assert list(load_catalog()) == SOURCES


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_source_says_all_that_its_way_of_fetching_needs(source_id):
    source = load_catalog()[source_id]
    folder = resources.files("cleanclaim.sources") / source.id.replace("-", "_")
    assert (folder / "source.toml").is_file()
    assert source.title
    assert source.publisher
    assert source.cadence
    assert source.admits(source.landing_page)
    assert source.licence in {"AMA", "NUCC", "X12", "public"}
    assert bool(source.links) == (source.fetch in {Fetch.PAGE, Fetch.PAGE_THEN_PAGE})
    assert bool(source.pages) == (source.fetch is Fetch.PAGE_THEN_PAGE)
    assert bool(source.how) == (source.fetch is Fetch.MANUAL)
    assert (source.inside in load_catalog()) == (source.fetch is Fetch.INSIDE)
    assert (source.file in {"zip", "csv"}) == bool(source.links)
    assert (source.row is None) == (source.records is None)


def test_an_unknown_source_is_answered_with_the_nearest_one():
    with pytest.raises(
        UnknownName, match=r"ncci-ptp-practioner is not a source\. Did you mean ncci-ptp-practitioner\?"
    ):
        choose(["ncci-ptp-practioner"], load_catalog())


def test_an_unknown_source_like_no_other_is_answered_with_the_list():
    with pytest.raises(UnknownName, match="The sources are: anesthesia-base-units, asp, carc"):
        choose(["zzz"], load_catalog())


def test_a_table_inside_another_file_stands_for_that_file_once():
    assert [source.id for source in choose(["mpfs-gpci", "MPFS-RVU"], load_catalog())] == ["mpfs-rvu"]


def test_no_names_mean_every_source_that_is_a_file_of_its_own():
    assert [source.id for source in choose(None, load_catalog())] == [
        source_id for source_id in SOURCES if source_id not in {"dmepos-pen", "mpfs-anesthesia", "mpfs-gpci"}
    ]


@pytest.mark.parametrize(
    ("url", "admitted"),
    [
        ("https://www.cms.gov/files/zip/a.zip", True),
        ("https://cms.gov/files/zip/a.zip", True),
        ("https://downloads.cms.gov/a.zip", True),
        ("http://www.cms.gov/files/zip/a.zip", False),
        ("ftp://www.cms.gov/a.zip", False),
        ("https://www.cms.gov.example.org/a.zip", False),
        ("https://wwwcms.gov/a.zip", False),
        ("https://notcms.gov/a.zip", False),
        ("https://cms.gov@example.org/a.zip", False),
        ("http://127.0.0.1/a.zip", False),
        ("https://127.0.0.1/a.zip", False),
        ("", False),
    ],
)
def test_only_the_publishers_own_https_addresses_are_admitted(url, admitted):
    assert load_catalog()["hcpcs"].admits(url) is admitted


def test_a_domain_listed_for_a_source_is_admitted_over_https_only():
    source = replace(load_catalog()["hcpcs"], domains=("cdc.gov",))
    assert source.admits("https://ftp.cdc.gov/a.zip")
    assert not source.admits("http://ftp.cdc.gov/a.zip")


def _named(source_id: str, path: str) -> PublishedName | None:
    names = (read_name(rule, path) for rule in load_catalog()[source_id].links)
    return next((name for name in names if name), None)


# Names as CMS and NUCC published them, 2021 to 2026.
PUBLISHED = [
    ("ncci-ptp-practitioner", "/files/zip/medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip", "2026Q3"),
    ("ncci-ptp-practitioner", "/files/zip/medicare-ncci-2026-q4-practitioner-ptp-edits-ccipra-v323r0-f4.zip", "2026Q4"),
    ("ncci-ptp-practitioner", "/files/zip/medicare-ncci-2025q4-practitioner-ptp-edits-ccipra-v313r0-f1.zip", "2025Q4"),
    ("ncci-ptp-outpatient", "/files/zip//medicare-ncci-2026q2-hospital-ptp-edits-ccioph-v321r0-f3.zip", "2026Q2"),
    ("ncci-mue-practitioner", "/files/zip/medicare-ncci-2026-q3-practitioner-services-mue-table.zip", "2026Q3"),
    ("ncci-mue-practitioner", "/files/zip/practitionerservicesmuetable-effective-04-01-2026.zip", "2026Q2"),
    (
        "ncci-mue-outpatient",
        "/files/zip/medicare-ncci-2026-q4-facility-outpatient-hospital-services-mue-table.zip",
        "2026Q4",
    ),
    (
        "ncci-mue-outpatient",
        "/files/zip/facilityoutpatienthospitalservicesmuetable-effective-10-01-2026.zip",
        "2026Q4",
    ),
    ("ncci-mue-dme", "/files/zip/medicare-ncci-2026-q2-dme-supplier-services-mue-table.zip", "2026Q2"),
    ("ncci-aoc", "/files/zip/add-code-edits-medicare-effective-07012026.zip", "2026Q3"),
    ("mpfs-rvu", "/files/zip/rvu26c-updated-06-30-2026.zip", "RVU26C"),
    ("mpfs-rvu", "/files/zip/rvu25d-updated-09/11/2025.zip", "RVU25D"),
    ("mpfs-rvu", "/files/zip/rvu25d-0.zip", "RVU25D"),
    ("mpfs-rvu", "/files/zip/rvu24ar.zip", "RVU24AR"),
    ("hcpcs", "/files/zip/october-2026-alpha-numeric-hcpcs-file.zip", "2026Q4"),
    ("hcpcs", "/files/zip/april-2024-alpha-numeric-hcpcs-files.zip", "2024Q2"),
    ("icd10cm", "/files/zip/2027-code-descriptions-tabular-order.zip", "FY2027"),
    ("icd10cm", "/files/zip/2024-code-descriptions-tabular-order-updated-02/01/2024.zip", "FY2024"),
    ("icd10cm", "/files/zip/april-1-2026-code-descriptions-tabular-order.zip", "FY2026-April"),
    ("nucc-taxonomy", "/images/stories/CSV/nucc_taxonomy_251.csv", "25.1"),
    ("nucc-taxonomy", "/images/stories/CSV/nucc_taxonomy_91.csv", "9.1"),
]


@pytest.mark.parametrize(("source_id", "path", "release"), PUBLISHED)
def test_a_published_name_says_its_release_and_belongs_to_one_source(source_id, path, release):
    named = _named(source_id, path)
    assert named is not None
    assert named.release == release
    files = [other for other in SOURCES if load_catalog()[other].links and _named(other, path)]
    assert files == [source_id]


@pytest.mark.parametrize(
    ("source_id", "path", "effective", "revision", "part"),
    [
        ("ncci-ptp-practitioner", "ccipra-v322r0-f1", dt.date(2026, 7, 1), 0, 1),
        ("ncci-ptp-outpatient", "ccioph-v320r1-f3", dt.date(2026, 1, 1), 1, 3),
        ("ncci-mue-dme", "medicare-ncci-2025-q4-dme-supplier-services-mue-table", dt.date(2025, 10, 1), 0, None),
        ("ncci-aoc", "add-code-edits-medicare-effective-06012026", dt.date(2026, 6, 1), 0, None),
        ("mpfs-rvu", "/rvu24ar.zip", dt.date(2024, 1, 1), 1, None),
        ("mpfs-rvu", "/rvu24br2.zip", dt.date(2024, 4, 1), 2, None),
        ("hcpcs", "/july-2026-alpha-numeric-hcpcs-file", dt.date(2026, 7, 1), 0, None),
        ("icd10cm", "/2027-code-descriptions-tabular-order.zip", dt.date(2026, 10, 1), 0, None),
        ("icd10cm", "/april-1-2026-code-descriptions-tabular-order", dt.date(2026, 4, 1), 0, None),
        ("nucc-taxonomy", "nucc_taxonomy_260.csv", dt.date(2026, 1, 1), 0, None),
        ("nucc-taxonomy", "nucc_taxonomy_251.csv", dt.date(2025, 7, 1), 0, None),
    ],
)
def test_a_name_says_from_which_day_it_binds(source_id, path, effective, revision, part):
    named = _named(source_id, path)
    assert named is not None
    assert (named.effective, named.revision, named.part) == (effective, revision, part)


@pytest.mark.parametrize(
    ("source_id", "path"),
    [
        (
            "ncci-ptp-practitioner",
            "/files/zip/medicare-ncci-2026q2-practitioner-quarterly-additions-deletions-revisions-ptp.zip",
        ),
        ("ncci-ptp-practitioner", "/files/zip/medicaid-ncci-2026-q3-ptp-edits-practitioner-services.zip"),
        ("ncci-mue-practitioner", "/files/zip/medicaid-ncci-2026-q3-mue-edits-practitioner-services.zip"),
        ("ncci-aoc", "/files/zip/add-code-edits-medicare-effective-13452026.zip"),
        ("mpfs-rvu", "/files/zip/rvuguide.zip"),
        ("icd10cm", "/files/zip/2027-code-tables-tabular-index.zip"),
        ("icd10cm", "/files/zip/2026-icd-10-pcs-codes-file.zip"),
        ("hcpcs", "/files/zip/august-2026-alpha-numeric-hcpcs-file.zip"),
    ],
)
def test_a_neighbouring_file_on_the_same_page_is_left_alone(source_id, path):
    assert _named(source_id, path) is None


def test_looking_at_the_catalogue_does_not_pay_for_the_network():
    code = (
        "import sys; from cleanclaim.sources import fetch, catalog; catalog.load_catalog(); "
        "sys.exit('httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

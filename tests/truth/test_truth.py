"""Claims of which it is known what must be found, and the promises shown to every reader."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from score import score_folder

from cleanclaim.engine.files import check_paths
from cleanclaim.errors import UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.testing.inline import claim_from
from cleanclaim.types import Report, Severity, Verdict

EXAMPLES = Path(__file__).parents[2] / "examples"
OUTPATIENT_PAIRS_NOT_AT_HAND = {"OPP01"}
"""Its proof is a row of the outpatient hospital edits of 2024Q3, which the published files at hand lack."""

BEYOND_THE_STARTER = {"PTP43", "GLO01"}
"""Their codes, 27280, 27278 and 27447, are not among those the starter speaks for."""


@pytest.fixture(scope="module")
def starter() -> OpenBook:
    """The book of a fresh installation."""
    return OpenBook.open("/nonexistent/book", with_starter=True)


@pytest.fixture(scope="module")
def demo(starter: OpenBook) -> Report:
    return check_paths([EXAMPLES / "claims.837"], starter).report


@pytest.mark.published
@pytest.mark.parametrize("whole", [True, False], ids=["every table loaded", "starter alone"])
def test_every_expected_finding_is_made_and_no_control_is_denied(published, published_book, starter, whole):
    outcome, _ = score_folder(published / "claims" / "truth", published_book if whole else starter)
    excused = OUTPATIENT_PAIRS_NOT_AT_HAND | (set() if whole else BEYOND_THE_STARTER)
    assert [said for said in outcome.disagreements if said[:5] not in excused] == []
    assert outcome.false_alarms == 0
    assert outcome.expected >= 28


@pytest.mark.published
def test_every_claim_of_every_published_file_is_reported_or_rejected(published, published_book):
    seen = 0
    for path in sorted((published / "claims").rglob("*")):
        if not path.is_file():
            continue
        try:
            report = check_paths([path], published_book).report
        except UnreadableFile:  # no claims file; what is said of it is tested with the readers
            continue
        (count,) = report.files
        assert count.claims == count.reported + count.rejected, path
        assert count.reported == len(report.claims), path
        content = path.read_bytes()
        if content.startswith(b"ISA"):
            assert count.claims == content.count(b"CLM" + content[3:4]), path
        seen += count.claims
    assert seen > 1500


def test_62323_with_77003_is_denied_with_one_finding_that_the_imaging_rule_explains(demo):
    (finding,) = [found for found in demo.findings if found.claim == "EPIDURAL-1"]
    assert finding.rule == "PTP002"
    assert finding.severity is Severity.DENY
    assert "includes its imaging guidance" in finding.message
    authority = [(cited.source, cited.locator) for cited in finding.citations]
    assert authority[0] == ("ncci-ptp-practitioner", "62323/77003")
    assert ("imaging-guidance", "62323") in authority
    assert ("ncci-policy-manual", "IX.H.22") in authority


@pytest.mark.parametrize("code", ["4324F", "G4000"])
def test_a_measure_code_at_25_dollars_is_reported_under_qlt(starter, code):
    from cleanclaim.engine.run import check_claims

    claim = claim_from({"lines": [{"hcpcs": "99214", "diagnosis_pointers": [1]}, {"hcpcs": code, "charge": "25.00",
                        "diagnosis_pointers": [1]}], "diagnoses": ["I10"]})  # fmt: skip
    found = [finding for finding in check_claims([claim], starter).findings if finding.line == 2]
    assert [(finding.rule[:3], finding.severity) for finding in found] == [("QLT", Severity.DENY)]


def test_the_demo_has_one_claim_of_each_kind(demo):
    found = {finding.claim: finding.rule for finding in demo.findings}
    assert found == {
        "EPIDURAL-1": "PTP002",
        "DILATION-2": "PTP001",
        "MEASURE-4": "QLT001",
        "REFLUX-5": "DXV002",
        "SPINE-6": "ADD001",
    }
    assert Counter(claim.verdict for claim in demo.claims) == {Verdict.DENIED: 5, Verdict.STALE: 1}

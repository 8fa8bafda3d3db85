"""Files to report: every claim of every input is reported or rejected, and one bad file stops only itself."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import rule

from cleanclaim.engine.files import FileCheck, check_paths
from cleanclaim.errors import InternalError, UnknownName, UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.render import json_report, jsonl_report, text_report
from cleanclaim.rules.registry import all_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import FileCount, Severity
from support.x12 import PAIR, VISIT, Patient, professional

EMPTY = book_from({})
GARBAGE = b"\x00\x01\x02 no claims at all \xff"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def check(*paths: str | Path, book: OpenBook = EMPTY, forced: str | None = None) -> FileCheck:
    return check_paths(paths, book, rules=[rule(Severity.DENY)], forced=forced)


def reported(outcome: FileCheck) -> list[str]:
    return [result.claim for result in outcome.report.claims]


def test_the_claims_of_every_file_are_reported_in_order_and_counted(tmp_path):
    first = put(tmp_path, "a.837", professional(PAIR, VISIT))
    second = put(tmp_path, "b.837", professional(("THIRD-3", ["99213"])))
    outcome = check(first, second)
    assert reported(outcome) == ["PAIR-1", "VISIT-2", "THIRD-3"]
    assert outcome.report.files == (FileCount(str(first), 2, 2, 0), FileCount(str(second), 1, 1, 0))
    assert outcome.report.lines == 4
    assert {finding.at.file for finding in outcome.report.findings} == {str(first), str(second)}


def test_claims_of_two_files_meet(tmp_path):
    book = book_from({"ptp": [{"column_one": "43214", "column_two": "74360"}]})
    paths = [put(tmp_path, f"{code}.837", professional((code, [code]))) for code in ("43214", "74360")]
    (finding,) = [entry for entry in check_paths(paths, book).report.findings if entry.rule.startswith("PTP")]
    assert (finding.claim, finding.related_claims, finding.at.file) == ("74360", ("43214",), str(paths[1]))


def test_packed_files_give_what_the_plain_file_gives(tmp_path):
    plain = professional(PAIR, VISIT).encode()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("in/b.837", plain)
    paths = [
        put(tmp_path, "a.837", plain),
        put(tmp_path, "a.837.gz", gzip.compress(plain)),
        put(tmp_path, "a.zip", zipped.getvalue()),
    ]
    found = [[(entry.rule, entry.line, entry.at.byte) for entry in check(path).report.findings] for path in paths]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 3
    assert check(paths[2]).report.claims[0].file == f"{paths[2]}!in/b.837"


def test_standard_input_is_read_as_a_file(monkeypatch):
    for content in (professional(VISIT).encode(), gzip.compress(professional(VISIT).encode())):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        outcome = check("-")
        assert reported(outcome) == ["VISIT-2"]
        assert outcome.report.files == (FileCount("-", 1, 1, 0),)


def test_a_bad_file_of_a_folder_is_a_reject_and_the_rest_is_checked(tmp_path):
    put(tmp_path, "a.837", professional(VISIT))
    bad = put(tmp_path, "b.bin", GARBAGE)
    outcome = check(tmp_path)
    assert reported(outcome) == ["VISIT-2"]
    assert outcome.unusable == ()
    (reject,) = outcome.report.rejects
    assert (reject.file, reject.segment, reject.claims) == (str(bad), "file", 0)
    assert reject.reason
    assert FileCount(str(bad), 0, 0, 0) in outcome.report.files


@pytest.mark.parametrize("name", ["none.837", "bad.bin"])
def test_a_bad_file_named_beside_a_good_one_is_told_and_the_good_one_checked(tmp_path, name):
    good, bad = put(tmp_path, "a.837", professional(VISIT)), tmp_path / name
    put(tmp_path, "bad.bin", GARBAGE)
    outcome = check(bad, good)
    assert reported(outcome) == ["VISIT-2"]
    assert [str(bad) in problem for problem in outcome.unusable] == [True]
    assert [reject.file for reject in outcome.report.rejects] == [str(bad)]


def test_where_nothing_at_all_can_be_read_there_is_no_report(tmp_path):
    paths = [put(tmp_path, "in/a.bin", GARBAGE), tmp_path / "none.837"]
    with pytest.raises(UnreadableFile) as caught:
        check(*paths)
    assert str(paths[0]) in str(caught.value)
    assert str(paths[1]) in str(caught.value)


def test_a_folder_of_which_nothing_can_be_read_is_as_bad_as_a_file(tmp_path):
    put(tmp_path, "a.bin", GARBAGE)
    put(tmp_path, "b.pdf", b"%PDF-1.7")
    with pytest.raises(UnreadableFile, match=r"b\.pdf: .*PDF"):
        check(tmp_path)


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(UnreadableFile, match="without a file to read"):
        check(tmp_path)


def test_a_rejected_claim_is_counted_and_the_claims_around_it_are_checked(tmp_path):
    broken = professional(PAIR, ("BROKEN-2", ["99213"]), ("LAST-3", ["99213"]))
    broken = broken.replace("CLM*BROKEN-2*100***11:B:1", "CLM*BROKEN-2*1OO***11:B:1")
    outcome = check(put(tmp_path, "a.837", broken))
    (count,) = outcome.report.files
    assert (count.claims, count.reported, count.rejected) == (3, 2, 1)
    (reject,) = outcome.report.rejects
    assert reject.claim == "BROKEN-2"
    assert reject.byte is not None


def test_a_format_can_be_forced_and_a_mistyped_one_is_told(tmp_path):
    path = put(tmp_path, "a.837", professional(VISIT))
    assert reported(check(path, forced="x12-837")) == ["VISIT-2"]
    with pytest.raises(UnknownName, match="x12-837"):
        check(path, forced="x12")


def test_a_claim_that_gets_lost_on_the_way_is_an_internal_error(tmp_path, monkeypatch):
    path = put(tmp_path, "a.837", professional(VISIT))
    monkeypatch.setattr("cleanclaim.engine.files.check_claims", _forgetful)
    with pytest.raises(InternalError, match="1 claims were read and 0 reported"):
        check(path)


def _forgetful(claims, *rest, **named):
    from cleanclaim.engine.run import check_claims

    assert claims
    return check_claims([], *rest, **named)


# --- what is said of the book


def test_the_report_says_that_the_starter_is_in_use_and_what_it_does_not_cover(tmp_path, starter_book):
    note, chosen = check(put(tmp_path, "a.837", professional(VISIT)), book=starter_book).report.notes
    assert note.startswith("Starter book in use for ")
    assert "ncci-ptp-practitioner" in note
    assert "says nothing of any other" in note
    every = len(all_rules())
    assert chosen == f"1 of {every} rules were asked, as chosen: what is called clean is clean by these only."


@pytest.mark.parametrize("rules", [None, all_rules()])
def test_where_all_rules_are_asked_no_choice_is_told(tmp_path, starter_book, rules):
    notes = check_paths([put(tmp_path, "a.837", professional(VISIT))], starter_book, rules=rules).report.notes
    assert not [note for note in notes if "rules were asked" in note]


def test_an_empty_book_is_told(tmp_path):
    note, _ = check(put(tmp_path, "a.837", professional(VISIT))).report.notes
    assert "nothing could be checked" in note


@pytest.mark.published
def test_a_source_that_is_loaded_whole_is_no_longer_told_as_starter(published_book, published, tmp_path):
    assert published.is_dir()
    notes = " ".join(check(put(tmp_path, "a.837", professional(VISIT)), book=published_book).report.notes)
    assert "ncci-ptp-practitioner" not in notes
    assert "mpfs-rvu" not in notes


# --- patient data


def everything_said(path: Path, book: OpenBook) -> str:
    """All that a user could see of a check: three reports, or the error."""
    try:
        outcome = check_paths([path], book)
    except UnreadableFile as error:
        return str(error)
    renders = (json_report.render, jsonl_report.render, text_report.render)
    return "\n".join([*(render(outcome.report) for render in renders), *outcome.unusable])


def assert_silent(text: str, patient: Patient) -> None:
    assert [secret for secret in patient.secrets if secret in text] == []


def test_no_report_names_the_patient(tmp_path, starter_book):
    path = put(tmp_path, "a.837", professional(PAIR, VISIT, VISIT))
    said = everything_said(path, starter_book)
    assert "74360" in said
    assert_silent(said, Patient())


CONTENT = professional(PAIR, VISIT)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, len(CONTENT) - 1), st.sampled_from(["", "*", "~", ":", "X", "9", "\n", "~~", "\x00"])),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_never_gives_the_patient_away(tmp_path, damage):
    """Whatever is dropped, doubled or shifted: codes may be repeated in a message, who the patient is never."""
    content = CONTENT
    for at, replacement in sorted(damage, reverse=True):
        content = content[:at] + replacement + content[at + 1 :]
    # The claim's own number and codes are printed: damage that moves a name into them is left out.
    assert_silent(everything_said(put(tmp_path, "a.837", content), EMPTY), Patient())


def test_csv_and_json_give_no_patient_away_either(tmp_path, starter_book):
    who = Patient()
    header = "claim_id,patient_id,patient_birth_date,patient_name,hcpcs,service_date,units,charge,rendering_npi"
    born = f"{who.born[:4]}-{who.born[4:6]}-{who.born[6:]}"
    good = f"A1,{who.member},{born},{who.last} {who.first},43214,2026-07-15,1,100.00,1234567893"
    for row in (good, good.replace("2026-07-15", who.last), good.replace("100.00", who.first), f"{who.last},{good}"):
        path = put(tmp_path, "a.csv", f"{header}\n{row}\n")
        assert_silent(everything_said(path, starter_book).replace(f'"claim": "{who.last}"', ""), who)


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_file_whose_name_is_no_text_is_reported_all_the_same(tmp_path):
    path = put(tmp_path, os.fsdecode(b"a\xff.837"), professional(VISIT))
    outcome = check(path)
    assert reported(outcome) == ["VISIT-2"]
    for render in (json_report.render, jsonl_report.render, text_report.render):
        assert render(outcome.report).encode(errors="strict")

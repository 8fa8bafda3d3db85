"""What holds for every format: it is there, it is the same every time, and nothing of the report is missing in it."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from forms import golden, made
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import EMPTY, FULL, HOSTILE, hostile

import cleanclaim.render
from cleanclaim.render.formats import ReportFormat
from cleanclaim.render.whole_text import whole_text

FORMS = [str(form) for form in ReportFormat]


def as_text(form: str, written: bytes) -> str:
    """What a reader sees: Parquet as JSON, JSON without its escapes, the rest as it is."""
    if form == "parquet":
        return json.dumps(pq.read_table(io.BytesIO(written)).to_pylist(), default=str, ensure_ascii=False)
    return written.decode("utf-8")


def same_in_any_version(form: str, written: bytes) -> bytes:
    """SARIF without what changes with every version of ours: our version, and the words of our rules."""
    if form != "sarif":
        return written
    log = json.loads(written)
    driver = log["runs"][0]["tool"]["driver"]
    del driver["version"], driver["semanticVersion"]
    driver["rules"] = [{"id": rule["id"], "name": rule["name"]} for rule in driver["rules"]]
    return (json.dumps(log, indent=1) + "\n").encode()


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "sarif", "html", "fhir"])
@pytest.mark.parametrize(("name", "report"), [("full", FULL), ("empty", EMPTY)])
def test_a_report_is_written_as_the_golden_file_has_it(form, name, report):
    written = same_in_any_version(form, made(report, form))
    assert written == golden(f"{name}.{form}", written)


def test_a_parquet_report_holds_the_rows_that_the_golden_file_has():
    rows = pq.read_table(io.BytesIO(made(FULL, "parquet"))).to_pylist()
    filled = [{name: value for name, value in row.items() if value is not None} for row in rows]
    written = (json.dumps(filled, indent=1, default=str) + "\n").encode()
    assert written == golden("full.parquet.json", written)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_report_is_written_the_same(form):
    assert made(FULL, form) == made(FULL, form)


def test_every_module_of_a_format_is_offered_and_every_format_has_its_module():
    folder = Path(cleanclaim.render.__file__).parent
    of_checks = {
        path.name.removesuffix("_report.py")
        for path in folder.glob("*_report.py")
        if re.search(r"^def render\(report: Report", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert of_checks == set(FORMS)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "text"])
def test_every_claim_finding_gap_reject_and_note_is_told(form):
    text = as_text(form, made(FULL, form))
    wanted = {claim.claim for claim in FULL.claims} | {finding.rule for finding in FULL.findings}
    wanted |= {"LOST-1", "CLM05 is missing", "binary data of an unknown kind", "no release covers 0042T on 2026-07-01"}
    wanted |= {FULL.notes[0], "PTP002", "agreed with the payer", "2024Q3", "1029.06" if form != "html" else "1,029.06"}
    wanted |= {"that 43214 was not done", "operative note", "M80", "29.06", "95.19", "the line has no place of service"}
    assert sorted(word for word in wanted if word not in text) == []


@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_breaks_no_format(form):
    text = as_text(form, made(hostile(HOSTILE), form))
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(text=st.text(st.characters(codec=None), max_size=30))
def test_any_text_can_be_written_in_any_format(form, text):
    assert as_text(form, made(hostile(text), form))


@given(st.text(st.characters(codec=None), max_size=50))
def test_whole_text_changes_nothing_but_what_a_reader_could_not_hold(text):
    fit = whole_text(text)
    fit.encode("utf-8")
    assert len(fit) == len(text)
    assert whole_text(fit) == fit
    changed = "".join(old for old, new in zip(text, fit, strict=True) if old != new)
    assert re.fullmatch(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]*", changed
    )

"""``cleanclaim code``: its formats, exit codes, and what it costs to start."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest
from typer.testing import CliRunner

from cleanclaim.engine.code_page import SECTIONS, code_page
from cleanclaim.interfaces.cli.main import app
from cleanclaim.render import code_text

CITATION = {
    "type": ["object", "null"],
    "required": ["source", "release", "locator", "valid_from", "valid_to", "text"],
    "properties": {"source": {"type": "string", "minLength": 1}, "locator": {"type": "string"}},
}
DATE = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
FACT = {
    "type": "object",
    "required": ["key", "value", "text", "valid_from", "valid_to", "citation"],
    "additionalProperties": False,
    "properties": {
        "key": {"type": "string", "minLength": 1},
        "value": {"type": ["string", "integer", "boolean", "null"]},
        "text": {"type": "string", "minLength": 1},
        "valid_from": DATE,
        "valid_to": DATE,
        "citation": CITATION,
    },
}
SECTION = {
    "type": "object",
    "required": ["id", "state", "facts"],
    "properties": {
        "id": {"enum": list(SECTIONS)},
        "state": {"enum": ["known", "not_applicable", "no_data"]},
        "facts": {"type": "array", "items": FACT},
    },
}
PAGE = {
    "type": "object",
    "required": ["schema", "code", "system", "category", "date", "sections", "stale"],
    "properties": {
        "schema": {"const": "cleanclaim.code/1"},
        "system": {"enum": ["CPT", "HCPCS", "ICD-10-CM", "modifier"]},
        "category": {"enum": ["I", "II", "III", "PLA", "MAAA", "CPT", "HCPCS", ""]},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "sections": {"type": "array", "minItems": 19, "maxItems": 19, "items": SECTION},
        "stale": {
            "type": "array",
            "items": {"type": "object", "required": ["source", "release", "covers_to"]},
        },
    },
}
MONEY = re.compile(r"\d+\.\d{2}")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["code", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cleanclaim.interfaces.cli.main", "code", *arguments],
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("code", ["43214", "4324F", "G4000", "99213", "00100", "k22.2", "59", "TC", "99998", "0001U"])
def test_json_is_as_the_contract_says(code):
    document = json.loads(run(code, "--date", "2026-07-15", "--format", "json"))
    jsonschema.validate(document, PAGE)
    assert [section["id"] for section in document["sections"]] == list(SECTIONS)
    assert document["code"] == code.upper()
    assert document["date"] == "2026-07-15"


def test_money_is_text_with_two_decimals_and_the_fact_is_dated_and_cited():
    document = json.loads(run("43214", "--date", "2026-07-15", "--format", "json"))
    payment = next(section for section in document["sections"] if section["id"] == "payment")
    amount = next(fact for fact in payment["facts"] if fact["key"] == "national_amount_facility")
    assert amount["value"] == "168.34"
    assert (amount["valid_from"], amount["valid_to"]) == ("2026-07-01", "2026-12-31")
    assert amount["citation"]["release"] == "RVU26C"
    assert "row 5,091" in amount["citation"]["text"]
    rvus = [fact["value"] for fact in payment["facts"] if "_rvu" in fact["key"]]
    assert rvus
    assert all(MONEY.fullmatch(value) for value in rvus)


def test_stale_release_is_said_in_the_text_of_its_fact_and_at_the_top():
    document = json.loads(run("43214", "--date", "2026-07-15", "--format", "json"))
    units = next(section for section in document["sections"] if section["id"] == "units")
    outpatient = next(fact for fact in units["facts"] if fact["key"] == "mue_outpatient")
    assert "As of 2024Q3, which covers services from 2024-07-01 to 2024-09-30 only." in outpatient["text"]
    assert {"source": "ncci-mue-outpatient", "release": "2024Q3", "covers_to": "2024-09-30"} in document["stale"]


def test_text_tells_known_sections_and_collapses_the_rest():
    said = run("43214", "--date", "2026-07-15")
    assert said.startswith("43214: CPT Category I, for services on 2026-07-15.")
    assert max(len(line) for line in said.splitlines()) <= 100
    assert "\nPayment\n" in said
    assert "\nBenchmarks\n" not in said
    (line,) = [line for line in said.splitlines() if line.startswith("No data: ")]
    assert "benchmarks" in line
    assert "\x1b[" not in said


def test_measure_page_tells_no_price_and_no_site():
    said = run("4324F", "--date", "2026-07-15")
    assert "$" not in said
    assert "facility" not in said.lower()


def test_unknown_code_is_told_on_the_first_line_and_is_no_error():
    first = run("99998", "--date", "2026-07-15").splitlines()[0]
    assert first.startswith("99998: no loaded list has this code")


def test_markdown_has_a_heading_for_every_known_section():
    said = run("43214", "--date", "2026-07-15", "--format", "md")
    assert said.startswith("# 43214\n")
    for heading in ("## Definition", "## Payment policy", "### Under conditions", "## Not reported with", "## Payment"):
        assert f"\n{heading}\n" in said
    assert "- **26 TC**: " in said


def test_text_that_can_be_no_code_is_one_message_and_exit_2():
    done = process("not-a-code")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "'not-a-code' can be no code" in done.stderr


def test_unreadable_date_is_one_message_and_exit_2():
    done = process("43214", "--date", "15.07.2026")
    assert done.returncode == 2
    assert "--date '15.07.2026' is no date" in done.stderr


def test_page_reads_the_index_without_the_table_libraries(starter_book):
    assert starter_book.releases  # its index is built, so that the page below only reads it
    script = (
        "import sys; from typer.testing import CliRunner\n"
        "from cleanclaim.interfaces.cli.main import app\n"
        "done = CliRunner().invoke(app, ['code', '43214', '--date', '2026-07-15'])\n"
        "assert done.exit_code == 0, done.output\n"
        "print(sorted({'numpy', 'pyarrow', 'polars', 'numba'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("code", "system"), [("43214", "CPT"), ("J1100", "HCPCS"), ("K22.2", "ICD-10-CM")])
def test_json_carries_the_linked_data_of_schema_org(code, system):
    linked = json.loads(run(code, "--date", "2026-07-15", "--format", "json"))["json_ld"]
    assert (linked["@context"], linked["@type"]) == ("https://schema.org", "MedicalCode")
    assert (linked["codeValue"], linked["codingSystem"]) == (code, system)
    assert linked["inCodeSet"]["name"] == system


def test_html_and_json_carry_the_same_linked_data():
    said = run("43214", "--date", "2026-07-15", "--format", "html")
    inside = re.search(r'<script type="application/ld\+json">(.*?)</script>', said, re.DOTALL)
    assert inside is not None
    document = json.loads(run("43214", "--date", "2026-07-15", "--format", "json"))
    assert json.loads(inside[1]) == document["json_ld"]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("code", ["43214", "62323", "99213", "J1100", "4324F", "K22.2"])
def test_text_keeps_to_the_width_and_loses_no_word(starter_book, code, width):
    page = code_page(starter_book, code, dt.date(2026, 7, 15))
    narrow, wide = code_text.text(page, width=width), code_text.text(page, width=120)
    assert max(len(line) for line in narrow.splitlines()) <= width
    assert narrow.split() == wide.split()


def test_colour_changes_no_word(starter_book):
    page = code_page(starter_book, "43214", dt.date(2026, 7, 15))
    coloured = code_text.text(page, width=80, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == code_text.text(page, width=80)


def test_html_opens_with_the_answers_asked_most_and_folds_what_seldom_is():
    said = run("43214", "--date", "2026-07-15", "--format", "html")
    glance = said[said.index('<dl class="glance">') : said.index("</dl>")]
    for words in ("A, active", "included", "$168.34", "Most units (MUE)"):
        assert words in glance
    assert "Outside a facility" not in glance
    assert "<summary><h3>Never</h3></summary>" in said
    assert '<ul class="codes"><li>74360</li>' in said

"""``cleanclaim audit``: what a person reads, the contract's JSON, the marked page, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.main import app

AUDITED = CliRunner()
PAGE = "# CPT 20611\n\n20611 has a 90-day global period. 20611 includes ultrasound guidance. We like it.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def audit(*arguments: str) -> tuple[int, str]:
    result = AUDITED.invoke(app, ["audit", "--date", "2026-07-01", *arguments])
    return result.exit_code, result.output


def test_a_contradicted_statement_comes_first_and_ends_with_exit_code_1(page: Path) -> None:
    code, told = audit(str(page))
    assert code == 1
    assert told.index("CONTRADICTED") < told.index("supported  line")
    assert "The global days of 20611 are 000." in told


def test_a_page_without_a_false_statement_ends_with_exit_code_0(page: Path) -> None:
    page.write_text("20611 includes ultrasound guidance.\n", encoding="utf-8")
    assert audit(str(page))[0] == 0


def test_the_json_is_the_contracts(page: Path) -> None:
    code, told = audit(str(page), "--format", "json")
    made = json.loads(told)
    assert code == 1
    assert made["schema"] == "cleanclaim.audit/1"
    assert made["subjects"] == ["20611"]
    assert made["summary"]["contradicted"] == 1
    wrong = next(entry for entry in made["assertions"] if entry["verdict"] == "contradicted")
    assert wrong["kind"] == "payment_rule"
    assert wrong["quote"] == PAGE[wrong["start"] : wrong["end"]]
    assert wrong["citations"]


def test_the_marked_page_escapes_what_the_page_holds(page: Path) -> None:
    page.write_text(PAGE + "\na < b & <script>alert(1)</script>\n", encoding="utf-8")
    _, told = audit(str(page), "--format", "html")
    assert '<del class="contradicted">90-day global' in told
    assert "<script>" not in told


def test_a_folder_and_a_missing_page_are_one_clear_error(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "none.md", r"none\.md")):
        with pytest.raises(InputError, match=said):
            AUDITED.invoke(app, ["audit", str(path)], catch_exceptions=False)

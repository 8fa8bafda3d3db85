"""What must never be in the repository, and what must agree with the code."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cleanclaim
from cleanclaim.book.starter import FOLDER, listed_codes
from cleanclaim.book.store import BookStore

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry():
    wrong = re.compile(r"/(?:root|work)/[a-z.]|pypi-more|files\.pythonhosted\.org|--index-url")
    found = []
    for path in tracked():
        if path.suffix in {".idx", ".parquet", ".png"} or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if wrong.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def test_the_starter_ships_no_descriptor_of_a_cpt_code():
    for path in (FOLDER / "tables" / "mpfs-rvu").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert {row["description"] for row in csv.DictReader(file)} == {""}
    for path in (FOLDER / "tables" / "hcpcs").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            texts = {row["kind"] for row in csv.DictReader(file) if row["description"] or row["short_description"]}
            assert texts == {"modifier"}


def test_the_starter_covers_at_least_400_procedure_codes_with_relative_values():
    with next((FOLDER / "tables" / "mpfs-rvu").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        valued = {
            row["hcpcs"]
            for row in csv.DictReader(file)
            if float(row["total_nonfacility"]) + float(row["total_facility"])
        }
    assert len(valued) >= 400
    assert valued <= set(listed_codes())


def test_the_starter_manifest_counts_its_rows():
    for release, word in BookStore(None).verify():
        assert word == "ok", release


def test_every_public_name_exists_and_is_documented():
    for name in cleanclaim.__all__:
        assert getattr(cleanclaim, name).__doc__


def test_every_package_imported_is_a_dependency_declared():
    """What only the tools of the tests bring along is missing in a plain installation."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["fast"], *extras["spark"], *extras["pdf"]]
    named = {re.match(r"[\w-]+", line)[0].lower().replace("-", "_") for line in declared}
    allowed = named | {"yaml", "cleanclaim", *sys.stdlib_module_names}
    imported = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {(alias.name.split(".")[0], path.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add((node.module.split(".")[0], path.name))
    assert sorted((name, path) for name, path in imported if name not in allowed) == []


def test_the_changelog_names_every_rule():
    from cleanclaim.rules.registry import families

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [family for family in families() if family not in text] == []

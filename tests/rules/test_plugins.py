"""Rules of other packages: the example plugin, and plugins that must be refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleanclaim.errors import PluginError
from cleanclaim.rules.plugins import plugin_rules
from cleanclaim.rules.registry import families, own_rules

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin"


def installed(folder: Path, name: str = "acme-claim-rules", package: str = "acme_claim_rules", **files: str) -> Path:
    """A folder of installed packages, as pip leaves it, with one plugin made of ``files``."""
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").write_text("", encoding="utf-8")
    for stem, text in files.items():
        (folder / package / f"{stem}.py").write_text(text, encoding="utf-8")
    about = folder / f"{package}-1.0.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[cleanclaim.rules]\nacme = {package}\n", encoding="utf-8")
    return folder


@pytest.fixture
def example(tmp_path: Path) -> Path:
    folder = installed(tmp_path / "site")
    shutil.copytree(EXAMPLE / "src" / "acme_claim_rules", folder / "acme_claim_rules", dirs_exist_ok=True)
    return folder


def run(folder: Path, book: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=EXAMPLE,
        env=os.environ | {"PYTHONPATH": str(folder), "CLEANCLAIM_BOOK": str(book)},
        capture_output=True,
        text=True,
        check=False,
    )


def cleanclaim(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, folder.parent / "book", str(Path(sys.executable).parent / "cleanclaim"), *arguments)


def test_the_example_keeps_the_promises_it_is_tested_for(example):
    done = run(example, example, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout
    assert "14 passed" in done.stdout


def test_a_plugin_is_listed_with_the_package_it_came_in(example):
    done = cleanclaim(example, "rule", "ACM")
    assert "ACM001" in done.stdout
    assert "(acme-claim-rules 1.0.0)" in done.stdout


def test_a_rule_of_a_plugin_finds_what_it_looks_for(example, tmp_path):
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,line_no,hcpcs,modifiers,units,charge,service_date,pos,rendering_npi,diagnoses\n"
        "A1,1,99215,25,1,180.00,2026-07-15,11,1992999015,I10\n",
        encoding="utf-8",
    )
    done = cleanclaim(example, "check", str(claims), "--select", "ACM", "--format", "json", "--fail-on", "review")
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["rule"], finding["severity"], finding["line"]) == ("ACM001", "review", 1)
    assert finding["citations"][0]["source"] == "acme-billing-policy"


def test_without_plugins_there_are_only_our_own_rules():
    assert plugin_rules(families()) == ()


SOUND = (EXAMPLE / "src" / "acme_claim_rules" / "ACM001.py").read_text(encoding="utf-8")
OURS = own_rules()[0].rule.code


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ACM001": "import nowhere_at_all"}, "cannot be imported"),
        ({}, "has no rule"),
        ({"ACM002": SOUND}, "calls itself ACM001"),
        ({"ACM001": SOUND.replace("Why it matters", "Why")}, "is not documented"),
        ({"ACM001": SOUND.replace("Severity.REVIEW", "Severity.DENY")}, ""),
        ({"ACM001": SOUND.replace("citations=(Citation(", "citations=() and (Citation(")}, "cites nothing"),
        ({OURS: SOUND.replace("ACM001", OURS)}, "belongs to cleanclaim"),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_refused_by_name(files, said, tmp_path, monkeypatch):
    package = f"acme_{tmp_path.name.replace('-', '_').replace('[', '_').replace(']', '_')}"
    monkeypatch.syspath_prepend(str(installed(tmp_path / "site", package=package, **files)))
    taken = {loaded.rule.family for loaded in own_rules()}
    if not said:  # a document that is cited may deny
        assert [loaded.rule.code for loaded in plugin_rules(taken)] == ["ACM001"]
        return
    with pytest.raises(PluginError, match=said) as refused:
        plugin_rules(taken)
    assert "acme-claim-rules 1.0.0" in str(refused.value)


def test_a_broken_plugin_stops_the_command_with_exit_code_2(tmp_path):
    folder = installed(tmp_path / "site", ACM001="raise RuntimeError('no')")
    done = cleanclaim(folder, "rule")
    assert done.returncode == 2
    assert "acme-claim-rules 1.0.0" in done.stderr
    assert "Traceback" not in done.stderr

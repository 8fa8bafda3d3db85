"""What a run reads is never written over, and no two outputs are one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleanclaim.errors import InputError
from cleanclaim.interfaces.cli.main import app
from support.x12 import PAIR, VISIT, professional

POLICY = Path(__file__).parents[2] / "src/cleanclaim/book/policies/payers"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file of every kind that a run reads."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLEANCLAIM_POLICIES", raising=False)
    Path("in").mkdir()
    Path("in/a.837").write_text(professional(PAIR), encoding="utf-8")
    Path("hi.837").write_text(professional(VISIT), encoding="utf-8")
    Path("s.yaml").write_text("suppressions:\n- {rule: MUE, reason: agreed}\n", encoding="utf-8")
    pack = min(POLICY.glob("*.yaml"))
    Path("policy.yaml").write_bytes(pack.read_bytes())
    Path("book").mkdir()
    Path("book/kept").write_bytes(b"facts")
    assert CliRunner().invoke(app, ["check", "in", "--write-baseline", "b.json"]).exit_code == 0
    Path("link.837").symlink_to("hi.837")
    return tmp_path


def refused(work: Path, *arguments: str) -> str:
    """What the run says that is refused; every file is as it was, and none is new."""
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleanclaim.engine.files.check_paths", lambda *_, **__: pytest.fail("it was checked first"))
        done = CliRunner().invoke(app, ["check", *arguments])
    assert isinstance(done.exception, InputError)
    assert {path: path.read_bytes() for path in work.rglob("*") if path.is_file()} == before
    return str(done.exception)


@pytest.mark.parametrize("option", ["--output", "--write-baseline", "--fixed"])
@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("in/a.837", "an input file"),
        ("in/../in/a.837", "an input file"),
        ("hi.837", "a file of the history"),
        ("link.837", "a file of the history"),
        ("s.yaml", "a suppression file"),
        ("policy.yaml", "a payer policy"),
        ("book/kept", "a file of the book"),
        ("b.json", "the baseline"),
    ],
)
def test_no_output_is_written_over_what_the_run_reads(work, option, target, what):
    reads = ["--history", "hi.837", "--suppressions", "s.yaml", "--policy", "policy.yaml", "--book", "book"]
    if (option, target) != ("--write-baseline", "b.json"):
        reads += ["--baseline", "b.json"]
    else:
        reads, what = ["--history", "b.json"], "a file of the history"
    fix = ["--fix"] if option == "--fixed" else []
    assert f"{option} {target}: that is {what}" in refused(work, "in", *reads, *fix, option, target)


def test_a_policy_of_the_environment_is_kept_too(work, monkeypatch):
    monkeypatch.setenv("CLEANCLAIM_POLICIES", "policy.yaml")
    assert "a payer policy" in refused(work, "in", "--output", "policy.yaml")


@pytest.mark.parametrize(
    "options",
    [
        ["--output", "out", "--fix", "--fixed", "out"],
        ["--output", "out", "--write-baseline", "./out"],
        ["--write-baseline", "out", "--fix", "--fixed", "out"],
        ["--baseline", "b.json", "--write-baseline", "b.json", "--output", "b.json"],
    ],
)
def test_no_two_outputs_are_one_file(work, options):
    said = refused(work, "in", *options)
    assert "both name it" in said or "that is the baseline" in said


@pytest.mark.usefixtures("work")
def test_a_report_is_not_lost_under_a_fixed_file():
    Path("b.837").write_text(professional(VISIT), encoding="utf-8")
    Path("fixed").mkdir()
    done = CliRunner().invoke(app, ["check", "in", "b.837", "--fix", "--fixed", "fixed", "--output", "fixed/b.837"])
    assert "both name it" in str(done.exception)
    assert list(Path("fixed").iterdir()) == []


@pytest.mark.usefixtures("work")
def test_a_baseline_is_written_anew_over_itself():
    before = Path("b.json").read_bytes()
    done = CliRunner().invoke(app, ["check", "in", "--baseline", "b.json", "--write-baseline", "b.json"])
    assert done.exit_code == 0
    assert Path("b.json").read_bytes() == before


@pytest.mark.usefixtures("work")
def test_a_report_is_written_again_where_the_last_one_is():
    for _ in range(2):
        done = CliRunner().invoke(app, ["check", "in", "hi.837", "--output", "report.txt"])
        assert done.exit_code == 1
    assert "PAIR-1" in Path("report.txt").read_text(encoding="utf-8")

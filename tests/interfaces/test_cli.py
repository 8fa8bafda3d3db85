"""The command line: exit codes, what is printed where, and files that are there whole or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from made import rule
from schema import faults

import cleanclaim
from cleanclaim.errors import InputError, InternalError
from cleanclaim.interfaces.cli import options
from cleanclaim.interfaces.cli.writing import write_whole
from cleanclaim.render import text_report
from cleanclaim.rules.registry import documented
from cleanclaim.types import Report, Severity
from support.console import ended
from support.x12 import PAIR, VISIT, Patient, professional

GARBAGE = b"\x00\x01\x02 no claims at all \xff"
MUE_HEADER = '"hcpcs_code","mue_units","mue_mai","mue_rationale","mue_service"\n'
MUE = f'{MUE_HEADER}"43214",1,2,"Nature of Service","Practitioner"\n"bad",1,2,"Nature of Service","Practitioner"\n'


@dataclass
class Ran:
    """How a run ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(monkeypatch, capsys, home):
    """Runs the console script in this process: ``run("check", path)``."""
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(home / "no-book"))

    def ran(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = ended(*arguments)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def denied(tmp_path: Path) -> Path:
    return put(tmp_path, "denied.837", professional(PAIR))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return put(tmp_path, "sound.837", professional(VISIT))


# --- exit codes of check


def test_0_when_there_is_nothing_to_report(run, sound):
    ran = run("check", sound, "--select", "PTP,MUE")
    assert ran.code == 0
    assert "0 denied" in ran.out
    assert ran.err == ""


def test_1_when_a_claim_would_be_denied(run, denied):
    ran = run("check", denied)
    assert ran.code == 1
    assert "DENIED  claim PAIR-1" in ran.out


@pytest.mark.parametrize("fail_on", ["deny", "review", "inform"])
@pytest.mark.parametrize("worst", ["deny", "review", "inform", None])
def test_fail_on_sets_from_which_severity_the_run_fails(run, sound, monkeypatch, worst, fail_on):
    made = rule(Severity(worst or "deny"), check=lambda _: worst is not None)
    monkeypatch.setattr("cleanclaim.rules.registry.select_rules", lambda *_: (made,))
    order = ["inform", "review", "deny"]
    fails = worst is not None and order.index(worst) >= order.index(fail_on)
    assert run("check", sound, "--fail-on", fail_on).code == int(fails)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--select", "PTB"],
        ["--ignore", "PTP0001"],
        ["--select", "PTP", "--ignore", "PTP"],
        ["--known-on", "2026-13-01"],
        ["--known-on", "yesterday"],
        ["--from", "x12"],
        ["--format", "yaml"],
        ["--fail-on", "never"],
        ["--no-such-option"],
        ["--output", "no/such/folder/report.txt"],
    ],
    ids=" ".join,
)
def test_2_for_an_option_that_cannot_be_meant(run, denied, arguments):
    ran = run("check", denied, *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err != ""
    assert "internal error" not in ran.err


@pytest.mark.parametrize("name", ["none.837", "bad.bin", "empty"])
def test_2_for_a_file_that_cannot_be_read_at_all(run, tmp_path, name):
    put(tmp_path, "bad.bin", GARBAGE)
    put(tmp_path, "empty", b"")
    ran = run("check", tmp_path / name)
    assert ran.code == 2
    assert ran.out == ""
    assert str(tmp_path / name) in ran.err


def test_2_for_a_folder_of_which_nothing_can_be_read(run, tmp_path):
    put(tmp_path, "bad.bin", GARBAGE)
    assert run("check", tmp_path).code == 2


def test_2_when_every_claim_was_rejected_and_the_report_says_why(run, tmp_path):
    lost = professional(VISIT).replace("CLM*VISIT-2*100***11:B:1", "CLM*VISIT-2*1OO***11:B:1")
    ran = run("check", put(tmp_path, "a.837", lost), "--format", "json")
    assert ran.code == 2
    assert ran.json["summary"]["rejected"] == 1
    assert ran.json["rejects"][0]["claim"] == "VISIT-2"


def test_2_when_a_file_named_beside_others_cannot_be_read_and_the_others_are_reported(run, sound, tmp_path):
    ran = run("check", tmp_path / "none.837", sound)
    assert ran.code == 2
    assert "1 claim, 1 line" in ran.out
    assert "none.837" in ran.err


def test_a_folder_with_one_bad_file_is_checked_and_the_bad_one_told(run, tmp_path):
    put(tmp_path, "in/a.837", professional(VISIT))
    put(tmp_path, "in/b.bin", GARBAGE)
    ran = run("check", tmp_path / "in", "--select", "PTP")
    assert ran.code == 0
    assert "NOT READ" in ran.out
    assert "b.bin" in ran.out


def test_2_without_a_path_and_without_a_command(run):
    assert run("check").code == 2
    assert run().code == 2
    assert run("chekc").code == 2


def test_2_for_a_book_that_is_damaged(run, denied, tmp_path):
    put(tmp_path, "book/manifest.json", "{")
    ran = run("check", denied, "--book", tmp_path / "book")
    assert ran.code == 2
    assert "manifest cannot be read" in ran.err


@pytest.mark.parametrize("error", [RuntimeError, InternalError, KeyError, AssertionError])
def test_3_for_a_bug_and_the_message_holds_no_patient_data(run, denied, monkeypatch, error):
    def fail(*_, **__):
        raise error(Patient().last)

    monkeypatch.setattr("cleanclaim.engine.files.check_paths", fail)
    ran = run("check", denied)
    assert ran.code == 3
    assert "This is a bug" in ran.err
    assert error.__name__ in ran.err
    assert Patient().last not in ran.out + ran.err


# --- what check prints


def test_the_json_report_keeps_the_contract(run, denied):
    ran = run("check", denied, "--format", "json")
    assert ran.code == 1
    assert faults(ran.json, "report") == []
    assert {"PTP001"} <= {finding["rule"] for finding in ran.json["findings"]}
    assert {entry["starter"] for entry in ran.json["book"]} == {True}


def test_json_lines_are_one_record_a_line(run, denied):
    records = [json.loads(line) for line in run("check", denied, "--format", "jsonl").out.splitlines()]
    assert records[0]["schema"] == "cleanclaim.report/1"
    assert records[-1]["kind"] == "summary"


def test_the_same_run_twice_prints_the_same_bytes(run, denied):
    assert run("check", denied, "--format", "json").out == run("check", denied, "--format", "json").out


def test_select_and_ignore_choose_rules_by_code_and_family(run, denied):
    def rules(*arguments: str) -> set[str]:
        found = run("check", denied, "--format", "json", *arguments).json["findings"]
        return {finding["rule"] for finding in found}

    assert rules("--select", "ptp001") == {"PTP001"}
    assert rules("--select", "PTP001, DXV") >= {"PTP001"}
    assert "PTP001" not in rules("--ignore", "PTP")


def test_known_on_leaves_out_what_was_published_later(run, denied):
    book = run("check", denied, "--format", "json", "--known-on", "2024-07-01").json["book"]
    assert ("ncci-ptp-practitioner", "2024Q3") in {(entry["source"], entry["release"]) for entry in book}
    assert ("mpfs-rvu", "RVU26C") not in {(entry["source"], entry["release"]) for entry in book}


def test_packed_claims_and_standard_input_are_read(run, tmp_path):
    content = professional(PAIR).encode()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.837", content)
    paths = [put(tmp_path, "a.837.gz", gzip.compress(content)), put(tmp_path, "a.zip", zipped.getvalue())]
    for path in paths:
        assert run("check", path, "--select", "PTP").code == 1
    ran = run("check", "-", "--select", "PTP", "--format", "json", stdin=content)
    assert ran.code == 1
    assert ran.json["files"] == [{"file": "-", "claims": 1, "reported": 1, "rejected": 0}]


def test_standard_input_with_nothing_in_it_is_told(run):
    assert run("check", "-").code == 2


def test_patient_data_is_in_no_output(run, denied, tmp_path):
    broken = professional(PAIR).replace("SV1*HC:74360*100*UN*1", f"SV1*HC:74360*{Patient().last}*UN*1")
    for path in (denied, put(tmp_path, "broken.837", broken)):
        for form in ("text", "json", "jsonl"):
            ran = run("check", path, "--format", form)
            assert [secret for secret in Patient().secrets if secret in ran.out + ran.err] == []


# --- the report in a file


def test_output_is_written_to_the_file_and_nothing_is_printed(run, denied, tmp_path):
    target = tmp_path / "report.json"
    ran = run("check", denied, "--format", "json", "--output", target)
    assert (ran.code, ran.out) == (1, "")
    assert faults(json.loads(target.read_text(encoding="utf-8")), "report") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["denied.837", "report.json"]


def test_output_that_cannot_be_put_in_place_leaves_no_litter(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "in it").touch()
    with pytest.raises(options.InputError, match="cannot be written"):
        write_whole(tmp_path / "folder", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_output_cut_short_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    target = put(tmp_path, "report.txt", "the old report")

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(Killed):
        write_whole(target, "half a repo")
    assert target.read_text() == "the old report"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_the_text_report_in_a_file_has_no_colour(run, denied, tmp_path, monkeypatch):
    monkeypatch.setattr(options, "use_colour", lambda: True)
    monkeypatch.setattr("cleanclaim.interfaces.cli.check.use_colour", lambda: True)
    run("check", denied, "--output", tmp_path / "report.txt")
    assert "\x1b" not in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "\x1b" in text_report.render(Report((), (), (), (), 0), colour=True)


# --- pair


def test_a_pair_in_json_keeps_the_contract(run):
    ran = run("pair", "43214", "74360", "--date", "2026-07-15", "--format", "json")
    assert ran.code == 0
    assert faults(ran.json, "pair") == []
    assert (ran.json["verdict"], ran.json["stale"], ran.json["covers_to"]) == ("bundled", True, "2024-09-30")
    assert ran.json["imaging"] == "included"


def test_a_pair_in_text_says_verdict_reason_and_source(run):
    ran = run("pair", "74360", "43214", "--date", "2024-07-15")
    assert ran.code == 0
    assert ran.out.startswith("bundled: Column One 43214, Column Two 74360, practitioner, 2024-07-15\n")
    assert "ptp_practitioner_2024Q3.csv, row" in ran.out


@pytest.mark.parametrize("given", ["59", "59,LT", "lt:59", " 59 , "])
def test_modifiers_are_given_with_commas_or_colons(run, given):
    made = run("pair", "62323", "77003", "--date", "2024-07-15", "--modifiers-b", given, "--format", "json").json
    assert made["verdict"] == "bypassed"


def test_the_date_is_today_when_none_is_given(run):
    made = run("pair", "62323", "77003", "--format", "json").json
    assert made["date"] == options.today().isoformat()


@pytest.mark.parametrize(
    "arguments",
    [
        ["4321", "74360"],
        ["43214", "43214"],
        ["43214"],
        ["43214", "74360", "--date", "07/15/2026"],
        ["43214", "74360", "--setting", "dme"],
        ["43214", "74360", "--setting", "hospital"],
        ["43214", "74360", "--modifiers-a", "5"],
        ["43214", "74360", "--known-on", "soon"],
    ],
    ids=" ".join,
)
def test_2_for_a_pair_that_cannot_be_meant(run, arguments):
    ran = run("pair", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "internal error" not in ran.err


# --- rule


def test_rules_are_listed_and_printed_whole(run):
    assert "PTP001" in run("rule").out
    assert {line[:3] for line in run("rule", "ptp").out.splitlines()[:-1]} == {"PTP"}
    assert run("rule", "PTP001").out.startswith("PTP001 bundled-procedure-pair")
    assert run("rule", "bundled-procedure-pair").out == run("rule", "ptp001").out
    assert run("rule", "PTP001", "--format", "md").out.startswith("# PTP001")


def test_a_rule_in_json_has_its_documentation(run):
    made = run("rule", "PTP001", "--format", "json").json
    assert made["schema"] == "cleanclaim.rule/1"
    assert made["documentation"]["Limits"]
    assert len(run("rule", "--format", "json").json["rules"]) == len(documented())


def test_findings_on_the_files_of_a_check_are_documented_as_rules_are(run):
    listed = run("rule", "SUP").out
    assert "SUP001  inform  unused-suppression" in listed
    assert "SUP002  review  expired-suppression" in listed
    whole = run("rule", "expired-suppression").out
    assert "What it checks" in whole
    assert "cleanclaim docs/how-to/suppress-and-baseline.md" in whole
    assert run("check", "absent.837", "--select", "SUP001").code == 2


def test_2_for_a_rule_that_does_not_exist_with_the_nearest(run):
    ran = run("rule", "PTP01")
    assert ran.code == 2
    assert "Did you mean PTP001?" in ran.err


# --- a book that is not there


@pytest.mark.usefixtures("denied")
@pytest.mark.parametrize(
    "command",
    [["check", "denied.837"], ["pair", "43214", "74360"], ["code", "43214"], ["data", "status"], ["data", "verify"]],
)
def test_2_for_a_book_named_that_is_not_there_with_the_next_step(run, tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(*command, "--book", "nope")
    assert (ran.code, ran.out) == (2, "")
    assert "--book nope: there is no such folder. `cleanclaim data load FILE --book nope` makes it" in ran.err


def test_the_book_of_the_environment_may_be_yet_to_come(run, home):
    assert not (home / "no-book").exists()
    assert run("pair", "43214", "74360", "--date", "2026-07-15").code == 0
    assert run("data", "status").code == 0


def test_python_refuses_a_book_named_that_is_not_there(tmp_path, home):
    with pytest.raises(InputError, match=r"Book\.open .*nope: there is no such folder\. `cleanclaim data load FILE"):
        cleanclaim.Book.open(tmp_path / "nope")
    assert not (home / "no-book").exists()
    assert cleanclaim.Book.open().releases


# --- data


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty book, without the starter: nothing has to be compiled but what a test loads."""
    monkeypatch.setenv("CLEANCLAIM_NO_STARTER", "1")
    return tmp_path / "book"


def test_a_file_is_loaded_listed_and_verified(run, book, tmp_path):
    path = put(tmp_path, "mue_practitioner_2024Q3.csv", MUE)
    ran = run("data", "load", path, "--book", book)
    assert ran.code == 0
    assert "ncci-mue-practitioner 2024Q3: 2 rows in, 1 kept, 1 rejected" in ran.out
    assert "1 loaded, 0 failed, 0 passed over." in ran.out

    made = run("data", "status", "--book", book, "--format", "json")
    assert made.code == 0
    assert faults(made.json, "book") == []
    (own,) = made.json["sources"]
    assert (own["source"], own["release"], own["rows"], own["rejected"]) == ("ncci-mue-practitioner", "2024Q3", 1, 1)
    assert own["valid_from"] == "2024-07-01"
    assert own["files"] == [path.name]

    verified = run("data", "verify", "--book", book, "--format", "json")
    assert verified.code == 0
    assert verified.json["schema"] == "cleanclaim.verify/1"
    assert verified.json["ok"] is True
    assert {entry["result"] for entry in verified.json["sources"]} == {"ok"}


def test_a_load_in_json_says_what_became_of_every_file(run, book, tmp_path):
    put(tmp_path, "in/mue_practitioner_2024Q3.csv", MUE)
    put(tmp_path, "in/readme.txt", "hello")
    put(tmp_path, "in/bad.zip", b"PK\x03\x04")
    ran = run("data", "load", tmp_path / "in", "--book", book, "--format", "json")
    assert ran.code == 2, "one of them failed"
    (loaded,) = ran.json["loaded"]
    assert (loaded["rows_in"], loaded["rows"], loaded["rejected"]) == (2, 1, 1)
    assert [Path(entry["file"]).name for entry in ran.json["passed_over"]] == ["readme.txt"]
    assert [Path(entry["file"]).name for entry in ran.json["failed"]] == ["bad.zip"]


def test_2_for_a_changed_layout_with_line_expected_and_found(run, book, tmp_path):
    changed = MUE.replace("mue_mai", "mue_indicator")
    ran = run("data", "load", put(tmp_path, "mue_practitioner_2024Q3.csv", changed), "--book", book)
    assert ran.code == 2
    assert "line 1: expected hcpcs_code" in ran.err
    assert not book.exists()


def test_2_when_nothing_was_recognised(run, book, tmp_path):
    ran = run("data", "load", put(tmp_path, "readme.txt", "hello"), "--book", book)
    assert ran.code == 2
    assert "no published table was recognised" in ran.err


def test_2_when_a_file_to_load_is_not_there(run, book, tmp_path):
    ran = run("data", "load", tmp_path / "none.csv", "--book", book)
    assert ran.code == 2
    assert "no such file or folder" in ran.err


def test_2_when_the_book_cannot_be_written(run, tmp_path):
    put(tmp_path, "file", "")
    path = put(tmp_path, "mue_practitioner_2024Q3.csv", MUE)
    ran = run("data", "load", path, "--book", tmp_path / "file" / "book")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_2_when_a_release_is_damaged_and_verify_says_which(run, book, tmp_path):
    run("data", "load", put(tmp_path, "mue_practitioner_2024Q3.csv", MUE), "--book", book)
    next((book / "tables").rglob("*.parquet")).write_bytes(b"")
    ran = run("data", "verify", "--book", book)
    assert ran.code == 2
    assert "ncci-mue-practitioner 2024Q3: The table" in ran.out
    made = run("data", "verify", "--book", book, "--format", "json")
    assert (made.code, made.json["ok"]) == (2, False)


def test_what_was_loaded_answers_in_the_next_command(run, book, tmp_path, denied):
    def verdict() -> Any:
        found = run("check", denied, "--book", book, "--select", "MUE", "--format", "json").json
        return {(entry["source"], entry["release"]) for entry in found["book"]}

    book.mkdir()
    assert verdict() == set()
    run("data", "load", put(tmp_path, "mue_practitioner_2026Q3.csv", MUE), "--book", book)
    assert verdict() == {("ncci-mue-practitioner", "2026Q3")}


def test_status_in_text_names_the_book_and_what_the_starter_leaves_out(run, tmp_path):
    ran = run("data", "status", "--book", tmp_path)
    assert ran.code == 0
    assert ran.out.startswith(f"Book: {tmp_path}\n")
    assert "it says nothing of any other" in " ".join(ran.out.split())


def test_the_starter_is_left_out_when_the_environment_says_so(run, tmp_path, monkeypatch):
    def sources() -> Any:
        made = run("data", "status", "--book", tmp_path, "--format", "json").json
        assert faults(made, "book") == []
        return made["sources"]

    assert {entry["starter"] for entry in sources()} == {True}
    monkeypatch.setenv("CLEANCLAIM_NO_STARTER", "1")
    assert sources() == []


def test_the_book_of_the_environment_is_used(run, book, tmp_path, monkeypatch):
    run("data", "load", put(tmp_path, "mue_practitioner_2024Q3.csv", MUE), "--book", book)
    assert run("data", "status", "--format", "json").json["sources"] == []
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(book))
    assert len(run("data", "status", "--format", "json").json["sources"]) == 1


# --- the console script as a process


def process(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cleanclaim.interfaces.cli.main", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_a_process_ends_with_the_exit_code_of_the_contract(denied, tmp_path, home):
    book = {"CLEANCLAIM_BOOK": str(home / "no-book")}
    assert process("check", denied, **book).returncode == 1
    assert process("check", tmp_path / "none", **book).returncode == 2
    assert process("pair", "62323", "77003", **book).returncode == 0


def test_a_reader_that_goes_away_is_no_finding_and_no_error(home):
    """As in ``cleanclaim data status | head -1``."""
    with subprocess.Popen(
        [sys.executable, "-m", "cleanclaim.interfaces.cli.main", "rule", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CLEANCLAIM_BOOK": str(home / "no-book")},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_an_output_that_knows_no_accents_spoils_nothing(tmp_path, home):
    path = put(tmp_path, "Año.837", professional(("PEÑA-1", ["43214", "74360"])))
    environment = {"PYTHONIOENCODING": "ascii", "CLEANCLAIM_BOOK": str(home / "no-book")}
    text = process("check", path, **environment)
    assert text.returncode == 1, text.stderr
    made = process("check", path, "--format", "json", **environment)
    assert made.returncode == 1, made.stderr
    assert json.loads(made.stdout)["claims"][0]["claim"] == "PEÑA-1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to stand for a full disk")
def test_2_when_the_output_is_full(home, denied):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleanclaim", "check", str(denied)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            # Buffered as on any machine: what could not be written is still at hand when Python leaves.
            env=os.environ | {"CLEANCLAIM_BOOK": str(home / "no-book"), "PYTHONUNBUFFERED": ""},
        )
    assert done.returncode == 2
    assert done.stderr == b"cleanclaim: no space left on device.\n"


def test_the_version_is_told(run):
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("cleanclaim ")


@pytest.mark.parametrize(
    "command", [[], ["check"], ["pair"], ["rule"], ["data"], ["data", "load"], ["data", "status"], ["data", "verify"]]
)
def test_every_command_has_help(run, command):
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Usage:" in ran.out

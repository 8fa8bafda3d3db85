"""``cleanclaim impact`` and ``cleanclaim.impact``: what is said, in every format, and what is refused."""

from __future__ import annotations

import csv
import inspect
import io
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from releases_made import BOOK, NEW, OLD, claim, fee
from typer.testing import CliRunner

import cleanclaim
from cleanclaim.engine.impact import parts, run
from cleanclaim.engine.impact.choose import choose
from cleanclaim.engine.impact.run import Question, impact_on_claims
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.interfaces.cli.main import app
from cleanclaim.interfaces.python import Book
from cleanclaim.render import impact_csv
from cleanclaim.render.impact_json import as_json
from cleanclaim.render.impact_report import ImpactFormat, render
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from
from cleanclaim.types import Severity
from support.x12 import PAIR, VISIT, Patient, professional

FACTS = BOOK | {
    "mpfs": [
        *BOOK["mpfs"],
        fee("66666", "0.00", status_indicator="I", release=OLD),
        fee("66666", "1.00", release=NEW),
    ]
}
CLAIMS = [
    claim("11111", {"hcpcs": "22222", "modifiers": ["25"]}, claim_id="=C1", patient_key="a"),
    claim("33333", "55555", claim_id="C2", patient_key="b"),
    claim("44444", claim_id="C3", patient_key="c"),
    claim("11111", claim_id="C4", patient_key="d", claim_type="institutional", bill_type="13"),
]


@pytest.fixture(scope="module")
def made():
    book = book_from(FACTS)
    return impact_on_claims(CLAIMS, Question(book, choose(book.releases, "OLD", "NEW"), select_rules(["COD"])))


@pytest.fixture
def book(tmp_path, monkeypatch):
    folder = tmp_path / "book"
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(folder))
    return folder


@pytest.fixture
def claims(tmp_path) -> Path:
    path = tmp_path / "claims.837"
    whole = "".join(
        professional((f"{PAIR[0]}{at}", PAIR[1]), VISIT, patient=Patient(member=f"M{at % 5}")) for at in range(6)
    )
    path.write_text(whole, encoding="utf-8")
    return path


MUE = ("--old", "2024Q3", "--new", "2026Q2", "--source", "ncci-mue-practitioner")
"""Two releases that the starter has."""


def ran(*arguments, code=0):
    done = CliRunner().invoke(app, ["impact", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.stderr
    return done


# --- json


def test_json_says_what_was_compared_and_adds_up(made):
    told = json.loads(json.dumps(as_json(made)))
    assert told["schema"] == "cleanclaim.impact/1"
    assert (told["source"], told["old"]["release"], told["new"]["release"]) == ("mpfs-rvu", "OLD", "NEW")
    assert [(pair["source"], pair["old"]["release"], pair["new"]["release"]) for pair in told["along"]] == [
        ("mpfs-gpci", "G25", "G26")
    ]
    summary = told["summary"]
    assert summary["claims_in"] == summary["compared"] + summary["rejected"] == 4
    assert summary["claim_types"] == {"professional": 3, "institutional": 1}
    assert summary["findings"] == {"appears": 2, "vanishes": 2, "changes": 0, "cannot_tell": 0} | {
        kind: summary["findings"][kind] for kind in ("appears", "vanishes")
    }
    for name in ("by_code", "by_provider", "by_payer"):
        assert sum(Decimal(row["net"]) for row in told[name]) == Decimal(summary["allowed"]["net"])
        assert sum(row["only_old_lines"] for row in told[name]) == summary["allowed"]["only_old_lines"]
    assert sum(entry["claims"] for entry in told["verdicts"]) == 4
    assert told["unpriced"] == [
        {"reason_key": "excluded", "reason": told["unpriced"][0]["reason"], "lines": 1},
    ]
    assert told["located"] == [{"by": "billing_zip", "lines": 5}]


def test_json_gives_each_changed_claim_its_findings_and_its_lines(made):
    told = {entry["claim"]: entry for entry in as_json(made)["claims"]}
    first = told["=C1"]["lines"]
    assert [(line["line"], line["hcpcs"], line["modifiers"], line["units"]) for line in first] == [
        (1, "11111", [], "1"),
        (2, "22222", ["25"], "1"),
    ]
    assert first[0]["allowed"] == {"old": "89.40", "new": "101.10", "change": "11.70"}
    (gone,) = told["C2"]["lines"]
    assert gone["allowed"] == {"old": "59.40", "new": None, "change": None}
    assert gone["reason"] == {"old": "", "new": "not_on_schedule"}
    (finding,) = told["C2"]["findings"]
    assert (finding["change"], finding["old"], finding["new"]["rule"]) == ("appears", None, "COD001")
    assert told["C2"]["amount_at_risk"] == {"old": "0.00", "new": "900.00", "net": "900.00"}


# --- csv


def test_csv_has_a_row_for_everything_that_changes_and_runs_nothing_in_a_spreadsheet(made):
    rows = list(csv.DictReader(io.StringIO(impact_csv.render(made).decode())))
    told = as_json(made)["claims"]
    assert len(rows) == sum(
        len(entry["findings"]) + len(entry["lines"]) + (entry["verdict"]["old"] != entry["verdict"]["new"])
        for entry in told
    )
    assert {row["change"] for row in rows} == {"price", "verdict", "appears", "vanishes"}
    assert rows[0]["claim"] == "'=C1"
    falling = next(row for row in rows if row["codes"] == "22222" and row["change"] == "price")
    assert (falling["old_allowed"], falling["new_allowed"], falling["allowed_change"]) == ("59.40", "38.10", "-21.30")
    prices = [Decimal(row["allowed_change"]) for row in rows if row["allowed_change"]]
    assert sum(prices) == made.paid.net


# --- text


def test_text_says_first_what_changes_and_what_it_moves(made):
    told = render(made, ImpactFormat.TEXT, width=100)
    assert told.startswith("What NEW changes after OLD (mpfs-rvu): 4 claims, 4 compared, 0 rejected.\n")
    assert "Going along: G25 to G26 (mpfs-gpci)." in told
    for said in (
        "1 line up $11.70, 1 down $21.30, net -$9.60",
        "2 lines priced under both: $148.80 to $139.20 (-$9.60), -6.5 %",
        "1 line priced under OLD only: $59.40",
        "1 line priced under NEW only: $56.10",
        "1 line without a price: excluded from the physician fee schedule",
        "professional claims only: 1 institutional",
        "5 at the biller's ZIP code",
        "COD001 unknown-procedure-code",
        "COD001 appears (deny, line 1)",
    ):
        assert said in " ".join(told.split()), said


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_the_text_keeps_to_the_width_of_a_terminal(made, width):
    told = render(made, ImpactFormat.TEXT, width=width).splitlines()
    assert all(len(line) <= max(width, 80) for line in told)


def test_limit_bounds_the_tables_and_not_the_counts(made):
    whole, short = (render(made, ImpactFormat.TEXT, limit=limit) for limit in (10, 1))
    assert "Codes by the money that moves (1 of 4)" in short
    assert "Codes by the money that moves (4 of 4)" in whole
    assert "2 lines priced under both" in short
    assert "(1 of 2)" in short


def test_text_of_releases_that_agree_says_that_nothing_changes():
    book = book_from(FACTS | {"mpfs": [fee("11111", "1.00", release=side) for side in (OLD, NEW)], "gpci": []})
    made = impact_on_claims(CLAIMS[:1], Question(book, choose(book.releases, "OLD", "NEW"), select_rules(["COD"])))
    told = render(made, ImpactFormat.TEXT)
    assert "findings: none that is not the same" in told
    assert "no amount changes: $63.00 for 1 line under both" in told
    assert "Codes by" not in told


def test_text_says_what_a_finding_was_and_is():
    facts = {
        "mue": [{"hcpcs": "11111", "mue_value": limit, "release": of} for limit, of in ((2, OLD), (1, NEW))],
        "mpfs": [{"hcpcs": "11111"}],
    }
    book = book_from(facts)
    question = Question(book, choose(book.releases, "OLD", "NEW"), select_rules(["MUE"]))
    made = impact_on_claims([claim({"hcpcs": "11111", "units": 3}, claim_id="C9")], question)
    (change,) = made.changes
    told = " ".join(render(made, ImpactFormat.TEXT).split())
    assert f"C9: denied {change.findings[0].told.rule} changes (deny, line 1): 3 units" in told
    milder = replace(change.findings[0], old=replace(change.findings[0].told, severity=Severity.REVIEW))
    made.changes = [replace(change, findings=(milder,))]
    assert "changes (review to deny, line 1)" in " ".join(render(made, ImpactFormat.TEXT).split())


# --- the command


@pytest.mark.usefixtures("book")
def test_the_formats_go_to_a_file_or_to_standard_output_alike(claims, tmp_path):
    for form in ImpactFormat:
        out = tmp_path / f"impact.{form}"
        ran(*MUE, claims, "--format", form, "--output", out)
        assert out.read_bytes() == ran(*MUE, claims, "--format", form).stdout_bytes
    assert json.loads((tmp_path / "impact.json").read_text())["summary"]["claims_in"] == 12


@pytest.mark.usefixtures("book")
def test_rejected_claims_are_told_and_the_others_compared(claims):
    claims.write_text(claims.read_text().replace("CLM*", "CLM**", 1), encoding="utf-8")
    told = json.loads(ran(*MUE, claims, "--format", "json").stdout)
    assert (told["summary"]["claims_in"], told["summary"]["compared"], told["summary"]["rejected"]) == (12, 11, 1)
    assert len(told["rejects"]) == 1
    assert "Rejected on reading (1 of 1)" in ran(*MUE, claims).stdout


@pytest.mark.usefixtures("book")
def test_a_path_that_is_not_there_ends_with_2_after_the_report(claims, tmp_path):
    done = ran(*MUE, claims, tmp_path / "no-such.837", code=2)
    assert "12 compared" in done.stdout
    assert "no-such.837" in done.stderr


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("--old", "2024Q3", "--new", "2031Q1"), UnknownName, "--new 2031Q1: no such release of"),
        ((*MUE, "--locality", "Alabama"), InputError, "Locality 'Alabama'"),
        ((*MUE, "--select", "COD", "--ignore", "COD"), InputError, "leave no rule"),
        ((*MUE, "--select", "XYZ"), UnknownName, "XYZ"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_message(claims, arguments, error, said):
    with pytest.raises(error, match=re.escape(said)):
        ran(*arguments, claims)


@pytest.mark.usefixtures("book")
def test_what_is_read_is_never_written_over(claims):
    before = claims.read_bytes()
    with pytest.raises(InputError, match="an input file of this run"):
        ran(*MUE, claims, "--output", claims)
    assert claims.read_bytes() == before


def test_a_comparison_that_is_stopped_leaves_no_claims_on_disk(claims, tmp_path, book):
    """SIGTERM in the middle of large input."""
    program = (
        "import sys, time\n"
        "from cleanclaim.engine.impact import parts, run\n"
        "parts.LARGE = 0\n"
        "def wait(*_, **__):\n    print('begun', flush=True)\n    time.sleep(60)\n"
        "run.compared = wait\n"
        "from cleanclaim.interfaces.cli.main import run as command\n"
        f"sys.argv = ['cleanclaim', 'impact', *{MUE!r}, {str(claims)!r}, '-o', {str(tmp_path / 'out')!r}]\n"
        "command()\n"
    )
    assert callable(run.compared)
    assert isinstance(parts.LARGE, int)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"CLEANCLAIM_BOOK": str(book)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".cleanclaim-")]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, "cleanclaim: The comparison was stopped. Nothing was written.\n")
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".") or path.name == "out"]


# --- python


def test_python_takes_paths_or_records_and_says_the_same(claims, starter_book):
    opened = Book(starter_book)
    options = {"source": "ncci-mue-practitioner", "select": ["MUE"]}
    of_paths = cleanclaim.impact(str(claims), "2024Q3", "2026Q2", opened, **options)
    records = [entry for part in parts.parts_of(_read(claims)) for _, entry in part]
    of_records = cleanclaim.impact(records, "2024Q3", "2026Q2", opened, **options)
    assert isinstance(of_paths, cleanclaim.Impact)
    assert (of_paths.changes, of_paths.paid, of_paths.claims) == (of_records.changes, of_records.paid, 12)
    with pytest.raises(InputError, match="all be paths, or all be claim records"):
        cleanclaim.impact([str(claims), records[0]], "2024Q3", "2026Q2", opened, **options)


def _read(path):
    from cleanclaim.claims.readers.detect import inputs, read

    return [entry for source in inputs([path]) for entry in read(source)]


def test_python_documents_every_argument():
    told = inspect.getdoc(cleanclaim.impact) or ""
    assert all(f"{name}:" in told for name in inspect.signature(cleanclaim.impact).parameters)


# --- real files


@pytest.mark.published
def test_rvu25d_to_rvu26c_comes_out_as_computed_by_hand(published_book):
    """99214 at Alabama (10112-00), from the rows of PPRRVU2025_Oct, PPRRVU2026_Jul_nonQPP, GPCI2025 and GPCI2026.

    Office: (1.92 + 1.80 x 0.869 + 0.15 x 0.575) x 32.3465 = 115.49 and (1.92 + 2.00 x 0.875 + 0.14 x 0.566) x 33.4009 =
    125.23. Hospital: (1.92 + 0.83 x 0.869 + 0.08625) x 32.3465 = 88.23; (1.92 + 0.47 x 0.875 + 0.07924) x 33.4009 =
    80.51.
    """
    claims = [
        claim({"hcpcs": "99214", "pos": pos}, claim_id=pos, patient_key=pos, billing_zip="") for pos in ("11", "22")
    ]
    chosen = choose(published_book.releases, "RVU25D", "RVU26C")
    made = impact_on_claims(claims, Question(published_book, chosen, None, "10112-00"))
    assert [(line.old, line.new) for change in made.changes for line in change.lines] == [
        (Decimal("115.49"), Decimal("125.23")),
        (Decimal("88.23"), Decimal("80.51")),
    ]
    assert made.located == {"given": 2}
    assert {(old.release, new.release) for old, new in chosen.along} >= {("GPCI2025", "GPCI2026")}

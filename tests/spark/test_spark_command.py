"""``cleanclaim check --engine spark``, and what never imports Spark."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench.row import claims_of
from warehouse import awkward, same, write

import cleanclaim
from cleanclaim.interfaces.python import Book
from cleanclaim.render.dollars import allowed_at_risk
from cleanclaim.render.parquet_report import render
from support.console import ended

EXAMPLE = Path(__file__).parents[2] / "examples" / "claims.837"


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("CLEANCLAIM_BOOK", str(tmp_path / "no-book"))

    return ended


@pytest.fixture(scope="module")
def file(tmp_path_factory, starter_book):
    from bench.claims837 import claims_file

    return write(
        tmp_path_factory.mktemp("claims") / "claims.parquet", awkward(claims_of(claims_file(starter_book, 60)))
    )


@pytest.fixture(scope="module")
def expected(file, starter_book):
    return cleanclaim.check(file, Book(starter_book))


@pytest.mark.spark
def test_the_report_is_written_whole_and_its_summary_adds_up(spark, run, file, expected, capsys):
    folder = file.parent / "report"
    assert run("check", file, "--engine", "spark", "--format", "parquet", "--output", folder) == 1
    assert (folder / "_SUCCESS").exists()
    assert same(pq.read_table(folder).to_pylist()) == same(pq.read_table(io.BytesIO(render(expected))).to_pylist())
    told = capsys.readouterr().out.splitlines()
    total = len(expected.claims) + len(expected.rejects)
    assert told[0].startswith(f"{total} claims: ")
    assert told[0].endswith(f"{len(expected.rejects)} rejected")
    assert told[1] == (
        f"{len(expected.findings)} findings; billed and at risk: ${expected.amount_at_risk:,.2f} "
        f"({allowed_at_risk(expected.totals.of_all.allowed_at_risk, expected.totals.of_all.unpriced_lines)})"
    )
    assert told[-1] == f"The report: {folder} (Parquet)."
    assert run("check", file, "--engine", "spark", "--format", "parquet", "--output", folder) == 2
    assert f"{folder}: there already." in capsys.readouterr().err
    assert spark.range(3).count() == 3, "a session that ran before goes on"


@pytest.mark.spark
@pytest.mark.usefixtures("spark")
def test_exit_codes_are_those_of_any_check(run, file, tmp_path, capsys):
    assert run("check", file, "--engine", "spark", "--select", "IMG", "--known-on", "2000-01-01") == 0
    bad = pq.read_table(file).slice(0, 2).to_pylist()
    unreadable = write(tmp_path / "bad.parquet", [row | {"claim_type": "letter"} for row in bad])
    assert run("check", unreadable, "--engine", "spark") == 2
    assert run("check", tmp_path / "none", "--engine", "spark") == 2
    assert "Spark cannot read it as Parquet (PATH_NOT_FOUND)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fix", "--fixed", "x"], "--engine spark has no --fix."),
        (["--baseline", "b", "--suppressions", "s"], "--engine spark has no --suppressions, --baseline."),
        (["--from", "csv"], "--engine spark has no --from."),
        (["--format", "csv"], "Other formats hold a report in one file"),
        (["--format", "parquet"], "--format parquet --output FOLDER"),
        (["--output", "x"], "--format parquet --output FOLDER"),
    ],
)
def test_what_it_does_not_have_is_said_before_spark_starts(run, options, said, capsys):
    assert run("check", "claims.parquet", "--engine", "spark", *options) == 2
    assert said in capsys.readouterr().err


def test_without_spark_one_sentence_says_how_to_get_it(run, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    for name in [name for name in sys.modules if name.startswith(("cleanclaim.spark", "cleanclaim.interfaces.spark"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(cleanclaim, "spark", raising=False)
    assert run("check", "claims.parquet", "--engine", "spark") == 2
    assert capsys.readouterr().err == "cleanclaim: Spark is not installed here: pip install 'cleanclaim[spark]'.\n"


def test_a_small_check_imports_neither_spark_nor_pandas(tmp_path):
    code = (
        "import sys, cleanclaim\n"
        "from cleanclaim.interfaces.cli import main\n"
        f"sys.argv = ['cleanclaim', 'check', {str(EXAMPLE)!r}]\n"
        "try:\n    main.run()\nexcept SystemExit:\n    pass\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'pyspark', 'py4j', 'pandas'}))\n"
    )
    environment = os.environ | {"CLEANCLAIM_BOOK": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "PTP001" in done.stdout

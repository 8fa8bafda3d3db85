"""Runs cleanclaim over the accuracy benchmark and records what came out, misses included.

    python scripts/score_accuracy.py [BOOK]

BOOK is a folder of a book with the published tables (docs/how-to/update-the-book.md); without it, the starter answers.
Writes accuracy/results/cleanclaim.md, or cleanclaim-starter.md, with the date, the version and the releases used.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, Final

BENCHMARK: Final = Path(__file__).resolve().parents[1] / "accuracy"


def scorer() -> ModuleType:
    """The benchmark's own scorer, which stands alone and is no module of cleanclaim."""
    spec = importlib.util.spec_from_file_location("accuracy_score", BENCHMARK / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit("accuracy/score.py is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def checked(book: Path, target: Path) -> list[dict[str, Any]]:
    """What ``cleanclaim check`` says of every claim of the benchmark, as its JSON lines."""
    command = [
        str(Path(sys.executable).with_name("cleanclaim")),
        "check",
        "claims",
        "--book",
        str(book),
        "--format",
        "jsonl",
    ]
    done = subprocess.run(
        [*command, "--output", str(target)], cwd=BENCHMARK, check=False, capture_output=True, text=True
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"cleanclaim check failed: {done.stderr}")
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def every(disagreements: list[str]) -> list[str]:
    """The disagreements, each on a line."""
    return ["## Every disagreement", "", *([f"- {said}" for said in disagreements] or ["None."])]


def in_short(disagreements: list[str], records: list[dict[str, Any]]) -> list[str]:
    """How many claims of those missed were called clean: the starter says of most that it could not check them."""
    verdicts = {record["claim"]: record["verdict"] for record in records if record["kind"] == "claim"}
    missed = {said.split()[0] for said in disagreements}
    unchecked = sum(verdicts.get(claim) == "not_checked" for claim in missed)
    clean = sorted(claim for claim in missed if verdicts.get(claim) in {"clean", "stale"})
    return [
        f"{len(missed)} claims disagree. The verdict of {unchecked} of them is `not_checked`: the starter does not",
        f"speak for a code or the day, and says so. Called clean or stale: {', '.join(clean) or 'none'}.",
    ]


def main(arguments: list[str]) -> None:
    """Check, score, record."""
    score = scorer()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(arguments[0]).resolve() if arguments else Path(folder) / "nothing-loaded"
        if not arguments:
            book.mkdir()
        records = checked(book, Path(folder) / "findings.jsonl")
    expected = json.loads((BENCHMARK / "expected.json").read_text(encoding="utf-8"))
    result = score.score(expected, score.read_cleanclaim(records))
    releases = next(record["book"] for record in records if record["kind"] == "book")
    loaded = [f"{row['source']} {row['release']}" for row in releases if not row["starter"]]
    name = "cleanclaim" if arguments else "cleanclaim-starter"
    text = [
        f"# cleanclaim {version('cleanclaim')}, {datetime.now(tz=UTC).date()}",
        "",
        f"{len(expected)} claims. Book: {', '.join(loaded) if loaded else 'the starter alone, as installed'}.",
        "The claims are written by this project too, from the tables: read README.md on what that can show.",
        "",
        score.table(result),
        "",
        *(every(result.disagreements) if arguments else in_short(result.disagreements, records)),
        "",
    ]
    target = BENCHMARK / "results" / f"{name}.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(text), encoding="utf-8")
    print(f"{target.relative_to(BENCHMARK.parent)}: {len(result.disagreements)} disagreements")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Writes the claims of the accuracy benchmark and what is expected of them, from published tables.

    python scripts/make_accuracy_benchmark.py FOLDER_OF_PUBLISHED_FILES [TARGET]

TARGET (default: accuracy/ of this repository) receives claims/*.837 and expected.json. Nothing of cleanclaim is
imported: the truth is not the tool's. The same tables give the same bytes.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from accuracy_cases import (
    across,
    addons,
    clean,
    components,
    diagnoses,
    form,
    imaging,
    modifiers,
    pairs,
    persons,
    practices,
    proof,
    rides,
    screening,
    surgery,
    units,
)
from accuracy_cases.model import Bench
from accuracy_cases.tables import Tables
from accuracy_cases.wire import files

SEED: Final = 20240715
MODULES: Final = (
    across,
    addons,
    clean,
    components,
    diagnoses,
    form,
    imaging,
    modifiers,
    pairs,
    persons,
    rides,
    screening,
    surgery,
    units,
)
CODE: Final = re.compile(r"\d{4}[0-9FTU]|[A-V]\d{4}")
HERE: Final = Path(__file__).resolve().parents[1] / "accuracy"


def written(folder: Path) -> dict[str, str]:
    """Every file of the benchmark, by its path below the target.

    Args:
        folder: the folder of published files.

    Raises:
        SystemExit: a table is not as expected, or a case contradicts the tables.
    """
    tables, bench = Tables(folder), Bench()
    tables.read_pairs(_codes())
    _write(bench, tables)
    proof.prove(bench.cases, tables)
    made = files(bench.cases)
    where = {case.id: name for name, (_, group) in made.items() for case in group}
    entries = [case.entry(where[case.id]) for case in bench.cases]
    return {
        "expected.json": "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]\n",
        **{f"claims/{name}": text for name, (text, _) in sorted(made.items())},
    }


def _codes() -> set[str]:
    """The codes whose pairs are read: those of the practices, and every one that a case names."""
    named: set[str] = {code for practice in practices.PRACTICES for code in practice.codes}
    for module in MODULES:
        text = Path(module.__file__ or "").read_text(encoding="utf-8")
        named |= {word for word in _words(text) if CODE.fullmatch(word)}
    return named


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _write(bench: Bench, tables: Tables) -> None:
    pairs.write(bench, tables, random.Random(SEED))  # noqa: S311 - a reproducible draw, no secret
    units.write(bench, tables, random.Random(SEED + 1))  # noqa: S311
    addons.write(bench, tables)
    imaging.write(bench, tables)
    components.write(bench, tables, random.Random(SEED + 2))  # noqa: S311
    modifiers.write(bench, tables)
    surgery.write(bench, tables)
    diagnoses.write(bench, tables)
    form.write(bench, tables)
    across.write(bench, tables)
    rides.write(bench)
    screening.write(bench)
    persons.write(bench)
    clean.write(bench)


def main(arguments: list[str]) -> None:
    """Write the files, drop those no longer made, and say what there is."""
    if not arguments:
        raise SystemExit(__doc__)
    target = Path(arguments[1]) if len(arguments) > 1 else HERE
    made = written(Path(arguments[0]))
    (target / "claims").mkdir(parents=True, exist_ok=True)
    for old in (target / "claims").glob("*.837"):
        if f"claims/{old.name}" not in made:
            old.unlink()
    for name, text in made.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    entries = json.loads(made["expected.json"])
    kinds = Counter((entry["family"], entry["kind"]) for entry in entries)
    for family in dict.fromkeys(entry["family"] for entry in entries):
        print(
            family, *(f"{kind} {kinds[family, kind]}" for kind in ("fault", "control", "clean") if kinds[family, kind])
        )
    print(f"{len(entries)} claims in {len(made) - 1} files")


if __name__ == "__main__":
    main(sys.argv[1:])

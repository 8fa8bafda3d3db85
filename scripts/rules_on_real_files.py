"""How often each rule fires on published claim files, and a sample of its findings to read by hand.

Usage: ``python scripts/rules_on_real_files.py CLAIMS_FOLDER BOOK [--sample N]``

Writes the table of docs/explanation/rules-on-real-files.md between its markers; with ``--sample N`` prints N findings
instead, drawn so that as many rules as possible are among them, each with the place to look it up.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from pathlib import Path

import yaml

import cleanclaim.rules
from cleanclaim.engine.files import check_paths
from cleanclaim.errors import UnreadableFile
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.model import LoadedRule
from cleanclaim.rules.registry import own_rules
from cleanclaim.types import Finding

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "rules-on-real-files.md"
BEGIN, END = "<!-- made by scripts/rules_on_real_files.py -->", "<!-- end -->"


def findings_of(folder: Path, book: OpenBook) -> dict[str, tuple[int, tuple[Finding, ...]]]:
    """File to its claims and findings; a file that holds no claims is left out."""
    found: dict[str, tuple[int, tuple[Finding, ...]]] = {}
    for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
        try:
            report = check_paths([path], book).report
        except UnreadableFile:
            continue
        if report.claims:
            found[str(path.relative_to(folder))] = len(report.claims), report.findings
    return found


def authority(loaded: LoadedRule) -> str:
    """What the rule rests on: its tables and documents."""
    documents = dict.fromkeys(f"{cited.source} {cited.locator}".strip() for cited in loaded.rule.citations)
    return "; ".join([*(f"table {table}" for table in loaded.rule.tables), *documents])


def cases(loaded: LoadedRule) -> int:
    """How many cases the rule has."""
    path = Path(cleanclaim.rules.__file__).parent / loaded.rule.family.lower() / f"{loaded.rule.code}.cases.yaml"
    return len(yaml.safe_load(path.read_text(encoding="utf-8")))


def table(found: dict[str, tuple[int, tuple[Finding, ...]]]) -> str:
    """One row a rule: severity, authority, cases, and the files it fires on with how often."""
    fired: dict[str, Counter[str]] = defaultdict(Counter)
    for file, (_, findings) in found.items():
        for finding in findings:
            fired[finding.rule][file] += 1
    numbers = {file: number for number, file in enumerate(found, start=1)}
    rows = ["| file | claims | findings | |", "|---|---|---|---|"]
    rows += [f"| {numbers[file]} | {claims} | {len(f)} | {file} |" for file, (claims, f) in found.items()]
    rows += ["", "| rule | severity | authority | cases | fires | on file (times) |", "|---|---|---|---|---|---|"]
    for loaded in own_rules():
        times = fired.get(loaded.rule.code, Counter())
        where = ", ".join(f"{numbers[file]} ({count})" for file, count in times.items())
        rows.append(
            f"| {loaded.rule.code} {loaded.rule.name} | {loaded.rule.severity} | {authority(loaded)} | "
            f"{cases(loaded)} | {times.total()} | {where} |"
        )
    return "\n".join(rows)


def sample(found: dict[str, tuple[int, tuple[Finding, ...]]], size: int) -> list[tuple[str, Finding]]:
    """Findings of as many rules as possible, the same ones every time."""
    by_rule: dict[str, list[tuple[str, Finding]]] = defaultdict(list)
    for file, (_, findings) in found.items():
        for finding in findings:
            by_rule[finding.rule].append((file, finding))
    chance = random.Random(20261122)  # noqa: S311 - a sample, no secret
    for drawn in by_rule.values():
        chance.shuffle(drawn)
    turns = (drawn[turn] for turn in range(size) for _, drawn in sorted(by_rule.items()) if turn < len(drawn))
    return [entry for entry, _ in zip(turns, range(size), strict=False)]


def main() -> None:
    """Check every file, then write the table or print the sample."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("book", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    asked = parser.parse_args()
    found = findings_of(asked.folder, OpenBook.open(asked.book))
    if asked.sample:
        for number, (file, finding) in enumerate(sample(found, asked.sample), start=1):
            where = f"{file} claim {finding.claim} line {finding.line} byte {finding.at.byte}"
            print(f"{number}. {finding.rule} {finding.severity} {where}\n   {finding.message}")
        return
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

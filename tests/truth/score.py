"""Holds a report against claims of which it is known what must be found, and what must not be denied.

    python tests/truth/score.py FOLDER [BOOK]

FOLDER holds the claims and ``expected.json``: for each claim the findings expected (families, severity, lines), the
families that must not deny it, and the verdicts allowed. Prints recall, false alarms and verdicts, and every
disagreement; exits with 1 when there is one among the families of the rules there are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleanclaim.engine.files import check_paths
from cleanclaim.index.lookup import OpenBook
from cleanclaim.rules.registry import families
from cleanclaim.types import Finding, Report, Severity, Verdict


@dataclass
class Score:
    """Counts, and the disagreements in words."""

    expected: int = 0
    found: int = 0
    other_families: int = 0
    controls: int = 0
    false_alarms: int = 0
    verdicts: int = 0
    verdicts_right: int = 0
    disagreements: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The figures in a few lines."""
        return (
            f"expected findings {self.expected}, found {self.found}; "
            f"{self.other_families} more belong to families without a rule\n"
            f"claims that must not be denied {self.controls}, denied {self.false_alarms}\n"
            f"verdicts {self.verdicts}, allowed {self.verdicts_right}"
        )


def score(report: Report, expected: Iterable[dict[str, Any]], known_families: Iterable[str]) -> Score:
    """Compare a report with what is expected of it, for the families that have rules."""
    result, known = Score(), set(known_families)
    findings: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault((Path(finding.at.file).name, finding.claim), []).append(finding)
    verdicts = {(Path(claim.file).name, claim.claim): claim for claim in report.claims}
    for entry in expected:
        key = (entry["file"], entry["claim"])
        own = findings.get(key, [])
        _expectations(result, entry, own, known)
        _false_alarms(result, entry, own)
        result.verdicts += 1
        verdict = verdicts[key].verdict if key in verdicts else None
        allowed = set(entry["verdict"])
        if "clean" in allowed:
            allowed |= {Verdict.NOT_CHECKED, Verdict.STALE}
        if verdict in allowed or not _judgeable(entry, known):
            result.verdicts_right += 1
        else:
            result.disagreements.append(f"{entry['claim']}: verdict {verdict}, allowed {sorted(allowed)}")
    return result


def _judgeable(entry: dict[str, Any], known: set[str]) -> bool:
    """A claim whose every expected finding belongs to families without a rule cannot get its verdict."""
    return not entry["expect"] or any(known & set(expectation["families"]) for expectation in entry["expect"])


def _expectations(result: Score, entry: dict[str, Any], own: list[Finding], known: set[str]) -> None:
    for expectation in entry["expect"]:
        if not known & set(expectation["families"]):
            result.other_families += 1
            continue
        result.expected += 1
        if any(_meets(finding, expectation) for finding in own):
            result.found += 1
        else:
            result.disagreements.append(
                f"{entry['claim']} ({entry['about']}): expected {expectation}, "
                f"found {[(finding.rule, str(finding.severity), finding.line) for finding in own]}"
            )


def _meets(finding: Finding, expectation: dict[str, Any]) -> bool:
    lines = {finding.line, *finding.related_lines}
    return (
        finding.rule[:3] in expectation["families"]
        and expectation["severity"] in {"any", finding.severity}
        and (finding.line is None or bool(lines & set(expectation["lines"])))
    )


def _false_alarms(result: Score, entry: dict[str, Any], own: list[Finding]) -> None:
    spared = entry["must_not_deny"]
    if not spared:
        return
    result.controls += 1
    denied = [
        finding
        for finding in own
        if finding.severity is Severity.DENY and ("*" in spared or finding.rule[:3] in spared)
    ]
    if denied:
        result.false_alarms += 1
        result.disagreements.append(
            f"{entry['claim']} ({entry['about']}): must not be denied, but {[finding.message for finding in denied]}"
        )


def score_folder(folder: Path, book: OpenBook) -> tuple[Score, Report]:
    """Check every claims file of a folder and score it against its expected.json."""
    report = check_paths(sorted(folder.glob("*.837")), book).report
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return score(report, expected, families()), report


if __name__ == "__main__":
    outcome, _ = score_folder(Path(sys.argv[1]), OpenBook.open(sys.argv[2] if len(sys.argv) > 2 else None))
    sys.stdout.write(outcome.summary() + "\n" + "\n".join(outcome.disagreements) + "\n")
    sys.exit(bool(outcome.disagreements))

"""Scores any claim scrubber on the open accuracy benchmark. Standard library only; Apache-2.0.

    python score.py FINDINGS.jsonl [--from plain|cleanclaim|csv] [--expected expected.json] [--list] [--json]

FINDINGS.jsonl, one JSON object a line, in any order:

    {"claim": "PTP-001", "line": 2, "severity": "deny", "family": "PTP"}     a finding
    {"claim": "PTP-001", "verdict": "denied"}                                what the tool says of the whole claim

claim      the claim's own number (CLM01 of the 837 file)
line       the line's number from 1; null or absent: the finding is about the claim
lines      further lines of the same finding, where it concerns two (optional)
severity   deny (would be denied) | review (a person must look) | inform; absent: deny
family     one of the families of README.md (optional: without it the place and the severity decide)
verdict    denied | review | clean | not_checked | stale; absent: made from the findings

`--from csv` reads the same columns (claim,line,severity,family,verdict) with a header; `--from cleanclaim` reads
`cleanclaim check --format jsonl`. README.md says how to bring a clearinghouse's report or a 277CA to this form.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEVERITIES = ("deny", "review", "inform")
ALSO_CLEAN = ("not_checked", "stale")


@dataclass(frozen=True)
class Finding:
    """What a tool says of a line (or, with no lines, of a claim)."""

    lines: frozenset[int]
    severity: str
    family: str

    def meets(self, told: dict[str, Any]) -> bool:
        """Whether this is the finding expected: a family allowed, the severity asked for, a line named."""
        return (
            (not self.family or self.family in told["families"])
            and told["severity"] in {"any", self.severity}
            and (not self.lines or bool(self.lines & set(told["lines"])))
        )


@dataclass
class Said:
    """All that a tool says of one claim."""

    findings: list[Finding] = field(default_factory=list)
    verdict: str = ""

    def of_the_claim(self) -> str:
        """The verdict told, else the one that follows from the findings."""
        severities = {finding.severity for finding in self.findings}
        return self.verdict or ("denied" if "deny" in severities else "review" if "review" in severities else "clean")

    def denies(self, families: Iterable[str]) -> bool:
        """Whether a finding of these families (``*``: of any) says that the claim would be denied."""
        spared = set(families)
        return any(
            finding.severity == "deny" and ("*" in spared or not finding.family or finding.family in spared)
            for finding in self.findings
        )


@dataclass
class Count:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """Count one more."""
        self.of += 1
        self.hits += hit

    def __str__(self) -> str:
        """Like 41/42 97.6% (87.7-99.6): the interval is Wilson's, 95%."""
        if not self.of:
            return "-"
        low, high = wilson(self.hits, self.of)
        return f"{self.hits}/{self.of} {100 * self.hits / self.of:.1f}% ({100 * low:.1f}-{100 * high:.1f})"

    def record(self) -> dict[str, float]:
        """The figures as a record."""
        low, high = wilson(self.hits, self.of)
        return {"hits": self.hits, "of": self.of, "low": round(low, 4), "high": round(high, 4)}


@dataclass
class Family:
    """The figures of one family of cases."""

    recall: Count = field(default_factory=Count)
    denied_controls: Count = field(default_factory=Count)
    reviewed_controls: Count = field(default_factory=Count)
    verdicts: Count = field(default_factory=Count)
    told_apart: Count = field(default_factory=Count)


@dataclass
class Score:
    """The figures by family, and every disagreement in words."""

    families: dict[str, Family] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    silent: int = 0

    def total(self) -> Family:
        """All families together."""
        whole = Family()
        for one in self.families.values():
            for name in vars(whole):
                own, part = getattr(whole, name), getattr(one, name)
                own.hits += part.hits
                own.of += part.of
        return whole


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95% confidence interval of a proportion (Wilson 1927); 0 to 1 where nothing was counted."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, z * z / of
    middle = share + square / 2
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def score(expected: list[dict[str, Any]], said: dict[str, Said]) -> Score:
    """Hold what a tool says against what is expected.

    Args:
        expected: the entries of expected.json.
        said: what the tool says, by claim; a claim that it says nothing of counts as clean.
    """
    result = Score()
    found: dict[str, bool] = {}
    spared: dict[str, bool] = {}
    for entry in expected:
        name, own = entry["claim"], said.get(entry["claim"], Said())
        family = result.families.setdefault(entry["family"], Family())
        result.silent += name not in said
        for told in entry["expect"]:
            met = any(finding.meets(told) for finding in own.findings)
            found[name] = found.get(name, True) and met
            family.recall.add(met)
            if not met:
                where = f"a finding of {'/'.join(told['families'])} ({told['severity']}) on line {told['lines']}"
                result.disagreements.append(f"{name} {entry['about']}: expected {where}; {_words(own)}")
        if entry["must_not_deny"]:
            denied = own.denies(entry["must_not_deny"])
            spared[name] = not denied
            family.denied_controls.add(denied)
            if entry["kind"] != "fault":
                family.reviewed_controls.add(own.of_the_claim() == "review")
            if denied:
                result.disagreements.append(f"{name} {entry['about']}: must not be denied; {_words(own)}")
        right = own.of_the_claim() in _allowed(entry)
        family.verdicts.add(right)
        if not right:
            said_of_it = f"verdict {own.of_the_claim()}, allowed {'/'.join(entry['verdict'])}"
            result.disagreements.append(f"{name} {entry['about']}: {said_of_it}")
    for entry in expected:
        beside = [name for name in entry["neighbours"] if name in spared]
        if entry["expect"] and beside:
            apart = found[entry["claim"]] and all(spared[name] for name in beside)
            result.families[entry["family"]].told_apart.add(apart)
    return result


def _allowed(entry: dict[str, Any]) -> set[str]:
    allowed = set(entry["verdict"])
    return allowed | set(ALSO_CLEAN) if "clean" in allowed else allowed


def _words(own: Said) -> str:
    if not own.findings:
        return "nothing found"
    said = (f"{one.family or '?'} {one.severity} {sorted(one.lines) or 'claim'}" for one in own.findings)
    return "found " + ", ".join(said)


def read_plain(rows: Iterable[dict[str, Any]]) -> dict[str, Said]:
    """The documented form, from JSON lines or a CSV with the same columns."""
    said: dict[str, Said] = {}
    for number, row in enumerate(rows, 1):
        claim = str(row.get("claim") or "")
        if not claim:
            raise SystemExit(f"record {number} names no claim; every record needs the key 'claim' (CLM01 of the file)")
        own = said.setdefault(claim, Said())
        if row.get("verdict"):
            own.verdict = str(row["verdict"])
        if row.get("line") or row.get("severity") or row.get("family"):
            severity = str(row.get("severity") or "deny")
            if severity not in SEVERITIES:
                raise SystemExit(f"record {number}: severity {severity!r} is none of {', '.join(SEVERITIES)}")
            lines = [row.get("line"), *(row.get("lines") or [])]
            own.findings.append(Finding(frozenset(int(n) for n in lines if n), severity, str(row.get("family") or "")))
    return said


def read_cleanclaim(rows: Iterable[dict[str, Any]]) -> dict[str, Said]:
    """``cleanclaim check --format jsonl``: the family is the first three letters of the rule."""
    plain: list[dict[str, Any]] = []
    for row in rows:
        if row.get("kind") == "claim":
            plain.append({"claim": row["claim"], "verdict": row["verdict"]})
        elif row.get("kind") == "finding" and row.get("claim"):
            more = row.get("related_lines") or []
            at = {"line": row["line"], "lines": more if row["line"] else []}
            plain.append({"claim": row["claim"], **at, "severity": row["severity"], "family": row["rule"][:3]})
        elif row.get("kind") == "reject" and row.get("claim"):
            plain.append({"claim": row["claim"], "verdict": "denied", "severity": "deny", "family": "FMT"})
    return read_plain(plain)


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if text.strip():
                try:
                    yield json.loads(text)
                except ValueError:
                    raise SystemExit(f"{path.name}, line {number}: not a JSON object") from None


def csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a CSV with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def table(result: Score) -> str:
    """The figures as a Markdown table."""
    rows = [
        "| family | faults found | controls denied | controls sent to review | verdicts right | told apart |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in [*sorted(result.families.items()), ("**all**", result.total())]:
        cells = (one.recall, one.denied_controls, one.reviewed_controls, one.verdicts, one.told_apart)
        rows.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """Read, score, print; 0 always, unless the input is unusable."""
    parser = argparse.ArgumentParser(description="Score a claim scrubber on the open accuracy benchmark.")
    parser.add_argument("findings", type=Path)
    parser.add_argument("--from", dest="form", choices=("plain", "cleanclaim", "csv"), default="plain")
    parser.add_argument("--expected", type=Path, default=Path(__file__).with_name("expected.json"))
    parser.add_argument("--list", action="store_true", help="print every disagreement")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args(arguments)
    expected = json.loads(asked.expected.read_text(encoding="utf-8"))
    if asked.form == "cleanclaim":
        said = read_cleanclaim(json_lines(asked.findings))
    else:
        said = read_plain(csv_rows(asked.findings) if asked.form == "csv" else json_lines(asked.findings))
    result = score(expected, said)
    if asked.json:
        figures = {name: {key: count.record() for key, count in vars(one).items()} for name, one in
                   [*sorted(result.families.items()), ("all", result.total())]}  # fmt: skip
        sys.stdout.write(json.dumps({"claims": len(expected), "figures": figures}, indent=1) + "\n")
        return 0
    unknown = sorted(said.keys() - {entry["claim"] for entry in expected})
    sys.stdout.write(table(result) + f"\n\n{len(expected)} claims; nothing was said of {result.silent}.\n")
    if unknown:
        sys.stdout.write(f"{len(unknown)} claims named are none of the benchmark's: {', '.join(unknown[:5])}\n")
    if asked.list:
        sys.stdout.write("\n".join(["", *(f"- {text}" for text in result.disagreements)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

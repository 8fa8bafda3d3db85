"""A baseline: the findings of a day, accepted as they are, so that later runs report only what is new.

An entry knows its finding by rule, claim, line and codes. The claim stands in it as a digest, so that the file can be
kept beside the configuration of a build without the numbers of claims; who has the claims can still tell them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

from cleanclaim.claims.model import Claim
from cleanclaim.engine.findings import Hit
from cleanclaim.errors import InputError
from cleanclaim.types import Date, Finding, Reported, SetAside

SCHEMA: Final = "cleanclaim.baseline/1"
BY: Final = "baseline"
_DIGEST_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """``count`` findings of one rule, claim, line and codes, accepted on the day ``since``."""

    key: str
    rule: str
    severity: str
    claim: str
    """Digest of the claim's number."""
    line: int | None
    codes: tuple[str, ...]
    count: int
    since: Date


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings of a file."""

    source: str
    entries: tuple[BaselineEntry, ...]

    def apply(self, hits: Sequence[Hit], taken: Collection[int]) -> dict[int, SetAside]:
        """By the place of each hit that is accepted, who says so. ``taken`` are the places set aside already."""
        by_key = {entry.key: entry for entry in self.entries}
        left = Counter({entry.key: entry.count for entry in self.entries})
        aside = {}
        for place, hit in enumerate(hits):
            key = key_of(hit.finding)
            if place not in taken and left[key] > 0:
                left[key] -= 1
                since = by_key[key].since
                aside[place] = SetAside(hit.finding, BY, self.source, key, f"accepted on {since}")
        return aside

    def notes(self, aside: Iterable[SetAside], claims: Iterable[Claim], rules: Collection[str]) -> list[str]:
        """Which entries are no longer found, of those whose claim and rule were checked."""
        return self.notes_without(self.without(aside, claims, rules))

    def notes_without(self, stale: Sequence[BaselineEntry]) -> list[str]:
        """The same, of the entries of which nothing was found."""
        if not stale:
            return []
        by_rule = Counter(entry.rule for entry in stale)
        told = ", ".join(f"{rule} {count:,}" for rule, count in sorted(by_rule.items()))
        counted = f"{len(stale):,} of {len(self.entries):,} entries are no longer found ({told})"
        return [f"Baseline {self.source}: {counted}. Write it again with --baseline and --write-baseline to drop them."]

    def without(
        self, aside: Iterable[SetAside], claims: Iterable[Claim], rules: Collection[str]
    ) -> list[BaselineEntry]:
        """The entries whose claim and rule were checked and of which nothing was found."""
        found = {entry.entry for entry in aside if entry.by == BY}
        return self.not_found(found, {digest(claim.claim_id) for claim in claims}, rules)

    def not_found(
        self, found: Collection[str], checked: Collection[str], rules: Collection[str]
    ) -> list[BaselineEntry]:
        """The same, from the keys of the entries found and the digests of the claims checked."""
        return [
            entry for entry in self.entries if entry.key not in found and entry.claim in checked and entry.rule in rules
        ]


def digest(*parts: object) -> str:
    """A short name for what must not stand in a file as it is: always the same for the same parts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGEST_LENGTH]


def key_of(finding: Finding) -> str:
    """What a baseline knows a finding by: rule, claim, line and codes. Neither its words nor its file."""
    return digest(finding.rule, finding.claim, finding.line, finding.codes)


def write_baseline(
    report: Reported, today: Date, tool: str, previous: Baseline | None = None, rules: Collection[str] | None = None
) -> str:
    """The baseline file that accepts the findings of ``report``, one entry a line, in an order of its own.

    What the report set aside by a suppression is not accepted twice. With ``previous``, the baseline the report was
    made with, entries keep the day they were accepted on, and those are kept whose claim was not checked, or whose
    rule is not among ``rules``, the codes of those that were applied (None: all).
    """
    since = {entry.key: entry.since for entry in previous.entries} if previous is not None else {}
    accepted = chain(
        (finding for finding in report.findings if finding.claim),
        (entry.finding for entry in report.set_aside if entry.by == BY),
    )
    entries: dict[str, BaselineEntry] = {}
    for finding in accepted:
        key = key_of(finding)
        known = entries.get(key)
        entries[key] = (
            replace(known, count=known.count + 1)
            if known is not None
            else BaselineEntry(
                key,
                finding.rule,
                str(finding.severity),
                digest(finding.claim),
                finding.line,
                finding.codes,
                1,
                since.get(key, today),
            )
        )
    if previous is not None:
        of_previous = {entry.claim for entry in previous.entries}
        checked = of_previous.intersection(digest(result.claim) for result in report.claims)
        entries |= {
            entry.key: entry
            for entry in previous.entries
            if entry.claim not in checked or (rules is not None and entry.rule not in rules)
        }
    ordered = sorted(entries.values(), key=lambda entry: (entry.rule, entry.claim, entry.line or 0, entry.key))
    head = {
        "schema": SCHEMA,
        "written": today.isoformat(),
        "tool": tool,
        "book": [f"{entry.source} {entry.release}{' (starter)' * entry.starter}" for entry in report.book],
        "count": sum(entry.count for entry in ordered),
    }
    lines = ",\n".join(f"  {json.dumps(_plain(entry))}" for entry in ordered)
    told = json.dumps(head, indent=1)[:-2]
    return f'{told},\n "entries": [\n{lines}\n ]\n}}\n' if ordered else f'{told},\n "entries": []\n}}\n'


def _plain(entry: BaselineEntry) -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "severity": entry.severity,
        "claim": entry.claim,
        "line": entry.line,
        "codes": list(entry.codes),
        "count": entry.count,
        "since": entry.since.isoformat(),
        "key": entry.key,
    }


def read_baseline(path: str | Path) -> Baseline:
    """The baseline of a file. Raises InputError when it is none."""
    try:
        made = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: the baseline cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: the baseline is damaged: it is no JSON. Write it again.") from None
    if not isinstance(made, dict) or made.get("schema") != SCHEMA:
        raise InputError(f"{path}: this is no baseline ({SCHEMA}). `cleanclaim check --write-baseline FILE` makes one.")
    try:
        return Baseline(str(path), tuple(_entry(entry) for entry in made["entries"]))
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: the baseline has an entry that cannot be read. Write it again.") from None


def _entry(given: Mapping[str, Any]) -> BaselineEntry:
    return BaselineEntry(
        key=str(given["key"]),
        rule=str(given["rule"]),
        severity=str(given["severity"]),
        claim=str(given["claim"]),
        line=None if given["line"] is None else int(given["line"]),
        codes=tuple(map(str, given["codes"])),
        count=int(given["count"]),
        since=dt.date.fromisoformat(given["since"]),
    )

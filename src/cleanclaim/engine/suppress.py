"""Suppressions: findings set aside by someone's word, entry by entry, each with its reason.

A suppression file is YAML or TOML; docs/how-to/suppress-and-baseline.md describes it. An entry that sets nothing aside,
or whose day has passed, is a finding itself: an exception nobody looks after hides the next fault.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from cleanclaim.book.payers.plain import YamlDocument
from cleanclaim.claims.model import Claim
from cleanclaim.engine.findings import Hit
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.rules.model import Rule
from cleanclaim.rules.registry import select_rules
from cleanclaim.rules.upkeep import EXPIRED, UNUSED
from cleanclaim.types import Date, Finding, Place, SetAside

BY: Final = "suppression"
_TEXTS: Final = ("id", "reason", "rule", "claim", "payer", "code", "file")
_FIELDS: Final = (*_TEXTS, "line", "expires")
_LIST: Final = "suppressions"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry: what it sets aside, why, and up to which day (None: without end).

    What is ``""`` or None is not asked for. ``rule`` is a code or a family, ``file`` a pattern of file names.
    ``name`` is the entry's own identifier, or its place in the file.
    """

    source: str
    name: str
    reason: str
    rule: str = ""
    claim: str = ""
    line: int | None = None
    payer: str = ""
    code: str = ""
    file: str = ""
    expires: Date | None = None

    def names(self, finding: Finding, payer: str) -> bool:
        """The finding, on a claim of ``payer``, is what the entry names."""
        return (
            finding.rule.startswith(self.rule)
            and self.claim in {"", finding.claim}
            and self.line in {None, finding.line}
            and self.payer in {"", payer}
            and (not self.code or self.code in {_bare(code) for code in finding.codes})
            and self._of_file(finding.at.file)
        )

    def may_be_met(self, claims: Iterable[Claim], rules: Collection[str]) -> bool:
        """The claim, payer or file it names is among those checked, and so is its rule: else nothing is told of it."""
        return any(rule.startswith(self.rule) for rule in rules) and any(
            self.claim in {"", claim.claim_id} and self.payer in {"", claim.payer_id} and self._of_file(claim.file)
            for claim in claims
        )

    def _of_file(self, file: str) -> bool:
        if not self.file:
            return True
        return fnmatchcase(file, self.file) or fnmatchcase(file.replace("!", "/").rsplit("/", 1)[-1], self.file)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The entries of every file named, and the day by which they are judged."""

    entries: tuple[Suppression, ...]
    today: Date

    def apply(
        self, hits: Sequence[Hit], claims: Mapping[int, Claim], rules: Collection[str]
    ) -> tuple[dict[int, SetAside], list[Finding]]:
        """By the place of each hit that is set aside, who says so; and what is to be said of the entries.

        ``claims`` are those checked, by their number; ``rules`` the codes of the rules that were applied.
        """
        aside: dict[int, SetAside] = {}
        used: set[Suppression] = set()
        binding = [entry for entry in self.entries if not self.expired(entry)]
        for place, hit in enumerate(hits):
            payer = claims[hit.claim_number].payer_id
            entry = next((entry for entry in binding if entry.names(hit.finding, payer)), None)
            if entry is not None:
                used.add(entry)
                aside[place] = SetAside(hit.finding, BY, entry.source, entry.name, entry.reason, entry.expires)
        return aside, self.upkeep(used, lambda entry: entry.may_be_met(claims.values(), rules))

    def upkeep(self, used: Collection[Suppression], may_be_met: Callable[[Suppression], bool]) -> list[Finding]:
        """What is to be said of the entries themselves: those that have expired, and those that set nothing aside."""
        told = []
        for entry in self.entries:
            if self.expired(entry):
                told.append(_finding(EXPIRED, entry))
            elif entry not in used and may_be_met(entry):
                told.append(_finding(UNUSED, entry))
        return told

    def expired(self, entry: Suppression) -> bool:
        """The last day of an entry is over."""
        return entry.expires is not None and entry.expires < self.today

    def notes(self) -> list[str]:
        """What is to be known of the entries as a whole."""
        endless = sum(entry.expires is None for entry in self.entries)
        return [f"Suppressions without an expiry date: {endless:,} of {len(self.entries):,}."] if endless else []


def _finding(rule: Rule, entry: Suppression) -> Finding:
    message = rule.message.format(entry=entry.name, expires=entry.expires)
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        "",
        None,
        message,
        rule.fix,
        Place(entry.source),
        citations=rule.citations,
    )


# --- the file


def read_suppressions(paths: Iterable[str | Path], today: Date) -> Suppressions:
    """The entries of suppression files. Raises InputError, naming file and entry, when one cannot be used."""
    entries = tuple(entry for path in paths for entry in _read(Path(path)))
    return Suppressions(entries, today)


def _read(path: Path) -> list[Suppression]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"{path}: the suppressions cannot be read ({why}).") from None
    listed = _document(path, text)
    entries = [_entry(path, number, given) for number, given in enumerate(listed, 1)]
    names = [entry.name for entry in entries]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{path}: two entries have the id {twice}. Give each its own.")
    return entries


def _document(path: Path, text: str) -> list[Any]:
    made: Any
    if path.suffix.lower() == ".toml":
        try:
            made = tomllib.loads(text)
        except (ValueError, RecursionError):
            raise InputError(f"{path}: this is not TOML. Mend the file and try again.") from None
    else:
        made = YamlDocument(text, str(path), refused="Nothing is set aside, and nothing was checked.").values
    if not isinstance(made, dict) or set(made) != {_LIST} or not isinstance(made[_LIST], list):
        raise InputError(f"{path}: expected a list under the one key `{_LIST}`.")
    return made[_LIST]


def _entry(path: Path, number: int, given: Any) -> Suppression:
    where = f"{path}, entry {number}"
    if not isinstance(given, dict):
        raise InputError(f"{where}: an entry is a list of fields ({', '.join(_FIELDS)}).")
    for field in given:
        if field not in _FIELDS:
            near = get_close_matches(str(field), _FIELDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" Fields: {', '.join(_FIELDS)}."
            raise InputError(f"{where}: there is no field {field!r}.{hint}")
    for field in _TEXTS:
        if field in given and not isinstance(given[field], str):
            raise InputError(f'{where}: write {field} in quotes, as in "00731": a bare number loses its zeros.')
    values = {field: str(given.get(field, "")).strip() for field in _TEXTS}
    if not values["reason"]:
        raise InputError(f"{where}: the reason is missing. Say who decided it, and why.")
    if not values["rule"] and not values["claim"]:
        raise InputError(f"{where}: name a rule or a claim; an entry without either would set nearly everything aside.")
    return Suppression(
        source=str(path),
        name=values["id"] or f"entry {number}",
        reason=values["reason"],
        rule=_rule(where, values["rule"].upper()),
        claim=values["claim"],
        line=_line(where, given.get("line"), values["claim"]),
        payer=values["payer"],
        code=_bare(values["code"].upper()),
        file=values["file"],
        expires=_expires(where, given.get("expires")),
    )


def _rule(where: str, rule: str) -> str:
    if rule:
        try:
            select_rules([rule])
        except UnknownName as error:
            raise InputError(f"{where}: {error}") from None
    return rule


def _line(where: str, line: Any, claim: str) -> int | None:
    if line is None:
        return None
    if not isinstance(line, int) or isinstance(line, bool) or line < 1:
        raise InputError(f"{where}: line is a line's number in its claim, from 1.")
    if not claim:
        raise InputError(f"{where}: a line is a line of a claim: name the claim too.")
    return line


def _expires(where: str, given: Any) -> Date | None:
    if given is None:
        return None
    if isinstance(given, str):
        try:
            return dt.date.fromisoformat(given.strip())
        except ValueError:
            given = None
    if not isinstance(given, dt.date) or isinstance(given, dt.datetime):
        raise InputError(f"{where}: expires is a date, the last day the entry holds: 2026-12-31.")
    return given


def _bare(code: str) -> str:
    return code.replace(".", "")

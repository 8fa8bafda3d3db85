"""The policies at hand, and which of them a claim's payer has."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from cleanclaim.book.payers.model import Policy, PolicyFact
from cleanclaim.book.payers.names import is_blue, words_of
from cleanclaim.book.payers.plain import Document, YamlDocument
from cleanclaim.book.payers.read import policy_of, read_policy
from cleanclaim.errors import InputError, UnknownName
from cleanclaim.types import Date

PACKS: Final = Path(__file__).parents[1] / "policies" / "payers"
"""The policies that come with the package."""
COMPILED: Final = PACKS / "packs.json"
"""The packs once more, made by scripts/make_payer_packs.py: derived, and a test holds it to the YAML."""
VARIABLE: Final = "CLEANCLAIM_POLICIES"
_MEMO_LIMIT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose claim it is: the payer's own policy first, then that of the payer it belongs to."""

    payer: str = ""
    policies: tuple[Policy, ...] = ()
    blue: bool = False
    """One of the Blue Cross Blue Shield companies, and the claim does not tell which."""
    _of_code: dict[str, tuple[tuple[Policy, PolicyFact], ...]] = field(default_factory=dict, compare=False)

    def facts_of(self, hcpcs: str) -> tuple[tuple[Policy, PolicyFact], ...]:
        """Every fact whose codes have ``hcpcs``, or that is about any code."""
        found = self._of_code.get(hcpcs)
        if found is None:
            if len(self._of_code) >= _MEMO_LIMIT:
                self._of_code.clear()
            found = tuple(
                (policy, fact) for policy in self.policies for fact in policy.facts if fact.codes.covers(hcpcs)
            )
            self._of_code[hcpcs] = found
        return found


UNRECOGNISED: Final = Recognised()


@dataclass(slots=True, eq=False)
class Policies:
    """Every policy at hand, by payer. ``notes`` say which pack a policy of the user's takes the place of."""

    by_payer: dict[str, Policy]
    notes: tuple[str, ...] = ()
    forced: Recognised | None = None
    """Every claim is taken as this payer's, whatever it names."""
    _seen: dict[tuple[str, str, bool], Recognised] = field(default_factory=dict)

    def recognise(self, payer_id: str, payer_name: str, *, medicare: bool) -> Recognised:
        """The policies of the payer a claim names (NM109 and NM103 of loop 2010BB), and whether it is Medicare.

        The identifier and the name must not point at different payers; then nothing is known.
        """
        if self.forced is not None:
            return self.forced
        key = (payer_id, payer_name, medicare)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._recognise(payer_id, payer_name, medicare=medicare)
        return found

    def of_one_payer(self, name: str) -> Policies:
        """The same policies, with every claim taken as one payer's. Raises UnknownName as :meth:`find` does."""
        return Policies(self.by_payer, self.notes, self.find(name))

    def find(self, name: str) -> Recognised:
        """The policies of a payer named by slug, identifier or name. Raises UnknownName, offering the nearest."""
        wanted = name.strip()
        policy = self.by_payer.get(wanted.lower())
        if policy is not None:
            return self._with_parents(policy)
        found = self._recognise(wanted.upper(), wanted, medicare=False)
        if not found.policies:
            found = self._medicare(wanted.upper(), named=True)
        if found.policies:
            return found
        near = difflib.get_close_matches(wanted.lower(), self.by_payer, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UnknownName(f"There is no policy for payer {wanted!r}.{hint} `cleanclaim policy list` names them all.")

    def _recognise(self, payer_id: str, payer_name: str, *, medicare: bool) -> Recognised:
        if medicare:
            return self._medicare(payer_id)
        words = words_of(payer_name)
        others = [
            policy
            for policy in self.by_payer.values()
            if not policy.medicare and not any(phrase <= words for phrase in policy.identifiers.not_names)
        ]
        by_id = [policy for policy in others if payer_id and payer_id in policy.identifiers.payer_ids]
        fits = [(len(phrase), policy) for policy in others for phrase in policy.identifiers.names if phrase <= words]
        longest = max((length for length, _ in fits), default=0)
        by_name = list({policy.payer: policy for length, policy in fits if length == longest}.values())
        found = by_id or by_name
        if len(found) == 1 and (not by_id or not by_name or by_id == by_name):
            return self._with_parents(found[0])
        return Recognised(blue=is_blue(payer_name))

    def _medicare(self, payer_id: str, *, named: bool = False) -> Recognised:
        """Medicare Part A or B; its contractor too where the identifier is a contractor's number."""
        national = None
        for policy in self.by_payer.values():
            if policy.medicare and payer_id in policy.identifiers.payer_ids:
                return self._with_parents(policy)
            if policy.medicare and not policy.parent:
                national = policy
        return UNRECOGNISED if national is None or named else self._with_parents(national)

    def _with_parents(self, policy: Policy) -> Recognised:
        line = [policy]
        while line[-1].parent:
            line.append(self.by_payer[line[-1].parent])
        return Recognised(policy.payer, tuple(line))


def load_policies(paths: Iterable[Path | str] = ()) -> Policies:
    """The packs, and the user's policies: files or folders in ``paths``, else those of CLEANCLAIM_POLICIES.

    A policy of the user's takes the place of the pack of the same payer, which ``notes`` says. Raises InputError where
    a policy is refused, two are of one payer, or two claim the same identifier.
    """
    return _of(_packs(), [read_policy(file) for file in own_policy_files(paths)])


def own_policy_files(paths: Iterable[Path | str] = ()) -> list[Path]:
    """The user's policy files: those in ``paths``, else those of CLEANCLAIM_POLICIES. Raises InputError as above."""
    given = list(paths) or [entry for entry in os.environ.get(VARIABLE, "").split(os.pathsep) if entry]
    return [file for path in given for file in policy_files(Path(path))]


def policy_files(path: Path) -> list[Path]:
    """The policy files a path names: itself, or those of a folder. Raises InputError where there is none."""
    if path.is_file():
        return [path]
    found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else []
    if not found:
        raise InputError(f"{path}: no payer policy is there. Name a .yaml file, or a folder that holds some.")
    return found


@cache
def _packs() -> tuple[Policy, ...]:
    """The packs from their compiled form, without their cases: a run should not pay for reading YAML."""
    compiled = json.loads(COMPILED.read_text(encoding="utf-8"))
    return tuple(
        policy_of(Document(str(PACKS / name), values, {}), with_cases=False) for name, values in compiled.items()
    )


def compiled_packs() -> str:
    """What :data:`COMPILED` must hold: the packs without their cases. Raises InputError where a pack is refused."""
    found = {}
    for file in policy_files(PACKS):
        read_policy(file)
        values = YamlDocument(file.read_text(encoding="utf-8"), file.name).values
        found[file.name] = {key: value for key, value in values.items() if key != "cases"}
    return json.dumps(found, indent=1, default=Date.isoformat) + "\n"


def policies_from(policies: Sequence[Policy]) -> Policies:
    """These policies and no others."""
    return _of((), policies)


def _of(packs: Sequence[Policy], own: Sequence[Policy]) -> Policies:
    by_payer = {policy.payer: policy for policy in packs}
    notes = []
    mine: dict[str, Policy] = {}
    for policy in own:
        other = mine.get(policy.payer)
        if other is not None:
            raise InputError(
                f"{policy.file}: {other.file} is a policy of the payer {policy.payer!r} too; make one file of the two."
            )
        if policy.payer in by_payer:
            notes.append(f"Your policy of {policy.payer} takes the place of the one that comes with cleanclaim.")
        mine[policy.payer] = policy
    by_payer |= mine
    _refuse_unclear(by_payer)
    return Policies(by_payer, tuple(notes))


def _refuse_unclear(by_payer: dict[str, Policy]) -> None:
    """Every parent is there, no policy is its own ancestor, and no identifier is of two payers."""
    owners: dict[str, Policy] = {}
    for policy in by_payer.values():
        ancestor, seen = policy, {policy.payer}
        while ancestor.parent:
            if ancestor.parent not in by_payer:
                raise InputError(f"{ancestor.file}: parent {ancestor.parent!r} is no payer with a policy; correct it.")
            if ancestor.parent in seen:
                raise InputError(f"{ancestor.file}: parent {ancestor.parent!r} leads back to itself; correct it.")
            ancestor = by_payer[ancestor.parent]
            seen.add(ancestor.payer)
        for payer_id in policy.identifiers.payer_ids:
            other = owners.setdefault(payer_id, policy)
            if other is not policy:
                raise InputError(
                    f"{policy.file}: {other.file} has the identifier {payer_id!r} too; a claim cannot tell them apart."
                )

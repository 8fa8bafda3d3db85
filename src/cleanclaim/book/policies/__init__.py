"""What the package says in its own words: meanings of codes and modifiers, documentation checklists, appeals.

Dated YAML with a citation for every value. They inform the reader of a code page or of a finding; no rule stands on
them, and none is a descriptor of the AMA or ADA.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cleanclaim.types import Citation

FOLDER: Final = Path(__file__).parent
COMPILED: Final = FOLDER / "denials.json"
"""What findings need, once more, made by scripts/make_denial_policies.py: derived, and a test holds it to the YAML."""
OF_FINDINGS: Final = ("appeals.yaml", "documentation.yaml")
CONVENTION: Final = "convention"
_CUSTOM: Final = "custom of the trade; no document at hand"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of ours, and where what it says can be read."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the record should hold: for the codes named, or for every code with one of the imaging states.

    A denial asks for it by ``topic``, or for the ``modifiers`` of the line.
    """

    codes: frozenset[str]
    imaging: frozenset[str]
    items: tuple[tuple[str, str], ...]
    citation: Citation
    topic: str = ""
    modifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class AppealGround:
    """For which findings it is, whether an appeal of their denial is worth its work, and which checklists count.

    ``worth`` is "" where no denial is expected, and only the record is asked for. Empty ``rules`` or ``carcs``,
    None and False ask for nothing.
    """

    name: str
    rules: tuple[str, ...]
    carcs: frozenset[str]
    modifier_indicator: int | None
    visit: bool
    medicare: bool | None
    worth: str
    why: str
    needs: tuple[str, ...]
    record: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class AppealDeadline:
    """Until when payers, named as their policies are, take an appeal."""

    payers: frozenset[str]
    within: str
    citation: Citation


def meaning(hcpcs: str) -> Said | None:
    """What a procedure code means, in our own words; None where we have none."""
    return _said(_groups("meanings.yaml"), "codes", hcpcs)


def modifier_meaning(modifier: str) -> Said | None:
    """What a modifier means, in our own words; None where the HCPCS Level II file says it well enough."""
    return _said(_groups("modifiers.yaml")["meanings"], "modifiers", modifier)


def modifiers_with_meaning() -> frozenset[str]:
    """The modifiers of which we have words of our own."""
    groups = _groups("modifiers.yaml")["meanings"]
    return frozenset(modifier for group in groups for modifier in group["modifiers"])


def modifier_use(modifier: str) -> Said | None:
    """Where a modifier fits, and what it does to payment."""
    return _said(_groups("modifiers.yaml")["use"], "modifiers", modifier)


def checklists() -> tuple[Checklist, ...]:
    """Every documentation checklist."""
    return tuple(
        Checklist(
            frozenset(group.get("codes", ())),
            frozenset(group.get("imaging", ())),
            tuple(group["checklist"].items()),
            _citation(group, ""),
            group.get("topic", ""),
            frozenset(group.get("modifiers", ())),
        )
        for group in _compiled("documentation.yaml")
    )


def appeal_grounds() -> tuple[AppealGround, ...]:
    """Every ground, in the order in which they are asked: the first that fits a finding counts."""
    return tuple(
        AppealGround(
            group["ground"],
            tuple(group.get("rules", ())),
            frozenset(group.get("carc", ())),
            group.get("modifier_indicator"),
            group.get("visit", False),
            group.get("medicare"),
            group.get("worth", ""),
            group.get("why", ""),
            tuple(group.get("needs", ())),
            tuple(group.get("record", ())),
            _citation(group, ""),
        )
        for group in _compiled("appeals.yaml")["grounds"]
    )


def appeal_deadlines() -> tuple[AppealDeadline, ...]:
    """Every deadline of which a document tells."""
    return tuple(
        AppealDeadline(frozenset(group["payers"]), group["within"], _citation(group, ""))
        for group in _compiled("appeals.yaml")["deadlines"]
    )


def compiled_policies() -> str:
    """What :data:`COMPILED` must hold: the policies that findings need."""
    return json.dumps({name: _groups(name) for name in OF_FINDINGS}, indent=1) + "\n"


def _said(groups: list[dict[str, Any]], kind: str, code: str) -> Said | None:
    for group in groups:
        if code in group[kind]:
            return Said(group[kind][code], _citation(group, code))
    return None


def _citation(group: dict[str, Any], code: str) -> Citation:
    """A group without a locator is cited by the code's own row, and a custom by saying that it is one."""
    custom = group["source"] == CONVENTION
    text = _CUSTOM if custom else "in our own words"
    return Citation(group["source"], group["release"], group.get("locator", "" if custom else code), text=text)


def _compiled(name: str) -> Any:
    """A policy from the compiled form: a check should not pay for reading YAML."""
    return _all_compiled()[name]


@cache
def _all_compiled() -> dict[str, Any]:
    compiled: dict[str, Any] = json.loads(COMPILED.read_text(encoding="utf-8"))
    return compiled


@cache
def _groups(name: str) -> Any:
    # Imported here: only pages of codes need it. The C reader is ten times faster, and not in every build of PyYAML.
    import yaml  # noqa: PLC0415

    reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=reader)  # noqa: S506 - both are safe readers

"""What the package says in its own words: meanings of codes and modifiers, and documentation checklists.

Dated YAML with a citation for every value. They inform the reader of a code page; no rule stands on them, and none
is a descriptor of the AMA or ADA.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cleanclaim.types import Citation

FOLDER: Final = Path(__file__).parent
CONVENTION: Final = "convention"
_CUSTOM: Final = "custom of the trade; no document at hand"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of ours, and where what it says can be read."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the record should hold: for the codes named, or for every code with one of the imaging states."""

    codes: frozenset[str]
    imaging: frozenset[str]
    items: tuple[tuple[str, str], ...]
    citation: Citation


def meaning(hcpcs: str) -> Said | None:
    """What a procedure code means, in our own words; None where we have none."""
    return _said(_groups("meanings.yaml"), "codes", hcpcs)


def modifier_meaning(modifier: str) -> Said | None:
    """What a modifier means, in our own words; None where the HCPCS Level II file says it well enough."""
    return _said(_groups("modifiers.yaml")["meanings"], "modifiers", modifier)


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
        )
        for group in _groups("documentation.yaml")
    )


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


@cache
def _groups(name: str) -> Any:
    # Imported here: only pages of codes need it. The C reader is ten times faster, and not in every build of PyYAML.
    import yaml  # noqa: PLC0415

    reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=reader)  # noqa: S506 - both are safe readers

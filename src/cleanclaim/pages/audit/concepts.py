"""What a description says of a procedure, as concepts, and where two descriptions cannot be of one procedure.

Two texts contradict each other in a class of concepts when both name something of the class and nothing in common: one
dilates, the other resects. Texts that merely say more or less do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("concepts.yaml")
_ALSO_APART: Final = (("balloon", "bougie"),)
"""Of a class, what a text that names the first alone does not mean when another text adds the second."""
_ONLY_OURS: Final = frozenset({"diagnosis alone"})
"""Concepts that tell a procedure from others, and that a text may add to any of them."""
_MODALITY: Final = "modality"
_TIED: Final = {
    "modality": "imaging",
    "imaging": "imaging",
}
"""Classes that are about imaging guidance, which is judged by itself."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What one text says and the other does not, in one class."""

    topic: str
    said: tuple[str, ...]
    true: tuple[str, ...]


def concepts(text: str) -> Mapping[str, frozenset[str]]:
    """The concepts a text names, by class; classes of which it names nothing are left out."""
    lowered = " ".join(text.lower().split())
    found = {
        topic: frozenset(name for name, shape in shapes if shape.search(lowered))
        for topic, shapes in _classes().items()
    }
    return {topic: names for topic, names in found.items() if names}


def conflicts(said: str, true: str, *, of_imaging: bool = False) -> tuple[Conflict, ...]:
    """Where ``said`` cannot describe the procedure that ``true`` describes.

    Imaging guidance is left out, but for the modality of codes that are themselves imaging.
    """
    ours, theirs = concepts(true), concepts(said)
    found = []
    for topic, told in theirs.items():
        own, names = ours.get(topic, frozenset()), told - _ONLY_OURS
        if not names:
            continue
        if (topic in _TIED and not (of_imaging and topic == _MODALITY)) or not own:
            continue
        added = {later for first, later in _ALSO_APART if first in own and later in names - own}
        if not names & own:
            found.append(Conflict(topic, tuple(sorted(names)), tuple(sorted(own))))
        elif added:
            found.append(Conflict(topic, tuple(sorted(added)), tuple(sorted(own))))
    return tuple(found)


def in_common(said: str, true: str) -> int:
    """In how many classes two texts name the same thing."""
    ours, theirs = concepts(true), concepts(said)
    return sum(1 for topic, names in theirs.items() if names & ours.get(topic, frozenset()))


@cache
def _classes() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    import yaml  # noqa: PLC0415 - only an audit needs it

    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {topic: tuple((name, re.compile(shape)) for name, shape in shapes.items()) for topic, shapes in told.items()}

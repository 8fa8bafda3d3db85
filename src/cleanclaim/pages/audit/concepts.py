"""What a description says of a procedure, as concepts, and where two descriptions cannot be of one procedure.

Two texts contradict each other in a class of concepts when both name something of the class and nothing in common: one
dilates, the other resects. Texts that merely say more or less do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("concepts.yaml")
_ALSO_APART: Final = (("balloon", "bougie"),)
"""Of a class, what a text that names the first alone does not mean when another text adds the second."""
_ONLY_OURS: Final = frozenset({"diagnosis alone"})
"""Concepts that tell a procedure from others, and that a text may add to any of them."""
_MODALITY: Final = "modality"
_TIED: Final = frozenset({_MODALITY, "imaging"})
"""Classes that are about imaging guidance, which is judged by itself."""


def concepts(text: str) -> Mapping[str, frozenset[str]]:
    """The concepts a text names, by class; classes of which it names nothing are left out."""
    lowered = " ".join(text.lower().split())
    found = {
        topic: frozenset(name for name, shape in shapes if shape.search(lowered))
        for topic, shapes in _classes().items()
    }
    return {topic: names for topic, names in found.items() if names}


def conflicts(said: str, true: str, *, of_imaging: bool = False) -> frozenset[str]:
    """The classes in which ``said`` cannot describe the procedure that ``true`` describes.

    Imaging guidance is left out, but for the modality of codes that are themselves imaging.
    """
    ours, theirs = concepts(true), concepts(said)
    left_out = _TIED - {_MODALITY} if of_imaging else _TIED
    found = set()
    for topic, told in theirs.items():
        own, names = ours.get(topic, frozenset()), told - _ONLY_OURS
        if topic in left_out or not names or not own:
            continue
        added = any(first in own and later in names - own for first, later in _ALSO_APART)
        if added or not names & own:
            found.add(topic)
    return frozenset(found)


def in_common(said: str, true: str) -> bool:
    """Whether two texts name the same thing in some class."""
    ours, theirs = concepts(true), concepts(said)
    return any(names & ours.get(topic, frozenset()) for topic, names in theirs.items())


@cache
def _classes() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    import yaml  # noqa: PLC0415 - only an audit needs it

    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {topic: tuple((name, re.compile(shape)) for name, shape in shapes.items()) for topic, shapes in told.items()}

"""What the sections of a page say, line by line: the same for text, Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from cleanclaim.engine.code_page import PageFact, Section
from cleanclaim.engine.code_page.denials import CODES
from cleanclaim.engine.code_page.fees import RARELY
from cleanclaim.engine.code_page.modifiers import OUTSIDE
from cleanclaim.engine.code_page.related import RELATIONS
from cleanclaim.types import format_money

_MODIFIERS: Final = {"applies": "May be used", "conditional": "Under conditions", "does_not_apply": "Never"}
_PAIRS: Final = ("bundled", "bundled_unless_distinct")
_LISTED: Final = {
    "primary": "May be added to",
    "add_on": "May be added to it",
    "endoscopy_family": "Same endoscopy family",
}
_NEIGHBOURS: Final = {
    "alternative": "Alternatives, never both paid for one day",
    "same_family": "Next to it in the code set",
}
_BESIDES: Final = "Besides, with a modifier"
FOLDED: Final = frozenset({"Never", _BESIDES})
"""Headings whose lines a page may fold up: long, and seldom what somebody came for."""
_TOLD_IN_AMOUNTS: Final = ("work_rvu", "pe_rvu", "mp_rvu", "conversion_factor")
PLACES: Final = {"facility": "In a facility", "nonfacility": "Outside a facility"}
"""Where a service is done, as the keys of facts have it and in words."""
_PLACED: Final = re.compile(r"(national|lowest|highest)_amount_(nonfacility|facility)(?:_(\w+))?")
_MODIFIER: Final = 2
_WITH: Final = "_with_"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a section: the heading it stands under, what it is about, what is said, and the codes it lists.

    ``more`` is how many codes there are beside those listed.
    """

    text: str
    label: str = ""
    heading: str = ""
    codes: tuple[str, ...] = ()
    more: int = 0


def section_lines(section: Section) -> list[Line]:
    """What a section says, line by line."""
    return list(_SPECIAL.get(section.id, _plain_lines)(shown(section)))


def shown(section: Section) -> list[PageFact]:
    """Facts that are not told in other words."""
    return [fact for fact in section.facts if not fact.key.startswith(_TOLD_IN_AMOUNTS)]


def _plain_lines(facts: Iterable[PageFact]) -> Iterator[Line]:
    """One line a fact; codes of one relation stand together."""
    for key, group in groupby(facts, key=lambda fact: fact.key):
        same = list(group)
        if key in _LISTED and len(same) > 1:
            yield _list(_LISTED[key], same)
        else:
            yield from (Line(fact.text) for fact in same)


def _list(name: str, facts: Sequence[PageFact]) -> Line:
    return Line(f"{name}:", codes=tuple(str(fact.value) for fact in facts))


def _modifier_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """Modifiers with one reason on one line, those that may be used first."""
    for value, heading in _MODIFIERS.items():
        reasons: dict[str, list[str]] = {}
        for fact in facts:
            if fact.value == value:
                reason = OUTSIDE if fact.text.startswith(OUTSIDE) else fact.text
                reasons.setdefault(reason, []).append(fact.key)
        for reason, names in reasons.items():
            yield Line(reason, " ".join(names), heading)


def _pair_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """Each count with the first of its codes, which follow it one by one among the facts."""
    for count in facts:
        if not isinstance(count.value, int) or not count.value:
            continue
        setting, _, column = count.key.rpartition("column_")
        verdict = _PAIRS[int(column[-1])]
        codes = tuple(
            fact.key
            for fact in facts
            if fact.value == verdict and _pair_place(fact) == (setting == "", column.startswith("one"))
        )
        yield Line(f"{count.text.rstrip('.')}:", codes=codes, more=count.value - len(codes))


def _pair_place(fact: PageFact) -> tuple[bool, bool]:
    """Whether a pair is a practitioner's, and whether the page's code is its Column One."""
    if fact.citation is None:
        return False, False
    return fact.citation.source == "ncci-ptp-practitioner", fact.citation.locator.endswith(f"/{fact.key}")


def _denial_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """Reason codes lead; whose they are is said last."""
    for fact in facts:
        if fact.key != CODES:
            yield Line(fact.text, str(fact.value).replace(" with", "").replace(",", ""))
    yield from (Line(fact.text) for fact in facts if fact.key == CODES)


def _documentation_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """What every claim needs, then what a modifier asks for besides, each modifier once."""
    asked: dict[str, list[str]] = {}
    for fact in facts:
        if _WITH not in fact.key:
            yield Line(fact.text)
            continue
        names, _, item = fact.text.removeprefix("With ").partition(": ")
        asked.setdefault(names.replace(",", ""), []).append(item.rstrip("."))
    for names, items in asked.items():
        text = "; ".join(items)
        yield Line(f"{text[0].upper()}{text[1:]}.", names, _BESIDES)


def _related_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """Relation by relation; a neighbour with a meaning has a line of its own."""
    yield from _plain_lines(fact for fact in facts if fact.key not in _NEIGHBOURS)
    for key, heading in _NEIGHBOURS.items():
        bare = []
        for fact in facts:
            if fact.key != key:
                continue
            _, _, said = fact.text.removesuffix(RELATIONS[key]).partition(": ")
            if said:
                yield Line(f"{said[0].upper()}{said[1:]}.", str(fact.value), heading)
            else:
                bare.append(fact)
        if bare:
            yield _list(heading, bare)


def _payer_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """What policies say, then who says nothing, in one line."""
    silent = [fact.text.partition(":")[0] for fact in facts if fact.value == "no_data"]
    yield from (Line(fact.text) for fact in facts if fact.value != "no_data")
    if silent:
        yield Line(f"No policy at hand names the code: {', '.join(silent)}.")


def _payment_lines(facts: Sequence[PageFact]) -> Iterator[Line]:
    """For each place where the service is done: the national amount, its range by locality, and other schedules'."""
    places: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        which = _PLACED.fullmatch(fact.key)
        if which is None:
            yield Line(fact.text)
            continue
        kind, setting, rest = which[1], which[2], which[3] or ""
        row = rest if len(rest) <= _MODIFIER else ""
        told = places.setdefault((setting, row), [])
        if told and RARELY in told[0]:
            continue
        if kind == "national" and rest == row and RARELY in fact.text:
            told.append(f"{RARELY} here (NA); the file repeats the ${format_money(Decimal(str(fact.value)))}.")
        elif kind == "national" and rest == row:
            told.append(fact.text.partition(": ")[2])
        elif kind == "national":
            told.append(f"{fact.text.partition(' national')[0]}.")
        else:
            told.append(f"{kind.capitalize()} in {fact.text.partition(' in ')[2].rpartition(' in ')[2] or fact.text}")
    for (setting, row), told in places.items():
        yield Line(" ".join(told), PLACES[setting], f"With {row}" if row else "")


_SPECIAL: Final[dict[str, Callable[[Sequence[PageFact]], Iterator[Line]]]] = {
    "modifiers": _modifier_lines,
    "not_reported_with": _pair_lines,
    "denials": _denial_lines,
    "documentation": _documentation_lines,
    "related_codes": _related_lines,
    "payers": _payer_lines,
    "payment": _payment_lines,
}

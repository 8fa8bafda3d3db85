"""What the book says of a line's modifiers, and what the other lines of the day say of them.

HCPCS Level II modifiers are in the HCPCS list with their first and last days. Those of CPT are in no published table,
so their names alone are known (``rules.modifiers.CPT``). Ambulance lines bear origin and destination letters, which
are on no list of modifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from cleanclaim.claims.model import ClaimLine
from cleanclaim.engine.duplicates import lines_of_code
from cleanclaim.engine.shown import has_shape, shown
from cleanclaim.engine.work import DAY, Billed, LineWork, Pair
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.modifiers import CPT, KNOWN_TO_RULES, PRICING, REPEATED_SERVICE, any_of, position
from cleanclaim.rules.ptp.bypass import Bypass, bypass, established

_KNOWN: Final = frozenset(KNOWN_TO_RULES)
_AMBULANCE: Final = ("A0021", "A0999")
_ORIGIN_AND_DESTINATION: Final = re.compile(r"[DEGHIJNPRSX]{2}")
_REDUCIBLE: Final = frozenset({"2", "3"})
_MINOR: Final = frozenset({"000", "010"})
_MAJOR: Final = "090"
_JW: Final = position("JW")
_JZ: Final = position("JZ")


class ModifierState(IntEnum):
    """Whether a modifier could be used on the service date."""

    NO_DATA = 0
    IN_FORCE = 1
    UNKNOWN = 2
    """The whole list in force on the date does not have it."""
    UNLISTED = 3
    """Two digits that are no modifier of CPT, or not the two characters of a modifier."""
    ENDED = 4
    NOT_YET = 5


@lru_cache(maxsize=4096)
def informs_before_pricing(modifiers: tuple[str, ...]) -> bool:
    """A modifier that only informs stands before one that changes the payment."""
    prices = [modifier in PRICING for modifier in modifiers]
    return prices != sorted(prices, reverse=True)


def modifier_state(day: DayBook, modifier: str) -> tuple[ModifierState, Answer[Any] | None]:
    """The state of a modifier on the day, and the answer of the HCPCS list where that is what says so."""
    if modifier in CPT:
        return ModifierState.IN_FORCE, None
    if modifier.isdigit() or not has_shape("modifier", modifier):
        return ModifierState.UNLISTED, None
    listed = day.hcpcs(modifier)
    if listed.known:
        return ModifierState.IN_FORCE, listed
    dated = _dated(day, modifier)
    if dated is not None:
        return dated
    if listed.release is not None and listed.release.whole and not listed.stale:
        return ModifierState.UNKNOWN, listed
    # A modifier that the rules themselves speak of is one, even if no list at hand says since when.
    return (ModifierState.IN_FORCE if modifier in _KNOWN else ModifierState.NO_DATA), None


def _dated(day: DayBook, modifier: str) -> tuple[ModifierState, Answer[Any]] | None:
    """What a modifier's own first and last day say, even in a list that was issued for other days."""
    listed = day.hcpcs_ever(modifier)
    if listed is None:
        return None
    first, last = listed.fact.valid_from, listed.fact.valid_to
    asked_for = day.day_of("hcpcs")
    if last is not None and last < asked_for:
        return ModifierState.ENDED, listed
    if first is not None and first > asked_for:
        return ModifierState.NOT_YET, listed
    return None


def modifiers_of_line(billed: Billed, line: ClaimLine, day: DayBook) -> None:
    """Tell a line of its modifiers that are none, or not in force; note those of which no release tells."""
    facts = billed.facts
    for modifier in line.modifiers:
        state, listed = modifier_state(day, modifier)
        if state is ModifierState.IN_FORCE or _is_ambulance(line.hcpcs, modifier):
            continue
        if state is ModifierState.NO_DATA:
            named = shown("modifier", modifier)
            billed.missing["modifier"] = f"no release lists modifier {named} on {DAY} (hcpcs)"
            continue
        facts.unknown_modifier |= state is ModifierState.UNKNOWN
        facts.unlisted_modifier |= state is ModifierState.UNLISTED
        facts.ended_modifier |= state is ModifierState.ENDED
        facts.future_modifier |= state is ModifierState.NOT_YET
        billed.odd_modifiers[modifier] = listed
        if listed is not None:
            billed.answers.setdefault("modifier", listed)


def modifiers_of_day(group: Sequence[LineWork]) -> None:
    """Tell the lines of one patient, provider, payer and day what 51, 57, 76, 91 and JZ refer to."""
    times = lines_of_code(group)
    again = len(times) < len(group)
    rows = [work.fee_row for work in group if work.fee_row is not None]
    reducible = sum([row.multiple_procedure in _REDUCIBLE for row in rows])
    days = {row.global_days for row in rows}
    minor, major = not _MINOR.isdisjoint(days), _MAJOR in days
    for work in group:
        facts = work.facts
        if again:
            facts.code_billed_again = times[work.line.hcpcs] > 1
        if reducible:
            row = work.fee_row
            itself = row is not None and row.multiple_procedure in _REDUCIBLE
            facts.reducible_procedure_present = reducible > itself
        if minor or major:
            facts.minor_procedure_present, facts.major_procedure_present = minor, major
        if facts.modifier_count and facts.modifiers[_JZ] and not facts.modifiers[_JW]:
            facts.waste_on_other_line = any(_wastes_the_same(other, work) for other in group)


def _wastes_the_same(other: LineWork, work: LineWork) -> bool:
    """The other line bills waste of the drug that the line says was used up, and nothing tells two doses apart."""
    one, two = other.line, work.line
    return (
        one.hcpcs == two.hcpcs
        and bool(other.facts.modifiers[_JW])
        and not other.facts.modifiers[_JZ]
        and (one.ndc == two.ndc or not one.ndc or not two.ndc)
        and not any_of(other.facts.modifiers, REPEATED_SERVICE)
        and not any_of(work.facts.modifiers, REPEATED_SERVICE)
    )


def modifiers_of_pairs(pairs: Iterable[Pair]) -> None:
    """Mark the lines of an edit whose modifiers do not fit: the pair's own rule says so of both."""
    for pair in pairs:
        one, two = pair.one.facts, pair.two.facts
        if not (one.modifier_count or two.modifier_count) or pair.facts.modifier_indicator != 1:
            continue
        if established(pair.facts) and bypass(pair.facts, one, two) is Bypass.CANNOT:
            one.modifier_cannot_bypass = two.modifier_cannot_bypass = True


def odd_modifiers(work: LineWork) -> str:
    """The modifiers of a line that are none or not in force, as a report may show them, with their days."""
    return ", ".join(_told(modifier, listed) for modifier, listed in work.odd_modifiers.items())


def _told(modifier: str, listed: Answer[Any] | None) -> str:
    name = shown("modifier", modifier)
    if listed is None or not listed.facts:
        return name
    first, last = listed.fact.valid_from, listed.fact.valid_to
    return f"{name} ({first or 'an unknown day'} to {last or 'further notice'})"


def _is_ambulance(hcpcs: str, modifier: str) -> bool:
    first, last = _AMBULANCE
    return first <= hcpcs <= last and _ORIGIN_AND_DESTINATION.fullmatch(modifier) is not None

"""The edits in force between the lines of one patient, provider and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from cleanclaim.book.facts import PtpEdit
from cleanclaim.engine.long_days import LongDay
from cleanclaim.engine.shown import shown
from cleanclaim.engine.work import LineWork, Pair
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.rules.facts import CodeKind, EditFacts
from cleanclaim.types import Setting

_MANY: Final = 12
"""Lines of one day up to which every two of them are looked up; most days have fewer."""


def _pair(
    answer: Answer[PtpEdit],
    one: LineWork,
    two: LineWork,
    day: DayBook,
    *,
    borrowed: bool = False,
    of_colleague: bool = False,
) -> Pair:
    """An edit in force between two lines. A null effective date leaves open whether it had begun by an earlier day."""
    edit, release = answer.fact, answer.release
    began = release.covers_from if release is not None else None
    asked_for = day.day_of(f"ptp-{Setting.PRACTITIONER if borrowed else one.claim.setting}")
    facts = EditFacts(
        edit.modifier_indicator,
        one.facts.service_day,
        start_known=edit.valid_from is not None or began is None or began <= asked_for,
        borrowed=borrowed,
        of_colleague=of_colleague,
    )
    return Pair(edit, answer, facts, one, two)


def pairs_of(group: list[LineWork]) -> list[Pair]:
    """Every pair of lines with an edit in force; the lines of pairs no release speaks for are marked."""
    day = group[0].day
    if group[0].claim.setting is Setting.NONE or day is None:
        return []
    if len(group) > _MANY:
        return _pairs_of_many(group, day)
    found: list[Pair] = []
    for at, first in enumerate(group):
        for second in group[at + 1 :]:
            if first.line.hcpcs != second.line.hcpcs:
                pairs, answer = _edits_between(first, second, day)
                found += pairs
                _keep(answer, first, second)
    return found


def _pairs_of_many(group: list[LineWork], day: DayBook) -> list[Pair]:
    """The same for a day of many lines, without asking for each of all their pairs."""
    long_day = LongDay(group, day)
    found: list[Pair] = []
    for at, other in long_day.asked():
        pairs, answer = _edits_between(group[at], group[other], day)
        found += pairs
        long_day.keep(at, other, answer)
    for line, told in zip(group, long_day.told(), strict=True):
        if told is not None:
            line.answers["ptp"] = told
    return found


def _edits_between(first: LineWork, second: LineWork, day: DayBook) -> tuple[Sequence[Pair], Answer[PtpEdit]]:
    """The edits in force between two lines, in both orders, and the answer to keep for both.

    Where the outpatient table has no data, the practitioner's is read in its place, and the pair stays unchecked.
    No edit has a Category II code, so that a table which does not list one leaves nothing unchecked.
    """
    setting = first.claim.setting
    forth, back, plain = day.ptp_of_two(setting, first.line.hcpcs, second.line.hcpcs)
    kept = back if back.stale else forth
    if plain:
        return (), kept
    found: list[Pair] = []
    for answer, one, two in ((forth, first, second), (back, second, first)):
        if answer.known:
            found.append(_pair(answer, one, two, day))
        elif answer.no_data and setting is Setting.OUTPATIENT:
            lent = day.ptp(Setting.PRACTITIONER, one.line.hcpcs, two.line.hcpcs)
            if lent.known:
                found.append(_pair(lent, one, two, day, borrowed=True))
    unknown = forth.no_data or back.no_data
    if unknown and CodeKind.CATEGORY_II not in (first.facts.code_kind, second.facts.code_kind):
        pair = f"{shown('procedure', first.line.hcpcs)}/{shown('procedure', second.line.hcpcs)}"
        why = f"no release covers the pair {pair} on {day.day} (ncci-ptp-{setting})"
        second.missing.setdefault("ptp", why)
        if first.claim is not second.claim:  # either of the two claims might have been denied
            first.missing.setdefault("ptp", why)
    return found, kept


def _keep(answer: Answer[PtpEdit], first: LineWork, second: LineWork) -> None:
    """Of all pairs of a line the answer that is stale is the one to tell, else the first."""
    if answer.stale:
        first.answers["ptp"] = second.answers["ptp"] = answer
    else:
        first.answers.setdefault("ptp", answer)
        second.answers.setdefault("ptp", answer)


def pairs_of_colleagues(groups: Iterable[Sequence[LineWork]]) -> Iterator[Pair]:
    """Edits between lines of two practitioners of one group and specialty, whom Medicare takes for one physician.

    ``groups`` are the lines of each practitioner, assistants at surgery left out. The group is the billing NPI; the
    specialty the taxonomy code of the lines, which both must name. Whether an edit that is not found is none at hand,
    each line's own pairs tell.
    """
    by_practice: dict[tuple[object, ...], list[Sequence[LineWork]]] = {}
    for group in groups:
        line, work = group[0].line, group[0].claim
        claim = work.claim
        if work.facts.medicare != 1 or claim.setting is not Setting.PRACTITIONER:
            continue
        if claim.patient_key and claim.billing_npi and line.rendering_npi:
            key = (claim.patient_key, claim.billing_npi, claim.payer_id, line.service_from)
            by_practice.setdefault(key, []).append(group)
    for practice in by_practice.values():
        for at, of_one in enumerate(practice):
            for of_other in practice[at + 1 :]:
                if of_one[0].line.rendering_npi != of_other[0].line.rendering_npi:
                    yield from _between(of_one, of_other)


def _between(of_one: Sequence[LineWork], of_other: Sequence[LineWork]) -> Iterator[Pair]:
    for first, second in product(of_one, of_other):
        if first.line.rendering_taxonomy != second.line.rendering_taxonomy or not first.line.rendering_taxonomy:
            continue
        for one, two in ((first, second), (second, first)):
            if one.day is not None and one.line.hcpcs != two.line.hcpcs:
                answer = one.day.ptp(Setting.PRACTITIONER, one.line.hcpcs, two.line.hcpcs)
                if answer.known:
                    yield _pair(answer, one, two, one.day, of_colleague=True)

"""The edits in force between the lines of one patient, provider and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from cleanclaim.book.facts import PtpEdit
from cleanclaim.engine.long_days import LongDay
from cleanclaim.engine.shown import shown
from cleanclaim.engine.work import LineWork, Pair
from cleanclaim.index.lookup import Answer, BothOrders, DayBook
from cleanclaim.rules.facts import CodeKind, EditFacts
from cleanclaim.types import Setting

_MANY: Final = 12
"""Lines of one day up to which every two of them are looked up; most days have fewer."""


class _Edit(NamedTuple):
    """An edit in force between two codes, for the lines that bill them on a day."""

    answer: Answer[PtpEdit]
    facts: EditFacts
    forth: bool
    """The first of the two codes is Column One."""

    def between(self, first: LineWork, second: LineWork) -> Pair:
        """The edit between two lines of the codes."""
        one, two = (first, second) if self.forth else (second, first)
        return Pair(self.answer.facts[0], self.answer, self.facts, one, two)


@lru_cache(maxsize=4096)
def _facts(indicator: int, day: int, start_known: bool, of_colleague: bool, borrowed: bool) -> EditFacts:
    """What is known of an edit. Edits of which the same is known share it, by which they are asked alike."""
    return EditFacts(indicator, day, start_known=start_known, of_colleague=of_colleague, borrowed=borrowed)


def _edit(
    answer: Answer[PtpEdit],
    setting: Setting,
    service_day: int,
    day: DayBook,
    *,
    forth: bool,
    borrowed: bool = False,
    of_colleague: bool = False,
) -> _Edit:
    """An edit in force on a day. A null effective date leaves open whether it had begun by an earlier day."""
    edit, release = answer.fact, answer.release
    start_known = edit.valid_from is not None
    if not start_known:
        began = release.covers_from if release is not None else None
        asked_for = day.day_of(f"ptp-{Setting.PRACTITIONER if borrowed else setting}")
        start_known = began is None or began <= asked_for
    return _Edit(answer, _facts(edit.modifier_indicator, service_day, start_known, of_colleague, borrowed), forth)


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
                of_two = day.ptp_of_two(first.claim.setting, first.line.hcpcs, second.line.hcpcs)
                if not of_two.plain:
                    found += [edit.between(first, second) for edit in _edits_between(first, second, of_two, day)]
                    if of_two.untold:
                        _mark_untold(first, second, day)
                _keep(of_two.told, first, second)
    return found


def _pairs_of_many(group: list[LineWork], day: DayBook) -> list[Pair]:
    """The same for a day of many lines, without asking for each of all their pairs."""
    long_day = LongDay(group, day)
    found: list[Pair] = []
    edits_of: dict[int, list[_Edit]] = {}
    for at, other, of_two in long_day.edited():
        first, second = group[at], group[other]
        edits = edits_of.get(id(of_two))
        if edits is None:
            edits = edits_of[id(of_two)] = _edits_between(first, second, of_two, day)
        found += [edit.between(first, second) for edit in edits]
    for line, told, untold in zip(group, long_day.told(), long_day.untold(), strict=True):
        if told is not None:
            line.answers["ptp"] = told
        if untold is not None:
            line.missing.setdefault("ptp", _why_untold(group[untold[0]], group[untold[1]], day))
    return found


def _edits_between(first: LineWork, second: LineWork, of_two: BothOrders, day: DayBook) -> list[_Edit]:
    """The edits in force between the codes of two lines, in both orders.

    Where the outpatient table has no data, the practitioner's is read in its place, and the pair stays unchecked.
    """
    setting, service_day = first.claim.setting, first.facts.service_day
    found: list[_Edit] = []
    for answer, one, two in ((of_two.forth, first, second), (of_two.back, second, first)):
        if answer.known:
            found.append(_edit(answer, setting, service_day, day, forth=one is first))
        elif answer.no_data and setting is Setting.OUTPATIENT:
            lent = day.ptp(Setting.PRACTITIONER, one.line.hcpcs, two.line.hcpcs)
            if lent.known:
                found.append(_edit(lent, setting, service_day, day, forth=one is first, borrowed=True))
    return found


def _mark_untold(first: LineWork, second: LineWork, day: DayBook) -> None:
    """Note that no release tells whether two lines have an edit.

    No edit has a Category II code, so that a table which does not list one leaves nothing unchecked.
    """
    if CodeKind.CATEGORY_II in (first.facts.code_kind, second.facts.code_kind):
        return
    why = _why_untold(first, second, day)
    second.missing.setdefault("ptp", why)
    if first.claim is not second.claim:  # either of the two claims might have been denied
        first.missing.setdefault("ptp", why)


def _why_untold(first: LineWork, second: LineWork, day: DayBook) -> str:
    pair = f"{shown('procedure', first.line.hcpcs)}/{shown('procedure', second.line.hcpcs)}"
    return f"no release covers the pair {pair} on {day.day} (ncci-ptp-{first.claim.setting})"


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
        if work.facts.medicare != 1 or work.setting is not Setting.PRACTITIONER:
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
                    setting, service_day = one.claim.setting, one.facts.service_day
                    edit = _edit(answer, setting, service_day, one.day, forth=True, of_colleague=True)
                    yield edit.between(one, two)

"""What can be done about a denial: whether an appeal is worth its work, and what the record must show.

The facts are dated, cited YAML (book/policies/appeals.yaml, documentation.yaml); here they are found for a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final, NamedTuple

from cleanclaim.book.policies import AppealGround, appeal_deadlines, appeal_grounds, checklists
from cleanclaim.engine.findings import Hit
from cleanclaim.engine.work import ClaimWork, LineWork
from cleanclaim.rules.code_groups import is_evaluation_and_management
from cleanclaim.rules.model import Rule, Scope
from cleanclaim.types import Adjustment, Appeal

NO: Final = "no"
OF_CODE: Final = "of_code"
OF_MODIFIERS: Final = "of_modifiers"
"""Topics that stand for the checklists of the line's own code, or of its modifiers."""
VISIT: Final = "visit"

_MEMO_LIMIT: Final = 65_536
_MEDICARE: Final = "medicare"
_BY_CONTRACT: Final = "an appeal within the days that the payer or the contract gives"
_BY_RULE: Final = "The rule says that there is no appeal."


class Denial(NamedTuple):
    """What the ground of a denial is found by.

    ``rule`` is the code of the rule, ``carc`` the predicted adjustment reason ("" without one), ``modifier_indicator``
    that of the procedure pair it is about; ``visit``: the line is one of an evaluation and management service;
    ``medicare``: the claim is filed with Medicare Part A or B.
    """

    rule: str
    carc: str
    modifier_indicator: int | None = None
    visit: bool = False
    medicare: bool = False


def ground_of(denial: Denial) -> AppealGround | None:
    """The ground on which a denial stands; None where none is known."""
    return next((ground for ground in _grounds() if _fits(ground, denial)), None)


def grounds_of_rule(rule: Rule) -> list[AppealGround]:
    """Every ground on which findings of a rule may stand: which one it is, the pair, the line and the payer say."""
    carc = rule.adjustment.carc if rule.adjustment is not None else ""
    indicators: tuple[int | None, ...] = (0, 1) if rule.scope is Scope.PAIR else (None,)
    payers = (True,) if rule.payers == (_MEDICARE,) else (True, False)
    found = [
        ground_of(Denial(rule.code, carc, indicator, visit, medicare))
        for indicator in indicators
        for visit in (True, False)
        for medicare in payers
    ]
    return list(dict.fromkeys(ground for ground in found if ground is not None))


def record_of(ground: AppealGround, hcpcs: str, imaging: str, modifiers: Sequence[str]) -> tuple[str, ...]:
    """What the record must show for a denial on ``ground``: of a line with this code, imaging state and modifiers.

    The checklists stand in the order in which the ground asks for them.
    """
    asked: dict[str, None] = {}
    for topic in ground.record:
        for checklist in _checklists():
            if topic == OF_CODE:
                of_visit = checklist.topic == VISIT and is_evaluation_and_management(hcpcs)
                fits = hcpcs in checklist.codes or imaging in checklist.imaging or of_visit
            elif topic == OF_MODIFIERS:
                fits = not checklist.modifiers.isdisjoint(modifiers)
            else:
                fits = checklist.topic == topic
            if fits:
                asked.update(dict.fromkeys(text for _, text in checklist.items))
    return tuple(asked)


# --- one finding


def appeal_of(hit: Hit, claim: ClaimWork) -> tuple[Adjustment | None, Appeal | None, tuple[str, ...]]:
    """A finding's denial, the appeal of it, and what the record must show where it decides."""
    adjustment = hit.draft.adjustment
    line = claim.line_numbered(hit.draft.line)
    medicare = claim.facts.medicare == 1
    denial = Denial(
        hit.explained_by or hit.rule.code,
        "" if adjustment is None else adjustment.carc,
        hit.modifier_indicator,
        visit=line is not None and line.facts.evaluation_and_management,
        medicare=medicare,
    )
    ground, appeal = _appeal(denial, _MEDICARE if medicare else claim.payer.payer)
    if ground is None:
        return adjustment, None, ()
    if adjustment is None:
        appeal = None
    elif appeal is not None and appeal.worth == NO:
        adjustment = _not_appealable(adjustment)
    elif appeal is not None and not adjustment.appealable:
        appeal = Appeal(NO, _BY_RULE)
    return adjustment, appeal, _record(ground, *_of_line(line)) if ground.record else ()


@lru_cache(maxsize=4096)
def _not_appealable(adjustment: Adjustment) -> Adjustment:
    return replace(adjustment, appealable=False)


@lru_cache(maxsize=_MEMO_LIMIT)
def _appeal(denial: Denial, payer: str) -> tuple[AppealGround | None, Appeal | None]:
    """The ground of a denial, and the appeal with the days that the payer gives for it."""
    ground = ground_of(denial)
    if ground is None or not ground.worth:
        return ground, None
    needs = ground.needs if ground.worth == NO else (*ground.needs, _deadlines().get(payer, _BY_CONTRACT))
    return ground, Appeal(ground.worth, ground.why, needs)


@lru_cache(maxsize=_MEMO_LIMIT)
def _record(ground: AppealGround, hcpcs: str, imaging: str, modifiers: tuple[str, ...]) -> tuple[str, ...]:
    return record_of(ground, hcpcs, imaging, modifiers)


def _of_line(line: LineWork | None) -> tuple[str, str, tuple[str, ...]]:
    if line is None:
        return "", "", ()
    imaging = line.answers.get("imaging")
    state = imaging.fact.state if imaging is not None and imaging.known else ""
    return line.line.hcpcs, state, line.line.modifiers


# --- the facts, read once


def _fits(ground: AppealGround, denial: Denial) -> bool:
    if ground.rules and not denial.rule.startswith(ground.rules):
        return False
    if ground.carcs and denial.carc not in ground.carcs:
        return False
    if ground.modifier_indicator is not None and ground.modifier_indicator != denial.modifier_indicator:
        return False
    if ground.visit and not denial.visit:
        return False
    return ground.medicare is None or ground.medicare == denial.medicare


_grounds = cache(appeal_grounds)
_checklists = cache(checklists)


@cache
def _deadlines() -> dict[str, str]:
    return {payer: deadline.within for deadline in appeal_deadlines() for payer in deadline.payers}

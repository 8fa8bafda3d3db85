"""Which line rules need be asked of a line at all.

A rule is a pure function of facts. Most facts of a line are those of every line billed like it
(:class:`~cleanclaim.engine.work.Billed`), and but for the code itself those of many codes; of the others most are
states, such as "a duplicate" or "inside a global package", which are the same for nearly all lines. A rule that says
no to a record with these facts and no others says no to every line that has them. So each such record is asked once,
and a line is asked only what is left: the rules that reach for what is measured (days, units, dollars, counts), or
for the code itself, and those that answered yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from cleanclaim.engine.line_facts import SHARED, copier
from cleanclaim.engine.work import LineWork
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule

Asked = Sequence[tuple[Rule, Callable[..., bool]]]

MEASURED: Final = frozenset(
    """
    line_no service_day service_end_day units minutes charge_cents birth_day age_years patient_sex submitted_day
    medicare_filing_day pointer_count diagnosis_count statement_from_day statement_to_day units_per_day units_of_day
    frequency_maximum frequency_count last_filing_day first_of_taxonomy incident_to_same_day_service
    reducible_procedure_present minor_procedure_present major_procedure_present
    """.split()
)
"""The facts that take so many values, or so many together, that nothing is gained by remembering answers for them."""
_ROUGH: Final = (
    """
    modifiers modifier_count repeated_modifier informs_before_pricing is_hcpcs professional medicare from_x12 code_kind
    unknown_modifier unlisted_modifier ended_modifier future_modifier surgery_center is_measure has_revenue_code
    has_fee_schedule code_state pos_state facility
    """
).split()
"""The shared facts that most rules begin with, and that are the same for nearly all codes."""
_OF_CODE: Final = frozenset({"code_number", "mue_value"})
"""The shared facts by which codes of one kind differ."""
_STATES: Final = tuple(fact.name for fact in fields(LineFacts) if fact.name not in SHARED and fact.name not in MEASURED)
_state_of: Final = attrgetter(*_STATES)
_WITHOUT: Final = (MEASURED | (SHARED - set(_ROUGH)), MEASURED | _OF_CODE, MEASURED)
"""The facts that the records of the three steps lack: what is known grows from the rough to the code itself."""
_STEPS: Final = (attrgetter(*_ROUGH), attrgetter(*sorted(SHARED - _OF_CODE)))
_FEW: Final = 24
"""So few rules are asked sooner than it is looked up which of them are worth it."""
_SEEN_OFTEN: Final = 3
"""From the third such line on remembering pays: asking a record costs as much as asking two lines."""
_MOST: Final = 20_000
"""States, and kinds of lines, remembered at a time."""

Remembered = dict[int, Any]
"""By state: how many lines were seen in it, or from :data:`_SEEN_OFTEN` on the rules that are left."""


class Asking:
    """Some line rules, and which of them it is worth asking of what kind of line."""

    def __init__(self, rules: Asked) -> None:
        self.rules = rules
        self._states: dict[tuple[Any, ...], int] = {}
        self._kinds: dict[tuple[Any, ...], Remembered] = {}

    def of(self, line: LineWork) -> Asked:
        """The rules that may answer yes to a line."""
        if len(self.rules) <= _FEW:
            return self.rules
        if len(self._states) > _MOST or len(self._kinds) > _MOST:
            self._states, self._kinds = {}, {}
            self.rules = list(self.rules)  # what lines billed before remember is not for these rules any more
        facts = line.facts
        found = _state_of(facts)
        state = self._states.get(found)
        if state is None:
            state = self._states[found] = len(self._states)
        asked = line.billed.asked
        steps = asked.get(id(self))
        if steps is None or steps[0] is not self.rules:
            kinds = (self._kinds.setdefault(step(line.billed.facts), {}) for step in _STEPS)
            steps = asked[id(self)] = (self.rules, (*kinds, {}))
        left = self.rules
        for remembered, without in zip(steps[1], _WITHOUT, strict=True):
            left = _left(remembered, state, left, facts, without)
        return left


def _left(remembered: Remembered, state: int, rules: Asked, facts: LineFacts, without: Iterable[str]) -> Asked:
    """What is left of ``rules`` for lines in ``state``, once they were seen often enough to find out."""
    known = remembered.get(state, 0)
    if isinstance(known, list):
        return known
    if known + 1 < _SEEN_OFTEN:
        remembered[state] = known + 1
        return rules
    record = copier()(facts)
    for name in without:
        delattr(record, name)
    left = remembered[state] = [entry for entry in rules if _may_answer_yes(entry[1], record)]
    return left


def _may_answer_yes(check: Callable[..., bool], record: Any) -> bool:
    try:
        return check(record)
    except AttributeError:  # it looks at a fact that the record does not have
        return True

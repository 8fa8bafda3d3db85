"""Which rules need be asked of a line at all; and, below, of a diagnosis, a claim or a pair.

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
from functools import cache
from itertools import count
from operator import attrgetter
from typing import Any, Final, TypeVar

from cleanclaim.engine.line_facts import SHARED
from cleanclaim.engine.work import Billed, LineWork, Pair
from cleanclaim.rules.facts import LineFacts
from cleanclaim.rules.model import Rule

Asked = Sequence[tuple[Rule, Callable[..., bool]]]
State = TypeVar("State")


@cache
def _told_by(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """A function that tells what a record says by some names: several times as fast as ``attrgetter``."""
    told: Callable[[Any], tuple[Any, ...]]
    told = eval(f"lambda record: ({''.join(f'record.{name}, ' for name in names)})")  # noqa: S307 - field names only
    return told


MEASURED: Final = frozenset(
    """
    line_no service_day service_end_day units minutes charge_cents birth_day age_years patient_sex submitted_day
    medicare_filing_day pointer_count diagnosis_count statement_from_day statement_to_day units_per_day units_of_day
    frequency_count last_filing_day incident_to_same_day_service
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
_state_of: Final = _told_by(*_STATES)
_STEPS: Final = (attrgetter(*_ROUGH), attrgetter(*sorted(SHARED - _OF_CODE)))
_OF_STEPS: Final = ((*_STATES, *_ROUGH), (*_STATES, *(SHARED - _OF_CODE)), (*_STATES, *SHARED))
"""The facts that the records of the three steps have: what is known grows from the rough to the code itself."""
MEASURED_OF_DIAGNOSIS: Final = frozenset({"position", "service_day", "age_days", "age_years"})
MEASURED_OF_CLAIM: Final = frozenset(
    """
    line_count diagnosis_count total_charge_cents line_charge_cents first_service_day last_service_day
    statement_from_day statement_to_day submitted_day birth_day admission_day
    """.split()
)
_IN_PAIRS: Final = tuple(
    """
    modifiers evaluation_and_management laboratory never_distinct surgery fluoroscopy professional code_kind bilateral
    multiple_procedure imaging imaging_modalities
    """.split()
)
"""The shared facts of a line that rules of pairs ask for."""
_in_pairs: Final = attrgetter(*_IN_PAIRS)
_FEW: Final = 24
_FEWEST: Final = 6
"""So few rules of a line, or of other records, are asked sooner than it is looked up which of them are worth it."""
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
        self._numbers = count()
        self._kinds: dict[tuple[Any, ...], Remembered] = {}

    def of(self, line: LineWork) -> Asked:
        """The rules that may answer yes to a line."""
        if len(self.rules) <= _FEW:
            return self.rules
        found = _state_of(line.facts)
        state, steps = self._states.get(found), line.billed.asked.get(id(self))
        if state is not None and steps is not None and steps[0] is self.rules:
            left = steps[1][-1].get(state)
            if type(left) is list:  # what most lines are asked was found out before
                return left
        return self._find_out(line, found)

    def _find_out(self, line: LineWork, found: tuple[Any, ...]) -> Asked:
        """The same for a line whose states, ``found``, were not seen often enough on lines billed alike."""
        if len(self._states) > _MOST or len(self._kinds) > _MOST:
            self._states, self._kinds = {}, {}
            self.rules = list(self.rules)  # what lines billed before remember is not for these rules any more
        facts, asked = line.facts, line.billed.asked
        state = self._states.get(found)
        if state is None:
            state = self._states[found] = next(self._numbers)  # threads of a service may be here at once
        steps = asked.get(id(self))
        if steps is None or steps[0] is not self.rules:
            kinds = (self._kinds.setdefault(step(line.billed.facts), {}) for step in _STEPS)
            steps = asked[id(self)] = (self.rules, (*kinds, {}))
        left = self.rules
        for remembered, names in zip(steps[1], _OF_STEPS, strict=True):
            left = _left(remembered, state, left, lambda: (_only(names, facts),))  # noqa: B023 - called at once
        return left


class _Remembering:
    """Some rules, and for each state which of them may answer yes to records in it."""

    def __init__(self, rules: Asked) -> None:
        self.rules = rules
        self._remembered: dict[tuple[Any, ...], Any] = {}

    def _seen(self, state: tuple[Any, ...], records: Callable[[], Sequence[Any]]) -> Asked:
        """The rules to ask once more of a state; ``records`` have what it tells, and no other facts."""
        if len(self._remembered) > _MOST:
            self._remembered.clear()
        return _left(self._remembered, state, self.rules, records)


class AskingOfRecord(_Remembering):
    """The same for rules of diagnoses or of claims, whose facts are few: by the facts that are not measured."""

    def __init__(self, rules: Asked, record: type[Any], measured: frozenset[str]) -> None:
        super().__init__(rules)
        self._names = tuple(fact.name for fact in fields(record) if fact.name not in measured)
        self._state_of = _told_by(*self._names)

    def of(self, facts: Any) -> Asked:
        """The rules that may answer yes to a record."""
        if len(self.rules) <= _FEWEST:
            return self.rules
        state = self._state_of(facts)
        left = self._remembered.get(state)
        return left if type(left) is list else self._seen(state, lambda: (_only(self._names, facts),))


class AskingOfPair(_Remembering):
    """The same for rules of pairs: by what is known of the edit, and by what rules of pairs ask of a line.

    Edits of which the same is known share one record (``engine.pairs``).
    """

    def of(self, pair: Pair) -> Asked:
        """The rules that may answer yes to a pair."""
        if len(self.rules) <= _FEWEST:
            return self.rules
        one, two = pair.one.billed, pair.two.billed
        number_one, of_one = one.in_pairs or in_pairs(one)
        number_two, of_two = two.in_pairs or in_pairs(two)
        state = (pair.facts, number_one, number_two)
        left = self._remembered.get(state)
        return left if type(left) is list else self._seen(state, lambda: (pair.facts, of_one, of_two))


_KINDS: Final[dict[tuple[Any, ...], tuple[int, Any]]] = {}
_numbers: Final = count()


def in_pairs(billed: Billed) -> tuple[int, Any]:
    """What rules of pairs ask of a line: a number for its values, and a record with nothing else."""
    kind = billed.in_pairs
    if kind is None:
        values = _in_pairs(billed.facts)
        kind = _KINDS.get(values)
        if kind is None:
            if len(_KINDS) > _MOST:
                _KINDS.clear()
            kind = _KINDS[values] = (next(_numbers), _only(_IN_PAIRS, billed.facts))
        billed.in_pairs = kind
    return kind


def _only(names: Iterable[str], facts: Any) -> Any:
    """A record that has these facts of another and no others."""
    record: Any = object.__new__(type(facts))
    for name in names:
        setattr(record, name, getattr(facts, name))
    return record


def _left(remembered: dict[State, Any], state: State, rules: Asked, records: Callable[[], Sequence[Any]]) -> Asked:
    """What is left of ``rules`` for records in ``state``, once they were seen often enough to find out."""
    known = remembered.get(state, 0)
    if isinstance(known, list):
        return known
    if known + 1 < _SEEN_OFTEN:
        remembered[state] = known + 1
        return rules
    asked = records()
    left = remembered[state] = [entry for entry in rules if _may_answer_yes(entry[1], *asked)]
    return left


def _may_answer_yes(check: Callable[..., bool], *records: Any) -> bool:
    try:
        return check(*records)
    except AttributeError:  # it looks at a fact that the record does not have
        return True

"""Whether age or sex of the patient can matter to a rule beside a line, or beside a diagnosis.

Few rules ask who the patient is, and few codes are of an age or a sex. So each kind of line, and each diagnosis, is
tried once with every age that such a rule tells apart, and with each sex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from cleanclaim.engine.alike.reading import names_read, numbers_named
from cleanclaim.engine.line_facts import SHARED
from cleanclaim.rules.dxv.ages import out_of_age
from cleanclaim.rules.facts import DiagnosisFacts, LineFacts, Sex
from cleanclaim.rules.model import LoadedRule, Scope

_OF_AGE: Final = frozenset({"age_years", "age_days", "birth_day"})
_OF_SEX: Final = "patient_sex"
OLDEST_YEARS: Final = 120
"""Older patients are unusual: their claims are checked themselves."""
_YEAR: Final = 365

_Age = tuple[int, int]
"""Whole years, and days."""


class Persons:
    """The rules that ask who the patient is."""

    def __init__(self, rules: Iterable[LoadedRule]) -> None:
        asking = [loaded for loaded in rules if names_read(loaded.check) & {*_OF_AGE, _OF_SEX}]
        self._of_lines = [loaded.check for loaded in asking if loaded.rule.scope is Scope.LINE]
        self._of_diagnoses = [loaded.check for loaded in asking if loaded.rule.scope is Scope.DIAGNOSIS]
        self._read = sorted(SHARED.intersection(name for check in self._of_lines for name in names_read(check)))
        self._matter: dict[tuple[Any, ...], bool] = {}
        """By the shared facts that these rules read of a line."""

    def matter_to_line(self, facts: LineFacts) -> bool:
        """Some age or sex of the patient lets a rule answer yes to the line."""
        kind = tuple(getattr(facts, name) for name in self._read)
        found = self._matter.get(kind)
        if found is None:
            found = self._matter[kind] = _some_person(self._of_lines, facts, _of_line)
        return found

    def matter_to_diagnosis(self, facts: DiagnosisFacts) -> bool:
        """Some age or sex of the patient lets a rule answer yes to the diagnosis, or makes it another person's."""
        return facts.sex != Sex.UNKNOWN or _some_person((out_of_age, *self._of_diagnoses), facts, _of_diagnosis)


def _some_person(checks: Iterable[Callable[..., bool]], facts: Any, put: Callable[[Any, _Age], None]) -> bool:
    """Some rule answers yes to some person. A rule that says no to nobody in particular says no to all."""
    for check in _reaching(checks, facts):
        sexes, ages = _told_apart(check)
        for sex in sexes:
            facts.patient_sex = sex
            for age in ages:
                put(facts, age)
                if check(facts):
                    return True
    return False


def _reaching(checks: Iterable[Callable[..., bool]], facts: Any) -> list[Callable[..., bool]]:
    """The rules that say yes to nobody in particular, or cannot tell without knowing who it is."""
    person = [(name, getattr(facts, name)) for name in _fields_of_person(facts)]
    for name, _ in person:
        delattr(facts, name)
    try:
        return [check for check in checks if _reaches_for_what_lacks(check, facts)]
    finally:
        for name, value in person:
            setattr(facts, name, value)


def _fields_of_person(facts: Any) -> list[str]:
    return [name for name in (*_OF_AGE, _OF_SEX) if name in facts.__slots__]


def _reaches_for_what_lacks(check: Callable[..., bool], facts: Any) -> bool:
    try:
        return check(facts)
    except AttributeError:
        return True


@lru_cache(maxsize=256)
def _told_apart(check: Callable[..., bool]) -> tuple[tuple[Sex, ...], tuple[_Age, ...]]:
    """Every sex and every age that a rule could tell apart."""
    read = names_read(check)
    return (
        tuple(Sex) if _OF_SEX in read else (Sex.UNKNOWN,),
        ages_told_apart(check) if read & _OF_AGE else ((0, 0),),
    )


@lru_cache(maxsize=256)
def ages_told_apart(check: Callable[..., bool]) -> tuple[_Age, ...]:
    """Every age that differs from another by what the numbers tell that a rule names."""
    near = {number + by for number in numbers_named(check) for by in (-1, 0, 1)}
    days = sorted(number for number in {0, *near} if 0 <= number <= _YEAR)
    years = sorted(number for number in {1, *near} if 1 <= number <= OLDEST_YEARS)
    return *((0, age) for age in days), *((age, age * _YEAR + age // 4) for age in years)


def _of_line(facts: LineFacts, age: _Age) -> None:
    facts.age_years, days = age
    facts.birth_day = facts.service_day - days


def _of_diagnosis(facts: DiagnosisFacts, age: _Age) -> None:
    facts.age_years, facts.age_days = age

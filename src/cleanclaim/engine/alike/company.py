"""Which claims of one patient may have to do with one another, so that they must be checked together.

A claim is looked at with others of its patient where they are of one provider or biller and share a day or lie on
neighbouring ones (procedure pairs, units, duplicates, add-ons and their primaries), where one opens global days in
which the other lies, where one is a new patient's visit and the other came before it, where a payer counts both, and
where one replaces or voids another. Companies are rather too large than too small: a claim that is checked with another
for nothing costs time only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from cleanclaim.engine.alike.arrays import Flags, Numbers
from cleanclaim.engine.alike.keys import SEVERAL, Keys
from cleanclaim.engine.alike.kinds import Trait
from cleanclaim.engine.globals import ANTEPARTUM_DAYS, LONGEST_GLOBAL_DAYS, OF_TEN_DAYS

_NEIGHBOURS: Final = 1
"""Days apart at which lines may still meet: a primary the day before, the day before a major procedure."""
_UNTIL_NEW: Final = 3 * 366
"""Days after which a patient is new again, at least."""
_MOST: Final = 200
"""A patient with more claims is no patient, or one whose claims are not worth being told apart."""
_FAR: Final = 1 << 24
"""More days than any date has."""
_GLOBAL_DAYS, _DELIVERY, _NEW_PATIENT = int(Trait.GLOBAL_DAYS), int(Trait.DELIVERY), int(Trait.NEW_PATIENT)
_TEN_DAYS, _ADD_ON, _MET = int(Trait.TEN_DAYS), int(Trait.ADD_ON), int(Trait.MET)
_COUNTED, _LOOKS_BACK, _ANY_PROVIDER = int(Trait.COUNTED), int(Trait.LOOKS_BACK), int(Trait.ANY_PROVIDER)
# Plain numbers: an enumeration's own operators are slow.
_REACHING: Final = _GLOBAL_DAYS | _TEN_DAYS | _DELIVERY | _NEW_PATIENT | _COUNTED
"""What may reach claims of other days."""

Places = npt.NDArray[np.intp]


def companies(patients: Numbers, keys: Keys) -> Numbers:
    """A number for each claim that it shares with those it must be checked with, and with no others.

    ``patients`` has a number for each claim's patient; a claim without one has a number of its own.
    """
    order = np.lexsort((keys.first_day, patients))
    company = np.arange(len(order))
    begins, ends = _worth_a_look(order, patients, keys)
    if not len(begins):
        return company
    changed = np.append(0, np.cumsum(keys.changes[order]))
    together = (ends - begins > _MOST) | (changed[ends] != changed[begins])
    for begin, end in zip(begins[together].tolist(), ends[together].tolist(), strict=True):
        some = order[begin:end]
        company[some] = some.min()
    for one, other in _pairs(begins[~together], ends[~together]):
        meet = np.flatnonzero(_meet(_Claims(keys, order[one]), _Claims(keys, order[other])))
        for first, second in zip(order[one[meet]].tolist(), order[other[meet]].tolist(), strict=True):
            _join(company, first, second)
    return _rooted(company)


def _worth_a_look(order: Places, patients: Numbers, keys: Keys) -> tuple[Places, Places]:
    """Where in the order the claims of each patient begin and end of whom some may meet, by a rough look."""
    if not len(order):
        return order, order
    patient = patients[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = patient[1:] != patient[:-1]
    rank = np.cumsum(new) * _FAR
    reached = np.maximum.accumulate(keys.last_day[order] + rank) - rank
    near = np.zeros(len(order), np.bool_)
    near[1:] = ~new[1:] & (keys.first_day[order][1:] <= reached[:-1] + _NEIGHBOURS)
    begins = np.append(np.flatnonzero(new), len(order))
    wanted = np.logical_or.reduceat(near | (keys.traits[order] & _REACHING != 0) | keys.changes[order], begins[:-1])
    worth = np.flatnonzero(wanted & (np.diff(begins) > 1))
    return begins[worth], begins[worth + 1]


def _pairs(begins: Places, ends: Places) -> Iterator[tuple[Places, Places]]:
    """Every two places of each stretch, the earlier one first: neighbours, then those two apart, and so on."""
    many = ends - begins
    end = np.repeat(ends, many)
    one = np.arange(len(end)) + np.repeat(begins - (np.cumsum(many) - many), many)
    for apart in range(1, int(many.max(initial=0))):
        inside = one + apart < end
        one, end = one[inside], end[inside]
        yield one, one + apart


class _Claims:
    """What of some claims decides whether they may have to do with others."""

    def __init__(self, keys: Keys, claims: Places) -> None:
        self.traits, self.first, self.last = keys.traits[claims], keys.first_day[claims], keys.last_day[claims]
        self.biller, self.provider = keys.biller[claims], keys.provider[claims]


def _meet(one: _Claims, other: _Claims) -> Flags:
    """Where two claims of a patient may have to do with each other; the one begins no later than the other."""
    either = one.traits | other.traits
    same = (one.biller == other.biller) | (one.provider == other.provider) | (either & _ANY_PROVIDER != 0)
    same |= (one.provider == SEVERAL) | (other.provider == SEVERAL)
    near = other.first - one.last <= np.where(either & _ADD_ON, _NEIGHBOURS, 0)
    counted = one.traits & other.traits & _COUNTED != 0
    meet: Flags = counted | (same & (near | _reaches(one, other) | _reaches(other, one)))
    return meet


def _reaches(one: _Claims, other: _Claims) -> Flags:
    """Where the days of one claim that belong to its services, or count for them, touch the other."""
    traits, first, last = one.traits, one.first, one.last
    met = (traits & _NEW_PATIENT != 0) & (other.traits & _MET != 0)
    met &= (first - _UNTIL_NEW <= other.last) & (other.first <= last)
    before = first - np.where(traits & _DELIVERY, ANTEPARTUM_DAYS, _NEIGHBOURS)
    of_many_days = (traits & _GLOBAL_DAYS != 0) & (before <= other.last) & (other.first <= last + LONGEST_GLOBAL_DAYS)
    of_ten_days = (traits & _TEN_DAYS != 0) & (first <= other.last) & (other.first <= last + OF_TEN_DAYS)
    reaches: Flags = met | ((other.traits & _LOOKS_BACK != 0) & (of_many_days | of_ten_days))
    return reaches


def _join(company: Places, one: int, other: int) -> None:
    first, second = sorted((_root(company, one), _root(company, other)))
    company[second] = first


def _root(company: Places, at: int) -> int:
    while company[at] != at:
        at = int(company[at])
    return at


def _rooted(company: Places) -> Numbers:
    """Every number replaced by the one that stands for its company."""
    while True:
        further = company[company]
        if np.array_equal(further, company):
            return company.astype(np.int64)
        company = further

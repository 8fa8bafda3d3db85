"""Which claims of one patient may have to do with one another, so that they must be checked together.

A claim is looked at with others of its patient where they are of one provider or biller and share a day or lie on
neighbouring ones (procedure pairs, units, duplicates, add-ons and their primaries), where one opens global days in
which the other lies, where one is a new patient's visit and the other came before it, where a payer counts both, and
where one replaces or voids another. Companies are rather too large than too small: a claim that is checked with another
for nothing costs time only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.engine.alike.arrays import Numbers
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

_One = tuple[int, int, int, int, int]
"""Of a claim: traits, first and last day, biller, provider."""


def companies(patients: Numbers, keys: Keys) -> Numbers:
    """A number for each claim that it shares with those it must be checked with, and with no others.

    ``patients`` has a number for each claim's patient; a claim without one has a number of its own.
    """
    order = np.lexsort((keys.first_day, patients))
    company = np.arange(len(order))
    for some in _worth_a_look(order, patients, keys):
        if len(some) > _MOST or keys.changes[some].any():
            company[some] = some.min()
            continue
        of_patient = _told(some, keys)
        for at, one in enumerate(of_patient):
            for before in range(at):
                if _meet(of_patient[before], one):
                    _join(company, int(some[before]), int(some[at]))
    return _rooted(company)


def _worth_a_look(order: npt.NDArray[np.intp], patients: Numbers, keys: Keys) -> list[npt.NDArray[np.intp]]:
    """The claims of each patient of whom some may meet, by a rough look at all at once."""
    if not len(order):
        return []
    patient = patients[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = patient[1:] != patient[:-1]
    rank = np.cumsum(new) * _FAR
    reached = np.maximum.accumulate(keys.last_day[order] + rank) - rank
    near = np.zeros(len(order), np.bool_)
    near[1:] = ~new[1:] & (keys.first_day[order][1:] <= reached[:-1] + _NEIGHBOURS)
    begins = np.append(np.flatnonzero(new), len(order))
    wanted = np.logical_or.reduceat(near | (keys.traits[order] & _REACHING != 0) | keys.changes[order], begins[:-1])
    return [order[begins[at] : begins[at + 1]] for at in np.flatnonzero(wanted & (np.diff(begins) > 1)).tolist()]


def _told(some: npt.NDArray[np.intp], keys: Keys) -> Sequence[_One]:
    columns: tuple[npt.NDArray[Any], ...] = (keys.traits, keys.first_day, keys.last_day, keys.biller, keys.provider)
    return list(zip(*(column[some].tolist() for column in columns), strict=True))


def _meet(one: _One, other: _One) -> bool:
    """Two claims of a patient, of which the one begins no later than the other, may have to do with each other."""
    either = one[0] | other[0]
    if one[0] & other[0] & _COUNTED:
        return True
    if not (either & _ANY_PROVIDER or one[3] == other[3] or one[4] == other[4] or SEVERAL in {one[4], other[4]}):
        return False
    apart = other[1] - one[2]
    return apart <= (_NEIGHBOURS if either & _ADD_ON else 0) or _reaches(one, other) or _reaches(other, one)


def _reaches(one: _One, other: _One) -> bool:
    """The days of one claim that belong to its services, or count for them, touch the other."""
    traits, first, last, *_ = one
    if traits & _NEW_PATIENT and other[0] & _MET and first - _UNTIL_NEW <= other[2] and other[1] <= last:
        return True
    if not other[0] & _LOOKS_BACK:
        return False
    if traits & _GLOBAL_DAYS:
        before = ANTEPARTUM_DAYS if traits & _DELIVERY else _NEIGHBOURS
        return first - before <= other[2] and other[1] <= last + LONGEST_GLOBAL_DAYS
    return bool(traits & _TEN_DAYS) and first <= other[2] and other[1] <= last + OF_TEN_DAYS


def _join(company: npt.NDArray[np.intp], one: int, other: int) -> None:
    first, second = sorted((_root(company, one), _root(company, other)))
    company[second] = first


def _root(company: npt.NDArray[np.intp], at: int) -> int:
    while company[at] != at:
        at = int(company[at])
    return at


def _rooted(company: npt.NDArray[np.intp]) -> Numbers:
    """Every number replaced by the one that stands for its company."""
    while True:
        further = company[company]
        if np.array_equal(further, company):
            return company.astype(np.int64)
        company = further

"""Which claims of a patient are checked together: what arrays say is what a slow reading of two claims says."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanclaim.engine.alike.company import companies
from cleanclaim.engine.alike.keys import SEVERAL, Keys
from cleanclaim.engine.alike.kinds import Trait

OF_OTHER_DAYS = (0, Trait.GLOBAL_DAYS, Trait.GLOBAL_DAYS | Trait.DELIVERY, Trait.TEN_DAYS, Trait.NEW_PATIENT)
OF_ITSELF = (0, Trait.LOOKS_BACK, Trait.MET, Trait.ADD_ON, Trait.COUNTED, Trait.ANY_PROVIDER)


class Told(NamedTuple):
    """Of a claim what decides whom it meets."""

    patient: int
    traits: int
    first: int
    last: int
    biller: int
    provider: int
    changes: bool


@st.composite
def told(draw: st.DrawFn) -> Told:
    """A claim of one of three patients."""
    first = draw(st.sampled_from((1000, 1001, 1010, 1011, 1090, 1280, 2098)))
    traits = Trait(0)
    for some in (OF_OTHER_DAYS, OF_ITSELF, OF_ITSELF):
        traits |= draw(st.sampled_from(some))
    return Told(
        draw(st.integers(0, 2)),
        int(traits),
        first,
        first + draw(st.sampled_from((0, 0, 1, 5))),
        draw(st.integers(1, 2)),
        draw(st.sampled_from((3, 4, SEVERAL))),
        draw(st.sampled_from((False,) * 15 + (True,))),
    )


def meet(one: Told, other: Told) -> bool:
    """The words of the module, for two claims of which the one begins no later."""
    if one.traits & other.traits & Trait.COUNTED:
        return True
    either = one.traits | other.traits
    of_one = one.biller == other.biller or one.provider == other.provider or SEVERAL in {one.provider, other.provider}
    if not of_one and not either & Trait.ANY_PROVIDER:
        return False
    apart = 1 if either & Trait.ADD_ON else 0
    return other.first - one.last <= apart or reaches(one, other) or reaches(other, one)


def reaches(one: Told, other: Told) -> bool:
    """Days that belong to one claim's services touch the other."""
    met = one.traits & Trait.NEW_PATIENT and other.traits & Trait.MET
    if met and one.first - 3 * 366 <= other.last and other.first <= one.last:
        return True
    if not other.traits & Trait.LOOKS_BACK:
        return False
    if one.traits & Trait.GLOBAL_DAYS:
        before = 280 if one.traits & Trait.DELIVERY else 1
        return one.first - before <= other.last and other.first <= one.last + 90
    return bool(one.traits & Trait.TEN_DAYS) and one.first <= other.last and other.first <= one.last + 10


@settings(max_examples=100)
@given(st.lists(told(), min_size=1, max_size=14))
def test_claims_are_of_one_company_where_they_meet_or_both_meet_others_of_it(claims: list[Told]) -> None:
    company = list(range(len(claims)))
    changing = {claim.patient for claim in claims if claim.changes}
    in_order = sorted(range(len(claims)), key=lambda at: claims[at].first)
    for one, other in combinations(in_order, 2):
        same = claims[one].patient == claims[other].patient
        if same and (claims[one].patient in changing or meet(claims[one], claims[other])):
            first, second = sorted((company[one], company[other]))
            company = [first if of == second else of for of in company]
    columns = {name: np.array([getattr(claim, name) for claim in claims]) for name in Told._fields}
    empty = np.zeros(len(claims), np.int64)
    keys = Keys(
        unusual=empty != 0,
        changes=columns["changes"],
        billed=empty,
        diagnoses=empty,
        of_lines=empty,
        of_diagnoses=empty,
        first_line=empty,
        line_count=empty,
        first_diagnosis=empty,
        diagnosis_count=empty,
        first_day=columns["first"],
        last_day=columns["last"],
        diagnosis_day=empty,
        biller=columns["biller"],
        provider=columns["provider"],
        payer=empty,
        traits=columns["traits"],
    )
    assert companies(columns["patient"], keys).tolist() == company

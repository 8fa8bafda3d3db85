"""Records made quickly are the records that their class makes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from typing import Any

import pytest

from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.claims.quick import maker_of


@pytest.mark.parametrize("kind", [Claim, ClaimLine, Diagnosis])
def test_a_record_made_quickly_is_one_of_its_class(kind: Any) -> None:
    values = [f"value {number}" for number in range(len(fields(kind)))]
    made, usual = maker_of(kind)(*values), kind(*values)

    assert type(made) is kind
    assert made == usual
    assert (hash(made), repr(made)) == (hash(usual), repr(usual))
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == usual  # noqa: S301 - what was pickled here
    name = fields(kind)[0].name
    assert replace(made, **{name: "other"}) == replace(usual, **{name: "other"})
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, "other")


def test_a_value_too_few_or_too_many_is_an_error() -> None:
    make = maker_of(Diagnosis)
    with pytest.raises(TypeError):
        make("I10")
    with pytest.raises(TypeError):
        make(*["I10"] * 6)


@dataclass(frozen=True, slots=True)
class Checked:
    one: int

    def __post_init__(self) -> None:
        raise ValueError


@dataclass(frozen=True)
class Open:
    one: int


def test_a_class_that_does_more_or_has_no_slots_is_refused() -> None:
    with pytest.raises(TypeError, match="Checked does more than keep its values"):
        maker_of(Checked)
    with pytest.raises(TypeError):
        maker_of(Open)

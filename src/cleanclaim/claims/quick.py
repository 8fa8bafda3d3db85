"""Records made by the hundred thousand: the same objects as their class makes, in a quarter of the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar, cast

_Record = TypeVar("_Record")


def maker_of(kind: type[_Record]) -> Callable[..., _Record]:
    """What makes records of a frozen dataclass with slots, from the values of all its fields in their order.

    A frozen class sets each field by a call, to get around itself. This fills an object of a class with the same slots,
    which is not frozen, and then says that it is one of ``kind``.
    """
    names = [field.name for field in fields(cast("Any", kind))]
    open_kind = make_dataclass(f"Open{kind.__name__}", names, slots=True, eq=False)
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} does more than keep its values")

    def make(*values: Any) -> _Record:
        made = open_kind(*values)
        made.__class__ = kind
        return cast("_Record", made)

    make(*names)  # says at once where the two are not alike
    return make

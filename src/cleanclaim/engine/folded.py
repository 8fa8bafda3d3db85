"""Dollars of very many providers, added up in arrays.

A report on ten million claims tells of some hundred thousand providers. What is added up for each takes some 600 bytes
as a record, which of all is more than anything else that is in memory meanwhile; in arrays it takes 56.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.types import Money

if TYPE_CHECKING:  # a small check does not load arrays
    import numpy as np

_NPI: Final = 10
"""Digits it has."""
_FIGURES: Final = 6
"""Of a row, all but its name."""
_IN_CENTS: Final = 2
_MOST_CENTS: Final = 1 << 52
"""Sums of a thousand of these have room in 64 bits."""

Row = list[Any]
"""Claims, findings, dollars billed and allowed, lines with a price and without, and a name, which is "" here."""


class Folded:
    """Rows by NPI."""

    __slots__ = ("_figures", "_npis")

    def __init__(self) -> None:
        import numpy as np  # noqa: PLC0415 - as above

        self._npis: np.ndarray[Any, np.dtype[np.int64]] = np.zeros(0, np.int64)
        """In order."""
        self._figures: np.ndarray[Any, np.dtype[np.int64]] = np.zeros((0, _FIGURES), np.int64)
        """What a row says but for its name, dollars in cents."""

    def add(self, rows: Mapping[str, list[int]]) -> None:
        """Add up rows by NPI, as :func:`folded` made them."""
        import numpy as np  # noqa: PLC0415 - as above

        all_npis = np.concatenate((self._npis, np.array(list(map(int, rows)), np.int64)))
        all_figures = np.concatenate((self._figures, np.array(list(rows.values()), np.int64).reshape(-1, _FIGURES)))
        self._npis, of_rows = np.unique(all_npis, return_inverse=True)
        self._figures = np.zeros((len(self._npis), _FIGURES), np.int64)
        np.add.at(self._figures, of_rows, all_figures)

    def __iter__(self) -> Iterator[tuple[str, Row]]:
        """Each NPI with its row."""
        for npi, figures in zip(self._npis, self._figures, strict=True):
            claims, findings, billed, allowed, priced, unpriced = figures.tolist()
            dollars = (Decimal(cents).scaleb(-_IN_CENTS) for cents in (billed, allowed))
            yield f"{npi:0{_NPI}d}", [claims, findings, *dollars, priced, unpriced, ""]


def folded(key: str, row: Row) -> list[int] | None:
    """The figures of a row in whole numbers; None where they are none, or its key is no NPI."""
    claims, findings, billed, allowed, priced, unpriced, _ = row
    billed_cents, allowed_cents = _cents(billed), _cents(allowed)
    if billed_cents is None or allowed_cents is None or not (len(key) == _NPI and key.isascii() and key.isdigit()):
        return None
    return [claims, findings, billed_cents, allowed_cents, priced, unpriced]


def _cents(amount: Money) -> int | None:
    cents = amount.scaleb(_IN_CENTS)
    return int(cents) if cents == cents.to_integral_value() and abs(cents) < _MOST_CENTS else None

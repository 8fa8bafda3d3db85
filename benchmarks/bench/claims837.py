"""837P files of any size, made from a seed: real code numbers, synthetic patients and providers.

Three mixes: ``everyday`` (:mod:`bench.everyday`), claims as practices send them, most of them right; ``varied``
(:mod:`bench.varied`), the same encounters on claims that are much less alike; and ``hard`` (:mod:`bench.hard`),
procedures drawn at random, most of which have something wrong.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from enum import StrEnum
from typing import BinaryIO, Final

from bench.everyday import Everyday
from bench.hard import LINES, Hard
from bench.varied import Varied
from bench.x12 import CLAIMS_OF_PROVIDER

from cleanclaim.index.lookup import OpenBook

SEED: Final = 20260701
CLAIMS_IN_TRANSACTION: Final = 5000


class Mix(StrEnum):
    """Which claims."""

    EVERYDAY = "everyday"
    RIGHT = "right"
    """Everyday claims with nothing wrong on purpose."""
    VARIED = "varied"
    """The same encounters and faults, with diagnoses, charges, payers and patients that differ from claim to claim."""
    HARD = "hard"


_MADE: Final = {Mix.EVERYDAY: "20260908", Mix.RIGHT: "20260908", Mix.VARIED: "20260908", Mix.HARD: "20261001"}
"""The day the file says it was made: a practice does not wait for the payers' filing limits."""


def claims_file(
    book: OpenBook, claims: int, *, seed: int = SEED, lines: Sequence[int] = LINES, mix: Mix = Mix.HARD
) -> bytes:
    """An 837P file of ``claims`` claims. The numbers of lines are drawn from ``lines`` in the hard mix only.

    The same book and seed give the same bytes.
    """
    out = io.BytesIO()
    write_claims(out, book, claims, seed=seed, lines=lines, mix=mix)
    return out.getvalue()


def write_claims(
    out: BinaryIO, book: OpenBook, claims: int, *, seed: int = SEED, lines: Sequence[int] = LINES, mix: Mix = Mix.HARD
) -> None:
    """Write the same file piece by piece, in constant memory."""
    made = _maker(book, claims, seed, lines, mix)
    day = _MADE[mix]
    sender = "ISA*00*          *00*          *ZZ*BENCH          *ZZ*12345          "
    _write(out, (f"{sender}*{day[2:]}*1200*^*00501*000000001*1*T*:", f"GS*HC*BENCH*12345*{day}*1200*1*X*005010X222A1"))
    transactions = 0
    for first in range(0, claims, CLAIMS_IN_TRANSACTION):
        transactions += 1
        last = min(first + CLAIMS_IN_TRANSACTION, claims)
        segments = [
            f"ST*837*{transactions:04d}*005010X222A1",
            f"BHT*0019*00*{transactions}*{day}*1200*CH",
            "NM1*41*2*BENCH BILLING*****46*BENCH",
            "PER*IC*DESK*TE*6145550100",
            "NM1*40*2*MEDICARE*****46*12345",
        ]
        level = 1
        for at in range(first, last, CLAIMS_OF_PROVIDER):
            many = min(CLAIMS_OF_PROVIDER, last - at)
            segments.extend(made.provider(at, many, level))
            level += many + 1
        segments.append(f"SE*{len(segments) + 1}*{transactions:04d}")
        _write(out, segments)
    _write(out, (f"GE*{transactions}*1", "IEA*1*000000001"))


def _maker(book: OpenBook, claims: int, seed: int, lines: Sequence[int], mix: Mix) -> Hard | Everyday:
    if mix is Mix.HARD:
        return Hard(book, seed, lines)
    if mix is Mix.VARIED:
        return Varied(book, seed, claims)
    return Everyday(book, seed, claims, faults=mix is not Mix.RIGHT)


def _write(out: BinaryIO, segments: Sequence[str]) -> None:
    out.write(("~\n".join(segments) + "~\n").encode("ascii"))

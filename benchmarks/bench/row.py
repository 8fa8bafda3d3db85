"""What a row of the benchmark is: a question of the targets table, and the code that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bench.books import Books
from bench.claims837 import Mix, claims_file
from bench.measure import RowResult

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.x12_837 import read


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: counts of claims, and how often each thing is done."""

    rounds: int
    cold_starts: int
    single_claims: int
    warming_claims: int
    alike_claims: int
    reader_claims: int
    spark_claims: int
    spark_rounds: int
    file_claims: int
    file_rounds: int
    whole_claims: int
    whole_rounds: int
    oracle_claims: int
    package_claims: int
    package_rounds: int
    curve: tuple[int, ...]
    batches: tuple[int, ...]
    lines_per_day: tuple[int, ...]
    lines_in_all: int


FULL: Final = Size(
    rounds=7,
    cold_starts=7,
    single_claims=300,
    warming_claims=5_000,
    alike_claims=100_000,
    reader_claims=10_000,
    spark_claims=10_000,
    spark_rounds=5,
    file_claims=20_000,
    file_rounds=5,
    whole_claims=100_000,
    whole_rounds=3,
    oracle_claims=5_000,
    package_claims=2_000,
    package_rounds=5,
    curve=(1_000, 10_000, 100_000, 300_000, 1_000_000, 10_000_000),
    batches=(1_000, 10_000, 100_000),
    lines_per_day=(1, 10, 100, 300),
    lines_in_all=6_000,
)
TINY: Final = Size(
    rounds=2,
    cold_starts=1,
    single_claims=4,
    warming_claims=40,
    alike_claims=200,
    reader_claims=20,
    spark_claims=10,
    spark_rounds=1,
    file_claims=40,
    file_rounds=1,
    whole_claims=60,
    whole_rounds=1,
    oracle_claims=10,
    package_claims=10,
    package_rounds=1,
    curve=(10, 40),
    batches=(5, 10),
    lines_per_day=(1, 6),
    lines_in_all=12,
)
"""For the tests: every row runs, and no figure means anything."""


class Context:
    """The book, the sizes and the claims of one run."""

    def __init__(self, books: Books, size: Size, mix: Mix = Mix.EVERYDAY, most: int = 1_000_000) -> None:
        self.books = books
        self.size = size
        self.mix = mix
        self.most = most
        """The largest file of the curve of sizes."""

    @property
    def tiny(self) -> bool:
        """The rows are only tried out."""
        return self.size is TINY

    @cached_property
    def batch(self) -> list[Claim]:
        """The claims of the largest batch; smaller batches are its beginning."""
        return claims_of(claims_file(self.books.whole(), max(self.size.batches), mix=self.mix))


def claims_of(content: bytes) -> list[Claim]:
    """The claims of an 837 that can be read."""
    return [entry for entry in read(content, "bench.837") if isinstance(entry, Claim)]


@dataclass(frozen=True, slots=True)
class Row:
    """One question. ``covers`` names the rows of the targets table (PERFORMANCE.md) that it answers or begins to.

    ``run`` returns the figures, or a result that says why it was skipped.
    """

    name: str
    question: str
    covers: tuple[str, ...]
    run: Callable[[Context], RowResult]

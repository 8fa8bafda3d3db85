"""What tests of the engine share."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanclaim.claims.model import Claim
from cleanclaim.claims.readers.detect import inputs, read
from cleanclaim.index.lookup import OpenBook

BENCHMARK = Path(__file__).resolve().parents[2] / "accuracy" / "claims"


@pytest.fixture(scope="module", params=["starter_book", "published_book"])
def book(request: pytest.FixtureRequest) -> OpenBook:
    """The book of a newcomer, and then one with every published table."""
    opened: OpenBook = request.getfixturevalue(request.param)
    return opened


@pytest.fixture(scope="session")
def claims_of_every_kind() -> list[Claim]:
    """The claims of the open benchmark."""
    return [entry for source in inputs([BENCHMARK]) for entry in read(source) if isinstance(entry, Claim)]

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fake_publisher import Publisher

from cleanclaim.sources.web import Web


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    yield server
    server.stop()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    # trust_env: a proxy of the machine the tests run on has no place between them and loopback.
    with httpx.Client(trust_env=False, timeout=5) as made:
        yield made


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def web(client: httpx.Client, waits: list[float]) -> Iterator[Web]:
    with Web(waits.append, client) as made:
        yield made

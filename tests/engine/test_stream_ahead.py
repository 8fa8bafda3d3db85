"""Things made ahead come as they would have come."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from cleanclaim.engine.stream.ahead import made_ahead


def test_things_come_in_order_and_all_of_them() -> None:
    assert list(made_ahead(iter(range(100)))) == list(range(100))
    assert list(made_ahead(iter(()))) == []
    assert list(made_ahead(iter([None, 0, ""]))) == [None, 0, ""]


@pytest.mark.parametrize("ahead", [1, 3])
def test_no_more_are_made_than_there_is_room_for(ahead: int) -> None:
    """Of those handed out the last is in use, until the next one is asked for."""
    made: list[int] = []
    begun = threading.Event()

    def things() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            if number == ahead:
                begun.set()
            yield number

    for number in made_ahead(things(), ahead):
        if number == 0:
            assert begun.wait(10), "the next one is made while this is in use"
            time.sleep(0.01)
        assert len(made) <= number + 1 + ahead
    assert len(made) == 20


def test_an_error_comes_where_the_thing_would_have_come() -> None:
    def things() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("third")

    seen: list[int] = []

    with pytest.raises(ValueError, match="third"):
        seen.extend(made_ahead(things()))
    assert seen == [1, 2]


def test_who_stops_asking_ends_the_thread_and_what_it_works_on() -> None:
    closed: list[bool] = []

    def things() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    before = threading.active_count()
    ahead = made_ahead(source := things())
    assert next(ahead) == 0
    ahead.close()
    source.close()  # type: ignore[attr-defined]  # a generator; it could not be closed while the thread was in it
    assert threading.active_count() == before
    assert closed == [True]

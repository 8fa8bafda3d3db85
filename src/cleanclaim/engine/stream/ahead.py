"""One thing made while the one before it is worked on."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Final, TypeVar

_Thing = TypeVar("_Thing")
_END: Final = object()


def made_ahead(things: Iterator[_Thing], ahead: int = 1) -> Generator[_Thing, None, None]:
    """The same things in the same order, made by a thread that is up to ``ahead`` of them before who asks for them.

    So what is made in memory that is used again needs room for one more than that. An error is raised where the thing
    would have come. Worth its while where making things, or working on them, leaves the interpreter to others.
    """
    made: queue.SimpleQueue[tuple[object, BaseException | None]] = queue.SimpleQueue()
    room = threading.Semaphore(ahead + 1)
    over = threading.Event()

    def make() -> None:
        try:
            while room.acquire() and not over.is_set():
                thing = next(things, _END)
                made.put((thing, None))
                if thing is _END:
                    return
        except BaseException as error:  # noqa: BLE001 - raised where it is asked for
            made.put((_END, error))

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            thing, error = made.get()
            if error is not None:
                raise error
            if thing is _END:
                return
            yield thing  # type: ignore[misc]  # what things gave
            room.release()
    finally:
        over.set()
        room.release()
        thread.join()

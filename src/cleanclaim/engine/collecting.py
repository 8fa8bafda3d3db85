"""When Python looks for garbage: not while things are made that all live on."""

from __future__ import annotations

import gc
from contextlib import ContextDecorator


class collecting_later(ContextDecorator):  # noqa: N801 - it is used as a function is
    """No collection of garbage meanwhile: what is made lives on, and to look at it again and again finds nothing."""

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_on:
            gc.enable()

    def _recreate_cm(self) -> collecting_later:
        """Another for each call of a function that it is put on, which may call itself."""
        return collecting_later()

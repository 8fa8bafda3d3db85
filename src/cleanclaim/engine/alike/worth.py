"""Whether remembering single claims saves more time than it takes, by the clock of the run itself.

How much is alike among the claims that a service is sent, and how long the engine takes for one of them, nobody knows
beforehand. So both are measured as claims come, some hundred at a time, and remembering is left off for a while where
it does not pay. It is tried again, since what is known grows, and what is sent may change. No report depends on it:
a claim is told the same with memory and without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_AT_A_TIME: Final = 500
"""So many claims are judged together."""
_TOO_EARLY: Final = 5_000
"""Before so many claims little of what was learned can have been met again."""
_LEFT_OFF: Final = 9 * _AT_A_TIME
"""For so many claims it is left off: what never pays is tried with one claim in ten."""


@dataclass(slots=True)
class Worth:
    """What remembering took and saved of late. Seconds are whatever the caller measures, by one clock."""

    _all: int = 0
    """Claims looked at, ever."""
    _looked: int = 0
    """Claims looked at of those that are judged together next."""
    _settled: int = 0
    """Of these such as the engine need not check."""
    _checked: int = 0
    """Of these such as it did check, and found nothing."""
    _checking: float = 0.0
    """Seconds that took."""
    _spent: float = 0.0
    """Seconds that looking and learning took."""
    _left: int = 0
    """Claims for which it is still left off."""

    def left_off(self) -> bool:
        """The next claim is to be checked by the engine, without a look and without learning of it."""
        if not self._left:
            return False
        self._left -= 1
        return True

    def looked(self, seconds: float, *, settled: bool) -> None:
        """A claim was looked at for so many seconds; ``settled``: it need not be checked."""
        if self._looked >= _AT_A_TIME:
            self._judge()
        self._all += 1
        self._looked += 1
        self._settled += settled
        self._spent += seconds

    def learned(self, seconds: float, *, checking: float) -> None:
        """Learning of a claim without a finding took so many seconds, after the engine took ``checking`` for it."""
        self._checked += 1
        self._checking += checking
        self._spent += seconds

    def _judge(self) -> None:
        if self._all >= _TOO_EARLY and not self._pays():
            self._left = _LEFT_OFF
        self._looked = self._settled = self._checked = 0
        self._checking = self._spent = 0.0

    def _pays(self) -> bool:
        """The engine would have taken as long for each claim that is settled as for another without a finding."""
        if not self._settled or not self._checked:
            return self._settled > 0
        return self._settled * self._checking / self._checked > self._spent

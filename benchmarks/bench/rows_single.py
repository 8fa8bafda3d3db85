"""The row of single claims: each seen for the first time, as by a service that has checked others before."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

from bench.claims837 import Mix, claims_file
from bench.dictionaries import RULES, Dictionaries
from bench.measure import RowResult, percentile, ratios
from bench.row import Context, claims_of

from cleanclaim.claims.model import Claim
from cleanclaim.engine import run
from cleanclaim.engine.gather import gather
from cleanclaim.rules.registry import all_rules, select_rules

_LINES = 3
_SEARCHED = 13
"""Of so many claims at least one has three lines."""


@dataclass(slots=True)
class Way:
    """One way to check a claim; with ``setting`` around each round."""

    check: Callable[[Claim], object]
    setting: Callable[[], AbstractContextManager[Any]] = nullcontext
    seconds: list[list[float]] = field(default_factory=list)
    """Of each claim, round by round."""
    engine: list[list[bool]] = field(default_factory=list)
    """For each whether the engine checked it."""

    def each(self, share: float, *, engine: bool | None = None) -> list[float]:
        """Round by round, microseconds below which a share of the claims lies; of those the engine checked, or not."""
        rounds = (
            [spent for spent, by_engine in zip(seconds, checked, strict=True) if engine in {None, by_engine}]
            for seconds, checked in zip(self.seconds, self.engine, strict=True)
        )
        return [1e6 * percentile(some, share) for some in rounds if some]

    @property
    def mean(self) -> list[float]:
        """Round by round, microseconds a claim."""
        return [1e6 * sum(seconds) / len(seconds) for seconds in self.seconds]

    @property
    def settled(self) -> list[float]:
        """Round by round, the share of claims that the engine did not check, in percent."""
        return [100 * (1 - sum(checked) / len(checked)) for checked in self.engine]


def one_claim(context: Context) -> RowResult:
    """Claims of three lines, each checked once and by itself, after some thousands of others of the same mix."""
    size = context.size
    result = RowResult(
        notes=[
            f"{len(all_rules())} rules; {size.rounds} rounds of {size.single_claims} claims never seen before",
            f"before them {size.warming_claims:,} other claims of any length were checked, one by one",
            f"the dictionaries do the work of {len(select_rules(RULES))} of them: no message, citation or verdict",
            "the engine alone: the same, where nothing is remembered of claims without a finding",
        ]
    )
    dictionaries = Dictionaries.of(context.books.whole())
    for mix in dict.fromkeys((context.mix, Mix.VARIED)):
        _of_mix(result, context, mix, measured(context, mix, dictionaries))
    return result


def _of_mix(result: RowResult, context: Context, mix: Mix, ways: Mapping[str, Way]) -> None:
    main = mix is context.mix
    of = "" if main else f" ({mix})"
    every, alone, same, plain = ways.values()
    result.add(f"every rule, p50{of}", every.each(0.5), "us", at_most=100 if main else None)
    result.add(f"every rule, p99{of}", every.each(0.99), "us")
    result.add(f"every rule, mean{of}", every.mean, "us")
    for told, engine in (("settled", False), ("checked by the engine", True)):
        if times := every.each(0.5, engine=engine):
            result.add(f"claims {told}, p50{of}", times, "us")
    result.add(f"claims settled{of}", every.settled, "%")
    result.add(f"the engine alone, p50{of}", alone.each(0.5), "us")
    result.add(f"the engine alone, p99{of}", alone.each(0.99), "us")
    result.add(f"the engine alone, mean{of}", alone.mean, "us")
    result.add(f"dictionaries, p50{of}", plain.each(0.5), "us")
    against = ratios(same.each(0.5), plain.each(0.5))
    result.add(f"the same rules, against dictionaries, p50{of}", against, "times", at_most=10 if main else None)
    of_all = ratios(every.each(0.5), plain.each(0.5))
    result.add(f"every rule, against dictionaries of some, p50{of}", of_all, "times")


def measured(context: Context, mix: Mix, dictionaries: Dictionaries) -> dict[str, Way]:
    """Each way over the same new claims, round by round, whichever was last the first."""
    size, same = context.size, select_rules(RULES)
    warming, fresh = _claims(context, mix)
    # Each has a book of its own: what one has asked of it is not at hand for the next.
    ways = {
        "every rule": Way(partial(_check, context.books.opened_again())),
        "the engine alone": Way(partial(_check, context.books.opened_again()), _remembering_nothing),
        "the same rules": Way(partial(_check, context.books.opened_again(), rules=same)),
        "dictionaries": Way(lambda claim: dictionaries.check((claim,))),
    }
    for way in ways.values():
        with way.setting():
            for claim in warming:
                way.check(claim)
    for turn in range(size.rounds):
        some = fresh[turn * size.single_claims : (turn + 1) * size.single_claims]
        in_order = list(ways.values())
        for way in in_order[::-1] if turn % 2 else in_order:
            gc.collect()
            with way.setting(), _watched() as checked:
                _time_each(way, some, checked)
    return ways


def _time_each(way: Way, claims: Sequence[Claim], checked: list[None]) -> None:
    """Check each claim; nothing else, not even a collection of garbage, stands between them."""
    clock, seconds, by_engine = time.thread_time, [], []
    for claim in claims:
        many = len(checked)
        begun = clock()
        way.check(claim)
        seconds.append(clock() - begun)
        by_engine.append(len(checked) > many)
    way.seconds.append(seconds)
    way.engine.append(by_engine)


def _claims(context: Context, mix: Mix) -> tuple[list[Claim], list[Claim]]:
    """Claims to warm up with, and enough other ones of three lines for every round."""
    wanted, warm = context.size.rounds * context.size.single_claims, context.size.warming_claims
    many = claims_of(claims_file(context.books.whole(), warm + _SEARCHED * wanted, mix=mix))
    fresh = [claim for claim in many[warm:] if len(claim.lines) == _LINES]
    random.Random(0).shuffle(fresh)  # noqa: S311 - a provider's claims are alike, and lie together in the file
    return many[:warm], fresh[:wanted]


def _check(book: Any, claim: Claim, rules: Any = None) -> object:
    return run.check_claims((claim,), book, rules=rules)


@contextmanager
def _remembering_nothing() -> Iterator[None]:
    """The engine checks every single claim."""
    with patch.object(run, "_memory_of_single_claims", lambda *_: None):
        yield


@contextmanager
def _watched() -> Iterator[list[None]]:
    """A list that is one longer for each claim that the engine checks: telling so takes a tenth of a microsecond."""
    checked: list[None] = []

    def gathered(*given: Any) -> Any:
        checked.append(None)
        return gather(*given)

    with patch.object(run, "gather", gathered):
        yield checked

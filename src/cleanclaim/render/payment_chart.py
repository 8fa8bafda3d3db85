"""A small chart of what a code pays: by fee schedule, and over the localities, for both settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from cleanclaim.engine.code_page import PageFact
from cleanclaim.engine.code_page.fees import RARELY
from cleanclaim.render.code_lines import PLACES
from cleanclaim.types import format_money

_ROW, _LABEL, _WIDTH, _END = 22, 118, 170, 152


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row of the chart: an amount, or a range from the lowest to the highest."""

    name: str
    low: Decimal
    high: Decimal
    heading: bool = False


def chart(facts: Sequence[PageFact]) -> str:
    """An SVG picture with a table's worth of text in its description; "" where there is nothing to compare."""
    never = {setting for setting in PLACES for fact in facts if _is_rare(fact, setting)}
    rows = [bar for setting, name in PLACES.items() if setting not in never for bar in _bars(facts, setting, name)]
    if sum(not bar.heading for bar in rows) < 3:  # noqa: PLR2004 - one amount for each setting is no comparison
        return ""
    most = max(bar.high for bar in rows) or Decimal(1)
    told = "; ".join(f"{bar.name} {_amounts(bar)}" for bar in rows if not bar.heading)
    height = _ROW * len(rows) + 6
    drawn = "".join(_drawn(bar, number, most) for number, bar in enumerate(rows))
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {_LABEL + _WIDTH + _END} {height}" '
        f'aria-label="{escape(told, quote=True)}">{drawn}</svg>'
    )


def _is_rare(fact: PageFact, setting: str) -> bool:
    """The file only repeats the amount of the other setting, where the service is done."""
    return fact.key == f"national_amount_{setting}" and RARELY in fact.text


def _bars(facts: Sequence[PageFact], setting: str, name: str) -> list[_Bar]:
    values = {fact.key: fact.value for fact in facts if isinstance(fact.value, Decimal)}
    bars = []
    for key, amount in values.items():
        before = f"national_amount_{setting}_"
        if key.startswith(before) and len(key) > len(before) + 2:
            bars.append(_Bar(f"by {key.removeprefix(before)}", amount, amount))
    now = values.get(f"national_amount_{setting}")
    low, high = values.get(f"lowest_amount_{setting}"), values.get(f"highest_amount_{setting}")
    if now is not None:
        bars.append(_Bar("national", now, now))
    if low is not None and high is not None:
        bars.append(_Bar("by locality", low, high))
    return [_Bar(name, Decimal(0), Decimal(0), heading=True), *bars] if bars else []


def _drawn(bar: _Bar, number: int, most: Decimal) -> str:
    top = _ROW * number + 4
    if bar.heading:
        return f'<text class="of" x="0" y="{top + 13}">{escape(bar.name)}</text>'
    start = 0 if bar.low == bar.high else int(bar.low / most * _WIDTH)
    end = max(int(bar.high / most * _WIDTH), start + 2)
    kind = "at" if bar.low == bar.high else "range"
    return (
        f'<text x="12" y="{top + 13}">{escape(bar.name)}</text>'
        f'<rect class="{kind}" x="{_LABEL + start}" y="{top + 2}" width="{end - start}" height="13" rx="2"/>'
        f'<text x="{_LABEL + end + 6}" y="{top + 13}">{_amounts(bar)}</text>'
    )


def _amounts(bar: _Bar) -> str:
    if bar.low == bar.high:
        return f"${format_money(bar.low)}"
    return f"${format_money(bar.low)} to ${format_money(bar.high)}"

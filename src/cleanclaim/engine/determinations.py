"""The local coverage determination (LCD) that governs a line of whose code no billing article speaks.

Since 2020 the codes stand in the billing articles, save those of the contractors for durable medical equipment (DME):
there the determination lists the procedure codes, and its article the diagnoses, tied to codes in prose only. So a
determination alone tells that there are conditions, never whether a diagnosis meets them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from cleanclaim.book.facts import Lcd, LcdProcedure
from cleanclaim.engine.contractors import Contractors, held_by
from cleanclaim.engine.shown import some
from cleanclaim.engine.work import CoverageWords, LineWork
from cleanclaim.index.lookup import Answer, DayBook
from cleanclaim.types import State

OF_EQUIPMENT: Final = ("lcd", "lcd-contractor", "lcd-hcpcs")
"""Tables without which it is not known whether a determination governs an item of equipment."""
_MOST_TOLD: Final = 3
"""Determinations whose titles and days are told; an accessory stands in many."""


def determination_facts(line: LineWork, day: DayBook, who: Contractors, listed: Answer[LcdProcedure]) -> None:
    """The determinations in force that list the line's code, where no article of its contractors does."""
    if _an_article_lists(line.line.hcpcs, day, who):
        return
    found = {
        lcd.lcd_id: (lcd, row)
        for row in listed.facts
        if (lcd := _binding(day, row)) is not None and held_by(day, "lcd-contractor", lcd.lcd_id, lcd.version, who)
    }
    if not found:
        return
    lcds, rows = zip(*found.values(), strict=True)
    numbers = some([f"L{lcd.lcd_id}" for lcd in lcds])
    line.facts.determination_alone = True
    line.answers["lcd"] = Answer(State.KNOWN, rows, listed.release, listed.stale, listed.looked_in)
    line.coverage = replace(
        line.coverage or CoverageWords("", who.numbers),
        determinations=some([_words(lcd) for lcd in lcds], _MOST_TOLD),
        determination_numbers=numbers,
        determination_articles=_articles(day, lcds),
    )
    why = f"{line.line.hcpcs} is governed by LCD {numbers}, and no billing article that is loaded lists it"
    line.missing.setdefault("mcd", why)


def _an_article_lists(hcpcs: str, day: DayBook, who: Contractors) -> bool:
    return any(
        held_by(day, "article-contractor", row.article_id, row.version, who)
        for row in day.coverage("article-hcpcs", hcpcs).facts
    )


def _binding(day: DayBook, row: LcdProcedure) -> Lcd | None:
    """The determination of a row if that version binds on the day; None also where no day tells since when."""
    found: Iterable[Lcd] = day.coverage("lcd", row.lcd_id).facts
    for lcd in found:
        begins = [begins for begins in (lcd.valid_from, lcd.binds_from) if begins is not None]
        retired = [retirement.valid_to for retirement in day.coverage("lcd-retirement", row.lcd_id).facts]
        ends = [end for end in (lcd.valid_to, *retired) if end is not None]
        if lcd.version == row.version and begins and max(begins) <= day.day <= min(ends, default=day.day):
            return replace(lcd, binds_from=max(begins), valid_to=min(ends, default=None))
    return None


def _words(lcd: Lcd) -> str:
    until = f" until {lcd.valid_to}" if lcd.valid_to is not None else ""
    return f"LCD L{lcd.lcd_id} ({lcd.title}; version {lcd.version}, in force since {lcd.binds_from}{until})"


def _articles(day: DayBook, lcds: Iterable[Lcd]) -> str:
    related = {
        f"A{row.article_id}"
        for lcd in lcds
        for row in day.coverage("lcd-article", lcd.lcd_id).facts
        if row.version == lcd.version
    }
    return some(sorted(related)) or "none is named"

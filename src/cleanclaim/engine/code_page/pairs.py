"""What a procedure may not be billed beside: its pair edits, counted and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cleanclaim.book.provenance import Release
from cleanclaim.engine.code_page.record import PageFact, Section, caveat, cited, row_fact
from cleanclaim.engine.code_page.subject import Procedure
from cleanclaim.index.lookup import PairsOf
from cleanclaim.types import Citation, Setting, State

SHOWN: Final = 25
"""Pairs told one by one for each column and indicator; the counts are of all."""

_VERDICTS: Final = {0: "bundled", 1: "bundled_unless_distinct"}
_UNLESS: Final = {0: "whatever the modifier", 1: "unless the services are distinct"}


def not_reported_with(subject: Procedure) -> Section:
    """Counts of the pairs in force by column and indicator, then the first of them.

    Pairs that no modifier separates come first; among them radiology, then codes that begin alike, then by code.
    Outpatient hospital edits are told apart.
    """
    name = "not_reported_with"
    facts = [fact for setting in subject.pairs for fact in _setting_facts(subject, setting)]
    if facts:
        return Section(name, State.KNOWN, tuple(facts))
    if not all(pairs.no_data for pairs in subject.pairs.values()):
        return Section(name, State.NOT_APPLICABLE, why=f"No pair edit of {subject.code} is in force.")
    return Section(name, State.NO_DATA, why="No loaded release of the pair edits speaks for the code.")


def _setting_facts(subject: Procedure, setting: Setting) -> Iterator[PageFact]:
    pairs = subject.pairs[setting]
    if not pairs.known:
        return
    prefix = "" if setting is Setting.PRACTITIONER else f"{setting}_"
    yield from _counts(subject, pairs, prefix)
    for column in ("column_one", "column_two"):
        for indicator in _UNLESS:
            for other in ranked_of(subject, setting, column, indicator)[:SHOWN]:
                yield _pair(subject, setting, column, other)


def _counts(subject: Procedure, pairs: PairsOf, prefix: str) -> Iterator[PageFact]:
    said, stale = counted_by(subject, pairs)
    whole = _main(pairs)[0].whole
    whom = " in an outpatient hospital" if prefix else ""
    for column, others in (("column_one", pairs.column_one), ("column_two", pairs.column_two)):
        for indicator, unless in _UNLESS.items():
            number = sum(1 for value in others.values() if value == indicator)
            codes = f"{number:,} code{'' if number == 1 else 's'}"
            if number and not whole:
                codes = f"at least {codes}"
            if column == "column_one":
                denied = (
                    f"{codes[0].upper()}{codes[1:]} {'is' if number == 1 else 'are'} denied beside {subject.code}{whom}"
                )
            else:
                denied = f"{subject.code} is denied beside {codes}{whom}"
            text = f"{denied} {unless} (indicator {indicator})."
            yield cited(f"{prefix}{column}_indicator_{indicator}", number, text, said, stale)


def _main(pairs: PairsOf) -> tuple[Release, bool]:
    """Of several releases the whole one made most of the answer."""
    return next(((release, stale) for release, stale in pairs.releases if release.whole), pairs.releases[0])


def counted_by(subject: Procedure, pairs: PairsOf) -> tuple[Citation, str]:
    """The release by which a code's pairs are counted, and what to say where it is of other days."""
    release, stale = _main(pairs)
    said = Citation(
        release.source,
        release.release,
        subject.code,
        release.covers_from,
        release.covers_to,
        f"every pair of {subject.code} in force on {subject.day.day}",
    )
    return said, caveat(release, stale=stale)


def ranked_of(subject: Procedure, setting: Setting, column: str, indicator: int) -> list[str]:
    """The other codes of a code's pairs of one indicator, where the code's partner is denied or the code itself."""
    pairs = subject.pairs[setting]
    others = pairs.column_one if column == "column_one" else pairs.column_two
    alike = (other for other, value in others.items() if value == indicator)
    return subject.once(f"ranked {setting} {column} {indicator}", lambda: _ranked(subject.code, alike))


def _ranked(code: str, others: Iterable[str]) -> list[str]:
    """Codes of pairs of one indicator: radiology first, then those whose number begins as the code's, then by code."""
    return sorted(others, key=lambda other: (not _is_radiology(other), -_alike(code, other), other))


def _alike(code: str, other: str) -> int:
    """How many characters two codes begin with alike."""
    for at, character in enumerate(code):
        if other[at : at + 1] != character:
            return at
    return len(code)


def _pair(subject: Procedure, setting: Setting, column: str, other: str) -> PageFact:
    one, two = (subject.code, other) if column == "column_one" else (other, subject.code)
    answer = subject.day.ptp(setting, one, two)
    edit = answer.fact
    text = f"Column One {one} is paid, Column Two {two} is denied {_UNLESS[edit.modifier_indicator]}."
    return row_fact(answer, edit, other, _VERDICTS[edit.modifier_indicator], text)


def _is_radiology(code: str) -> bool:
    return code.startswith("7") and code.isdigit()

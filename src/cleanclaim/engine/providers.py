"""What the taxonomy codes of a claim say of its providers.

A taxonomy code is read by its beginning, which names the classification; which of them a rule tells apart is
``Specialty``. The code set itself says whether a code exists on the service date.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from cleanclaim.book.facts import Taxonomy
from cleanclaim.engine.work import ClaimWork
from cleanclaim.index.lookup import Answer, DayBook, OpenBook
from cleanclaim.rules.facts import NpiState, Specialty, TaxonomyState
from cleanclaim.types import Date

_SHAPE: Final = re.compile(r"[0-9A-Z]{9}X")
SHAPE_SINCE: Final = dt.date(2008, 1, 1)
"""Claims of before may bear codes of the first editions, which had other endings; the year is convention."""
_BY_BEGINNING: Final = (
    ("207L", Specialty.ANESTHESIOLOGIST),
    ("208V", Specialty.ANESTHESIOLOGIST),
    ("1223D0004", Specialty.ANESTHESIOLOGIST),
    ("3675", Specialty.NURSE_ANESTHETIST),
    ("367H", Specialty.ANESTHESIOLOGIST_ASSISTANT),
    ("363A", Specialty.ADVANCED_PRACTICE),
    ("363L", Specialty.ADVANCED_PRACTICE),
    ("364S", Specialty.ADVANCED_PRACTICE),
    ("111N", Specialty.CHIROPRACTOR),
    ("2251", Specialty.PHYSICAL_THERAPY),
    ("2252", Specialty.PHYSICAL_THERAPY),
    ("225X", Specialty.OCCUPATIONAL_THERAPY),
    ("224Z", Specialty.OCCUPATIONAL_THERAPY),
    ("235Z", Specialty.SPEECH_PATHOLOGY),
    ("193", Specialty.GROUP),
    ("20", Specialty.PHYSICIAN),
    ("1223", Specialty.PHYSICIAN),
    ("213E", Specialty.PHYSICIAN),
)
"""Beginnings of taxonomy codes (NUCC 25.1), the longer before those they begin with."""

_IMPOSSIBLE: Final = frozenset({NpiState.MALFORMED, NpiState.WRONG_CHECK_DIGIT})


_Told = tuple[Specialty, TaxonomyState, Answer[Taxonomy] | None]


def provider_facts(work: ClaimWork, book: OpenBook, known_on: Date | None) -> None:
    """Put what the taxonomy codes say into the facts of a claim and its lines, and which NPI is told at which line."""
    claim, seen, impossible = work.claim, set(), set()
    for line in work.lines:
        taxonomy, facts = line.line.rendering_taxonomy, line.facts
        if facts.rendering_npi in _IMPOSSIBLE:
            facts.first_of_rendering_npi = line.line.rendering_npi not in impossible
            impossible.add(line.line.rendering_npi)
        if taxonomy:
            facts.specialty, facts.rendering_taxonomy, listed = _told(taxonomy, line.day)
            facts.first_of_taxonomy = taxonomy not in seen
            seen.add(taxonomy)
            if listed is not None:
                line.answers["taxonomy"] = listed
    if claim.billing_taxonomy:
        days = [line.line.service_from for line in work.lines if line.line.service_from is not None]
        day = book.as_of(min(days), known_on) if days else None
        specialty, work.facts.billing_taxonomy, _ = _told(claim.billing_taxonomy, day)
        work.facts.group_without_rendering = specialty is Specialty.GROUP and any(
            line.facts.is_hcpcs and not line.line.rendering_npi for line in work.lines
        )


def _told(taxonomy: str, day: DayBook | None) -> _Told:
    """What a taxonomy code says of a provider, whether it is one on the day, and the answer of the code set."""
    if day is None:
        return _specialty(taxonomy), _state(taxonomy, None), None
    found: _Told | None = day.kept.get((TaxonomyState, taxonomy))
    if found is None:
        told = _specialty(taxonomy), _state(taxonomy, day), day.taxonomy(taxonomy)
        found = day.kept.keep((TaxonomyState, taxonomy), told)
    return found


@lru_cache(maxsize=4096)
def _specialty(taxonomy: str) -> Specialty:
    if not _SHAPE.fullmatch(taxonomy):
        return Specialty.UNKNOWN
    return next((kind for beginning, kind in _BY_BEGINNING if taxonomy.startswith(beginning)), Specialty.OTHER)


def _state(taxonomy: str, day: DayBook | None) -> TaxonomyState:
    """An outdated list does not tell that a code is none: it may have been added since."""
    if not _SHAPE.fullmatch(taxonomy):
        of_first_editions = day is not None and day.day < SHAPE_SINCE
        return TaxonomyState.NO_DATA if of_first_editions else TaxonomyState.MALFORMED
    if day is None:
        return TaxonomyState.NO_DATA
    answer = day.taxonomy(taxonomy)
    if answer.known:
        return TaxonomyState.LISTED
    return TaxonomyState.NO_DATA if answer.no_data or answer.stale else TaxonomyState.UNLISTED

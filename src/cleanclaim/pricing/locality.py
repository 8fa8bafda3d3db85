"""Where a service is furnished, as the fee schedule sees it: a Medicare contractor and one of its localities."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from cleanclaim.book.facts import Gpci
from cleanclaim.errors import InputError
from cleanclaim.index.cite import cite_answer, distinct
from cleanclaim.index.lookup import DayBook
from cleanclaim.pricing.floors import floor_notes, floored
from cleanclaim.pricing.model import NATIONAL, Locality

NATIONAL_NAME: Final = "national"
_LOCALITY: Final = re.compile(r"([0-9]{1,5})-([0-9]{1,2})")
_ZIP: Final = re.compile(r"([0-9]{5})(-?[0-9]{4})?")


def locality_named(day: DayBook, text: str) -> Locality:
    """The locality that ``10112-00`` (contractor, locality number) or ``national`` names.

    Raises InputError for what is neither, and for a locality that no loaded index table has.
    """
    if text.strip().lower() == NATIONAL_NAME:
        return Locality("national, no local index", NATIONAL)
    match = _LOCALITY.fullmatch(text.strip())
    if match is None:
        raise InputError(
            f"Locality {text!r}: give the contractor and the locality number, such as 10112-00 for Alabama, or "
            "'national'."
        )
    return _of(day, match[1].zfill(5), match[2].zfill(2))


def locality_of_zip(day: DayBook, text: str) -> Locality:
    """The locality of a ZIP code of five digits, or of nine, of which the first five are looked at.

    Raises InputError for what is no ZIP code, and for one that no loaded table has.
    """
    match = _ZIP.fullmatch(text.strip())
    if match is None:
        raise InputError(f"ZIP code {text!r}: give five digits.")
    answer = day.zip_locality(match[1])
    if not answer.known:
        if answer.no_data:
            raise InputError(
                f"No ZIP-to-locality file is loaded for {day.day}. Load ZIP5 with 'cleanclaim data load', or give "
                "--locality."
            )
        raise InputError(f"ZIP code {match[1]} is not in the ZIP-to-locality file {answer.looked_in[0].release}.")
    found = _of(day, answer.fact.carrier, answer.fact.locality)
    notes: tuple[str, ...] = ()
    if answer.fact.divided:
        note = (
            f"Parts of ZIP code {match[1]} belong to another locality; the nine digits would tell, in a file that is "
            "not read. Give --locality to be sure."
        )
        notes = (note,)
    return replace(
        found,
        state=answer.fact.state or found.state,  # a locality may lie in several states: DC with its suburbs
        stale=found.stale or answer.stale,
        citations=distinct([cite_answer(answer, match[1]), *found.citations]),
        notes=(*notes, *found.notes),
    )


def _of(day: DayBook, mac: str, number: str) -> Locality:
    answer = day.gpci(mac, number)
    if answer.no_data:
        raise InputError(
            f"No practice cost indices (GPCI) are loaded for {day.day}. Load a relative value bundle with 'cleanclaim "
            "data load', or ask with --locality national."
        )
    if not answer.known:
        others = ", ".join(f"{fact.mac}-{fact.locality} {fact.locality_name.title()}" for fact in day.gpcis_of(mac)[:6])
        of_mac = f" Contractor {mac} has {others}." if others else ""
        raise InputError(f"No locality {mac}-{number} in {answer.looked_in[0].release}.{of_mac}")
    fact: Gpci = answer.fact
    asked_for = day.day_of("mpfs")
    indices, laws = floored(asked_for, fact)
    return Locality(
        fact.locality_name.title(),
        indices,
        mac,
        number,
        fact.state,
        answer.stale,
        distinct([cite_answer(answer, f"{mac}-{number}"), *laws]),
        floor_notes(asked_for, fact),
    )

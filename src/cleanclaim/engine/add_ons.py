"""Add-on codes and their primaries, over the lines of a patient.

Source: NCCI Policy Manual for Medicare 2026, I.R and I.W; the add-on code edits with their notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.book.facts import AddOnEdit
from cleanclaim.claims.model import Claim
from cleanclaim.index.lookup import Answer
from cleanclaim.rules.add.primary import ZZZ
from cleanclaim.rules.facts import AddOnType, LineFacts
from cleanclaim.types import Date, Setting

if TYPE_CHECKING:
    from cleanclaim.engine.work import ClaimWork, LineWork

_SUSPENDED: Final = "temporarily suspended"
"""Note of edits published and suspended back to their first day: they never bound."""
_PRACTITIONER_ONLY: Final = "practitioner only"
"""Note of edits whose primary counts on practitioner claims only."""
_NEIGHBOUR_DAYS: Final = 1
_NO_ADD_ON: Final = AddOnType.NOT_ADD_ON  # asked of every line: a member of an enumeration is slow to come by
_LISTED: Final = AddOnType.LISTED


def add_on_facts(facts: LineFacts, setting: Setting, answer: Answer[AddOnEdit], day: Date) -> None:
    """How the edits in force on the service date define the line's primaries."""
    edits = _binding(answer, setting)
    if not edits:
        return
    facts.add_on_type = AddOnType(min(edit.edit_type for edit in edits))
    covers_to = answer.release.covers_to if answer.release is not None else None
    facts.add_on_edits_outdated = answer.stale and covers_to is not None and day.year > covers_to.year


def primaries_of(work: LineWork) -> frozenset[str]:
    """The primaries the add-on edits list for a line's code."""
    answer: Answer[AddOnEdit] | None = work.answers.get("aoc")
    edits = _binding(answer, work.claim.setting) if answer is not None else ()
    return frozenset(edit.primary for edit in edits if edit.primary)


def add_ons_of_day(group: Sequence[LineWork]) -> None:
    """What stands beside the add-on lines of one patient, provider and day."""
    add_ons = [work for work in group if work.facts.add_on_type != _NO_ADD_ON or work.facts.global_days == ZZZ]
    if not add_ons:
        return
    codes = {work.line.hcpcs for work in group}
    stand_alone = any(work.facts.add_on_type == _NO_ADD_ON and not work.facts.is_measure for work in group)
    for work in add_ons:
        if work.facts.add_on_type != _NO_ADD_ON:
            work.facts.primary_present = not primaries_of(work).isdisjoint(codes)
            work.facts.other_service_present = stand_alone
        else:
            work.facts.other_service_present = any(_may_be_primary(other) for other in group)


def _may_be_primary(work: LineWork) -> bool:
    """The line's code may stand alone: neither the add-on edits nor the fee schedule (ZZZ) make it an add-on."""
    facts = work.facts
    return facts.add_on_type == _NO_ADD_ON and facts.global_days != ZZZ and not facts.is_measure


def primaries_elsewhere(claims: Sequence[ClaimWork]) -> None:
    """Mark add-on lines whose primary is billed beside them, but under another provider or on a neighbouring day."""
    wanting = [
        work
        for claim in claims
        for work in claim.lines
        if work.facts.add_on_type == _LISTED and not work.facts.primary_present and claim.claim.patient_key
    ]
    if not wanting:
        return
    patients = {_billed_for(work.claim.claim) for work in wanting}
    billed: dict[tuple[Any, ...], list[LineWork]] = {}
    for claim in claims:
        patient = _billed_for(claim.claim)
        if patient not in patients or claim.void:
            continue
        for work in claim.lines:
            if work.facts.service_day:
                billed.setdefault((patient, work.line.hcpcs), []).append(work)
    for work in wanting:
        patient = _billed_for(work.claim.claim)
        near = [
            other
            for code in primaries_of(work)
            for other in billed.get((patient, code), ())
            if _neighbours(work, other)
        ]
        work.facts.primary_elsewhere = bool(near)
        work.facts.colleague_bills_primary = any(_is_colleagues(work, other) for other in near)


def _binding(answer: Answer[AddOnEdit], setting: Setting) -> tuple[AddOnEdit, ...]:
    """The edits of an answer that bind in a setting, by their notes."""
    return tuple(
        edit
        for edit in answer.facts
        if _SUSPENDED not in edit.note.casefold()
        and (setting is Setting.PRACTITIONER or _PRACTITIONER_ONLY not in edit.note.casefold())
    )


def _billed_for(claim: Claim) -> tuple[str, str, str]:
    return claim.patient_key, claim.billing_npi, claim.payer_id


def _neighbours(work: LineWork, other: LineWork) -> bool:
    """The days of two lines touch or are one day apart."""
    first, last = work.facts.service_day - _NEIGHBOUR_DAYS, work.facts.service_end_day + _NEIGHBOUR_DAYS
    return other.facts.service_day <= last and other.facts.service_end_day >= first


def _is_colleagues(work: LineWork, other: LineWork) -> bool:
    """The other line is of the same day and another rendering provider, of whom no other specialty is known."""
    own, theirs = work.line, other.line
    who = own.rendering_npi or work.claim.claim.rendering_npi
    whose = theirs.rendering_npi or other.claim.claim.rendering_npi
    return (
        own.service_from == theirs.service_from
        and bool(who and whose)
        and who != whose
        and (
            own.rendering_taxonomy == theirs.rendering_taxonomy
            or not own.rendering_taxonomy
            or not theirs.rendering_taxonomy
        )
    )

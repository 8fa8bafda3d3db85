"""Claims sent before: which of them take part in a check, and which claims have been replaced or taken back.

A claim of the history stands beside the claims checked wherever edits look across the claims of one patient. It is
never reported itself. What no longer stands with the payer counts nowhere: a claim that was replaced (frequency 7) or
voided (frequency 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims.model import REPLACEMENT, REPLACEMENT_OR_VOID, VOID, Claim
from cleanclaim.engine.duplicates import billed_as
from cleanclaim.types import Date

if TYPE_CHECKING:
    from cleanclaim.engine.work import ClaimWork, Work


def patients_of(claims: Iterable[Claim]) -> frozenset[str]:
    """The patients that claims name."""
    return frozenset(claim.patient_key for claim in claims if claim.patient_key)


def earlier_claims(claims: Sequence[Claim], history: Iterable[Claim]) -> list[Claim]:
    """The claims of the history that are of the patients of ``claims``, each once.

    They come in the order of the days on which they were made. A history often holds the very claims that are checked:
    a claim with the same number, the same lines and the same day of creation is that claim, and is left out; one made
    on another day was sent again, and counts.
    """
    patients = patients_of(claims)
    seen = {_identity(claim) for claim in claims if claim.patient_key}
    kept = []
    for claim in history:
        if claim.patient_key not in patients:
            continue
        identity = _identity(claim)
        if identity not in seen:
            seen.add(identity)
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.submitted_on or Date.min)


def _identity(claim: Claim) -> tuple[Any, ...]:
    return claim.claim_id, claim.frequency, claim.original_reference, claim.submitted_on, billed_as(claim)


def mark_superseded(works: Sequence[ClaimWork]) -> None:
    """Tell replacements and voids the earlier claim they are about, and that claim that it counts no more.

    ``works`` are in the order in which the claims were sent, the history first. The earlier claim is of the
    same biller and has the same number (CLM01) and one of the same days, or its number is the reference that the later
    one gives, or it replaces that reference itself. An original does not hold the number the payer gave it.
    """
    if not any(work.claim.frequency in REPLACEMENT_OR_VOID for work in works):
        return
    standing: dict[tuple[Any, ...], list[ClaimWork]] = {}
    for work in works:
        claim = work.claim
        if not claim.patient_key:
            continue
        own = _names(claim)
        if claim.frequency in REPLACEMENT_OR_VOID:
            reference = _name(claim, claim.original_reference)
            for name in (*own, reference) if claim.original_reference else own:
                for earlier in standing.pop(name, ()):
                    work.replaces = work.replaces or earlier
                    earlier.superseded = True
            if claim.original_reference:
                own.append(reference)
        else:
            own.append(_name(claim, claim.claim_id))
        for name in own:
            standing.setdefault(name, []).append(work)


def _name(claim: Claim, number: str, day: Date | None = None) -> tuple[Any, ...]:
    """How a claim may be spoken of: by its number or the payer's, with a day where numbers are used again."""
    return claim.patient_key, claim.payer_id, claim.billing_npi, claim.claim_type, number, day


def _names(claim: Claim) -> list[tuple[Any, ...]]:
    days = {line.service_from for line in claim.lines} | {claim.statement_from}
    return [_name(claim, claim.claim_id, day) for day in sorted(day for day in days if day is not None)]


def looked_at_alone(work: ClaimWork) -> bool:
    """The claim's lines are held against its own only, and count for no other claim.

    So is a claim that names no patient, repeats another as a whole, was replaced or voided, is a void, or replaces a
    claim that is not among those at hand: its lines must not count twice.
    """
    claim = work.claim
    return (
        not claim.patient_key
        or work.duplicate_of is not None
        or work.superseded
        or claim.frequency == VOID
        or (claim.frequency == REPLACEMENT and work.replaces is None)
    )


@dataclass(slots=True)
class Before:
    """What a report must say of voids and of claims sent before is told from this; several can be added up."""

    voids: int = 0
    others: int = 0
    """Claims of the history."""
    lost: int = 0
    """Of those, replacements whose original is not at hand."""
    denied: dict[str, int] = field(default_factory=dict)
    """Claims of the history that an edit denies for a service billed now, with the number of the first of that name."""
    looks_back: bool = False
    """Claims sent before could tell more of a line that is checked."""

    @classmethod
    def of(cls, work: Work) -> Before:
        """What is to be told of the claims under work."""
        history = [claim for claim in work.claims if claim.history]
        before = cls(
            voids=len([claim for claim in work.claims if claim.void and not claim.history]),
            others=len(history),
            lost=len([claim for claim in history if claim.claim.frequency == REPLACEMENT and claim.replaces is None]),
            looks_back=work.looks_back,
        )
        for pair in work.pairs if history else ():
            if (
                pair.two.claim.history
                and not pair.one.claim.history
                and (pair.edit.modifier_indicator == 0 or not (pair.one.line.modifiers or pair.two.line.modifiers))
            ):
                before.denied.setdefault(pair.two.claim.claim.claim_id, pair.two.claim.number)
        return before

    def add(self, other: Before) -> None:
        """Count what others have. The numbers of their claims must be of one order."""
        self.voids += other.voids
        self.others += other.others
        self.lost += other.lost
        self.looks_back = self.looks_back or other.looks_back
        for claim_id, number in other.denied.items():
            self.denied[claim_id] = min(number, self.denied.get(claim_id, number))


def notes_of(work: Work, families: frozenset[str], *, with_history: bool) -> tuple[str, ...]:
    """What a report must say of voids, of the history, or of its absence where claims sent before could tell more."""
    return notes_before(Before.of(work), families, with_history=with_history)


def notes_before(before: Before, families: frozenset[str], *, with_history: bool) -> tuple[str, ...]:
    """The same, told from what was counted."""
    notes = []
    if before.voids:
        notes.append(
            f"{_many(before.voids, 'claim')} of frequency 8 {'takes' if before.voids == 1 else 'take'} back an earlier "
            "one: checked for form only, since nothing on a void is to be paid."
        )
    if with_history:
        notes += _history_notes(before)
    elif before.looks_back and not families.isdisjoint(_LOOKING_BACK):
        notes.append(
            "Only these claims were looked at: surgery or visits billed before them could change what is said of "
            "global days and of new patients. --history PATH names claims sent before."
        )
    return tuple(notes)


_LOOKING_BACK: Final = frozenset({"GLO"})


def _history_notes(before: Before) -> list[str]:
    notes = [f"History: {_many(before.others, 'other claim')} of the same patients looked at, none reported."]
    if before.lost:
        notes.append(
            f"{_many(before.lost, 'replacement')} in the history left aside: the claim replaced is not at hand."
        )
    if before.denied:
        denied = sorted(before.denied, key=before.denied.__getitem__)
        notes.append(
            "A published edit makes a service billed here the payable one and one sent before the denied one, on "
            f"{_some(denied)} of the history: the payer may take that payment back."
        )
    return notes


def _some(claims: Sequence[str]) -> str:
    return f"claim {claims[0]}" if len(claims) == 1 else f"claim {claims[0]} and {len(claims) - 1} more"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"

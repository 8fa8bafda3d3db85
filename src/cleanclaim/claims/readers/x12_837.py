"""Read X12 837 claims, version 5010: professional (005010X222) and institutional (005010X223).

What a fault costs depends on what it leaves unknown:

* Content is ambiguous (a required loop is missing or doubled, a segment belongs to no loop, a required element
  of CLM, SV1 or SV2 is missing, the ISA is malformed): every claim it concerns is rejected, one reject for each.
* Content is clear, but a payer would still refuse the file (counts, control numbers, numbering, order): the
  claims are read, and each carries the fault in ``envelope_faults``.
* A transaction without its SE may be cut: its last claim is rejected, the claims before it are read.

Published: the ASC X12 implementation guides 005010X222A1 and 005010X223A2; transaction faults are those a payer
answers in a 999 (IK502), interchange faults those of a TA1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from cleanclaim.claims.model import Claim, ClaimType
from cleanclaim.claims.readers import x12_envelope
from cleanclaim.claims.readers.x12_envelope import Lost, Transaction
from cleanclaim.claims.readers.x12_segment import Fault, free_text
from cleanclaim.claims.readers.x12_transaction import TransactionReader
from cleanclaim.errors import UnreadableFile
from cleanclaim.types import Reject

looks_like = x12_envelope.looks_like

_GUIDES: Final = {
    "005010X222": ClaimType.PROFESSIONAL,
    "005010X223": ClaimType.INSTITUTIONAL,
    "005010X224": ClaimType.DENTAL,
}
_GUIDE_LENGTH: Final = len("005010X222")
_VERSION: Final = re.compile(r"00[0-9]{4}(?:X[0-9]{3}[0-9A-Z]{0,4})?")

_TRANSACTION_SETS: Final = {
    "270": "a 270 eligibility inquiry",
    "271": "a 271 eligibility response",
    "275": "a 275 attachment",
    "276": "a 276 claim status request",
    "277": "a 277 claim status response",
    "278": "a 278 authorization request or response",
    "820": "an 820 premium payment",
    "824": "an 824 application advice",
    "834": "an 834 enrollment",
    "835": "an 835 remittance advice",
    "997": "a 997 functional acknowledgment",
    "999": "a 999 implementation acknowledgment",
}
_CLAIM_ACKNOWLEDGMENT: Final = "005010X214"


def read(content: bytes, file: str) -> Iterator[Claim | Reject]:
    """Every claim of an 837 file, or the reject that stands for it, in file order.

    ``file`` is the name used in places and messages. Each segment that starts with CLM and an element separator
    ends as one claim or in one reject.

    Raises:
        UnreadableFile: when the file holds no 5010 837 and no claim lost by a broken envelope.
    """
    stretches = x12_envelope.split(content)
    refuse_others(content, file, stretches)
    return chain.from_iterable(read_stretch(content, file, stretch) for stretch in stretches)


def refuse_others(content: bytes, file: str, stretches: list[Transaction | Lost]) -> None:
    """Raises UnreadableFile for a file that holds no 5010 837 and no claim lost by a broken envelope."""
    if not any(_may_hold_claims(content, stretch) for stretch in stretches):
        raise UnreadableFile(f"{file}: {_what_it_is(stretches)}")


def read_stretch(content: bytes, file: str, stretch: Transaction | Lost) -> Iterator[Claim | Reject]:
    """Every claim of a transaction, or of a stretch of bytes that is none, or the reject that stands for it."""
    if isinstance(stretch, Lost):
        yield from _reject_all(content, file, stretch, Fault(stretch.start, stretch.segment, stretch.reason))
        return
    kind = kind_of(stretch)
    if kind in {ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL}:
        yield from TransactionReader(content, file, stretch, kind).read()
    else:
        yield from _reject_all(content, file, stretch, Fault(stretch.start, "ST", _why_not(stretch)))


def _reject_all(content: bytes, file: str, stretch: Transaction | Lost, fault: Fault) -> Iterator[Reject]:
    """One reject for each claim of an unreadable stretch, or one for the stretch if it holds none."""
    empty = True
    for byte, claim in x12_envelope.claims_in(content, stretch):
        empty = False
        yield Reject(file, byte, "CLM", str(fault), free_text(claim) or None)
    if empty:
        yield Reject(file, fault.byte, fault.segment, str(fault), claims=0)


def kind_of(transaction: Transaction) -> ClaimType | None:
    """Which of the 5010 claim guides the transaction follows; None for anything else."""
    return _GUIDES.get(transaction.guide[:_GUIDE_LENGTH]) if transaction.set_id == "837" else None


def _may_hold_claims(content: bytes, stretch: Transaction | Lost) -> bool:
    """True for claims we read, and for claims that a broken envelope hides."""
    if isinstance(stretch, Transaction):
        if kind_of(stretch) is not None:
            return True
        if stretch.set_id in _TRANSACTION_SETS or (stretch.set_id == "837" and _VERSION.fullmatch(stretch.guide)):
            return False
    return next(x12_envelope.claims_in(content, stretch), None) is not None


def _what_it_is(stretches: list[Transaction | Lost]) -> str:
    """Why a file without a claim of ours cannot be read: by its first transaction, else by what stands first."""
    for stretch in stretches:
        if isinstance(stretch, Transaction):
            return _why_not(stretch)
    for stretch in stretches:
        if isinstance(stretch, Lost):
            return f"{Fault(stretch.start, stretch.segment, stretch.reason)}. Give a whole X12 837 file."
    return "the file is empty. Give an X12 837 file."


def _why_not(transaction: Transaction) -> str:
    """What a transaction we do not read is, and what to do instead."""
    guide = transaction.guide if _VERSION.fullmatch(transaction.guide) else "no readable version"
    if transaction.set_id != "837":
        what = _TRANSACTION_SETS.get(transaction.set_id, "an unknown transaction set")
        if transaction.set_id == "277" and guide.startswith(_CLAIM_ACKNOWLEDGMENT):
            what = "a 277CA claim acknowledgment"
        return f"this is {what} ({guide}), not a claim. Give the 837 file with the claims themselves."
    if kind_of(transaction) is ClaimType.DENTAL:
        return f"this is a dental claim (837D, {guide}); dental is not read yet, only 837P and 837I."
    version = " (4010)" if guide.startswith("004010") else ""
    return (
        f"this is an X12 837 of another version: {guide}{version}. "
        "Ask the sender for 5010: 005010X222 (professional) or 005010X223 (institutional)."
    )

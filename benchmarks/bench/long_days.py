"""Long days as hospitals' laboratories and departments bill them: many lines of one patient, few edits between them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bench.bodies import charge_of
from bench.claims837 import SEED, claims_file
from bench.encounters import WITHOUT_POLICY
from bench.row import claims_of
from bench.x12 import FIRST_DAY

from cleanclaim.claims.model import Claim, ClaimLine
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.types import Setting

_LABORATORY: Final = (("82000", "84999"), ("85002", "85810"), ("86000", "87999"))
_SUPPLIES: Final = (("A4206", "A6999"),)
_THERAPY: Final = ("97110", "97112", "97116", "97530", "97535")
_THERAPISTS: Final = "GP"
_IN_CLAIM: Final = 50
"""Lines that an 837P claim may have."""
_ANY: Final = 25
"""One line in so many is of a test that may be bundled with another."""


def long_days(book: OpenBook, lines: int, days: int) -> list[Claim]:
    """The claims of ``days`` patients, each with ``lines`` lines on one day for a payer that has no policy."""
    random_ = random.Random(SEED)  # noqa: S311 - test data
    tests = _of(book.index.keys_of(spec("mue-practitioner")), _LABORATORY)
    supplies = _of(book.index.keys_of(spec("hcpcs")), _SUPPLIES)
    apart = _without_edits(book, [*_THERAPY, *tests, *supplies])
    claims = claims_of(claims_file(book, 2 * days, lines=(1,)))[:days]
    return [one for claim in claims for one in _day(claim, _codes(random_, lines, apart, tests))]


def _of(codes: Sequence[str], ranges: Sequence[tuple[str, str]]) -> list[str]:
    return [code for code in codes if any(first <= code <= last for first, last in ranges)]


def _without_edits(book: OpenBook, codes: Sequence[str]) -> list[str]:
    """Those of some codes that no procedure pair bundles with one before them."""
    day, chosen, bundled = book.as_of(FIRST_DAY), list[str](), set[str]()
    for code in codes:
        if code not in bundled:
            pairs = day.ptp_of(Setting.PRACTITIONER, code)
            bundled |= pairs.column_one.keys() | pairs.column_two.keys()
            chosen.append(code)
    return chosen


def _codes(random_: random.Random, lines: int, apart: Sequence[str], tests: Sequence[str]) -> list[str]:
    """Codes of a day, each once while there are others."""
    drawn: list[str] = []
    while len(drawn) < lines:
        drawn += random_.sample(apart, min(len(apart), lines - len(drawn)))
    return [random_.choice(tests) if tests and random_.randrange(_ANY) == 0 else code for code in drawn]


def _day(claim: Claim, codes: Sequence[str]) -> list[Claim]:
    """The claims of a patient's day, made of a claim of one line."""
    made = []
    for part, some in enumerate(_batches(codes)):
        lines = tuple(_line(claim.lines[0], number, code) for number, code in enumerate(some, start=1))
        charged = sum((line.charge or Decimal() for line in lines), Decimal())
        made.append(
            replace(
                claim,
                claim_id=f"{claim.claim_id}-{part}",
                payer_id=WITHOUT_POLICY.identifier,
                payer_name=WITHOUT_POLICY.name,
                filing_indicator=WITHOUT_POLICY.indicator,
                total_charge=charged,
                lines=lines,
            )
        )
    return made


def _batches(codes: Sequence[str]) -> list[Sequence[str]]:
    return [codes[at : at + _IN_CLAIM] for at in range(0, len(codes), _IN_CLAIM)]


def _line(line: ClaimLine, number: int, code: str) -> ClaimLine:
    modifiers = (_THERAPISTS,) if code in _THERAPY else ()
    charge = Decimal(charge_of(code))
    return replace(line, line_no=number, hcpcs=code, modifiers=modifiers, units=Decimal(1), charge=charge, pos="22")

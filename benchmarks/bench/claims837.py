"""837P files of any size, made from a seed: real code numbers of the book in use, synthetic patients.

What is billed is skewed as in practice (a few visit codes on most claims, a long tail) and mostly payable: codes the
fee schedule pays, where it says they are done, with 26 where a share is due. Wrong is about one claim in three:
bundled pairs and too many units come about by themselves, and codes that do not exist, broken numbers, doubled lines
and claims that cannot be read are put in on purpose, each on one claim in a hundred.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec

FIRST_DAY: Final = dt.date(2026, 7, 1)
"""Services lie in the quarter that the starter's fee schedule covers."""
DAYS: Final = 60
CLAIMS_IN_TRANSACTION: Final = 5000
CLAIMS_OF_PROVIDER: Final = 40
_LINES: Final = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8)
_VISITS: Final = ("99213", "99214", "99203", "99204", "99212", "99232", "99223", "99284")
_MODIFIERS: Final = (*[""] * 30, "59", "XS", "RT", "LT", "50", "51", "76", "GA")
_OFFICE: Final = "11"
_PLACES: Final = ("11", "11", "11", "22", "22", "23", "21")
_DIAGNOSES: Final = (
    "K2950",
    "I10",
    "E119",
    "M5450",
    "M5416",
    "J069",
    "R1013",
    "Z0000",
    "K219",
    "N390",
    "K222",
    "M25561",
)


@dataclass(frozen=True, slots=True)
class CodeSkew:
    """Codes payable in a setting with how often each is drawn: the n-th most frequent in proportion to 1/(n + 3)."""

    codes: tuple[str, ...]
    weights: tuple[float, ...]
    divided: frozenset[str]
    """Codes with a professional and a technical share."""

    @classmethod
    def of(cls, book: OpenBook, seed: int, *, facility: bool) -> CodeSkew:
        """The codes with a unit limit that the fee schedule pays in the setting, visits first, the rest shuffled."""
        day = book.as_of(FIRST_DAY)
        limits = book.index.keys_of(spec("mue-practitioner"))
        rows = {code: day.fee_schedule(code).fact for code in limits if day.fee_schedule(code).known}
        payable = [
            code
            for code, row in rows.items()
            if row.status_indicator in "ART"
            and not (row.na_facility if facility else row.na_nonfacility)
            and row.pc_tc_indicator in {"0", "1"}
            and row.global_days != "ZZZ"
        ]
        rest = [code for code in payable if code not in _VISITS]
        random.Random(seed).shuffle(rest)  # noqa: S311 - test data
        ranked = (*(code for code in _VISITS if code in payable), *rest)
        weights = itertools.accumulate(1 / (rank + 3) for rank in range(len(ranked)))
        return cls(ranked, tuple(weights), frozenset(code for code in ranked if rows[code].pc_tc_indicator == "1"))


Skews = tuple[CodeSkew, CodeSkew]
"""Of an office, and of a facility."""


def claims_file(book: OpenBook, claims: int, *, seed: int = 20260701, lines: Sequence[int] = _LINES) -> bytes:
    """An 837P file of ``claims`` claims whose numbers of lines are drawn from ``lines``.

    The same book and seed give the same bytes.
    """
    skews = (CodeSkew.of(book, seed, facility=False), CodeSkew.of(book, seed, facility=True))
    random_ = random.Random(seed)  # noqa: S311 - test data
    out = ["ISA*00*          *00*          *ZZ*BENCH          *ZZ*12345          *261001*1200*^*00501*000000001*1*T*:"]
    out.append("GS*HC*BENCH*12345*20261001*1200*1*X*005010X222A1")
    transactions = 0
    for first in range(0, claims, CLAIMS_IN_TRANSACTION):
        transactions += 1
        many = min(CLAIMS_IN_TRANSACTION, claims - first)
        segments = list(_transaction(random_, skews, lines, first, many))
        out += [*segments, f"SE*{len(segments) + 1}*{transactions:04d}"]
    out += [f"GE*{transactions}*1", "IEA*1*000000001", ""]
    return "~\n".join(out).encode("ascii")


def _transaction(random_: random.Random, skews: Skews, lines: Sequence[int], first: int, many: int) -> Iterator[str]:
    number = first // CLAIMS_IN_TRANSACTION + 1
    yield f"ST*837*{number:04d}*005010X222A1"
    yield f"BHT*0019*00*{number}*20261001*1200*CH"
    yield "NM1*41*2*BENCH BILLING*****46*BENCH"
    yield "PER*IC*DESK*TE*6145550100"
    yield "NM1*40*2*MEDICARE*****46*12345"
    level = parent = 0
    for at in range(many):
        if at % CLAIMS_OF_PROVIDER == 0:
            level += 1
            parent = level
            yield f"HL*{level}**20*1"
            yield "PRV*BI*PXC*207Q00000X"
            yield f"NM1*85*2*CLINIC {first + at}*****XX*{npi(100 + (first + at) // CLAIMS_OF_PROVIDER)}"
            yield "N3*200 MAIN ST"
            yield "N4*COLUMBUS*OH*432150003"
            yield "REF*EI*311234567"
        level += 1
        yield from _subscriber(level, parent, first + at)
        yield from _claim(random_, skews, random_.choice(lines), first + at)


def _subscriber(level: int, parent: int, claim: int) -> Iterator[str]:
    patient = claim - claim % 3 // 2  # one patient in three has two claims in the file
    yield f"HL*{level}*{parent}*22*0"
    yield "SBR*P*18*******MB"
    yield f"NM1*IL*1*SYNTHETIC*PATIENT****MI*T{patient:09d}"
    yield "N3*100 MAIN ST"
    yield "N4*COLUMBUS*OH*432150001"
    yield f"DMG*D8*19{40 + patient % 50:02d}0{1 + patient % 9}15*{'FM'[patient % 2]}"
    yield "NM1*PR*2*MEDICARE*****PI*12345"


def _claim(random_: random.Random, skews: Skews, lines: int, number: int) -> Iterator[str]:
    day = FIRST_DAY + dt.timedelta(days=random_.randrange(DAYS))
    place = random_.choice(_PLACES)
    skew = skews[place != _OFFICE]
    codes = random_.choices(skew.codes, cum_weights=skew.weights, k=lines)
    fault = random_.randrange(100)
    if fault < 3:
        codes[0] = "00001" if fault else "9921"  # no such code; no code at all
    if fault == 3:
        codes[-1] = codes[0]
    charges = [random_.randrange(20, 900) for _ in codes]
    if fault == 4:
        charges[0] = -charges[0]
    total = "" if fault == 5 else str(sum(charges) + (fault == 6))  # CLM02 is required: such a claim is unreadable
    yield f"CLM*B{number:08d}*{total}***{place}:B:1*Y*A*Y*Y"
    diagnoses = random_.sample(_DIAGNOSES, random_.choice((1, 1, 2, 3)))
    if fault == 7:
        diagnoses[0] = "Z99999"
    yield "HI*" + "*".join(f"{'ABK' if at == 0 else 'ABF'}:{code}" for at, code in enumerate(diagnoses))
    rendering = npi(500_000 + number // 7)
    if fault == 8:
        rendering = rendering[:-1] + str((int(rendering[-1]) + 1) % 10)
    yield f"NM1*82*1*DOCTOR*ANN****XX*{rendering}"
    yield "PRV*PE*PXC*207RG0100X"
    for line, (code, charge) in enumerate(zip(codes, charges, strict=True), start=1):
        modifier = random_.choice(_MODIFIERS)
        if code in skew.divided and place != _OFFICE:
            modifier = "26"
        elif line > 1 and code[:3] == "992":
            modifier = "25"
        units = 1 if random_.randrange(20) else random_.randrange(2, 12)
        pointer = 9 if fault == 9 else 1
        yield f"LX*{line}"
        yield f"SV1*HC:{code}{':' + modifier if modifier else ''}*{charge}*UN*{units}***{pointer}"
        yield f"DTP*472*D8*{day:%Y%m%d}"


def npi(number: int) -> str:
    """A well-formed NPI: nine digits and their Luhn check digit (the prefix 80840 adds 24)."""
    digits = f"1{number % 100_000_000:08d}"
    total = 24 + sum(sum(divmod(int(digit) * (2 if at % 2 == 0 else 1), 10)) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"

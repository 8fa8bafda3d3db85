"""The hard mix: procedures drawn at random, so that most claims have something wrong; the worst case of the rules.

What is billed is skewed (a few visit codes on most claims, a long tail) and each line is payable by itself: codes the
fee schedule pays, where it says they are done, with 26 where a share is due. Bundled pairs, too many units and care
within global days come about by themselves; codes that do not exist, broken numbers, doubled lines and claims that
cannot be read are put in on purpose, each on one claim in a hundred. All patients are Medicare's, at one place.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.x12 import CLAIMS_OF_PROVIDER, DAYS, FIRST_DAY, npi

from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec

LINES: Final = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8)
"""How many lines a claim has, one of these."""
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


class Hard:
    """Claims of the hard mix, provider after provider."""

    def __init__(self, book: OpenBook, seed: int, lines: Sequence[int] = LINES) -> None:
        self._skews = (CodeSkew.of(book, seed, facility=False), CodeSkew.of(book, seed, facility=True))
        self._random = random.Random(seed)  # noqa: S311 - test data
        self._lines = lines

    def provider(self, first: int, many: int, level: int) -> Iterator[str]:
        """The segments of a billing provider and of ``many`` claims; ``level`` numbers its hierarchical level."""
        parent = level
        yield f"HL*{level}**20*1"
        yield "PRV*BI*PXC*207Q00000X"
        yield f"NM1*85*2*CLINIC {first}*****XX*{npi(100 + first // CLAIMS_OF_PROVIDER)}"
        yield "N3*200 MAIN ST"
        yield "N4*COLUMBUS*OH*432150003"
        yield "REF*EI*311234567"
        for claim in range(first, first + many):
            level += 1
            yield from _subscriber(level, parent, claim)
            yield from self._claim(self._random.choice(self._lines), claim)

    def _claim(self, lines: int, number: int) -> Iterator[str]:
        random_ = self._random
        day = FIRST_DAY + dt.timedelta(days=random_.randrange(DAYS))
        place = random_.choice(_PLACES)
        skew = self._skews[place != _OFFICE]
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


def _subscriber(level: int, parent: int, claim: int) -> Iterator[str]:
    patient = claim - claim % 3 // 2  # one patient in three has two claims in the file
    yield f"HL*{level}*{parent}*22*0"
    yield "SBR*P*18*******MB"
    yield f"NM1*IL*1*SYNTHETIC*PATIENT****MI*T{patient:09d}"
    yield "N3*100 MAIN ST"
    yield "N4*COLUMBUS*OH*432150001"
    yield f"DMG*D8*19{40 + patient % 50:02d}0{1 + patient % 9}15*{'FM'[patient % 2]}"
    yield "NM1*PR*2*MEDICARE*****PI*12345"

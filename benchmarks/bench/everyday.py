"""The everyday mix: claims as practices send them.

A billing provider has a specialty and a panel of patients, some of whom it sees several times, a fifth of whom other
providers see too. What is billed is drawn from :mod:`bench.encounters`, with a tail of rarer procedures of the
specialty from the fee schedule. Patients have an age, a sex and a payer that fit. One claim in seven has something
wrong on purpose (:mod:`bench.faults`), one in a hundred cannot be read.

Claims are put together from pieces written beforehand: some 20,000 bodies, each with its lines and diagnoses.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bench import encounters as known
from bench.bodies import Body, bodies_of, tail_of
from bench.faults import spoil, unreadable
from bench.x12 import CLAIMS_OF_PROVIDER, DAYS, FIRST_DAY, npi

from cleanclaim.index.lookup import OpenBook

_WRONG: Final = 0.15
_UNREADABLE: Final = 0.01
_TAIL: Final = 0.05
"""Share of a specialty's claims that are of its rarer procedures."""
_SENT_TWICE: Final = 0.02
"""Share of the claims of a day that are the one before once more."""
_PANEL: Final = 30
_SHARED: Final = 6
"""Patients of a panel that are of another provider's."""
_FIRST_VISIT: Final = 0.5
"""Share of patients seen for the first time in the file who are new to the provider, or need not be."""
_MASK: Final = (1 << 64) - 1


class Patient(NamedTuple):
    """A patient, all of whom follows from the number."""

    number: int
    kind: tuple[str, str, str]
    """Words of the age, the sex and the payer that encounters ask for."""
    birth: dt.date
    sex: str
    payer: known.Payer | None
    """None: Medicare, whose contractor follows from the place."""


def patient(number: int) -> Patient:
    """The patient of a number: four in ten Medicare's, most others of commercial payers, one in eight Medicaid's."""
    drawn = (number * 0x9E3779B97F4A7C15 + 0x1234567) & _MASK
    drawn = (drawn ^ drawn >> 29) * 0xBF58476D1CE4E5B9 & _MASK
    share, rest = drawn >> 40 & 1023, drawn >> 8
    sex = "FFFFFFFFFFFMMMMMMMMM"[rest % 20]
    payer: known.Payer | None = None
    if share < 420:
        age = 65 + rest // 20 % 27
    else:
        age = rest // 20 % 64 + (1 if rest % 7 == 0 else 0)
        if share < 550:
            age, payer = (age % 17 + 1 if rest % 2 else age), known.MEDICAID
        else:
            payer = _COMMERCIAL[rest // 1280 % len(_COMMERCIAL)]
    age = max(1, age)
    birth = dt.date(2026 - age, 1 + rest // 97 % 6, 1 + rest // 331 % 28)
    return Patient(number, (_age(age), sex, "other" if payer else "medicare"), birth, sex, payer)


_COMMERCIAL: Final = tuple(
    itertools.chain.from_iterable([payer] * int(payer.weight // 2) for payer in known.COMMERCIAL)
)


def _age(years: int) -> str:
    for word, below in (("infant", 5), ("school", 12), ("teen", 18), ("young", 40), ("middle", 65)):
        if years < below:
            return word
    return "old"


def _fits(who: str, kind: tuple[str, str, str], *, new: bool) -> bool:
    age, sex, payer = kind
    true = {
        age,
        payer,
        "woman" if sex == "F" else "man",
        *(("child",) if age in {"infant", "school", "teen"} else ("grown",)),
        *(("new",) if new else ()),
        *(("mammogram",) if age in {"middle", "old"} else ()),
    }
    return set(who.split()) <= true


class _Choice(NamedTuple):
    """What a patient may come for: bodies by encounter, with summed weights."""

    bodies: tuple[Sequence[Body], ...]
    summed: tuple[float, ...]

    def draw(self, random_: random.Random) -> Body:
        bodies = self.bodies[bisect(self.summed, random_.random() * self.summed[-1])]
        return bodies[int(random_.random() * len(bodies))]


class Everyday:
    """Claims of the everyday mix, provider after provider; ``claims`` is how many there will be.

    Without ``faults`` nothing is wrong on purpose, and all can be read.
    """

    def __init__(self, book: OpenBook, seed: int, claims: int, *, faults: bool = True) -> None:
        self._wrong, self._unreadable = (_WRONG, _WRONG + _UNREADABLE) if faults else (0.0, 0.0)
        self._random = random.Random(seed)  # noqa: S311 - test data
        self._providers = max(1, -(-claims // CLAIMS_OF_PROVIDER))
        self._summed = tuple(itertools.accumulate(one.weight for one in known.SPECIALTIES))
        day = book.as_of(FIRST_DAY)
        self._bodies = [
            [(encounter, bodies_of(encounter, one, self._random)) for encounter in one.encounters]
            for one in known.SPECIALTIES
        ]
        self._tails = [tail_of(book, day, one, self._random) for one in known.SPECIALTIES]
        self._choices: dict[tuple[int, tuple[str, str, str], bool], _Choice | None] = {}

    def provider(self, first: int, many: int, level: int) -> Iterator[str]:
        """The segments of a billing provider and of ``many`` claims; ``level`` numbers its hierarchical level."""
        random_ = self._random
        number = first // CLAIMS_OF_PROVIDER
        specialty = bisect(self._summed, random_.random() * self._summed[-1])
        taxonomy = known.SPECIALTIES[specialty].taxonomy
        place = known.PLACES[number % len(known.PLACES)]
        city, state, zip_code, _ = place
        parent = level
        yield f"HL*{level}**20*1"
        yield f"PRV*BI*PXC*{taxonomy}"
        yield f"NM1*85*2*PRACTICE {number}*****XX*{npi(100 + number)}"
        yield "N3*200 MAIN ST"
        yield f"N4*{city}*{state}*{zip_code}0003"
        yield f"REF*EI*31{1_000_000 + number % 8_999_999}"
        panel = self._panel(number, specialty)
        days = sorted(int(random_.random() * DAYS) for _ in range(many))
        seen: dict[int, int] = {}
        body, who, doctor, last = None, panel[0], "", -1
        for claim, day in enumerate(days, start=first):
            level += 1
            again = self._wrong > 0 and body is not None and day == last and random_.random() < _SENT_TWICE
            if not again:
                who = self._next(panel, seen, day)
                new = who.number not in seen and random_.random() < _FIRST_VISIT
                body = self._billed(self._body(specialty, who, new=new), number)
                seen[who.number] = day
                doctor = npi(5_000_000 + number * 3 + who.number % 3)
            last = day
            assert body is not None
            yield from _subscriber(level, parent, who, place)
            there, by = body, doctor
            wrong = random_.random()
            if wrong < self._wrong:
                there, by = spoil(body, doctor, who.sex, random_)
            elif wrong < self._unreadable:
                there = unreadable(body)
            yield f"CLM*E{claim:08d}{there.head}"
            yield there.diagnoses
            yield f"NM1*82*1*DOCTOR*ANN****XX*{by}"
            yield f"PRV*PE*PXC*{taxonomy}"
            yield from there.segments(_DATES[day])

    def _patient(self, number: int) -> Patient:
        """The patient of a number."""
        return patient(number)

    def _billed(self, body: Body, provider: int) -> Body:  # noqa: ARG002 - other mixes bill by provider
        """What a provider makes of a body drawn."""
        return body

    def _panel(self, number: int, specialty: int) -> list[Patient]:
        """The provider's patients: its own, whom the specialty treats, and some of another provider's."""
        other = number * 7919 % self._providers
        own = (self._patient(number * 100 + at) for at in range(100))
        others = (self._patient(other * 100 + at) for at in range(100))
        treated = list(itertools.islice(self._treated(others, specialty), _SHARED))
        treated += itertools.islice(self._treated(own, specialty), _PANEL - len(treated))
        return treated

    def _treated(self, patients: Iterator[Patient], specialty: int) -> Iterator[Patient]:
        return (one for one in patients if self._choice(specialty, one.kind, new=False) is not None)

    def _next(self, panel: list[Patient], seen: dict[int, int], day: int) -> Patient:
        """Someone of the panel who was not there the same day."""
        for _ in range(8):
            # Squared: some come often, many once.
            who = panel[int(self._random.random() ** 2 * len(panel))]
            if seen.get(who.number) != day:
                return who
        return who

    def _body(self, specialty: int, who: Patient, *, new: bool) -> Body:
        tail = self._tails[specialty]
        if who.kind[0] in {"young", "middle", "old"} and tail and self._random.random() < _TAIL:
            return tail[int(self._random.random() ** 3 * len(tail))]
        choice = self._choice(specialty, who.kind, new=new)
        assert choice is not None, "a panel holds patients the specialty treats"
        return choice.draw(self._random)

    def _choice(self, specialty: int, kind: tuple[str, str, str], *, new: bool) -> _Choice | None:
        key = (specialty, kind, new)
        if key not in self._choices:
            fitting = [
                (encounter.weight, bodies)
                for encounter, bodies in self._bodies[specialty]
                if _fits(encounter.who, kind, new=new)
            ]
            summed = tuple(itertools.accumulate(weight for weight, _ in fitting))
            self._choices[key] = _Choice(tuple(bodies for _, bodies in fitting), summed) if fitting else None
        return self._choices[key]


_DATES: Final = tuple(f"{FIRST_DAY + dt.timedelta(days=at):%Y%m%d}" for at in range(DAYS))


def _subscriber(level: int, parent: int, who: Patient, place: tuple[str, str, str, str]) -> Iterator[str]:
    city, state, zip_code, contractor = place
    payer = who.payer or known.Payer(contractor, known.MEDICARE, "MB", 0)
    yield f"HL*{level}*{parent}*22*0"
    yield f"SBR*P*18*******{payer.indicator}"
    yield f"NM1*IL*1*SYNTHETIC*PATIENT****MI*T{who.number:010d}"
    yield "N3*100 MAIN ST"
    yield f"N4*{city}*{state}*{zip_code}0001"
    yield f"DMG*D8*{who.birth:%Y%m%d}*{who.sex}"
    yield f"NM1*PR*2*{payer.name}*****PI*{payer.identifier}"

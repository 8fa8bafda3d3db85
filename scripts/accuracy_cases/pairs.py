"""PTP: pairs drawn from the table within each specialty's codes, each fault beside the same claim made right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from accuracy_cases.model import NCCI_DAY, Bench, Case, Claim, Expected, Practice, claim, line, spread
from accuracy_cases.practices import (
    DERM,
    ENT,
    EYE,
    GI,
    GYN,
    HAND,
    LAB,
    NEURO_SURG,
    ORTHO,
    PODIATRY,
    PRACTICES,
    PRIMARY,
    PULM,
    SURGERY,
)
from accuracy_cases.tables import NEVER_DELETED, Pair, Tables

NEXT_DAY: Final = NCCI_DAY + timedelta(1)
OTHER_TAXONOMY: Final = "208D00000X"
# Modifiers that Medicare wants on every such line: the therapy plan, and active treatment by a chiropractor.
ALWAYS: Final = {"physical therapy": "GP", "chiropractic": "AT"}
# A procedure and a visit of the day: (practice, procedure, visit, diagnoses of procedure and visit).
VISITS: Final = (
    (DERM, "17110", "99213", ("L820", "L570")),
    (ORTHO, "20610", "99214", ("M1711", "M7541")),
    (EYE, "67028", "99213", ("E113213", "H401131")),
    (PODIATRY, "11042", "99213", ("E11621", "B351")),
    (PRIMARY, "69210", "99213", ("H6121", "I10")),
    (SURGERY, "10060", "99203", ("L0291", "K4090")),
)
# Two procedures of one practice on sides or digits: (practice, one, two, modifier here, modifier there, diagnoses).
SITES: Final = (
    (ORTHO, "29827", "20610", "RT", "LT", ("M75101", "M7542")),
    (HAND, "26055", "26440", "F1", "F7", ("M65322", "M65341")),
    (EYE, "66984", "66821", "LT", "RT", ("H2512", "H26491")),
    (PODIATRY, "28285", "28080", "T6", "TA", ("M2041", "G5762")),
)
# Edits that the table of 2024Q3 shows as ended: (practice, Column One, Column Two, diagnosis).
ENDED: Final = (
    (ORTHO, "29806", "20600", "M75101"),
    (EYE, "66988", "65820", "H2511"),
    (LAB, "81420", "81220", "O09511"),
    (LAB, "81420", "81329", "O09511"),
)
# Edits whose indicator changed: with 59 the one day is paid and the next is not, or the other way round.
CHANGED: Final = (
    (NEURO_SURG, "27280", "27278", "M461"),
    (ENT, "31241", "30802", "R040"),
    (GI, "43253", "43242", "K8689"),
    (PULM, "94669", "94668", "J479"),
    (PULM, "94669", "94667", "J479"),
    (GYN, "58573", "58571", "D259"),
    (GYN, "58573", "58570", "D259"),
)


def write(bench: Bench, tables: Tables, chance: random.Random) -> None:
    """The PTP cases."""
    for number, practice in enumerate(PRACTICES):
        never = _draw(tables, practice, 0, chance)
        if never:
            _never_together(bench, practice, never, number)
        distinct = _draw(tables, practice, 1, chance)
        if distinct:
            _unless_distinct(bench, practice, distinct, number)
    _visits(bench, tables)
    _sites(bench, tables)
    _deleted(bench, tables)
    _changed(bench, tables)
    _never_in_force(bench, tables, chance)


def _usable(tables: Tables, practice: Practice) -> list[str]:
    """Codes that can stand alone on a claim: no add-on, a unit limit of at least one; visits are cases of their own."""
    limits = tables.limits["P", 2024]
    return [
        code
        for code in practice.codes
        if code in limits and limits[code].units and code not in tables.add_ons and not code.startswith(("99", "920"))
    ]


def _draw(tables: Tables, practice: Practice, indicator: int, chance: random.Random) -> Pair | None:
    codes = _usable(tables, practice)
    found = [
        row
        for one in codes
        for two in codes
        if one != two
        and (row := tables.in_force(one, two, NCCI_DAY))
        and row.indicator == indicator
        and row.deleted.year == 9999
        and (two, one) not in tables.pairs
    ]
    return chance.choice(found) if found else None


def _two(
    practice: Practice, one: str, two: str, modifiers: str = "", *, reverse: bool = False, on_first: str = ""
) -> Claim:
    """A claim with the pair; ``modifiers`` on Column Two, ``on_first`` on Column One; Column Two first if reversed."""
    always = ALWAYS.get(practice.name, "")
    first, second = line(one, f"{always} {on_first}"), line(two, f"{always} {modifiers}")
    return claim(practice, *((second, first) if reverse else (first, second)))


def _denied(*numbers: int, families: Sequence[str] = ("PTP", "END", "IMG", "GLO")) -> Expected:
    return Expected(tuple(families), numbers)


def _never_together(bench: Bench, practice: Practice, pair: Pair, number: int) -> None:
    one, two = pair.column_one, pair.column_two
    fault = (
        lambda: bench.fault("PTP", f"{practice.name}: indicator 0", _two(practice, one, two), _denied(2)),
        lambda: bench.fault(
            "PTP",
            f"{practice.name}: indicator 0, 59 cannot bypass it",
            _two(practice, one, two, "59"),
            _denied(2, families=("PTP", "END", "MOD")),
        ),
        lambda: bench.fault(
            "PTP",
            f"{practice.name}: indicator 0, Column Two billed first",
            _two(practice, one, two, reverse=True),
            _denied(1),
        ),
    )[number % 3]()
    if number % 2:
        right = [_later(bench, practice, one, two, 0)]
    else:
        always = ALWAYS.get(practice.name, "")
        here, there = spread(claim(practice, line(one, always)), f"two-{one}-{two}", claim(practice, line(two, always)))
        there = _by_another(there)
        right = [
            bench.control("PTP", f"{practice.name}: indicator 0, but two providers of two specialties", made)
            for made in (here, there)
        ]
    bench.neighbours(fault, *right)


def _by_another(made: Claim) -> Claim:
    return replace(made, rendering=1, taxonomy=OTHER_TAXONOMY)


def _later(bench: Bench, practice: Practice, one: str, two: str, indicator: int) -> Case:
    always = ALWAYS.get(practice.name, "")
    made = claim(practice, line(one, always), line(two, always, day=NEXT_DAY))
    return bench.control("PTP", f"{practice.name}: indicator {indicator}, but a day apart", made)


def _unless_distinct(bench: Bench, practice: Practice, pair: Pair, number: int) -> None:
    one, two = pair.column_one, pair.column_two
    name = practice.name
    variants = (
        ("no modifier", _two(practice, one, two), 2),
        ("51 does not bypass", _two(practice, one, two, "51"), 2),
        ("no modifier, Column Two billed first", _two(practice, one, two, reverse=True), 1),
        ("22 does not bypass", _two(practice, one, two, on_first="22"), 2),
        ("76 does not bypass", _two(practice, one, two, "76"), 2),
    )
    what, made, at = variants[number % len(variants)]
    families = ("PTP", "END", "MOD", "IMG", "GLO")
    fault = bench.fault("PTP", f"{name}: indicator 1, {what}", made, _denied(at, families=families))
    right = (
        lambda: bench.control("PTP", f"{name}: indicator 1, 59 on Column Two", _two(practice, one, two, "59")),
        lambda: bench.control("PTP", f"{name}: indicator 1, XU on Column Two", _two(practice, one, two, "XU")),
        lambda: bench.control(
            "PTP", f"{name}: indicator 1, 59 on Column One (since 2019-07-01)", _two(practice, one, two, on_first="59")
        ),
        lambda: _later(bench, practice, one, two, 1),
    )[number % 4]()
    bench.neighbours(fault, right)


def _visits(bench: Bench, tables: Tables) -> None:
    for practice, procedure, visit, diagnoses in VISITS:
        if not tables.in_force(procedure, visit, NCCI_DAY):
            continue

        def made(
            modifiers: str,
            practice: Practice = practice,
            procedure: str = procedure,
            visit: str = visit,
            diagnoses: tuple[str, ...] = diagnoses,
        ) -> Claim:
            return claim(practice, line(procedure), line(visit, modifiers, pointers=(2,)), diagnoses=diagnoses)

        families = ("PTP", "GLO", "MOD")
        cases = [
            bench.fault("PTP", f"visit with {procedure}, no 25", made(""), _denied(2, families=families)),
            bench.control("PTP", f"visit with {procedure}, 25", made("25")),
        ]
        if practice in {DERM, ORTHO, PODIATRY}:
            told = Expected(families, (2,), "any", "manual")
            about = f"visit with {procedure}, 59 in place of 25"
            cases.append(
                bench.fault("PTP", about, made("59"), told, authority=["NCCI manual I.E.d: 59 is not for E&M"])
            )
        bench.neighbours(*cases)


def _sites(bench: Bench, tables: Tables) -> None:
    for practice, one, two, here, there, diagnoses in SITES:
        edit = tables.in_force(one, two, NCCI_DAY)
        if edit is None or edit.indicator != 1:
            continue  # the table decides which of these can be told apart by site

        def made(
            first: str,
            second: str,
            practice: Practice = practice,
            codes: tuple[str, str] = (one, two),
            diagnoses: tuple[str, ...] = diagnoses,
        ) -> Claim:
            lines = (line(codes[0], first), line(codes[1], second, pointers=(2,)))
            return claim(practice, *lines, diagnoses=diagnoses, pos="22")

        told = Expected(("PTP", "END", "MOD"), (2,), "any")
        bench.neighbours(
            bench.fault(
                "PTP",
                f"{one} with {two} at the same site",
                made(here, here),
                told,
                authority=["NCCI manual I.E: the same anatomic modifier on both shows no other site"],
            ),
            bench.control("PTP", f"{one} with {two} at another site", made(here, there)),
        )


def _deleted(bench: Bench, tables: Tables) -> None:
    """Edits that ended: due on their last day, not the day after. The table's start dates are not at hand."""
    for practice, one, two, dx in ENDED:
        rows = [row for row in tables.pairs.get((one, two), []) if row.indicator != 9]
        last = max((row.deleted for row in rows), default=NEVER_DELETED)
        if last == NEVER_DELETED or tables.in_force(two, one, last):
            continue  # only what the table says

        def made(day: date, codes: tuple[str, str] = (one, two), by: Practice = practice, dx: str = dx) -> Claim:
            return claim(by, *(line(code, day=day) for code in codes), diagnoses=(dx,))

        told = Expected(("PTP", "END", "IMG"), (2,), "any")
        verdicts = ("denied", "review", "not_checked", "stale")
        bench.neighbours(
            bench.fault("PTP", f"{one}/{two} on the last day of the edit, {last}", made(last), told, verdict=verdicts),
            bench.control("PTP", f"{one}/{two} the day after the edit ended", made(last + timedelta(1))),
        )


def _changed(bench: Bench, tables: Tables) -> None:
    for practice, one, two, dx in CHANGED:
        rows = [row for row in tables.pairs[one, two] if row.indicator != 9]
        last = max(row.deleted for row in rows if row.deleted != NEVER_DELETED)
        cases = []
        for day in (last, last + timedelta(1)):
            edit = tables.in_force(one, two, day)
            indicator = edit.indicator if edit else 0
            made = claim(practice, line(one, day=day), line(two, "59", day=day), diagnoses=(dx,), pos="22")
            about = f"{one}/{two} with 59 on {day}, when its indicator is {indicator}"
            if indicator:
                cases.append(bench.control("PTP", about, made))
            else:
                told = Expected(("PTP", "END", "MOD"), (2,), "any")
                verdicts = ("denied", "review", "not_checked", "stale")
                cases.append(bench.fault("PTP", about, made, told, verdict=verdicts))
        bench.neighbours(*cases)


def _never_in_force(bench: Bench, tables: Tables, chance: random.Random) -> None:
    limits = tables.limits["P", 2024]
    for practice in PRACTICES:
        codes = _usable(tables, practice)
        found = [
            (one, two)
            for one in codes
            for two in codes
            if one != two
            and all(row.indicator == 9 for row in tables.pairs.get((one, two), ()))
            and (one, two) in tables.pairs
            and not tables.in_force(two, one, NCCI_DAY)
            and limits[one].units
            and limits[two].units
        ]
        if found and bench_count(bench) < 8:
            one, two = chance.choice(found)
            bench.control("PTP", f"{practice.name}: indicator 9, never in force", _two(practice, one, two))


def bench_count(bench: Bench) -> int:
    """How many cases of indicator 9 there are so far."""
    return sum("indicator 9" in case.about for case in bench.cases)

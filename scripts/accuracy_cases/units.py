"""MUE: at the limit and one above, for each adjudication indicator, and what looks like excess but is none."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from accuracy_cases.model import JULY_2026, NCCI_DAY, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import (
    DERM,
    EMERGENCY,
    EYE,
    GI,
    HOSPITAL,
    LAB,
    NEURO,
    ONCOLOGY,
    ORTHO,
    PAIN,
    PATHOLOGY,
    PODIATRY,
    PRIMARY,
    PSYCH,
    PULM,
    RADIOLOGY,
    THERAPY,
    UROLOGY,
    WOUND,
)
from accuracy_cases.tables import Tables

HEMOPHILIA: Final = replace(ONCOLOGY, name="hemophilia clinic", diagnoses=("D66", "D67"))
BY_LINE: Final = ("J7192", "J7190", "J7193", "J7185", "J7195", "J7194")
BY_DAY: Final = (
    (GI, "43239"),
    (GI, "45385"),
    (DERM, "11200"),
    (UROLOGY, "52000"),
    (PAIN, "64483"),
    (PULM, "31622"),
    (DERM, "17110"),
    (PRIMARY, "93000"),
    (THERAPY, "97110"),
    (THERAPY, "97140"),
    (PATHOLOGY, "88305"),
    (LAB, "80053"),
    (PSYCH, "90837"),
    (NEURO, "95886"),
    (PODIATRY, "11720"),
    (WOUND, "11042"),
    (RADIOLOGY, "71046"),
    (ORTHO, "20610"),
    (EMERGENCY, "12001"),
    (EYE, "92014"),
    (PRIMARY, "96372"),
    (LAB, "81003"),
    (DERM, "11102"),
)
NEEDS_PRIMARY: Final = {"95886": "95910"}
THERAPY_PLAN: Final = {"97110": "GP", "97140": "GP"}
HOSPITAL_UNITS: Final = (
    ("96365", "0260"),
    ("96372", "0510"),
    ("93005", "0730"),
    ("71046", "0324"),
    ("45385", "0750"),
    ("85025", "0305"),
)


def write(bench: Bench, tables: Tables, chance: random.Random) -> None:
    """The MUE cases."""
    limits = tables.limits["P", 2024]
    for code in BY_LINE:
        _pair(bench, HEMOPHILIA, code, limits[code].units, "by line (MAI 1)", companion="96374")
    half = limits["J7192"].units // 2 + 1
    bench.control(
        "MUE",
        "MAI 1: two lines with 76, each below the limit, together above",
        claim(HEMOPHILIA, line("96374"), line("J7192", units=half), line("J7192", "76", half)),
    )
    for practice, code in BY_DAY:
        limit = limits[code]
        _pair(bench, practice, code, limit.units, f"by day (MAI {limit.mai})", companion=NEEDS_PRIMARY.get(code, ""))
    _over_lines(bench, tables)
    _not_too_many(bench, tables)
    _zero(bench, tables, chance)
    _hospital(bench, tables)
    for practice, code in BY_DAY[::4]:
        row = tables.limits["P", 2026][code]
        _pair(bench, practice, code, row.units, f"in 2026, MAI {row.mai}", day=JULY_2026)


def _pair(
    bench: Bench, practice: Practice, code: str, limit: int, how: str, *, companion: str = "", day: date = NCCI_DAY
) -> None:
    first = [line(companion, day=day)] if companion else []
    plan = THERAPY_PLAN.get(code, "")

    def made(units: int) -> Claim:
        return claim(practice, *first, line(code, plan, units, day))

    at = len(first) + 1
    severity = "any" if "3" in how.rsplit("MAI", maxsplit=1)[-1] else "deny"
    told = Expected(("MUE", "DUP", "END", "MOD"), (at,), severity)
    bench.neighbours(
        bench.fault("MUE", f"{code}: {limit + 1} units, limit {limit} {how}", made(limit + 1), told),
        bench.control("MUE", f"{code}: {limit} units, limit {limit} {how}", made(limit)),
    )


def _over_lines(bench: Bench, tables: Tables) -> None:
    limits = tables.limits["P", 2024]
    for practice, code, modifier, plan in (
        (THERAPY, "97110", "59", "GP "),
        (PATHOLOGY, "88305", "59", ""),
        (GI, "43239", "59", ""),
        (DERM, "17110", "76", ""),
        (PAIN, "64483", "59", ""),
        (WOUND, "11042", "XS", ""),
    ):
        limit = limits[code]
        first = (limit.units + 2) // 2
        rest = limit.units + 1 - first
        told = Expected(("MUE", "DUP", "MOD", "END"), (1, 2), "any" if limit.mai == 3 else "deny")
        fault = bench.fault(
            "MUE",
            f"{code}: lines of {first} and {rest} with {modifier}, limit {limit.units} by day (MAI {limit.mai})",
            claim(practice, line(code, plan, first), line(code, plan + modifier, rest)),
            told,
        )
        apart = claim(practice, line(code, plan, first), line(code, plan, rest, NCCI_DAY + timedelta(2)))
        bench.neighbours(fault, bench.control("MUE", f"{code}: lines of {first} and {rest} on two days", apart))


def _not_too_many(bench: Bench, tables: Tables) -> None:
    limits = tables.limits["P", 2024]
    for practice, code in ((PRIMARY, "93000"), (PATHOLOGY, "88305"), (EMERGENCY, "93010")):
        units = limits[code].units
        for rendering, taxonomy in ((0, ""), (1, "208D00000X")):
            bench.control(
                "MUE",
                f"{code}: two providers, each at the limit",
                claim(practice, line(code, units=units), patient=f"mue-{code}", rendering=rendering, taxonomy=taxonomy),
            )
    for code, practice, dx in (("64721", ORTHO, "G5603"), ("20610", ORTHO, "M170"), ("69436", PULM, "H6523")):
        bench.control(
            "MUE",
            f"{code} with 50 is one unit of work on both sides",
            claim(practice, line(code, "50"), diagnoses=(dx,), pos="22"),
        )
    units = limits["97110"].units
    span = line("97110", "GP", units * 3, to=NCCI_DAY + timedelta(2))
    bench.control("MUE", "three days on one line: units are divided by days (NCCI manual I.V)", claim(THERAPY, span))
    span = line("97110", "GP", units * 3 + 3, to=NCCI_DAY + timedelta(2))
    bench.fault(
        "MUE",
        "three days on one line, more a day than the limit",
        claim(THERAPY, span),
        Expected(("MUE",), (1,), "any"),
    )


def _zero(bench: Bench, tables: Tables, chance: random.Random) -> None:
    limits = tables.limits["P", 2024]
    zero = [code for code, row in sorted(limits.items()) if row.units == 0 and code[0].isdigit() and code[4].isdigit()]
    for code in chance.sample(zero, 3):
        bench.fault("MUE", f"{code}: limit 0", claim(PRIMARY, line(code)), Expected(("MUE", "COD", "POS"), (1,)))


def _hospital(bench: Bench, tables: Tables) -> None:
    for code, revenue in HOSPITAL_UNITS:
        row = tables.limits["I", 2024][code]

        def made(units: int, code: str = code, revenue: str = revenue) -> Claim:
            return claim(HOSPITAL, line(code, units=units, revenue=revenue), setting="I")

        told = Expected(("MUE", "DUP", "END", "MOD"), (1,), "any" if row.mai == 3 else "deny")
        bench.neighbours(
            bench.fault(
                "MUE",
                f"hospital, {code}: {row.units + 1} units, limit {row.units} (MAI {row.mai})",
                made(row.units + 1),
                told,
            ),
            bench.control("MUE", f"hospital, {code}: {row.units} units, at the limit", made(row.units)),
        )

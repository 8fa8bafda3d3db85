"""CMP, COD and POS: what the fee schedule's indicators and the list of places say of one line."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from accuracy_cases.model import FEE_DAY, JULY_2026, Bench, Claim, Expected, claim, line
from accuracy_cases.practices import (
    CARDIO,
    DERM,
    EYE,
    GI,
    LAB,
    NEURO,
    PATHOLOGY,
    PRIMARY,
    PULM,
    RADIOLOGY,
    SURGERY,
    UROLOGY,
)
from accuracy_cases.tables import Tables

LAYOUT: Final = "record layout of the fee schedule file (RVU25D.pdf), PC/TC indicator"
# (practice, code, PC/TC): 26 or TC on a code that is not divided, beside a code that is.
UNDIVIDED: Final = (
    (CARDIO, "93010", "26"),
    (CARDIO, "93018", "26"),
    (CARDIO, "93005", "TC"),
    (CARDIO, "93000", "26"),
    (CARDIO, "93015", "TC"),
    (DERM, "11102", "26"),
    (GI, "43239", "TC"),
    (SURGERY, "47562", "26"),
    (PRIMARY, "96372", "TC"),
    (UROLOGY, "51798", "26"),
    (PRIMARY, "94640", "26"),
    (RADIOLOGY, "77063", "26"),
    (EYE, "92014", "26"),
    (PULM, "31622", "TC"),
)
DIVIDED: Final = (
    (CARDIO, "93306", "26", "22"),
    (RADIOLOGY, "71046", "26", "22"),
    (RADIOLOGY, "71046", "TC", "11"),
    (NEURO, "95910", "26", "22"),
    (EYE, "92134", "26", "22"),
    (PATHOLOGY, "88305", "26", "22"),
    (PULM, "94060", "26", "22"),
    (UROLOGY, "51741", "26", "22"),
    (RADIOLOGY, "70553", "26", "21"),
    (RADIOLOGY, "74177", "26", "23"),
    (PATHOLOGY, "84165", "26", "22"),
    (RADIOLOGY, "77067", "", "11"),
)
WHOLE_IN_HOSPITAL: Final = (
    (RADIOLOGY, "71046", "22"),
    (RADIOLOGY, "74177", "21"),
    (CARDIO, "93306", "22"),
    (NEURO, "95910", "22"),
    (PATHOLOGY, "88305", "22"),
    (RADIOLOGY, "73030", "23"),
)
CHARGED: Final = 40


def write(bench: Bench, tables: Tables, chance: random.Random) -> None:
    """The CMP, COD and POS cases."""
    _components(bench, tables)
    _status(bench, tables, chance)
    _level2(bench, tables, chance)
    _places(bench, tables)


def _components(bench: Bench, tables: Tables) -> None:
    for practice, code, part in UNDIVIDED:
        fee = tables.fee(code, "", FEE_DAY)
        if fee is None or fee.pc_tc in "16":
            continue
        bench.neighbours(
            bench.fault(
                "CMP",
                f"{code} (PC/TC {fee.pc_tc}) with {part}",
                claim(practice, line(code, part, day=FEE_DAY)),
                Expected(("CMP", "MOD"), (1,)),
                authority=[LAYOUT],
            ),
            bench.control(
                "CMP", f"{code} (PC/TC {fee.pc_tc}) without modifier", claim(practice, line(code, day=FEE_DAY))
            ),
        )
    for practice, code, part, pos in DIVIDED:
        bench.control(
            "CMP", f"{code} {part or 'whole'} in place {pos}", claim(practice, line(code, part, day=FEE_DAY), pos=pos)
        )
    for practice, code, pos in WHOLE_IN_HOSPITAL:
        bench.fault(
            "CMP",
            f"{code} whole in place {pos}",
            claim(practice, line(code, day=FEE_DAY), pos=pos),
            Expected(("CMP", "POS"), (1,), "any", "convention"),
            authority=["the technical share belongs to the facility (convention; PE is NA in that setting)"],
        )
    for practice, code, pos in ((RADIOLOGY, "71046", "22"), (CARDIO, "93306", "21")):
        bench.fault(
            "CMP",
            f"TC of {code} by a practitioner in place {pos}",
            claim(practice, line(code, "TC", day=FEE_DAY), pos=pos),
            Expected(("CMP", "POS"), (1,), "any", "convention"),
        )
    both = claim(RADIOLOGY, line("71046", "26 TC", day=FEE_DAY))
    bench.fault("CMP", "26 and TC on one line", both, Expected(("CMP", "MOD"), (1,)))
    both = claim(RADIOLOGY, line("71046", "26", day=FEE_DAY), line("71046", "TC", day=FEE_DAY))
    bench.control("CMP", "26 and TC on two lines", both)
    both = claim(RADIOLOGY, line("71046", day=FEE_DAY), line("71046", "26", day=FEE_DAY))
    bench.fault("CMP", "whole test and its 26", both, Expected(("CMP", "DUP"), (1, 2), "any", "manual"))
    for code in ("96372", "94640", "90471", "96365"):
        made = claim(PRIMARY, line(code, day=FEE_DAY), pos="22")
        told = Expected(("CMP", "POS"), (1,), "any", "manual")
        bench.neighbours(
            bench.fault(
                "CMP", f"{code} (PC/TC 5) by a practitioner for a hospital outpatient", made, told, authority=[LAYOUT]
            ),
            bench.control("CMP", f"{code} (PC/TC 5) in the office", claim(PRIMARY, line(code, day=FEE_DAY))),
        )


def _some(tables: Tables, status: str, chance: random.Random, count: int) -> list[str]:
    codes = sorted(
        code
        for (code, modifier), fee in tables.fees["RVU25D"].items()
        if not modifier
        and fee.status == status
        and code[-1].isdigit()
        and code[0].isdigit()
        and tables.fees["RVU26C"].get((code, modifier)) == fee
    )
    return chance.sample(codes, min(count, len(codes)))


def _office(code: str) -> Claim:
    """A visit and, with a charge of its own, a second code."""
    return claim(PRIMARY, line("99214", day=FEE_DAY), line(code, day=FEE_DAY, charge=CHARGED))


def _status(bench: Bench, tables: Tables, chance: random.Random) -> None:
    families = ("COD", "MUE", "COV")
    waived = ["PTP", "MUE"]
    for code in ("99000", "99080", "A4550"):
        bench.fault(
            "COD", f"{code}: status B, always bundled", _office(code), Expected((*families, "PTP"), (2,)), waived=waived
        )
    for code in _some(tables, "I", chance, 3):
        bench.fault(
            "COD",
            f"{code}: status I, another code is used for Medicare",
            _office(code),
            Expected((*families, "PTP"), (2,)),
            waived=waived,
        )
    commercial = ("ACME HEALTH PLAN", "60999", "CI")
    for code in ("99395", *_some(tables, "N", chance, 3)):
        told = Expected((*families, "PTP"), (2,))
        fault = bench.fault("COD", f"{code}: status N, not covered", _office(code), told, waived=waived)
        if code == "99395":
            other = claim(PRIMARY, line(code, day=FEE_DAY), payer=commercial)
            bench.neighbours(
                fault,
                bench.control(
                    "COD", f"{code}: status N is Medicare's, the payer is another", other, spare=("COD", "MUE")
                ),
            )
    for code, practice in (("74355", GI), ("92499", EYE), ("43499", GI)):
        bench.control(
            "COD",
            f"{code}: status C, priced by the contractor, is no denial",
            claim(practice, line(code, day=FEE_DAY), pos="22" if code[0] == "4" else "11"),
            spare=("COD",),
        )
    for code in ("80053", "83036", "85025"):
        bench.control(
            "COD", f"{code}: status X, paid under the laboratory schedule", claim(LAB, line(code, day=FEE_DAY))
        )
    for code in ("J3301", "J1100", "90662"):
        with_service = line("96372" if code[0] == "J" else "G0008", day=FEE_DAY)
        bench.control(
            "COD",
            f"{code}: status E or X, paid under another schedule",
            claim(PRIMARY, with_service, line(code, day=FEE_DAY)),
            spare=("COD",),
        )
    for code in ("94760", "94761"):
        bench.neighbours(
            bench.fault(
                "COD",
                f"{code}: status T, beside another payable service",
                _office(code),
                Expected(("COD", "PTP"), (2,), "any", "manual"),
                waived=waived,
                authority=["record layout: T is paid only when no other fee-schedule service is paid that day"],
            ),
            bench.control(
                "COD", f"{code}: status T, the only service of the day", claim(PRIMARY, line(code, day=FEE_DAY))
            ),
        )


def _level2(bench: Bench, tables: Tables, chance: random.Random) -> None:
    ended = sorted(
        c for c, row in tables.level2.items() if len(c) == 5 and c[0] in "GJ" and row.ended and row.ended.year == 2024
    )
    for code in chance.sample(ended, 4):
        last = tables.level2[code].ended
        bench.fault(
            "COD",
            f"{code}: ended {last}",
            claim(PRIMARY, line("99213", day=FEE_DAY), line(code, day=FEE_DAY)),
            Expected(("COD", "MUE"), (2,)),
        )
    started = sorted(
        c
        for c, row in tables.level2.items()
        if len(c) == 5 and c[0] == "J" and row.added == date(2025, 10, 1) and row.ended is None
    )
    for code in chance.sample(started, 3):
        early = date(2025, 9, 30)
        told = Expected(("COD", "MUE"), (2,), "any")
        bench.neighbours(
            bench.fault(
                "COD",
                f"{code}: a day before it takes effect",
                claim(PRIMARY, line("96372", day=early), line(code, day=early)),
                told,
            ),
            bench.control(
                "COD",
                f"{code}: the day it takes effect",
                claim(PRIMARY, line("96372", day=date(2025, 10, 1)), line(code, day=date(2025, 10, 1))),
            ),
        )
    for code in ("J9998", "G9990", "A9997"):
        if code not in tables.level2:
            bench.fault(
                "COD",
                f"{code}: on no list",
                claim(PRIMARY, line("99213", day=FEE_DAY), line(code, day=FEE_DAY)),
                Expected(("COD", "FMT", "MUE"), (2,)),
            )


def _places(bench: Bench, tables: Tables) -> None:
    for pos in ("00", "35", "63", "98", "28", "40"):
        if pos not in tables.places:
            for day in (FEE_DAY,) if pos != "35" else (FEE_DAY, JULY_2026):
                made = claim(PRIMARY, line("99213", day=day), pos=pos)
                bench.fault("POS", f"place of service {pos} does not exist", made, Expected(("POS", "FMT"), (1,)))
    for pos, code, practice in (
        ("11", "99213", PRIMARY),
        ("10", "99214", PRIMARY),
        ("02", "99213", PRIMARY),
        ("12", "99348", PRIMARY),
        ("22", "99213", PRIMARY),
        ("19", "99214", PRIMARY),
        ("21", "99232", PRIMARY),
        ("23", "99284", PRIMARY),
        ("31", "99308", PRIMARY),
        ("32", "99308", PRIMARY),
        ("20", "99213", PRIMARY),
        ("72", "99213", PRIMARY),
        ("24", "45385", GI),
        ("81", "80053", LAB),
    ):
        modifiers = "95" if pos in {"10", "02"} else ""
        bench.control("POS", f"{code} in place {pos}", claim(practice, line(code, modifiers, day=FEE_DAY), pos=pos))

"""Harder cases: faults that show only across claims, and lines that contradict their own diagnosis or place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from accuracy_cases.model import FEE_DAY, JULY_2026, NCCI_DAY, PASSES, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import (
    ANESTHESIA,
    DERM,
    EYE,
    GI,
    HAND,
    ORTHO,
    PAIN,
    PODIATRY,
    PRIMARY,
    PULM,
    RADIOLOGY,
    SURGERY,
    UROLOGY,
)
from accuracy_cases.tables import Tables

# (practice, Column One, Column Two): indicator 0, billed on two claims.
SPLIT: Final = ((GI, "43239", "43235"), (UROLOGY, "52204", "52000"), (PULM, "31625", "31622"), (GI, "45385", "45378"))
COMMERCIAL: Final = ("ACME HEALTH PLAN", "60999", "CI")
SIDES: Final = (
    (ORTHO, "27447", "RT", "M1712", "M1711", "21"),
    (EYE, "66984", "LT", "H2511", "H2512", "24"),
    (RADIOLOGY, "73562", "RT", "M1712", "M1711", "11"),
    (SURGERY, "19301", "LT", "C50911", "C50912", "22"),
    (HAND, "26055", "F5", "M65312", "M65311", "24"),
    (PODIATRY, "28285", "T5", "M2042", "M2041", "11"),
    (EYE, "67800", "E1", "H0011", "H0014", "11"),
)
# Who says he gave or directed the anesthesia, then what another says of the same: (first, second, do they agree?).
ANESTHETISTS: Final = (("AA", "QX", False), ("QZ", "QK", False), ("QY", "QX", True), ("QK", "QX", True))


def write(bench: Bench, tables: Tables) -> None:
    """The cases."""
    _split_pairs(bench, tables)
    _split_units(bench, tables)
    _new_patients(bench)
    _sides(bench)
    _anesthetists(bench)
    _places(bench)
    _visits(bench)
    _charges(bench)


def _split_pairs(bench: Bench, tables: Tables) -> None:
    for practice, one, two in SPLIT:
        edit = tables.in_force(one, two, NCCI_DAY)
        if edit is None or edit.indicator != 0:
            continue
        patient = f"split-{one}-{two}"
        bench.control(
            "PTP", f"{one}, whose pair is on another claim", claim(practice, line(one), patient=patient, pos="22")
        )
        bench.fault(
            "PTP",
            f"{two} on another claim than {one}: same provider, patient and day",
            claim(practice, line(two), patient=patient, pos="22"),
            Expected(("PTP", "END"), (1,)),
        )
    mates = [
        claim(GI, line(code), patient="mates", pos="22", rendering=rendering)
        for rendering, code in enumerate(("43239", "43235"))
    ]
    bench.control("PTP", "43239 by one of two partners of one specialty", mates[0])
    bench.fault(
        "PTP",
        "43235 by the other partner: same group and specialty bill as one physician",
        mates[1],
        Expected(("PTP", "END"), (1,), "any", "manual"),
        authority=["PTP practitioner 2024Q3 43239/43235: indicator 0; same group and specialty count as one"],
    )


def _split_units(bench: Bench, tables: Tables) -> None:
    for practice, code, modifier in ((PRIMARY, "93000", "76"), (PAIN, "64483", ""), (DERM, "17110", "")):
        limit = tables.limits["P", 2024][code]
        patient = f"units-{code}"
        first = claim(practice, line(code, units=limit.units), patient=patient)
        bench.control(
            "MUE",
            f"{code}: the limit of the day, on one claim",
            first,
            spare=("PTP",),
            waived=["MUE"],
            verdict=(*PASSES, "denied"),
        )
        again = replace(first, lines=(line(code, modifier),))
        bench.fault(
            "MUE",
            f"{code}: one more on a second claim of the day (limit {limit.units}, MAI {limit.mai})",
            again,
            Expected(("MUE", "DUP"), (1,), "any"),
        )


def _new_patients(bench: Bench) -> None:
    told = Expected(("GLO", "DUP", "PAY", "COD", "MOD", "COV", "PTP", "PRV"), (1,), "any", "manual")
    for days, kind in ((136, "fault"), (3 * 366, "control")):
        patient = f"new-{days}"
        early = claim(PRIMARY, line("99213", day=NCCI_DAY - timedelta(days)), patient=patient)
        bench.control("GLO", "a visit of an established patient", early)
        late = claim(PRIMARY, line("99203"), patient=patient)
        if kind == "fault":
            fault = bench.fault(
                "GLO",
                f"a new-patient visit {days} days after a visit to the same physician",
                late,
                told,
                authority=["new patient: none seen by the physician or group specialty within three years"],
            )
        else:
            bench.neighbours(fault, bench.control("GLO", "a new-patient visit after more than three years", late))


def _sides(bench: Bench) -> None:
    for practice, code, side, wrong, right, pos in SIDES:

        def made(dx: str, practice: Practice = practice, code: str = code, side: str = side, pos: str = pos) -> Claim:
            return claim(practice, line(code, side, day=JULY_2026), diagnoses=(dx,), pos=pos)

        bench.neighbours(
            bench.fault(
                "MOD",
                f"{code} {side} for a diagnosis of the other side ({wrong})",
                made(wrong),
                Expected(("MOD", "DXV", "COV"), (1,), "any", "convention"),
            ),
            bench.control("MOD", f"{code} {side} for a diagnosis of that side ({right})", made(right)),
        )

    film = [line("73080", side, day=JULY_2026) for side in ("RT", "LT")]
    child = claim(RADIOLOGY, *film, diagnoses=("S42411A",), born=date(2018, 4, 2), payer=COMMERCIAL, pos="11")
    bench.control("DXV", "films of both elbows for the right one, the left for comparison", child)
    bench.control(
        "DXV",
        "the left breast after removal of the right one",
        claim(SURGERY, line("19318", "LT", day=JULY_2026), diagnoses=("Z9011",), pos="22"),
        authority=["NCD 140.2: the unaffected breast is covered too"],
    )


def _anesthetists(bench: Bench) -> None:
    """A physician and a nurse anesthetist of one anesthesia, each on a claim of his own."""

    def made(modifier: str, patient: str) -> Claim:
        nurse = modifier in {"QX", "QZ"}
        one = replace(line("00731", modifier, 30, FEE_DAY), unit="MJ")
        by = {"rendering": 1, "taxonomy": "367500000X"} if nurse else {}
        return claim(ANESTHESIA, one, patient=patient, **by)

    authority = (
        "Medicare Claims Processing Manual, chapter 12, section 50: QX is directed, AA personally performed, "
        "QZ without direction, QK and QY direct (read second-hand)"
    )
    for first, second, agree in ANESTHETISTS:
        patient = f"anesthesia-{first}-{second}"
        bench.control("MOD", f"anesthesia with {first}, and {second} on another claim", made(first, patient))
        about = f"anesthesia with {second}, after another claim for it with {first}"
        if agree:
            bench.control("MOD", about, made(second, patient))
        else:
            told = Expected(("MOD", "DUP", "PRV"), (1,), "any", "convention")
            bench.fault("MOD", about, made(second, patient), told, authority=[authority])


def _places(bench: Bench) -> None:
    for code, wrong, right in (
        ("99223", "11", "21"),
        ("99284", "11", "23"),
        ("99309", "11", "31"),
        ("99348", "21", "12"),
    ):
        bench.neighbours(
            bench.fault(
                "POS",
                f"{code} in place {wrong}",
                claim(PRIMARY, line(code, day=FEE_DAY), pos=wrong),
                Expected(("POS", "CMP", "COD"), (1,), "any", "convention"),
            ),
            bench.control("POS", f"{code} in place {right}", claim(PRIMARY, line(code, day=FEE_DAY), pos=right)),
        )


def _visits(bench: Bench) -> None:
    told = Expected(("GLO", "MOD", "PTP"), (2,), "any", "manual")
    minor = claim(DERM, line("17110", day=FEE_DAY), line("99213", "57", day=FEE_DAY), diagnoses=("B079",))
    bench.fault(
        "GLO",
        "57 on the visit of a minor procedure (global 010)",
        minor,
        told,
        authority=["MPFS RVU25D 17110: global 010", "NCCI manual I.D: 57 is for major procedures, 25 for minor"],
    )
    both = claim(ORTHO, line("20610", "50", 2, FEE_DAY), diagnoses=("M170",), pos="11")
    bench.fault(
        "MOD",
        "20610 with 50 and two units",
        both,
        Expected(("MOD", "MUE"), (1,), "any", "manual"),
        authority=["record layout: bilateral 1 with 50 is one unit"],
        waived=["MUE"],
    )
    week = claim(SURGERY, line("99024", day=FEE_DAY, charge=0))
    bench.control(
        "GLO", "99024, the follow-up included in the global days, at no charge", week, spare=("GLO",), waived=["COD"]
    )


def _charges(bench: Bench) -> None:
    negative = claim(PRIMARY, line("99213"), edits=(("HC:99213*", "HC:99213*-"),))
    bench.fault("FMT", "a negative line charge", negative, Expected(("FMT",), (1,), "any", "manual"))
    child = claim(PRIMARY, line("99213"), born=date(1878, 3, 6))
    bench.fault("TIM", "a patient of 146 years", child, Expected(("TIM", "FMT"), (1,), "any", "convention"))
    bench.control("TIM", "a patient of 101 years", claim(PRIMARY, line("99213"), born=date(1923, 3, 6)))

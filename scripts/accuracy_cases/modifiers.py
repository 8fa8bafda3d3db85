"""MOD: modifiers that a code's indicators forbid, that contradict each other or do not exist; and those that fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from accuracy_cases.model import FEE_DAY, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import (
    ANESTHESIA,
    CARDIO,
    DERM,
    EYE,
    GI,
    GYN,
    HAND,
    HOSPITAL,
    NEURO_SURG,
    ORTHO,
    PAIN,
    PRIMARY,
    RADIOLOGY,
    SURGERY,
)
from accuracy_cases.tables import Tables

LAYOUT: Final = "record layout of the fee schedule file (RVU25D.pdf): "
ASSISTED: Final = ((ORTHO, "27447"), (SURGERY, "47562"), (NEURO_SURG, "63047"), (ORTHO, "29881"))
UNASSISTED: Final = ((GI, "43235"), (PAIN, "62323"), (HAND, "64721"), (DERM, "11102"), (EYE, "66984"), (GI, "45378"))
ALONE: Final = ((PAIN, "62323"), (ORTHO, "29881"), (SURGERY, "47600"), (EYE, "66984"), (GI, "45380"))
SHARED: Final = ((NEURO_SURG, "22612"), (ORTHO, "27447"), (SURGERY, "44970"))
BILATERAL: Final = (
    (HAND, "64721", "G5603"),
    (ORTHO, "20610", "M170"),
    (EYE, "68761", "H04123"),
    (PAIN, "64483", "M5416"),
    (SURGERY, "49505", "K4020"),
    (RADIOLOGY, "73562", "M170"),
)
NOT_BILATERAL: Final = ((GI, "43239"), (DERM, "17000"), (EYE, "92250"), (PAIN, "62323"), (GYN, "58100"), (EYE, "92134"))
ENDED: Final = ("ZA", "CP", "GD", "MA", "JG")


def write(bench: Bench, tables: Tables) -> None:
    """The MOD cases."""
    _sides(bench, tables)
    _hands(bench, tables)
    _global_parts(bench, tables)
    _visits(bench)
    _anesthesia(bench)
    _contradictions(bench)
    _unknown(bench, tables)
    _facility(bench)


def _one(practice: Practice, code: str, modifiers: str, dx: str = "", **more: object) -> Claim:
    diagnoses = (dx,) if dx else practice.diagnoses[:1]
    return claim(practice, line(code, modifiers, day=FEE_DAY), diagnoses=diagnoses, **more)


def _sides(bench: Bench, tables: Tables) -> None:
    for practice, code, dx in BILATERAL:
        fee = tables.fee(code, "", FEE_DAY)
        if fee is None or fee.bilateral not in "13":
            continue
        bench.neighbours(
            bench.control("MOD", f"{code} (bilateral {fee.bilateral}) with 50", _one(practice, code, "50", dx)),
            bench.fault(
                "MOD",
                f"{code} with 50 and LT",
                _one(practice, code, "50 LT", dx),
                Expected(("MOD",), (1,), "any", "manual"),
                authority=["LT and RT say one side, 50 both"],
            ),
        )
    for practice, code in NOT_BILATERAL:
        fee = tables.fee(code, "", FEE_DAY)
        if fee is None or fee.bilateral not in "029":
            continue
        authority = [f"MPFS RVU25D {code}: bilateral {fee.bilateral}", LAYOUT + "bilateral surgery 0, 2, 9"]
        bench.fault(
            "MOD",
            f"{code} (bilateral {fee.bilateral}) with 50",
            _one(practice, code, "50"),
            Expected(("MOD",), (1,), "any", "manual"),
            verdict=("denied", "review", "not_checked", "clean", "stale"),
            authority=authority,
        )


def _hands(bench: Bench, tables: Tables) -> None:
    """Assistants, co-surgeons and teams, by the indicators of the fee schedule."""
    for number, (practice, code) in enumerate(ASSISTED):
        modifier = ("80", "AS", "82", "81")[number]
        fee = tables.fee(code, "", FEE_DAY)
        bench.control(
            "MOD",
            f"{code} (assistant {fee.assistant if fee else '?'}) with {modifier}",
            _one(practice, code, modifier, pos="21", taxonomy="363A00000X" if modifier == "AS" else ""),
            spare=("*",) if fee and fee.assistant == "2" else ("MOD",),
        )
    for number, (practice, code) in enumerate(UNASSISTED):
        modifier = ("80", "AS", "81", "82")[number % 4]
        fee = tables.fee(code, "", FEE_DAY)
        if fee is None or fee.assistant not in "19":
            continue
        bench.neighbours(
            bench.fault(
                "MOD",
                f"{code} (assistant {fee.assistant}) with {modifier}",
                _one(practice, code, modifier, pos="22"),
                Expected(("MOD",), (1,), "deny", "manual"),
                authority=[f"MPFS RVU25D {code}: assistant {fee.assistant}", LAYOUT + "assistant at surgery 1, 9"],
            ),
            bench.control("MOD", f"{code} by the surgeon", _one(practice, code, "", pos="22")),
        )
    for practice, code in ALONE:
        fee = tables.fee(code, "", FEE_DAY)
        if fee is None or fee.co_surgeon not in "09":
            continue
        bench.fault(
            "MOD",
            f"{code} (co-surgeons {fee.co_surgeon}) with 62",
            _one(practice, code, "62", pos="22"),
            Expected(("MOD",), (1,), "deny", "manual"),
            authority=[f"MPFS RVU25D {code}: co-surgeons {fee.co_surgeon}", LAYOUT + "co-surgeons 0, 9"],
        )
    for practice, code in SHARED:
        fee = tables.fee(code, "", FEE_DAY)
        if fee and fee.co_surgeon in "12":
            bench.control("MOD", f"{code} (co-surgeons {fee.co_surgeon}) with 62", _one(practice, code, "62", pos="21"))
    for practice, code in ((ORTHO, "27447"), (SURGERY, "47562"), (GI, "43239")):
        fee = tables.fee(code, "", FEE_DAY)
        if fee and fee.team in "09":
            bench.fault(
                "MOD",
                f"{code} (team {fee.team}) with 66",
                _one(practice, code, "66", pos="21"),
                Expected(("MOD",), (1,), "deny", "manual"),
                authority=[f"MPFS RVU25D {code}: team surgery {fee.team}", LAYOUT + "team surgery 0, 9"],
            )
    transplant = _one(SURGERY, "50360", "66", "N186", pos="21")
    bench.control("MOD", "50360 (team 2) with 66", transplant)


def _global_parts(bench: Bench, tables: Tables) -> None:
    for practice, code, modifier in (
        (PRIMARY, "99213", "54"),
        (GI, "43239", "55"),
        (CARDIO, "93306", "54"),
        (RADIOLOGY, "71046", "55"),
    ):
        fee = tables.fee(code, "", FEE_DAY)
        days = fee.global_days if fee else "?"
        bench.fault(
            "MOD",
            f"{modifier} on {code}, whose global days are {days}",
            _one(practice, code, modifier),
            Expected(("MOD", "GLO"), (1,), "any", "manual"),
            authority=[f"MPFS RVU25D {code}: global {days}"],
        )
    for practice, code, modifier, dx in (
        (EYE, "66984", "54 RT", "H2511"),
        (EYE, "66984", "55 RT", "H2511"),
        (ORTHO, "27447", "54 RT", "M1711"),
    ):
        bench.control("MOD", f"{modifier} on {code}, global 090", _one(practice, code, modifier, dx, pos="22"))


def _visits(bench: Bench) -> None:
    for modifier, practice, code in (
        ("25", GI, "43239"),
        ("24", SURGERY, "47562"),
        ("57", ORTHO, "27447"),
        ("25", RADIOLOGY, "71046"),
    ):
        bench.fault(
            "MOD",
            f"{modifier} on {code}, which is no E&M service",
            _one(practice, code, modifier, pos="11" if code == "71046" else "22"),
            Expected(("MOD",), (1,), "any", "manual"),
            authority=["NCCI manual I.D: 24, 25, 57 belong on E&M"],
        )
    bench.control("MOD", "57 on the visit that decided for surgery", _one(SURGERY, "99223", "57", "K3580", pos="21"))
    bench.control(
        "MOD",
        "25 on a visit",
        claim(PRIMARY, line("99213", "25", day=FEE_DAY), line("69210", day=FEE_DAY), diagnoses=("H6121",)),
    )
    bench.fault(
        "MOD",
        "91 on a procedure",
        _one(GI, "45385", "91", pos="22"),
        Expected(("MOD", "PTP"), (1,), "any", "manual"),
        authority=["NCCI manual I.E: 91 is for laboratory tests"],
    )
    bench.fault("MOD", "50 on a visit", _one(PRIMARY, "99213", "50"), Expected(("MOD",), (1,), "any", "manual"))
    twice = claim(PRIMARY, line("82947", day=FEE_DAY), line("82947", "91", day=FEE_DAY), diagnoses=("E119",))
    bench.control("MOD", "91 on a repeated laboratory test", twice)


def _anesthesia(bench: Bench) -> None:
    def made(modifiers: str, code: str = "00731", practice: Practice = ANESTHESIA) -> Claim:
        return claim(
            practice,
            replace(
                line(code, modifiers, 30, FEE_DAY),
                unit="MJ" if code.startswith("0") else "UN",
                units="30" if code.startswith("0") else "1",
            ),
            pos="22",
        )

    manual = Expected(("MOD",), (1,), "any", "manual")
    bench.fault("MOD", "two providers of anesthesia on one line: AA and QZ", made("AA QZ"), manual)
    bench.fault("MOD", "two providers of anesthesia on one line: QK and QX", made("QK QX"), manual)
    bench.fault("MOD", "anesthesia without a modifier of its provider", made(""), manual)
    for modifier in ("AA", "QZ", "QK", "QX", "QY"):
        crna = replace(ANESTHESIA, taxonomy="367500000X") if modifier in {"QZ", "QX"} else ANESTHESIA
        bench.control("MOD", f"anesthesia with {modifier}", made(modifier, practice=crna))
    for code, modifier in (("62323", "QK"), ("43239", "AA"), ("77003", "QZ")):
        lines = [line("62267", day=FEE_DAY)] if code == "77003" else []
        at = len(lines) + 1
        bench.fault(
            "MOD",
            f"{modifier} on {code}, which is no anesthesia",
            claim(PAIN, *lines, line(code, ("26 " if code == "77003" else "") + modifier, day=FEE_DAY), pos="22"),
            Expected(("MOD",), (at,), "any", "manual"),
        )


def _contradictions(bench: Bench) -> None:
    manual = Expected(("MOD", "COV"), (1,), "any", "manual")
    for modifiers in ("GA GZ", "GY GA", "GY GZ"):
        bench.fault("MOD", f"{modifiers} contradict", _one(PRIMARY, "82306", modifiers, "E559"), manual)
    bench.control("MOD", "GA alone: a waiver is on file", _one(PRIMARY, "82306", "GA", "E559"))
    add_on = claim(PAIN, line("64483", day=FEE_DAY), line("64484", "51", day=FEE_DAY))
    bench.neighbours(
        bench.fault("MOD", "51 on an add-on code", add_on, Expected(("MOD", "ADD"), (2,), "any", "manual")),
        bench.control(
            "MOD", "an add-on code without 51", claim(PAIN, line("64483", day=FEE_DAY), line("64484", day=FEE_DAY))
        ),
    )
    bench.fault(
        "MOD",
        "a Category II modifier on a visit",
        _one(PRIMARY, "99214", "1P"),
        Expected(("MOD", "QLT"), (1,), "any", "manual"),
    )


def _unknown(bench: Bench, tables: Tables) -> None:
    for word in ("ZZ", "9X"):
        if word in tables.level2:
            continue
        bench.fault(
            "MOD",
            f"modifier {word} does not exist",
            _one(PRIMARY, "99213", word),
            Expected(("MOD", "FMT"), (1,), "any"),
        )
    for word in ENDED:
        row = tables.level2.get(word)
        if row and row.ended and row.ended < FEE_DAY:
            bench.fault(
                "MOD",
                f"modifier {word} ended {row.ended}",
                _one(PRIMARY, "99213", word),
                Expected(("MOD",), (1,), "any"),
            )
    for word in ("GC", "95", "SA", "KX", "Q6"):
        bench.control(
            "MOD", f"modifier {word} is in force", _one(PRIMARY, "99213", word, pos="10" if word == "95" else "11")
        )


def _facility(bench: Bench) -> None:
    for modifier in ("73", "74"):
        bench.neighbours(
            bench.fault(
                "MOD",
                f"{modifier} by a physician",
                _one(GI, "45378", modifier, "K625", pos="22"),
                Expected(("MOD",), (1,), "any", "convention"),
            ),
            bench.control(
                "MOD",
                f"{modifier} by the hospital",
                claim(HOSPITAL, line("45378", modifier, day=FEE_DAY, revenue="0750"), diagnoses=("K625",), setting="I"),
            ),
        )
    bench.control("MOD", "53 by the physician", _one(GI, "45378", "53", "K625", pos="22"))

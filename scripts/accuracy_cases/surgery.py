"""GLO and END: what falls inside the global days of a procedure, and endoscopies of one family."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from accuracy_cases.model import FEE_DAY, FEE_FROM, NCCI_DAY, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import DERM, EYE, GI, HAND, NEURO_SURG, ORTHO, PODIATRY, PULM, SURGERY, UROLOGY
from accuracy_cases.tables import Tables

# (practice, procedure, diagnosis, place). The fee schedule says the days.
MAJOR: Final = (
    (ORTHO, "27447", "M1711", "21"),
    (SURGERY, "47562", "K8020", "22"),
    (EYE, "66984", "H2511", "24"),
    (HAND, "64721", "G5601", "24"),
    (NEURO_SURG, "63047", "M48062", "21"),
    (PODIATRY, "28296", "M2011", "24"),
)
MINOR: Final = (
    (DERM, "17110", "B079", "11"),
    (DERM, "11200", "L918", "11"),
    (SURGERY, "10060", "L0291", "11"),
    (PODIATRY, "11750", "L600", "11"),
)
DAYLESS: Final = ((ORTHO, "20610", "M1711", "11"), (PODIATRY, "11042", "E11621", "11"))
SIDES: Final = {"27447": "RT", "66984": "RT", "64721": "RT", "28296": "RT"}
MANUAL: Final = "NCCI manual I.C-D, global surgery"


def write(bench: Bench, tables: Tables) -> None:
    """The GLO and END cases."""
    for operation in MAJOR:
        _after(bench, tables, 90, operation)
    for operation in MINOR:
        _after(bench, tables, 10, operation)
    for practice, code, dx, pos in MAJOR[:4]:
        _before(bench, practice, code, dx, pos)
    for practice, code, dx, pos in (*MINOR[:3], *DAYLESS):
        _same_day(bench, practice, code, dx, pos)
    _more_surgery(bench)
    _endoscopies(bench, tables)


def _after(bench: Bench, tables: Tables, days: int, operation: tuple[Practice, str, str, str]) -> None:
    practice, code, dx, pos = operation
    fee = tables.fee(code, "", FEE_DAY)
    if fee is None or fee.global_days != f"{days:03d}":
        raise SystemExit(f"{code} has no {days} global days")
    day = FEE_FROM  # the first day of the release, so that the whole period lies within it
    visits = [
        (days, "", "fault", "the last global day", 0),
        (days + 1, "", "control", "the day after the last global day", 0),
        (days // 2, "24", "control", "inside, unrelated: 24", 0),
        (days // 2, "", "control", "inside, another provider and specialty", 1),
    ]
    about = f"{code} (global {fee.global_days})"
    cases = []
    for number, (after, modifier, kind, what, rendering) in enumerate(visits):
        patient = f"glo-{code}-{number}"
        operated = claim(practice, line(code, SIDES.get(code, ""), day=day), diagnoses=(dx,), pos=pos, patient=patient)
        bench.control("GLO", f"{about}: the operation", operated)
        other = "I10" if modifier == "24" or rendering else dx
        visit = claim(
            practice,
            line("99213", modifier, day=day + timedelta(after)),
            diagnoses=(other,),
            pos="11",
            patient=patient,
            rendering=rendering,
            taxonomy="207Q00000X" if rendering else "",
        )
        said = f"{about}: visit {what}"
        if kind == "fault":
            told = Expected(("GLO", "MOD"), (1,), "any", "manual")
            row = f"MPFS RVU25D {code}: global {fee.global_days}"
            cases.append(bench.fault("GLO", said, visit, told, authority=[row, MANUAL]))
        else:
            cases.append(bench.control("GLO", said, visit))
    bench.neighbours(*cases)


def _before(bench: Bench, practice: Practice, code: str, dx: str, pos: str) -> None:
    """The decision for a major operation: the day before and the day itself need 57; two days before needs nothing."""
    faults = []
    for before, modifier, what in (
        (1, "", "the day before, no 57"),
        (1, "57", "the day before, 57"),
        (2, "", "two days before"),
    ):
        patient = f"glo57-{code}-{before}{modifier}"
        visit = claim(
            practice,
            line("99214", modifier, day=FEE_DAY - timedelta(before)),
            diagnoses=(dx,),
            pos="11",
            patient=patient,
        )
        if before == 1 and not modifier:
            told = Expected(("GLO", "PTP", "MOD"), (1,), "any", "manual")
            faults.append(bench.fault("GLO", f"{code}: visit {what}", visit, told, authority=[MANUAL]))
        else:
            bench.neighbours(faults[0], bench.control("GLO", f"{code}: visit {what}", visit))
        operated = claim(
            practice, line(code, SIDES.get(code, ""), day=FEE_DAY), diagnoses=(dx,), pos=pos, patient=patient
        )
        bench.control("GLO", f"{code}: the operation", operated)


def _same_day(bench: Bench, practice: Practice, code: str, dx: str, pos: str) -> None:
    def made(modifier: str) -> Claim:
        visit = line("99213", modifier, day=FEE_DAY, pointers=(2,))
        return claim(practice, line(code, day=FEE_DAY), visit, diagnoses=(dx, "I10"), pos=pos)

    told = Expected(("GLO", "PTP", "MOD"), (2,), "any", "manual")
    fault = bench.fault("GLO", f"{code}: visit the same day, no 25", made(""), told, authority=[MANUAL])
    bench.neighbours(fault, bench.control("GLO", f"{code}: visit the same day, 25", made("25")))


def _more_surgery(bench: Bench) -> None:
    """A second operation inside the global days of a first."""
    for practice, first, second, dx, modifier, pos in (
        (ORTHO, "27447", "27570", "M24661", "78", "21"),
        (ORTHO, "27447", "29881", "S83242A", "79", "22"),
        (SURGERY, "19301", "38525", "C50911", "58", "22"),
        (EYE, "66984", "66821", "H26491", "79", "24"),
    ):
        side = SIDES.get(first, "RT")
        other = "LT" if second == "29881" else side
        early = claim(practice, line(first, side, day=FEE_DAY - timedelta(40)), diagnoses=(dx,), pos=pos)
        late = replace(early, lines=(line(second, other, day=FEE_DAY),))
        marked = replace(early, lines=(line(second, f"{modifier} {other}", day=FEE_DAY),))
        cases = []
        for made, what in ((late, "no modifier"), (marked, modifier)):
            patient = f"glo2-{first}-{second}-{what}"
            bench.control("GLO", f"{first}: the first operation", replace(early, patient=patient))
            about, second_claim = f"{second} within 90 days of {first}, {what}", replace(made, patient=patient)
            if made is late:
                told = Expected(("GLO", "MOD"), (1,), "any", "manual")
                cases.append(bench.fault("GLO", about, second_claim, told, authority=[MANUAL]))
            else:
                cases.append(bench.control("GLO", about, second_claim))
        bench.neighbours(*cases)


def _endoscopies(bench: Bench, tables: Tables) -> None:
    for practice, base, member in (
        (GI, "43235", "43239"),
        (GI, "45378", "45385"),
        (GI, "45330", "45331"),
        (PULM, "31622", "31625"),
        (UROLOGY, "52000", "52204"),
        (UROLOGY, "52351", "52352"),
        (GI, "43200", "43202"),
        (GI, "44360", "44361"),
        (PULM, "31622", "31628"),
    ):
        fee = tables.fees["RVU25D"].get((member, ""))
        if fee is None or fee.endo_base != base or not tables.in_force(member, base, NCCI_DAY):
            continue
        fault = bench.fault(
            "END",
            f"{base}, the base of its family, with {member}",
            claim(practice, line(member), line(base), pos="22"),
            Expected(("PTP", "END"), (2,)),
            authority=[f"MPFS RVU25D {member}: endoscopic base {base}"],
        )
        bench.neighbours(fault, bench.control("END", f"{member} alone", claim(practice, line(member), pos="22")))
    two = claim(GI, line("45385"), line("45380", "59", pointers=(2,)), diagnoses=("D122", "K5730"), pos="22")
    bench.control("END", "two members of one family, distinct lesions (59): paid less, not denied", two)
    sigmoid = claim(GI, line("45380"), line("45331"), pos="22")
    bench.fault(
        "END",
        "sigmoidoscopy, then colonoscopy: the most extensive only",
        sigmoid,
        Expected(("PTP", "END"), (2,)),
        authority=["NCCI manual VI.C.12"],
    )
    upper = claim(GI, line("45385"), line("43239", "59", pointers=(2,)), diagnoses=("D122", "K2950"), pos="22")
    bench.control("END", "colonoscopy and upper endoscopy at one session", upper)
    late = replace(sigmoid, lines=(line("45380"), line("45331", day=NCCI_DAY + timedelta(3))))
    bench.control("END", "sigmoidoscopy three days after the colonoscopy", late)

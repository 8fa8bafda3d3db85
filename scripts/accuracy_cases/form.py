"""FMT, TIM, DUP, QLT and PRV: faults of form, of time, of repetition and of measure codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from accuracy_cases.model import FEE_DAY, JULY_2026, NCCI_DAY, Bench, Claim, Expected, claim, line
from accuracy_cases.practices import DERM, EYE, GI, HOSPITAL, LAB, ORTHO, PATHOLOGY, PRIMARY, RADIOLOGY
from accuracy_cases.tables import Tables
from accuracy_cases.wire import npi

GUIDE: Final = "005010X222A1"


def write(bench: Bench, tables: Tables) -> None:
    """The FMT, TIM, DUP, QLT and PRV cases."""
    _numbers(bench)
    _elements(bench)
    _envelope(bench)
    _time(bench)
    _twice(bench)
    _measures(bench, tables)
    _providers(bench)


def _visit(**more: object) -> Claim:
    return claim(PRIMARY, line("99213"), **more)


def _wrong_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _numbers(bench: Bench) -> None:
    authority = ["NPI check digit: Luhn over 80840 and the first nine digits"]
    for who, number in (("rendering", npi(1)), ("referring", npi(20))):
        made = _visit(edits=((number, _wrong_digit(number)),))
        bench.fault(
            "FMT",
            f"check digit of the {who} provider's NPI",
            made,
            Expected(("FMT", "PRV"), (1,), "deny", "manual"),
            authority=authority,
        )
    hospital = claim(HOSPITAL, line("G0463"), setting="I", edits=((npi(1), _wrong_digit(npi(1))),))
    bench.fault(
        "FMT",
        "hospital: check digit of the attending provider's NPI",
        hospital,
        Expected(("FMT", "PRV"), (1,), "deny", "manual"),
        authority=authority,
    )
    facility = claim(GI, line("45378"), edits=((npi(0), _wrong_digit(npi(0))),))
    bench.fault(
        "FMT",
        "check digit of the service facility's NPI",
        facility,
        Expected(("FMT", "PRV"), (1,), "deny", "manual"),
        authority=authority,
    )
    billing = _visit(envelope_edits=((npi(3), _wrong_digit(npi(3))),))
    bench.fault(
        "FMT",
        "check digit of the billing provider's NPI",
        billing,
        Expected(("FMT", "PRV"), (1,), "deny", "manual"),
        authority=authority,
    )
    short = _visit(edits=((f"XX*{npi(1)}", f"XX*{npi(1)[:9]}"),))
    bench.fault(
        "FMT", "an NPI of nine digits", short, Expected(("FMT", "PRV"), (1,), "deny", "manual"), authority=authority
    )
    bench.control("FMT", "every NPI right", _visit())


def _elements(bench: Bench) -> None:
    def told(basis: str = "manual", *families: str) -> Expected:
        return Expected(families or ("FMT",), (1,), "deny", basis)

    two = claim(PRIMARY, line("99213", charge=120), line("93000", charge=30))
    bench.neighbours(
        bench.fault(
            "FMT",
            "total 10 dollars above the sum of its lines",
            replace(two, edits=(("*150***", "*160***"),)),
            told(),
            authority=[f"{GUIDE} CLM02: the total of the line charges"],
        ),
        bench.control("FMT", "total equal to the sum of its lines", two),
    )
    many = claim(PRIMARY, line("82947", units=1, charge=25), line("36415", charge=9), diagnoses=("E119",))
    bench.control("FMT", "a total of three lines", replace(many, lines=(*many.lines, line("99213", charge=120))))
    units = claim(ORTHO, line("20610", "50", charge=300), diagnoses=("M170",), pos="11")
    bench.control("FMT", "a line charge is for all units: the total repeats it", units)
    bench.fault(
        "FMT",
        "no diagnosis at all",
        _visit(edits=(("HI*ABK:I10", ""),)),
        told("manual", "FMT", "DXV"),
        authority=[f"{GUIDE}: HI with the principal diagnosis is required"],
    )
    bench.fault(
        "FMT",
        "no units on a line",
        _visit(edits=(("*UN*1***1", "*UN****1"),)),
        told(),
        authority=[f"{GUIDE}: SV104 is required"],
    )
    bench.fault(
        "FMT",
        "zero units on a line",
        _visit(edits=(("*UN*1***1", "*UN*0***1"),)),
        Expected(("FMT", "MUE"), (1,), "any", "manual"),
    )
    bench.fault(
        "FMT",
        "no date of service",
        _visit(edits=(("DTP*472*D8*20240715", ""),)),
        told("manual", "FMT", "TIM"),
        authority=[f"{GUIDE}: DTP*472 is required"],
    )
    bench.fault(
        "FMT",
        "a date that does not exist",
        _visit(edits=(("DTP*472*D8*20240715", "DTP*472*D8*20240732"),)),
        told("manual", "FMT", "TIM"),
    )
    bench.fault(
        "FMT",
        "a service that ends before it begins",
        _visit(edits=(("DTP*472*D8*20240715", "DTP*472*RD8*20240715-20240712"),)),
        told("manual", "FMT", "TIM"),
    )
    bench.fault(
        "FMT",
        "a procedure code of four characters",
        _visit(edits=(("HC:99213", "HC:9921"),)),
        told("manual", "FMT", "COD"),
    )
    bench.fault(
        "FMT",
        "a modifier of three characters",
        _visit(edits=(("HC:99213*", "HC:99213:255*"),)),
        Expected(("FMT", "MOD"), (1,), "any", "manual"),
    )
    bench.fault(
        "FMT",
        "the same modifier twice",
        claim(PRIMARY, line("99213", "25 25"), line("69210"), diagnoses=("H6121",)),
        Expected(("FMT", "MOD"), (1,), "any", "manual"),
    )
    bench.fault(
        "FMT", "no member number", _visit(member_known=False), told(), authority=[f"{GUIDE}: NM109 is required"]
    )
    thirteen = tuple("I10 E119 E785 K219 M1711 N189 J449 F331 G629 D509 R079 Z0000 R109".split())
    bench.fault(
        "FMT",
        "thirteen diagnoses on a professional claim",
        _visit(diagnoses=thirteen),
        told("manual", "FMT", "DXV"),
        authority=[f"{GUIDE}: HI carries at most twelve"],
    )
    bench.control(
        "FMT", "a charge of zero on a service", claim(PRIMARY, line("99213"), line("99024", charge=0)), spare=("FMT",)
    )


def _envelope(bench: Bench) -> None:
    told = Expected(("FMT",), (1,), "any", "manual")
    for what, old, new in (
        ("SE counts a segment too many", "SE*", "SE*9"),
        ("ST and SE carry different control numbers", "*0001~\nGE*", "*0002~\nGE*"),
        ("GE counts two transactions of one", "GE*1*", "GE*2*"),
    ):
        bench.fault(
            "FMT",
            what,
            _visit(envelope_edits=((old, new),)),
            told,
            verdict=("denied", "review"),
            authority=["X12 control segments; a translator rejects the transaction (999)"],
        )


def _time(bench: Bench) -> None:
    told = Expected(("TIM", "FMT"), (1,), "any", "manual")
    bench.neighbours(
        bench.fault("TIM", "service before birth", _visit(born=NCCI_DAY + timedelta(30)), told),
        bench.control(
            "TIM",
            "service on the day of birth",
            claim(
                PRIMARY,
                line("99460"),
                born=NCCI_DAY,
                diagnoses=("Z3800",),
                pos="21",
                payer=("ACME HEALTH PLAN", "60999", "CI"),
            ),
        ),
    )
    bench.neighbours(
        bench.fault("TIM", "service after the day of submission", _visit(sent=NCCI_DAY - timedelta(1)), told),
        bench.control("TIM", "submitted on the day of service", _visit(sent=NCCI_DAY)),
    )
    late = Expected(("TIM", "PAY"), (1,), "any", "manual")
    rule = ["42 CFR 424.44: Medicare claims are filed within one calendar year of the service"]
    bench.neighbours(
        bench.fault(
            "TIM",
            "Medicare, submitted 13 months after the service",
            _visit(sent=date(2025, 8, 15)),
            late,
            authority=rule,
        ),
        bench.control("TIM", "Medicare, submitted 11 months after the service", _visit(sent=date(2025, 6, 14))),
    )
    bench.neighbours(
        bench.fault(
            "TIM",
            "Medicare, submitted a year and a day after the service",
            _visit(sent=date(2025, 7, 16)),
            late,
            authority=rule,
        ),
        bench.control("TIM", "Medicare, submitted on the last day of the year", _visit(sent=date(2025, 7, 15))),
    )
    other = _visit(sent=date(2025, 8, 15), payer=("ACME HEALTH PLAN", "60999", "CI"), born=date(1990, 4, 2))
    bench.control("TIM", "13 months after the service, to a payer whose limit nobody told", other, spare=("TIM", "PAY"))


def _twice(bench: Bench) -> None:
    told = Expected(("DUP",), (1, 2), "any", "manual")
    for practice, code, modifier, dx in (
        (PRIMARY, "93000", "76", "I10"),
        (RADIOLOGY, "71046", "76", "R079"),
        (LAB, "82947", "91", "E119"),
        (ORTHO, "20610", "59", "M1711"),
        (PATHOLOGY, "88305", "59", "D122"),
    ):
        first = line(code)
        same = claim(practice, first, first, diagnoses=(dx,), pos="81" if practice in {LAB, PATHOLOGY} else "11")
        bench.neighbours(
            bench.fault("DUP", f"{code} twice, the lines alike", same, told),
            bench.control(
                "DUP", f"{code} repeated with {modifier}", replace(same, lines=(first, line(code, modifier)))
            ),
        )
    sides = claim(ORTHO, line("20610", "RT"), line("20610", "LT"), diagnoses=("M170",), pos="11")
    bench.control("DUP", "20610 on both knees, LT and RT", sides)
    days = claim(PRIMARY, line("99213"), line("99213", day=NCCI_DAY + timedelta(7)))
    bench.control("DUP", "99213 a week apart", days)
    for what, patient, rendering, taxonomy in (
        ("the same claim again", "dup-claim", 0, ""),
        ("the same service of another patient", "", 0, ""),
        ("the same service by another provider", "dup-provider", 1, "207RC0000X"),
    ):
        original = claim(PRIMARY, line("93000"), patient=patient)
        bench.control("DUP", f"{what}: the first", original)
        again = replace(original, rendering=rendering, taxonomy=taxonomy)
        if patient == "dup-claim":
            about = Expected(("DUP", "MUE"), (1,), "any", "manual")
            bench.fault("DUP", f"{what}: the second", again, about)
        else:
            bench.control("DUP", f"{what}: the second", again)
    bench.neighbours(
        bench.fault(
            "DUP",
            "a replacement that does not say of which claim",
            _visit(frequency="7"),
            Expected(("DUP", "FMT"), (1,), "any", "manual"),
            authority=[f"{GUIDE}: REF*F8 with CLM05-3 7 or 8"],
        ),
        bench.control("DUP", "a replacement that names the original", _visit(frequency="7", original="ICN20240001")),
    )
    bench.neighbours(
        bench.fault(
            "DUP",
            "a void that does not say of which claim",
            _visit(frequency="8"),
            Expected(("DUP", "FMT"), (1,), "any", "manual"),
        ),
        bench.control("DUP", "a void that names the original", _visit(frequency="8", original="ICN20240002")),
    )
    stay = claim(HOSPITAL, line("93005", revenue="0730"), line("93005", "76", revenue="0730"), setting="I")
    bench.control("DUP", "hospital: a tracing repeated with 76", stay)


def _measures(bench: Bench, tables: Tables) -> None:
    def made(code: str, modifiers: str = "", charge: int = 0, day: date = FEE_DAY) -> Claim:
        return claim(PRIMARY, line("99214", day=day), line(code, modifiers, day=day, charge=charge), diagnoses=("I10",))

    families = ("QLT", "COD", "FMT")
    for code, charge, day in (
        ("4324F", 25, FEE_DAY),
        ("G4000", 40, FEE_DAY),
        ("3074F", 10, JULY_2026),
        ("G8427", 15, JULY_2026),
        ("1036F", 5, FEE_DAY),
    ):
        fee = tables.fee(code, "", day)
        status = fee.status if fee else "?"
        bench.neighbours(
            bench.fault(
                "QLT",
                f"{code} (status {status}) with a charge of {charge}.00",
                made(code, charge=charge, day=day),
                Expected(families, (2,), "any", "manual"),
                waived=["COD"],
            ),
            bench.control("QLT", f"{code} (status {status}) at no charge", made(code, day=day), waived=["COD"]),
        )
    bench.control("QLT", "3074F with 8P, no charge", made("3074F", "8P"), waived=["COD"])
    told = Expected(("QLT", "MOD"), (2,), "any", "convention")
    bench.fault("QLT", "3074F with 59", made("3074F", "59"), told, waived=["COD"])
    bench.fault("QLT", "3074F with 1P and 2P", made("3074F", "1P 2P"), told, waived=["COD"])
    alone = claim(PRIMARY, line("3074F", day=FEE_DAY, charge=0))
    bench.fault(
        "QLT",
        "a measure code and nothing else on the claim",
        alone,
        Expected(("QLT", "COD", "FMT"), (1,), "any", "convention"),
        waived=["COD"],
    )


def _providers(bench: Bench) -> None:
    told = Expected(("PRV", "FMT"), (1,), "any", "manual")
    for code in ("207Q00000Z", "999Q00000X"):
        bench.fault(
            "PRV",
            f"taxonomy {code} is on no list",
            _visit(taxonomy=code),
            told,
            authority=["NUCC taxonomy 25.1: not listed"],
        )
    for practice, code, pos in ((DERM, "11102", "11"), (EYE, "92014", "11"), (GI, "45378", "22")):
        bench.control("PRV", f"{code} by {practice.name}", claim(practice, line(code), pos=pos))

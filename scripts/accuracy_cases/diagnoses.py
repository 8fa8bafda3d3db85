"""DXV: diagnoses that are not billable, not listed, pointed at wrongly or contradict each other or the patient."""

from __future__ import annotations

from datetime import date
from typing import Final

from accuracy_cases.model import JULY_2026, Bench, Claim, Expected, claim, line
from accuracy_cases.practices import HOSPITAL, PRIMARY
from accuracy_cases.tables import Tables

# (too short, a billable code below it)
SHORT: Final = (
    ("E11", "E119"),
    ("K21", "K219"),
    ("K210", "K2100"),
    ("K221", "K2210"),
    ("K228", "K2289"),
    ("M545", "M5459"),
    ("J44", "J449"),
    ("S8324", "S83241A"),
    ("M171", "M1711"),
    ("H251", "H2511"),
    ("I25", "I2510"),
    ("N18", "N189"),
    ("F33", "F331"),
    ("Z00", "Z0000"),
    ("S610", "S61012A"),
    ("R05", "R059"),
    ("G43", "G43709"),
    ("E1162", "E11621"),
    ("I480", ""),
    ("M25511", ""),
)
UNLISTED: Final = ("Q9999", "A999", "E1199", "K9999", "M5499", "I1099")
# ICD-10-CM tabular list FY2026, Excludes1 notes: (diagnosis with the note, diagnosis excluded, where it stands).
EXCLUDED: Final = (
    ("E119", "E109", "E11: Excludes1 type 1 diabetes mellitus (E10.-)"),
    ("N390", "N3000", "N39.0: Excludes1 cystitis (N30.-)"),
    ("F329", "F331", "F32: Excludes1 recurrent depressive disorder (F33.-)"),
    ("M5459", "M5441", "M54.5: Excludes1 lumbago with sciatica (M54.4-)"),
)

# Codes that only add to another (guidelines FY2026): (supplementary, what it adds to, the guideline).
SUPPLEMENTARY: Final = (
    ("B9620", "N390", "I.C.1.b: B95-B97 are additional codes"),
    ("Z6841", "E6601", "I.B.14: the body mass index is a secondary diagnosis only"),
    ("Z5900", "F331", "I.B.14: social determinants of health are secondary diagnoses only"),
    ("R6520", "A419", "I.C.1.d.4: a code of R65.2 can never be a principal diagnosis"),
    ("R29705", "I639", "I.B.14: the stroke scale is a secondary diagnosis only"),
)


def write(bench: Bench, tables: Tables) -> None:
    """The DXV cases."""
    for short, whole in SHORT:
        if not whole:
            bench.control("DXV", f"{short} is billable as it stands", _visit((short,)))
            continue
        bench.neighbours(
            bench.fault("DXV", f"{short} needs more characters", _visit((short,)), Expected(("DXV",), (1,))),
            bench.control("DXV", f"{whole} is billable", _visit((whole,))),
        )
    for code in UNLISTED:
        if code in tables.billable or code in tables.headings:
            continue
        bench.fault("DXV", f"{code} is on no list", _visit((code,)), Expected(("DXV", "FMT"), (1,)))
    for short in ("E11", "M171"):
        bench.fault(
            "DXV", f"{short} as the second diagnosis", _visit(("I10", short), pointers=(1, 2)), Expected(("DXV",), (1,))
        )
    bench.fault("DXV", "ICD-9-CM on a service since 2015-10-01", _visit(("4019",)), Expected(("DXV", "FMT"), (1,)))
    bench.fault(
        "DXV", "ICD-9-CM with a letter on a service since 2015-10-01", _visit(("V700",)), Expected(("DXV", "FMT"), (1,))
    )
    _pointers(bench)
    _contradictions(bench)
    _hospital(bench)


def _visit(
    diagnoses: tuple[str, ...], day: date = JULY_2026, pointers: tuple[int, ...] = (1,), **more: object
) -> Claim:
    return claim(PRIMARY, line("99213", day=day, pointers=pointers), diagnoses=diagnoses, **more)


def _pointers(bench: Bench) -> None:
    bench.neighbours(
        bench.fault(
            "DXV",
            "pointer to a third diagnosis of two",
            _visit(("I10", "E119"), pointers=(1, 3)),
            Expected(("DXV", "FMT"), (1,)),
        ),
        bench.control("DXV", "pointers to both diagnoses", _visit(("I10", "E119"), pointers=(1, 2))),
    )
    two = claim(
        PRIMARY, line("99213", day=JULY_2026), line("93000", day=JULY_2026, pointers=(4,)), diagnoses=("I10", "R079")
    )
    bench.fault("DXV", "pointer of the second line to a diagnosis the claim lacks", two, Expected(("DXV", "FMT"), (2,)))
    many = tuple("I10 E119 E785 K219 M1711 N189 J449 F331 G629 D509 R079 Z0000".split())
    bench.control("DXV", "twelve diagnoses, four pointers", _visit(many, pointers=(1, 2, 3, 4)))
    bench.fault(
        "DXV",
        "no pointer",
        _visit(("I10",), pointers=()),
        Expected(("DXV", "FMT"), (1,), "deny", "manual"),
        authority=["005010X222A1: SV107-1 is required"],
    )


def _contradictions(bench: Bench) -> None:
    told = Expected(("DXV", "FMT"), (1,), "any", "manual")
    bench.fault(
        "DXV",
        "the same diagnosis twice",
        _visit(("E119", "I10", "E119"), pointers=(1, 2)),
        told,
        verdict=("denied", "review", "clean", "not_checked", "stale"),
        authority=["ICD-10-CM guidelines I.B.12: a code is reported once"],
    )
    bench.neighbours(
        bench.fault(
            "DXV",
            "an external cause as the first diagnosis",
            _visit(("W1830XA", "S61012A"), pointers=(1, 2)),
            told,
            authority=["ICD-10-CM guidelines I.C.20.a.6: an external cause is never first"],
        ),
        bench.control("DXV", "an external cause after the injury", _visit(("S61012A", "W1830XA"), pointers=(1, 2))),
    )
    for one, other, note in EXCLUDED:
        bench.neighbours(
            bench.fault(
                "DXV",
                f"{one} and {other} exclude each other",
                _visit((one, other), pointers=(1, 2)),
                told,
                authority=["ICD-10-CM tabular list FY2026 " + note],
            ),
            bench.control("DXV", f"{one} with a diagnosis it does not exclude", _visit((one, "I10"), pointers=(1, 2))),
        )
    for code, reason, guideline in SUPPLEMENTARY:
        bench.neighbours(
            bench.fault(
                "DXV",
                f"{code}, which only adds to another, before {reason}",
                _visit((code, reason), pointers=(1, 2)),
                told,
                authority=["ICD-10-CM guidelines " + guideline],
            ),
            bench.control("DXV", f"{code} after {reason}", _visit((reason, code), pointers=(1, 2))),
        )
    bench.neighbours(
        bench.fault(
            "DXV",
            "pregnancy of a man",
            _visit(("O0993",), sex="M", born=date(1990, 4, 2)),
            told,
            authority=["ICD-10-CM tabular list, chapter 15: for use only on maternal records"],
        ),
        bench.control("DXV", "pregnancy of a woman", _visit(("O0993",), sex="F", born=date(1990, 4, 2))),
    )


def _hospital(bench: Bench) -> None:
    def made(*codes: str) -> Claim:
        return claim(HOSPITAL, line("G0463", day=JULY_2026), diagnoses=codes, setting="I")

    for short, whole in (("E11", "E119"), ("K210", "K2100"), ("M171", "M1711")):
        bench.neighbours(
            bench.fault("DXV", f"hospital: {short} needs more characters", made(short), Expected(("DXV",), (1,))),
            bench.control("DXV", f"hospital: {whole} is billable", made(whole)),
        )
    bench.fault(
        "DXV",
        "hospital: a secondary diagnosis that needs more characters",
        made("I10", "E11"),
        Expected(("DXV",), (1,)),
    )
    bench.control("DXV", "hospital: three billable diagnoses", made("I10", "E119", "N189"))

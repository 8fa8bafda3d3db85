"""COD: procedure codes of another age or of the other sex than the patient's."""

from __future__ import annotations

from datetime import date
from typing import Final

from accuracy_cases.model import FEE_DAY, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import ENT, GYN, IR, PRIMARY, UROLOGY

AGES: Final = "the code set gives the code an age"
ORGANS: Final = "the organ of the code is of one sex (custom of the trade)"
COMMERCIAL: Final = ("ACME HEALTH PLAN", "60999", "CI")
BIRTHDAY: Final = date(1985, 11, 12)
# (practice, code, diagnosis, place, born: another age, the code's own age)
OF_AN_AGE: Final = (
    (PRIMARY, "99395", "Z0000", "11", BIRTHDAY, date(1985, 11, 13)),
    (PRIMARY, "99396", "Z0000", "11", date(1985, 11, 13), BIRTHDAY),
    (PRIMARY, "99392", "Z00129", "11", date(2020, 11, 12), date(2020, 11, 13)),
    (ENT, "42820", "J353", "22", date(2013, 11, 12), date(2013, 11, 13)),
    (ENT, "42821", "J353", "22", date(2013, 11, 13), date(2013, 11, 12)),
    (IR, "36568", "N186", "22", date(2020, 11, 12), date(2020, 11, 13)),
    (IR, "36569", "N186", "22", date(2020, 11, 13), date(2020, 11, 12)),
)
# (practice, code, diagnosis of neither sex, place, sex of the code's patients)
OF_A_SEX: Final = (
    (UROLOGY, "55700", "R9720", "11", "M"),
    (UROLOGY, "55250", "Z302", "11", "M"),
    (GYN, "58100", "R9389", "11", "F"),
    (GYN, "58661", "R1030", "22", "F"),
    (PRIMARY, "G0101", "Z0000", "11", "F"),
)


def write(bench: Bench) -> None:
    """The cases of age and sex."""
    told = Expected(("COD", "DXV"), (1,), "any", "convention")

    def made(practice: Practice, code: str, dx: str, pos: str, modifier: str = "", **more: object) -> Claim:
        return claim(practice, line(code, modifier, day=FEE_DAY), diagnoses=(dx,), pos=pos, **more)

    for practice, code, dx, pos, unfit, fit in OF_AN_AGE:
        faulty, right = (made(practice, code, dx, pos, payer=COMMERCIAL, born=born) for born in (unfit, fit))
        bench.neighbours(
            bench.fault("COD", f"{code} for a patient born {unfit}", faulty, told, authority=[AGES]),
            bench.control("COD", f"{code} for a patient born {fit}", right),
        )
    for practice, code, dx, pos, sex in OF_A_SEX:
        other = "F" if sex == "M" else "M"
        cases = [
            bench.fault(
                "COD", f"{code} for a patient of sex {other}", made(practice, code, dx, pos, sex=other), told,
                authority=[ORGANS],
            ),
            bench.control("COD", f"{code} for a patient of sex {sex}", made(practice, code, dx, pos, sex=sex)),
        ]  # fmt: skip
        if code in {"55700", "58661"}:
            excused = made(practice, code, dx, pos, "KX", sex=other)
            about = f"{code} for a patient of sex {other}, which KX says is right"
            cases.append(bench.control("COD", about, excused, authority=["MM6638: KX lets edits on sex pass"]))
        bench.neighbours(*cases)

"""MOD and PAY: screenings that become another procedure, the visit add-on beside them, and how often they are paid."""

from __future__ import annotations

from datetime import date
from typing import Final

from accuracy_cases.model import FEE_DAY, JULY_2026, NCCI_DAY, Bench, Claim, Expected, Practice, claim, line
from accuracy_cases.practices import ANESTHESIA, DERM, GI, ORTHO, PRIMARY, VASCULAR

TURNED: Final = (
    "Medicare Claims Processing Manual, chapter 18, section 60; MM7012; Noridian, Modifier PT (2022-12-06): PT on the "
    "procedure that a colorectal screening became"
)
ADD_ON: Final = (
    "MM13272: G2211 is not paid where the office visit bears 25; CY 2025 fee schedule rule: unless for a vaccine, a "
    "wellness visit or a preventive service of Part B, from 2025-01-01"
)
COMMERCIAL: Final = ("ACME HEALTH PLAN", "60999", "CI")
ADULT: Final = date(1970, 3, 6)
# (code, the earlier day, the later day, the code of the later day, is it too early?, why). One that was broken off does
# not count (CMS transmittal AB-03-114, as AAPC quotes it).
AGAIN: Final = (
    ("G0439", FEE_DAY, JULY_2026, "G0439", True, "42 CFR 410.15: once in 12 months"),
    ("G0438", NCCI_DAY, FEE_DAY, "G0438", True, "HCPCS G0438 is the initial visit, G0439 every later one"),
    ("G0438", NCCI_DAY, FEE_DAY, "G0439", False, ""),
    ("G0402", NCCI_DAY, JULY_2026, "G0402", True, "42 CFR 410.16: one in a lifetime"),
    ("G0402", NCCI_DAY, FEE_DAY, "G0438", False, ""),
    ("G0402", FEE_DAY, JULY_2026, "G0438", True, "42 CFR 410.15: not within 12 months of the first examination"),
    ("76706", NCCI_DAY, JULY_2026, "76706", True, "42 CFR 410.19: none before"),
    ("G0121", NCCI_DAY, JULY_2026, "G0121", True, "42 CFR 410.37(g)(1): after 119 months"),
    ("G0105", FEE_DAY, JULY_2026, "G0105", True, "42 CFR 410.37(g)(2): after 23 months"),
    ("G0105", NCCI_DAY, date(2026, 8, 1), "G0105", False, ""),
    ("G0121:53", FEE_DAY, JULY_2026, "G0121", False, ""),
)
REASONS: Final = {"7": "Z136", "G0105": "Z860101", "G0121": "Z1211"}


def write(bench: Bench) -> None:
    """The cases of screening."""
    _turned(bench)
    _complexity(bench)
    _again(bench)


def _scope(code: str, modifiers: str, *diagnoses: str, **more: object) -> Claim:
    pointers = tuple(range(1, len(diagnoses) + 1))
    return claim(GI, line(code, modifiers, day=FEE_DAY, pointers=pointers), diagnoses=diagnoses, pos="24", **more)


def _turned(bench: Bench) -> None:
    told = Expected(("MOD",), (1,), "any", "manual")
    for code, reason in (("45385", "Z1211"), ("45380", "Z8601"), ("45384", "Z800")):
        history = {"Z8601": "Z860101"}.get(reason, reason)
        bench.neighbours(
            bench.fault(
                "MOD",
                f"{code}, which a screening ({history}) became, without PT",
                _scope(code, "", history, "D122"),
                told,
                authority=[TURNED],
            ),
            bench.control("MOD", f"{code}, which a screening became, with PT", _scope(code, "PT", history, "D122")),
        )
        bench.neighbours(
            bench.fault(
                "MOD",
                f"{code}, which a screening became, to Medicare with 33",
                _scope(code, "33", history, "D122"),
                told,
                authority=[TURNED],
            ),
            bench.control(
                "MOD",
                f"{code}, which a screening became, to another payer with 33",
                _scope(code, "33", history, "D122", payer=COMMERCIAL, born=ADULT),
            ),
        )
    bench.control("MOD", "45385 for a complaint, a polyp found", _scope("45385", "", "K625", "D122"))
    bench.control("MOD", "a screening that stayed one", _scope("G0105", "", "Z860101"))
    bench.control("MOD", "a screening that was broken off", _scope("G0121", "53", "Z1211"))

    def asleep(code: str, modifiers: str) -> Claim:
        one = line(code, modifiers, 30, FEE_DAY, unit="MJ")
        return claim(ANESTHESIA, one, diagnoses=("Z1211",), pos="24")

    bench.neighbours(
        bench.fault("MOD", "anesthesia of a screening that turned", asleep("00811", "AA"), told, authority=[TURNED]),
        bench.control("MOD", "anesthesia of a screening that turned, with PT", asleep("00811", "AA PT")),
        bench.control("MOD", "anesthesia of a screening that stayed one", asleep("00812", "AA")),
    )


def _complexity(bench: Bench) -> None:
    told = Expected(("MOD", "PTP", "COV"), (2,), "any", "manual")
    for practice, procedure, dx in ((ORTHO, "20610", "M1711"), (DERM, "17110", "B079"), (PRIMARY, "69210", "H6121")):

        def made(modifier: str, *more: str, practice: Practice = practice, dx: str = dx, day: date = FEE_DAY) -> Claim:
            lines = (line("99214", modifier, day=day), *(line(code, day=day) for code in ("G2211", *more)))
            return claim(practice, *lines, diagnoses=(dx,), pos="11")

        bench.neighbours(
            bench.fault(
                "MOD", f"G2211 with a visit that bears 25 for {procedure}", made("25", procedure), told,
                authority=[ADD_ON],
            ),
            bench.control("MOD", "G2211 with a visit without 25", made("")),
        )  # fmt: skip
    for services, dx in ((("G0439",), "Z0000"), (("90662", "G0008"), "Z23"), (("G0444",), "Z1331")):
        lines = (line("99213", "25", day=FEE_DAY), line("G2211", day=FEE_DAY))
        beside = (line(code, day=FEE_DAY, pointers=(2,)) for code in services)
        made_of = claim(PRIMARY, *lines, *beside, diagnoses=("I10", dx))
        bench.control("MOD", f"G2211 with a visit that bears 25 for {services[-1]}, 2025", made_of)
    early = (line("99213", "25"), line("G2211"), line("90662", pointers=(2,)), line("G0008", pointers=(2,)))
    bench.fault(
        "MOD", "G2211 with a visit that bears 25 for a vaccine, 2024", claim(PRIMARY, *early, diagnoses=("I10", "Z23")),
        told, authority=[ADD_ON],
    )  # fmt: skip


def _again(bench: Bench) -> None:
    told = Expected(("PAY", "COV"), (1,), "any", "manual")
    for number, (first, before, day, then, early, why) in enumerate(AGAIN):
        of_colon = first.startswith(("G0105", "G0121"))
        practice = VASCULAR if first[0] == "7" else GI if of_colon else PRIMARY
        dx = REASONS.get(first[0], REASONS.get(first[:5], "Z0000"))

        def made(
            service: str, when: date, practice: Practice = practice, dx: str = dx, patient: str = f"again-{number}"
        ) -> Claim:
            code, _, modifier = service.partition(":")
            return claim(practice, line(code, modifier, day=when), diagnoses=(dx,), pos="11", patient=patient)

        bench.control("PAY", f"{first} on {before}", made(first, before))
        about = f"{then} on {day}, after {first} on {before}"
        if early:
            bench.fault("PAY", about, made(then, day), told, authority=[why])
        else:
            bench.control("PAY", about, made(then, day))

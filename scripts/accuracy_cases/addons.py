"""ADD: add-on codes with and without a primary, by the type the add-on table gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from accuracy_cases.model import NCCI_DAY, Bench, Expected, Practice, claim, line
from accuracy_cases.practices import (
    CARDIO,
    DERM,
    GYN,
    HOSPITAL,
    IR,
    NEURO,
    NEURO_SURG,
    ONCOLOGY,
    ORTHO,
    PAIN,
    PRIMARY,
    PSYCH,
    PULM,
    SURGERY,
    VASCULAR,
    WOUND,
)
from accuracy_cases.tables import Tables

# (practice, add-on, a listed primary, a service of that practice which is none of its primaries)
LISTED: Final[tuple[tuple[Practice, str, str, str], ...]] = (
    (PAIN, "64484", "64483", "64450"),
    (PAIN, "64491", "64490", "20552"),
    (PAIN, "64494", "64493", "62323"),
    (PAIN, "64636", "64635", "62323"),
    (DERM, "11103", "11102", "17110"),
    (DERM, "17003", "17000", "11102"),
    (DERM, "17312", "17311", "11102"),
    (WOUND, "11045", "11042", "97597"),
    (ORTHO, "29826", "29827", "29881"),
    (NEURO_SURG, "22552", "22551", "63030"),
    (NEURO_SURG, "22614", "22612", "63030"),
    (NEURO_SURG, "63048", "63047", "22551"),
    (PULM, "31632", "31628", "31645"),
    (CARDIO, "93320", "93303", "93458"),
    (CARDIO, "92921", "92920", "93458"),
    (VASCULAR, "37232", "37228", "36475"),
    (NEURO, "95886", "95910", "95812"),
    (PSYCH, "90833", "99214", "90791"),
    (ONCOLOGY, "96415", "96413", "96372"),
    (ONCOLOGY, "96375", "96374", "96372"),
    (PRIMARY, "90472", "90471", "96372"),
    (PRIMARY, "G0316", "99223", "99213"),
    (GYN, "58611", "59510", "58100"),
    (SURGERY, "44015", "44120", "38500"),
)
CONTRACTOR: Final = (
    (VASCULAR, "76937", "36556"),
    (IR, "77001", "36561"),
    (SURGERY, "44955", "44120"),
    (ORTHO, "20985", "27447"),
)
PARTLY: Final = ((SURGERY, "88311", "88305", "88304"), (GYN, "49327", "58661", "58558"))


def write(bench: Bench, tables: Tables) -> None:
    """The ADD cases."""
    for practice, add_on, primary, other in LISTED:
        edit = tables.add_ons[add_on]
        if edit.kind != 1 or primary not in edit.primaries or other in edit.primaries:
            continue  # the table's own word decides which of these are type 1
        told = Expected(("ADD", "PTP"), (1,))
        pos = "21" if primary == "99223" else practice.pos
        alone = bench.fault("ADD", f"{add_on} (type 1) alone", claim(practice, line(add_on), pos=pos), told)
        both = claim(practice, line(primary), line(add_on), pos=pos)
        right = bench.control("ADD", f"{add_on} with its primary {primary}", both)
        bench.neighbours(alone, right)
    for practice, add_on, primary, other in LISTED[::2]:
        edit = tables.add_ons[add_on]
        if edit.kind != 1 or other in edit.primaries or primary not in edit.primaries:
            continue
        if tables.in_force(other, add_on, NCCI_DAY) or tables.in_force(add_on, other, NCCI_DAY):
            continue
        bench.fault(
            "ADD",
            f"{add_on} (type 1) with {other}, which is none of its primaries",
            claim(practice, line(other), line(add_on)),
            Expected(("ADD",), (2,)),
        )
    _elsewhere(bench)
    _contractor(bench, tables)
    _hospital(bench)


def _elsewhere(bench: Bench) -> None:
    told = Expected(("ADD",), (2,), "any")
    bench.fault(
        "ADD", "primary the day before", claim(PAIN, line("64483", day=NCCI_DAY - timedelta(1)), line("64484")), told
    )
    first = claim(PAIN, line("64483"), patient="add-elsewhere", rendering=1, taxonomy="207L00000X")
    bench.control("ADD", "the primary, by another provider", first)
    second = claim(PAIN, line("64484"), patient="add-elsewhere")
    bench.fault("ADD", "primary by a provider of another specialty", second, Expected(("ADD",), (1,), "any"))
    first = claim(DERM, line("11102"), patient="add-two-claims")
    bench.control("ADD", "primary on one claim", first)
    bench.control(
        "ADD",
        "its add-on on another claim of the same provider, patient and day",
        claim(DERM, line("11103"), patient="add-two-claims"),
        spare=("ADD",),
    )


def _contractor(bench: Bench, tables: Tables) -> None:
    for practice, add_on, likely in CONTRACTOR:
        if tables.add_ons[add_on].kind != 2:
            continue
        modifier = "26" if add_on.startswith("7") else ""
        pos = "22"
        bench.neighbours(
            bench.fault(
                "ADD",
                f"{add_on} (type 2) alone",
                claim(practice, line(add_on, modifier), pos=pos),
                Expected(("ADD", "IMG"), (1,), "any"),
            ),
            bench.control(
                "ADD",
                f"{add_on} (type 2, the contractor's list) with {likely}",
                claim(practice, line(likely), line(add_on, modifier), pos=pos),
            ),
        )
    for practice, add_on, listed, unlisted in PARTLY:
        edit = tables.add_ons[add_on]
        if edit.kind != 3 or listed not in edit.primaries:
            continue
        bench.control("ADD", f"{add_on} (type 3) with a listed primary", claim(practice, line(listed), line(add_on)))
        if unlisted not in edit.primaries:
            bench.control(
                "ADD",
                f"{add_on} (type 3, a partial list) with an unlisted service",
                claim(practice, line(unlisted), line(add_on)),
                spare=("ADD",),
            )


def _hospital(bench: Bench) -> None:
    infusion = replace(HOSPITAL, diagnoses=("E860",))
    told = Expected(("ADD",), (1,))
    bench.neighbours(
        bench.fault("ADD", "hospital: 96361 alone", claim(infusion, line("96361", revenue="0260"), setting="I"), told),
        bench.control(
            "ADD",
            "hospital: 96361 with 96360",
            claim(infusion, line("96360", revenue="0260"), line("96361", revenue="0260"), setting="I"),
        ),
    )
    spine = replace(HOSPITAL, diagnoses=("M5416",))
    bench.neighbours(
        bench.fault("ADD", "hospital: 64484 alone", claim(spine, line("64484", revenue="0360"), setting="I"), told),
        bench.control(
            "ADD",
            "hospital: 64484 with 64483",
            claim(spine, line("64483", revenue="0360"), line("64484", revenue="0360"), setting="I"),
        ),
    )

"""Ambulance rides: origin and destination (MOD), and miles beside their transport (ADD)."""

from __future__ import annotations

from typing import Final

from accuracy_cases.model import FEE_DAY, Bench, Claim, Expected, claim, line
from accuracy_cases.practices import AMBULANCE

MANUAL: Final = "Medicare Claims Processing Manual, chapter 15, section 30 (read second-hand): "
BOTH_LETTERS: Final = MANUAL + "a modifier of origin and destination on each line of a ride"
X_LAST: Final = MANUAL + "X, the stop at a physician's office, is a destination only"
BESIDE: Final = MANUAL + "mileage is billed beside its base rate"


def write(bench: Bench) -> None:
    """The cases of ambulance rides."""
    _ends(bench)
    _miles(bench)


def _ride(*services: tuple[str, str, float]) -> Claim:
    lines = (line(code, modifiers, units, FEE_DAY, revenue="0540") for code, modifiers, units in services)
    return claim(AMBULANCE, *lines, ride=True)


def _ends(bench: Bench) -> None:
    told = Expected(("MOD", "FMT"), (1,), "any", "manual")
    right = bench.control("MOD", "a ride from home to hospital", _ride(("A0429", "RH", 1), ("A0425", "RH", 12)))
    for about, made in (
        ("a ride that does not say from where to where", _ride(("A0429", "", 1), ("A0425", "RH", 12))),
        ("a ride with GM alone", _ride(("A0428", "GM", 1), ("A0425", "RH GM", 12))),
        ("a flight that does not say from where to where", _ride(("A0431", "", 1), ("A0436", "SH", 40))),
    ):
        bench.neighbours(bench.fault("MOD", about, made, told, authority=[BOTH_LETTERS]), right)
    for modifier, about in (("XH", "a ride from X to hospital"), ("XR", "a ride from X home")):
        made = _ride(("A0428", modifier, 1), ("A0425", "RH", 12))
        bench.neighbours(bench.fault("MOD", about, made, told, authority=[X_LAST]), right)
    for about, made in (
        ("to hospital by way of a physician's office", _ride(("A0428", "RX", 1), ("A0425", "RX", 12))),
        ("from the scene to a helicopter's site", _ride(("A0427", "SI", 1), ("A0425", "SI", 4))),
        ("from dialysis home, two patients on board", _ride(("A0428", "JR GM", 1), ("A0425", "JR GM", 7.5))),
        ("the patient died before the ride", _ride(("A0429", "QL", 1))),
    ):
        bench.control("MOD", f"a ride: {about}", made)


def _miles(bench: Bench) -> None:
    told = Expected(("ADD", "MOD"), (1,), "any", "manual")
    for about, alone, both in (
        ("on the ground", _ride(("A0425", "RH", 12)), _ride(("A0425", "RH", 12), ("A0429", "RH", 1))),
        ("by airplane", _ride(("A0435", "IH", 80)), _ride(("A0435", "IH", 80), ("A0430", "IH", 1))),
        ("by helicopter", _ride(("A0436", "SH", 30)), _ride(("A0436", "SH", 30), ("A0431", "SH", 1))),
    ):
        bench.neighbours(
            bench.fault("ADD", f"miles {about} alone", alone, told, authority=[BESIDE]),
            bench.control("ADD", f"miles {about} and the transport", both),
        )

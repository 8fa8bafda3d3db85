"""Small worlds of fee-schedule facts and claims, in which collisions are common, for the oracles of this folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType
from cleanclaim.engine.run import check_claims
from cleanclaim.rules.registry import select_rules
from cleanclaim.testing.inline import book_from, claim_from

DAYS = (dt.date(2026, 7, 15), dt.date(2026, 7, 15), dt.date(2026, 7, 14))
PLACES = {"11": False, "12": False, "21": True, "22": True, "24": True, "02": True}
QUARTERS = (
    {"covers_from": dt.date(2026, 7, 1), "covers_to": dt.date(2026, 9, 30)},
    {"covers_from": dt.date(2026, 7, 1), "covers_to": dt.date(2026, 9, 30), "whole": False},
    {"covers_from": dt.date(2026, 4, 1), "covers_to": dt.date(2026, 12, 31)},
    {"covers_from": dt.date(2026, 4, 1), "covers_to": dt.date(2026, 6, 30)},
)
PHYSICAL_THERAPIST = "225100000X"

_flags = st.booleans()
_mostly = st.integers(0, 9).map(lambda drawn: drawn != 5)
_code_days = st.sampled_from([None, None, dt.date(2026, 7, 13), dt.date(2026, 7, 14), dt.date(2026, 7, 16)])


@st.composite
def _fee_schedule(draw: st.DrawFn, code: str, statuses: str, indicators: str) -> list[dict[str, Any]]:
    """A code's row, and rows for its components, each with a status of its own."""
    rows = [("", draw(st.sampled_from(indicators)))]
    if rows[0][1] in "19":
        rows += [(component, "1" if rows[0][1] == "1" else "6") for component in ("26", "TC") if draw(_flags)]
    return [
        {
            "hcpcs": code,
            "modifier": modifier,
            "status_indicator": draw(st.sampled_from(statuses)),
            "pc_tc_indicator": pc_tc,
            "na_facility": draw(_flags),
            "na_nonfacility": draw(_flags),
        }
        for modifier, pc_tc in rows
    ]


@st.composite
def facts(draw: st.DrawFn, codes: Mapping[str, str], indicators: str = "0") -> dict[str, Any]:
    """Tables as plain rows; a table that is not loaded is not there. Each is one release.

    ``codes`` gives for each code the statuses it may have.
    """
    made: dict[str, Any] = {}
    if draw(_mostly):
        listed = [code for code in codes if draw(_mostly)] or list(codes)
        made["mpfs"] = [row for code in listed for row in draw(_fee_schedule(code, codes[code], indicators))]
        made["mpfs_release"] = draw(st.sampled_from(QUARTERS))
    if draw(_flags):
        made["hcpcs"] = [
            {"hcpcs": code, "valid_from": draw(_code_days), "valid_to": draw(_code_days)}
            for code in draw(st.lists(st.sampled_from(["G1111", "J1111", "G2222"]), min_size=1, unique=True))
        ]
        made["hcpcs_release"] = draw(st.sampled_from([*QUARTERS[:2], QUARTERS[3]]))
    if draw(_mostly):
        places = [place for place in PLACES if draw(_mostly)] or ["11"]
        made["pos"] = [{"pos": place, "facility": PLACES[place]} for place in places]
    return made


@st.composite
def claims(
    draw: st.DrawFn,
    codes: Iterable[str],
    modifiers: Sequence[tuple[str, ...]] = ((),),
    charges: Sequence[str | None] = ("100.00",),
    places: Sequence[str] = ("11", "12", "22"),
) -> list[Claim]:
    """One or two claims of a patient; their units differ, so that neither repeats the other."""
    made = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        lines = [
            {
                "hcpcs": draw(st.sampled_from(list(codes))),
                "modifiers": draw(st.sampled_from(modifiers)),
                "units": number,
                "charge": draw(st.sampled_from(charges)),
                "service_date": draw(st.sampled_from(DAYS)),
                "pos": draw(st.sampled_from(places)),
                "rendering_npi": "1992999015" if draw(_mostly) else "1234567893",
                "rendering_taxonomy": PHYSICAL_THERAPIST if draw(_flags) else "",
            }
            for _ in range(draw(st.integers(2, 5)))
        ]
        values: dict[str, Any] = {
            "lines": lines,
            "filing_indicator": draw(st.sampled_from(["", "MB", "MB", "MB", "CI", "16"])),
        }
        if not draw(_mostly):
            values |= {"claim_type": "institutional", "bill_type": "13"}
        made.append(claim_from(values, claim_id=f"C{number}"))
    return made


Found = set[tuple[str, str, int | None]]


def found(family: str, of_claims: Sequence[Claim], made: dict[str, Any]) -> Found:
    """What the engine finds: rule, claim, line."""
    tables = {
        name: [row | ({"release": made[f"{name}_release"]} if f"{name}_release" in made else {}) for row in made[name]]
        for name in ("mpfs", "hcpcs", "pos")
        if name in made
    }
    report = check_claims(list(of_claims), book_from(tables), rules=select_rules([family]))
    return {(finding.rule, finding.claim, finding.line) for finding in report.findings}


# --- what every oracle needs to know of a line, in plain words


def lines_of(of_claims: Sequence[Claim]) -> Iterator[tuple[Claim, ClaimLine]]:
    for claim in of_claims:
        for line in claim.lines:
            yield claim, line


def is_practitioner(claim: Claim) -> bool:
    return claim.claim_type is ClaimType.PROFESSIONAL


def may_be_medicare(claim: Claim) -> bool:
    return claim.filing_indicator in {"MA", "MB", ""}


def rows_of(made: dict[str, Any], code: str) -> dict[str, dict[str, Any]]:
    return {row["modifier"]: row for row in made.get("mpfs", []) if row["hcpcs"] == code}


def row_of(made: dict[str, Any], line: ClaimLine) -> dict[str, Any] | None:
    """The fee-schedule row that prices the line: its component's where there is one, else the code's."""
    rows = rows_of(made, line.hcpcs)
    component = "26" if "26" in line.modifiers else "TC" if "TC" in line.modifiers else ""
    return rows.get(component) or rows.get("")


def is_measure(made: dict[str, Any], line: ClaimLine) -> bool:
    base = rows_of(made, line.hcpcs).get("")
    return line.hcpcs.endswith("F") or (base is not None and base["status_indicator"] == "M")


def same_day(of_claims: Sequence[Claim], claim: Claim, line: ClaimLine) -> Iterator[ClaimLine]:
    """The other lines of the same kind of claim, provider and day (patient and payer are the same for all).

    A practitioner's provider is the rendering one, a hospital's is the hospital.
    """
    for other_claim, other in lines_of(of_claims):
        if other is line or other_claim.claim_type is not claim.claim_type or other.service_from != line.service_from:
            continue
        if is_practitioner(claim) and other.rendering_npi != line.rendering_npi:
            continue
        yield other


def place_is_listed(made: dict[str, Any], line: ClaimLine) -> bool:
    return any(row["pos"] == line.pos for row in made.get("pos", []))

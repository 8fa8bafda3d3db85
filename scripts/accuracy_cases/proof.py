"""Reads every claim of the benchmark against the published tables: the rows that prove it, and faults nobody meant.

A fault claim must be at fault in the tables exactly where it says, a control nowhere: a case that is not so stops the
script. This is a plain reading of rows, for short claims; what rests on a manual (global days, modifiers of anesthesia,
form) is stated by the case itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from accuracy_cases.model import Case, Line
from accuracy_cases.tables import NEVER_DELETED, Tables

# NCCI Policy Manual 2026, chapter I.E: the closed list of PTP-associated modifiers.
ANATOMIC: Final = frozenset(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI".split()
)
VISIT_MODIFIERS: Final = frozenset("24 25 57".split())
OTHER_BYPASSING: Final = frozenset("27 58 59 78 79 91 XE XS XP XU".split())
DISTINCT: Final = frozenset("59 XE XS XP XU".split())
# CPT's own modifiers (Level I), which the HCPCS file does not list.
LEVEL_1: Final = frozenset(
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 96 "
    "97 99 1P 2P 3P 8P".split()
)
# Medicare Claims Processing Manual, chapter 15, section 30: origin, then destination; on no list of modifiers.
RIDE: Final = re.compile(r"[DEGHIJNPRSX]{2}")
NOT_DIVIDED: Final = frozenset("02345789")
ICD10_BEGINS: Final = date(2015, 10, 1)


@dataclass(frozen=True)
class Row:
    """A published row that speaks about a line; ``family`` is set where by it the line is not payable as billed."""

    line: int
    text: str
    family: str = ""
    lines: tuple[int, ...] = ()


def is_visit(code: str) -> bool:
    """Whether a code is an evaluation and management service, eye visits included."""
    return bool(re.fullmatch(r"99(2|3|4)\d\d|9200[24]|9201[24]", code)) or code in {"G0438", "G0439", "G0402"}


def prove(cases: Sequence[Case], tables: Tables) -> None:
    """Add the rows that prove each case to its authority; stop where rows and case contradict each other."""
    for case in cases:
        patient = [other for other in cases if _same_person(case, other)]
        rows = [*_pairs(case, patient, tables), *_units(case, patient, tables), *_add_ons(case, patient, tables)]
        rows += [*_fees(case, tables), *_codes(case, tables), *_diagnoses(case, tables)]
        case.authority = (*case.authority, *dict.fromkeys(f"line {row.line}: {row.text}" for row in rows))
        _contradictions(case, [row for row in rows if row.family])


def _contradictions(case: Case, faults: list[Row]) -> None:
    faults = [fault for fault in faults if fault.family not in case.waived]
    for fault in faults:
        lines = set(fault.lines or (fault.line,))
        if not any(fault.family in told.families and lines & set(told.lines) for told in case.expect):
            raise SystemExit(f"{case.id} ({case.about}): the tables find a fault that it does not tell: {fault}")
    for told in case.expect:
        proved = any(
            fault.family in told.families and set(fault.lines or (fault.line,)) & set(told.lines) for fault in faults
        )
        if told.basis == "table" and not proved:
            raise SystemExit(f"{case.id} ({case.about}): no row of a table proves {told}")


def _same_person(case: Case, other: Case) -> bool:
    if case is other:
        return True
    return bool(case.claim.patient) and case.claim.patient == other.claim.patient


def _by_one_provider(case: Case, patient: Iterable[Case]) -> list[tuple[bool, int, Line]]:
    """The patient's lines billed by the provider of the case: whether on this claim, the line's number, the line."""
    return [
        (other is case, number, line)
        for other in patient
        if other.claim.rendering == case.claim.rendering and other.claim.setting == case.claim.setting
        for number, line in enumerate(other.claim.lines, 1)
    ]


def _pairs(case: Case, patient: Iterable[Case], tables: Tables) -> Iterable[Row]:
    if case.claim.setting != "P":
        return  # the outpatient hospital table is not at hand
    for (here, n1, first), (there, n2, second) in combinations(_by_one_provider(case, patient), 2):
        if first.day != second.day or not (here or there):
            continue
        for mine, number, one, theirs, other_number, two in (
            (there, n2, first, here, n1, second),
            (here, n1, second, there, n2, first),
        ):
            # `two` is Column Two: the finding stands on its line, if that is on this claim.
            rows = tables.pairs.get((one.code, two.code), [])
            binding = tables.in_force(one.code, two.code, two.day)
            for row in rows if mine else []:
                ends = "none" if row.deleted == NEVER_DELETED else row.deleted.isoformat()
                text = f"PTP practitioner 2024Q3 {one.code}/{two.code}: indicator {row.indicator}, deletion {ends}"
                fires = row == binding and (row.indicator == 0 or not _bypassed(one, two))
                if row == binding and not fires:
                    text += " (bypassed)"
                lines = (number, other_number) if theirs else (number,)
                yield Row(number, text, "PTP" if fires else "", lines if fires else ())


def _bypassed(one: Line, two: Line) -> bool:
    for here, other in ((one, two), (two, one)):
        for modifier in here.modifiers:
            if modifier in VISIT_MODIFIERS and is_visit(here.code):
                return True
            if modifier in ANATOMIC:
                return modifier not in other.modifiers
            if modifier == "91":
                if here.code.startswith("8"):
                    return True
            elif modifier in DISTINCT:
                if not is_visit(here.code):
                    return True
            elif modifier in OTHER_BYPASSING:
                return True
    return False


def _units(case: Case, patient: Iterable[Case], tables: Tables) -> Iterable[Row]:
    lines = _by_one_provider(case, patient)
    setting = "practitioner" if case.claim.setting == "P" else "outpatient"
    for number, line in enumerate(case.claim.lines, 1):
        found = tables.limit(line.code, case.claim.setting, line.day)
        if found is None:
            continue
        year, limit = found
        text = f"MUE {setting} {year} {line.code}: {limit.units}, MAI {limit.mai}"
        days = (line.to - line.day).days + 1 if line.to else 1
        units = round(float(line.units) / days)
        together: tuple[int, ...] = (number,)
        if limit.mai > 1:
            same = [(here, n, other) for here, n, other in lines if other.code == line.code and other.day == line.day]
            if len(same) > 1:
                units = sum(round(float(other.units)) for _, _, other in same)
            together = tuple(n for here, n, _ in same if here)
        binds = limit.units > 0 or case.claim.payer[2] == "MB"  # a limit of 0 is Medicare's policy on payment
        yield Row(number, text, "MUE" if binds and units > limit.units and line.unit == "UN" else "", together)


def _add_ons(case: Case, patient: Iterable[Case], tables: Tables) -> Iterable[Row]:
    lines = _by_one_provider(case, patient)
    for number, line in enumerate(case.claim.lines, 1):
        edit = tables.add_ons.get(line.code)
        if edit is None:
            continue
        day = {other.code for _, _, other in lines if other.day == line.day and other is not line}
        present = sorted(day & edit.primaries)
        text = f"AOC 2024Q2 {line.code}: type {edit.kind}"
        if present:
            yield Row(number, f"{text}, primary {present[0]} present")
        else:
            alone = edit.kind == 1 or not (day - tables.add_ons.keys())
            yield Row(number, f"{text}, no listed primary that day", "ADD" if alone else "")


def _fees(case: Case, tables: Tables) -> Iterable[Row]:
    medicare = case.claim.payer[2] == "MB"
    for number, line in enumerate(case.claim.lines, 1):
        part = next((modifier for modifier in line.modifiers if modifier in {"26", "TC", "53"}), "")
        whole, own = tables.fee(line.code, "", line.day), tables.fee(line.code, part, line.day)
        if whole is None or case.claim.setting != "P":
            continue
        release = "RVU25D" if line.day.year == 2025 else "RVU26C"
        status = (own or whole).status
        if medicare and status in "BIN":
            yield Row(number, f"MPFS {release} {line.code}: status {status}", "COD")
        if status == "M" and line.billed():
            yield Row(number, f"MPFS {release} {line.code}: status M, charge {line.billed()}", "QLT")
        if part in {"26", "TC"}:
            # Laboratory codes with an interpretation have a row of their own for 26 (PC/TC 6).
            wrong = whole.pc_tc in NOT_DIVIDED and own is None
            yield Row(number, f"MPFS {release} {line.code}: PC/TC {whole.pc_tc}", "CMP" if wrong else "")
        if "26" in line.modifiers and "TC" in line.modifiers:
            yield Row(number, "26 and TC on one line", "CMP")


def _codes(case: Case, tables: Tables) -> Iterable[Row]:
    if case.claim.setting == "P" and case.claim.pos not in tables.places:
        for number, _ in enumerate(case.claim.lines, 1):
            yield Row(number, f"place of service {case.claim.pos}: not on CMS's list", "POS")
    for number, line in enumerate(case.claim.lines, 1):
        for word in (line.code, *line.modifiers):
            if line.code.startswith("A04") and RIDE.fullmatch(word):
                continue
            known = tables.level2.get(word)
            if re.fullmatch(r"[A-V]\d{4}", word) is None and (len(word) == 5 or word in LEVEL_1):
                continue
            family = "COD" if len(word) == 5 else "MOD"
            if known is None:
                yield Row(number, f"HCPCS 2025-10 {word}: not listed", family)
            elif known.ended and known.ended < line.day:
                yield Row(number, f"HCPCS 2025-10 {word}: ended {known.ended}", family)
            elif known.added and known.added > line.day:
                yield Row(number, f"HCPCS 2025-10 {word}: added {known.added}", family)


def _diagnoses(case: Case, tables: Tables) -> Iterable[Row]:
    pointed = {pointer: number for number, line in enumerate(case.claim.lines, 1) for pointer in line.pointers}
    if min(line.day for line in case.claim.lines) < ICD10_BEGINS:
        return
    for place, code in enumerate(case.claim.diagnoses, 1):
        if code in tables.billable:
            continue
        what = "needs more characters" if code in tables.headings else "not listed"
        lines = tuple(range(1, len(case.claim.lines) + 1))
        yield Row(pointed.get(place, 1), f"ICD-10-CM FY2026 {code}: {what}", "DXV", lines)
    for number, line in enumerate(case.claim.lines, 1):
        if case.claim.setting == "P" and any(pointer > len(case.claim.diagnoses) for pointer in line.pointers):
            yield Row(number, f"pointer beyond the {len(case.claim.diagnoses)} diagnoses of the claim", "DXV")

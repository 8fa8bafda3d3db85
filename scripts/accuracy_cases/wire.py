"""Writes the claims as 837 files: one file per family, setting and day of submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from accuracy_cases.model import Case, Claim, Line

BILLING: Final = 3
FACILITY: Final = 0
CLINIC: Final = "CITY CLINIC"
ISA: Final = "ISA*00*          *00*          *ZZ*SENDER1        *ZZ*12345          *"
LETTERS: Final = "ACDEFGHJKM"


def npi(number: int) -> str:
    """A synthetic NPI with a valid check digit (Luhn over 80840 and the nine digits)."""
    base = f"1992999{number:02d}"
    total = 24 + sum(
        int(digit) if place % 2 else sum(map(int, str(2 * int(digit)))) for place, digit in enumerate(base)
    )
    return base + str(-total % 10)


def segments(case: Case, patient: str, hierarchy: int) -> list[str]:
    """The subscriber and claim loops of one case, faults of form applied."""
    claim = case.claim
    name, payer, filing = claim.payer
    rows = [
        f"HL*{hierarchy}*1*22*0",
        f"SBR*P*18*******{filing if claim.setting == 'P' or filing != 'MB' else 'MA'}",
        f"NM1*IL*1*{_surname(patient)}*SAM****MI*{_member(patient) if claim.member_known else ''}",
        "N3*100 MAIN ST",
        "N4*COLUMBUS*OH*432150001",
        f"DMG*D8*{claim.born:%Y%m%d}*{claim.sex}",
        f"NM1*PR*2*{name}*****PI*{payer}",
        *(_professional(case) if claim.setting == "P" else _institutional(case)),
    ]
    for number, line in enumerate(claim.lines, 1):
        rows.append(f"LX*{number}")
        rows += _service(line, claim.setting)
    for old, new in claim.edits:
        if not any(old in row for row in rows):
            raise SystemExit(f"{case.id}: no segment has {old!r} to be made faulty")
        rows = [row.replace(old, new) for row in rows]
    return [row for row in rows if row]


def _total(claim: Claim) -> int:
    return sum(line.billed() for line in claim.lines)


def _professional(case: Case) -> list[str]:
    claim = case.claim
    rows = [f"CLM*{case.id}*{_total(claim)}***{claim.pos}:B:{claim.frequency}*Y*A*Y*Y"]
    if claim.original:
        rows.append(f"REF*F8*{claim.original}")
    if claim.ride:
        rows += ["CR1*LB*150**A*DH*12", "CRC*07*Y*04*09"]
    if claim.diagnoses:
        rows.append(_diagnoses(claim.diagnoses))
    rows += [
        f"NM1*DN*1*REED*PAT****XX*{npi(20)}",
        f"NM1*82*1*{('LOW', 'HILL', 'MOOR')[claim.rendering]}*ANN****XX*{npi(1 + claim.rendering)}",
        f"PRV*PE*PXC*{claim.taxonomy or claim.practice.taxonomy}",
    ]
    if claim.ride:
        rows += ["NM1*PW*2", "N3*100 MAIN ST", "N4*COLUMBUS*OH*432150001"]
        rows += ["NM1*45*2*CITY HOSPITAL", "N3*1 HOSPITAL WAY", "N4*COLUMBUS*OH*432150002"]
    elif claim.pos not in {"11", "10", "12"}:
        rows += [f"NM1*77*2*CITY HOSPITAL*****XX*{npi(FACILITY)}", "N3*1 HOSPITAL WAY", "N4*COLUMBUS*OH*432150002"]
    return rows


def _institutional(case: Case) -> list[str]:
    claim = case.claim
    first, last = min(line.day for line in claim.lines), max(line.to or line.day for line in claim.lines)
    rows = [
        f"CLM*{case.id}*{_total(claim)}***{claim.pos}:A:{claim.frequency}**A*Y*Y",
        f"DTP*434*RD8*{first:%Y%m%d}-{last:%Y%m%d}",
        "CL1*3*1*01",
    ]
    if claim.original:
        rows.append(f"REF*F8*{claim.original}")
    rows += [f"HI*ABK:{claim.diagnoses[0]}", f"HI*APR:{claim.diagnoses[0]}"]
    if len(claim.diagnoses) > 1:
        rows.append("HI*" + "*".join(f"ABF:{code}" for code in claim.diagnoses[1:]))
    return [*rows, f"NM1*71*1*LOW*ANN****XX*{npi(1)}", f"PRV*AT*PXC*{claim.practice.taxonomy}"]


def _diagnoses(codes: Sequence[str]) -> str:
    return "HI*" + "*".join(f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(codes))


def _service(line: Line, setting: str) -> list[str]:
    code = ":".join(("HC", line.code, *line.modifiers))
    when = f"D8*{line.day:%Y%m%d}" if line.to is None else f"RD8*{line.day:%Y%m%d}-{line.to:%Y%m%d}"
    if setting == "I":
        return [f"SV2*{line.revenue}*{code}*{line.billed()}*{line.unit}*{line.units}", f"DTP*472*{when}"]
    pointers = ":".join(map(str, line.pointers))
    return [f"SV1*{code}*{line.billed()}*{line.unit}*{line.units}***{pointers}", f"DTP*472*{when}"]


def _surname(patient: str) -> str:
    return "DOE" + "".join(LETTERS[int(digit)] for digit in patient)


def _member(patient: str) -> str:
    """A made-up member number of the shape of a Medicare beneficiary identifier, after CMS's own specimen 1EG4-TE5."""
    return f"1EG4TE{patient[0]}{LETTERS[int(patient[1])]}{LETTERS[int(patient[2])]}{patient[3]}0"


def interchange(cases: Sequence[tuple[Case, str]], control: int, sent: date) -> str:
    """One 837 file with the claims of one submission; each case comes with its patient's number."""
    institutional = cases[0][0].claim.setting == "I"
    guide = "005010X223A2" if institutional else "005010X222A1"
    body = [
        f"ST*837*0001*{guide}",
        f"BHT*0019*00*{control}*{sent:%Y%m%d}*1200*CH",
        "NM1*41*2*CITY BILLING*****46*SENDER1",
        "PER*IC*DESK*TE*6145550100",
        "NM1*40*2*MEDICARE*****46*12345",
        "HL*1**20*1",
        f"PRV*BI*PXC*{'282N00000X' if institutional else '207Q00000X'}",
        f"NM1*85*2*{CLINIC}*****XX*{npi(BILLING)}",
        "N3*200 MAIN ST",
        "N4*COLUMBUS*OH*432150003",
        "REF*EI*311234567",
    ]
    for hierarchy, (case, patient) in enumerate(cases, 2):
        body += segments(case, patient, hierarchy)
    body.append(f"SE*{len(body) + 1}*0001")
    rows = [
        f"{ISA}{sent:%y%m%d}*1200*^*00501*{control:09d}*1*T*:",
        f"GS*HC*SENDER1*12345*{sent:%Y%m%d}*1200*{control}*X*{guide}",
        *body,
        f"GE*1*{control}",
        f"IEA*1*{control:09d}",
    ]
    text = "".join(row + "~\n" for row in rows)
    for old, new in cases[0][0].claim.envelope_edits:
        if old not in text:
            raise SystemExit(f"{cases[0][0].id}: the file has no {old!r} to be made faulty")
        text = text.replace(old, new, 1)
    return text


def files(cases: Iterable[Case]) -> dict[str, tuple[str, list[Case]]]:
    """The files of the benchmark: name to text and cases. A fault of the envelope gets a file of its own."""
    grouped: dict[str, list[Case]] = {}
    for case in cases:
        claim = case.claim
        alone = f"_{case.id}" if claim.envelope_edits else ""
        name = f"{claim.setting.lower()}_{case.family}_{claim.sent_on():%Y%m%d}{alone}.837"
        grouped.setdefault(name, []).append(case)
    patients: dict[str, str] = {}
    written = {}
    for control, (name, group) in enumerate(sorted(grouped.items()), 1001):
        rows = []
        for case in group:
            key = case.claim.patient or case.id
            rows.append((case, patients.setdefault(key, f"{len(patients):04d}")))
        written[name] = (interchange(rows, control, group[0].claim.sent_on()), group)
    return written

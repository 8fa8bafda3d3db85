"""Claims drawn from a seed that are much like each other, and claims of the same patients that may matter to them.

A batch is made of a few claims, sent again for other patients as they are, or with one field changed to a value that
rules care about: most of them are like some claim before.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from cleanclaim.claims.model import Claim, ClaimLine, ClaimType, Diagnosis

FAMILIES: Final[Mapping[str, Sequence[str]]] = {
    "visits": "99202 99203 99204 99211 99213 99214 99215 G2211 99417 99024 99385 99391 99232 99283 99490".split(),
    "operations": "27447 47562 66984 44120 29881 63030 22551 22552 23412 11400 17000 11721 20610 64493 64494".split(),
    "births": "59400 59410 59510 59425 76801 76815 59025 01967 01968 99460 99468 54150 54160".split(),
    "scopes": "45378 45380 45381 45385 G0105 G0121 45330 43235 43239 00811 00812 29870 52000".split(),
    "therapy": "97110 97112 97140 97530 97161 G0283 97035 98940 98941 97810 97811 92507 99477 42820".split(),
    "anesthesia": "00400 00811 01402 00142".split(),
    "imaging": "76942 77003 71045 71046 73560 74177 77067 93000 93005 93010 93306 93320".split(),
    "drugs": "96372 96413 96415 90471 90472 90686 J1100 J9035 J0585 J3301 J3490".split(),
    "laboratory": "80053 80048 85025 84153 81003 36415 87804 G0103 G0101 Q0091 82962".split(),
    "supplies": "A4253 E0601 K0001 L3000 E0260 A4550".split(),
    "rides": "A0425 A0427 A0428 A0429 A0100".split(),
    "odd": ["99999", "1234", "D0120", "0001F", "3044F", "G8427", "0275T", "C9399", "64999"],
}
MODIFIERS: Final = (
    "24 25 57 58 59 78 79 XE XS XU TC 26 50 LT RT 51 76 91 JW JZ KX GA GY GZ GP 80 AS 62 AA QX QZ QK 33 PT 22 52 53 54"
    " 55 63 F1 F5 E1 T5 95 GT AT ZZ 1P RH SH XH QL NU RR P3"
).split()
DIAGNOSES: Final = (
    "Z00110 Z6825 Z6852 O80 Z3400 Z3483 N400 C61 Z1211 Z86010 K635 M1711 M1712 M170 E119 E1121 I10 F0280 G309 H2511"
    " H2512 S72001A W19XXXA Z3800 P599 R109 Z0000 J449 J209 E11 Z1231 C50911 M5416 Z23 H409 D630 N083 XYZ"
).split()
PLACES: Final = [*"11 22 21 23 24 19 12 31 41 81 02 05".split(), ""]
TAXONOMIES: Final = [
    *"207Q00000X 207L00000X 367500000X 363L00000X 225100000X 111N00000X 332B00000X 261QA1903X 193200000X".split(),
    *("ABC", ""),
]
NPIS: Final = ("1992999015", "1234567893", "1992999007", "1992999016", "12345", "")
PAYERS: Final = (
    *(("12345", "ACME", "CI"), ("87726", "UNITEDHEALTHCARE", "CI"), ("60054", "AETNA", "CI"), ("13102", "", "MB")),
    *(("", "MEDICARE", "ZZ"), ("04412", "MEDICARE", "MB"), ("87726", "UHC COMMUNITY PLAN", "MC"), ("", "", "")),
    *(("61101", "HUMANA", "16"), ("00590", "BLUE CROSS BLUE SHIELD", "BL"), ("12345", "ACME MEDICAID", "MC")),
)
ADDRESSES: Final = (("NY", "10001"), ("MA", "02108"), ("TX", "75001"), ("CA", "90001"), ("", ""))
DAYS: Final = tuple(
    dt.date(*day)
    for day in (
        *((2026, 7, 15), (2026, 7, 1), (2026, 6, 30), (2026, 8, 12), (2026, 9, 30), (2026, 10, 1), (2026, 1, 1)),
        *((2025, 12, 31), (2025, 10, 1), (2024, 2, 29), (2016, 3, 3), (2009, 12, 31)),
    )
)
AGES: Final = (0, 1, 7, 8, 28, 29, 200, 364, 365, 366, 731, 1095, 1827, 3286, 3288, 4383, 6574, 7305, 23742, 43919)
"""Days of age near those at which something turns."""
SENT: Final = (-400, -1, 0, 5, 29, 30, 90, 91, 120, 180, 181, 359, 361, 365, 366, 367, 400, 800)
"""Days after the first service."""
APART: Final = (0, 0, 0, 1, -1, 2, 9, 10, 11, 42, 89, 90, 91, -90, -91, -200, -280, -281, -1000, -1095, -1096, 400)
"""Days between two claims of one patient."""


class Mixed:
    """Draws claims; the same seed draws the same."""

    def __init__(self, seed: object) -> None:
        self._chance = random.Random(repr(seed))  # noqa: S311 - nothing secret
        self._drawn = 0

    def claim(self) -> Claim:
        """A claim of a new patient, with little wrong on purpose."""
        chance = self._chance
        family, day = chance.choice([*FAMILIES]), chance.choice(DAYS) + dt.timedelta(chance.choice((0, 0, 1, 9)))
        facility = self._seldom(0.25)
        codes = self._some(DIAGNOSES if self._seldom(0.3) else ("E119", "I10", "M1711", "K635", "N400", "Z1211"))
        npi = "" if facility else chance.choice(NPIS[:2])
        lines = [
            self._line(family, at, day, npi, facility=facility) for at in range(1, chance.choice((1, 1, 2, 3)) + 1)
        ]
        payer, (state, zip_code) = chance.choice(PAYERS), chance.choice(ADDRESSES)
        made = Claim(
            claim_id="",
            claim_type=ClaimType.INSTITUTIONAL if facility else ClaimType.PROFESSIONAL,
            lines=tuple(lines),
            diagnoses=tuple(Diagnosis(code, role="other" if at else "principal") for at, code in enumerate(codes)),
            patient_birth_date=day - dt.timedelta(15_000 if self._seldom(0.7) else chance.choice(AGES)),
            patient_sex=chance.choice("FFM"),
            billing_npi=chance.choice(("1992999031", "1992999007")),
            rendering_npi=npi,
            attending_npi="1234567893" if facility else "",
            billing_state=state,
            billing_zip=zip_code,
            total_charge=_sum(lines),
            pos="" if facility else "11",
            bill_type=chance.choice(("13", "13", "11", "85", "34", "72")) if facility else "",
            frequency="1",
            statement_from=day if facility else None,
            statement_to=day if facility else None,
            submitted_on=day + dt.timedelta(10),
            file="mix.837",
            byte=0,
        )
        return self._anew(_of_payer(made, payer))

    def batch(self, many: int, bases: Sequence[Claim]) -> list[Claim]:
        """Claims like ``bases``, and of some of their patients others."""
        found: list[Claim] = []
        while len(found) < many:
            made = self._chance.choice(bases)
            for _ in range(self._chance.choice((0, 1, 1, 2))):
                made = self._changed(made)
            found.append(self._anew(made))
            while self._seldom(0.2):
                found.append(self._beside(found[-1], self._chance.choice((found[-1], self.claim()))))
        return found

    def _seldom(self, share: float) -> bool:
        return self._chance.random() < share

    def _some(self, values: Sequence[str]) -> list[str]:
        return [self._chance.choice(values) for _ in range(self._chance.choice((1, 2, 2, 3)))]

    def _anew(self, claim: Claim) -> Claim:
        """The claim for another patient; now and then it names none."""
        self._drawn += 1
        key = "" if self._seldom(0.02) else f"{self._chance.getrandbits(63) | 1:016x}"
        return replace(claim, claim_id=f"C{self._drawn}", patient_key=key)

    def _line(self, family: str, at: int, day: dt.date, npi: str, *, facility: bool) -> ClaimLine:
        chance = self._chance
        code = chance.choice(FAMILIES[family])
        of_anesthesia = family == "anesthesia"
        modifiers = [chance.choice(("AA", "QZ", "QX"))] if of_anesthesia else []
        return ClaimLine(
            line_no=at,
            hcpcs=code,
            modifiers=(*modifiers, *([chance.choice(MODIFIERS)] if self._seldom(0.2) else [])),
            units=Decimal(chance.choice((1, 1, 1, 2, 4))),
            unit_basis="MJ" if of_anesthesia else "UN",
            charge=Decimal(chance.choice(("100.00", "50", "0.00"))),
            service_from=day,
            service_to=day + dt.timedelta(2) if self._seldom(0.05) else day,
            pos="" if facility else chance.choice(("11", "11", "22")),
            revenue_code="0510" if facility else "",
            diagnosis_pointers=() if facility else (1,),
            rendering_npi=npi,
            rendering_taxonomy=chance.choice(TAXONOMIES) if self._seldom(0.2) else "",
            ndc="50242006001" if code.startswith("J") else "",
            segment="SV2" if facility else "SV1",
        )

    def _beside(self, claim: Claim, other: Claim) -> Claim:
        """``other`` as a claim of the same patient, some days before or after."""
        chance = self._chance
        made = _later(other, _first(claim) - _first(other) + dt.timedelta(chance.choice(APART)))
        if self._seldom(0.7):
            made = replace(made, billing_npi=claim.billing_npi)
        if self._seldom(0.6):
            npi = claim.lines[0].rendering_npi
            lines = tuple(replace(line, rendering_npi=npi) for line in made.lines)
            made = replace(made, rendering_npi=claim.rendering_npi, lines=lines)
        if self._seldom(0.8):
            made = _of_payer(made, (claim.payer_id, claim.payer_name, claim.filing_indicator))
        if self._seldom(0.1):
            made = replace(made, frequency=chance.choice("78"), original_reference=claim.claim_id)
        return replace(self._anew(made), patient_key=claim.patient_key)

    # --- one thing changed

    def _changed(self, claim: Claim) -> Claim:
        change: Callable[[Claim], Claim] = self._chance.choice(
            (
                self._other_line,
                self._other_line,
                self._other_lines,
                self._other_diagnosis,
                self._other_field,
                self._moved,
            )
        )
        return change(claim)

    def _moved(self, claim: Claim) -> Claim:
        return _later(claim, dt.timedelta(self._chance.choice((1, 7, 30, 91, 182, 365, 366, -1, -30, -91, -365))))

    def _other_line(self, claim: Claim) -> Claim:
        chance, at = self._chance, self._chance.randrange(len(claim.lines))
        line, day = claim.lines[at], _first(claim)
        modifiers = (*line.modifiers, chance.choice(MODIFIERS))[:4]
        choices: Mapping[str, Sequence[Any]] = {
            "line_no": (1, 2, 7),
            "hcpcs": FAMILIES[chance.choice([*FAMILIES])],
            "modifiers": (modifiers, modifiers, line.modifiers[:-1]),
            "units": (*map(Decimal, ("1", "2", "5", "9", "0.5", "0", "-1")), None),
            "unit_basis": ("UN", "MJ", "DA"),
            "charge": (*map(Decimal, ("0", "0.01", "0.02", "-3", "77", "100.0", "100.005")), None),
            "service_from": [day + dt.timedelta(days) for days in (1, 2, 30)],
            "service_to": [*(day + dt.timedelta(days) for days in (0, 1, 3, -1)), None],
            "pos": PLACES,
            "revenue_code": ("0450", "0636", "0022", "0001", ""),
            "diagnosis_pointers": ((1,), (2,), (1, 2), (2, 1), (1, 1), (9,), ()),
            "rendering_npi": NPIS,
            "rendering_taxonomy": TAXONOMIES,
            "ndc": ("", "50242006001"),
            "ndc_units": (Decimal(3),),
            "note": ("A", "B", ""),
            "code_system": ("HC", "ER", "IV"),
            "control_number": ("7",),
            "prior_authorization": ("", "A1"),
            "has_attachment": (True, False),
            "segment": ("", "SV1", "SV2"),
        }
        name = chance.choice([*choices, "modifiers", "modifiers", "units", "pos"])
        changed = replace(line, **{name: chance.choice(choices[name])})
        lines = (*claim.lines[:at], changed, *claim.lines[at + 1 :])
        return replace(claim, lines=lines, total_charge=_sum(lines) if self._seldom(0.8) else claim.total_charge)

    def _other_lines(self, claim: Claim) -> Claim:
        """A line more, or less."""
        lines = [*claim.lines]
        if len(lines) > 1 and self._seldom(0.5):
            lines.pop(self._chance.randrange(len(lines)))
        else:
            more = self._chance.choice((lines, self.claim().lines))
            again = replace(self._chance.choice(more), line_no=len(lines) + 1, rendering_npi=lines[0].rendering_npi)
            lines.append(replace(again, service_from=lines[0].service_from, service_to=lines[0].service_to))
        return replace(claim, lines=tuple(lines), total_charge=_sum(lines))

    def _other_diagnosis(self, claim: Claim) -> Claim:
        chance, diagnoses = self._chance, [*claim.diagnoses]
        at = chance.randrange(len(diagnoses)) if diagnoses else 0
        what = chance.choice(("code", "code", "system", "role", "more", "less", "order"))
        if what == "more" or not diagnoses:
            diagnoses.append(Diagnosis(chance.choice(DIAGNOSES)))
        elif what == "less":
            diagnoses.pop(at)
        elif what == "order":
            chance.shuffle(diagnoses)
        else:
            roles = ("principal", "other", "admitting", "reason_for_visit", "external_cause")
            choices = {"code": DIAGNOSES, "system": ("icd10cm", "icd9cm", ""), "role": roles}
            change: dict[str, Any] = {what: chance.choice(choices[what])}
            diagnoses[at] = replace(diagnoses[at], **change)
        return replace(claim, diagnoses=tuple(diagnoses))

    def _other_field(self, claim: Claim) -> Claim:
        chance, day = self._chance, _first(claim)
        near: Sequence[Any] = [None, *(day + dt.timedelta(days) for days in (-5, -1, 0, 1, 2, 100))]
        states, zips = zip(*ADDRESSES, strict=True)
        choices: Mapping[str, Sequence[Any]] = {
            "claim_type": tuple(ClaimType),
            "patient_birth_date": [None, *(day - dt.timedelta(age) for age in AGES)],
            "patient_sex": ("F", "M", "", "U"),
            "payer_id": [payer for payer, _, _ in PAYERS],
            "payer_name": [name for _, name, _ in PAYERS],
            "filing_indicator": [indicator for _, _, indicator in PAYERS],
            "payer_responsibility": ("P", "S", ""),
            **{f"{who}_npi": NPIS for who in ("billing", "rendering", "referring", "attending", "service_facility")},
            "billing_taxonomy": TAXONOMIES,
            "rendering_taxonomy": TAXONOMIES,
            "billing_state": states,
            "billing_zip": zips,
            "service_state": states,
            "service_zip": zips,
            "total_charge": (None, Decimal(0), Decimal("100.001"), Decimal("123.45")),
            "pos": PLACES,
            "bill_type": ("13", "11", "85", "34", "72", ""),
            "frequency": ("1", "7", "8", ""),
            "original_reference": ("", "X"),
            "prior_authorization": ("", "A1"),
            "has_attachment": (True, False),
            "statement_from": near,
            "statement_to": near,
            "admission_date": near,
            "submitted_on": [None, *(day + dt.timedelta(days) for days in SENT)],
            "note": ("", "A"),
            "envelope_faults": ((), ("SE01",)),
        }
        name = chance.choice([*choices, "patient_birth_date", "patient_sex", "submitted_on"])
        if name in {"payer_id", "payer_name"} and self._seldom(0.7):
            return _of_payer(claim, chance.choice(PAYERS))
        return replace(claim, **{name: chance.choice(choices[name])})


def _first(claim: Claim) -> dt.date:
    return min(line.service_from for line in claim.lines if line.service_from is not None)


def _sum(lines: Sequence[ClaimLine]) -> Decimal:
    return sum((line.charge for line in lines if line.charge is not None), Decimal(0))


def _of_payer(claim: Claim, payer: tuple[str, str, str]) -> Claim:
    payer_id, name, indicator = payer
    return replace(claim, payer_id=payer_id, payer_name=name, filing_indicator=indicator)


def _later(claim: Claim, by: dt.timedelta) -> Claim:
    """The claim with all its days moved, the patient's birth among them."""

    def moved(day: dt.date | None) -> dt.date | None:
        return None if day is None else day + by

    return replace(
        claim,
        lines=tuple(
            replace(line, service_from=moved(line.service_from), service_to=moved(line.service_to))
            for line in claim.lines
        ),
        patient_birth_date=moved(claim.patient_birth_date),
        statement_from=moved(claim.statement_from),
        statement_to=moved(claim.statement_to),
        admission_date=moved(claim.admission_date),
        submitted_on=moved(claim.submitted_on),
    )

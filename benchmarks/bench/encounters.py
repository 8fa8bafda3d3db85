"""What is billed together on everyday claims, by specialty: the tables that :mod:`bench.everyday` draws from.

An encounter is what one visit, session or reading brings on a claim, billed as it should be. Its lines are written
``CODE-MODIFIERS xUNITS``, with ``/`` between things one of which is drawn (weights by repeating them), ``?`` before a
line that is there every other time, and the modifier ``side`` for RT or LT as the diagnosis says. Diagnoses are written
in order; of ``R|L`` the right or the left one, of several sets (``;``) one. ``who`` says whom it is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Encounter:
    """What is billed together. ``who`` holds words all of which must be true of the patient and the payer."""

    weight: float
    lines: str
    diagnoses: str
    who: str = ""
    place: str = ""
    """Where it is another than the specialty's own."""


@dataclass(frozen=True, slots=True)
class Specialty:
    """Providers of one taxonomy code, their share of all claims, and what they bill."""

    taxonomy: str
    weight: float
    place: str
    encounters: tuple[Encounter, ...]


_CHRONIC: Final = "I10 E785; E119 I10; I10; E782 I10; E039; J449 I10; E1165 I10; N1831 I10; I2510 I10 E785; K219; G4733"
_ACUTE: Final = "J069; J0190; N390; M5450; R051; J209; R0981; H6690; L309; K529; R197; M542; R42; R519"
_VISIT: Final = "99213/99213/99213/99214/99214/99214/99212/99215"
_MINOR: Final = "99213-25/99213-25/99212-25/99214-25"

_PRIMARY: Final = Specialty(
    "207Q00000X",
    30,
    "11",
    (
        Encounter(24, _VISIT, _CHRONIC, "grown"),
        Encounter(12, _VISIT, _ACUTE),
        Encounter(6, "99203/99204/99203/99205", f"{_CHRONIC};{_ACUTE}", "new"),
        Encounter(10, f"{_VISIT} 36415 ?83036-QW ?80061-QW", "E119 I10; E1165 I10; E119 E785", "grown"),
        Encounter(6, f"{_VISIT} 36415 ?85025", _CHRONIC, "grown"),
        Encounter(4, "99213/99214 81003-QW/81002", "N390; R300; R350", "grown"),
        Encounter(3, "99213/99214 83036-QW", "E119 I10; E1165 I10", "grown"),
        Encounter(3, "99213 87880-QW", "J029; J020"),
        Encounter(3, "99213-25/99214-25 96372 J1885-JZ x2/x4", "M5450; M5441", "grown"),
        Encounter(2, "96372 J3420", "D510; E538", "grown"),
        Encounter(4, "99213-25/99214-25 93000", "R079 I10; R002; I4891 I10; R9431", "grown"),
        Encounter(2, "G0439 ?99213-25", "Z0000 I10; Z0001 E119 I10", "old medicare"),
        Encounter(3, "99396 36415", "Z0000; Z0001 I10", "middle other"),
        Encounter(2, "99396-25 90471 90715", "Z0000; Z0001 I10", "middle other"),
        Encounter(2, "99395 ?36415", "Z0000", "young other"),
        Encounter(2, "99213-25 69210-side", "H6121|H6122", "grown"),
        Encounter(3, "99213-25/99214-25 20610-side J3301-JZ x4/x8", "M1711|M1712; M25561|M25562", "grown"),
        Encounter(2, f"{_MINOR} 17110", "B079"),
        Encounter(1, f"{_MINOR} 11102", "D485; L989", "grown"),
        Encounter(3, "99213-95/99214-95", _CHRONIC, "grown", place="10"),
        Encounter(2, "99490", "E119 I10; J449 I10; I5022 I10", "old medicare"),
        Encounter(1, "99495/99496", "I5022 I10; J189; A419", "old"),
        Encounter(2, "90471 90715", "Z23", "middle other"),
        Encounter(1, "94640 ?99214-25", "J45901; J441", "grown"),
        Encounter(2, "99308/99309/99308", "F0390 I10; I6930; I5022 I10", "old", place="31"),
    ),
)
_PEDIATRICS: Final = Specialty(
    "208000000X",
    5,
    "11",
    (
        Encounter(40, "99213/99213/99214/99212", "J069; H6691|H6692; R509; J029; L209; R197; J45909; B349", "child"),
        Encounter(10, "99213/99213-25 87880-QW", "J020; J029", "child"),
        Encounter(8, "99213 87804-QW", "R509; J101", "child"),
        Encounter(14, "99393-25 90460", "Z00129", "school"),
        Encounter(10, "99394-25 90460 ?90734", "Z00129", "teen"),
        Encounter(24, "99392-25 90460 x1/x2 90461 x1/x3", "Z00129", "infant"),
        Encounter(10, "99203/99202", "J069; R509; L209", "child new"),
    ),
)
_CARDIOLOGY: Final = Specialty(
    "207RC0000X",
    6,
    "11",
    (
        Encounter(30, "99214/99213/99214/99215", "I2510 I10; I480; I4891 I10; I5022; I10 E785", "grown"),
        Encounter(25, "99214-25/99213-25 93000", "I2510 I10; I480; R079 I10; I4891", "grown"),
        Encounter(10, "99204/99203", "R079 I10; R002; R0602", "grown new"),
        Encounter(12, "93306/93306/93308", "I5022; I350; R0602; R011; I480", "grown"),
        Encounter(6, "93880", "I6521|I6522; I6529", "grown"),
        Encounter(8, "93010", "R079; R0602; I480", "grown", place="23"),
        Encounter(8, "99232/99233/99231", "I5023; I214; I480", "grown", place="21"),
        Encounter(6, "93306-26", "I5023; I350; I480", "grown", place="22"),
        Encounter(4, "93294", "Z950 I495; I442 Z950", "old"),
    ),
)
_DERMATOLOGY: Final = Specialty(
    "207N00000X",
    4,
    "11",
    (
        Encounter(35, "99213/99213/99214/99212", "L700; L400; L309; L719; L578; D229"),
        Encounter(20, "99213-25 17000 ?17003 x1/x2/x4", "L570", "middle"),
        Encounter(15, "99213-25/99214-25 17000 17003 x2/x5/x7", "L570", "old"),
        Encounter(12, "99213-25 11102 ?11103", "D485; D492", "grown"),
        Encounter(8, "17110", "B079; B078"),
        Encounter(10, "99203", "L309; L700; D229; L578", "new"),
        Encounter(2, "11642 12052", "C44319; C44311", "old"),
    ),
)
_ORTHOPEDICS: Final = Specialty(
    "207X00000X",
    6,
    "11",
    (
        Encounter(25, "99213/99214/99213", "M1711|M1712; M25561|M25562; M7541|M7542; M25511|M25512; M5416", "grown"),
        Encounter(18, "99213/99214 73562-side", "M1711|M1712; M25561|M25562; S83241A|S83242A", "grown"),
        Encounter(8, "99213 73030-side", "M25511|M25512; M7541|M7542; M19011|M19012", "grown"),
        Encounter(8, "99203/99204 73562-side/73564-side", "M25561|M25562; M1711|M1712", "grown new"),
        Encounter(14, "20610-side J3301-JZ x4", "M1711|M1712; M25561|M25562; M7541|M7542", "grown"),
        Encounter(6, "99213-25/99214-25 20610-side J1010-JZ x40/x80", "M1711|M1712; M7541|M7542", "grown"),
        Encounter(3, "20553 J3301-JZ x2", "M7910 M542; M7918", "grown"),
        Encounter(2, "29881-side", "S83241A|S83242A; M23221|M23222", "grown", place="24"),
        Encounter(1, "27447-side", "M1711|M1712", "old", place="21"),
        Encounter(3, "73110-side 99213", "S52501A|S52502A; M25531|M25532", "grown"),
        Encounter(4, "99024", "Z4789; Z471 Z96651|Z471 Z96652", "grown other"),
    ),
)
_THERAPY_PAIN: Final = "M5450; M542; M25561|M25562; M25511|M25512; M6281 R2689; M1711|M1712; R2689 M6281"
_PHYSICAL_THERAPY: Final = Specialty(
    "225100000X",
    9,
    "11",
    (
        Encounter(30, "97110-GP x1/x2/x2/x3 97140-GP", _THERAPY_PAIN, "grown"),
        Encounter(20, "97110-GP x2 97112-GP x1/x2 ?97140-GP", _THERAPY_PAIN, "grown"),
        Encounter(15, "97110-GP x2 97530-GP x1/x2 ?97112-GP", _THERAPY_PAIN, "grown"),
        Encounter(10, "97110-GP 97530-GP 97140-GP:59", _THERAPY_PAIN, "grown"),
        Encounter(10, "97110-GP x2 97116-GP", _THERAPY_PAIN, "old"),
        Encounter(8, "97161-GP/97162-GP/97162-GP", _THERAPY_PAIN, "grown new"),
        Encounter(5, "97161-GP 97110-GP", _THERAPY_PAIN, "grown new"),
        Encounter(6, "97110-GP x1/x2 G0283-GP", _THERAPY_PAIN, "grown medicare"),
        Encounter(6, "97110-GP x2 97014-GP", _THERAPY_PAIN, "grown other"),
    ),
)
_OCCUPATIONAL_THERAPY: Final = Specialty(
    "225X00000X",
    2,
    "11",
    (
        Encounter(40, "97530-GO x2/x3", "M25641|M25642; G5601|G5602; I69351|I69352", "grown"),
        Encounter(30, "97110-GO x2 97535-GO", "I69351|I69352; M6281 R2689", "grown"),
        Encounter(10, "97165-GO/97166-GO", "M25641|M25642; G5601|G5602", "grown new"),
    ),
)
_RADIOLOGY: Final = Specialty(
    "2085R0202X",
    14,
    "22",
    (
        Encounter(22, "71046-26", "R051; R0602; J189; R079; Z01818"),
        Encounter(5, "71045-26", "R0602; J189; I5023", "grown", place="21"),
        Encounter(8, "70450-26", "R519; S0990XA; R4182; R55", place="23"),
        Encounter(8, "74177-26", "R1031; R1032; R109; K5732", "grown", place="23"),
        Encounter(5, "71260-26/71250-26", "R918; R911; J849; C3411|C3412", "grown"),
        Encounter(4, "71275-26", "R0602; R079; R0789", "grown", place="23"),
        Encounter(10, "73562-side:26/73560-side:26", "M25561|M25562; M1711|M1712; S8991XA|S8992XA"),
        Encounter(5, "73030-side:26", "M25511|M25512; S4991XA|S4992XA"),
        Encounter(5, "73630-side:26/73610-side:26", "M79671|M79672; S93401A|S93402A"),
        Encounter(4, "72148-26", "M5416; M48061; M5126", "grown"),
        Encounter(3, "70553-26", "G35D; R519; C719; R569", "grown"),
        Encounter(3, "73721-side:26", "M25561|M25562; S83241A|S83242A", "grown"),
        Encounter(12, "77067 77063", "Z1231", "woman mammogram", place="11"),
        Encounter(4, "77065-side G0279", "N6311|N6321; R922", "woman mammogram", place="11"),
        Encounter(5, "76700-26/76705-26", "R1011; R7989; K8020", "grown"),
        Encounter(4, "76830-26", "N939; R1020; D259", "woman grown"),
        Encounter(3, "77080", "M810; Z13820 Z780", "woman old", place="11"),
        Encounter(4, "93970-26/93971-26", "M79661|M79662; R600; I8291", "grown"),
        Encounter(3, "76536-26", "E041; E042; R221", "grown"),
        Encounter(2, "72100-26/72110-26", "M5450; M5416", "grown"),
    ),
)
_LABORATORY: Final = Specialty(
    "291U00000X",
    10,
    "81",
    (
        Encounter(15, "80053 85025 ?80061 ?84443", "I10 E785; E119 I10 E785; E785 E039 R5383"),
        Encounter(18, "80053 80061 83036 ?85025 ?82043 ?82570", "E119 E785; E1165 E785", "grown"),
        Encounter(10, "80061 84443 ?84439 ?82306", "E785 E039 E559; E782 E039 E559", "grown"),
        Encounter(8, "80048", "I10; N1831; E876"),
        Encounter(8, "85025", "D649; D509; R5383"),
        Encounter(6, "83036", "E119; E1165; R7303", "grown"),
        Encounter(6, "84443 84439", "E039; E0590", "grown"),
        Encounter(5, "82306", "E559; M810", "grown"),
        Encounter(6, "81001 87086", "N390; R300; R350"),
        Encounter(4, "87491 87591", "Z113; Z202", "young"),
        Encounter(4, "85610", "I480 Z7901; Z7901 I4891; I2699 Z7901", "grown"),
        Encounter(4, "84153", "N401; R9720", "man old"),
        Encounter(3, "G0103", "Z125", "man old medicare"),
        Encounter(3, "82607 82746", "D649; E538; D519", "grown"),
        Encounter(3, "82728 83540 83550", "D509; D649", "grown"),
        Encounter(3, "87635", "Z20822; R051; U071"),
        Encounter(2, "86803 87340", "Z1159; R7401", "grown"),
        Encounter(3, "80307", "F1120; Z79891", "grown"),
    ),
)
_PATHOLOGY: Final = Specialty(
    "207ZP0102X",
    3,
    "22",
    (
        Encounter(60, "88305-26 x1/x1/x2/x3", "K635; D125; K2950; L570; D225; K219", "grown"),
        Encounter(15, "88305-26 x1/x2 88342-26", "K2950; C44311; D485", "grown"),
        Encounter(15, "88304-26", "K8020; K3580", "grown"),
        Encounter(10, "88307-26", "C3411|C3412; C184; C73", "old"),
    ),
)
_EMERGENCY: Final = Specialty(
    "207P00000X",
    6,
    "23",
    (
        Encounter(36, "99284/99283/99284/99285/99283", "R079; R109; R0602; R55; S0990XA; N390; R519; J189; R1110"),
        Encounter(15, "99285-25/99284-25 93010", "R079; R0602; I480; R55", "grown"),
        Encounter(8, "99283-25 12001/12002", "S61411A|S61412A; S81811A|S81812A"),
        Encounter(4, "99283-25 12011", "S0181XA; S01511A"),
        Encounter(3, "99283-25 29125-side", "S52501A|S52502A"),
        Encounter(3, "99291-25 93010", "A419 R6521; I214; J9601", "grown"),
        Encounter(6, "99282", "J069; S93401A|S93402A; L0390"),
    ),
)
_HOSPITALIST: Final = Specialty(
    "208M00000X",
    5,
    "21",
    (
        Encounter(
            50, "99232/99232/99233/99231", "J189 I10; I5023 N179; A419; N179; J9601 J441; K922; I480 I5022", "grown"
        ),
        Encounter(18, "99223/99222/99223", "J189 I10; I5023; A419; I214; J9601 J441; I639", "grown"),
        Encounter(15, "99238/99239", "J189; I5023; A419; N179; K5732", "grown"),
        Encounter(5, "99291", "A419 R6521; J9601; I214", "grown"),
    ),
)
_GASTROENTEROLOGY: Final = Specialty(
    "207RG0100X",
    3,
    "24",
    (
        Encounter(30, "99213/99214/99204", "K219; K5900; R1013; K5090; K589", "grown", place="11"),
        Encounter(12, "G0121", "Z1211", "old medicare"),
        Encounter(12, "45378-33", "Z1211", "middle other"),
        Encounter(12, "45385-PT", "Z1211 D125; Z1211 K635", "old medicare"),
        Encounter(12, "45380-33/45385-33", "Z1211 D125; Z1211 K635", "middle other"),
        Encounter(8, "45385 45380-59", "D123 D125; R195 D125", "grown"),
        Encounter(14, "43239", "K2950; R1013; K219; K2270; R1310", "grown"),
        Encounter(4, "43235", "R1013; K219", "grown"),
    ),
)
_OPHTHALMOLOGY: Final = Specialty(
    "207W00000X",
    4,
    "11",
    (
        Encounter(25, "92014/92012", "H2513; H401131; H401132; H3530; H04123", "grown"),
        Encounter(20, "92014 92134", "H353131; H353132; H35373; E113393", "grown"),
        Encounter(12, "92014 92250", "E113393; H3530; E119", "grown"),
        Encounter(10, "92004", "H2513; H5213; E119", "grown new"),
        Encounter(10, "92083 92133", "H401131; H401132; H40013", "grown"),
        Encounter(10, "67028-side J0178-JZ x2", "H353211|H353221", "old"),
        Encounter(8, "66984-side", "H2511|H2512", "old", place="24"),
    ),
)
_ANESTHESIA: Final = Specialty(
    "207L00000X",
    3,
    "24",
    (
        Encounter(30, "00142-AA:P2 m18/m24/m31", "H2511|H2512; H2513", "old"),
        Encounter(25, "00812-AA:P2 m21/m28/m33", "Z1211", "middle other"),
        Encounter(15, "00731-AA:P2 m15/m22", "K219; R1013; K2950", "grown"),
        Encounter(10, "01402-AA:P3 m95/m120", "M1711|M1712", "old", place="21"),
        Encounter(10, "00840-AA:P2 m75/m110", "K3580; K8020", "grown", place="21"),
    ),
)
_PSYCHIATRY: Final = Specialty(
    "2084P0800X",
    4,
    "11",
    (
        Encounter(40, "99214/99213/99214", "F331; F411; F319; F902; F200; F4310"),
        Encounter(25, "99214/99213 90833", "F331; F411; F319; F4310", "grown"),
        Encounter(15, "99214-95/99213-95", "F331; F411; F902", "grown", place="10"),
        Encounter(8, "90792", "F331; F411; F319", "new"),
    ),
)
_COUNSELLING: Final = Specialty(
    "1041C0700X",
    5,
    "11",
    (
        Encounter(50, "90837/90834/90834", "F411; F331; F4323; F4310; F321", "grown"),
        Encounter(25, "90837-95/90834-95", "F411; F331; F4323", "grown", place="10"),
        Encounter(8, "90791", "F411; F331; F4323", "grown new"),
        Encounter(8, "90847", "F4323; F411"),
    ),
)
_CHIROPRACTIC: Final = Specialty(
    "111N00000X",
    4,
    "11",
    (
        Encounter(50, "98940-AT/98941-AT", "M9903 M5450; M9901 M542; M9903 M5417", "old medicare"),
        Encounter(50, "98940/98941", "M9903 M5450; M9901 M542; M9902 M546", "middle other"),
        Encounter(12, "99203-25 98940", "M9903 M5450; M9901 M542", "middle other new"),
        Encounter(15, "98941 97110-GP 97014-GP", "M9903 M5450", "middle other"),
    ),
)
_PODIATRY: Final = Specialty(
    "213E00000X",
    3,
    "11",
    (
        Encounter(25, "11721-Q8 ?11056-Q8:59", "E1151 B351; E1142 B351 L84", "old"),
        Encounter(20, "99213/99203", "M722; M2011|M2012; L600", "grown"),
        Encounter(12, "99213-25 20550-side J3301-JZ x1/x2", "M722", "grown"),
        Encounter(12, "73630-side 99213", "M79671|M79672; M722; M2011|M2012", "grown"),
        Encounter(8, "11730-T5", "L600", "grown"),
    ),
)
_GYNECOLOGY: Final = Specialty(
    "207V00000X",
    4,
    "11",
    (
        Encounter(25, "99396 ?87624", "Z01419", "woman middle other"),
        Encounter(10, "99395/99395 ?87624", "Z01419", "woman young other"),
        Encounter(25, "99213/99214", "N939; N760; R1020; N951; D259", "woman grown"),
        Encounter(10, "99213 81025", "N912; Z3202", "woman young"),
        Encounter(10, "99213 76830", "N939; R1020; D259", "woman grown"),
        Encounter(6, "76801", "O0991 Z3A11; O09511 Z3A11", "woman young"),
        Encounter(4, "76805", "O0992 Z3A20; O09522 Z3A20", "woman young"),
        Encounter(4, "G0101 ?Q0091", "Z124; Z01419", "woman old medicare"),
        Encounter(3, "58300 J7298", "Z30430", "woman young"),
    ),
)
_UROLOGY: Final = Specialty(
    "208800000X",
    2,
    "11",
    (
        Encounter(25, "99213/99214 81003", "R350; N3281; R3129; N390", "grown"),
        Encounter(25, "99213/99214 51798", "N401 R338; N401 R3914", "man old"),
        Encounter(15, "52000 ?81003", "R310; R3129; C679", "grown"),
        Encounter(10, "99204", "R310; N201; N3281", "grown new"),
    ),
)
_ALLERGY: Final = Specialty(
    "207K00000X",
    2,
    "11",
    (
        Encounter(60, "95117/95115", "J301; J3089; J302"),
        Encounter(10, "95165 x10/x20/x30", "J301; J3089; J302"),
        Encounter(20, "99213/99214", "J301; J45909; L500; J309"),
        Encounter(8, "95004 x40/x50 ?99203-25", "J309; J301", "new"),
    ),
)
_ONCOLOGY: Final = Specialty(
    "207RH0003X",
    3,
    "11",
    (
        Encounter(30, "99214/99215", "C3411|C3412; C184; D472; C9000", "old"),
        Encounter(20, "96413 ?96415 96375 J1100 x10 J2405-JZ x8", "Z5111 C50911|Z5111 C50912; Z5111 C184", "woman old"),
        Encounter(15, "99214-25 96372 J0897-JZ x60", "M810; C7951 C50911|C7951 C50912", "woman old"),
        Encounter(15, "96365 J1756-JZ x200", "D509 N1831; D500", "grown"),
        Encounter(10, "36415 85025 99213", "D472; C9000; C9110", "old"),
    ),
)

SPECIALTIES: Final = (
    _PRIMARY,
    _PEDIATRICS,
    _CARDIOLOGY,
    _DERMATOLOGY,
    _ORTHOPEDICS,
    _PHYSICAL_THERAPY,
    _OCCUPATIONAL_THERAPY,
    _RADIOLOGY,
    _LABORATORY,
    _PATHOLOGY,
    _EMERGENCY,
    _HOSPITALIST,
    _GASTROENTEROLOGY,
    _OPHTHALMOLOGY,
    _ANESTHESIA,
    _PSYCHIATRY,
    _COUNSELLING,
    _CHIROPRACTIC,
    _PODIATRY,
    _GYNECOLOGY,
    _UROLOGY,
    _ALLERGY,
    _ONCOLOGY,
)


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer: its identifier, name and SBR09, and its share of the patients of its kind."""

    identifier: str
    name: str
    indicator: str
    weight: float


WITHOUT_POLICY: Final = Payer("35174", "MIDLAND MUTUAL HEALTH", "CI", 12)
COMMERCIAL: Final = (
    Payer("60054", "AETNA", "CI", 20),
    Payer("62308", "CIGNA", "CI", 16),
    Payer("87726", "UNITEDHEALTHCARE", "CI", 26),
    Payer("61101", "HUMANA", "CI", 8),
    WITHOUT_POLICY,
)
MEDICAID: Final = Payer("MCDST", "STATE MEDICAID", "MC", 1)
MEDICARE: Final = "MEDICARE PART B"

PLACES: Final = (
    ("COLUMBUS", "OH", "43215", "15202"),
    ("MIAMI", "FL", "33101", "09102"),
    ("DALLAS", "TX", "75201", "04412"),
    ("LOS ANGELES", "CA", "90012", "01182"),
    ("RALEIGH", "NC", "27601", "11502"),
    ("CHICAGO", "IL", "60601", "06102"),
    ("MILWAUKEE", "WI", "53202", "06302"),
    ("SEATTLE", "WA", "98101", "02402"),
    ("BOSTON", "MA", "02108", "14212"),
)
"""City, state, ZIP code and the number of its Medicare Part B contractor (CMS ZIP5 file, 2025Q4)."""

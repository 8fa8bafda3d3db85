"""Clean claims: everyday claims of many specialties that a payer pays as they stand."""

from __future__ import annotations

from datetime import date
from typing import Final

from accuracy_cases.model import FEE_DAY, JULY_2026, NCCI_DAY, Bench, Line, claim, line
from accuracy_cases.practices import (
    ALLERGY,
    CARDIO,
    CHIRO,
    DERM,
    EMERGENCY,
    ENT,
    EYE,
    GI,
    GYN,
    HOSPITAL,
    LAB,
    NEURO,
    ONCOLOGY,
    ORTHO,
    PAIN,
    PATHOLOGY,
    PODIATRY,
    PRIMARY,
    PSYCH,
    PULM,
    RADIOLOGY,
    SURGERY,
    THERAPY,
    UROLOGY,
    VASCULAR,
)

VERDICTS: Final = ("clean", "not_checked", "stale")
DAYS: Final = (NCCI_DAY, FEE_DAY, JULY_2026)
# (what, practice, "code:modifier..xunits" ..., diagnoses, place)
EVERYDAY: Final = (
    ("office visit", PRIMARY, "99213", "I10", "11"),
    ("visit and electrocardiogram", PRIMARY, "99214:25 93000", "R079", "11"),
    ("visit and laboratory", PRIMARY, "99213:25 36415 83036", "E119", "11"),
    ("annual wellness visit", PRIMARY, "G0439", "Z0000", "11"),
    ("influenza vaccine", PRIMARY, "90662 G0008", "Z23", "11"),
    ("joint injection with drug", ORTHO, "20610:RT J3301x4", "M1711", "11"),
    ("knee arthroscopy", ORTHO, "29881:RT", "S83241A", "24"),
    ("colonoscopy with snare", GI, "45385", "D122", "24"),
    ("endoscopy with biopsy", GI, "43239", "K2950", "24"),
    ("screening colonoscopy", GI, "G0121", "Z1211", "24"),
    ("skin biopsy, two lesions", DERM, "11102 11103", "D485", "11"),
    ("destruction of 14 lesions", DERM, "17000 17003x13", "L570", "11"),
    ("cataract, right", EYE, "66984:RT", "H2511", "24"),
    ("eye examination and imaging of the retina", EYE, "92014 92134", "H353131", "11"),
    ("echocardiogram read in hospital", CARDIO, "93306:26", "I5020", "22"),
    ("electrocardiogram read in hospital", CARDIO, "93010", "R079", "23"),
    ("carotid duplex", VASCULAR, "93880", "I6523", "11"),
    ("chest film read in hospital", RADIOLOGY, "71046:26", "R059", "22"),
    ("head CT read in emergency", RADIOLOGY, "70450:26", "R519", "23"),
    ("knee film, office", RADIOLOGY, "73562:RT", "M1711", "11"),
    ("transforaminal injections, two levels", PAIN, "64483:RT 64484:RT", "M5416", "11"),
    ("lumbar epidural with imaging", PAIN, "62323", "M5416", "11"),
    ("facet joint injections, three levels", PAIN, "64493:LT 64494:LT 64495:LT", "M47816", "11"),
    ("trigger points", PAIN, "20552", "M7918", "11"),
    ("cystoscopy", UROLOGY, "52000", "R310", "11"),
    ("residual urine", UROLOGY, "99213:25 51798", "N401", "11"),
    ("gallbladder", SURGERY, "47562", "K8020", "22"),
    ("inguinal hernia, both sides", SURGERY, "49650:50", "K4020", "22"),
    ("appendix", SURGERY, "44970", "K3580", "21"),
    ("colposcopy with biopsy", GYN, "57455", "R87610", "11"),
    ("endometrial biopsy", GYN, "58100", "N920", "11"),
    ("nasal endoscopy", ENT, "31231", "J320", "11"),
    ("laryngoscopy", ENT, "31575", "R490", "11"),
    ("nerve conduction and needle study", NEURO, "95910 95886x2", "G629", "11"),
    ("electroencephalogram", NEURO, "95816", "G40909", "11"),
    ("psychotherapy, 45 minutes", PSYCH, "90834", "F331", "11"),
    ("visit with psychotherapy", PSYCH, "99214 90833", "F331", "11"),
    ("physical therapy", THERAPY, "97110:GPx2 97140:GP", "M25511", "11"),
    ("therapy evaluation", THERAPY, "97161:GP", "M25511", "11"),
    ("spinal manipulation", CHIRO, "98940:AT", "M9903", "11"),
    ("chemotherapy infusion", ONCOLOGY, "96413 96415x2", "C50911", "11"),
    ("bone marrow biopsy and aspiration", ONCOLOGY, "38222:LT", "D61818", "11"),
    ("allergy tests", ALLERGY, "95004x40", "J3089", "11"),
    ("spirometry with and without bronchodilator", ALLERGY, "94060", "J4520", "11"),
    ("bronchoscopy with biopsy", PULM, "31625", "R918", "22"),
    ("tissue examination", PATHOLOGY, "88305x2", "D122", "81"),
    ("metabolic panel and blood count", LAB, "80053 85025", "E119", "81"),
    ("nail debridement", PODIATRY, "11721:Q8", "B351", "11"),
    ("repair of a wound", EMERGENCY, "99283:25 12001", "S61012A", "23"),
    ("critical care", EMERGENCY, "99291", "J9601", "23"),
    ("subsequent hospital care", PRIMARY, "99232", "J189", "21"),
    ("nursing facility visit", PRIMARY, "99309", "E119", "31"),
    ("telehealth at home", PRIMARY, "99213:95", "I10", "10"),
)
HOSPITAL_DAYS: Final = (
    ("tracing and clinic visit", (("0730", "93005"), ("0510", "G0463:25")), "R079"),
    ("colonoscopy", (("0750", "45385"),), "D122"),
    ("infusion of two hours", (("0260", "96365"), ("0260", "96366")), "E860"),
    ("chest film", (("0324", "71046"),), "R059"),
    ("laboratory", (("0301", "80053"), ("0305", "85025"), ("0300", "36415")), "E119"),
    ("therapy", (("0420", "97110:GPx2"),), "M25511"),
    ("head CT", (("0351", "70450"),), "R519"),
    ("emergency visit and wound", (("0450", "99283:25"), ("0450", "12001")), "S61012A"),
)


def write(bench: Bench) -> None:
    """The CLN cases; each stands in one of the three periods, in turn."""
    for number, (what, practice, codes, dx, pos) in enumerate(EVERYDAY):
        day = DAYS[number % 3]
        made = claim(practice, *(_line(word, day) for word in codes.split()), diagnoses=(dx,), pos=pos)
        bench.control("CLN", what, made, kind="clean", verdict=VERDICTS)
    for what, services, dx in HOSPITAL_DAYS:
        lines = [_line(word, NCCI_DAY, revenue) for revenue, word in services]
        made = claim(HOSPITAL, *lines, diagnoses=(dx,), setting="I")
        bench.control("CLN", f"hospital: {what}", made, kind="clean", verdict=VERDICTS)


def _line(word: str, day: date, revenue: str = "0510") -> Line:
    word, _, units = word.partition("x")
    code, _, modifiers = word.partition(":")
    return line(code, modifiers.replace(":", " "), float(units or 1), day, revenue=revenue)

"""The indicators of the Medicare Physician Fee Schedule in plain words.

Source: the record layout of the relative value file (RVU25D), data record and attachment A; the words are ours.
"""

from __future__ import annotations

from typing import Final

STATUS: Final = {
    "A": "active; paid separately if the service is covered",
    "B": "bundled; never paid separately, its payment is in other services",
    "C": "priced by the Medicare contractor, case by case",
    "D": "deleted",
    "E": "excluded from the fee schedule by regulation; where covered, it is paid outside it",
    "F": "deleted",
    "G": "not valid for Medicare, which uses another code",
    "H": "the modifier's row is deleted",
    "I": "not valid for Medicare, which uses another code",
    "J": "anesthesia; paid by base and time units, not by relative values",
    "M": "a measurement code; for reporting only",
    "N": "not covered by Medicare",
    "P": "bundled or excluded; not paid separately under the fee schedule",
    "R": "restricted coverage; special instructions apply",
    "T": "paid only where the provider bills no other fee-schedule service that day",
    "X": "excluded by law from the fee schedule; laboratory tests and ambulance, for example, have their own",
}

PC_TC: Final = {
    "0": "a physician's service; it has no professional and technical parts",
    "1": "a diagnostic test or radiology service; 26 bills the professional part, TC the technical one",
    "2": "the professional part only",
    "3": "the technical part only",
    "4": "the whole test only; its parts have codes of their own",
    "5": "done by staff under the physician; not paid to the practitioner for hospital patients",
    "6": "a laboratory test that a physician may interpret; 26 may be used, TC never",
    "7": "therapy; not paid to an independent therapist in a hospital",
    "8": "a physician's reading of an abnormal smear, for inpatients only",
}

GLOBAL_DAYS: Final = {
    "000": "includes the care of the same day; a visit that day is generally not paid",
    "010": "includes the care of the same day and the 10 days after; visits then are generally not paid",
    "090": "includes the care of the day before, the day itself and the 90 days after",
    "MMM": "maternity; the usual global period does not apply",
    "YYY": "the contractor decides whether a global period applies",
    "ZZZ": "an add-on; always within the global period of the service it is added to",
}

MULTIPLE_PROCEDURE: Final = {
    "0": "no reduction when other procedures are done the same day",
    "1": "with others the same day, ranked by fee and paid 100, 50, 25, 25, 25 percent, then by report",
    "2": "with others the same day, ranked by fee and paid 100, 50, 50, 50, 50 percent, then by report",
    "3": "endoscopy rules: of one family the dearest is paid in full, of each other what it is worth above the base",
    "4": "diagnostic imaging: in one session the second and later lose 50 percent of TC and 5 percent of 26",
    "5": "therapy: subject to a cut of half of the practice expense",
    "6": "diagnostic cardiology: the second and later lose 25 percent of TC",
    "7": "diagnostic ophthalmology: the second and later lose 20 percent of TC",
}

BILATERAL: Final = {
    "0": "both sides are paid as one: the anatomy, or a bilateral code of its own, rules out the 150 percent",
    "1": "both sides are paid 150 percent",
    "2": "the value already covers both sides",
    "3": "each side is paid in full",
}

ASSISTANT: Final = {
    "0": "an assistant at surgery is paid only with documents that show the need",
    "1": "an assistant at surgery is never paid",
    "2": "an assistant at surgery may be paid",
}

CO_SURGEON: Final = {
    "0": "two surgeons are not permitted",
    "1": "two surgeons of different specialties may be paid with documents that show the need",
    "2": "two surgeons are permitted where their specialties differ",
}

TEAM_SURGEON: Final = {
    "0": "a surgical team is not permitted",
    "1": "a surgical team may be paid by report with documents that show the need",
    "2": "a surgical team is permitted, paid by report",
}

IMAGING_FAMILY: Final = {"88": "subject to the reductions of diagnostic imaging"}

POLICIES: Final = (
    ("pc_tc_indicator", "PC/TC", PC_TC),
    ("global_days", "Global days", GLOBAL_DAYS),
    ("multiple_procedure", "Multiple procedures", MULTIPLE_PROCEDURE),
    ("bilateral", "Bilateral", BILATERAL),
    ("assistant", "Assistant", ASSISTANT),
    ("co_surgeon", "Co-surgeons", CO_SURGEON),
    ("team_surgeon", "Team", TEAM_SURGEON),
    ("imaging_family", "Imaging family", IMAGING_FAMILY),
)
"""Column of the fee schedule, its name in words, and what each value means; a value without words (9, 99, XXX)
says that the concept does not apply."""

MUE_ADJUDICATION: Final = {
    1: "counted on each claim line; a justified further unit goes on a line of its own with a modifier",
    2: "counted over the day, and absolute: it follows from statute, regulation or the code itself",
    3: "counted over the day, from clinical experience; more may be paid on review",
}
"""MUE adjudication indicator (NCCI manual I.V)."""

ADD_ON_TYPE: Final = {
    1: "its primaries are all listed",
    2: "its primaries are for the Medicare contractor to define",
    3: "its primaries are listed in part; the contractor may accept more",
}
"""Add-on code type (NCCI manual I.R)."""

"""IMG: imaging guidance that is included, that is not, and that contains other imaging."""

from __future__ import annotations

from typing import Final

from accuracy_cases.model import NCCI_DAY, Bench, Expected, Practice, claim, line
from accuracy_cases.practices import EMERGENCY, GI, IR, ORTHO, PAIN, SURGERY, UROLOGY, VASCULAR
from accuracy_cases.tables import Tables

MANUAL: Final = "NCCI manual IX.H.22"
# (practice, procedure, imaging, what): a PTP row of 2024Q3 bundles the imaging (Column Two) into the procedure.
INCLUDED: Final[tuple[tuple[Practice, str, str, str], ...]] = (
    (PAIN, "62321", "77003", "guidance included"),
    (PAIN, "62323", "77003", "guidance included"),
    (PAIN, "62325", "77012", "guidance included"),
    (PAIN, "62327", "76000", "guidance included"),
    (PAIN, "64479", "77003", "guidance included"),
    (PAIN, "64483", "77012", "guidance included"),
    (PAIN, "64483", "76942", "guidance included"),
    (PAIN, "64490", "77003", "guidance included"),
    (PAIN, "64493", "77003", "guidance included"),
    (PAIN, "64633", "77003", "guidance included"),
    (PAIN, "64635", "77003", "guidance included"),
    (PAIN, "64451", "77002", "guidance included"),
    (PAIN, "27096", "77003", "guidance included"),
    (ORTHO, "20604", "76942", "guidance included"),
    (ORTHO, "20606", "76942", "guidance included"),
    (ORTHO, "20611", "76942", "guidance included"),
    (ORTHO, "20611", "77002", "guidance included"),
    (IR, "10005", "76942", "guidance included"),
    (IR, "10007", "77002", "guidance included"),
    (IR, "10009", "77012", "guidance included"),
    (IR, "10011", "77021", "guidance included"),
    (IR, "32555", "76942", "guidance included"),
    (IR, "32557", "77012", "guidance included"),
    (IR, "49083", "76942", "guidance included"),
    (IR, "49405", "77012", "guidance included"),
    (IR, "10030", "76942", "guidance included"),
    (IR, "50432", "76942", "guidance included"),
    (VASCULAR, "36901", "76000", "guidance included"),
    (VASCULAR, "36902", "77001", "guidance included"),
    (IR, "36572", "76937", "guidance included"),
    (IR, "36573", "77001", "guidance included"),
    (SURGERY, "19083", "76942", "guidance included"),
    (SURGERY, "19285", "76942", "guidance included"),
    (IR, "62328", "77003", "guidance included"),
    (PAIN, "62322", "77003", "code without imaging, imaging billed"),
    (PAIN, "62320", "77003", "code without imaging, imaging billed"),
    (ORTHO, "20610", "76942", "code without ultrasound, ultrasound billed"),
    (ORTHO, "20605", "76942", "code without ultrasound, ultrasound billed"),
    (IR, "32554", "76942", "code without imaging, imaging billed"),
    (IR, "49082", "76942", "code without imaging, imaging billed"),
    (GI, "43235", "76000", "fluoroscopy with an endoscopy"),
    (UROLOGY, "52332", "76000", "fluoroscopy with an endoscopy"),
    (ORTHO, "29881", "76000", "fluoroscopy with an arthroscopy"),
    (SURGERY, "47562", "76000", "fluoroscopy with a laparoscopy"),
    (GI, "74360", "76000", "imaging that already contains fluoroscopy"),
)
# Indicator 0: no modifier helps.
NEVER: Final = (
    (GI, "43213", "74360"),
    (GI, "43214", "74360"),
    (GI, "43233", "74360"),
    (VASCULAR, "36475", "76942"),
    (VASCULAR, "36478", "76942"),
)
# No edit in force, and the table (or RULES of add-ons) lets them stand together.
APART: Final[tuple[tuple[Practice, str, str, str], ...]] = (
    (GI, "43249", "74360", "26"),
    (GI, "43220", "74360", "26"),
    (GI, "43248", "74360", "26"),
    (GI, "43450", "74360", "26"),
    (ORTHO, "20610", "77002", "26"),
    (ORTHO, "20605", "77002", "26"),
    (IR, "36561", "77001", "26"),
    (IR, "36556", "76937", "26"),
    (PAIN, "62267", "77003", "26"),
    (PAIN, "62270", "76942", "26"),
    (VASCULAR, "36901", "76937", "26"),
    (PAIN, "64510", "77003", "26"),
    (ORTHO, "27093", "73525", "26"),
    (UROLOGY, "55700", "76942", "26"),
    (SURGERY, "47000", "77012", "26"),
)
GUIDANCE: Final = (
    ("76942", SURGERY, "10160"),
    ("77002", ORTHO, "20610"),
    ("77012", SURGERY, "47000"),
    ("76942", UROLOGY, "55700"),
)


def write(bench: Bench, tables: Tables) -> None:
    """The IMG cases."""
    _included(bench, tables)
    _never(bench)
    _apart(bench, tables)
    _guidance_units(bench, tables)


def _included(bench: Bench, tables: Tables) -> None:
    for practice, procedure, imaging, what in INCLUDED:
        edit = tables.in_force(procedure, imaging, NCCI_DAY)
        if edit is None or edit.indicator != 1:
            continue  # only what the table says
        both = claim(practice, line(procedure), line(imaging, "26"), pos="22")
        if not imaging.startswith("7"):
            both = claim(practice, line(procedure), line(imaging), pos="22")
        told = Expected(("PTP", "IMG", "END"), (2,))
        about = f"{what}: {procedure} with {imaging}"
        fault = bench.fault("IMG", about, both, told, authority=[MANUAL], waived=["ADD"])
        if not procedure.startswith("7"):
            alone = claim(practice, line(procedure), pos="22")
            bench.neighbours(fault, bench.control("IMG", f"{procedure} without {imaging}", alone))


def _never(bench: Bench) -> None:
    for practice, procedure, imaging in NEVER:
        for modifiers, said in (("26", "no modifier"), ("26 59", "59 cannot bypass it")):
            made = claim(practice, line(procedure), line(imaging, modifiers), pos="22")
            told = Expected(("PTP", "IMG", "END", "MOD"), (2,))
            bench.fault("IMG", f"indicator 0: {procedure} with {imaging}, {said}", made, told)


def _apart(bench: Bench, tables: Tables) -> None:
    for practice, procedure, imaging, modifier in APART:
        if tables.in_force(procedure, imaging, NCCI_DAY) or tables.in_force(imaging, procedure, NCCI_DAY):
            continue
        add_on = tables.add_ons.get(imaging)
        if add_on and add_on.kind == 1 and procedure not in add_on.primaries:
            continue
        made = claim(practice, line(procedure), line(imaging, modifier), pos="22")
        bench.control("IMG", f"{imaging} with {procedure}: no edit in force", made)
    alone = claim(EMERGENCY, line("76000", "26"), diagnoses=("S61012A",))
    bench.control("IMG", "76000 in the emergency department, nothing else", alone)


def _guidance_units(bench: Bench, tables: Tables) -> None:
    for imaging, practice, procedure in GUIDANCE:
        if tables.in_force(procedure, imaging, NCCI_DAY):
            continue
        limit = tables.limits["P", 2024][imaging].units
        one, more = (claim(practice, line(procedure), line(imaging, "26", units), pos="22") for units in (1, limit + 1))
        told = Expected(("MUE", "IMG"), (2,), "any")
        about = f"{imaging}: {limit + 1} units at one encounter"
        bench.neighbours(
            bench.fault("IMG", about, more, told, authority=["NCCI manual IX.G.3"]),
            bench.control("IMG", f"{imaging}: one unit", one),
        )

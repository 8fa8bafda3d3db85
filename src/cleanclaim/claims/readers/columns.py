"""The documented columns of a tabular claims file, and the names of others that are read as the same.

One table, from which the reader takes its columns and ``docs/reference/claim-columns.md`` is rendered.
Names are compared in lower case, with every run of other characters as one underscore. The aliases cover
common exports, the Tuva ``medical_claim`` input layer (thetuvaproject.com/connectors/input-layer) and the
CMS research identifiable files (RIF; column names as in the CMS synthetic RIF release, meanings at
resdac.org/cms-data).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Final

_ORDINALS: Final = ("1st", "2nd", "3rd", "4th", "5th")
_LIKENESS: Final = 0.7


@dataclass(frozen=True, slots=True)
class Column:
    """One documented column, or with ``count`` a numbered family of them (``dx_1`` to ``dx_25``).

    ``field`` is the field of Claim or ClaimLine it fills, and its key in a nested JSON claim. ``kind`` says
    how its text is read. In names, ``{n}`` is the number and ``{nth}`` its ordinal.
    """

    name: str
    field: str
    kind: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    count: int = 0


_C = Column

CLAIM_COLUMNS: Final = (
    _C("claim_id", "claim_id", "text", "Groups the rows of one claim, and names it in every finding.",
       ("claim", "claim_number", "claim_no", "clm_id"), required=True),
    _C("claim_type", "claim_type", "claim type",
       "professional, institutional, dental or pharmacy (also 837P, 837I, 837D, or an NCH claim type code). "
       "Without it: institutional where there is a type of bill, else professional.",
       ("form_type", "nch_clm_type_cd")),
    _C("patient_id", "patient_key", "text",
       "Tells patients apart for edits across claims. Only a hash of it is kept.",
       ("member_id", "person_id", "beneficiary_id", "subscriber_id", "bene_id", "patient_key")),
    _C("patient_birth_date", "patient_birth_date", "date", "", ("birth_date", "date_of_birth", "dob")),
    _C("patient_sex", "patient_sex", "sex", "M or F; any other statement is read as U.",
       ("sex", "gender", "patient_gender")),
    _C("payer_id", "payer_id", "code", "", ("payer_identifier",)),
    _C("payer_name", "payer_name", "text", "", ("payer",)),
    _C("filing_indicator", "filing_indicator", "code", "SBR09 of the 837: MB Medicare Part B, CI commercial ...",
       ("claim_filing_indicator", "claim_filing_code")),
    _C("billing_npi", "billing_npi", "code", "",
       ("billing_provider_npi", "group_npi", "carr_clm_blg_npi_num", "org_npi_num", "prvdr_npi")),
    _C("billing_taxonomy", "billing_taxonomy", "code", ""),
    _C("claim_rendering_npi", "rendering_npi", "code", "For lines without a rendering_npi of their own."),
    _C("claim_rendering_taxonomy", "rendering_taxonomy", "code", "For lines without one of their own."),
    _C("referring_npi", "referring_npi", "code", "", ("referring_provider_npi", "rfr_physn_npi")),
    _C("attending_npi", "attending_npi", "code", "", ("attending_provider_npi", "at_physn_npi")),
    _C("service_facility_npi", "service_facility_npi", "code", "", ("facility_npi",)),
    _C("billing_state", "billing_state", "state", "Two letters, of the billing provider's address.",
       ("billing_provider_state",)),
    _C("billing_zip", "billing_zip", "zip", "Five or nine digits, of the same address.",
       ("billing_provider_zip", "billing_zip_code")),
    _C("service_state", "service_state", "state", "Where the services were furnished, if not at that address.",
       ("service_facility_state",)),
    _C("service_zip", "service_zip", "zip", "The same; a patient's home has none here.",
       ("service_facility_zip", "service_zip_code")),
    _C("total_charge", "total_charge", "money", "",
       ("total_charge_amount", "total_billed_amount", "clm_tot_chrg_amt", "nch_carr_clm_sbmtd_chrg_amt")),
    _C("claim_pos", "pos", "pos", "For lines without a pos of their own."),
    _C("bill_type", "bill_type", "bill type",
       "UB-04 type of bill: 0131, 131 or 13. Its last digit is the frequency where there is no such column.",
       ("type_of_bill", "tob", "bill_type_code")),
    _C("bill_facility_type", "bill_facility_type", "code",
       "First digit of the type of bill, for files that split it.", ("clm_fac_type_cd",)),
    _C("bill_classification", "bill_classification", "code", "Second digit of it.",
       ("clm_srvc_clsfctn_type_cd",)),
    _C("frequency", "frequency", "code", "1 original, 7 replacement, 8 void.",
       ("claim_frequency", "claim_frequency_code", "frequency_code", "clm_freq_cd")),
    _C("original_reference", "original_reference", "text", "The claim that a replacement or void refers to.",
       ("original_claim_id", "original_reference_number", "fi_orig_clm_cntl_num")),
    _C("prior_authorization", "prior_authorization", "code", "",
       ("prior_auth", "prior_authorization_number", "authorization_number")),
    _C("statement_from", "statement_from", "date", "First day the claim covers.",
       ("statement_from_date", "claim_start_date", "clm_from_dt")),
    _C("statement_to", "statement_to", "date", "Last day the claim covers.",
       ("statement_to_date", "statement_thru_date", "claim_end_date", "clm_thru_dt")),
    _C("admission_date", "admission_date", "date", "", ("admit_date", "clm_admsn_dt")),
    _C("submitted_on", "submitted_on", "date", "The day the claim was made.",
       ("submission_date", "submitted_date")),
    _C("claim_note", "note", "text", ""),
    _C("dx", "diagnoses", "diagnosis list",
       "Every diagnosis in one column, separated by spaces, commas, semicolons, colons or bars.",
       ("diagnoses", "diagnosis_codes", "dx_codes", "icd10cm")),
    _C("dx_{n}", "diagnoses", "diagnosis", "Diagnoses in the claim's order, with or without the dot.",
       ("dx{n}", "icd10cm_{n}", "diagnosis_{n}", "diagnosis_code_{n}", "diagnosis{n}", "icd_{n}",
        "icd_dgns_cd{n}"), count=25),
    _C("dx_system", "diagnoses", "icd version", "ICD version of all of them: 10 (assumed) or 9.",
       ("diagnosis_code_type", "icd_version")),
    _C("dx_system_{n}", "diagnoses", "icd version", "ICD version of one of them.",
       ("icd_dgns_vrsn_cd{n}",), count=25),
    _C("dx_poa_{n}", "diagnoses", "code", "Present on admission: Y, N, U, W.",
       ("poa_{n}", "diagnosis_poa_{n}", "clm_poa_ind_sw{n}"), count=25),
    _C("dx_principal", "diagnoses", "diagnosis", "The principal diagnosis, where it is not dx_1.",
       ("principal_diagnosis", "principal_diagnosis_code", "prncpal_dgns_cd")),
    _C("dx_admitting", "diagnoses", "diagnosis", "", ("admitting_diagnosis", "admtg_dgns_cd")),
    _C("dx_reason_for_visit_{n}", "diagnoses", "diagnosis", "", ("rsn_visit_cd{n}",), count=3),
    _C("dx_external_cause_{n}", "diagnoses", "diagnosis", "", ("icd_dgns_e_cd{n}",), count=12),
)  # fmt: skip

LINE_COLUMNS: Final = (
    _C("line_no", "line_no", "whole number",
       "Orders the lines where every row of the claim has a different one; else the file's order counts.",
       ("line", "line_number", "claim_line_number", "line_num", "clm_line_num")),
    _C("hcpcs", "hcpcs", "code", "CPT or HCPCS code. May be empty on a revenue line.",
       ("cpt", "cpt_code", "hcpcs_code", "procedure_code", "proc_code", "hcpcs_cd"), required=True),
    _C("code_system", "code_system", "code", "HC for CPT and HCPCS (assumed); other qualifiers as in SV101-1."),
    _C("modifier_{n}", "modifiers", "code", "",
       ("mod_{n}", "mod{n}", "modifier{n}", "hcpcs_modifier_{n}", "hcpcs_{nth}_mdfr_cd"), count=5),
    _C("modifiers", "modifiers", "list", "Every modifier in one column, separated as in dx.", ("modifier",)),
    _C("units", "units", "units", "Not negative; decimals allowed.",
       ("quantity", "unit_count", "service_units", "service_unit_quantity", "line_srvc_cnt",
        "rev_cntr_unit_cnt")),
    _C("unit_basis", "unit_basis", "code", "UN units (assumed), MJ minutes, DA days.", ("unit_type",)),
    _C("charge", "charge", "money", "US dollars for all units of the line.",
       ("billed_amount", "charge_amount", "line_charge", "line_sbmtd_chrg_amt", "rev_cntr_tot_chrg_amt")),
    _C("service_date", "service_from", "date", "Day of service, or the first of several.",
       ("service_from", "from_date", "date_of_service", "dos", "service_from_date", "service_start_date",
        "claim_line_start_date", "line_1st_expns_dt", "rev_cntr_dt"), required=True),
    _C("service_to", "service_to", "date", "Last day of service; the same day where it is empty.",
       ("thru_date", "to_date", "service_to_date", "service_thru_date", "service_end_date",
        "claim_line_end_date", "line_last_expns_dt")),
    _C("pos", "pos", "pos", "Place of service.",
       ("place_of_service", "place_of_service_code", "pos_code", "line_place_of_srvc_cd")),
    _C("revenue_code", "revenue_code", "revenue code", "", ("rev_code", "revenue_center_code", "rev_cntr")),
    _C("dx_pointers", "diagnosis_pointers", "pointers",
       "Which diagnoses the line is for: 1 to 25 or A to L, separated as in dx.",
       ("dx_pointer", "diagnosis_pointers", "diagnosis_pointer", "dx_ptr")),
    _C("line_dx", "line_dx", "diagnosis", "The diagnosis the line is for as a code, where there is no pointer.",
       ("line_diagnosis", "line_icd_dgns_cd")),
    _C("rendering_npi", "rendering_npi", "code", "",
       ("rendering_provider_npi", "prf_physn_npi", "rndrng_physn_npi")),
    _C("rendering_taxonomy", "rendering_taxonomy", "code", "", ("rendering_provider_taxonomy",)),
    _C("ndc", "ndc", "code", "", ("ndc_code", "line_ndc_cd")),
    _C("ndc_units", "ndc_units", "units", "", ("ndc_quantity", "rev_cntr_ndc_qty")),
    _C("ndc_unit_basis", "ndc_unit_basis", "code", "F2, GR, ME, ML or UN.", ("rev_cntr_ndc_qty_qlfr_cd",)),
    _C("line_note", "note", "text", ""),
    _C("line_control_number", "control_number", "code", "The submitter's own number of the line."),
)  # fmt: skip

CLAIM_NAMES: Final = frozenset(
    column.name.format(n=number) for column in CLAIM_COLUMNS for number in range(1, max(column.count, 1) + 1)
)
"""Names of the columns that repeat on every row of a claim."""


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A column name as it is compared: ``Claim ID`` and ``CLAIM-ID`` are ``claim_id``."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _names(column: Column, number: int, *, nested: bool) -> Iterator[str]:
    nth = _ORDINALS[number - 1] if number <= len(_ORDINALS) else ""
    for name in (column.name, *((column.field,) if nested and not column.count else ()), *column.aliases):
        yield name.format(n=number, nth=nth)


def _kinds(columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    for column in columns:
        for number in range(1, max(column.count, 1) + 1):
            yield column.name.format(n=number), column.kind


KIND: Final = dict(_kinds((*CLAIM_COLUMNS, *LINE_COLUMNS)))
"""How the text of each column is read, by column name."""


def _accepted(columns: Iterable[Column], *, nested: bool) -> dict[str, tuple[str, int]]:
    """Every accepted name: the column it is read as, and its rank among that column's names."""
    accepted: dict[str, tuple[str, int]] = {}
    for column in columns:
        for number in range(1, max(column.count, 1) + 1):
            for rank, name in enumerate(_names(column, number, nested=nested)):
                accepted.setdefault(name, (column.name.format(n=number), rank))
    return accepted


@cache
def flat_names() -> dict[str, tuple[str, int]]:
    """Names of a file with one row per line."""
    return _accepted((*CLAIM_COLUMNS, *LINE_COLUMNS), nested=False)


@cache
def claim_names() -> dict[str, tuple[str, int]]:
    """Keys of the claim object of a nested claim."""
    return _accepted(CLAIM_COLUMNS, nested=True)


@cache
def line_names() -> dict[str, tuple[str, int]]:
    """Keys of a line object of a nested claim."""
    return _accepted(LINE_COLUMNS, nested=True)


def resolve(names: Iterable[str], accepted: dict[str, tuple[str, int]]) -> dict[str, list[str]]:
    """For each documented column that is present: the file's names for it, best first.

    Where a file has several names for one column, the reader takes the first that is filled.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for name in names:
        if (match := accepted.get(normal(name))) is not None:
            found.setdefault(match[0], []).append((match[1], name))
    return {column: [name for _, name in sorted(given)] for column, given in found.items()}


def missing_column(present: Iterable[str], names: Iterable[str]) -> str:
    """What to say when a required column is absent; ``""`` when none is.

    ``present`` are the documented columns found, ``names`` all names of the file. Only a name that is nearly
    an accepted one is repeated: in a file without a header line the others would be patient data.
    """
    have = set(present)
    if "statement_from" in have:
        have.add("service_date")
    for column in (*CLAIM_COLUMNS, *LINE_COLUMNS):
        if column.required and column.name not in have:
            near = _nearest((column.name, *column.aliases), names)
            hint = f" Did you mean its column {near!r}?" if near else ""
            also = ", ".join(column.aliases)
            return f"no column {column.name} (also read: {also}).{hint} docs/reference/claim-columns.md lists the names"
    return ""


def _nearest(wanted: Iterable[str], names: Iterable[str]) -> str:
    by_normal = {normal(name): name for name in names if normal(name) not in flat_names()}
    for name in wanted:
        if near := get_close_matches(name, by_normal, n=1, cutoff=_LIKENESS):
            return by_normal[near[0]]
    return ""


_PAGE: Final = """# Columns of a claims file

For CSV (comma, semicolon, tab or bar; UTF-8, or Windows-1252 where it is not), Parquet and JSON lines.
This page is rendered from `src/cleanclaim/claims/readers/columns.py`.

- One row is one claim line. Claim columns repeat on every row of the claim, or stand on some of them: they
  may be empty, but a claim whose rows disagree is rejected. Rows of a claim need not be adjacent.
- Names are compared without regard to case, and to blanks or signs between words: `Claim ID` is `claim_id`.
  Columns that are not listed here are ignored. Where a file has several names for one column, the first of
  the list that is filled counts.
- Required: {required}. Instead of the service date `statement_from` is enough;
  such lines have no date of their own.
- Dates: `2026-07-01`, `20260701`, `07/01/2026` or `01-Jul-2026`; a time behind them is dropped.
- Numbers: `1`, `1.5`, `128.40`, `$128.40`; no thousands separators.
- A value that cannot be read rejects its claim, with row and column. Nothing is guessed: what is empty (in a
  CSV also `NULL` and `\\N`) stays unknown.
- Codes are trimmed and upper-cased; diagnosis codes lose the dot; a place of service gets back a leading
  zero, a revenue code all of them (spreadsheets take them away). `22.0` is read as the code 22: so data frames
  write whole numbers where some are missing.
- JSON lines: one object per line, either a row with these columns, or a whole claim: the claim columns, with
  `lines`, a list of objects with the line columns, and `diagnoses`, a list of codes or of objects with
  `code`, `system`, `role` and `present_on_admission`. There the column may also be called as its field in
  the Python model (last column of the tables), and lists (`modifiers`, `diagnosis_pointers`) may be JSON
  lists. Parquet may hold the same nested claims.

## Claim

{claim}

## Line

{line}
"""


def columns_markdown() -> str:
    """The text of ``docs/reference/claim-columns.md``."""
    required = [column.name for column in (*CLAIM_COLUMNS, *LINE_COLUMNS) if column.required]
    return _PAGE.format(
        required=", ".join(f"`{name}`" for name in required),
        claim=_rows(CLAIM_COLUMNS),
        line=_rows(LINE_COLUMNS),
    )


def _rows(columns: Iterable[Column]) -> str:
    head = "| column | read as | meaning | also read | field |\n|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| `{_range(column)}` | {column.kind} | {column.meaning} | "
        f"{', '.join(f'`{_open(alias)}`' for alias in column.aliases)} | `{column.field}` |"
        for column in columns
    )


def _range(column: Column) -> str:
    if not column.count:
        return column.name
    return f"{column.name.format(n=1)}` to `{column.name.format(n=column.count)}"


def _open(alias: str) -> str:
    return alias.replace("{nth}", "1st").replace("{n}", "1")

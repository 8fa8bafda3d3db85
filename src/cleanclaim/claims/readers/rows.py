"""From the rows of a table to claims, whatever kind of file the rows came from.

Rows are gathered by claim id, so that a claim whose rows are scattered is still one claim. A claim is
rejected whole when any of its rows cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cleanclaim.claims.model import POINTABLE_ROLES, Claim, ClaimLine, ClaimType, Diagnosis
from cleanclaim.claims.readers.columns import (
    CLAIM_COLUMNS,
    CLAIM_NAMES,
    KIND,
    LINE_COLUMNS,
    Column,
    normal,
)
from cleanclaim.claims.readers.values import (
    BadValue,
    as_code,
    padded,
    parse_bill_type,
    parse_date,
    parse_diagnosis_code,
    parse_number,
    parse_sex,
    parse_state,
    parse_units,
    parse_zip,
    patient_key,
    shape,
)
from cleanclaim.claims.stable import stable_hash
from cleanclaim.types import Reject

if TYPE_CHECKING:  # only a large file needs it
    from cleanclaim.claims.spread import Spread

_SEPARATORS: Final = re.compile(r"[\s,;:|^/]+")
_DIAGNOSIS_SLOTS: Final = range(1, 26)
_DIAGNOSIS_COLUMNS: Final = tuple(f"dx_{n}" for n in _DIAGNOSIS_SLOTS)
_MODIFIER_COLUMNS: Final = tuple(f"modifier_{n}" for n in range(1, 6))
_CLAIM_TYPES: Final = {
    **{claim_type.value.upper(): claim_type for claim_type in ClaimType},
    "837P": ClaimType.PROFESSIONAL,
    "837I": ClaimType.INSTITUTIONAL,
    "837D": ClaimType.DENTAL,
    # NCH claim type codes of the research identifiable files: carrier and DMERC, then the institutional ones.
    **dict.fromkeys(("71", "72", "81", "82"), ClaimType.PROFESSIONAL),
    **dict.fromkeys(("10", "20", "30", "40", "50", "60", "61", "62", "63", "64"), ClaimType.INSTITUTIONAL),
}
_ICD_VERSION: Final = re.compile(r"(?:icd)?_?(?:(?P<ten>10|0)|9)(?:_?cm)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, or an object of a nested claim: its filled columns by documented name."""

    values: Mapping[str, str]
    byte: int | None
    segment: str


class Fault(Exception):
    """Why a claim cannot be read, and where."""

    def __init__(self, byte: int | None, segment: str, reason: str) -> None:
        super().__init__(reason)
        self.byte = byte
        self.segment = segment
        self.reason = reason


@dataclass(slots=True)
class Part:
    """What one row, or one nested object, says of a claim; the parts of one claim are merged.

    ``head`` holds the claim's own columns when they do not stand in ``rows`` (nested claims, which are whole).
    ``certain`` is False when the claim id stood in a row whose columns may be shifted: then it may be
    anything, a patient's name too, and counts only if another row confirms it.
    """

    claim_id: str = ""
    rows: list[Row] = field(default_factory=list)
    head: Row | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    fault: Fault | None = None
    certain: bool = True


# --- from the parts of a file to claims ---------------------------------------------------------------------


def claims(parts: Iterable[Part], file: str) -> Iterator[Claim | Reject]:
    """Each claim of a file once, in the order of first appearance, or the reject that stands for it."""
    return (entry for _, entry in placed_claims(gathered(parts), file))


NumberedParts = list[tuple[int, Part]]
"""Parts with their number in the file."""


def gathered(parts: Iterable[Part], apart: Spread | None = None) -> Iterable[NumberedParts]:
    """The parts of a file, all at once or, with ``apart``, group by group: all that bear one claim id are in one group.

    The whole file has been gone through when this returns.
    """
    if apart is None:
        return [list(enumerate(parts))]
    for number, part in enumerate(parts):
        apart.put(stable_hash(part.claim_id or str(number)), number, part)
    apart.flush()
    return apart.taken()


def placed_claims(groups: Iterable[NumberedParts], file: str) -> Iterator[tuple[int, Claim | Reject]]:
    """Each claim of a file once, or the reject that stands for it, with the number of its first part."""
    for group in groups:
        for number, part in _merged(group):
            try:
                if part.fault is not None:
                    raise part.fault
                yield number, _claim(part, file)
            except Fault as fault:
                yield number, Reject(file, fault.byte, fault.segment, fault.reason, part.claim_id or None)


def _merged(parts: NumberedParts) -> Iterable[tuple[int, Part]]:
    confirmed = {part.claim_id for _, part in parts if part.certain}
    merged: dict[str | int, tuple[int, Part]] = {}
    for number, part in parts:
        if part.claim_id not in confirmed:
            part.claim_id = ""
        _, first = merged.setdefault(number if part.head or not part.claim_id else part.claim_id, (number, part))
        if first is not part:
            first.rows += part.rows
            first.fault = first.fault or part.fault
    return merged.values()


def _claim(part: Part, file: str) -> Claim:
    given = dict.fromkeys(part.head.values, part.head) if part.head else _shared(part.rows)
    claim = {column: _read(row, column) for column, row in given.items()}
    rows = [
        (row, {column: _read(row, column) for column in row.values if column not in CLAIM_NAMES}) for row in part.rows
    ]
    numbers = {values.get("line_no") for _, values in rows}
    if len(numbers) == len(rows) and None not in numbers:
        rows.sort(key=lambda row: row[1]["line_no"])
    pointed = any("dx_pointers" in values for _, values in rows)
    try:
        diagnoses = list(part.diagnoses or _diagnoses(claim, pointed=pointed))
        bill_type, frequency = _bill_type(claim)
    except BadValue as bad:
        row = given[bad.where]
        raise Fault(row.byte, f"{row.segment}, column {bad.where}", bad.reason) from None
    lines = tuple(_line(number, row, values, claim, diagnoses) for number, (row, values) in enumerate(rows, 1))
    head = part.head or part.rows[0]
    return Claim(
        claim_id=part.claim_id,
        claim_type=claim.get("claim_type") or (ClaimType.INSTITUTIONAL if bill_type else ClaimType.PROFESSIONAL),
        lines=lines,
        diagnoses=tuple(diagnoses),
        patient_key=patient_key(claim.get("patient_id", "")),
        bill_type=bill_type,
        frequency=claim.get("frequency") or frequency,
        file=file,
        byte=head.byte,
        segment=head.segment,
        **{column.field: claim[column.name] for column in PLAIN_CLAIM_COLUMNS if column.name in claim},
    )


def _shared(rows: Iterable[Row]) -> dict[str, Row]:
    """Which row gives each claim column. Rows may leave a claim column empty, not disagree on it."""
    given: dict[str, Row] = {}
    for row in rows:
        for column, text in row.values.items():
            if column in CLAIM_NAMES and given.setdefault(column, row).values[column] != text:
                raise Fault(
                    row.byte,
                    f"{row.segment}, column {column}",
                    f"differs from {given[column].segment} of the same claim; a claim column holds for the whole "
                    "claim (what differs by line belongs into a line column)",
                )
    return given


def _line(
    number: int, row: Row, values: Mapping[str, Any], claim: Mapping[str, Any], diagnoses: list[Diagnosis]
) -> ClaimLine:
    try:
        modifiers = _one_of_two(values, "modifiers", _MODIFIER_COLUMNS)
    except BadValue as bad:
        raise Fault(row.byte, f"{row.segment}, column {bad.where}", bad.reason) from None
    pointers = values.get("dx_pointers", ())
    if not pointers and (supporting := values.get("line_dx")):
        pointers = (_position(supporting, diagnoses),)
    return ClaimLine(
        line_no=number,
        hcpcs=values.get("hcpcs", ""),
        modifiers=modifiers,
        service_to=values.get("service_to", values.get("service_date")),
        pos=values.get("pos", claim.get("claim_pos", "")),
        diagnosis_pointers=pointers,
        rendering_npi=values.get("rendering_npi", claim.get("claim_rendering_npi", "")),
        rendering_taxonomy=values.get("rendering_taxonomy", claim.get("claim_rendering_taxonomy", "")),
        byte=row.byte,
        segment=row.segment,
        **{column.field: values[column.name] for column in PLAIN_LINE_COLUMNS if column.name in values},
    )


def _position(code: str, diagnoses: list[Diagnosis]) -> int:
    """Position of a line's diagnosis in the claim's list, to which it is added when it is not there."""
    others = [diagnosis for diagnosis in diagnoses if diagnosis.role in POINTABLE_ROLES]
    for number, diagnosis in enumerate(others, 1):
        if diagnosis.code == code:
            return number
    diagnoses.insert(len(others), Diagnosis(code, others[0].system if others else "icd10cm"))
    return len(others) + 1


def _diagnoses(claim: Mapping[str, Any], *, pointed: bool) -> list[Diagnosis]:
    system = claim.get("dx_system", claim.get("dx_system_1", "icd10cm"))
    slots = [n for n in _DIAGNOSIS_SLOTS if f"dx_{n}" in claim]
    if pointed and slots and slots[-1] != len(slots):
        raise BadValue("an earlier dx column is empty, and the lines point to diagnoses by position", f"dx_{slots[-1]}")
    codes = _one_of_two(claim, "dx", _DIAGNOSIS_COLUMNS)
    listed = [
        Diagnosis(
            code,
            claim.get(f"dx_system_{n}", system),
            present_on_admission=claim.get(f"dx_poa_{n}", ""),
        )
        for n, code in zip(slots or _DIAGNOSIS_SLOTS, codes, strict=False)
    ]
    principal = claim.get("dx_principal", listed[0].code if listed else "")
    if principal and all(diagnosis.code != principal for diagnosis in listed):
        if pointed:
            raise BadValue("is none of dx_1, dx_2 ..., and the lines point to diagnoses by position", "dx_principal")
        listed.insert(0, Diagnosis(principal, system))
    result = with_principal(listed, principal)
    for column, role in SPECIAL_DIAGNOSES:
        if column in claim:
            result.append(Diagnosis(claim[column], system, role))
    return result


def with_principal(listed: list[Diagnosis], principal: str) -> list[Diagnosis]:
    """The same diagnoses, the first with this code as the principal one."""
    result = list(listed)
    for index, diagnosis in enumerate(listed):
        if diagnosis.code == principal:
            result[index] = Diagnosis(diagnosis.code, diagnosis.system, "principal", diagnosis.present_on_admission)
            break
    return result


def _one_of_two(values: Mapping[str, Any], together: str, numbered: Iterable[str]) -> tuple[str, ...]:
    """Codes that stand in numbered columns or together in one; when in both, they must agree."""
    apart = tuple(values[column] for column in numbered if column in values)
    listed = tuple(values.get(together, ()))
    if apart and listed and apart != listed:
        raise BadValue("does not say the same as the numbered columns", together)
    return apart or listed


def _bill_type(claim: Mapping[str, Any]) -> tuple[str, str]:
    if "bill_type" in claim:
        return claim["bill_type"]  # type: ignore[no-any-return]  # its kind reads it so
    if "bill_facility_type" not in claim:
        return "", ""
    try:
        return parse_bill_type(claim["bill_facility_type"] + claim.get("bill_classification", ""))
    except BadValue as bad:
        raise BadValue(bad.reason, "bill_facility_type") from None


SPECIAL_DIAGNOSES: Final = (
    ("dx_admitting", "admitting"),
    *((f"dx_reason_for_visit_{n}", "reason_for_visit") for n in range(1, 4)),
    *((f"dx_external_cause_{n}", "external_cause") for n in range(1, 13)),
)


def _plain(columns: Iterable[Column], record: type, special: str) -> tuple[Column, ...]:
    """The columns whose value is the value of the field, with nothing more to it."""
    fields = record.__dataclass_fields__.keys() - set(special.split())  # type: ignore[attr-defined]
    return tuple(column for column in columns if column.field in fields)


PLAIN_CLAIM_COLUMNS: Final = _plain(
    CLAIM_COLUMNS, Claim, "claim_id claim_type patient_key diagnoses bill_type frequency"
)
PLAIN_LINE_COLUMNS: Final = _plain(
    LINE_COLUMNS,
    ClaimLine,
    "line_no hcpcs modifiers service_to pos diagnosis_pointers rendering_npi rendering_taxonomy",
)


# --- reading one value by the kind of its column ------------------------------------------------------------


def _read(row: Row, column: str) -> Any:
    try:
        return KINDS[KIND[column]](row.values[column])
    except BadValue as bad:
        raise Fault(row.byte, f"{row.segment}, column {column}", bad.reason) from None


def _whole_number(text: str) -> int:
    value = parse_units(text)
    if value != value.to_integral_value():
        raise BadValue(f"not a whole number (looks like {shape(text)})")
    return int(value)


def _claim_type(text: str) -> ClaimType:
    claim_type = _CLAIM_TYPES.get(as_code(text))
    if claim_type is None:
        raise BadValue(f"not a claim type (looks like {shape(text)}): write professional or institutional")
    return claim_type


def icd_version(text: str) -> str:
    """``icd10cm`` or ``icd9cm``, from ``10``, ``ICD-10-CM`` or the 0 and 9 of the research files."""
    match = _ICD_VERSION.fullmatch(normal(as_code(text)))
    if match is None:
        raise BadValue(f"not an ICD version (looks like {shape(text)}): write 10 or 9")
    return "icd10cm" if match["ten"] else "icd9cm"


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _SEPARATORS.split(text.upper())))


def _pointers(text: str) -> tuple[int, ...]:
    """``1,2``, ``1:2`` or, as on the CMS-1500 form, ``AB`` and ``A B``."""
    pointers: list[int] = []
    for token in map(as_code, _codes(text)):
        if token.isalpha() and token.isascii() and max(token) <= "L":
            pointers.extend(ord(letter) - ord("A") + 1 for letter in token)
        elif token.isdecimal() and int(token) in _DIAGNOSIS_SLOTS:
            pointers.append(int(token))
        else:
            raise BadValue(f"not diagnosis pointers (looks like {shape(text)}): write 1,2 or AB")
    return tuple(pointers)


KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "text": str,
    "code": as_code,
    "list": lambda text: tuple(map(as_code, _codes(text))),
    "diagnosis list": lambda text: tuple(map(parse_diagnosis_code, _codes(text))),
    "diagnosis": parse_diagnosis_code,
    "icd version": icd_version,
    "claim type": _claim_type,
    "bill type": parse_bill_type,
    "sex": parse_sex,
    "state": parse_state,
    "zip": parse_zip,
    "date": parse_date,
    "money": parse_number,
    "units": parse_units,
    "whole number": _whole_number,
    "pos": lambda text: padded(text, 2),
    "revenue code": lambda text: padded(text, 4),
    "pointers": _pointers,
}

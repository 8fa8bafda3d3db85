"""From the records of a claim table back to :class:`~cleanclaim.claims.model.Claim` objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.claims.quick import maker_of
from cleanclaim.claims.table_layout import LINE, NO_AMOUNT, TYPES
from cleanclaim.types import Date

Records = npt.NDArray[np.void]

_ALONE: Final = [name for name in LINE.names or () if name not in {"modifiers", "diagnosis_pointers"}]
"""Fields of a line that hold one value each."""
_claim: Final = maker_of(Claim)
_line: Final = maker_of(ClaimLine)
_diagnosis: Final = maker_of(Diagnosis)


def claims_of(
    claims: Records,
    lines: Records,
    diagnoses: Records,
    *,
    texts: Sequence[str],
    faults: Sequence[tuple[str, ...]],
    kept: Sequence[Claim],
) -> Iterator[Claim]:
    """The claims of some records whose lines and diagnoses follow one another as the claims do."""
    values = _Values(texts)
    made_lines = [
        values.line(record, modifiers, pointers)
        for record, modifiers, pointers in zip(
            lines[_ALONE].tolist(), _slots(lines, "modifiers"), _slots(lines, "diagnosis_pointers"), strict=True
        )
    ]
    made_diagnoses = [values.diagnosis(record) for record in diagnoses.tolist()]
    line = diagnosis = 0
    for record, line_count, diagnosis_count, number in zip(
        claims.tolist(),
        claims["line_count"].tolist(),
        claims["diagnosis_count"].tolist(),
        claims["kept"].tolist(),
        strict=True,
    ):
        if number:
            yield kept[number - 1]
            continue
        own_lines = tuple(made_lines[line : line + line_count])
        own_diagnoses = tuple(made_diagnoses[diagnosis : diagnosis + diagnosis_count])
        line += line_count
        diagnosis += diagnosis_count
        yield values.claim(record, own_lines, own_diagnoses, faults)


def _slots(lines: Records, name: str) -> list[bytes]:
    """The slots of each line, as the bytes of them all."""
    slots = np.ascontiguousarray(lines[name])
    found: list[bytes] = slots.view(f"V{slots.itemsize * slots.shape[1]}").ravel().tolist()
    return found


# Each distinct value is made once; a dictionary that makes what it has not is asked without a call.


class _Days(dict[int, Date | None]):
    def __missing__(self, ordinal: int) -> Date | None:
        day = self[ordinal] = dt.date.fromordinal(ordinal) if ordinal else None
        return day


class _Amounts(dict[tuple[int, int], Decimal | None]):
    def __missing__(self, amount: tuple[int, int]) -> Decimal | None:
        number, scale = amount
        made = self[amount] = None if amount == NO_AMOUNT else Decimal(f"{number}E-{scale}")
        return made


class _Pointers(dict[bytes, tuple[int, ...]]):
    def __missing__(self, slots: bytes) -> tuple[int, ...]:
        made = self[slots] = tuple(pointer for pointer in np.frombuffer(slots, np.int16).tolist() if pointer >= 0)
        return made


class _Modifiers(dict[bytes, tuple[str, ...]]):
    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, slots: bytes) -> tuple[str, ...]:
        made = self[slots] = tuple(self._texts[number] for number in np.frombuffer(slots, np.int32).tolist() if number)
        return made


class _Values:
    """Makes values of what the records hold."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._days = _Days()
        self._amounts = _Amounts()
        self._pointers = _Pointers()
        self._modifiers = _Modifiers(texts)

    def diagnosis(self, record: tuple[int, ...]) -> Diagnosis:
        """A diagnosis."""
        code, system, role, present, byte = record
        texts = self._texts
        return _diagnosis(texts[code], texts[system], texts[role], texts[present], byte if byte >= 0 else None)

    # Unpacked are the fields of table_layout.LINE, given those of ClaimLine, each in their order.
    def line(self, record: tuple[Any, ...], modifiers: bytes, pointers: bytes) -> ClaimLine:
        """A service line."""
        # fmt: off
        (
            hcpcs, unit_basis, pos, revenue_code, rendering_npi, rendering_taxonomy, ndc, ndc_unit_basis,
            note, code_system, control_number, prior_authorization, segment, service_from, service_to, line_no,
            units, charge, ndc_units, byte, units_scale, charge_scale, ndc_scale, attached,
        ) = record
        # fmt: on
        texts, days, amounts = self._texts, self._days, self._amounts
        return _line(
            line_no,
            texts[hcpcs],
            self._modifiers[modifiers],
            amounts[units, units_scale],
            texts[unit_basis],
            amounts[charge, charge_scale],
            days[service_from],
            days[service_to],
            texts[pos],
            texts[revenue_code],
            self._pointers[pointers],
            texts[rendering_npi],
            texts[rendering_taxonomy],
            texts[ndc],
            amounts[ndc_units, ndc_scale],
            texts[ndc_unit_basis],
            texts[note],
            texts[code_system],
            texts[control_number],
            texts[prior_authorization],
            attached,
            byte if byte >= 0 else None,
            texts[segment],
        )

    # As above, of table_layout.CLAIM and Claim.
    def claim(
        self,
        record: tuple[Any, ...],
        lines: tuple[ClaimLine, ...],
        diagnoses: tuple[Diagnosis, ...],
        faults: Sequence[tuple[str, ...]],
    ) -> Claim:
        """A claim with its lines and diagnoses."""
        # fmt: off
        (
            claim_id, patient_sex, payer_id, payer_name, filing_indicator, payer_responsibility,
            billing_npi, billing_taxonomy, rendering_npi, rendering_taxonomy, referring_npi, attending_npi,
            service_facility_npi, billing_state, billing_zip, service_state, service_zip, pos, bill_type,
            frequency, original_reference, prior_authorization, note, file, segment,
            patient_birth_date, statement_from, statement_to, admission_date, submitted_on,
            envelope_faults, _, _, _, total_charge, byte, _, _, patient, total_charge_scale, claim_type, attached,
        ) = record
        # fmt: on
        texts, days = self._texts, self._days
        return _claim(
            texts[claim_id],
            TYPES[claim_type],
            lines,
            diagnoses,
            f"{patient:016x}" if patient else "",
            days[patient_birth_date],
            texts[patient_sex],
            texts[payer_id],
            texts[payer_name],
            texts[filing_indicator],
            texts[payer_responsibility],
            texts[billing_npi],
            texts[billing_taxonomy],
            texts[rendering_npi],
            texts[rendering_taxonomy],
            texts[referring_npi],
            texts[attending_npi],
            texts[service_facility_npi],
            texts[billing_state],
            texts[billing_zip],
            texts[service_state],
            texts[service_zip],
            self._amounts[total_charge, total_charge_scale],
            texts[pos],
            texts[bill_type],
            texts[frequency],
            texts[original_reference],
            texts[prior_authorization],
            attached,
            days[statement_from],
            days[statement_to],
            days[admission_date],
            days[submitted_on],
            texts[note],
            faults[envelope_faults],
            texts[file],
            byte if byte >= 0 else None,
            texts[segment],
        )

"""From the records of a claim table back to :class:`~cleanclaim.claims.model.Claim` objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cleanclaim.claims.model import Claim, ClaimLine, Diagnosis
from cleanclaim.claims.table_layout import LINE, NO_AMOUNT, TYPES
from cleanclaim.types import Date

Records = npt.NDArray[np.void]

_ALONE: Final = [name for name in LINE.names or () if name not in {"modifiers", "diagnosis_pointers"}]
"""Fields of a line that hold one value each."""


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
            lines[_ALONE].tolist(), lines["modifiers"].tolist(), lines["diagnosis_pointers"].tolist(), strict=True
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


class _Values:
    """Makes values of what the records hold, each distinct one once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._days: dict[int, Date | None] = {0: None}
        self._amounts: dict[tuple[int, int], Decimal | None] = {NO_AMOUNT: None}
        self._pointers: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._modifiers: dict[tuple[int, ...], tuple[str, ...]] = {}

    def _day(self, ordinal: int) -> Date | None:
        if ordinal not in self._days:
            self._days[ordinal] = dt.date.fromordinal(ordinal)
        return self._days[ordinal]

    def _amount(self, number: int, scale: int) -> Decimal | None:
        key = (number, scale)
        if key not in self._amounts:
            self._amounts[key] = Decimal(f"{number}E-{scale}")
        return self._amounts[key]

    def _pointers_in(self, slots: list[int]) -> tuple[int, ...]:
        key = tuple(slots)
        if key not in self._pointers:
            self._pointers[key] = tuple(pointer for pointer in slots if pointer >= 0)
        return self._pointers[key]

    def _modifiers_in(self, slots: list[int]) -> tuple[str, ...]:
        key = tuple(slots)
        if key not in self._modifiers:
            self._modifiers[key] = tuple(self._texts[number] for number in slots if number)
        return self._modifiers[key]

    def diagnosis(self, record: tuple[int, ...]) -> Diagnosis:
        """A diagnosis."""
        code, system, role, present, byte = record
        texts = self._texts
        return Diagnosis(texts[code], texts[system], texts[role], texts[present], byte if byte >= 0 else None)

    # The names and their order are those of table_layout.LINE.
    def line(self, record: tuple[Any, ...], modifiers: list[int], pointers: list[int]) -> ClaimLine:
        """A service line."""
        # fmt: off
        (
            hcpcs, unit_basis, pos, revenue_code, rendering_npi, rendering_taxonomy, ndc, ndc_unit_basis,
            note, code_system, control_number, prior_authorization, segment, service_from, service_to, line_no,
            units, charge, ndc_units, byte, units_scale, charge_scale, ndc_scale, attached,
        ) = record
        # fmt: on
        texts = self._texts
        return ClaimLine(
            line_no=line_no,
            hcpcs=texts[hcpcs],
            modifiers=self._modifiers_in(modifiers),
            units=self._amount(units, units_scale),
            unit_basis=texts[unit_basis],
            charge=self._amount(charge, charge_scale),
            service_from=self._day(service_from),
            service_to=self._day(service_to),
            pos=texts[pos],
            revenue_code=texts[revenue_code],
            diagnosis_pointers=self._pointers_in(pointers),
            rendering_npi=texts[rendering_npi],
            rendering_taxonomy=texts[rendering_taxonomy],
            ndc=texts[ndc],
            ndc_units=self._amount(ndc_units, ndc_scale),
            ndc_unit_basis=texts[ndc_unit_basis],
            note=texts[note],
            code_system=texts[code_system],
            control_number=texts[control_number],
            prior_authorization=texts[prior_authorization],
            has_attachment=attached,
            byte=byte if byte >= 0 else None,
            segment=texts[segment],
        )

    # The names and their order are those of table_layout.CLAIM.
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
        texts = self._texts
        return Claim(
            claim_id=texts[claim_id],
            claim_type=TYPES[claim_type],
            lines=lines,
            diagnoses=diagnoses,
            patient_key=f"{patient:016x}" if patient else "",
            patient_birth_date=self._day(patient_birth_date),
            patient_sex=texts[patient_sex],
            payer_id=texts[payer_id],
            payer_name=texts[payer_name],
            filing_indicator=texts[filing_indicator],
            payer_responsibility=texts[payer_responsibility],
            billing_npi=texts[billing_npi],
            billing_taxonomy=texts[billing_taxonomy],
            rendering_npi=texts[rendering_npi],
            rendering_taxonomy=texts[rendering_taxonomy],
            referring_npi=texts[referring_npi],
            attending_npi=texts[attending_npi],
            service_facility_npi=texts[service_facility_npi],
            billing_state=texts[billing_state],
            billing_zip=texts[billing_zip],
            service_state=texts[service_state],
            service_zip=texts[service_zip],
            total_charge=self._amount(total_charge, total_charge_scale),
            pos=texts[pos],
            bill_type=texts[bill_type],
            frequency=texts[frequency],
            original_reference=texts[original_reference],
            prior_authorization=texts[prior_authorization],
            has_attachment=attached,
            statement_from=self._day(statement_from),
            statement_to=self._day(statement_to),
            admission_date=self._day(admission_date),
            submitted_on=self._day(submitted_on),
            note=texts[note],
            envelope_faults=faults[envelope_faults],
            file=texts[file],
            byte=byte if byte >= 0 else None,
            segment=texts[segment],
        )

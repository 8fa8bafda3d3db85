"""Claims as a warehouse has them: Parquet, one row a line."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from cleanclaim.claims.model import Claim

_AT_ONCE: Final = 20_000
"""Claims of a row group."""


def write_parquet(claims: Iterable[Claim], path: Path) -> None:
    """Write claims to a file, in constant memory."""
    import pyarrow as pa  # noqa: PLC0415 - only rows on Parquet need it
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    left = iter(claims)
    with pq.ParquetWriter(path, _schema()) as writer:
        while some := list(itertools.islice(left, _AT_ONCE)):
            rows = [row for claim in some for row in rows_of(claim)]
            writer.write_table(pa.Table.from_pylist(rows, schema=writer.schema))


def _schema() -> object:
    import pyarrow as pa  # noqa: PLC0415 - only rows on Parquet need it

    dates = {"patient_birth_date", "submitted_on", "service_date", "service_to"}
    amounts = {"total_charge", "units", "charge"}
    kinds = {"line_no": pa.int32()} | dict.fromkeys(dates, pa.date32()) | dict.fromkeys(amounts, pa.decimal128(18, 4))
    return pa.schema([(name, kinds.get(name, pa.string())) for name in _NAMES])


_NAMES: Final = (
    *("claim_id", "claim_type", "patient_id", "patient_birth_date", "patient_sex", "payer_id", "payer_name"),
    *("filing_indicator", "billing_npi", "billing_taxonomy", "billing_state", "billing_zip", "total_charge"),
    *("frequency", "submitted_on", "dx", "line_no", "hcpcs", "modifiers", "units", "unit_basis", "charge"),
    *("service_date", "service_to", "pos", "dx_pointers", "rendering_npi", "rendering_taxonomy"),
)


def rows_of(claim: Claim) -> Iterator[dict[str, object]]:
    """The rows of one claim, by the names of docs/reference/claim-columns.md."""
    for line in claim.lines:
        yield {
            "claim_id": claim.claim_id,
            "claim_type": str(claim.claim_type),
            "patient_id": claim.patient_key,
            "patient_birth_date": claim.patient_birth_date,
            "patient_sex": claim.patient_sex,
            "payer_id": claim.payer_id,
            "payer_name": claim.payer_name,
            "filing_indicator": claim.filing_indicator,
            "billing_npi": claim.billing_npi,
            "billing_taxonomy": claim.billing_taxonomy,
            "billing_state": claim.billing_state,
            "billing_zip": claim.billing_zip,
            "total_charge": claim.total_charge,
            "frequency": claim.frequency,
            "submitted_on": claim.submitted_on,
            "dx": " ".join(diagnosis.code for diagnosis in claim.diagnoses),
            "line_no": line.line_no,
            "hcpcs": line.hcpcs,
            "modifiers": " ".join(line.modifiers),
            "units": line.units,
            "unit_basis": line.unit_basis,
            "charge": line.charge,
            "service_date": line.service_from,
            "service_to": line.service_to,
            "pos": line.pos,
            "dx_pointers": " ".join(map(str, line.diagnosis_pointers)),
            "rendering_npi": line.rendering_npi,
            "rendering_taxonomy": line.rendering_taxonomy,
        }

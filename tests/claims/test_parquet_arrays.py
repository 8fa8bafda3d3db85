"""Arrow arrays made from bytes, and looked at as bytes, are those that pyarrow makes and sees; without pandas."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanclaim.claims.readers.table_columns import arrays


@given(st.lists(st.text(max_size=5), max_size=8))
def test_texts_are_those_of_pyarrow(texts: list[str]) -> None:
    expected = pa.array(texts, pa.large_string())
    assert arrays.strings(texts).equals(expected)
    assert arrays.binary([text.encode() for text in texts]).equals(expected.cast(pa.large_binary()))


def test_a_text_without_a_form_in_utf8_is_an_error_as_of_pyarrow() -> None:
    for make in (arrays.strings, pa.array):
        with pytest.raises(UnicodeEncodeError):
            make(["\ud800"])


@pytest.mark.parametrize("kind", [pa.int8(), pa.int32(), pa.int64(), pa.uint16()])
@given(st.data())
def test_whole_numbers_are_those_of_pyarrow_and_nulls_are_told(kind: pa.DataType, data: st.DataObject) -> None:
    values: list[int | None] = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=20))
    begin = data.draw(st.integers(0, len(values)))
    found = arrays.filled(pa.array(values, kind).slice(begin))
    assert found.dtype == np.int64
    assert found.tolist() == [-1 if value is None else value for value in values[begin:]]
    known = [value for value in values if value is not None]
    assert arrays.numbers(np.array(known, np.int64)).equals(pa.array(known, pa.int64()))


@given(st.lists(st.booleans(), max_size=20), st.integers(0, 20))
def test_truth_values_are_those_of_pyarrow(values: list[bool], begin: int) -> None:
    assert arrays.flags(pa.array(values, pa.bool_()).slice(begin)).tolist() == values[begin:]


@pytest.mark.skipif(find_spec("pandas") is None, reason="pandas, of the extra spark, is not here to be imported")
def test_reading_parquet_imports_no_pandas(tmp_path: Path) -> None:
    path = tmp_path / "claims.parquet"
    values: list[tuple[str, int | None, str]] = [("99213", 1, "2026-07-01"), (" odd", None, "07/01/2026"), ("", 2, "x")]
    rows: list[dict[str, Any]] = [
        {"claim_id": f"C{row // 2}", "hcpcs": code, "units": units, "charge": 12.5, "service_date": day, "dx": "I10"}
        for row, (code, units, day) in enumerate(values)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cleanclaim.claims.readers.table_columns.parquet import read_parts\n"
        "parts = list(read_parts(Path(sys.argv[1]).read_bytes(), 'a.parquet'))\n"
        "print(sum(len(part.table) + len(part.rejects) for part in parts), 'pandas' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"]

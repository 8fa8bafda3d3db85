"""What a citation says of the row it is of."""

from __future__ import annotations

import datetime as dt

import pytest

from cleanclaim.index.cite import cite_answer
from cleanclaim.index.lookup import OpenBook

DAY = dt.date(2026, 7, 15)


@pytest.mark.parametrize(
    ("hcpcs", "said"),
    [
        ("62323", "62323: imaging included (NCCI manual VIII.C.21, NCCI pair edits)"),
        ("62322", "62322: imaging without (NCCI pair edits, convention of the trade)"),
        ("77003", "77003: imaging guidance (NCCI manual IX.G.3, fee schedule)"),
    ],
)
def test_what_an_entry_of_imaging_guidance_rests_on_is_told_in_words(
    starter_book: OpenBook, hcpcs: str, said: str
) -> None:
    cited = cite_answer(starter_book.as_of(DAY).imaging(hcpcs))
    assert cited is not None
    assert cited.text.endswith(f": {said}")

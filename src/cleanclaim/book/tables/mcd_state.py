"""The states of the coverage database: its own numbers, and their letters.

Table STATE_LOOKUP of the article and LCD exports (``state_lookup.csv``), which has no dates. Besides the states it has
parts of California, Missouri and New York with letters of their own (NF, SF, EM, WM, DN, QN, UN) and CNMI, the Northern
Mariana Islands, whose postal letters are MP.
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-state",)
SCHEMA: Final = _mcd.schema(state_id="s", state="s")

_POSTAL: Final = {"CNMI": "MP"}


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    letters = cells["state_abbrev"].strip().upper()
    state = _POSTAL.get(letters, letters)
    if len(state) != len("NY") or not state.isalpha():
        raise _mcd.BadRow(f"state_abbrev {letters[:20]!r} is not two letters")
    return {"state_id": _mcd.number(cells, "state_id"), "state": state}


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=("state_id", "state_abbrev", "description"),
    others=(),
    schema=SCHEMA,
    fact=_fact,
    key=("state_id",),
    least_rows=50,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

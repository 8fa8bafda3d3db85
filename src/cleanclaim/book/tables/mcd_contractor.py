"""Medicare's contractors: their keys in the coverage database, their numbers, and which claims they process.

Table CONTRACTOR of the article and LCD exports (``contractor.csv``; both hold the same).
"""

from __future__ import annotations

from typing import Final

from cleanclaim.book.tables import _mcd

SOURCES: Final = ("mcd-contractor",)
SCHEMA: Final = _mcd.schema(contractor="s", number="s", role="s")

_ROLES: Final = {"1": "A", "2": "B", "3": "HHH", "4": "DME"}
"""CONTRACTOR_SUBTYPE_LOOKUP: Part A, Part B, home health and hospice, durable medical equipment."""


def _fact(cells: _mcd.Cells) -> _mcd.Facts:
    number, role = cells["contractor_number"].strip(), cells["contractor_subtype_id"].strip()
    if len(number) != len("13102") or not number.isdigit():
        raise _mcd.BadRow(f"contractor number {number[:20]!r} is not five digits")
    if role not in _ROLES:
        raise _mcd.BadRow(f"contractor_subtype_id {role[:20]!r} is none of 1 to 4")
    if cells["status"].strip() == "D" or cells["status_flag"].strip() == "N" or cells["ignore"].strip() == "Y":
        raise _mcd.BadRow("a contractor that is deleted, retired or to be ignored")
    return {"contractor": _mcd.contractor(cells), "number": number, "role": _ROLES[role]}


_TABLE: Final = _mcd.McdTable(
    source=SOURCES[0],
    columns=(
        *("contractor_id", "contractor_type_id", "contractor_version", "contractor_number", "status", "ignore"),
        *("status_flag", "contractor_subtype_id"),
    ),
    others=(
        *("contractor_bus_name", "dmerc_rgn", "address1", "address2", "address3", "city", "state_id", "zipcode"),
        *("phone", "fax", "last_updated", "url", "email", "cmd_name", "cmd_title"),
    ),
    schema=SCHEMA,
    fact=_fact,
    key=("contractor",),
    least_rows=100,
)
recognise = _TABLE.recognise
parse = _TABLE.parse

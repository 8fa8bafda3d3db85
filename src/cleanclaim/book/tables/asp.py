"""Payment limits of Part B drugs: what Medicare allows for one billing unit, mostly 106 % of the average sales price.

Published by CMS every quarter as a zip file with a csv ("section 508 version of Jan 2025 ASP Pricing File ...",
"Payment Limit File" from 2026) and a workbook: a title, ``Effective January 1, 2025 through March 31, 2025``, notes,
the header ``HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,...`` and a row for each code. Columns are
found by name; from 2023 there is ``Co-insurance Percentage``, less than 20 where a drug's price rose faster than
inflation, 0 for vaccines. A payment limit of N/A means that the contractor sets the price. The descriptions of vaccines
are the AMA's: none is kept.

Beside it lie a crosswalk to national drug codes, which has another header, and from 2026 a list of drugs that are not
payable, told by its name or title: neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.provenance import quarter_span
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of, table_from_rows
from cleanclaim.errors import InputError, LayoutError
from cleanclaim.types import parse_money

SOURCES: Final = ("asp",)

SCHEMA: Final = pa.schema(
    [
        ("hcpcs", pa.string()),
        ("dosage", pa.string()),
        ("payment_limit", pa.decimal128(12, 3)),
        ("coinsurance", pa.decimal128(6, 3)),
        ("row", pa.int32()),
    ]
)

_HEADER: Final = ("HCPCS CODE", "SHORT DESCRIPTION", "HCPCS CODE DOSAGE", "PAYMENT LIMIT")
_COINSURANCE: Final = "CO-INSURANCE PERCENTAGE"
_UNUSED: Final = frozenset(
    {"VACCINE AWP%", "VACCINE LIMIT", "BLOOD AWP%", "BLOOD LIMIT", "CLOTTING FACTOR", "INFUSION AWP%", "INFUSION LIMIT"}
    | {"DME INFUSION AWP%", "DME INFUSION LIMIT", "NOTES"}
)
_HEADER_WITHIN: Final = 20
_NOT_PAYABLE: Final = "NOT PAYABLE"
_UNKNOWN_COINSURANCE: Final = Decimal(-1)
_WHOLE_SHARE: Final = 100
_QUARTER: Final = re.compile(r"20\d\dQ[1-4]")
_EFFECTIVE: Final = re.compile(r"effective\s+([A-Z]+)\s+1,\s+(20\d\d)\s+through", re.IGNORECASE)
_MONTHS: Final = {"january": 1, "april": 2, "july": 3, "october": 4}
_NO_LIMIT: Final = frozenset({"", "N/A", "NA"})
_LEAST_ROWS: Final = 500  # about 1,000 in January 2025


def recognise(file: PublishedFile) -> bool:
    """True for a file of payment limits, csv or xlsx."""
    rows = file.first_rows(_HEADER_WITHIN)
    at = _header_row(rows)
    if at is None:
        return False
    titles = [file.name.replace("_", " "), *(cell for cells in rows[:at] for cell in cells)]
    return not any(_NOT_PAYABLE in title.upper() for title in titles)


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the limits. Raises LayoutError without their header, InputError when the quarter cannot be told."""
    rows = list(file.rows())
    at = _header_row([cells for _, cells in rows[:_HEADER_WITHIN]])
    if at is None:
        raise LayoutError(file.origin, 1, ",".join(_HEADER), "no such header")
    header = [" ".join(cell.split()).upper() for cell in rows[at][1]]
    known = {*_HEADER, _COINSURANCE, *_UNUSED}
    notes = [f"column {name!r} is new and not used" for name in header if name and name not in known]
    kept: list[dict[str, Any]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: dict[str, int] = {}
    for row, cells in rows[at + 1 :]:
        if sum(1 for cell in cells if cell.strip()) <= 1:
            continue  # blank, or a footnote, which stands alone in its row
        texts = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        code = texts[_HEADER[0]].upper()  # a row has at least two cells
        limit, share = _amount(texts.get(_HEADER[3], "")), _amount(texts.get(_COINSURANCE, ""))
        why = _why_not(code, texts, limit, share)
        if not why and seen.setdefault(code, row) != row:
            why = f"second row of a code; row {seen[code]} was kept"
        if why:
            rejected.append((row, code, why))
            continue
        kept.append(
            {
                "hcpcs": code,
                "dosage": texts.get(_HEADER[2], ""),
                "payment_limit": limit,
                "coinsurance": _UNKNOWN_COINSURANCE if share is None else share,
                "row": row,
            }
        )
    quarter = _release_name(file, (cell for _, cells in rows[:at] for cell in cells), release)
    span = quarter_span(quarter)
    whole = len(kept) >= _LEAST_ROWS
    if not whole:
        notes.append(f"only {len(kept):,} drugs, a whole file has {_LEAST_ROWS:,} or more: it is taken as an excerpt")
    return ParsedRelease(
        source=SOURCES[0],
        release=quarter,
        table=table_from_rows(kept, SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(kept) + len(rejected),
        covers_from=span[0],
        covers_to=span[1],
        whole=whole,
        notes=tuple(notes),
    )


def _header_row(rows: list[list[str]]) -> int | None:
    for at, cells in enumerate(rows):
        if tuple(" ".join(cell.split()).upper() for cell in cells[: len(_HEADER)]) == _HEADER:
            return at
    return None


def _amount(text: str) -> Decimal | None:
    """A figure to three decimals; a workbook may carry more, of which CMS prints three."""
    amount = parse_money(text.replace("$", "").replace(",", ""))
    return None if amount is None else round(amount, 3)


def _why_not(code: str, texts: dict[str, str], limit: Decimal | None, share: Decimal | None) -> str:
    if not re.fullmatch(r"[0-9A-Z]{5}", code):
        return f"{code!r} is no procedure code: five digits or letters"
    published = texts.get(_HEADER[3], "")
    if limit is None and published.upper() not in _NO_LIMIT:
        return f"the payment limit {published!r} is not a number"
    if limit is not None and limit <= 0:
        return f"the payment limit {published!r} is not above 0"
    if share is not None and not 0 <= share <= _WHOLE_SHARE:
        return f"the coinsurance {texts[_COINSURANCE]!r} is not from 0 to 100 percent"
    return ""


def _release_name(file: PublishedFile, titles: Iterable[str], given: str | None) -> str:
    if given is not None:
        if not _QUARTER.fullmatch(given):
            raise InputError(f"{given!r} is no quarter of drug payment limits; name it like 2025Q1.")
        return given
    found = next((match for title in titles if (match := _EFFECTIVE.search(title))), None)
    quarter = _MONTHS.get(found[1].lower()) if found is not None else None
    if found is None or quarter is None:
        raise InputError(
            f"{file.origin}: cannot tell which quarter these payment limits are for: no line 'Effective January 1, "
            "2025 through ...'; name it, e.g. --release 2025Q1."
        )
    return f"{found[2]}Q{quarter}"

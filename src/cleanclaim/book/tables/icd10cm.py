"""ICD-10-CM: which diagnosis codes exist, and which of them may be billed.

Published by NCHS and CMS for each federal fiscal year (October to September, named by the year it ends in), with
an update in April. Three layouts are read:

* the order file (icd10cm_order_2026.txt): fixed width; order number, code, 1 for billable or 0 for a heading,
  short and long description;
* the code list (icd10cm_codes_2026.txt): billable codes, with or without their descriptions. Its headings are
  implied: every beginning of a listed code, of three characters or more, that is not itself listed; not counted
  are beginnings that end in the placeholder X put before a seventh character (S0000X of S0000XA). Such a heading
  has no description, and the row of the first code below it;
* the data files of the PyPI package ``simple-icd-10-cm``, by :func:`from_package`.

A code is billable when the order file flags it 1; in the other two, when no other code begins with it. On the
lists of April 2026 both say the same of every code: 74,719 billable codes and 23,467 headings. The package itself
counts 74,736 leaves: 12 blocks that hold only other blocks (C00-C96) are leaves there, and five codes that are a
block of their own (B20, F99, P84, R99, Z66) count twice.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of
from cleanclaim.errors import InputError
from cleanclaim.types import Date

SOURCES: Final = ("icd10cm",)

SCHEMA: Final = pa.schema(
    [
        ("icd10cm", pa.string()),
        ("billable", pa.bool_()),
        ("description", pa.string()),
        ("row", pa.int32()),
    ]
)

_CODE: Final = r"[A-Z][0-9A-Z]{2,6}"
_ORDER_LINE: Final = re.compile(rf"\d{{5}} (?P<code>{_CODE}) +(?P<flag>[01]) (?P<short>.{{1,60}})(?P<long>.*)")
_LIST_LINE: Final = re.compile(rf"(?P<code>{_CODE})(?:\s+(?P<long>\S.*))?")
_FIRST_BILLABLE: Final = "A000"
_CATEGORY: Final = 3
_EXTENDED: Final = 7
_WHOLE_ROWS: Final = 60_000  # billable codes; 74,719 in April 2026

_RELEASE: Final = re.compile(r"FY(20\d\d)(?:-(January|April))?")
_UPDATES: Final = {"jan": ("January", 1), "apr": ("April", 4)}
_PACKAGE: Final = "simple_icd_10_cm"
_PACKAGE_FILE: Final = re.compile(r"code-list-(?P<month>[A-Z][a-z]+)-(?P<year>20\d\d)\.txt")

_Entry = tuple[bool, str | None, int]
"""billable, description, row"""


def recognise(file: PublishedFile) -> bool:
    """True for the order file and for the list of billable codes."""
    if file.is_sheet:
        return False
    lines = [line.rstrip() for line in file.head() if line.strip()]
    if not lines:
        return False
    if all(_ORDER_LINE.fullmatch(line) for line in lines):
        return True
    return lines[0].split()[0] == _FIRST_BILLABLE and all(_LIST_LINE.fullmatch(line) for line in lines)


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read an order file or a code list. Rows in are its lines and, for a list, the headings they imply.

    Raises InputError when the release cannot be told: the files name it only in their file name.
    """
    lines = [(row, line.rstrip()) for row, line in enumerate(file.text.splitlines(), start=1) if line.strip()]
    ordered = bool(lines) and _ORDER_LINE.fullmatch(lines[0][1]) is not None
    entries: dict[str, _Entry] = {}
    rejected: list[tuple[int, str, str]] = []
    for row, line in lines:
        found = (_ORDER_LINE if ordered else _LIST_LINE).fullmatch(line)
        if found is None:
            rejected.append((row, line[:20].strip(), "not a line of the published layout"))
        elif (code := found["code"]) in entries:
            rejected.append((row, code, f"second line of a code; line {entries[code][2]} was kept"))
        else:
            billable = not ordered or found["flag"] == "1"
            entries[code] = (billable, (found["long"] or "").strip() or None, row)
    if not ordered:
        for heading, row in _implied_headings(entries).items():
            entries[heading] = (False, None, row)
    return _parsed(entries, rejected, release_name(file, release))


def from_package() -> ParsedRelease:
    """The codes in the data files of the installed ``simple-icd-10-cm``, descriptions included.

    Codes are the package's confirmed list, blocks and chapters left out; ``row`` is the line of that list.
    Descriptions are the tabular list's; a code with a seventh character has its own code's description and, after
    a comma, the meaning of the character. Raises InputError when the package's data files are not the known ones.
    """
    code_list, tabular, release = package_files()
    lines = enumerate(code_list.read_text(encoding="utf-8").splitlines(), start=1)
    # A block of one category has the category's name and stands before it, so the later line is the code's.
    rows = {line.strip(): row for row, line in lines if re.fullmatch(_CODE, line.strip())}
    descriptions = dict(_descriptions(ET.parse(tabular).getroot(), {}))  # noqa: S314 - a file of an installed package
    headings = {code[:length] for code in rows for length in range(_CATEGORY, len(code))}
    entries = {code: (code not in headings, descriptions.get(code), row) for code, row in rows.items()}
    return _parsed(entries, [], release)


def _parsed(entries: Mapping[str, _Entry], rejected: Iterable[tuple[int, str, str]], release: str) -> ParsedRelease:
    codes = sorted(entries)
    table = pa.table(
        {
            "icd10cm": codes,
            "billable": [entries[code][0] for code in codes],
            "description": [entries[code][1] for code in codes],
            "row": [entries[code][2] for code in codes],
        },
        schema=SCHEMA,
    )
    rejects = list(rejected)
    covers_from, covers_to = release_span(release)
    return ParsedRelease(
        source=SOURCES[0],
        release=release,
        table=table,
        rejects=rejects_of(rejects),
        rows_in=len(codes) + len(rejects),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=sum(billable for billable, _, _ in entries.values()) >= _WHOLE_ROWS,
    )


def _implied_headings(entries: Mapping[str, _Entry]) -> dict[str, int]:
    """Headings above the listed codes, with the row of the first code below each."""
    headings: dict[str, int] = {}
    for code, (_, _, row) in entries.items():
        for length in range(_CATEGORY, len(code)):
            placeholder = len(code) == _EXTENDED and set(code[length - 1 : _EXTENDED - 1]) == {"X"}
            if not placeholder and code[:length] not in entries:
                headings.setdefault(code[:length], row)
    return headings


def _descriptions(node: ET.Element, extensions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Code and description of every ``diag`` under ``node``, and of each with its seventh characters.

    ``extensions`` are the seventh characters in force here: a node's own, else those of the nearest node above.
    Not every code made so exists; the confirmed list says which do.
    """
    for child in node:
        if child.tag != "diag":
            yield from _descriptions(child, extensions)
            continue
        code = (child.findtext("name") or "").replace(".", "")
        description = (child.findtext("desc") or "").strip()
        own = {
            extension.get("char", ""): (extension.text or "").strip()
            for extension in child.iterfind("sevenChrDef/extension")
        }
        yield code, description
        for character, meaning in (own or extensions).items():
            yield code.ljust(_EXTENDED - 1, "X") + character, f"{description}, {meaning}"
        yield from _descriptions(child, own or extensions)


def package_files() -> tuple[Path, Path, str]:
    """The code list and the tabular list of the installed package, and the release they are of.

    Raises InputError when it has none that are known.
    """
    # The package reads all of its data when it is imported, which takes seconds; only its folder is needed.
    found = importlib.util.find_spec(_PACKAGE)
    folder = Path((found.submodule_search_locations or [""])[0]) / "data" if found is not None else Path()
    for path in sorted(folder.glob("code-list-*.txt")):
        name = _PACKAGE_FILE.fullmatch(path.name)
        tabular = sorted(folder.glob("icd10c-tabular-*.xml"))
        if name is not None and tabular:
            year, update = int(name["year"]), _UPDATES.get(name["month"][:3].lower())
            return path, tabular[0], f"FY{year}-{update[0]}" if update else f"FY{year + 1}"
    raise InputError(
        "The package simple-icd-10-cm has no data files that this version of cleanclaim knows. "
        "Install simple-icd-10-cm 1.5, or load the order file from CMS: cleanclaim data load."
    )


def release_name(file: PublishedFile, given: str | None) -> str:
    """The release of a file, by the name given or the publisher's own. Raises InputError when neither tells."""
    if given is not None:
        if not _RELEASE.fullmatch(given):
            raise InputError(f"{given!r} is no ICD-10-CM release; name it like FY2026 or FY2026-April.")
        return given
    year = re.search(r"(?<!\d)20\d\d(?!\d)", file.name)
    if year is None:
        raise InputError(
            f"{file.origin}: cannot tell which fiscal year this is, since only the publisher's own file name says "
            "it (icd10cm_order_2026.txt); name it, e.g. --release FY2026 or FY2026-April."
        )
    update = re.search(r"(?<![a-z])(jan|apr)(?:uary|il)?(?![a-z])", file.name.lower())
    return f"FY{year[0]}-{_UPDATES[update[1]][0]}" if update else f"FY{year[0]}"


def release_span(release: str) -> tuple[Date, Date]:
    """The fiscal year's October, or the day of the update, to the end of September."""
    found = _RELEASE.fullmatch(release)
    if found is None:
        raise InputError(f"{release!r} is no ICD-10-CM release.")
    year = int(found[1])
    start = dt.date(year, _UPDATES[found[2][:3].lower()][1], 1) if found[2] else dt.date(year - 1, 10, 1)
    return start, dt.date(year, 9, 30)

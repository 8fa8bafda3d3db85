"""ICD-10-CM tabular list: what its notes and titles say of a code beside whether it may be billed.

Published by NCHS and CMS with each release of the codes, as XML (icd10cm_tabular_2026.xml). Kept are, each at the code,
heading or block that bears it, so that it holds for every code below:

* ``excludes1``: codes that are not used together with it, as a range of beginnings of codes;
* ``code_first``: codes that stand before it;
* ``manifestation``: its title says "in diseases classified elsewhere" and a Code first note binds it. The introduction
  of the tabular list: such codes are never first-listed or principal diagnoses;
* ``side``: its title says ``left`` or ``right``, and a neighbour's title is the same but for the other side; or it is
  the ``unspecified`` one beside them;
* ``sex``: its title, or that of its block, says ``male`` or ``female`` of the patient; the chapter of pregnancy, whose
  codes are for maternal records only, and Z33, Z34 and Z3A are ``female``.

A title of a block holds for its three-character categories. What a note says in words only ("code to condition"), or of
some characters of a code only ("with final character 5"), cannot be told from code numbers, and an Excludes1 note of a
whole block (neuritis NOS, under all disorders of nerves) is too wide to hold two codes against each other: they go to
the rejects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

import pyarrow as pa

from cleanclaim.book.files import PublishedFile
from cleanclaim.book.tables.contract import ParsedRelease, rejects_of
from cleanclaim.book.tables.icd10cm import package_files, release_name, release_span
from cleanclaim.errors import LayoutError

SOURCES: Final = ("icd10cm-notes",)

SCHEMA: Final = pa.schema(
    [
        ("icd10cm", pa.string()),
        ("kind", pa.string()),
        ("first", pa.string()),
        ("last", pa.string()),
        ("row", pa.int32()),
    ]
)

_ROOT: Final = "<ICD10CM.tabular>"
_CODE: Final = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_ITEM: Final = re.compile(rf"(?P<first>{_CODE})\.?-?(?:\s*-\s*(?P<last>{_CODE})\.?-?)?")
_IN_BRACKETS: Final = re.compile(r"\(([^()]*\d[^()]*)\)")
_SEPARATOR: Final = re.compile(r"\s*(?:,|;|\band\b|\bor\b)\s*")
_ELSEWHERE: Final = "diseases classified elsewhere"
_SIDE: Final = re.compile(r"\b(left|right|unspecified)\b")
_SEX: Final = re.compile(r"\b(male|female)\b")
_PREGNANCY: Final = ("O", "Z33", "Z34", "Z3A")
_SEX_OF_ANOTHER: Final = ("P", "Y", "Q56", "Q97", "Q98")
"""Codes whose titles name the mother, the perpetrator, or a sex that is in doubt."""
_CATEGORY: Final = 3
_WHOLE_NOTES: Final = 4_000  # ranges in Excludes1 notes; 5,116 in April 2026


class _Note(NamedTuple):
    icd10cm: str
    kind: str
    first: str
    last: str
    row: int


def recognise(file: PublishedFile) -> bool:
    """True for the tabular list as XML."""
    return not file.is_sheet and any(line.strip() == _ROOT for line in file.head())


def parse(file: PublishedFile, release: str | None = None) -> ParsedRelease:
    """Read the notes of a tabular list. Rows in are the facts its notes and titles state, and the notes left out.

    Raises LayoutError for XML that cannot be read, InputError when the release cannot be told.
    """
    return _parsed(file.text, file.origin, release_name(file, release))


def from_package() -> ParsedRelease:
    """The notes in the tabular list that the installed package ``simple-icd-10-cm`` carries.

    Raises InputError when the package has no such file.
    """
    _, tabular, release = package_files()
    return _parsed(tabular.read_text(encoding="utf-8"), tabular.name, release)


def _parsed(text: str, origin: str, release: str) -> ParsedRelease:
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities are refused by the parser's own limits; a published file
    except ET.ParseError as error:
        raise LayoutError(origin, error.position[0], "the tabular list as XML", str(error)) from error
    rejected: list[tuple[int, str, str]] = []
    notes = sorted(set(_notes(root, _line_numbers(text), rejected)))
    covers_from, covers_to = release_span(release)
    excluding = sum(note.kind == "excludes1" for note in notes)
    return ParsedRelease(
        source=SOURCES[0],
        release=release,
        table=pa.Table.from_pylist([note._asdict() for note in notes], schema=SCHEMA),
        rejects=rejects_of(rejected),
        rows_in=len(notes) + len(rejected),
        covers_from=covers_from,
        covers_to=covers_to,
        whole=excluding >= _WHOLE_NOTES,
    )


def _line_numbers(text: str) -> dict[str, int]:
    """The line on which each block and code begins."""
    rows: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), start=1):
        found = re.match(r'\s*(?:<diag>)?<(?:name>|section id=")([^<"]+)', line)
        if found is not None:
            rows.setdefault(found[1], row)
    return rows


def _notes(root: ET.Element, rows: dict[str, int], rejected: list[tuple[int, str, str]]) -> Iterator[_Note]:
    for section in root.iter("section"):
        name = section.get("id", "")
        row = rows.get(name, 0)
        title = section.findtext("desc") or ""
        rejected.extend(
            (row, name, f"excludes1: of a whole block, mostly by words alone: {_text(note)[:80]}")
            for note in section.iterfind("excludes1/note")
        )
        for category in _categories(section):
            sex = _sex_of(category, title)
            if sex:
                yield _Note(category, "sex", sex, "", row)
        for child in section.iterfind("diag"):
            yield from _of_code(child, rows, rejected, code_first=section.find("codeFirst") is not None)
        yield from _sides(section.iterfind("diag"), rows)


def _categories(section: ET.Element) -> list[str]:
    """The three-character categories below a block."""
    return [(diag.findtext("name") or "")[:_CATEGORY] for diag in section.iterfind("diag")]


def _of_code(
    diag: ET.Element, rows: dict[str, int], rejected: list[tuple[int, str, str]], *, code_first: bool
) -> Iterator[_Note]:
    """The notes of a code or heading and of all below it; ``code_first``: a heading above says what stands before."""
    name = diag.findtext("name") or ""
    title = diag.findtext("desc") or ""
    row, code = rows.get(name, 0), name.replace(".", "")
    yield from _noted(diag, code, row, rejected)
    bound = code_first or diag.find("codeFirst") is not None
    if bound and _ELSEWHERE in title:
        yield _Note(code, "manifestation", "", "", row)
    sex = _sex_of(code, title)
    if sex and not code.startswith(_PREGNANCY):
        yield _Note(code, "sex", sex, "", row)
    children = diag.findall("diag")
    for child in children:
        yield from _of_code(child, rows, rejected, code_first=bound)
    yield from _sides(children, rows)


def _noted(node: ET.Element, code: str, row: int, rejected: list[tuple[int, str, str]]) -> Iterator[_Note]:
    for tag, kind in (("excludes1", "excludes1"), ("codeFirst", "code_first")):
        for note in node.iterfind(f"{tag}/note"):
            text = _text(note)
            if text.endswith(":"):  # it only introduces the notes that follow
                continue
            ranges = list(_ranges(text))
            if not ranges or None in ranges:
                rejected.append((row, code, f"{tag}: says in words what code numbers do not: {text[:80]}"))
            yield from (_Note(code, kind, *found, row) for found in ranges if found is not None)


def _text(note: ET.Element) -> str:
    return "".join(note.itertext()).strip()


def _ranges(text: str) -> Iterator[tuple[str, str] | None]:
    """The ranges of codes named in brackets; None for one that says more than code numbers."""
    for inside in _IN_BRACKETS.findall(text):
        for item in _SEPARATOR.split(inside.strip()):
            found = _ITEM.fullmatch(item.strip())
            if found is not None:
                first = found["first"].replace(".", "")
                yield first, (found["last"] or first).replace(".", "")
            elif item.strip():
                yield None


def _sex_of(code: str, title: str) -> str:
    """The patient's sex, where a title names one only."""
    if code.startswith(_PREGNANCY):
        return "female"
    named = set() if code.startswith(_SEX_OF_ANOTHER) else set(_SEX.findall(title.lower()))
    return named.pop() if len(named) == 1 else ""


def _sides(diags: Iterable[ET.Element], rows: dict[str, int]) -> Iterator[_Note]:
    """Sides of neighbours whose titles differ in nothing but the side."""
    titles: dict[str, dict[str, str]] = {}
    for diag in diags:
        title = (diag.findtext("desc") or "").lower()
        if "dominant" in title:  # the side of a palsy is not that of what is treated
            continue
        found = list(_SIDE.finditer(title))
        sided = [match for match in found if match[0] != "unspecified"]
        # "Unspecified" may stand for the side, or for something else beside it ("unspecified site of right breast").
        for match in found if not sided else sided if len(sided) == 1 else ():
            but_for_side = f"{title[: match.start()]}*{title[match.end() :]}"
            titles.setdefault(but_for_side, {})[match[0]] = diag.findtext("name") or ""
    for named in titles.values():
        if {"left", "right"} <= named.keys():
            yield from (
                _Note(name.replace(".", ""), "side", side, "", rows.get(name, 0)) for side, name in named.items()
            )

"""Holds the NCCI manual's own statements against the PTP tables, and against what cleanclaim answers.

    python scripts/manual_statements.py FOLDER_OF_PUBLISHED_FILES BOOK

Reads the policy manual for sentences of the form "shall not report ... with ..." (shall, should, must or may not be
reported or billed) that name exactly two operands, each a code or a range of codes, and asks for each pair on
2024-07-15 in both orders. Writes tests/golden/manual_statements.csv (item and code numbers, no sentence of it) and
docs/explanation/manual-statements.md.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from accuracy_cases.tables import NEVER_DELETED, Pair, Tables

from cleanclaim import Book

ROOT: Final = Path(__file__).resolve().parents[1]
CASES: Final = ROOT / "tests" / "golden" / "manual_statements.csv"
PAGE: Final = ROOT / "docs" / "explanation" / "manual-statements.md"
NEVER_IN_FORCE: Final = 9
DAY: Final = date(2024, 7, 15)
CODE: Final = r"(?:\d{4}[0-9FTU]|[A-V]\d{4})"
OPERAND: Final = re.compile(rf"\b({CODE})(?:\s*[-\N{{EN DASH}}]\s*({CODE}))?\b")
FORBIDS: Final = re.compile(
    r"(?:shall|should|must|may)\s+not\s+(?:be\s+)?(?:(?:separately|also|additionally|routinely)\s+)?(?:report|bill)"
    r"|(?:is|are)\s+not\s+separately\s+(?:report|bill)",
    re.IGNORECASE,
)
TOGETHER: Final = re.compile(r"\b(?:with|plus|in addition to|when|together|if)\b", re.IGNORECASE)
BOTH: Final = re.compile(r"\bboth codes\b|\breported together\b", re.IGNORECASE)
PRONOUN: Final = re.compile(r"(?:However, )?(?:It|They|These codes)\b")
CONDITION: Final = re.compile(r"(?:For example, )?(?:If|Since|When)\b", re.IGNORECASE)
JOINING: Final = re.compile(r"\b(?:and|or|CPT|HCPCS|codes?)\b|[,/]")
SENTENCE: Final = re.compile(r"(?<=[.;])\s+(?=[A-Z(\N{LEFT DOUBLE QUOTATION MARK}\N{BULLET}])|\s+(?=\N{BULLET})")
HEADING: Final = re.compile(r"\s*([A-Z])\.(?:\s+[A-Z](?:[^.;]{0,90}[^.,;\s])?)?\s*$")
ITEM: Final = re.compile(r"\s*(\d{1,2})\.(?:\s|$)")
ITEMS_LOST: Final = 3  # an item or two may have lost its number in the text
FIRST_PAGE: Final = 3  # the pages before it are a chapter's table of contents
FURNITURE: Final = re.compile(r"Revision Date|^\s*[IVX]+-\d+\s*$|\.{6}")


# Written after looking at the rows of each; no statement may disagree without one.
EXPLAINED: Final = {
    ("III.J.1", "19300-19307", "19110-19126"): (
        "the 7 pairs without one are those of 19126, an add-on code whose only primary is 19125 (AOC 2024Q2, type 1): "
        "19125 has its edit with each of them, and an add-on is not paid where its primary is not: rule ADD004 says so."
    ),
    ("VIII.C.34", "61783", "63001-63053"): (
        "the 4 pairs without a row are those of 63035, 63043, 63044 and 63048, add-on codes of primaries (63020, "
        "63030; 63040; 63042; 63045-63047) that have their edit with 61783: it falls on the primary. The column order "
        "is the reverse of the sentence: 61783 is Column Two."
    ),
    ("IX.F.12", "77338", "77385"): (
        "no row in either order. Medicare did not pay 77385 (status I in RVU25D; the item itself says that it was "
        "deleted on 2026-01-01), and the code it paid instead, G6016 for compensator-based delivery, has the edit: "
        "77338/G6016, indicator 1. The statement is conditional besides: without a compensator the two go together."
    ),
    ("X.L.8", "86355-86367", "88187-88189"): (
        "the 9 pairs without a row are those of 86362, 86364 and 86366, antibody tests whose numbers were later placed "
        "inside the range; they are no cell counts by flow cytometry, of which the sentence speaks. The cell counts "
        "have their edits."
    ),
    ("XI.I.23", "C8921-C8930", "93303-93352"): (
        "the sentence speaks of a C code with the corresponding CPT code. The ten corresponding pairs (C8921/93303, "
        "C8922/93304, C8923/93307, C8924/93308, C8925/93312, C8926/93315, C8927/93318, C8928/93350, 93306/C8929, "
        "C8930/93351) all have their edit; the 139 pairs without one are other combinations of the two ranges."
    ),
    ("XI.I.30", "93623", "93650-93657"): (
        "93650 has its edit. With 93653-93657 the rows have indicator 9, deleted on their first day and never in "
        "force: 93653 and 93654 are listed primaries of 93623 (AOC 2024Q2), and the item allows it for diagnostic "
        "stimulation. It forbids only the use that confirms an ablation, which no code pair can tell."
    ),
}
INTRODUCTION: Final = """\
<!-- Made by scripts/manual_statements.py from the NCCI manual and the PTP table; edit the script. -->

# The manual's statements, held against the table

The NCCI Policy Manual for Medicare (2026) says of many services that they "shall not be reported with" one another. The
edits of the PTP table should say the same. A script reads every sentence of the manual that forbids reporting (shall,
should, must or may not report or bill; not separately reportable) and names exactly two operands, each a code or a
range of codes: {all} statements. In {pairs} of them one operand is forbidden with the other. For each such pair of
codes `Book.pair` is asked on 2024-07-15, practitioner, in both orders, with the table of 2024Q3 loaded:

- {agree} statements agree in every pair of codes, {partly} in part, {disagree} in none; {held} of {codes} pairs
  of codes have an edit in force;
- both orders are always answered alike, and as the published rows say that the script reads for itself.

How operands are taken: a range stands for every code of the practitioner unit limits of 2024Q3 or of RVU25D between its
ends, so that one statement may make many pairs; a statement agrees when an edit is in force, in whichever column order,
with indicator 0 or 1 (the manual's words seldom say which). Sentences that name one code, or three and more, are not
taken; nor what they say of "this procedure" or of codes named in the sentence before. The manual is of 2026 and the
table of 2024Q3: codes born between them would be told as unknown to the table. Item numbers are those of the manual's
text; only item and code numbers are kept here. The cases are in `tests/golden/manual_statements.csv`.
"""
ALTERNATIVES: Final = """\
Both codes are forbidden beside a service that the sentence describes in words ("with another procedure at the same
site", "for anesthesia"), are counted in units, or stand in an exception; or the sentence speaks of "it". No edit
between the two follows."""


@dataclass(frozen=True)
class Statement:
    """A sentence that forbids, by its place; ``kind`` says how its two operands stand to each other."""

    item: str
    first: str
    second: str
    kind: str


@dataclass(frozen=True)
class Answered:
    """A pair of codes with what the table has and what cleanclaim says of both orders."""

    statement: Statement
    one: str
    two: str
    verdict: str
    reverse: str
    why: str
    agrees: bool


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """The sentences of the manual with their place, chapter.section.item, page furniture left out.

    The chapter is read from the head of each page (VIII-9); section letters only rise, item numbers count up from 1.
    """
    pages = re.split(r"(?m)^\s*([IVX]+-\d+)\s*$", text)
    chapter = section = item = ""
    held: list[str] = []
    for head, body in zip(pages[1::2], pages[2::2], strict=True):
        now, page = head.split("-")
        if int(page) < FIRST_PAGE:
            continue
        if now != chapter:
            yield from _cut(chapter, section, item, held)
            chapter, section, item, held = now, "A", "", []
        for line in body.splitlines():
            if FURNITURE.search(line):
                continue
            heading, number = HEADING.match(line), ITEM.match(line)
            if heading and section < heading[1] <= chr(ord(section) + 3):
                yield from _cut(chapter, section, item, held)
                section, item, held = heading[1], "", []
            elif number and 0 < int(number[1]) - int(item or 0) <= ITEMS_LOST:
                yield from _cut(chapter, section, item, held)
                item, held = number[1], []
            held.append(line)
    yield from _cut(chapter, section, item, held)


def _cut(chapter: str, section: str, item: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    place = ".".join(part for part in (chapter, section, item) if part)
    for sentence in SENTENCE.split(re.sub(r"\s+", " ", " ".join(lines))):
        yield place, sentence


def statements(text: str) -> list[Statement]:
    """Every sentence that forbids reporting and names exactly two operands."""
    found: dict[Statement, None] = {}
    for place, sentence in sentences(text):
        forbids = FORBIDS.search(sentence)
        if not place or forbids is None:
            continue
        at: dict[str, list[int]] = {}
        for operand in OPERAND.finditer(sentence):
            at.setdefault("-".join(filter(None, operand.groups())), []).append(operand.start())
        if len(at) != 2:  # noqa: PLR2004 - two operands make a pair
            continue
        first, second = at
        found[Statement(place, first, second, _kind(sentence, forbids, at[first], at[second]))] = None
    return list(found)


def _kind(sentence: str, forbids: re.Match[str], first: list[int], second: list[int]) -> str:
    """``pair``: one with the other; ``alternatives``: both are forbidden beside a service that only words name."""
    if PRONOUN.match(sentence):
        return "alternatives"  # what "it" is stands in an earlier sentence
    if BOTH.search(sentence) or any(min(a, b) < forbids.start() < max(a, b) for a in first for b in second):
        return "pair"
    here, there = first[0], second[0]
    bare = re.sub(r"\([^()]*\)", lambda inside: " " * len(inside[0]), sentence)
    between = JOINING.sub("", bare[here + 5 : there]).strip(" -0123456789,(")
    after = sentence[forbids.end() :]
    if there < forbids.start():
        conditional = bool(between) and CONDITION.match(sentence)
        mutual = bare[here:there].count(" and ") and "for the same" in after and " with " not in after
        return "pair" if conditional or mutual else "alternatives"
    return "pair" if TOGETHER.search(bare[here:there]) else "alternatives"


def members(operand: str, known: Iterable[str]) -> list[str]:
    """The codes an operand stands for: itself, or those of the range that the tables of 2024Q3 know."""
    if "-" not in operand:
        return [operand]
    low, high = operand.split("-")
    return sorted(code for code in known if low <= code <= high and code[-1].isdigit() == high[-1].isdigit())


def answered(said: Statement, book: Book, tables: Tables, known: frozenset[str]) -> list[Answered]:
    """What the table and cleanclaim say of every pair of codes of a statement."""
    made = {}
    for one in members(said.first, known):
        for two in members(said.second, known):
            if one != two and (two, one) not in made:
                made[one, two] = _answer(said, (one, two), book, tables, known)
    return list(made.values())


def _answer(said: Statement, codes: tuple[str, str], book: Book, tables: Tables, known: frozenset[str]) -> Answered:
    one, two = codes
    there, back = (book.pair(*order, DAY) for order in ((one, two), (two, one)))
    edit = tables.in_force(one, two, DAY) or tables.in_force(two, one, DAY)
    if edit is not None:
        why = f"{edit.column_one}/{edit.column_two} indicator {edit.indicator}"
    else:
        why = _absence(one, two, tables, known)
    return Answered(said, one, two, str(there.verdict), str(back.verdict), why, edit is not None)


def _absence(one: str, two: str, tables: Tables, known: frozenset[str]) -> str:
    """Why the table of 2024Q3 has no edit in force between two codes."""
    strangers = [code for code in (one, two) if code not in known]
    if strangers:
        return f"{' and '.join(strangers)} not in the unit limits or pairs of 2024Q3"
    rows: list[Pair] = [*tables.pairs.get((one, two), []), *tables.pairs.get((two, one), [])]
    ended = [row for row in rows if row.indicator != NEVER_IN_FORCE and row.deleted != NEVER_DELETED]
    if ended:
        last = max(ended, key=lambda row: row.deleted)
        return f"{last.column_one}/{last.column_two} was deleted {last.deleted}"
    if rows:
        return f"{rows[0].column_one}/{rows[0].column_two} has indicator 9: deleted on its first day, never in force"
    return "no row in either order"


def summary(said: Statement, pairs: list[Answered]) -> dict[str, str]:
    """One row of the CSV: how many pairs of codes the statement makes, and what is answered for them."""
    verdicts = Counter(pair.verdict for pair in pairs)
    absent = {re.sub(r"^\S+/\S+ ", "", pair.why) for pair in pairs if not pair.agrees}
    outcome = (
        "agree" if all(pair.agrees for pair in pairs) else "disagree" if not any(p.agrees for p in pairs) else "partly"
    )
    return {
        "item": said.item,
        "first": said.first,
        "second": said.second,
        "kind": said.kind,
        "pairs": str(len(pairs)),
        "bundled": str(verdicts["bundled"]),
        "bundled_unless_distinct": str(verdicts["bundled_unless_distinct"]),
        "no_edit": str(verdicts["no_edit"]),
        "not_checked": str(verdicts["not_checked"]),
        "outcome": outcome if said.kind == "pair" else "not a pair",
        "why": pairs[0].why if len(pairs) == 1 else "; ".join(sorted(absent)),
    }


def everything(folder: Path, book: Book) -> tuple[list[dict[str, str]], str]:
    """The rows of the CSV and the page of documentation.

    Args:
        folder: the folder of published files.
        book: a book with the PTP edits of 2024Q3, practitioner, loaded.

    Raises:
        SystemExit: cleanclaim answers the two orders of a pair differently, or otherwise than the table's rows say, or
            a disagreement has no explanation.
    """
    found = statements((folder / "ncci/policy_manual_medicare_2026.txt").read_text(encoding="utf-8"))
    tables = Tables(folder)
    numbers = frozenset(tables.limits["P", 2024]) | {code for code, _ in tables.fees["RVU25D"]}
    asked = {code for said in found for operand in (said.first, said.second) for code in members(operand, numbers)}
    tables.read_pairs(asked)
    known = frozenset(tables.limits["P", 2024]) | {code for pair in tables.pairs for code in pair}
    results = [(said, answered(said, book, tables, known) if said.kind == "pair" else []) for said in found]
    for said, pairs in results:
        for pair in pairs:
            _same(pair)
        if any(not pair.agrees for pair in pairs) and (said.item, said.first, said.second) not in EXPLAINED:
            raise SystemExit(f"{said}: disagrees without an explanation; look at the table and add one to EXPLAINED")
    rows = [summary(said, pairs) for said, pairs in results]
    return rows, page(rows)


def _same(pair: Answered) -> None:
    """Both orders must be answered alike, and as the table's rows, read here without cleanclaim, say."""
    expected = {"0": "bundled", "1": "bundled_unless_distinct"}[pair.why[-1]] if pair.agrees else "no_edit"
    if not pair.verdict == pair.reverse == expected:
        raise SystemExit(f"{pair}: the table says {expected}")


def page(rows: list[dict[str, str]]) -> str:
    """The page of documentation."""
    pairs = [row for row in rows if row["kind"] == "pair"]
    outcomes = Counter(row["outcome"] for row in pairs)
    codes = sum(int(row["pairs"]) for row in pairs)
    held = sum(int(row["bundled"]) + int(row["bundled_unless_distinct"]) for row in pairs)
    lines = [
        INTRODUCTION.format(
            all=len(rows), pairs=len(pairs), agree=outcomes["agree"], partly=outcomes["partly"],
            disagree=outcomes["disagree"], codes=codes, held=held,
        ),
        "| item | statement | pairs of codes | indicator 0 | indicator 1 | no edit | row, or why none |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in pairs:
        cells = (row["item"], f"{row['first']} with {row['second']}", row["pairs"], row["bundled"])
        more = (row["bundled_unless_distinct"], row["no_edit"], row["why"] or "every pair has its row")
        lines.append("| " + " | ".join((*cells, *more)) + " |")
    lines += ["", "## Where manual and table part", ""]
    for row in pairs:
        key = (row["item"], row["first"], row["second"])
        if row["outcome"] != "agree":
            lines.append(f"- **{row['item']}**, {row['first']} with {row['second']}: {EXPLAINED[key]}")
    lines += ["", "## Statements that name two codes and make no pair of them", "", ALTERNATIVES, ""]
    places: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["kind"] != "pair":
            places.setdefault((row["first"], row["second"]), []).append(row["item"])
    lines += [f"- {one}, {two}: {', '.join(items)}" for (one, two), items in places.items()]
    return "\n".join(lines) + "\n"


def as_csv(rows: list[dict[str, str]]) -> str:
    """The rows as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: list[str]) -> None:
    """Write both files."""
    if len(arguments) != 2:  # noqa: PLR2004 - a folder and a book
        raise SystemExit(__doc__)
    rows, documentation = everything(Path(arguments[0]), Book.open(arguments[1]))
    CASES.write_text(as_csv(rows), encoding="utf-8", newline="\n")
    PAGE.write_text(documentation, encoding="utf-8", newline="\n")
    print(Counter(row["outcome"] for row in rows))


if __name__ == "__main__":
    main(sys.argv[1:])

"""The codes that stand near a code, each with the relation: by imaging, endoscopy base, add-on, or number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cleanclaim.book import policies
from cleanclaim.book.facts import AddOnEdit, FeeScheduleRow
from cleanclaim.engine.code_page.record import PageFact, Section, known, not_applicable, row_fact
from cleanclaim.engine.code_page.subject import MEASURE, Procedure
from cleanclaim.index.lookup import Answer
from cleanclaim.index.tables import spec
from cleanclaim.rules.facts import CodeKind
from cleanclaim.types import Setting

RELATIONS: Final = {
    "alternative": "; the two are never both paid for one day (indicator 0).",
    "same_family": "; next to it in the code set.",
}
"""How the sentence on a neighbour ends."""
_DIGITS: Final = "0123456789"


def related_codes(subject: Procedure) -> Section:
    """The code with or without imaging, the endoscopy family, add-ons and primaries, and its neighbours by number."""
    if subject.measure:
        return not_applicable("related_codes", MEASURE)
    facts = [*_imaging_partner(subject), *_endoscopies(subject), *primaries_and_add_ons(subject)]
    told = {fact.value for fact in facts}
    facts += [fact for fact in _neighbours(subject) if fact.value not in told]
    return known("related_codes", facts, "No loaded table relates it to another code.")


def primaries_and_add_ons(subject: Procedure) -> Iterator[PageFact]:
    """The codes that the add-on edits add it to, then those that they add to it."""
    edits, primaries = subject.add_on, subject.add_ons
    for edit in _by_other_code(edits.facts, "primary"):
        yield row_fact(edits, edit, "primary", edit.primary, f"May be added to {edit.primary}.")
    for edit in _by_other_code(primaries.facts, "add_on"):
        yield row_fact(primaries, edit, "add_on", edit.add_on, f"{edit.add_on} may be added to it.")


def _by_other_code(edits: tuple[AddOnEdit, ...], column: str) -> list[AddOnEdit]:
    """Edits in order of the other code, each once; contractor-defined primaries have none."""
    found = {getattr(edit, column): edit for edit in edits if getattr(edit, column)}
    return [found[code] for code in sorted(found)]


def endoscopy_family(subject: Procedure) -> dict[str, FeeScheduleRow]:
    """The endoscopies that have the code, or its own base, as their base; without the code itself, by number."""
    return subject.once("endoscopy_family", lambda: _endoscopy_family(subject))


def _endoscopy_family(subject: Procedure) -> dict[str, FeeScheduleRow]:
    row, release = subject.row, subject.fee.release
    if row is None or release is None:
        return {}
    table, index = spec("mpfs"), subject.index
    members = {}
    for number in index.rows_with(table, "endoscopic_base", row.endoscopic_base or subject.code):
        member: FeeScheduleRow = index.fact(table, number)
        if index.releases[index.release_of(table, number)] == release and not member.modifier:
            members[member.hcpcs] = member
    return {code: members[code] for code in sorted(members) if code != subject.code}


def _imaging_partner(subject: Procedure) -> Iterator[PageFact]:
    imaging = subject.imaging
    if imaging.known and imaging.fact.partner:
        with_or_without = "with" if imaging.fact.state == "without" else "without"
        text = f"{imaging.fact.partner} is the same service {with_or_without} imaging."
        yield row_fact(imaging, imaging.fact, "imaging_partner", imaging.fact.partner, text)


def _endoscopies(subject: Procedure) -> Iterator[PageFact]:
    row = subject.row
    if row is None:
        return
    base = row.endoscopic_base or subject.code
    if row.endoscopic_base:
        text = f"{base} is the base of its endoscopy family."
        yield row_fact(subject.fee, row, "endoscopic_base", base, text)
    for code, member in endoscopy_family(subject).items():
        text = f"{code} is of the endoscopy family of {base}."
        yield row_fact(subject.fee, member, "endoscopy_family", code, text)


def _neighbours(subject: Procedure) -> Iterator[PageFact]:
    """Codes that differ in the last digit only; those that a pair edit never pays beside the code are alternatives."""
    pairs = subject.pairs[Setting.PRACTITIONER]
    for code in _alike(subject):
        words = _near(subject, code)
        if words is None:
            continue
        answer, said = words
        both_never = pairs.column_one.get(code) == 0 or pairs.column_two.get(code) == 0
        key = "alternative" if both_never else "same_family"
        text = f"{code}{f': {said}' if said else ''}{RELATIONS[key]}"
        yield row_fact(answer, answer.fact, key, code, text)


def _near(subject: Procedure, code: str) -> tuple[Answer[Any], str] | None:
    """The row by which a neighbour is in force, and what it means; None for one that is not, or is another thing.

    Level II codes follow the alphabet: only one whose text begins alike is of one family.
    """
    meaning = policies.meaning(code)
    said = f"{meaning.text[0].lower()}{meaning.text[1:].rstrip('.')}" if meaning is not None else ""
    if subject.kind is not CodeKind.LEVEL_II:
        answer: Answer[Any] = subject.day.fee_schedule(code)
        return (answer, said) if answer.known else None
    own, listed = subject.level_two, subject.day.hcpcs(code)
    if own is None or not own.known or not listed.known:
        return None
    if _begins(own.fact.description) != _begins(listed.fact.description):
        return None
    return listed, said or listed.fact.description.rstrip(".")


def _begins(description: str) -> list[str]:
    return re.split(r"[\s,(]+", description.lower())[:2]


def _alike(subject: Procedure) -> Iterator[str]:
    code = subject.code
    stem, letter = (code[:3], code[4]) if code[4].isalpha() else (code[:4], "")
    for digit in _DIGITS:
        other = f"{stem}{digit}{letter}"
        if other != code:
            yield other

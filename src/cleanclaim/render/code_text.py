"""The page of a code as text, Markdown and JSON: all from the same sections."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import typer

from cleanclaim.engine.code_page import CodePage, PageFact, Section
from cleanclaim.render import jsonable
from cleanclaim.types import State

_SOURCES: Final = {
    "ncci-ptp-practitioner": "NCCI PTP edits, practitioner",
    "ncci-ptp-outpatient": "NCCI PTP edits, outpatient hospital",
    "ncci-mue-practitioner": "MUE, practitioner",
    "ncci-mue-outpatient": "MUE, outpatient hospital",
    "ncci-mue-dme": "MUE, supplier",
    "ncci-aoc": "NCCI add-on code edits",
    "ncci-policy-manual": "NCCI Policy Manual",
    "mpfs-rvu": "Medicare Physician Fee Schedule",
    "mpfs-record-layout": "record layout of the fee schedule",
    "hcpcs": "HCPCS Level II file",
    "icd10cm": "ICD-10-CM",
    "imaging-guidance": "cleanclaim imaging families",
    "convention": "custom of the trade",
}
_BY_ITEM: Final = frozenset({"ncci-policy-manual", "mpfs-record-layout"})
_MODIFIERS: Final = {"applies": "May be used", "conditional": "Under conditions", "does_not_apply": "Never"}
_PAIRS: Final = ("bundled", "bundled_unless_distinct")
_LISTED: Final = {"primary": "Primaries", "add_on": "Add-ons", "endoscopy_family": "Endoscopy family"}
_TOLD_IN_AMOUNTS: Final = ("work_rvu", "pe_rvu", "mp_rvu", "conversion_factor")
_TOLD_ELSEWHERE: Final = frozenset({"primary", "add_on"})
_PAIRS_SHOWN: Final = 16
_LABEL: Final = 20


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a section: the heading it stands under, what it is about, and what is said."""

    text: str
    label: str = ""
    heading: str = ""


def as_json(page: CodePage) -> dict[str, Any]:
    """A page as the contract has it; ``why``, ``headline``, ``stale`` and ``starter`` are further keys."""
    return {
        "schema": "cleanclaim.code/1",
        "code": page.code,
        "system": page.system,
        "category": page.category,
        "date": jsonable.plain(page.date),
        "headline": page.headline,
        "starter": page.starter,
        "stale": [
            {"source": use.source, "release": use.release, "covers_to": jsonable.plain(use.covers_to)}
            for use in page.stale
        ],
        "sections": [_section_json(section) for section in page.sections],
    }


def _section_json(section: Section) -> dict[str, Any]:
    made: dict[str, Any] = {"id": section.id, "state": str(section.state)}
    if section.why:
        made["why"] = section.why
    return made | {"facts": [_fact_json(fact) for fact in section.facts]}


def _fact_json(fact: PageFact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "value": jsonable.plain(fact.value),
        "text": f"{fact.text} {fact.caveat}".strip(),
        "valid_from": jsonable.plain(fact.valid_from),
        "valid_to": jsonable.plain(fact.valid_to),
        "citation": None if fact.citation is None else jsonable.citation(fact.citation),
    }


def text(page: CodePage, *, width: int = 100, colour: bool = False) -> str:
    """The page for reading, ``width`` columns wide, with terminal colours if asked."""
    columns = max(60, min(width, 120))

    def style(words: str, **how: object) -> str:
        return typer.style(words, **how) if colour else words  # type: ignore[arg-type]  # typer's own keywords

    lines = [style(line, bold=True) for line in _wrap(page.headline, columns)]
    for section in _told(page):
        lines += ["", style(_title(section), bold=True, fg="cyan")]
        for heading, group in groupby(_lines(section), key=lambda line: line.heading):
            lines += [f"  {heading}"] if heading else []
            lines += [line for said in group for line in _text_line(said, columns, style)]
        lines += [style(line, dim=True) for line in _wrap(_source_line(section), columns, "  ", "  ")]
    lines.append("")
    for words in _closing(page):
        lines += _wrap(words, columns, "", "  ")
    return "\n".join(lines) + "\n"


def _text_line(line: _Line, columns: int, style: Callable[..., str]) -> list[str]:
    indent = "    " if line.heading else "  "
    if not line.label:
        return _wrap(line.text, columns, indent, f"{indent}  ")
    wrapped = _wrap(line.text, columns, " " * (len(indent) + _LABEL), " " * (len(indent) + _LABEL))
    if len(line.label) >= _LABEL:
        return [indent + style(line.label, bold=True), *wrapped]
    wrapped[0] = indent + style(line.label.ljust(_LABEL), bold=True) + wrapped[0].lstrip()
    return wrapped


def _wrap(words: str, columns: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        words, columns, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def markdown(page: CodePage) -> str:
    """The page as Markdown."""
    parts = [f"# {page.code}", "", page.headline]
    for section in _told(page):
        parts += ["", f"## {_title(section)}"]
        for heading, group in groupby(_lines(section), key=lambda line: line.heading):
            parts += ["", f"### {heading}", ""] if heading else [""]
            parts += [f"- {f'**{line.label}**: ' if line.label else ''}{line.text}" for line in group]
        source = _source_line(section)
        parts += ["", f"*{source}*"] if source else []
    for words in _closing(page):
        parts += ["", words]
    return "\n".join(parts) + "\n"


# --- what both are made of


def _told(page: CodePage) -> list[Section]:
    """Sections that have something to say; gaps are told at the end."""
    return [
        section
        for section in page.sections
        if section.state is State.KNOWN and section.id != "gaps" and _lines(section)
    ]


def _closing(page: CodePage) -> Iterator[str]:
    """What does not apply, what the book does not say, and what it says for other days."""
    absent = [section.id for section in page.sections if section.state is State.NOT_APPLICABLE]
    if absent:
        yield f"Not applicable: {_names(absent)}."
    sections = {section.id for section in page.sections}
    gaps = [fact for fact in page.section("gaps").facts if fact.value == "no_data"]
    if gaps:
        whole = _names(fact.key for fact in gaps if fact.key in sections)
        tables = ", ".join(_SOURCES.get(fact.key, fact.key) for fact in gaps if fact.key not in sections)
        yield f"No data: {'; '.join(filter(None, [whole, tables]))}."
    if page.stale:
        told = (
            f"{_SOURCES.get(use.source, use.source)} {use.release}"
            + (f" (to {use.covers_to})" if use.covers_to else "")
            for use in page.stale
        )
        yield f"Stale, not issued for {page.date}: {'; '.join(told)}."
    if page.starter:
        yield (
            "The starter answered in part. It holds some code families only; `cleanclaim data update` loads whole "
            "tables."
        )


def _names(sections: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in sections)


def _title(section: Section) -> str:
    return section.id.replace("_", " ").capitalize()


def _lines(section: Section) -> list[_Line]:
    if section.id == "modifiers":
        return list(_modifier_lines(section.facts))
    if section.id == "not_reported_with":
        return list(_pair_lines(section.facts))
    return list(_plain_lines(_shown(section)))


def _shown(section: Section) -> list[PageFact]:
    """Facts that are not told in other words, or in another section."""
    hidden = _TOLD_ELSEWHERE if section.id == "related_codes" else frozenset()
    return [fact for fact in section.facts if fact.key not in hidden and not fact.key.startswith(_TOLD_IN_AMOUNTS)]


def _plain_lines(facts: Iterable[PageFact]) -> Iterator[_Line]:
    """One line a fact; codes of one relation stand together."""
    for key, group in groupby(facts, key=lambda fact: fact.key):
        same = list(group)
        if key in _LISTED and len(same) > 1:
            yield _Line(f"{_LISTED[key]}: {' '.join(str(fact.value) for fact in same)}")
        else:
            yield from (_Line(fact.text) for fact in same)


def _modifier_lines(facts: Sequence[PageFact]) -> Iterator[_Line]:
    """Modifiers with one reason on one line, those that may be used first."""
    for value, heading in _MODIFIERS.items():
        reasons: dict[str, list[str]] = {}
        for fact in facts:
            if fact.value == value:
                reasons.setdefault(fact.text, []).append(fact.key)
        for reason, names in reasons.items():
            yield _Line(reason, " ".join(names), heading)


def _pair_lines(facts: Sequence[PageFact]) -> Iterator[_Line]:
    """Each count with the first of its codes, which follow it one by one among the facts."""
    for count in facts:
        if not isinstance(count.value, int) or not count.value:
            continue
        setting, _, column = count.key.rpartition("column_")
        verdict = _PAIRS[int(column[-1])]
        codes = [
            fact.key
            for fact in facts
            if fact.value == verdict and _pair_place(fact) == (setting == "", column.startswith("one"))
        ]
        more = f" and {count.value - _PAIRS_SHOWN:,} more" if count.value > _PAIRS_SHOWN else ""
        yield _Line(f"{count.text.rstrip('.')}: {' '.join(codes[:_PAIRS_SHOWN])}{more}.")


def _pair_place(fact: PageFact) -> tuple[bool, bool]:
    """Whether a pair is a practitioner's, and whether the page's code is its Column One."""
    if fact.citation is None:
        return False, False
    return fact.citation.source == "ncci-ptp-practitioner", fact.citation.locator.endswith(f"/{fact.key}")


def _source_line(section: Section) -> str:
    """The releases a section stands on, each once, with the items cited, and whether it is stale."""
    items: dict[tuple[str, str], list[str]] = {}
    stale = set()
    for fact in _shown(section):
        if fact.citation is None:
            continue
        release = (fact.citation.source, fact.citation.release)
        cited = items.setdefault(release, [])
        if release[0] in _BY_ITEM and fact.citation.locator not in cited:
            cited.append(fact.citation.locator)
        if fact.caveat:
            stale.add(release)
    told = [
        f"{_SOURCES.get(source, source)} {release} {', '.join(cited)}".strip()
        + (" (stale)" if (source, release) in stale else "")
        for (source, release), cited in items.items()
    ]
    return f"Source: {'; '.join(told)}." if told else ""

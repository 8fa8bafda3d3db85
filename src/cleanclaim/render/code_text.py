"""The page of a code as text, Markdown and JSON: all from the same sections."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Final

import typer

from cleanclaim.engine.code_page import CodePage, PageFact, Section
from cleanclaim.render import jsonable
from cleanclaim.render.code_lines import Line, section_lines, shown
from cleanclaim.render.code_linked import linked_data
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
    "mpfs-gpci": "practice cost indices",
    "mpfs-record-layout": "record layout of the fee schedule",
    "hcpcs": "HCPCS Level II file",
    "icd10cm": "ICD-10-CM",
    "imaging-guidance": "cleanclaim imaging families",
    "convention": "custom of the trade",
}
_TITLES: Final = {"add_on": "Add-on codes", "denials": "Common denials"}
_BY_ITEM: Final = frozenset({"ncci-policy-manual", "mpfs-record-layout"})
_PAIRS_SHOWN: Final = 16
_LABEL: Final = 20


def as_json(page: CodePage) -> dict[str, Any]:
    """A page as the contract has it; ``why``, ``headline``, ``stale``, ``starter``, ``json_ld`` are further keys."""
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
        "json_ld": linked_data(page),
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
    for section, told in told_sections(page):
        lines += ["", style(section_title(section), bold=True, fg="cyan")]
        for heading, group in groupby(told, key=lambda line: line.heading):
            lines += [f"  {heading}"] if heading else []
            lines += [line for said in group for line in _text_line(said, columns, style)]
        lines += [style(line, dim=True) for line in _wrap(source_line(section), columns, "  ", "  ")]
    lines.append("")
    for words in closing_words(page):
        lines += _wrap(words, columns, "", "  ")
    return "\n".join(lines) + "\n"


def _text_line(line: Line, columns: int, style: Callable[..., str]) -> list[str]:
    indent = "    " if line.heading else "  "
    said = spelled(line)
    if not line.label:
        return _wrap(said, columns, indent, f"{indent}  ")
    wrapped = _wrap(said, columns, " " * (len(indent) + _LABEL), " " * (len(indent) + _LABEL))
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
    for section, told in told_sections(page):
        parts += ["", f"## {section_title(section)}"]
        for heading, group in groupby(told, key=lambda line: line.heading):
            parts += ["", f"### {heading}", ""] if heading else [""]
            parts += [f"- {f'**{line.label}**: ' if line.label else ''}{spelled(line)}" for line in group]
        source = source_line(section)
        parts += ["", f"*{source}*"] if source else []
    for words in closing_words(page):
        parts += ["", words]
    return "\n".join(parts) + "\n"


# --- what both are made of


def spelled(line: Line) -> str:
    """A line in words: a long list of codes is cut short, and how many more there are is said."""
    if not line.codes and not line.more:
        return line.text
    more = line.more + max(len(line.codes) - _PAIRS_SHOWN, 0) if line.more else 0
    codes = line.codes[:_PAIRS_SHOWN] if more else line.codes
    return f"{line.text} {' '.join(codes)}{f' and {more:,} more' if more else ''}."


def told_sections(page: CodePage) -> list[tuple[Section, list[Line]]]:
    """Sections that have something to say, with what they say; gaps are told at the end."""
    return [
        (section, told)
        for section in page.sections
        if section.state is State.KNOWN and section.id != "gaps" and (told := section_lines(section))
    ]


def closing_words(page: CodePage) -> Iterator[str]:
    """What does not apply, what the book does not say, and what it says for other days."""
    absent = [section.id for section in page.sections if section.state is State.NOT_APPLICABLE]
    if absent:
        yield f"Not applicable: {_names(absent)}."
    sections = {section.id for section in page.sections}
    gaps = [fact for fact in page.section("gaps").facts if fact.value == "no_data"]
    if gaps:
        whole = _names(fact.key for fact in gaps if fact.key in sections)
        tables = ", ".join(source_name(fact.key) for fact in gaps if fact.key not in sections)
        yield f"No data: {'; '.join(filter(None, [whole, tables]))}."
    if page.stale:
        told = (
            f"{source_name(use.source)} {use.release}" + (f" (to {use.covers_to})" if use.covers_to else "")
            for use in page.stale
        )
        yield f"Stale, not issued for {page.date}: {'; '.join(told)}."
    if page.starter:
        yield (
            "The starter answered in part. It holds some code families only; `cleanclaim data update` loads whole "
            "tables."
        )


def _names(sections: Iterable[str]) -> str:
    return ", ".join(_TITLES.get(name, name.replace("_", " ")).lower() for name in sections)


def section_title(section: Section) -> str:
    """The heading of a section."""
    return _TITLES.get(section.id, section.id.replace("_", " ").capitalize())


def source_name(source: str) -> str:
    """A source in words; its id where we have none."""
    return _SOURCES.get(source, source)


def source_line(section: Section) -> str:
    """The releases a section stands on, each once, with the items cited, and whether it is stale."""
    items: dict[tuple[str, str], list[str]] = {}
    stale = set()
    for fact in shown(section):
        if fact.citation is None:
            continue
        release = (fact.citation.source, fact.citation.release)
        cited = items.setdefault(release, [])
        if release[0] in _BY_ITEM and fact.citation.locator not in cited:
            cited.append(fact.citation.locator)
        if fact.caveat:
            stale.add(release)
    told = [
        f"{source_name(source)} {release} {', '.join(cited)}".strip()
        + (" (stale)" if (source, release) in stale else "")
        for (source, release), cited in items.items()
    ]
    return f"Source: {'; '.join(told)}." if told else ""

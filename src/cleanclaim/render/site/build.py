"""Writes the site: the pages by several processes, then what binds them together.

It is made in a folder beside the one asked for and put in its place when it is whole, so that a broken run leaves the
old site as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from cleanclaim.book import policies
from cleanclaim.engine.code_page import code_page
from cleanclaim.errors import InputError
from cleanclaim.index.lookup import OpenBook
from cleanclaim.index.tables import spec
from cleanclaim.render import code_html
from cleanclaim.render.code_text import source_name
from cleanclaim.render.rule_text import whole
from cleanclaim.render.site.changes import changes_page
from cleanclaim.rules.registry import documented
from cleanclaim.types import Date

MARK: Final = ".cleanclaim-site"
"""A file in every site we made: only such a folder, or an empty one, is replaced."""
_CHUNK: Final = 200
_FAMILIES: Final = {
    "ADD": "Add-on codes",
    "CMP": "Professional and technical parts",
    "COD": "Codes and their status",
    "COV": "Medicare coverage",
    "DUP": "Duplicates",
    "DXV": "Diagnoses",
    "END": "Endoscopies",
    "FMT": "What a claim must have",
    "GLO": "Global days and visits",
    "IMG": "Imaging guidance",
    "MOD": "Modifiers",
    "MUE": "Units",
    "PAY": "Payers' own policies",
    "POS": "Places of service",
    "PRV": "Providers",
    "PTP": "Procedure pairs",
    "QLT": "Quality measures",
    "SUP": "Suppressions",
    "TIM": "Dates",
}
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Built:
    """How many pages of each kind a site has."""

    codes: int
    modifiers: int
    rules: int
    folder: Path

    @property
    def pages(self) -> int:
        """All of them, the first page and the page of changes included."""
        return self.codes + self.modifiers + self.rules + 2


def build_site(
    book: OpenBook,
    date: Date,
    folder: Path,
    *,
    jobs: int = 0,
    codes: Sequence[str] = (),
    told: Callable[[int, int], None] | None = None,
) -> Built:
    """Write the site of everything the book has for services on ``date`` into ``folder``.

    ``codes`` narrows it to some codes; ``jobs`` processes write pages, by default one for each processor. ``told`` is
    called with how many code pages are done, of how many. Raises InputError for a folder that holds something else.
    """
    _refuse_other(folder)
    names = list(codes) or _procedures(book)
    marks = _modifiers(book)
    making = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(making, ignore_errors=True)
    for name in ("codes", "modifiers", "rules"):
        (making / name).mkdir(parents=True)
    every = frozenset(names)
    chunks = [names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK)]
    where = book.store.folder if book.store is not None else None
    starter = book.store.with_starter if book.store is not None else True
    task = _Task(where, starter, date, making, every)
    entries = _write_codes(task, book, chunks, jobs or os.cpu_count() or 1, told or _silent)
    entries += [_write_code(book, task, name, "modifiers") for name in marks]
    rules = list(_write_rules(making))
    (making / "changes.html").write_text(
        _page("Changes between releases", changes_page(book, every), root=""), encoding="utf-8"
    )
    _write_index(making, book, date, entries, rules)
    (making / MARK).write_text("made by cleanclaim site build\n", encoding="utf-8")
    _put_in_place(making, folder)
    return Built(len(names), len(marks), len(rules), folder)


@dataclass(frozen=True)
class _Task:
    """What a process needs to write pages."""

    book: Path | None
    with_starter: bool
    date: Date
    folder: Path
    every: frozenset[str]


def _silent(done: int, of: int) -> None:
    """Nobody waits to be told."""
    del done, of


Entry = tuple[str, str, str]
"""A page in the search: its name, its address, what it is about."""


def _refuse_other(folder: Path) -> None:
    if folder.is_file():
        raise InputError(f"{folder} is a file; name a folder for the site.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise InputError(f"{folder} holds files that are no site of ours. Name a new or an empty folder.")
    if not folder.absolute().parent.is_dir():
        raise InputError(f"{folder.absolute().parent} is not there. Make it first, or name another folder.")


def _procedures(book: OpenBook) -> list[str]:
    """Every procedure code of a fee schedule or of Level II, on whatever day."""
    found = {code for table in ("mpfs", "hcpcs") for code in book.index.keys_of(spec(table))}
    return sorted(code for code in found if len(code) == 5)  # noqa: PLR2004 - modifiers have two characters


def _modifiers(book: OpenBook) -> list[str]:
    listed = {code for code in book.index.keys_of(spec("hcpcs")) if len(code) == 2}  # noqa: PLR2004
    return sorted(listed | policies.modifiers_with_meaning())


def _write_codes(
    task: _Task, book: OpenBook, chunks: list[list[str]], jobs: int, told: Callable[[int, int], None]
) -> list[Entry]:
    entries: list[Entry] = []
    total = sum(len(chunk) for chunk in chunks)
    if jobs == 1 or len(chunks) == 1:
        for chunk in chunks:
            entries += [_write_code(book, task, code, "codes") for code in chunk]
            told(len(entries), total)
        return entries
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (task,)) as pool:
        for made in pool.map(_write_chunk, chunks):
            entries += made
            told(len(entries), total)
    return entries


_of_process: list[tuple[OpenBook, _Task]] = []


def _begin(task: _Task) -> None:
    _of_process[:] = [(OpenBook.open(task.book, with_starter=task.with_starter), task)]


def _write_chunk(codes: list[str]) -> list[Entry]:
    book, task = _of_process[0]
    return [_write_code(book, task, code, "codes") for code in codes]


def _write_code(book: OpenBook, task: _Task, code: str, kind: str) -> Entry:
    made = code_page(book, code, task.date)

    def link(other: str) -> str:
        return f"{other}.html" if other in task.every and other != code and len(other) == len(code) else ""

    text = _page(f"{made.code}: {made.system}", code_html.body(made, link), root="../", linked=code_html.json_ld(made))
    address = f"{kind}/{code}.html"
    (task.folder / address).write_text(text, encoding="utf-8")
    definition = made.section("definition").facts
    about = definition[0].text if definition else made.headline.partition(": ")[2]
    return made.code, address, about


def _write_rules(folder: Path) -> Iterator[Entry]:
    for loaded in documented():
        rule = loaded.rule
        said = f'<h1>{escape(rule.code)} <span class="kind">{escape(rule.name)}</span></h1>'
        said += _from_markdown(whole(loaded, markdown=True))
        address = f"rules/{rule.code}.html"
        (folder / address).write_text(_page(f"{rule.code} {rule.name}", said, root="../"), encoding="utf-8")
        yield rule.code, address, rule.name.replace("-", " ")


def _from_markdown(text: str) -> str:
    """The few things our own rule pages use: headings, lists, paragraphs, each wrapped over several lines."""
    parts: list[str] = []
    block: list[str] = []
    for line in [*text.splitlines()[1:], ""]:
        starts = line.startswith(("#", "- ", "* "))
        if block and (starts or not line.strip()):
            parts.append(_block(" ".join(block)))
            block = []
        if line.startswith("#"):
            level = max(min(len(line) - len(line.lstrip("#")), 3), 2)
            parts.append(f"<h{level}>{escape(line.lstrip('# '))}</h{level}>")
        elif line.strip():
            block.append(line.strip())
    return "\n".join(parts).replace("</ul>\n<ul>", "\n")


def _block(text: str) -> str:
    return f"<ul><li>{escape(text[2:])}</li></ul>" if text.startswith(("- ", "* ")) else f"<p>{escape(text)}</p>"


def _page(title: str, main: str, *, root: str, linked: str = "") -> str:
    header = (
        f'<header class="top"><div><a class="home" href="{root}index.html">cleanclaim</a>'
        f'<form role="search" data-root="{root}"><label class="skip" for="q">Search codes and words</label>'
        '<input id="q" type="search" name="q" placeholder="Code or words" autocomplete="off">'
        "<button>Search</button></form></div></header>"
    )
    head = f'<link rel="stylesheet" href="{root}site.css">\n<script defer src="{root}search.js"></script>'
    return code_html.document(f"{title} | cleanclaim", main, head, linked, header=header)


def _write_index(folder: Path, book: OpenBook, date: Date, entries: list[Entry], rules: list[Entry]) -> None:
    (folder / "site.css").write_text(code_html.STYLE, encoding="utf-8")
    shutil.copyfile(_HERE / "search.js", folder / "search.js")
    index = json.dumps([*entries, *rules], ensure_ascii=False, separators=(",", ":"))
    (folder / "search-index.js").write_text(f"window.CLEANCLAIM_INDEX={index};\n", encoding="utf-8")
    sources = "".join(
        f"<li>{escape(f'{source_name(of.source)} {of.release}')}{' (starter)' if of.starter else ''}</li>"
        for of in book.releases
    )
    groups: dict[str, list[Entry]] = {"codes": [], "modifiers": []}
    for entry in entries:
        groups[entry[1].partition("/")[0]].append(entry)
    main = (
        "<h1>Procedure codes, modifiers and edits</h1>"
        f'<p class="lead">What the published tables say of {len(groups["codes"]):,} procedure codes, for services on '
        f"{date}. Every statement shows its source and its date; what is not known is shown as not known.</p>"
        '<p id="said" role="status" aria-live="polite"></p><ul class="hits" id="hits"></ul>'
        '<p><a href="changes.html">Changes between releases</a></p>'
        f"{_ranges(groups['codes'])}"
        f"<section><h2>Modifiers</h2><details><summary>{len(groups['modifiers']):,} modifiers</summary>"
        f"{_columns(groups['modifiers'])}</details></section>"
        f"<section><h2>Rules</h2>{_families(rules)}</section>"
        f"<section><h2>Sources</h2><details><summary>{len(book.releases):,} releases</summary><ul>{sources}</ul>"
        "</details></section>"
    )
    (folder / "index.html").write_text(_page("Codes", main, root=""), encoding="utf-8")


def _families(rules: Sequence[Entry]) -> str:
    """The rules by the three letters of their family, folded up, each with its name."""
    return "".join(
        f"<details><summary>{name} {_FAMILIES.get(name, '')} ({len(group):,})</summary><ul>"
        + "".join(f'<li><a href="{at}">{code}</a> {escape(about)}</li>' for code, at, about in group)
        + "</ul></details>"
        for name, group in _by_start(rules, 3)
    )


def _ranges(entries: Sequence[Entry]) -> str:
    """The codes by their first two characters, folded up: a list of twenty thousand is no list."""
    parts = [
        f"<details><summary>{_range(group)} ({len(group):,})</summary>{_columns(group)}</details>"
        for _, group in _by_start(entries, 2)
    ]
    return f"<section><h2>Procedure codes</h2>{''.join(parts)}</section>"


def _by_start(entries: Iterable[Entry], characters: int) -> list[tuple[str, list[Entry]]]:
    """Entries whose names begin alike, in order of these beginnings."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry[0][:characters], []).append(entry)
    return sorted(groups.items())


def _range(group: Sequence[Entry]) -> str:
    return group[0][0] if len(group) == 1 else f"{group[0][0]} to {group[-1][0]}"


def _columns(entries: Iterable[Entry]) -> str:
    return (
        '<ul class="columns">'
        + "".join(f'<li><a href="{at}">{escape(name)}</a></li>' for name, at, _ in entries)
        + "</ul>"
    )


def _put_in_place(making: Path, folder: Path) -> None:
    """The old site goes when the new one is whole."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.is_dir():
        folder.rename(old)
    making.rename(folder)
    shutil.rmtree(old, ignore_errors=True)

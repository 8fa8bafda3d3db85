"""The page of a code as HTML, by itself or as a page of the site, with its schema.org description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby
from typing import Final

from cleanclaim.engine.code_page import CodePage, Section
from cleanclaim.render import code_text
from cleanclaim.render.code_glance import at_a_glance
from cleanclaim.render.code_lines import FOLDED, Line
from cleanclaim.render.code_linked import linked_data
from cleanclaim.render.payment_chart import chart
from cleanclaim.types import Citation

_CODE: Final = re.compile(r"(?<![\w.$,-])(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})(?![\w.%])")

Link = Callable[[str], str]
"""From a code to the address of its page, "" where there is none."""


def no_link(code: str) -> str:
    """Links for a page that stands by itself: none."""
    del code
    return ""


def page(made: CodePage) -> str:
    """A whole document with its style inside, for ``code --format html``."""
    return document(f"{made.code}: {made.system}", body(made, no_link), f"<style>{STYLE}</style>", json_ld(made))


def document(title: str, main: str, head: str, linked_data: str = "", *, header: str = "") -> str:
    """An HTML document around ``main``; ``head`` holds its style, or a link to it."""
    data = f'<script type="application/ld+json">{linked_data}</script>' if linked_data else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n{head}\n{data}\n</head>\n<body>\n"
        f'<a class="skip" href="#main">Skip to the page</a>\n{header}'
        f'<main id="main">\n{main}\n</main>\n</body>\n</html>\n'
    )


def json_ld(made: CodePage) -> str:
    """The page's linked data, safe inside a script element."""
    return json.dumps(linked_data(made), separators=(",", ":")).replace("<", "\\u003c")


def body(made: CodePage, link: Link) -> str:
    """What a page says: headline, the answers asked most, contents, sections, and what the book does not say."""
    told = code_text.told_sections(made)
    contents = "".join(
        f'<li><a href="#{section.id}">{code_text.section_title(section)}</a></li>' for section, _ in told
    )
    closing = "".join(f"<p>{escape(words)}</p>" for words in code_text.closing_words(made))
    kind = made.system if not made.category or made.system == "modifier" else f"{made.system} Category {made.category}"
    if made.category in {"PLA", "MAAA"}:
        kind = f"{made.system} {made.category}"
    headline = made.headline.partition(": ")[2] or made.headline
    glance = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in at_a_glance(made))
    return (
        f'<h1>{escape(made.code)} <span class="kind">{escape(kind)}</span></h1>\n'
        f'<p class="lead">{escape(headline)}</p>\n'
        + (f'<dl class="glance">{glance}</dl>\n' if glance else "")
        + f'<nav class="contents" aria-label="On this page"><ul>{contents}</ul></nav>\n'
        + "\n".join(_section(section, lines, link) for section, lines in told)
        + f'\n<section id="gaps" class="gaps"><h2>What this page does not say</h2>{closing}</section>'
    )


def _section(section: Section, told: Iterable[Line], link: Link) -> str:
    parts = [f'<section id="{section.id}"><h2>{code_text.section_title(section)}</h2>']
    for heading, group in groupby(told, key=lambda line: line.heading):
        said = "".join(
            _table(lines, link) if labelled else _list(lines, link)
            for labelled, lines in groupby(group, key=lambda line: bool(line.label))
        )
        if heading in FOLDED:
            parts.append(f"<details><summary><h3>{escape(heading)}</h3></summary>{said}</details>")
        else:
            parts.append(f"<h3>{escape(heading)}</h3>{said}" if heading else said)
    if section.id == "payment":
        parts.append(chart(section.facts))
    parts.append(_sources(section))
    parts.append("</section>")
    return "".join(parts)


def _table(lines: Iterable[Line], link: Link) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_linked(line.label, link)}</th><td>{_said(line, link)}</td></tr>' for line in lines
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _list(lines: Iterable[Line], link: Link) -> str:
    return "<ul>" + "".join(f"<li>{_said(line, link)}</li>" for line in lines) + "</ul>"


def _said(line: Line, link: Link) -> str:
    """A line; the codes it lists stand apart, folded up where there are many."""
    text = _linked(line.text, link)
    if not line.codes:
        return text
    codes = "".join(f"<li>{_linked(code, link)}</li>" for code in line.codes)
    more = f"<li>and {line.more:,} more</li>" if line.more > 0 else ""
    listed = f'<ul class="codes">{codes}{more}</ul>'
    if len(line.codes) <= _MOST_OPEN:
        return f"{text}{listed}"
    return f"<details><summary>{escape(line.text)} {len(line.codes):,} codes</summary>{listed}</details>"


def _linked(text: str, link: Link) -> str:
    """Text with the codes in it linked to their pages."""

    def put(match: re.Match[str]) -> str:
        where = link(match[0])
        return f'<a href="{where}">{match[0]}</a>' if where else match[0]

    return _CODE.sub(put, escape(text))


def _sources(section: Section) -> str:
    """Where the section's statements are published: the releases in a line, the rows behind it to open."""
    line = code_text.source_line(section)
    if not line:
        return ""
    rows = _rows(fact.citation for fact in section.facts if fact.citation is not None)
    if not rows:
        return f'<p class="source">{escape(line)}</p>'
    return f'<details class="source"><summary>{escape(line)}</summary><ul>{rows}</ul></details>'


_MOST_OPEN: Final = 60
"""A longer list of codes is folded up."""
_MOST_ROWS: Final = 12


def _rows(citations: Iterable[Citation]) -> str:
    told = list(dict.fromkeys(f"{cited.locator}: {cited.text}" if cited.text else cited.locator for cited in citations))
    made = "".join(f"<li>{escape(row)}</li>" for row in told[:_MOST_ROWS])
    more = len(told) - _MOST_ROWS
    return made + (f"<li>and {more:,} more rows</li>" if more > 0 else "")


STYLE: Final = """
:root { --ink: #1a1c1e; --soft: #4a4f55; --line: #d9dde2; --accent: #0b4f8a; --back: #fff; --tint: #f4f6f8; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--back); }
main { max-width: 54rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; margin: .6rem 0 .2rem; } h1 .kind { font-size: 1rem; font-weight: 500; color: var(--soft); }
h2 { font-size: 1.2rem; margin: 0 0 .4rem; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0 .6rem; }
.lead { color: var(--soft); margin-top: 0; }
.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem .9rem; padding: 0; margin: .6rem 0 1rem; }
ul { padding-left: 1.2rem; margin: .3rem 0; } li { margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; }
tr + tr { border-top: 1px solid var(--line); } th[scope=row] { width: 11rem; font-weight: 600; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid #f2a900; }
.chart { display: block; width: 100%; max-width: 36rem; margin: .6rem 0; font-size: 13px; }
.chart text { fill: var(--ink); } .chart .of { font-weight: 600; }
.chart .at { fill: var(--accent); } .chart .range { fill: #6f97bd; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .1rem 1.2rem;
  margin: .8rem 0; padding: .7rem .9rem; background: var(--tint); border-radius: .4rem; }
.glance div { padding: .2rem 0; } .glance dt { font-size: .82rem; color: var(--soft); }
.glance dd { margin: 0; font-weight: 600; }
ul.codes { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem .75rem; padding: 0; margin: .2rem 0 .5rem;
  font-variant-numeric: tabular-nums; } ul.codes li { margin: 0; }
summary h3 { display: inline; } details { margin: .5rem 0; }
.source { font-size: .88rem; color: var(--soft); margin: .5rem 0 0; } summary { cursor: pointer; }
.gaps p { color: var(--soft); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .3rem; }
.top { background: var(--tint); border-bottom: 1px solid var(--line); }
.top div { max-width: 54rem; margin: 0 auto; padding: .6rem 1.25rem; display: flex; gap: 1rem; align-items: center;
  flex-wrap: wrap; }
.top a.home { font-weight: 700; text-decoration: none; } .top form { flex: 1 1 14rem; display: flex; gap: .4rem; }
input[type=search] { flex: 1; min-width: 8rem; font: inherit; padding: .35rem .5rem; border: 1px solid #767b81;
  border-radius: .3rem; }
button { font: inherit; padding: .35rem .8rem; border: 1px solid var(--accent); background: var(--accent); color: #fff;
  border-radius: .3rem; }
.hits { list-style: none; padding: 0; } .hits li { padding: .35rem 0; border-bottom: 1px solid var(--line); }
.columns { columns: 9rem; padding-left: 0; list-style: none; }
pre { white-space: pre-wrap; }
@media (max-width: 40rem) { th[scope=row] { width: 6.5rem; } main { padding: .5rem .9rem 2rem; } }
@media print { .top, .contents, .skip { display: none; } details::details-content { content-visibility: visible; }
  .source ul { display: none; } main { max-width: none; }
  a { color: inherit; text-decoration: none; } section { break-inside: avoid; } }
"""

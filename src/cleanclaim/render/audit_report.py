"""An audit of a page: as text, as the contract's JSON, and as the page itself with a proof-reader's marks."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from cleanclaim.pages.audit.model import Assertion, Judgement, PageAudit
from cleanclaim.render import jsonable
from cleanclaim.render.rows import citation_text

_WORDS: Final = {
    Judgement.CONTRADICTED: "CONTRADICTED",
    Judgement.SUPPORTED: "supported",
    Judgement.UNVERIFIABLE: "not verifiable",
}
_LONGEST_QUOTE: Final = 300
_WHAT_UNMARKED_IS: Final = (
    "Statements that are not listed were not recognised as checkable: nothing is said of them, for or against."
)


def as_json(audit: PageAudit) -> dict[str, Any]:
    """The contract's ``cleanclaim.audit/1``. Offsets count characters of ``text``, what was read of the page."""
    return {
        "schema": "cleanclaim.audit/1",
        "page": audit.page,
        "date": audit.date.isoformat(),
        "subjects": list(audit.subjects),
        "assertions": [_assertion(entry) for entry in audit.assertions],
        "summary": {str(verdict): audit.count(verdict) for verdict in Judgement},
        "text": audit.text,
    }


def _assertion(entry: Assertion) -> dict[str, Any]:
    return {
        "quote": entry.quote,
        "start": entry.start,
        "end": entry.end,
        "kind": str(entry.kind),
        "codes": list(entry.codes),
        "verdict": str(entry.verdict),
        "fact": entry.fact,
        "citations": [jsonable.citation(cited) for cited in entry.citations],
    }


def text(audit: PageAudit, *, width: int = 100) -> str:
    """The audit to be read in a terminal: what is contradicted first, each with the fact and where it is published."""
    lines = [
        f"{audit.page or 'page'}: about {_about(audit)}, held against the book for {audit.date}",
        _counts(audit),
        "",
    ]
    for verdict in _WORDS:
        for entry in audit.assertions:
            if entry.verdict is verdict:
                lines += [*_told(entry, audit.text, width), ""]
    lines += textwrap.wrap(_WHAT_UNMARKED_IS, width)
    return "\n".join(lines) + "\n"


def _about(audit: PageAudit) -> str:
    return ", ".join(audit.subjects) or "no procedure code"


def _counts(audit: PageAudit) -> str:
    return ", ".join(f"{audit.count(verdict)} {_WORDS[verdict].lower()}" for verdict in Judgement)


def _told(entry: Assertion, page: str, width: int) -> Iterator[str]:
    line = page.count("\n", 0, entry.start) + 1
    kind = str(entry.kind).replace("_", " ")
    yield f"{_WORDS[entry.verdict]}  line {line}, {kind}, {', '.join(entry.codes)}"
    yield from _indented(f"“{_shortened(entry.quote)}”", width)
    yield from _indented(f"Book: {entry.fact}", width)
    if entry.verdict is not Judgement.UNVERIFIABLE:
        for cited in entry.citations:
            yield from _indented(citation_text(cited), width)


def _indented(said: str, width: int) -> list[str]:
    return textwrap.wrap(said, width, initial_indent="  ", subsequent_indent="    ")


def _shortened(quote: str) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[: _LONGEST_QUOTE - 1]}…"


def as_html(audit: PageAudit) -> str:
    """The page's text with each statement marked, and a note to it in the margin: one file, no script."""
    told = [entry for entry in audit.assertions if entry.verdict is not Judgement.UNVERIFIABLE]
    notes = list(enumerate(told, start=1))
    about = f"About {_about(audit)}; held against the book for services on {audit.date}."
    return _PAGE.format(
        title=html.escape(f"Audit of {audit.page or 'a page'}"),
        about=html.escape(f"{about} {_counts(audit).capitalize()}."),
        unmarked=html.escape(_WHAT_UNMARKED_IS),
        body=_marked(audit.text, notes),
        notes="\n".join(_note(number, entry) for number, entry in notes),
        style=_STYLE,
    )


def _marked(page: str, notes: list[tuple[int, Assertion]]) -> str:
    """The text cut where a statement begins or ends; a stretch bears the worst of the statements it lies in."""
    cuts = sorted({0, len(page), *(at for _, entry in notes for at in (entry.start, entry.end))})
    made = []
    for start, end in pairwise(cuts):
        piece = html.escape(page[start:end])
        over = [(number, entry) for number, entry in notes if entry.start <= start and end <= entry.end]
        if not over:
            made.append(piece)
            continue
        ends = [number for number, entry in over if entry.end == end]
        anchors = "".join(f'<sup><a id="m{number}" href="#n{number}">{number}</a></sup>' for number in ends)
        wrong = any(entry.verdict is Judgement.CONTRADICTED for _, entry in over)
        tag, verdict = ("del", Judgement.CONTRADICTED) if wrong else ("mark", Judgement.SUPPORTED)
        made.append(f'<{tag} class="{verdict}">{piece}</{tag}>{anchors}')
    return "".join(made)


def _note(number: int, entry: Assertion) -> str:
    sources = "".join(f"<li>{html.escape(citation_text(cited))}</li>" for cited in entry.citations)
    kind = str(entry.kind).replace("_", " ")
    return (
        f'<li id="n{number}" value="{number}" class="{entry.verdict}"><p><strong>{_WORDS[entry.verdict].capitalize()}'
        f"</strong> <span>({html.escape(kind)}, {html.escape(', '.join(entry.codes))})</span> "
        f'{html.escape(entry.fact)} <a href="#m{number}" aria-label="back to the text at {number}">↩</a></p>'
        f"<ul>{sources}</ul></li>"
    )


_STYLE: Final = """
:root { color-scheme: light; }
body { font: 1rem/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 78rem; padding: 1rem;
  color: #1b1b1b; background: #fff; }
h1 { font-size: 1.4rem; line-height: 1.25; }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; }
.page { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid #ddd; padding-left: 1rem; }
del.contradicted { background: #ffe1de; text-decoration: underline wavy #b3261e; text-decoration-thickness: 1.5px; }
mark.supported { background: #e2f2e4; color: inherit; }
ol { padding-left: 2.2rem; } ol > li { margin-bottom: .8rem; } li p { margin: 0; }
li ul { font-size: .85rem; color: #444; padding-left: 1.1rem; margin: .2rem 0 0; }
li.contradicted strong { color: #9b1c14; } li.supported strong { color: #1e5f2a; }
sup a { padding: 0 .2em; color: #17457a; } a { color: #17457a; } .foot { color: #444; font-size: .9rem; }
li:target, sup:has(a:target) { outline: 2px solid #17457a; }
@media (max-width: 48rem) { main { display: block; } .page { padding-left: .6rem; } }
@media print { main { display: block; } }
"""
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1><p>{about}</p></header>
<main>
<section class="page" aria-label="The page with marks">{body}</section>
<section aria-label="Notes"><h2>Notes</h2><ol>
{notes}
</ol></section>
</main>
<footer><p class="foot">{unmarked}</p></footer>
</body>
</html>
"""

"""A page as text: plain text and Markdown as they are, HTML and PDF as they read.

Of HTML the visible text is taken, headings, paragraphs and list items a line each, led as Markdown leads them, a row of
a table as cells parted by bars; scripts, styles and navigation are left out. Of PDF, the text of its pages.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Final

from cleanclaim.errors import UnreadableFile

MOST_BYTES: Final = 50_000_000
"""A page is no larger: what is, is no page."""
_SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "nav", "svg", "head", "select", "button"})
_BLOCKS: Final = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main ol p pre section caption ul".split()
)
_CELLS: Final = frozenset({"td", "th"})
_ROWS: Final = frozenset({"tr", "thead", "tbody", "tfoot"})
_LEADS: Final = {"li": "- ", "dd": ": ", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "caption"), "# ")}
"""How Markdown begins the line of a block."""
_LEFT_OPEN: Final = frozenset({"head", "nav", "select", "button"})
_CONTENT: Final = frozenset({"body", "main", "article", "h1"})
"""Where content begins, whatever of the kinds before was left open."""
_DECLARATION: Final = re.compile(r"<[!?][^<>]*>")
_NO_TAG: Final = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|article|section)\b", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def page_text(content: bytes, name: str) -> str:
    """The text of a page, whatever it came as. Raises UnreadableFile for what is no text, HTML or PDF."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"{name}: {len(content):,} bytes; a page of at most {MOST_BYTES:,} can be audited.")
    if content.startswith(b"%PDF-"):
        return _of_pdf(content, name)
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{name} is neither text, HTML nor PDF: it has zero bytes. Save the page as one of these.")
    text = _decoded(content)
    return _of_html(text) if _HTML.search(content[:4096]) else text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    declared = _CHARSET.search(content[:2048])
    for encoding in ("utf-8-sig", declared[1].decode() if declared else "", "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _of_pdf(content: bytes, name: str) -> str:
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - only PDFs need it
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError as error:
        raise UnreadableFile(
            f"{name} is a PDF, which the optional package pypdf reads: pip install 'cleanclaim[pdf]'."
        ) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with the file is told once, by us
    try:
        pages = [page.extract_text() or "" for page in PdfReader(BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise UnreadableFile(
            f"{name}: the PDF cannot be read ({type(error).__name__}). Save it anew, or as text."
        ) from error
    text = "\n\n".join(pages)
    if not text.strip():
        raise UnreadableFile(f"{name}: the PDF holds no text, only images. Run it through character recognition first.")
    return text


def _of_html(text: str) -> str:
    parser = _Visible()
    parser.feed(_tags_only(text))
    parser.close()
    return parser.text()


@dataclass
class _Table:
    """A table that is being read: the cells of its row, and whether all of them head columns."""

    cells: list[str] = field(default_factory=list)
    in_cell: bool = False
    heads: bool = True
    headed: bool = False


def _tags_only(text: str) -> str:
    """The page without comments and declarations, every ``<`` that opens no tag written out.

    The standard library's parser looks for the end of each to the end of the page, again and again.
    """
    pieces, start = [], 0
    while (opened := text.find("<!--", start)) >= 0:
        pieces.append(text[start:opened])
        closed = text.find("-->", opened + 4)
        start = closed + 3 if closed >= 0 else len(text)
    pieces.append(text[start:])
    return _NO_TAG.sub("&lt;", _DECLARATION.sub(" ", "".join(pieces)))


class _Visible(HTMLParser):
    """Collects the visible text, a line for each block. What a page leaves open is closed where the next begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._lead = ""
        self._tables: list[_Table] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, a row or a cell."""
        if self._hidden:
            if tag in _CONTENT and self._hidden[-1] in _LEFT_OPEN:
                self._hidden.clear()
            else:
                if tag == self._hidden[-1]:
                    self._hidden.append(tag)
                return
        table = self._tables[-1] if self._tables else None
        if tag in _SKIPPED:
            self._hidden.append(tag)
        elif tag == "table":
            self._end_row()
            self._end_line()
            self._tables.append(_Table())
        elif table is not None and tag in _ROWS:
            self._end_row()
        elif table is not None and tag in _CELLS:
            self._end_cell()
            table.in_cell = True
            table.heads = table.heads and tag == "th" and ("scope", "row") not in attrs
        elif tag in _BLOCKS and table is not None and table.in_cell:
            self._line.append(" ")
        elif tag in _BLOCKS:
            self._end_line()
            self._lead = _LEADS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """Close a block, a row or a cell."""
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        table = self._tables[-1] if self._tables else None
        if tag == "table" and table is not None:
            self._end_row()
            self._end_line()
            self._tables.pop()
            self._lines.append("")
        elif tag in _CELLS and table is not None:
            self._end_cell()
        elif tag in _ROWS and table is not None:
            self._end_row()
        elif tag in _BLOCKS and table is not None and table.in_cell:
            self._line.append(" ")
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Keep visible text."""
        if not self._hidden:
            self._line.append(data)

    def text(self) -> str:
        """What was collected."""
        while self._tables:
            self._end_row()
            self._tables.pop()
        self._end_line()
        return "\n".join(self._lines) + "\n"

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if table.in_cell:
            table.cells.append(_plain("".join(self._line)).replace("|", "/"))
            table.in_cell, self._line = False, []

    def _end_row(self) -> None:
        """The row as a line; where every cell of the first one heads a column, with dashes under it."""
        if not self._tables:
            return
        self._end_cell()
        table = self._tables[-1]
        if any(table.cells):
            self._lines.append(f"| {' | '.join(table.cells)} |")
            if table.heads and not table.headed and len(table.cells) > 1:
                self._lines.append("|" + "---|" * len(table.cells))
            table.headed = True
        table.cells, table.heads = [], True

    def _end_line(self) -> None:
        line = _plain("".join(self._line))
        if line:
            self._lines.append(self._lead + line)
            self._lead = ""
        self._line = []


def _plain(text: str) -> str:
    return " ".join(text.split())

"""Publishers' web pages: their links, and the form by which a licence is accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

_ACCEPT: Final = re.compile(r"\s*(?:i\s+)?(?:accept|agree)\b", re.IGNORECASE)
# CMS: /license/ama?file=... today, /apps/ama/license.asp?file=... in former years.
_LICENCE_PATH: Final = re.compile(r"/licen[cs]e/(\w+)/?$|/apps/(\w+)/licen[cs]e\.\w+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its full address and its words."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where it leads, its hidden fields, and its buttons as (name, value, label)."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as far as it matters here."""

    url: str
    title: str
    links: tuple[Link, ...]
    forms: tuple[Form, ...]

    def acceptance(self) -> str | None:
        """The address that the page's Accept button requests; None when it has no such button."""
        for form in self.forms:
            for name, value, label in form.buttons:
                if form.method == "get" and _ACCEPT.match(label):
                    fields = [*form.fields, (name, value)] if name else form.fields
                    return urlsplit(form.action)._replace(query=urlencode(fields), fragment="").geturl()
        return None


@dataclass(frozen=True, slots=True)
class Gate:
    """A licence page that a publisher puts before a file. ``licence`` is its name, ``AMA`` for example."""

    licence: str
    url: str


def through_licence(url: str) -> tuple[str, Gate | None]:
    """The file a link leads to, and the licence page it passes through, if any."""
    parts = urlsplit(url)
    match = _LICENCE_PATH.search(parts.path)
    file = parse_qs(parts.query).get("file")
    if match is None or not file:
        return url, None
    return urljoin(url, file[0]), Gate((match[1] or match[2]).upper(), url)


def read_page(url: str, html: str) -> Page:
    """Read a page that was found at ``url``. Never fails: what comes after a fault that cannot be read is left."""
    reader = _Reader(url)
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # what html.parser raises for a declaration that is none
        pass
    return reader.page()


class _Reader(HTMLParser):
    """Collects links and forms, whatever the order of attributes or the nesting around them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._base = url
        self._title: list[str] = []
        self._links: list[tuple[str, list[str]]] = []
        self._forms: list[tuple[str, str, list[tuple[str, str]], list[tuple[str, str, list[str]]]]] = []
        self._words: list[str] | None = None
        self._form_open = False

    def page(self) -> Page:
        return Page(
            url=self._url,
            title=_joined(self._title),
            links=tuple(Link(url, _joined(words)) for url, words in self._links),
            forms=tuple(
                Form(action, method, tuple(fields), tuple((n, v, _joined(label)) for n, v, label in buttons))
                for action, method, fields, buttons in self._forms
            ),
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "base" and has.get("href"):
            self._base = self._absolute(has["href"])
        elif tag == "title":
            self._words = self._title
        elif tag == "a" and has.get("href"):
            self._words = []
            self._links.append((self._absolute(has["href"]), self._words))
        elif tag == "form":
            action = self._absolute(has["action"]) if has.get("action") else self._url
            self._forms.append((action, has.get("method", "get").lower() or "get", [], []))
            self._form_open = True
        elif tag in {"input", "button"} and self._form_open:
            self._control(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "title", "button"}:
            self._words = None
        elif tag == "form":
            self._form_open = False

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def _control(self, tag: str, has: dict[str, str]) -> None:
        fields, buttons = self._forms[-1][2:]
        name, value = has.get("name", ""), has.get("value", "")
        kind = has.get("type", "submit" if tag == "button" else "text").lower()
        if kind == "submit":
            label = [value] if tag == "input" else []
            buttons.append((name, value, label))
            if tag == "button":
                self._words = label
        elif kind == "hidden" and name:
            fields.append((name, value))

    def _absolute(self, href: str) -> str:
        try:
            return urljoin(self._base, href.strip())
        except ValueError:  # no address at all, "http://[": a link that leads nowhere
            return ""


def _joined(words: list[str]) -> str:
    return " ".join("".join(words).split())

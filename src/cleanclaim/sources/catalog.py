"""The catalogue of sources: who publishes a series, where, how often, and under which licence.

Each source is a folder beside this module with a ``source.toml``. Adding a source touches nothing else.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from cleanclaim.errors import UnknownName

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Fetch(StrEnum):
    """How the files of a source are reached from its landing page."""

    PAGE = "page"
    """The landing page links to the files."""

    PAGE_THEN_PAGE = "page-then-page"
    """The landing page links to one page for each release, and that page to the file."""

    INSIDE = "inside"
    """The table comes in the file of another source."""

    MANUAL = "manual"
    """The publisher offers no file to download; ``how`` says what to do."""


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Which links count, and how the release they belong to is written.

    ``pattern`` is looked for in the path of a link, then in its text. Its named groups say which release the
    file is (see :mod:`~cleanclaim.sources.naming`); ``release`` is the label made from them.
    """

    pattern: re.Pattern[str]
    release: str


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's series, as its ``source.toml`` describes it.

    ``licence`` names whose terms the content comes under: ``AMA``, ``NUCC``, ``X12``, or ``public``.
    ``file`` is the extension of the published files. ``records`` finds a published record count in the text of
    a link, and ``row`` recognises one record in the text file inside. ``domains`` lists hosts, beside the
    publisher's own, to which its links may lead.
    """

    id: str
    title: str
    publisher: str
    landing_page: str
    cadence: str
    licence: str
    fetch: Fetch
    file: str = ""
    links: tuple[LinkRule, ...] = ()
    pages: tuple[LinkRule, ...] = ()
    records: re.Pattern[str] | None = None
    row: re.Pattern[bytes] | None = None
    inside: str = ""
    how: str = ""
    domains: tuple[str, ...] = ()

    def admits(self, url: str) -> bool:
        """True when ``url`` is the publisher's own and safe to request.

        That is https on the landing page's domain, its subdomains, or a domain listed for the source. Plain
        http passes only where the landing page itself is on this machine.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        own = (urlsplit(self.landing_page).hostname or "").removeprefix("www.")
        if not any(host == domain or host.endswith(f".{domain}") for domain in (own, *self.domains)):
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)

    @property
    def by_hand(self) -> str:
        """The way that is always open, for the end of an error message."""
        return f"You can also download it in a browser from {self.landing_page} and run: cleanclaim data load FILE"


def _rules(entries: Sequence[Mapping[str, str]]) -> tuple[LinkRule, ...]:
    return tuple(LinkRule(re.compile(entry["pattern"], re.IGNORECASE), entry["release"]) for entry in entries)


def read_source(text: str) -> Source:
    """Read one ``source.toml``. Raises TypeError or KeyError for a field that is not of a source."""
    entry: dict[str, Any] = tomllib.loads(text)
    entry["fetch"] = Fetch(entry["fetch"])
    entry["links"] = _rules(entry.get("links", ()))
    entry["pages"] = _rules(entry.get("pages", ()))
    entry["domains"] = tuple(entry.get("domains", ()))
    if "records" in entry:
        entry["records"] = re.compile(entry["records"])
        entry["row"] = re.compile(entry["row"].encode("ascii"))
    return Source(**entry)


@cache
def load_catalog() -> Mapping[str, Source]:
    """Every source by its id, in the order of the ids."""
    found = {}
    for folder in resources.files(__package__).iterdir():
        entry = folder / "source.toml"
        if entry.is_file():
            source = read_source(entry.read_text(encoding="utf-8"))
            found[source.id] = source
    return MappingProxyType(dict(sorted(found.items())))


def choose(names: Sequence[str] | None, catalog: Mapping[str, Source]) -> tuple[Source, ...]:
    """The sources asked for, all of them for None; a table inside another source's file stands for that one.

    Raises :class:`~cleanclaim.errors.UnknownName`, with the nearest name, for one that does not exist.
    """
    chosen: dict[str, Source] = {}
    for name in catalog if names is None else names:
        source = catalog.get(name.lower())
        if source is None:
            near = difflib.get_close_matches(name.lower(), catalog, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"The sources are: {', '.join(catalog)}."
            raise UnknownName(f"{name} is not a source. {hint}")
        carrier = catalog[source.inside] if source.fetch is Fetch.INSIDE else source
        chosen[carrier.id] = carrier
    return tuple(chosen.values())

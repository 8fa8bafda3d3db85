"""What a publisher offers now: the releases found by following its landing page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from cleanclaim.errors import FetchError
from cleanclaim.sources.catalog import Fetch, LinkRule, Source
from cleanclaim.sources.naming import PublishedName, read_name
from cleanclaim.sources.page import Gate, Link, Page, through_licence
from cleanclaim.sources.web import Web
from cleanclaim.types import Date

_SHA256: Final = re.compile(r"\b[0-9a-f]{64}\b", re.IGNORECASE)
_NOT_IN_NAMES: Final = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True, slots=True)
class Download:
    """One file to fetch, and what the page that links to it promises of it.

    ``gate`` is the licence page in the way, None where there is none. ``records`` and ``sha256`` are None and
    empty where the publisher does not give them.
    """

    name: str
    url: str
    page: str
    gate: Gate | None = None
    records: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A release as offered: all its files, and the first day it was issued for."""

    source: str
    release: str
    effective: Date
    files: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A link that the rules of a source recognise. ``path`` is that of the file, not of a licence page."""

    link: Link
    path: str
    said: PublishedName
    page: Page = field(repr=False)


def plan(source: Source, web: Web, today: Date) -> tuple[Offer, ...]:
    """The release in force ``today`` and those already published for later, earliest first.

    Both are wanted in the weeks when a publisher has put up the next quarter and the present one still binds.
    Raises :class:`~cleanclaim.errors.FetchError` when the pages do not lead to any file.
    """
    landing = web.page(source.landing_page, source)
    if source.fetch is Fetch.PAGE_THEN_PAGE:
        releases = _wanted(_recognised(landing, source, source.pages), today)
        # Where two names of one release's page are in use, publishers list the newer first.
        groups = [_of_release(links[0], source, web) for links in releases]
    else:
        groups = _wanted(_recognised(landing, source, source.links, source.file), today)
    return tuple(_offer(source, group, web) for group in groups)


def _recognised(page: Page, source: Source, rules: tuple[LinkRule, ...], suffix: str = "") -> list[_Found]:
    """Links of ``page`` that a rule recognises. Raises FetchError when there is none."""
    found = []
    for link in page.links:
        path = unquote(urlsplit(through_licence(link.url)[0]).path)
        if suffix and not path.lower().endswith(f".{suffix}"):
            continue
        said = _said(rules, (path, link.text))
        if said is not None:
            found.append(_Found(link, path, said, page))
    if not found:
        patterns = " or ".join(rule.pattern.pattern for rule in rules)
        raise FetchError(
            f"{page.url}: none of its {len(page.links)} links matches {patterns}. The publisher may have changed "
            f"the page of {source.id}: please open an issue. {source.by_hand}"
        )
    return found


def _said(rules: tuple[LinkRule, ...], texts: Iterable[str]) -> PublishedName | None:
    names = (read_name(rule, text) for text in texts for rule in rules)
    return next((name for name in names if name is not None), None)


def _wanted(found: list[_Found], today: Date) -> list[list[_Found]]:
    """By release, the links of the one in force on ``today`` and of later ones; newest revision only."""
    releases: dict[Date, list[_Found]] = {}
    for entry in found:
        releases.setdefault(entry.said.effective, []).append(entry)
    begun = [day for day in releases if day <= today]
    first = max(begun) if begun else min(releases)
    wanted = []
    for day in sorted(day for day in releases if day >= first):
        newest = max(entry.said.revision for entry in releases[day])
        wanted.append([entry for entry in releases[day] if entry.said.revision == newest])
    return wanted


def _of_release(stop: _Found, source: Source, web: Web) -> list[_Found]:
    """The file links on a release's own page."""
    page = web.page(stop.link.url, source)
    found = _recognised(page, source, source.links, source.file)
    own = [entry for entry in found if entry.said.effective == stop.said.effective]
    if not own:
        raise FetchError(
            f"{page.url}: should lead to {stop.said.release}, but leads to {found[0].said.release}. "
            f"Nothing was downloaded. {source.by_hand}"
        )
    return own


def _offer(source: Source, group: list[_Found], web: Web) -> Offer:
    first = group[0]
    return Offer(
        source=source.id,
        release=first.said.release,
        effective=first.said.effective,
        files=tuple(_download(source, entry, web) for entry in _parts(group, source)),
    )


def _parts(group: list[_Found], source: Source) -> list[_Found]:
    """One link for each part, in order; the first link where the release is a single file."""
    if group[0].said.part is None:
        return group[:1]
    parts: dict[int, _Found] = {}
    for entry in group:
        parts.setdefault(entry.said.part or 0, entry)
    missing = sorted(set(range(1, max(parts) + 1)) - set(parts))
    if missing:
        raise FetchError(
            f"{group[0].page.url}: part {', '.join(map(str, missing))} of {source.id} {group[0].said.release} is "
            f"not linked, though part {max(parts)} is. A release is loaded whole or not at all. {source.by_hand}"
        )
    return [parts[number] for number in sorted(parts)]


def _download(source: Source, entry: _Found, web: Web) -> Download:
    url, gate = through_licence(entry.link.url)
    records = source.records.search(entry.link.text) if source.records else None
    return Download(
        name=_file_name(entry),
        url=url,
        page=entry.page.url,
        gate=gate,
        records=int(records[1].replace(",", "")) if records else None,
        sha256=_published_sha256(url, entry, web, source),
    )


def _file_name(entry: _Found) -> str:
    """A name for the local copy: the link's own, whole where CMS writes a date with slashes into it.

    (``/files/zip/rvu25d-updated-09/11/2025.zip``)
    """
    start = min(entry.said.starts_at + 1, entry.path.rfind("/") + 1)
    start = entry.path.rfind("/", 0, start) + 1
    return _NOT_IN_NAMES.sub("-", entry.path[start:])


def _published_sha256(url: str, entry: _Found, web: Web, source: Source) -> str:
    """The checksum in the link's words or in a ``.sha256`` file linked beside it; empty without either."""
    text = entry.link.text
    if any(link.url == f"{url}.sha256" for link in entry.page.links):
        text = web.read(f"{url}.sha256", source)[1]
    match = _SHA256.search(text)
    return match[0].lower() if match else ""

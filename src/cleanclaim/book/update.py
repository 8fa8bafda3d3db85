"""Bringing the publishers' present releases into the book: fetched, checked, loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleanclaim.book.load import LoadedFile, load_paths
from cleanclaim.book.store import BookStore
from cleanclaim.sources.catalog import Source
from cleanclaim.sources.fetch import AMA, Fetched, Skipped
from cleanclaim.sources.fetch import update as fetch


@dataclass(frozen=True, slots=True)
class BookUpdate:
    """What an update did. ``failed`` names a source or file and the reason; the rest went on without it."""

    fetched: tuple[Fetched, ...]
    loaded: tuple[LoadedFile, ...]
    skipped: tuple[Skipped, ...]
    failed: tuple[tuple[str, str], ...]


def update_book(
    store: BookStore,
    sources: Sequence[str] | None,
    *,
    accept_ama: bool,
    now: dt.datetime,
    catalog: Mapping[str, Source] | None = None,
) -> BookUpdate:
    """Download and load the releases in force on ``now`` of ``sources`` (None: all), and those posted for later.

    A licence accepted once is remembered in the manifest. Raises UnknownName for a source that does not exist.
    """
    accepted = {*store.manifest()["licences"], *([AMA] if accept_ama else [])}
    outcome = fetch(sources, store.downloads, accepted=accepted, now=now, known=_known(store), catalog=catalog)
    for acceptance in outcome.acceptances:
        store.accept_licence(acceptance.to_json())
    loaded: list[LoadedFile] = []
    for arrived in outcome.fetched:
        loaded += load_paths(store, [arrived.path], url=arrived.url, licence=arrived.licence)
    failed = [(failure.source, failure.reason) for failure in outcome.failed]
    failed += [(done.file, done.reason) for done in loaded if done.failed]
    return BookUpdate(outcome.fetched, tuple(loaded), outcome.skipped, tuple(failed))


def _known(store: BookStore) -> dict[str, set[str]]:
    """What the book holds of each source: the address it came from, or the label of a file loaded by hand."""
    known: dict[str, set[str]] = {}
    for release in store.own_releases():
        known.setdefault(release.source, set()).update(release.urls or (release.release,))
    return known

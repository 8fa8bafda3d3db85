"""``data update``: bring the publishers' present releases into a folder, ready to be loaded."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cleanclaim.errors import FetchError, InputError
from cleanclaim.sources.catalog import Fetch, Source, choose, load_catalog

if TYPE_CHECKING:
    import httpx

    from cleanclaim.sources.download import Progress
    from cleanclaim.sources.plan import Offer
    from cleanclaim.sources.web import Web

AMA: Final = "AMA"
AMA_TERMS: Final = "https://www.cms.gov/license/ama"
AMA_OPTION: Final = "--accept-ama-license"
_NOTHING_KNOWN: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


class LicenceNotAccepted(InputError):
    """A file comes under a licence that the user has not accepted."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A published file that arrived and passed its checks: where it is, and where it came from."""

    source: str
    release: str
    path: Path
    url: str
    sha256: str
    licence: str
    fetched_at: dt.datetime
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source for which nothing was downloaded, and why: up to date, or not to be had by download."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that could not be updated, and why. What the book holds of it stays as it is."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That the user accepted a licence: which, where it is shown, and when."""

    licence: str
    url: str
    accepted_at: dt.datetime

    def to_json(self) -> dict[str, str]:
        """The entry for the book's manifest."""
        return {"licence": self.licence, "url": self.url, "accepted_at": self.accepted_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did. ``acceptances`` are the accepted licences that it relied on, one entry each."""

    fetched: tuple[Fetched, ...]
    skipped: tuple[Skipped, ...]
    failed: tuple[Failed, ...]
    acceptances: tuple[Acceptance, ...]


def update(
    sources: Sequence[str] | None,
    dest: Path,
    *,
    accepted: Collection[str],
    now: dt.datetime,
    known: Mapping[str, Collection[str]] = _NOTHING_KNOWN,
    catalog: Mapping[str, Source] | None = None,
    client: httpx.Client | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Update:
    """Download the releases that bind now, and those published for later, of ``sources`` (None: of all).

    ``accepted`` names the licences that the user has accepted, now or before (``AMA``). ``known`` gives for a
    source what the book already holds, as addresses, file names, sha256 or release labels: a release whose
    label, or whose every file, is known is not downloaded again. Prefer addresses or names where they are known,
    since a publisher may give a corrected release the same label. ``now`` decides what binds and stamps what arrives.

    A release arrives whole or is reported as failed; one source's failure does not stop the others.
    Raises :class:`~cleanclaim.errors.UnknownName` for a source that does not exist.
    """
    # Imported here: only this command needs the network, and httpx takes long to import.
    from cleanclaim.sources.web import Web  # noqa: PLC0415

    chosen = choose(sources, load_catalog() if catalog is None else catalog)
    with Web(sleep, client) as web:
        run = _Run(web, dest, accepted, now, known, progress)
        for source in chosen:
            run.bring(source)
    return Update(tuple(run.fetched), tuple(run.skipped), tuple(run.failed), tuple(run.acceptances.values()))


@dataclass
class _Run:
    """An update under way."""

    web: Web
    dest: Path
    accepted: Collection[str]
    now: dt.datetime
    known: Mapping[str, Collection[str]]
    progress: Progress | None
    fetched: list[Fetched] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    acceptances: dict[str, Acceptance] = field(default_factory=dict)

    def bring(self, source: Source) -> None:
        """Everything of one source that is wanted."""
        from cleanclaim.sources.plan import plan  # noqa: PLC0415 - the same

        if source.fetch is Fetch.MANUAL:
            self.skipped.append(
                Skipped(
                    source.id,
                    f"{source.how} The page is {source.landing_page}. Load your file with: cleanclaim data load FILE",
                )
            )
            return
        try:
            if source.licence == AMA:
                self._need(AMA, source)
            offers = plan(source, self.web, self.now.date())
        except (FetchError, LicenceNotAccepted) as error:
            self.failed.append(Failed(source.id, str(error)))
            return
        for offer in offers:
            try:
                self._bring_release(source, offer)
            except (FetchError, LicenceNotAccepted) as error:
                self.failed.append(Failed(source.id, str(error)))

    def _bring_release(self, source: Source, offer: Offer) -> None:
        from cleanclaim.sources.download import download  # noqa: PLC0415 - the same

        known = self.known.get(source.id, ())
        if offer.release in known or all(file.url in known or file.name in known for file in offer.files):
            self.skipped.append(Skipped(source.id, f"{offer.release} is in the book already."))
            return
        for file in offer.files:
            if file.gate is not None:
                self._need(file.gate.licence, source)
        arrived = [download(file, source, self.dest, self.web, self.progress) for file in offer.files]
        self._note_licences(source, offer)
        if all(copy.sha256 in known for copy in arrived):
            self.skipped.append(Skipped(source.id, f"{offer.release} is the very file the book holds."))
            return
        self.fetched.extend(
            Fetched(
                source=source.id,
                release=offer.release,
                path=copy.path,
                url=file.url,
                sha256=copy.sha256,
                licence=file.gate.licence if file.gate else source.licence,
                fetched_at=self.now,
                checks=copy.checks,
            )
            for file, copy in zip(offer.files, arrived, strict=True)
        )

    def _need(self, licence: str, source: Source) -> None:
        """Raises LicenceNotAccepted, with what to do, unless the user accepted ``licence``."""
        if licence in self.accepted:
            return
        if licence != AMA:
            raise LicenceNotAccepted(
                f"{source.id}: {source.publisher} asks for the {licence} licence to be accepted before the "
                f"download, which cleanclaim cannot do for you. {source.by_hand}"
            )
        raise LicenceNotAccepted(
            f"{source.id}: the codes in this file are copyright of the American Medical Association (AMA). CMS "
            "gives it out under the AMA's end-user licence: for use inside your own organisation, in the United "
            f"States, not to be passed on. Read it at {AMA_TERMS}; if you accept it, run the update again with "
            f"{AMA_OPTION}. That is needed once. Nothing was downloaded."
        )

    def _note_licences(self, source: Source, offer: Offer) -> None:
        gates = [file.gate for file in offer.files if file.gate is not None]
        shown = {AMA: AMA_TERMS} if source.licence == AMA else {}
        shown |= {gate.licence: gate.url for gate in reversed(gates)}
        for licence, url in shown.items():
            self.acceptances.setdefault(licence, Acceptance(licence, url, self.now))

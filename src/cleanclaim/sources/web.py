"""Requests to publishers: only to their own hosts, patiently, and never twice where once is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Final, Self, TypeVar

import httpx

from cleanclaim.errors import FetchError
from cleanclaim.sources.catalog import Source
from cleanclaim.sources.page import Page, read_page

T = TypeVar("T")

TRIES: Final = 5
_LONGEST_WAIT: Final = 30.0
_MAX_REDIRECTS: Final = 5
_PASSING_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_TIMEOUT: Final = httpx.Timeout(60.0, connect=20.0)


class Interrupted(FetchError):
    """A try that failed and may succeed when repeated. ``wait`` is what the server asked for, in seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose body has not been read."""

    response: httpx.Response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    def header(self, name: str) -> str:
        """A header, empty when the server did not send it."""
        return str(self.response.headers.get(name, ""))

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives: collected into chunks of one size, the last would be lost on interruption."""
        return self.response.iter_raw()


class Web:
    """One client for all requests of an update.

    ``sleep`` waits between tries, in seconds. A client given by the caller stays the caller's to close.
    """

    def __init__(self, sleep: Callable[[float], None], client: httpx.Client | None = None) -> None:
        self._sleep = sleep
        self._client = client or httpx.Client(timeout=_TIMEOUT)
        self._owned = client is None
        self._agent = f"cleanclaim/{version('cleanclaim')}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._owned:
            self._client.close()

    @contextmanager
    def open(self, url: str, source: Source, headers: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """One request, once, its redirects followed as far as the source admits them.

        Raises :class:`Interrupted` for what may pass, and FetchError for what will not.
        """
        sent = {"User-Agent": self._agent, **(headers or {})}
        try:
            response = self._follow(self._client.build_request("GET", url, headers=sent), source)
            try:
                _check_status(response, source)
                yield Answer(response)
            finally:
                response.close()
        except httpx.InvalidURL as error:
            raise FetchError(f"{url}: no address that can be requested ({error}). {source.by_hand}") from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Interrupted(f"{url}: the connection failed ({reason}).") from error

    def patiently(self, task: Callable[[], T], source: Source) -> T:
        """Do ``task``, again after a while when it is interrupted, at most five times in all."""
        attempt = 1
        while True:
            try:
                return task()
            except Interrupted as error:
                if attempt == TRIES:
                    raise FetchError(
                        f"{error} Gave up after {TRIES} tries. Try again later: what has arrived is kept, and "
                        f"the download goes on from there. {source.by_hand}"
                    ) from error
                self._sleep(min(error.wait or 2.0 ** (attempt - 1), _LONGEST_WAIT))
            attempt += 1

    def read(self, url: str, source: Source) -> tuple[str, str]:
        """The text found at ``url``, and the address it was found at after redirects."""

        def once() -> tuple[str, str]:
            with self.open(url, source) as answer:
                kind = answer.header("Content-Type")
                if not kind.startswith("text/"):
                    raise FetchError(
                        f"{url}: expected a web page, found {kind or 'a file of unknown kind'}. {source.by_hand}"
                    )
                answer.response.read()
                return str(answer.response.url), answer.response.text

        return self.patiently(once, source)

    def page(self, url: str, source: Source) -> Page:
        """The web page found at ``url``."""
        return read_page(*self.read(url, source))

    def _follow(self, request: httpx.Request, source: Source) -> httpx.Response:
        before = ""
        for _ in range(_MAX_REDIRECTS + 1):
            target = str(request.url)
            if not source.admits(target):
                led = f"{before} leads to {target}" if before else target
                raise FetchError(
                    f"{led}: not one of the publisher's own https addresses ({source.publisher}). Nothing was "
                    f"requested from there. {source.by_hand}"
                )
            response = self._client.send(request, stream=True, follow_redirects=False)
            if response.next_request is None:
                return response
            response.close()
            before, request = target, response.next_request
        raise FetchError(f"{before}: redirected more than {_MAX_REDIRECTS} times. {source.by_hand}")


def _check_status(response: httpx.Response, source: Source) -> None:
    status = response.status_code
    # 304 and 416 answer the conditional requests of a download; it deals with them itself.
    if status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    said = f"{response.url}: the server answered {status} {response.reason_phrase}".rstrip()
    if status in _PASSING_STATUS:
        asked = response.headers.get("Retry-After", "")
        raise Interrupted(f"{said}.", float(asked) if asked.isdigit() else None)
    raise FetchError(f"{said}. {source.by_hand}")

"""A publisher's web server on this machine: pages, a licence page, files, and the faults that happen on the way."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cleanclaim.sources.catalog import Source, load_catalog

PTP_HEADER = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\r\n"
    "Column1/Column2 Edits\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\r\n"
    "\t\t\t\t*=no data\t1=allowed\r\n"
    "\t\t\t\t\t9=not applicable\r\n"
)
PTP_ROWS = (
    "0001A\t0591T\t\t20220101\t20231231\t1\tCPT Manual or CMS manual coding instruction\r\n"
    "0001A\t0592T\t\t20220101\t*\t0\tCPT Manual or CMS manual coding instruction\r\n"
)


def zipped(**members: str) -> bytes:
    """A zip archive; ``ccipra_txt="..."`` becomes the member ``ccipra.txt``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return packed.getvalue()


def ptp_zip() -> bytes:
    """One part of a PTP release, as CMS packs it: the text of two edits, and the same as a workbook."""
    return zipped(ccipra_TXT=PTP_HEADER + PTP_ROWS, ccipra_xlsx="not read here")


def at(server: Publisher, source_id: str, **changes: object) -> Source:
    """A real source of the catalogue, its landing page moved to ``server``."""
    source = load_catalog()[source_id]
    return replace(source, landing_page=server.url + urlsplit(source.landing_page).path, **changes)


def cms_page(*links: tuple[str, str], title: str = "PTP Edits | CMS") -> str:
    """A page in the manner of cms.gov: a menu, and a table of links."""
    rows = "".join(
        f'<tr><td class="views-field"><div><a data-entity-type="media" href="{href}"\n class="x">{text}</a>'
        "</div></td></tr>"
        for href, text in links
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title></head><body>"
        "<nav><a href='/'>Home</a><a href='/medicare'>Medicare</a><a>no address</a></nav>"
        f"<!-- <a href='/files/zip/old.zip'>gone</a> --><table>{rows}</table></body></html>"
    )


def licence_page(file: str) -> str:
    """The AMA licence page as cms.gov shows it: two forms, of which the first leads to the file."""
    return (
        "<!DOCTYPE html><html><head><title>License Agreement | CMS</title></head><body>"
        f'<form action="{file}" style="display: inline;"><input type="hidden" name="agree" value="yes">'
        '<input type="submit" data-license="ama" name="next" value="Accept"></form>'
        '<form action="" style="display: inline;"><input type="hidden" name="ReferURL" value="/">'
        '<input type="submit" name="Cancel" value="Don\'t Accept"></form></body></html>'
    )


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request: a status instead of the answer, or the line cut after some bytes."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    cut_after: int | None = None
    body: bytes = b""


@dataclass
class Publication:
    """Something the server has: its content, its marks, and faults for the requests to come."""

    content: bytes
    kind: str = "application/zip"
    etag: str = '"first"'
    modified: str = ""
    gated: bool = False
    ranges: bool = True
    heeds_if_range: bool = True
    begins_at: int | None = None
    piece: int | None = None
    says_length: bool = True
    extra: tuple[tuple[str, str], ...] = ()
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    after_each: Callable[[Publication], None] | None = None


class Publisher(ThreadingHTTPServer):
    """Serves what a test publishes, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.published: dict[str, Publication] = {}
        self.requests: list[Request] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def page(self, path: str, html: str) -> None:
        self.published[path] = Publication(html.encode(), kind="text/html; charset=UTF-8", etag="")

    def file(self, path: str, content: bytes, **marks: object) -> Publication:
        self.published[path] = Publication(content, **marks)
        return self.published[path]

    def asked_for(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that closed the line early is no fault of the server's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    server: Publisher

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(parts.path, parse_qs(parts.query), dict(self.headers.items()))
        self.server.requests.append(request)
        if parts.path == "/license/ama" and "/license/ama" not in self.server.published:
            self._send(200, licence_page(request.query["file"][0]).encode(), "text/html")
            return
        entry = self.server.published.get(parts.path)
        if entry is None:
            self._send(404, b"<html><title>Page Not Found | CMS</title></html>", "text/html")
            return
        fault = entry.faults.pop(0) if entry.faults else entry.always
        if fault is not None and fault.status:
            self._send(fault.status, fault.body, "text/html", fault.headers)
        elif entry.gated and request.query.get("agree") != ["yes"]:
            self._send(200, licence_page(parts.path).encode(), "text/html")
        else:
            self._serve(entry, request, fault)
        if entry.after_each is not None:
            entry.after_each(entry)

    def _serve(self, entry: Publication, request: Request, fault: Fault | None) -> None:
        marks = [("ETag", entry.etag)] if entry.etag else []
        marks += [("Last-Modified", entry.modified)] if entry.modified else []
        marks += entry.extra
        if entry.etag and request.headers.get("If-None-Match") == entry.etag:
            self._send(304, b"", "", tuple(marks))
            return
        if entry.modified and request.headers.get("If-Modified-Since") == entry.modified:
            self._send(304, b"", "", tuple(marks))
            return
        start, status, content = 0, 200, entry.content
        same = request.headers.get("If-Range", "") in {entry.etag, entry.modified} - {""}
        if "Range" in request.headers and entry.ranges and (same or not entry.heeds_if_range):
            start, status = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-")), 206
            start = start if entry.begins_at is None else entry.begins_at
            if start >= len(content):
                self._send(416, b"", "", (("Content-Range", f"bytes */{len(content)}"),))
                return
            end = len(content) if entry.piece is None else min(start + entry.piece, len(content))
            marks.append(("Content-Range", f"bytes {start}-{end - 1}/{len(content)}"))
            content = content[:end]
        cut = None if fault is None or fault.cut_after is None else fault.cut_after
        self._send(status, content[start:], entry.kind, tuple(marks), cut, says_length=entry.says_length)

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str,
        headers: tuple[tuple[str, str], ...] = (),
        cut_after: int | None = None,
        *,
        says_length: bool = True,
    ) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if says_length:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

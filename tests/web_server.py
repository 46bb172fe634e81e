"""A web server on a loopback port that publishes what a test puts there, and counts."""

import contextlib
import hashlib
import http.server
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from servers.certificate import make_certificate


@dataclass(frozen=True, slots=True)
class Page:
    """What is at one path: ``drip`` sends a byte at a time, so many seconds apart.

    ``announced`` is a Content-Length other than the true one; the connection ends after the body.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float | None = None
    announced: int | None = None

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; ``headers`` have lower-case names. ``status`` answered it."""

    path: str
    headers: dict[str, str]
    status: int
    method: str = "GET"


class WebServer:
    """Answers with ``pages`` by path, 404 elsewhere, and 304 to the ETag of a page unchanged."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        handler = type("Handler", (_Handler,), {"published": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @classmethod
    def secure(cls, folder: Path) -> tuple[Self, Path]:
        """Serve over https; also returns the certificate, which nobody trusts so far."""
        certificate = make_certificate(folder)
        return cls(certificate), certificate

    def publish(self, path: str, text: str) -> str:
        """Put a document there, in place of what was there; returns its URL."""
        self.pages[path] = Page(text.encode(), headers={"Content-Type": "text/calendar"})
        return self.url + path

    def answers(self) -> list[int]:
        """Give the statuses answered so far, and forget them."""
        statuses = [request.status for request in self.requests]
        self.requests.clear()
        return statuses

    def close(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    published: WebServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the library
        """Print nothing."""

    def do_PROPFIND(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def do_GET(self) -> None:
        page = self.published.pages.get(self.path.partition("?")[0], Page(status=404))
        known = page.status == 200 and self.headers.get("If-None-Match") == page.etag
        status = 304 if known else page.status
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.published.requests.append(Request(self.path, headers, status, self.command))
        self.send_response(status)
        for name, value in ({"ETag": page.etag} | page.headers).items():
            self.send_header(name, value)
        length = len(page.body) if page.announced is None else page.announced
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self._send(b"" if known else page.body, page.drip)

    def _send(self, body: bytes, drip: float | None) -> None:
        if drip is None:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.published.stopped.wait(drip):
                return

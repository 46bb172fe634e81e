"""A proxy in front of a real server: it records the requests and goes wrong on demand."""

import contextlib
import http.client
import http.server
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from dav import unverified

METHODS = ("GET", "PUT", "DELETE", "OPTIONS", "PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR")
DAV = "{DAV:}"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; ``headers`` have lower-case names and no Authorization."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way back to the client."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Fault:
    """What goes wrong with one request.

    ``forward`` says whether the server gets it. Then the answer (the server's own, or
    ``reply``) goes through ``change`` and back; with ``drop`` the connection closes instead,
    with ``cut`` after so many bytes of the body. ``hang`` answers nothing until the proxy
    stops; ``drip`` sends a byte at a time, so many seconds apart. ``only_reused`` waits for a
    request on a connection that has had one before.
    """

    forward: bool = True
    reply: Reply | None = None
    change: Callable[[Reply], Reply] | None = None
    drop: bool = False
    cut: int | None = None
    hang: bool = False
    drip: float | None = None
    only_reused: bool = False


@dataclass(slots=True)
class _Rule:
    fault: Fault
    method: str
    part: str
    times: int

    def fits(self, method: str, path: str, *, reused: bool) -> bool:
        return (
            self.times > 0
            and self.method in ("*", method)
            and self.part in path
            and (reused or not self.fault.only_reused)
        )


class Proxy:
    """Plain HTTP on a loopback port, in front of ``target`` (http or https)."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.requests: list[Seen] = []
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), _with_methods(_Forwarder, proxy=self)
        )
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def through(self, url: str) -> str:
        """Return the same place on the server, reached through this proxy."""
        return self.url + urlsplit(url).path.lstrip("/")

    def inject(self, fault: Fault, method: str = "*", part: str = "", times: int = 1) -> None:
        """Let the next ``times`` requests of this method, ``part`` in their path, go wrong."""
        with self._lock:
            self._rules.append(_Rule(fault, method, part, times))

    def clear(self) -> None:
        """Forget the requests so far, and the faults."""
        with self._lock:
            self.requests.clear()
            self._rules.clear()

    def close(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take_in(self, seen: Seen, *, reused: bool) -> Fault:
        """Record a request and say what is to go wrong with it."""
        with self._lock:
            self.requests.append(seen)
            for rule in self._rules:
                if rule.fits(seen.method, seen.path, reused=reused):
                    rule.times -= 1
                    return rule.fault
        return Fault()

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        connection: http.client.HTTPConnection
        if self._secure:
            connection = http.client.HTTPSConnection(
                self._host, self._port, timeout=120, context=unverified()
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            kept = {k: v for k, v in answer.getheaders() if k.lower() not in HOP_BY_HOP}
            return Reply(answer.status, kept, answer.read())
        finally:
            connection.close()

    def pause(self, seconds: float) -> bool:
        """Wait that long at most; whether the proxy stopped meanwhile."""
        return self._stopped.wait(seconds)


class Listener:
    """An HTTP server that answers everything with 207 and remembers every header it got."""

    def __init__(self) -> None:
        heard = self.heard = list[tuple[str, str, dict[str, str]]]()

        class Handler(_Quiet):
            def answer(self) -> None:
                heard.append((self.command, self.path, dict(self.headers.items())))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.wfile.write(_head(Reply(207, {"Content-Type": "text/xml"}), 0))

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _with_methods(Handler))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the library
        """Print nothing."""

    def answer(self) -> None:
        raise NotImplementedError


def _with_methods(handler: type[_Quiet], **fields: object) -> type[_Quiet]:
    methods = {f"do_{method}": handler.answer for method in (*METHODS, "POST", "MOVE", "HEAD")}
    return type("Handler", (handler,), methods | fields)


class _Forwarder(_Quiet):
    """One connection to the proxy; ``served`` counts the requests it has had."""

    proxy: Proxy

    def setup(self) -> None:
        super().setup()
        self.served = 0

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = dict(self.headers.items())
        public = {k.lower(): v for k, v in headers.items() if k.lower() != "authorization"}
        seen = Seen(self.command, self.path, public)
        fault = self.proxy.take_in(seen, reused=self.served > 0)
        self.served += 1
        reply = fault.reply or Reply(502)
        if fault.forward:
            from_server = self.proxy.forward(self.command, self.path, headers, body)
            reply = fault.reply or from_server
        if fault.hang:
            self.proxy.pause(60)
        if fault.hang or fault.drop:
            self._reset()
        else:
            self._send(fault.change(reply) if fault.change else reply, fault)

    def _send(self, reply: Reply, fault: Fault) -> None:
        everything = _head(reply, len(reply.body)) + reply.body[: fault.cut]
        try:
            if fault.drip is None:
                self.wfile.write(everything)
            else:
                self._drip(everything, fault.drip)
        except OSError:
            self.close_connection = True
        if fault.cut is not None:
            self._reset()

    def _drip(self, everything: bytes, seconds: float) -> None:
        for value in everything:
            self.wfile.write(bytes([value]))
            if self.proxy.pause(seconds):
                return

    def _reset(self) -> None:
        """Close so that the client cannot take it for a proper end."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def finish(self) -> None:
        # what was reset cannot be flushed
        with contextlib.suppress(OSError, ValueError):
            super().finish()


def _head(reply: Reply, length: int) -> bytes:
    phrase = http.client.responses.get(reply.status, "Unknown")
    lines = [f"HTTP/1.1 {reply.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if not any(line.lower().startswith("content-length:") for line in lines):
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def page(status: int = 200) -> Reply:
    """Return a web page, as a captive portal or a login sends it."""
    text = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Log in</body></html>"
    return Reply(status, {"Content-Type": "text/html; charset=utf-8"}, text)


def with_body(change: Callable[[str], str]) -> Callable[[Reply], Reply]:
    """Return a change of an answer's text."""
    return lambda reply: replace(reply, body=change(reply.body.decode()).encode())


def with_tree(change: Callable[[ET.Element], None]) -> Callable[[Reply], Reply]:
    """Return a change of the XML in an answer."""

    def changed(reply: Reply) -> Reply:
        # from the test's own server
        tree = ET.fromstring(reply.body)  # noqa: S314 - see above
        change(tree)
        return replace(reply, body=ET.tostring(tree))

    return changed


def failing(tag: str, status: str) -> Callable[[Reply], Reply]:
    """Return a change that moves a property of every resource to this status."""

    def change(tree: ET.Element) -> None:
        for response in tree.iter(DAV + "response"):
            broken = ET.SubElement(response, DAV + "propstat")
            ET.SubElement(broken, DAV + "status").text = f"HTTP/1.1 {status}"
            kept = ET.SubElement(broken, DAV + "prop")
            for prop in list(response.iterfind(f"{DAV}propstat/{DAV}prop")):
                for element in prop.findall(tag):
                    prop.remove(element)
                    kept.append(element)

    return with_tree(change)

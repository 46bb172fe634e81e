"""Replaces what is private in a text, the same thing by the same word everywhere.

What is known to be private is found whatever its case and accents are, where it stands as
words of its own; and whatever looks like an address, a URL, a host, a path, an id or a token
goes as well. Where finds overlap, all they cover goes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from connectd.domain.urls import is_loopback
from connectd.formats.folded_text import Folded, fold, folded

_CUT = "..."
"""An ellipsis, folded: what stands before it may be the beginning of something private."""
_SHORTEST_BEGINNING = 12
_PREFIX = 3
_SHORTEST_SECRET = 4
WITHIN_WORDS = "secret"
"""Of this kind is what goes even within a word."""

_GENERIC: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("url", re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s<>\"“”]+")),
    ("address", re.compile(r"[^\s<>\"“”(),;:=]+@[^\s<>\"“”(),;:]+")),
    ("id", re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")),
    ("token", re.compile(r"(?=[\w+/=-]*[0-9])(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,}")),
    ("host", re.compile(r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b")),
    ("host", re.compile(r"(?i)\[?\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\b\]?")),
    ("path", re.compile(r"(?<![\w:/.])~?/[^\s:,;“”\"'()]+")),
    ("host", re.compile(r"\b(?:[\w-]+\.)+[^\W\d_]{2,}\b")),
    ("title", re.compile(r"(?<=“).+(?=”)", re.DOTALL)),
)


class Private(NamedTuple):
    """Something private: ``kind`` is what stands in its place, with a number.

    What belongs to the same ``whose`` gets the same number.
    """

    kind: str
    text: str
    whose: str = ""


class _Known(NamedTuple):
    kind: str
    text: str
    whose: str


class _Alike:
    """Everything known that begins alike, and how long it is."""

    def __init__(self) -> None:
        self.known: dict[str, _Known] = {}
        self.lengths: set[int] = set()


class _Find(NamedTuple):
    """What is to go: from ``start`` to before ``end`` in the original text."""

    start: int
    end: int
    kind: str
    whose: str
    generic: bool = False


class Redaction:
    """Takes what is private out of texts; the numbers hold for all of them.

    ``familiar`` are words with a dot that look like host names and are none.
    """

    def __init__(self, private: Iterable[Private], familiar: Collection[str] = ()) -> None:
        self._familiar = {fold(word) for word in familiar}
        self._by_prefix: dict[str, _Alike] = defaultdict(_Alike)
        self._by_beginning: dict[str, list[_Known]] = defaultdict(list)
        self._exact: dict[str, Private] = {}
        self._owners: dict[str, tuple[str, str]] = {}
        self._numbers: dict[str, dict[str, int]] = defaultdict(dict)
        for one in private:
            self._learn(one)

    def __call__(self, text: str) -> str:
        """Give the text with a placeholder for everything private in it."""
        pieces: list[str] = []
        at = 0
        for find in _merged(self._finds(text)):
            pieces += [text[at : find.start], self._placeholder(find, text)]
            at = find.end
        return "".join([*pieces, text[at:]])

    def _learn(self, one: Private) -> None:
        plain = fold(one.text)
        is_secret = one.kind == WITHIN_WORDS and len(one.text) >= _SHORTEST_SECRET
        if one.text.strip() and (is_secret or not plain):
            self._exact.setdefault(one.text, one)
        if not plain or plain in self._owners:
            return
        self._owners[plain] = (one.kind, one.whose or plain)
        known = _Known(one.kind, plain, one.whose or plain)
        same = self._by_prefix[plain[:_PREFIX]]
        same.known[plain] = known
        same.lengths.add(len(plain))
        if len(plain) > _SHORTEST_BEGINNING:
            self._by_beginning[plain[:_SHORTEST_BEGINNING]].append(known)

    def _finds(self, text: str) -> Iterator[_Find]:
        seen = folded(text)
        yield from self._known_in(seen)
        yield from self._beginnings_in(seen)
        for exact, one in self._exact.items():
            for found in re.finditer(re.escape(exact), text):
                yield _Find(*found.span(), one.kind, one.whose or exact)
        for kind, pattern in _GENERIC:
            for found in pattern.finditer(text):
                if not self._is_familiar(kind, found[0]):
                    yield _Find(*found.span(), kind, fold(found[0]) or found[0], generic=True)

    def _known_in(self, seen: Folded) -> Iterator[_Find]:
        """Where something stands as words of its own, perhaps with the s of a genitive behind."""
        text = seen.text
        for start in range(len(text)):
            for width in range(1, _PREFIX + 1):
                same = self._by_prefix.get(text[start : start + width])
                for length in same.lengths if same else ():
                    known = same.known.get(text[start : start + length]) if same else None
                    if known and _stands_alone(text, start, start + len(known.text)):
                        yield _find(known, seen, start, start + len(known.text))

    def _beginnings_in(self, seen: Folded) -> Iterator[_Find]:
        """Where something was cut off behind its beginning."""
        text = seen.text
        for start in range(text.rfind(_CUT)):
            for known in self._by_beginning.get(text[start : start + _SHORTEST_BEGINNING], ()):
                beginning = text[start : text.find(_CUT, start)].rstrip()
                if known.text.startswith(beginning):
                    yield _find(known, seen, start, start + len(beginning))

    def _is_familiar(self, kind: str, found: str) -> bool:
        if kind != "host":
            return False
        return fold(found) in self._familiar or is_loopback(found.strip("[]"))

    def _placeholder(self, find: _Find, text: str) -> str:
        found = text[find.start : find.end]
        if find.generic and find.kind == "url":
            return self._of_url(found)
        if find.generic:
            kind, whose = self._owners.get(fold(found), (find.kind, find.whose))
            return self._numbered(kind, whose)
        return self._numbered(find.kind, find.whose)

    def _of_url(self, url: str) -> str:
        """The scheme stays, and where the path leads to is another thing than the host."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return self._numbered("url", fold(url))
        if not host or "@" in parts.netloc:
            return self._numbered("url", fold(url))
        kind, whose = self._owners.get(fold(host), ("host", fold(host)))
        shown = host if is_loopback(host) else self._numbered(kind, whose)
        rest = url.partition(parts.netloc)[2]
        where = f"/{self._numbered('path', fold(rest))}" if rest.strip("/") else "/"
        return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{where}"

    def _numbered(self, kind: str, whose: str) -> str:
        numbers = self._numbers[kind]
        return f"{kind}-{numbers.setdefault(whose, len(numbers) + 1)}"


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, behind = text[start - 1 : start], text[end : end + 1]
    if _glued(before, text[start]):
        return False
    genitive = behind == "s" and not text[end + 1 : end + 2].isalnum()
    return genitive or not _glued(behind, text[end - 1])


def _find(known: _Known, seen: Folded, start: int, end: int) -> _Find:
    # marks and unseen characters behind the last letter belong to it
    last = seen.origin[end] if end < len(seen.origin) else seen.length
    return _Find(seen.origin[start], last, known.kind, known.whose)


def _glued(neighbour: str, edge: str) -> bool:
    """Whether two characters make one word; where there are no capitals, words run together."""
    return neighbour.isalnum() and edge.isalnum() and _is_cased(edge) and _is_cased(neighbour)


def _is_cased(letter: str) -> bool:
    return letter.isdigit() or letter == "_" or letter.upper() != letter.lower()


def _merged(finds: Iterable[_Find]) -> Iterator[_Find]:
    """Finds that do not overlap: where some do, the longest gives its name to all they cover."""
    best: _Find | None = None
    start = end = 0
    for find in sorted(finds, key=lambda find: (find.start, -find.end, find.generic)):
        if best is None or find.start >= end:
            if best is not None:
                yield best._replace(start=start, end=end)
            best, start, end = find, find.start, find.end
            continue
        end = max(end, find.end)
        if find.end - find.start > best.end - best.start:
            best = find
    if best is not None:
        yield best._replace(start=start, end=end)

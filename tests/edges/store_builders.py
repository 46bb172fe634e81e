"""Plain values for the tests of the store, and other processes that use one."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from connectd.domain.model import Contact, Meeting, Span, State
from connectd.edges.store import (
    FeedRecord,
    FollowUp,
    LetterRecord,
    Mail,
    ObjectRow,
    Placement,
    TheirBusy,
)

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def contact(name: str = "bob", *addresses: str) -> Contact:
    return Contact(name, name.title(), addresses or (f"{name}@example.test",), "business")


def meeting(uid: str = "m-1", state: State = State.DRAFTED, attempt: int = 1) -> Meeting:
    return Meeting(uid, "bob", attempt, state, Span(NOW, NOW + HOUR), drafted_at=NOW)


def placement(uid: str = "m-1") -> Placement:
    calendar = "https://dav.example.test/alice/connections/"
    return Placement(uid, "main", calendar, f"{calendar}{uid}.ics", '"1"', "BEGIN:VCALENDAR")


def feed(name: str = "work") -> FeedRecord:
    return FeedRecord(name, "a-hash", "v-1", '"1"', None, NOW, None)


def follow_up(uid: str = "m-1") -> FollowUp:
    calendar = "https://dav.example.test/alice/connections/"
    return FollowUp(uid, "main", calendar, f"{calendar}task-{uid}.ics", '"1"', "open")


def mail(uid: str = "m-1", sequence: int = 1, method: str = "REQUEST") -> Mail:
    message_id = f"<{uid}-{sequence}-{method}@example.test>"
    return Mail(
        meeting=uid,
        sequence=sequence,
        method=method,
        message_id=message_id,
        sender="alice@example.test",
        recipient="bob@example.test",
        calendar="BEGIN:VCALENDAR",
        message=b"From: alice@example.test\r\n\r\n\x00\xff",
        queued_at=NOW,
    )


def letter(key: str = "a/1") -> LetterRecord:
    return LetterRecord(key, "<1@a.test>", "me@a.test", "bob@a.test", b"Hi", NOW)


def their_busy(contact_id: str = "bob", way: str = "url") -> TheirBusy:
    return TheirBusy(
        contact=contact_id,
        way=way,
        asked="https://bob.example.test/busy.ifb",
        asked_at=NOW,
        ask_again_at=NOW + HOUR,
        known_since=NOW,
        reaches_to=NOW + 700 * HOUR,
        spans=(Span(NOW, NOW + HOUR),),
    )


def object_row(number: int = 1) -> ObjectRow:
    return ObjectRow(f"/{number}.ics", f'"{number}"', f"uid-{number}", None, "{}")


class Other:
    """Another process that runs ``script`` for a database at ``path``.

    The script may ``say(words)`` and ``hear()`` a line; both sides then know where they are.
    """

    _BEGINNING = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from connectd.edges.store import Store
from connectd.edges.store.migrations import MIGRATIONS
from connectd.domain.model import Contact, Encounter, State
def say(*words): print(*words, flush=True)
def hear(): return sys.stdin.readline().strip()
path = Path(sys.argv[1])
"""

    def __init__(self, script: str, path: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self._BEGINNING + script, str(path), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hears(self) -> str:
        return _pipe(self.process.stdout).readline().strip()

    def tell(self, word: str = "go") -> None:
        stdin = _pipe(self.process.stdin)
        stdin.write(f"{word}\n")
        stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def finish(self) -> str:
        """Wait for its end, which must be a good one; gives what it said since."""
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err
        return out.strip()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream

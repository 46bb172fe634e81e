"""Programs that talk to their user on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
from programs import environment

LIMIT_SECONDS = 30
LINES_AND_COLUMNS = (24, 400)


class Terminal:
    """A conversation in which each word is said only after the right question has come."""

    def __init__(self, child: "pexpect.spawn[str]") -> None:
        self._child = child

    def answer(self, question: str, words: str) -> None:
        """Wait for a question, a regular expression, then type these words and Enter."""
        self._child.expect(question)
        self._child.sendline(words)

    def press(self, seen: str, keys: str) -> None:
        """Wait until something is seen, a regular expression, then press keys."""
        self._child.expect(seen)
        self._child.send(keys)

    def until_ended(self) -> None:
        self._child.expect(pexpect.EOF)
        self._child.wait()
        assert self._child.exitstatus == 0


@contextmanager
def terminal(command: list[str], home: Path, **variables: str) -> Iterator[Terminal]:
    """Start a program, which is ended if it has not ended by itself."""
    child = pexpect.spawn(
        command[0],
        command[1:],
        env=environment(home, TERM="xterm", **variables),
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
        dimensions=LINES_AND_COLUMNS,
    )
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)

"""Somebody who sits at a terminal, a real pseudo-terminal, and types."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from os import fsdecode
from pathlib import Path

import pexpect
from servers import wait_until
from shell import NOW, Shell

LIMIT_SECONDS = 30
LINES_AND_COLUMNS = (24, 400)


class Typist:
    """A conversation in which each answer is given only after its question was seen.

    ``seen`` is everything that was on the screen so far.
    """

    def __init__(self, child: "pexpect.spawn[str]") -> None:
        self._child = child
        self.seen = ""

    def wait_for(self, words: str) -> None:
        self._child.expect_exact(words)
        self.seen += self._child.before + words

    def answer(self, question: str, words: str = "") -> None:
        """Wait for the question, then type these words and Enter."""
        self.wait_for(question)
        self._child.sendline(words)

    def press(self, question: str, key: str) -> None:
        """Wait for the question, then hold Control and press a key.

        Python overlooks a signal that comes between its question and its reading, so that the
        program must sit and wait first.
        """
        self.wait_for(question)
        wait_until(self._waits, "the program to read what is typed")
        self._child.sendcontrol(key)

    def signal(self, question: str, number: int) -> None:
        """Wait for the question, then send a signal to the program."""
        self.wait_for(question)
        wait_until(self._waits, "the program to wait")
        self._child.kill(number)

    def _waits(self) -> bool:
        """Whether the program sleeps (proc(5): the state stands after the name in brackets)."""
        stat = Path(f"/proc/{self._child.pid}/stat").read_text()
        return stat.rpartition(") ")[2].startswith("S")

    def ends_with(self, status: int = 0) -> str:
        """Wait for the end of the program; return all that was on the screen."""
        self._child.expect(pexpect.EOF)
        self.seen += self._child.before
        self._child.wait()
        assert self._child.exitstatus == status, self.seen
        return re.sub(r"\r+\n", "\n", self.seen)


@contextmanager
def typist(shell: Shell, *words: str, now: str | None = NOW, **variables: str) -> Iterator[Typist]:
    """Run connectd on a terminal; it is ended if it has not ended by itself."""
    program, *rest = map(fsdecode, shell.command(*words, now=now))
    child = pexpect.spawn(
        program,
        rest,
        env=shell.environment | {"TERM": "dumb"} | variables,
        cwd=shell.folder,
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
        dimensions=LINES_AND_COLUMNS,
    )
    child.delaybeforesend = None
    try:
        yield Typist(child)
    finally:
        child.close(force=True)

"""Somebody who sits at a terminal, a real pseudo-terminal, and types."""

import os
import pty
import re
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import ready_program
from pexpect.fdpexpect import fdspawn
from servers import wait_until
from shell import NOW, PROGRAM, Shell

LIMIT_SECONDS = 30
LINES_AND_COLUMNS = (24, 400)


class Typist:
    """A conversation in which each answer is given only after its question was seen.

    ``seen`` is everything that was on the screen so far.
    """

    def __init__(self, screen: "fdspawn[str]", running: ready_program.Running) -> None:
        self._screen = screen
        self._running = running
        self.seen = ""

    def wait_for(self, words: str) -> None:
        self._screen.expect_exact(words)
        self.seen += self._screen.before + words

    def answer(self, question: str, words: str = "") -> None:
        """Wait for the question, then type these words and Enter."""
        self.wait_for(question)
        self._screen.sendline(words)

    def press(self, question: str, key: str) -> None:
        """Wait for the question, then hold Control and press a key.

        Python overlooks a signal that comes between its question and its reading, so that the
        program must sit and wait first.
        """
        self.wait_for(question)
        wait_until(self._waits, "the program to read what is typed")
        self._screen.send(chr(ord(key) - ord("a") + 1))

    def signal(self, question: str, number: int) -> None:
        """Wait for the question, then send a signal to the program."""
        self.wait_for(question)
        wait_until(self._waits, "the program to wait")
        self._running.signal(number)

    def _waits(self) -> bool:
        """Whether the program sleeps (proc(5): the state stands after the name in brackets)."""
        stat = Path(f"/proc/{self._running.pid}/stat").read_text()
        return stat.rpartition(") ")[2].startswith("S")

    def ends_with(self, status: int = 0) -> str:
        """Wait for the end of the program; return all that was on the screen."""
        self._screen.expect(pexpect.EOF)
        self.seen += self._screen.before
        assert self._running.status() == status, self.seen
        return re.sub(r"\r+\n", "\n", self.seen)


@contextmanager
def typist(shell: Shell, *words: str, now: str | None = NOW, **variables: str) -> Iterator[Typist]:
    """Run connectd on a terminal; it is ended if it has not ended by itself."""
    given = map(os.fsdecode, shell.command(*words, now=now)[len(PROGRAM) :])
    environment = shell.environment | {"TERM": "dumb"} | variables
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, LINES_AND_COLUMNS)
    running = ready_program.run(list(given), environment, shell.folder, theirs)
    os.close(theirs)
    screen = fdspawn(ours, encoding="utf-8", codec_errors="surrogateescape", timeout=LIMIT_SECONDS)
    try:
        yield Typist(screen, running)
    finally:
        running.close()
        screen.close()

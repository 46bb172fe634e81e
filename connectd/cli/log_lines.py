"""The log on standard error, as a terminal or the journal of systemd wants it."""

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

_PRIORITIES = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
    (logging.NOTSET, 7),
)
"""What each level is called in sd-daemon(3)."""


class JournalFormatter(logging.Formatter):
    """Begins each line with its priority; the journal adds the time itself."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of the journal for each line of the message."""
        priority = next(number for level, number in _PRIORITIES if record.levelno >= level)
        lines = super().format(record).splitlines() or [""]
        return "\n".join(f"<{priority}>{line}" for line in lines)


def log_to_stderr(environment: Mapping[str, str], *, verbose: bool) -> None:
    """Begin to log; a terminal wants the time in each line, the journal a priority."""
    handler = logging.StreamHandler()
    if is_journal(sys.stderr, environment.get("JOURNAL_STREAM", "")):
        handler.setFormatter(JournalFormatter("%(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("connectd").setLevel(logging.DEBUG if verbose else logging.INFO)


def is_journal(stream: TextIO, journal_stream: str) -> bool:
    """Whether the journal reads what is written there, as systemd.exec(5) says to find out.

    The variable alone does not say so: it is handed on to whatever a service starts.
    """
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return journal_stream == f"{status.st_dev}:{status.st_ino}"

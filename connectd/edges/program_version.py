"""Asks a program of the system which version it is."""

import subprocess

_WAIT_SECONDS = 5.0
_LONGEST = 80


def first_line_of_version(program: str) -> str | None:
    """Return the first line of ``PROGRAM --version``; None where there is no such program."""
    try:
        ended = subprocess.run(  # noqa: S603 - a program of the system, with our own word
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_WAIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return next(iter(ended.stdout.splitlines()), "")[:_LONGEST] or None

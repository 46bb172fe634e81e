"""Keeps a spreadsheet program from running a value of a CSV file as a formula.

The characters are those of OWASP's page on CSV injection. The apostrophe in front is what
spreadsheet programs themselves take for "this is text"; reading takes it away again.
"""

import re

_RUN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_TO_BE_GUARDED = re.compile(rf"'*{_RUN}")
_GUARDED = re.compile(rf"'+{_RUN}")


def with_guard(value: str) -> str:
    """Return a value that no spreadsheet program runs; one that looks guarded is guarded again."""
    return f"'{value}" if _TO_BE_GUARDED.match(value) else value


def without_guard(field: str) -> str:
    """Return the value that ``with_guard`` was given; an apostrophe before others stays."""
    return field[1:] if _GUARDED.match(field) else field

"""Password files that a server reads while users are being added."""

from pathlib import Path


def append(file: Path, line: str) -> None:
    # replaced whole, so that the server never reads half a file
    fresh = file.with_suffix(".new")
    fresh.write_text(file.read_text() + line)
    fresh.replace(file)

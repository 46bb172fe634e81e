"""Makes text from a server fit for a terminal, a log and an error message."""

import unicodedata

_KEPT = "\u200d"  # the joiner inside emoji, harmless alone


def clean(text: str, limit: int = 200) -> str:
    """One line without control and format characters, of at most ``limit`` characters."""
    shown = "".join(
        char if char in _KEPT or not unicodedata.category(char).startswith("C") else " "
        for char in text[: 4 * limit]
    )
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

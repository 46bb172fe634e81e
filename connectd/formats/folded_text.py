"""Text as it is compared: without case, accents, odd spaces and characters that nobody sees."""

import unicodedata
from functools import cache
from typing import NamedTuple

_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cs"})
_DOTLESS = str.maketrans({"\u0131": "i"})


class Folded(NamedTuple):
    """A folded text; ``origin`` gives for each of its characters the place in the original.

    ``length`` is that of the original.
    """

    text: str
    origin: tuple[int, ...]
    length: int


def folded(text: str) -> Folded:
    """Fold a text and remember where everything came from."""
    letters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        for letter in _plain(character):
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            origin.append(at)
    return Folded("".join(letters), tuple(origin), len(text))


def fold(text: str) -> str:
    """Fold a text, without space at its ends."""
    return folded(text).text.strip()


@cache
def _plain(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        return " "
    # the case first: some marks turn into letters by it
    lower = unicodedata.normalize("NFKD", character).casefold()
    apart = unicodedata.normalize("NFKD", lower).translate(_DOTLESS)
    return "".join(letter for letter in apart if unicodedata.category(letter) not in _UNSEEN)

"""What the words on a card of an address book say: on the list or not, category and tags."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import NamedTuple

USUAL_GROUP = "connect"
_LONGEST_TAG = 60
_MOST_TAGS = 50
_CONTROLS = frozenset({"Cc", "Cs"})


class Membership(NamedTuple):
    """That somebody is on the list. ``category`` is None where nothing says which."""

    category: str | None
    tags: tuple[str, ...]


def membership(
    words: Iterable[str], group: str, categories: Collection[str], otherwise: str | None
) -> Membership | None:
    """Read the categories of a card and the names of the groups it is in; None: not on the list.

    On the list is who has the word ``group``, or ``group/CATEGORY``, in whatever case. The
    category is that one; else one of ``categories`` that stands there as a word of its own;
    else the one that ``group`` itself ends in (``connect/business``); else ``otherwise``.
    """
    known = {category.casefold(): category for category in categories}
    said = [" ".join(word.split()) for word in words]
    wanted = group.strip().casefold()
    folded = [word.casefold() for word in said]
    behind = [word.removeprefix(f"{wanted}/") for word in folded if word.startswith(f"{wanted}/")]
    if wanted not in folded and not behind:
        return None
    candidates = (*behind, *folded, wanted.rpartition("/")[2])
    category = next((known[word] for word in candidates if word in known), otherwise)
    return Membership(category, tags(said, group, categories))


def tags(words: Iterable[str], group: str, categories: Collection[str]) -> tuple[str, ...]:
    """Return the words that say neither who is on the list nor in which category.

    Blanks within a tag become hyphens, as in any tag; control characters, which no
    tag may have, are left out.
    """
    wanted = group.strip().casefold()
    known = {category.casefold() for category in categories}
    found: dict[str, str] = {}
    for word in map(_without_controls, words):
        tag = "-".join(word.split())[:_LONGEST_TAG]
        folded = " ".join(word.split()).casefold()
        if tag and folded not in known | {wanted} and not folded.startswith(f"{wanted}/"):
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:_MOST_TAGS]


def _without_controls(word: str) -> str:
    kept = (char for char in word if char.isspace() or unicodedata.category(char) not in _CONTROLS)
    return "".join(kept)

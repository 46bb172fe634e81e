"""What a friend would call somebody."""

from collections.abc import Sequence

_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau"})


def first_name(name: str) -> str:
    """What a friend would call this person: "Bob" for "Dr. Bob Baker" and for "Baker, Bob"."""
    words = [word for word in name.split() if word.lower().rstrip(".") not in _TITLES]
    if len(words) > 1 and words[0].endswith(","):
        words = words[1:]
    return words[0].rstrip(",") if words else name


def first_names(people: Sequence[str]) -> tuple[str, ...]:
    """What a friend would call each of them, or the whole names where these would be alike."""
    short = tuple(map(first_name, people))
    return short if len(set(short)) == len(people) else tuple(people)


def spoken(people: Sequence[str]) -> str:
    """Whom a sentence is about: one by the whole name, "Ada and Bob" of two."""
    return people[0] if len(people) == 1 else " and ".join(first_names(people))

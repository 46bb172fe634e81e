"""What a friend would call somebody."""

_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau"})


def first_name(name: str) -> str:
    """What a friend would call this person: "Bob" for "Dr. Bob Baker" and for "Baker, Bob"."""
    words = [word for word in name.split() if word.lower().rstrip(".") not in _TITLES]
    if len(words) > 1 and words[0].endswith(","):
        words = words[1:]
    return words[0].rstrip(",") if words else name

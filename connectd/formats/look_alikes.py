"""Finds a draft again that a client stored as another event when its title was changed.

calcurse-caldav does so: a new UID, a floating time, and no mark of ours left on it.
"""

from connectd.domain.view import Answer
from connectd.formats.marks import plain_title, title_answer
from connectd.formats.wording import ACTIVITY


def likeness(draft_title: str, title: str) -> Answer | None:
    """What ``title`` says if it is that of a draft with an answer in front; else None.

    NONE is the same title without an answer. A title in which nothing but the activity is
    left could be anybody's, and is like none.
    """
    draft, other = _folded(draft_title), _folded(title)
    rest = plain_title(draft, other)
    if rest != plain_title(draft, draft) or _could_be_anybodys(plain_title("", rest)):
        return None
    return title_answer(draft, other)


def _could_be_anybodys(words: str) -> bool:
    return words.casefold() in ACTIVITY.values() or not any(map(str.isalnum, words))


def _folded(title: str) -> str:
    return " ".join(title.split())

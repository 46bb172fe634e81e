"""What two people read when they are asked about, and brought into, an introduction.

Nothing stands here but their names and the user's own words: no need, offer or note, and before
both have agreed no address.
"""

from connectd.formats.first_names import first_name
from connectd.formats.plain_text import clean

_LONGEST_NAME = 200
_LONGEST_REASON = 4_000


def question(to: str, about: str, because: str, me: str) -> str:
    """Ask ``to``, alone, whether they want to meet ``about``; all are full names."""
    return (
        f"Hi {_first(to)},\n\n"
        f"I know somebody you may like to meet: {_name(about)}. {_reason(because)}\n\n"
        "May I introduce you to each other? A short yes or no is all I need. A no is perfectly "
        f"fine, and stays between you and me.\n\nBest wishes\n{_name(me)}\n"
    )


def question_subject(about: str) -> str:
    """The subject of the question."""
    return f"May I introduce you to {_name(about)}?"


def bringing_together(first: str, second: str, because: str, me: str) -> str:
    """Introduce two who have agreed to each other, in one mail to both."""
    return (
        f"Hi {_first(first)}, hi {_first(second)},\n\n"
        f"{_first(first)}, please meet {_name(second)}. {_first(second)}, please meet "
        f"{_name(first)}. {_reason(because)}\n\n"
        "From here on it is yours: a reply to all reaches you both.\n\n"
        f"Best wishes\n{_name(me)}\n"
    )


def bringing_together_subject(first: str, second: str) -> str:
    """The subject of the mail to both."""
    return f"Introducing {_name(first)} and {_name(second)}"


def regrets(to: str, me: str) -> str:
    """Tell somebody who was asked that nothing comes of it: not why, and not by whose doing."""
    return (
        f"Hi {_first(to)},\n\n"
        "the introduction I asked you about does not work out just now. Thank you for being open "
        f"to it.\n\nBest wishes\n{_name(me)}\n"
    )


def _name(name: str) -> str:
    return clean(name, _LONGEST_NAME)


def _first(name: str) -> str:
    return first_name(_name(name))


def _reason(because: str) -> str:
    """The user's words, as a sentence that others can stand beside."""
    said = clean(because, _LONGEST_REASON, keep_lines=True)
    said = said[:1].upper() + said[1:]
    return said if not said or said[-1] in ".!?…" else f"{said}."

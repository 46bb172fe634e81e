"""The yes or no that a user writes in front of a title or among the categories.

In front of a draft's title stands ``?``, or ``?!`` while its time is taken; both say nothing.
"""

import re
import unicodedata
from collections.abc import Collection

from connectd.domain.view import Answer

_WORDS = {"ok": Answer.YES, "yes": Answer.YES, "no": Answer.NO}
_SIGNS = {"✓": Answer.YES, "✗": Answer.NO}
_CATEGORIES = {
    "ACCEPT": Answer.YES,
    "ACCEPTED": Answer.YES,
    "DECLINE": Answer.NO,
    "DECLINED": Answer.NO,
}
_LEADING = re.compile(r"(?:[ \t]|\?!?)*")
_BETWEEN = " \t?:,;.!–—-\N{VARIATION SELECTOR-16}"  # noqa: RUF001 (dashes people type)


def title_answer(before: str, after: str) -> Answer:
    """What the user said by writing OK, YES, NO, ✓ or ✗ in front of the title ``before``.

    Only a whole word counts ("Okonomiyaki" is none), and only one that was not there: a
    contact may be called Ok or No.
    """
    written = _written_in_front(before, after)
    return written[0][0] if written else Answer.NONE


def plain_title(before: str, after: str) -> str:
    """The title ``after`` without the question mark and what the user wrote in front of it."""
    title = _normal(after)
    written = _written_in_front(before, after)
    start = written[-1][1] if written else 0
    return title[_behind_leading(title, start) :].rstrip()


def category_answers(before: Collection[str], after: Collection[str]) -> set[Answer]:
    """What the categories gained, both given in capitals."""
    gained = set(after) - set(before)
    return {_CATEGORIES[category] for category in gained if category in _CATEGORIES}


def is_answer_category(category: str) -> bool:
    """Whether this category, in whatever letters, is a word to connectd."""
    return category.strip().upper() in _CATEGORIES


def _written_in_front(before: str, after: str) -> list[tuple[Answer, int]]:
    """The marks that ``after`` has in front of those of ``before``, each with the index behind."""
    old = [answer for answer, _ in _marks(_normal(before))]
    marks = _marks(_normal(after))
    new = [answer for answer, _ in marks]
    if not old or new[-len(old) :] == old:
        return marks[: len(new) - len(old)]
    return marks[:1] if new and new[0] is not old[0] else []


def _marks(title: str) -> list[tuple[Answer, int]]:
    marks: list[tuple[Answer, int]] = []
    at = _behind_leading(title, 0)
    while mark := _mark_at(title, at):
        answer, end = mark
        at = end
        while at < len(title) and title[at] in _BETWEEN:
            at += 1
        marks.append((answer, at))
    return marks


def _mark_at(title: str, at: int) -> tuple[Answer, int] | None:
    if answer := _SIGNS.get(title[at : at + 1]):
        return answer, at + 1
    end = at
    while end < len(title) and _in_word(title[end]):
        end += 1
    answer = _WORDS.get(title[at:end].casefold())
    return (answer, end) if answer else None


def _in_word(character: str) -> bool:
    joins = character in "_'’" or unicodedata.category(character).startswith("M")  # noqa: RUF001 (the apostrophe of word processors)
    return joins or character.isalnum()


def _behind_leading(title: str, at: int) -> int:
    found = _LEADING.match(title, at)
    return found.end() if found else at


def _normal(title: str) -> str:
    return unicodedata.normalize("NFC", title)

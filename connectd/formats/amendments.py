"""What connectd changes in an object of its own that the user may have changed as well.

Only what is named here changes; all else stays as the user's calendar client left it. Each
raises UnreadableEventError where there is no whole event to change.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from connectd.domain.view import Answer
from connectd.errors import UnreadableEventError
from connectd.formats.line_edits import (
    components,
    each,
    edited,
    escaped,
    head_and_value,
    only,
    parameters_of,
    plain,
    with_parameter,
)
from connectd.formats.marks import category_answers, plain_title, title_answer
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import bare_address
from connectd.formats.wording import conflict_paragraph, without_conflict

_QUESTION = re.compile(r"\A\s*\?+!?\s*")
_CATEGORY = re.compile(r"(?:[^,\\]|\\.)+")


def marked(
    stored: str, conflict: str, me: Sequence[str], *, said_yes: bool, written: str = ""
) -> str:
    """Mark a draft whose time is taken by ``conflict``, and take every yes out of it.

    The title gets ``?!`` in front, the description a first paragraph that says so; doing it
    again replaces that paragraph. ``me`` are all addresses of the user. ``written``, the
    version that connectd wrote last, tells a contact called Ok from a yes. A no stays.

    Whoever stores the result keeps ``marked(written, …)`` as the version that connectd wrote
    last: it has the same marks and nothing of the user's, which the invitation then keeps.
    """
    usual = _title_in(written)
    paragraph = conflict_paragraph(conflict, said_yes=said_yes)

    def title(text: str) -> str:
        if title_answer(usual, text) is Answer.YES:
            text = plain_title(usual, text)
        return f"?! {_QUESTION.sub('', text)}".rstrip()

    def description(text: str) -> str:
        rest = without_conflict(text)
        return f"{paragraph}\n\n{rest}" if rest else paragraph

    return edited(
        stored,
        {
            "SUMMARY": lambda lines: [_retold(line, title) for line in lines or ["SUMMARY:"]],
            "DESCRIPTION": lambda lines: [
                _retold(line, description) for line in lines or ["DESCRIPTION:"]
            ],
            "STATUS": each(_unconfirmed),
            "ATTENDEE": each(lambda line: _unaccepted(line, me)),
            "CATEGORIES": each(_without_yes),
        },
    )


def unmarked(stored: str) -> str:
    """Take out again what ``marked`` put in, since the time is free."""

    def description(line: str) -> str | None:
        new = _retold(line, without_conflict)
        return new if new == line or head_and_value(new)[1] else None

    return edited(
        stored,
        {
            "SUMMARY": each(lambda line: _retold(line, _without_exclamation)),
            "DESCRIPTION": each(description),
        },
    )


def cancelled(stored: str, sequence: int, now: datetime) -> str:
    """Call an event off (RFC 5546 section 3.2.5), so that its time is free again."""
    return edited(
        stored,
        {
            "STATUS": only("STATUS:CANCELLED"),
            "TRANSP": only("TRANSP:TRANSPARENT"),
            "SEQUENCE": only(f"SEQUENCE:{sequence}"),
            "DTSTAMP": only(f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"),
        },
    )


def renamed(written: str, uid: str) -> str:
    """The same object under another UID, as a client stored it anew."""
    return edited(written, {"UID": only(f"UID:{escaped(uid)}")})


def _title_in(written: str) -> str:
    try:
        events = components(written, "VEVENT")
    except UnreadableEventError:
        return ""
    titles = [line for event in events for line in event.get("SUMMARY", [])]
    return plain(head_and_value(titles[0])[1]) if titles else ""


def _retold(line: str, change: Callable[[str], str]) -> str:
    """A line of text changed; the formatted copy that a client keeps of it is out of date then."""
    head, value = head_and_value(line)
    old = plain(value)
    new = change(old)
    return line if new == old else f"{with_parameter(head, 'ALTREP', None)}:{escaped(new)}"


def _without_exclamation(title: str) -> str:
    """``title`` with ``?`` for ``?!``, also behind an answer in front of it."""
    before, sign, rest = title.partition("?!")
    return f"{before}?{rest}" if sign and not plain_title("", before) else title


def _unconfirmed(line: str) -> str:
    head, value = head_and_value(line)
    return f"{head}:TENTATIVE" if value.strip().upper() == "CONFIRMED" else line


def _unaccepted(line: str, me: Sequence[str]) -> str:
    head, value = head_and_value(line)
    parameters = parameters_of(head)
    addresses = {bare_address(value), bare_address(parameters.get("EMAIL", ""))}
    is_me = not addresses.isdisjoint(bare_address(address) for address in me)
    if not is_me or parameters.get("PARTSTAT", "").upper() != "ACCEPTED":
        return line
    return f"{with_parameter(head, 'PARTSTAT', 'NEEDS-ACTION')}:{value}"


def _without_yes(line: str) -> str | None:
    head, value = head_and_value(line)
    categories = _CATEGORY.findall(value)
    left = [category for category in categories if not _says_yes(category)]
    if len(left) == len(categories):
        return line
    return f"{head}:{','.join(left)}" if left else None


def _says_yes(category: str) -> bool:
    return Answer.YES in category_answers((), {clean(plain(category)).upper()})

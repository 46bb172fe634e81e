"""Reads the cards of an address book, one object each; what is wrong with one costs that one."""

from typing import Any

from connectd.errors import UnreadableCardError
from connectd.formats.vcard_contents import CardContents, read_contents
from connectd.formats.vcard_lines import split_cards


def read_card(text: str) -> CardContents:
    """Read the first vCard in ``text``; raises UnreadableCardError."""
    for card in split_cards(text, []):
        return read_contents(card)
    raise UnreadableCardError("there is no whole vCard in it")


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """Read ``{"texts"}`` into ``{"cards"}``, each as ``contents_or_problem`` takes it."""
    return {"cards": [_told(text) for text in request["texts"]]}


def contents_or_problem(told: dict[str, Any]) -> CardContents | str:
    """Read what ``read_confined`` tells of one card: what it says, or why it cannot be read."""
    if "problem" in told:
        return str(told["problem"])
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return CardContents(**told | lists)


def _told(text: str) -> dict[str, Any]:
    try:
        return read_card(text)._asdict()
    except UnreadableCardError as error:
        return {"problem": str(error)}

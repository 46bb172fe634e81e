"""The short questions about a contact, for a user who told nothing by options."""

from collections.abc import Iterator
from datetime import date, datetime

import click

from connectd.cli import terminal
from connectd.domain.model import Contact
from connectd.domain.progression import Outstanding
from connectd.edges.store import Store
from connectd.formats.first_names import first_name
from connectd.formats.plain_text import clean
from connectd.service.facts import Noted, open_with, record_facts

_NOTHING = frozenset({"", "-", "n", "no", "none", "nope", "nothing"})
_YES = frozenset({"y", "yes"})
_LONGEST_QUOTE = 200


def ask_and_record(
    store: Store,
    contact: Contact,
    on: date,
    now: datetime,
    meeting: str | None = None,
    *,
    if_left: str = "Stopped.",
) -> None:
    """Ask, record each answer at once, and say what was recorded.

    Who leaves in the middle has on record what was answered so far, and is told so, after the
    words ``if_left``.
    """
    recorded, ending = 0, ""
    try:
        for fact in ask_shortly(contact, open_with(store, contact)):
            recorded += len(record_facts(store, contact, [fact], on, now, meeting))
    except click.Abort:
        click.echo()
        ending = f"{if_left} "
    answers = {0: "No answer is", 1: "1 answer is"}.get(recorded, f"{recorded} answers are")
    terminal.say(f"{ending}{answers} recorded.")


def ask_shortly(contact: Contact, between: Outstanding) -> Iterator[Noted]:
    """Ask at most five questions; gives each answer as soon as it is there.

    ``between`` is what is open with the contact: whether the oldest promise was kept stands in
    for the question about help, and the oldest ask is named. Raises click.Abort for Ctrl-C and
    Ctrl-D.
    """
    terminal.say("A few short questions; Enter skips one, Ctrl-D all that are left.")
    name = first_name(clean(contact.name)) or contact.id
    if text := _answer(f"What does {name} need?"):
        yield Noted("need", text)
    if text := _answer(f"What can {name} give others?"):
        yield Noted("offer", text)
    if text := _answer(f"How did {name} help you?{_hoped_for(between)}"):
        yield Noted("helped_me", text)
    if between.promises:
        promise = between.promises[0].text
        if _is_yes(f"Did you keep your promise, {_quoted(promise)}? [y/N]"):
            yield Noted("kept", promise)
    elif text := _answer(f"How did you help {name}?"):
        yield Noted("helped", text)
    if text := _answer(f"What did you promise {name}?"):
        yield from _promise(text)


def _promise(text: str) -> Iterator[Noted]:
    """The promise, with its day where one is named; a promise is kept even if that is not."""
    try:
        due = _until_when()
    except click.Abort:
        yield Noted("promised", text)
        raise
    yield Noted("promised", text, due)


def _until_when() -> date | None:
    while written := _answer("Until when? (a day like 2026-12-24)"):
        try:
            return date.fromisoformat(written)
        except ValueError:
            terminal.say("    That is no day like 2026-12-24.")
    return None


def _hoped_for(between: Outstanding) -> str:
    return f" (You hoped for {_quoted(between.asks[0].text)}.)" if between.asks else ""


def _quoted(text: str) -> str:
    return f"“{clean(text, _LONGEST_QUOTE)}”"


def _is_yes(question: str) -> bool:
    while True:
        answer = _answer(question).casefold()
        if answer in _YES or not answer:
            return bool(answer)
        terminal.say("    Please answer y or n.")


def _answer(question: str) -> str:
    """What the user types, empty where that means nothing."""
    typed: str = click.prompt(question, default="", show_default=False, prompt_suffix=" ")
    text = typed.strip()
    return "" if text.casefold().rstrip(".!") in _NOTHING else text

"""Prints introductions for people to read: who fits whom, what was said, what waits for whom."""

from collections.abc import Iterator, Mapping

import click

from connectd.cli.terminal import say
from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.domain.matching import Pair
from connectd.edges.store import LetterRecord
from connectd.edges.store.mails import DELIVERED, DROPPED, REFUSED, UNKNOWN
from connectd.formats.plain_text import clean
from connectd.service.opting import STANDING, command_to_begin
from connectd.service.suggesting import Entry, Overview

_INDENT = "    "
_LONGEST_WORDS = 20_000
_MOST_SUGGESTIONS = 20
_LETTERS = {
    DELIVERED: "",
    DROPPED: "",
    REFUSED: "; the mail server refused the mail, so nothing was sent",
    UNKNOWN: "; it cannot be known whether the mail arrived",
}


def show_overview(overview: Overview) -> None:
    """Say whom to introduce and why, then what became of what was begun."""
    if not overview.suggestions and not overview.entries:
        say("Nobody's offer meets anybody's need yet. Record some: connectd done --help")
    for pair in overview.suggestions[:_MOST_SUGGESTIONS]:
        _suggestion(pair, overview.names)
        say(f"{_INDENT}{command_to_begin(pair.helper, pair.helped)}")
    if len(overview.suggestions) > _MOST_SUGGESTIONS:
        say(f"… and {len(overview.suggestions) - _MOST_SUGGESTIONS} more, with --json.")
    if overview.entries:
        say("On record:")
    for entry in overview.entries:
        show_entry(entry, overview.names)


def show_entry(entry: Entry, names: Mapping[str, str]) -> None:
    """Show one introduction: how it stands, and what comes next."""
    introduction = entry.introduction
    first, second = (names.get(person, person) for person in introduction.people)
    say(f"{first} and {second}: {STANDING[introduction.state]}{_day(introduction)}")
    if introduction.because:
        say(f"{_INDENT}why: {introduction.because}")
    if entry.pair:
        _sentences(entry.pair, names)
    for line in _what_comes_next(entry, names):
        say(f"{_INDENT}{line}")


def show_words(heading: str, words: str) -> None:
    """Show what somebody is to read, line by line, so that it can be copied."""
    say(heading)
    click.echo()
    click.echo(clean(words, _LONGEST_WORDS, keep_lines=True))
    click.echo()


def _suggestion(pair: Pair, names: Mapping[str, str]) -> None:
    shared = f", both: {', '.join(pair.tags)}" if pair.tags else ""
    helper, helped = names[pair.helper], names[pair.helped]
    say(f"{helper} may be able to help {helped} (score {pair.score:.1f}{shared})")
    _sentences(pair, names)


def _sentences(pair: Pair, names: Mapping[str, str]) -> None:
    say(f"{_INDENT}{names[pair.helped]} needs: {pair.need.text} ({pair.need.on})")
    say(f"{_INDENT}{names[pair.helper]} offers: {pair.offer.text} ({pair.offer.on})")


def _day(introduction: Introduction) -> str:
    ended = introduction.introduced_at or introduction.dropped_at
    return f" ({ended.date()})" if ended else ""


def _what_comes_next(entry: Entry, names: Mapping[str, str]) -> Iterator[str]:
    """Where each of the two stands, and the command for what the user may do about it."""
    introduction = entry.introduction
    pair = f"{introduction.first} {introduction.second}"
    if not introduction.is_open:
        if introduction.declined:
            yield f"{names.get(introduction.declined, introduction.declined)} would rather not"
        return
    if introduction.state is Opting.AGREED and introduction.by is Bringing.MEETING:
        yield from _to_meet(entry, pair)
        return
    if not introduction.because:
        yield f"take it up: {command_to_begin(*introduction.people)}"
        yield f"or not: connectd introductions drop {pair}"
        return
    if introduction.state is Opting.AGREED:
        yield f"write to both: connectd introductions send {pair}"
        return
    for person in introduction.people:
        name = names.get(person, person)
        if person in introduction.agreed:
            yield f"{name} has agreed"
        elif person in introduction.asked:
            yield f"{name} has been asked{_letter(entry.letters.get(person))}"
            yield f"{_INDENT}they said: connectd introductions agree {pair} --by {person}"
            yield f"{_INDENT}or: connectd introductions decline {pair} --by {person}"
        else:
            yield f"ask {name}: connectd introductions ask {pair} --of {person}"


def _to_meet(entry: Entry, pair: str) -> Iterator[str]:
    if entry.given_up:
        yield "no draft for you three came to a meeting, so connectd makes no more of them"
        yield f"write to both instead: connectd introductions by {pair} mail"
        yield f"or give it up: connectd introductions drop {pair}"
    else:
        yield "connectd drafts a meeting of you three when all are free"


def _letter(letter: LetterRecord | None) -> str:
    """What became of the mail that asks them, as far as the user should know."""
    if letter is None:
        return ""
    waiting = "; the mail waits to be sent" + (f" ({letter.said})" if letter.said else "")
    return _LETTERS.get(letter.stage, waiting)

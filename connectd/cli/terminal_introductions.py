"""Prints introductions for people to read: who fits whom, what was said, what waits for whom."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import click

from connectd.cli.terminal import say
from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.domain.matching import Pair
from connectd.domain.spans import local_day
from connectd.edges.store import LetterRecord
from connectd.edges.store.mails import DELIVERED, DROPPED, REFUSED, UNKNOWN
from connectd.formats.plain_text import clean
from connectd.service.opting import STANDING, command_to_begin
from connectd.service.suggesting import Entry, Overview

_INDENT = "    "
_SEND = "connectd introductions send"
_LONGEST_WORDS = 20_000
_MOST_SUGGESTIONS = 20
_LETTERS = {
    DELIVERED: "",
    DROPPED: "",
    UNKNOWN: "; it cannot be known whether the mail arrived",
}


def show_overview(overview: Overview, zone: ZoneInfo) -> None:
    """Say whom to introduce and why, then what became of what was begun; days are of ``zone``."""
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
        show_entry(entry, overview.names, zone)


def show_entry(entry: Entry, names: Mapping[str, str], zone: ZoneInfo) -> None:
    """Show one introduction: how it stands, and what comes next."""
    introduction = entry.introduction
    first, second = (names.get(person, person) for person in introduction.people)
    say(f"{first} and {second}: {STANDING[introduction.state]}{_day(introduction, zone)}")
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


def _day(introduction: Introduction, zone: ZoneInfo) -> str:
    ended = introduction.introduced_at or introduction.dropped_at
    return f" ({local_day(ended, zone)})" if ended else ""


def _what_comes_next(entry: Entry, names: Mapping[str, str]) -> Iterator[str]:
    """Where each of the two stands, and the command for what the user may do about it."""
    introduction = entry.introduction
    pair = f"{introduction.first} {introduction.second}"
    if not introduction.is_open:
        yield from _how_it_ended(entry, pair, names)
    elif entry.gone:
        gone = " and ".join(names.get(person, person) for person in entry.gone)
        are = "is" if len(entry.gone) == 1 else "are"
        yield f"{gone} {are} no longer on your list, so nobody is written to"
        yield f"give it up: connectd introductions drop {pair}"
    elif introduction.state is Opting.AGREED and introduction.by is Bringing.MEETING:
        yield from _to_meet(entry, pair)
    elif not introduction.because:
        yield f"take it up: {command_to_begin(*introduction.people)}"
        yield f"or not: connectd introductions drop {pair}"
    elif introduction.state is Opting.AGREED:
        yield f"write to both: {_SEND} {pair}"
    else:
        for person in introduction.people:
            yield from _asking(entry, person, pair, names.get(person, person))


def _how_it_ended(entry: Entry, pair: str, names: Mapping[str, str]) -> Iterator[str]:
    introduction = entry.introduction
    if introduction.declined:
        yield f"{names.get(introduction.declined, introduction.declined)} would rather not"
    if introduction.state is not Opting.INTRODUCED:
        return
    for person, letter in entry.to_both.items():
        name = names.get(person, person)
        if letter.stage == REFUSED:
            yield f"the mail to {name} was not sent: {letter.said}"
            yield f"{_INDENT}write to them yourself: {_SEND} {pair} --by-hand"
        elif letter.stage == UNKNOWN:
            yield f"it cannot be known whether the mail to {name} arrived: {letter.said}"
            yield f"{_INDENT}the text, if it did not: {_SEND} {pair} --by-hand"


def _asking(entry: Entry, person: str, pair: str, name: str) -> Iterator[str]:
    letter, ask = entry.letters.get(person), f"connectd introductions ask {pair} --of {person}"
    if person in entry.introduction.agreed:
        yield f"{name} has agreed"
    elif person not in entry.introduction.asked:
        yield f"ask {name}: {ask}"
    elif letter and letter.stage == REFUSED:
        yield f"{name} could not be asked: {letter.said}"
        yield f"{_INDENT}once their address is right: {ask}"
        yield f"{_INDENT}or ask them yourself: {ask} --by-hand"
    else:
        yield f"{name} has been asked{_letter(letter)}"
        yield f"{_INDENT}they said: connectd introductions agree {pair} --by {person}"
        yield f"{_INDENT}or: connectd introductions decline {pair} --by {person}"


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

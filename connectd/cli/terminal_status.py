"""Prints how things stand on one page: what fits on a screen, or with `--all` everything."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import click

from connectd.cli.goal_lines import goal_lines, month_lines
from connectd.cli.page import Block, enumerated, fitted, row, sentence
from connectd.domain.model import Month, Step
from connectd.domain.spans import local_day
from connectd.formats.plain_text import clean
from connectd.service.account_health import AccountHealth
from connectd.service.status import Status

_SCREEN = 24
_GENEROUS_TO_TIGHT = (3, 2, 1)
"""How many lines one entry may have, tried in turn."""
_LONG = 500
_MOST_OF_THEM, _STEPS, _KINDS_OF_WAITING, _NEXT = 11, 2, 6, 2
_NOBODY = "Nobody is on the list yet. Add somebody: connectd contacts add --help"


class _Page(NamedTuple):
    """What is shown, in ``width`` columns and so many ``lines`` an entry; None for all it takes.

    ``names`` are what people are called, by id.
    """

    status: Status
    zone: ZoneInfo
    names: Mapping[str, str]
    width: int
    lines: int | None

    @property
    def today(self) -> date:
        return local_day(self.status.now, self.zone)

    @property
    def everything(self) -> bool:
        return self.lines is None


def show_status(
    status: Status,
    zone: ZoneInfo,
    *,
    width: int = 80,
    colours: bool = False,
    everything: bool = False,
) -> None:
    """Show the page, ``width`` columns wide.

    In 80 columns thirty people find place on 24 lines; ``everything`` leaves nothing out.
    """
    page = _Page(status, zone, _names(status, everything=everything), width, None)
    goal = goal_lines(status, Month.of(page.today), width, everything=everything)
    people, blocks = _people(page), _blocks(page)
    if not everything:
        people = _people(page, _MOST_OF_THEM)
        blocks = _on_a_screen(page, _SCREEN - len(goal) - len(people) - 1)
        beside = len(goal) + sum(len(block.lines) for block in blocks) + 1
        people = _people(page, min(_MOST_OF_THEM, _SCREEN - beside))
    months, *others = blocks
    _put([*goal, *months.lines, *_coloured(people, colours=colours)])
    _put(line for block in others for line in block.lines)
    _put([_last_read(page)])


def _on_a_screen(page: _Page, room: int) -> list[Block]:
    """Everything beside the goal and the people on so many lines, as far as that can be."""
    for lines in _GENEROUS_TO_TIGHT:
        blocks = _blocks(page._replace(lines=lines))
        if sum(len(block.lines) for block in blocks) <= room:
            return blocks
    return fitted(blocks, room)


def _blocks(page: _Page) -> list[Block]:
    """What is told beside the goal and the people, in order; the months come first."""
    months = month_lines(page.status, Month.of(page.today), everything=page.everything)
    return [
        _block(page, months, quiet=True),
        Block((_steps(page),)),
        _waiting(page),
        _meetings(page),
        _block(page, _resting(page), least=0, quiet=True),
        _block(page, _trouble(page)),
    ]


def _names(status: Status, *, everything: bool) -> dict[str, str]:
    if not status.relations:
        return {}
    from connectd.cli import people_lines as people  # noqa: PLC0415 - not before there are some

    return people.full_names(status) if everything else people.short_names(status)


def _people(page: _Page, most: int | None = None) -> list[str]:
    """The people on so many lines, what the signs mean included."""
    if not page.names:
        return [_NOBODY]
    from connectd.cli.people_lines import legend, people_lines  # noqa: PLC0415 - as above

    signs = legend(page.width)
    room = None if most is None else most - len(signs)
    return [*signs, *people_lines(page.status, page.names, page.width, room)]


def _coloured(people: list[str], *, colours: bool) -> list[str]:
    if not colours:
        return people
    from connectd.cli.people_lines import coloured_people  # noqa: PLC0415 - as above

    return list(map(coloured_people, people))


def _steps(page: _Page) -> tuple[str, ...]:
    """How many people stand on each step, and who moved this month."""
    if not page.names:
        return ()
    counted = [f"{number} {_words(step)}" for step, number in page.status.steps.items()]
    told = enumerated(counted)
    if page.status.moved:
        moved = [f"{page.names[one.contact]} to {_words(one.after)}" for one in page.status.moved]
        told = [*told[:-1], f"{counted[-1]};", "moved this month:", *enumerated(moved)]
    lines = None if page.lines is None else max(page.lines, _STEPS)
    return row("Steps: ", told, page.width, lines)


def _waiting(page: _Page) -> Block:
    status = page.status
    if not status.waiting and not status.promises:
        return Block(())
    from connectd.cli.waiting_lines import waiting_lines  # noqa: PLC0415 - as above

    told = waiting_lines(status, page.names, page.today, page.width, page.lines)
    return Block(tuple(told), _KINDS_OF_WAITING)


def _meetings(page: _Page) -> Block:
    if not page.status.meetings:
        return Block(())
    from connectd.cli.meeting_lines import meeting_lines  # noqa: PLC0415 - as above

    return _block(page, meeting_lines(page.status, page.names, page.zone), least=_NEXT)


def _resting(page: _Page) -> Iterator[str]:
    for relation in page.status.relations:
        if resting := relation.rest:
            until = local_day(resting.until, page.zone)
            yield f"Resting until {until}: {page.names[relation.contact.id]}, {resting.why}"


def _trouble(page: _Page) -> Iterator[str]:
    """What could not be read of late; with each account where everything is shown."""
    status = page.status
    ailing = [one for one in status.accounts if one.failing_since or one.paused_since]
    for account in status.accounts if page.everything else ailing:
        yield _account(account, page)
    if status.last_error and not ailing:
        yield f"Last problem: {status.last_error}"
    for feed in status.feeds:
        if feed.error:
            yield f"Feed {feed.name}: {_last_time(feed.read_at, status.now)}: {feed.error}"
    if status.people_error:
        yield f"Address book: {status.people_error}"
    for event in status.unreadable:
        title = event["title"] or event["uid"]
        where, why, blocks = event["calendar"], event["reason"], event["blocks"]
        yield f"Could not read “{title}” in {where}: {why}. Blocked: {blocks}"


def _account(account: AccountHealth, page: _Page) -> str:
    told = f"Account {account.name}: {_last_time(account.last_success, page.status.now)}"
    if account.paused_since:
        since = local_day(account.paused_since, page.zone)
        return f"{told}, paused since {since}: its server refused the credentials"
    return f"{told}: {account.last_error}" if account.last_error else told


def _last_read(page: _Page) -> str:
    success = page.status.last_success
    if success is None:
        return "Calendars have not been read yet: connectd tick, or connectd run"
    return f"Calendars last read {success.astimezone(page.zone):%Y-%m-%d %H:%M}"


def _last_time(then: datetime | None, now: datetime) -> str:
    if then is None:
        return "not read yet"
    minutes = max(0, int((now - then).total_seconds()) // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    number, unit = (days, "day") if days > 1 else (hours, "hour") if hours else (minutes, "minute")
    return f"last read {number} {unit}{'' if number == 1 else 's'} ago"


def _block(page: _Page, told: Iterable[str], *, least: int = 1, quiet: bool = False) -> Block:
    entries = (sentence(_shown(line), page.width, page.lines) for line in told)
    return Block(tuple(entries), least, quiet)


def _words(step: Step) -> str:
    return step.value.replace("_", " ")


def _shown(line: str) -> str:
    # columns are made of blanks, which stay
    return " ".join(clean(line, _LONG, keep_lines=True).splitlines())


def _put(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)

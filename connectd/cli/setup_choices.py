"""The choices that `connectd setup` asks for once the calendars can be seen, in their order.

Nothing is written here: each answer becomes a wish.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd import config_checks as checks
from connectd.cli import setup_words as words
from connectd.cli.setup_access import Reached
from connectd.cli.setup_people import Reading, read_answer
from connectd.cli.setup_prompts import ask, checked, say
from connectd.cli.setup_ways import Ways
from connectd.config import Account, Config
from connectd.config_keys import is_category
from connectd.config_together import USUAL_CATEGORIES
from connectd.domain.contacts import known_zone
from connectd.domain.model import Hours
from connectd.edges.caldav_server import CalendarInfo
from connectd.errors import ImportFileError, WrongInputError
from connectd.formats.goal_text import goal_text, read_goal
from connectd.formats.hours_text import hours_text, read_hours
from connectd.formats.people import PersonRow
from connectd.service.first_look import HoursFrom
from connectd.service.setup import USUAL_DRAFTS, USUAL_GOAL, Wishes
from connectd.service.survey import named

_SOURCES = {
    HoursFrom.AVAILABILITY: "as your calendar server knows them",
    HoursFrom.CALENDAR: "as your last eight weeks look",
    HoursFrom.DEFAULT: "the usual ones",
}


_NUMBERS = re.compile(r"[0-9][0-9\s,;-]*", re.ASCII)


class Chosen(NamedTuple):
    """What was chosen: the wishes, and who is to be put on the list."""

    wished: Wishes
    rows: tuple[PersonRow, ...]


def choose(reached: Reached, known: Config | None, people: Reading | None, ways: Ways) -> Chosen:
    """Ask for all that is not wished for yet; Enter takes what is proposed, or configured.

    ``people`` reads those who were named by options.
    """
    wished = _who(reached.wished, known, ways)
    zone = ZoneInfo(wished.timezone or "UTC")
    if not known:
        say("Looking at your calendars …")
    look = None if known else ways.look(reached.server, reached.home, reached.calendars, zone)
    whole_days = tuple(info.url for info in look.all_day_only) if look else ()
    if len(whole_days) == len(reached.calendars):
        # today it holds a holiday alone, and meetings from tomorrow on
        whole_days = ()
    account = known.drafts_account if known else None
    if reached.calendars:
        drafts = named(reached.calendars, account.drafts or "") if account else ()
        say(words.calendars(reached.calendars, whole_days, drafts[0].url if drafts else None))
    else:
        say("There are no calendars yet; one for drafts will be made.")
    wished = _busy(wished, reached.calendars, whole_days, account)
    wished = ask_drafts(wished, reached.calendars, account)
    if look:
        wished = _hours(wished, look.hours, _SOURCES[look.hours_from])
    elif known:
        wished = _hours(wished, known.policy.hours, "as they are")
    wished = _goal(wished, known)
    wished = _categories(wished, known)
    names = wished.categories or USUAL_CATEGORIES
    if people:
        try:
            return Chosen(wished, tuple(people(names)))
        except (WrongInputError, ImportFileError) as error:
            say(str(error))
    elif wished.address_book:
        return Chosen(wished, ())
    say(words.HOW_TO_TYPE_PEOPLE)
    newcomers = ask("People", lambda typed: read_answer(typed, names))
    follows = wished.address_book or newcomers.address_book
    return Chosen(replace(wished, address_book=follows), newcomers.rows)


def ask_drafts(
    wished: Wishes,
    calendars: tuple[CalendarInfo, ...],
    account: Account | None,
    *,
    makes_new: bool = True,
) -> Wishes:
    """Ask where drafts go: to a calendar by its number or name, or to a new one.

    With ``makes_new=False`` the server is known to make none.
    """
    if wished.drafts is not None:
        return wished

    def read(typed: str) -> str:
        there = _meant(typed, calendars)
        if len(there) > 1:
            raise WrongInputError("Several calendars are called so; please type its number.")
        if there and not there[0].writable:
            raise WrongInputError("That one can only be read; choose another, or a new name.")
        if there:
            return _called(there[0], calendars)
        if not makes_new:
            raise WrongInputError("Please type the number of one from the list.")
        if not typed or "://" in typed or typed.isdigit():
            raise WrongInputError("Please type a number from the list, or a name.")
        return checked(checks.text, "a name")(typed)

    if not makes_new:
        question = "Calendar for drafts (your server makes no new one; the number of one of yours)"
        return replace(wished, drafts=ask(question, read))
    default = (account.drafts if account else None) or USUAL_DRAFTS
    is_new = not named(calendars, default)
    question = "Calendar for drafts" + (" (Enter makes a new one)" if is_new else "")
    return replace(wished, drafts=ask(question, read, default))


def _who(wished: Wishes, known: Config | None, ways: Ways) -> Wishes:
    """The name and the time zone, in one question where both are missing."""
    if wished.name and wished.timezone:
        return wished
    name = wished.name or (known.me.name if known else ways.users_name())
    zone = wished.timezone or (known.me.timezone.key if known else ways.time_zone())
    zone = zone if known_zone(zone) else ""
    if wished.name:
        read_zone = checked(checks.zone, "a time zone")
        return replace(wished, timezone=ask("Your time zone", read_zone, zone))
    if wished.timezone:
        return replace(wished, name=ask("Your name", checked(checks.text, "your name"), name))

    def read(typed: str) -> tuple[str, str]:
        first, _, last = (part.strip() for part in typed.rpartition(","))
        if known_zone(typed):
            first, last = name, typed
        elif not (known_zone(last) or "/" in last):
            first, last = typed, zone
        checked(checks.text, "your name as well")(first)
        checked(checks.zone, "your time zone as well, such as Europe/Berlin")(last)
        return first, last

    proposed = ", ".join(filter(None, (name, zone)))
    question = "Your name as others see it, and your time zone"
    hint = "" if name and zone else " (as in Alice Example, Europe/Berlin)"
    name, zone = ask(question + hint, read, proposed)
    return replace(wished, name=name, timezone=zone)


def _busy(
    wished: Wishes,
    calendars: tuple[CalendarInfo, ...],
    whole_days: Sequence[str],
    account: Account | None,
) -> Wishes:
    """Which calendars block time; where all of them do, the others are ignored by name.

    So that a calendar that comes later blocks time as well.
    """
    if wished.busy is not None or wished.ignore is not None or not calendars:
        return wished
    if account:
        blocking = [info for info in calendars if _blocks(info, account)]
    else:
        blocking = [info for info in calendars if info.url not in whole_days]

    def read(typed: str) -> tuple[CalendarInfo, ...]:
        if typed.casefold() == "all":
            return calendars
        chosen = tuple(_one(part, calendars) for part in _parts(typed, calendars))
        return tuple(dict.fromkeys(chosen))

    if len(calendars) > 1:
        numbers = ", ".join(str(calendars.index(info) + 1) for info in blocking)
        default = "all" if len(blocking) == len(calendars) else numbers
        blocking = list(ask("Which of them block time? (numbers, or all)", read, default))
    if account and "*" not in account.busy:
        return replace(wished, busy=tuple(_called(info, calendars) for info in blocking))
    left_out = [info for info in calendars if info not in blocking]
    ignored = [_called(info, calendars) for info in left_out]
    gone = [name for name in (account.ignore if account else ()) if not named(calendars, name)]
    return replace(wished, ignore=(*ignored, *gone))


def _hours(wished: Wishes, proposed: Hours, source: str) -> Wishes:
    if wished.hours is not None:
        return wished
    question = f"Hours in which you meet, {source}"
    return replace(wished, hours=ask(question, read_hours, hours_text(proposed)))


def _goal(wished: Wishes, known: Config | None) -> Wishes:
    if wished.people_per_month is not None:
        return wished
    people, months = USUAL_GOAL
    if known:
        people, months = known.policy.goal.people_per_month, known.policy.goal.months
    months = wished.months or months
    wanted, long = ask("Your goal", read_goal, goal_text(people, months))
    return replace(wished, people_per_month=wanted, months=long or months)


def _categories(wished: Wishes, known: Config | None) -> Wishes:
    if wished.categories is not None:
        return wished
    names = tuple(known.policy.categories) if known else USUAL_CATEGORIES

    def read(typed: str) -> tuple[str, ...]:
        wanted = tuple(part.strip() for part in typed.replace(";", ",").split(","))
        if len({name.casefold() for name in wanted if name}) != len(names):
            raise WrongInputError(f"Please type {len(names)} names, with commas between them.")
        if wrong := [name for name in wanted if not is_category(name)]:
            raise WrongInputError(f"“{wrong[0]}” is too long, or no plain text, for a name.")
        return wanted

    question = "The kinds of people on your list"
    return replace(wished, categories=ask(question, read, ", ".join(names)))


def _parts(typed: str, calendars: tuple[CalendarInfo, ...]) -> list[str]:
    """What stands between commas; of numbers also between blanks, and in a range such as 2-4."""
    if not _NUMBERS.fullmatch(typed) or named(calendars, typed):
        return typed.replace(";", ",").split(",")
    parts: list[str] = []
    for word in re.split(r"[\s,;]+", re.sub(r"\s*-\s*", "-", typed).strip(" ,;")):
        first, dash, last = word.partition("-")
        if dash and first and last and int(last) <= len(calendars):
            parts += map(str, range(int(first), int(last) + 1))
        else:
            parts.append(word)
    return parts


def _one(typed: str, calendars: tuple[CalendarInfo, ...]) -> CalendarInfo:
    there = _meant(typed.strip(), calendars)
    if len(there) != 1:
        raise WrongInputError(f"“{typed.strip()}” is none of them; please type its number.")
    return there[0]


def _meant(typed: str, calendars: tuple[CalendarInfo, ...]) -> tuple[CalendarInfo, ...]:
    """The calendars that a number of the list, a name or a URL means."""
    if typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(calendars):
        return (calendars[int(typed) - 1],)
    return named(calendars, typed)


def _called(info: CalendarInfo, calendars: tuple[CalendarInfo, ...]) -> str:
    """What the configuration calls it: its name where that is clear, else its URL."""
    is_clear = info.name not in ("", "*") and len(named(calendars, info.name)) == 1
    return info.name if is_clear else info.url


def _blocks(info: CalendarInfo, account: Account) -> bool:
    if any(named([info], name) for name in account.ignore):
        return False
    return any(name == "*" or named([info], name) for name in account.busy)

"""The command `setup`."""

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import click

from connectd.cli import setup_words as words
from connectd.cli.contacts_import import ADDRESS_BOOK
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.cli.setup_access import split_command
from connectd.cli.setup_background import (
    HOW_TO_RUN_IT,
    Background,
    is_installed,
    start,
    take_away,
    take_over,
)
from connectd.cli.setup_interruption import interrupted_once
from connectd.cli.setup_local import local_account
from connectd.cli.setup_people import Reading, reading
from connectd.cli.setup_prompts import say, say_aside
from connectd.cli.setup_talk import show_first_plan, talk
from connectd.cli.setup_ways import Ways
from connectd.config import config_path
from connectd.edges import secrets
from connectd.edges.user_units import UserUnits
from connectd.formats.goal_text import read_goal
from connectd.formats.hours_text import read_hours
from connectd.service.setup import SetUp, Wishes, set_up


@click.command()
@click.option("--url", help="Where your CalDAV server is.")
@click.option("--local", is_flag=True, help="Make a calendar server of your own, on this machine.")
@click.option("--username", help="Your name there; your address if left out.")
@click.option("--email", help="Your address, as others should see it.")
@click.option("--name", help="Your name, as others should see it.")
@click.option("--timezone", help="Where you live, as in Europe/Berlin.")
@click.option("--password-command", metavar="'CMD ARG…'", help="Prints the password.")
@click.option("--token-command", metavar="'CMD ARG…'", help="Prints an OAuth 2 token instead.")
@click.option("--password-stdin", is_flag=True, help="Read it and put it into the keyring.")
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    help="Whom to trust, where the server's certificate is a private one.",
)
@click.option("--drafts", metavar="NAME", help="The calendar for drafts; created if missing.")
@click.option("--busy", multiple=True, metavar="NAME", help="A calendar that blocks time.")
@click.option("--ignore", multiple=True, metavar="NAME", help="A calendar that does not.")
@click.option("--hours", metavar="TEXT", help="As in 'Mon-Fri 9:00-12:00 13:00-17:00'.")
@click.option("--goal", metavar="TEXT", help="As in '3 people a month for 6 months'.")
@click.option("--people-per-month", type=click.IntRange(1), help="Your goal.")
@click.option("--months", type=click.IntRange(1), help="For how many months.")
@click.option("--category", "categories", multiple=True, metavar="NAME", help="All three, in turn.")
@click.option("--person", "persons", multiple=True, help="As in 'Bob <bob@example.test> business'.")
@click.option("--people", metavar="FILE|carddav", help="Puts those in a file on the list.")
@click.option("--service", "background", flag_value="service", help="Run it as a service.")
@click.option("--timer", "background", flag_value="timer", help="Have it called by a timer.")
@click.option("--no-service", "background", flag_value="none", help="Do neither, or no longer.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@as_json
@click.pass_obj
def setup(
    call: Invocation,
    /,
    *,
    password_stdin: bool,
    persons: tuple[str, ...],
    people: str | None,
    background: str | None,
    yes: bool,
    as_json: bool,
    **given: Any,  # noqa: ANN401 - whatever the other options hold
) -> None:
    """Check your account and write the configuration. May be run again to change things.

    On a terminal it asks for what is not given by options, with a proposal for each question.
    With --no-service alone, it takes away what runs connectd, and leaves the rest as it is.
    """
    local = given.pop("local")
    _allow_one_of(
        {
            "--password-stdin": password_stdin,
            "--local": local and password_stdin,
            "--password-command": given["password_command"],
            "--token-command": given["token_command"],
        }
    )
    wished = _wishes(given, address_book=people == ADDRESS_BOOK)
    secrets.forbid_core_dumps()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    wanted = Background(background) if background else None
    ways, named = Ways(call, wished.ca_file), reading(persons, people)
    path = config_path(call.config_option, call.environment)
    is_new, asks_nothing = not path.exists(), yes or as_json
    names_something = bool(named or password or wished != Wishes())
    tell = say_aside if as_json else say
    units = UserUnits(call.environment)
    is_alone = not (local or names_something or asks_nothing)
    if wanted is Background.NONE and is_alone and (not is_new or is_installed(units)):
        take_away(units, tell)
        return
    account = local_account(ways, path, wished, tell) if local else nullcontext((wished, password))
    with interrupted_once(), account as (wished, password):
        if at_a_terminal() and not asks_nothing and (is_new or not names_something):
            talk(call, ways, wished, password, named, wanted)
        else:
            _without_questions(ways, wished, password, named, wanted, as_json=as_json)


def _allow_one_of(options: Mapping[str, object]) -> None:
    given = [option for option, value in options.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other.")


def _without_questions(
    ways: Ways,
    wished: Wishes,
    password: str | None,
    people: Reading | None,
    background: Background | None,
    *,
    as_json: bool,
) -> None:
    """Set up as wished, tell of it, and have connectd run as it is to run."""
    call = ways.call
    path = config_path(call.config_option, call.environment)
    is_new = not path.exists()
    done = set_up(
        wished,
        path,
        call.environment,
        lambda account: ways.connect(account, password),
        call.now(),
        ways.keeping(password),
        people or (lambda _categories: ()),
    )
    if as_json:
        print_json(_document(done))
    else:
        say(words.outcome(done))
        if background is None and is_new:
            say(HOW_TO_RUN_IT)
    units, tell = UserUnits(call.environment), say_aside if as_json else say
    if background:
        start(background, units, done.config, call.environment, tell)
    elif not is_new:
        take_over(units, tell)
    if not as_json and (done.added or wished.address_book):
        show_first_plan(call, done)


def _wishes(given: dict[str, Any], *, address_book: bool) -> Wishes:
    """What was given by options, which are named after the wishes."""
    hours, goal = given.pop("hours"), given.pop("goal")
    if goal:
        if given["people_per_month"] or given["months"]:
            raise click.UsageError("--goal says what --people-per-month and --months say as well.")
        given["people_per_month"], given["months"] = read_goal(goal)
    for name in ("password_command", "token_command"):
        given[name] = split_command(given[name]) if given[name] else None
    several = {name: given.pop(name) or None for name in ("busy", "ignore", "categories")}
    return Wishes(
        hours=read_hours(hours) if hours else None,
        address_book=address_book,
        **several,
        **given,
    )


def _document(done: SetUp) -> dict[str, object]:
    return {
        "config": str(done.path),
        "calendars": [{"name": info.name, "url": info.url} for info in done.calendars],
        "drafts": {"name": done.drafts.name, "url": done.drafts.url, "created": done.created},
        "server_schedules": done.home.schedules,
        "draft_form": done.form,
        "added": [contact.id for contact in done.added],
    }

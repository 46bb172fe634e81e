"""The talk of `connectd setup`, from the first question to the first plan."""

from contextlib import closing
from dataclasses import replace

import click

from connectd.cli import setup_words as words
from connectd.cli import terminal
from connectd.cli.contacts_import import follow_address_book
from connectd.cli.invocation import Invocation
from connectd.cli.setup_access import reach
from connectd.cli.setup_background import HOW_TO_RUN_IT, Background, agree, start
from connectd.cli.setup_choices import Chosen, ask_drafts, choose
from connectd.cli.setup_people import Reading
from connectd.cli.setup_prompts import say
from connectd.cli.setup_ways import Ways
from connectd.config import config_path, load, usual_state
from connectd.edges.caldav_server import CalendarInfo
from connectd.edges.user_units import UserUnits
from connectd.errors import ConnectdError, RefusedError
from connectd.service.setup import SetUp, Wishes, check_places, configured, set_up
from connectd.service.survey import named
from connectd.service.tick import plan

_PARTLY = 7


def talk(
    call: Invocation,
    ways: Ways,
    wished: Wishes,
    password: str | None,
    people: Reading | None,
    background: Background | None,
) -> None:
    """Ask for what is not wished for, show it, and then set all of it up, or nothing.

    ``people`` reads those who were named by options. Raises click.Abort for Ctrl-C and
    ConnectdError; up to the words that all is done, nothing is left behind then.
    """
    path = config_path(call.config_option, call.environment)
    known = load(path, call.environment) if path.exists() else None
    check_places(path, known.state if known else usual_state(call.environment))
    say(words.greeting(is_new=known is None))
    reached = reach(wished, known, password, ways)
    with closing(reached.server):
        chosen = choose(reached, known, people, ways)
    planned = configured(chosen.wished, path, call.environment, call.now())
    in_keyring = reached.password is not None
    say(words.summary(planned.config, reached.calendars, len(chosen.rows), in_keyring=in_keyring))
    units = UserUnits(call.environment)
    agreed = agree(background, units, is_new=known is None)
    if agreed is None:
        say("Nothing was written.")
        return
    done = _set_up(call, ways, chosen, reached.password, reached.calendars)
    say(words.outcome(done))
    start(agreed, units, done.config, call.environment, say)
    if agreed in (Background.NONE, Background.AS_IT_IS) and background is None:
        say(HOW_TO_RUN_IT)
    show_first_plan(call, done)


def _set_up(
    call: Invocation,
    ways: Ways,
    chosen: Chosen,
    password: str | None,
    calendars: tuple[CalendarInfo, ...],
) -> SetUp:
    """Set up as chosen; where the calendar for drafts cannot be written, ask for another one."""
    say("Trying it all out …")
    wished, makes_new = chosen.wished, True
    while True:
        try:
            return set_up(
                wished,
                config_path(call.config_option, call.environment),
                call.environment,
                lambda account: ways.connect(account, password),
                call.now(),
                ways.keeping(password),
                lambda _categories: chosen.rows,
            )
        except RefusedError as error:
            say(f"Drafts cannot be written to “{wished.drafts}”: {error}")
            refused = named(calendars, wished.drafts or "")
            if not refused and not any(info.writable for info in calendars):
                raise
            calendars = tuple(
                replace(info, writable=info.writable and info not in refused) for info in calendars
            )
            makes_new = makes_new and bool(refused)
            wished = replace(wished, drafts=None)
            wished = ask_drafts(wished, calendars, None, makes_new=makes_new)


def show_first_plan(call: Invocation, done: SetUp) -> None:
    """Show whom connectd would draft; the setup holds, whatever comes up here.

    The address book, if it is to be followed, is read before. Raises click's Exit with the
    status for work done in part where there is no plan.
    """
    status = 0
    try:
        if done.config.people:
            status = _follow_address_book(call)
        say("Your first plan:")
        with call.rehearsal() as means:
            terminal.show_plan(plan(call.now(), means), means.config.me.timezone)
    except ConnectdError as error:
        say(f"The setup holds, but there is no plan yet: {error}\nLater: connectd plan")
        status = _PARTLY
    if status:
        raise click.exceptions.Exit(status)


def _follow_address_book(call: Invocation) -> int:
    """Take the people over; the status for work done in part where a card has a problem."""
    try:
        follow_address_book(call, as_json=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    return 0

"""The commands about introductions: list them, ask, tell what was said, bring together."""

import sys

import click

from connectd.cli.contact_name import CONTACT
from connectd.cli.introduce import BRINGING, print_introduction, show_asked
from connectd.cli.introduction_documents import overview_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.terminal import say
from connectd.cli.terminal_introductions import show_overview, show_words
from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.edges.store import Store
from connectd.formats.introduction_words import regrets
from connectd.service import introducing, opting
from connectd.service.means import Means
from connectd.service.suggesting import overview

_BY = click.option(
    "--by", "by", type=CONTACT, metavar="CONTACT", required=True, help="Who of the two said it."
)
_BY_HAND = click.option("--by-hand", is_flag=True, help="Print the text; you pass it on.")


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def introductions(ctx: click.Context, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """List whom you could introduce to whom, and the introductions on record."""
    if ctx.invoked_subcommand and as_json:
        raise click.UsageError(f"Please write --json after `{ctx.invoked_subcommand}`.")
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, as_json=as_json)


@introductions.command("list")
@as_json
@click.pass_obj
def list_(call: Invocation, as_json: bool) -> None:  # noqa: FBT001 - as above
    """List them."""
    _list(call, as_json=as_json)


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@click.option(
    "--of", "of", type=CONTACT, metavar="CONTACT", required=True, help="Who of the two is asked."
)
@_BY_HAND
@as_json
@click.pass_obj
def ask(call: Invocation, first: str, second: str, of: str, by_hand: bool, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say yes to asking one of FIRST and SECOND: by mail, or with the text that is printed."""
    with call.means() as means:
        introduction = opting.find_introduction(means.store, first, second)
        who = opting.side_of(means.store, introduction, of)
        told = introducing.ask(introduction, who, means, call.now(), by_hand=by_hand)
        name = opting.name_of(means.store, who)
    if as_json:
        print_introduction(told.introduction, {} if told.mailed else {who: told.text})
    else:
        show_asked(told, name)


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@_BY
@as_json
@click.pass_obj
def agree(call: Invocation, first: str, second: str, by: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Tell that one of FIRST and SECOND would like to be introduced."""
    with call.means() as means:
        introduction = opting.find_introduction(means.store, first, second)
        who = opting.side_of(means.store, introduction, by)
        agreed = opting.agree(means.store, introduction, who, call.now())
        if as_json:
            print_introduction(agreed, {})
        else:
            say(f"{opting.name_of(means.store, who)} has agreed. {_next(agreed, means.store)}")
            ready = agreed.state is Opting.AGREED and agreed.because
            if ready and agreed.by is Bringing.MAIL and _talks():
                _send_on_a_yes(agreed, means, call)


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@_BY
@as_json
@click.pass_obj
def decline(call: Invocation, first: str, second: str, by: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Tell that one of FIRST and SECOND would rather not; the other never hears who or why."""
    with call.store() as (config, store):
        introduction = opting.find_introduction(store, first, second)
        who = opting.side_of(store, introduction, by)
        ended = opting.decline(store, introduction, who, call.now())
        _show_ended(ended, store, config.me.name, as_json=as_json)


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@as_json
@click.pass_obj
def drop(call: Invocation, first: str, second: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Give the introduction of FIRST and SECOND up; it is not suggested again."""
    with call.store() as (config, store):
        introduction = opting.find_introduction(store, first, second)
        ended = opting.drop(store, introduction, call.now())
        _show_ended(ended, store, config.me.name, as_json=as_json)


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@click.argument("how", type=BRINGING)
@as_json
@click.pass_obj
def by(call: Invocation, first: str, second: str, how: str, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Choose HOW to bring FIRST and SECOND together: in a meeting of you three, or by mail."""
    with call.store() as (_, store):
        introduction = opting.find_introduction(store, first, second)
        chosen = opting.choose(store, introduction, Bringing(how))
        if as_json:
            print_introduction(chosen, {})
        else:
            say(f"They are to be introduced by {chosen.by}. {_next(chosen, store)}")


@introductions.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@_BY_HAND
@as_json
@click.pass_obj
def send(call: Invocation, first: str, second: str, by_hand: bool, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say yes to the mail that introduces FIRST and SECOND, who both agreed, to each other."""
    with call.means() as means:
        introduction = opting.find_introduction(means.store, first, second)
        told = introducing.bring_together(introduction, means, call.now(), by_hand=by_hand)
        if as_json:
            passed_on = () if told.mailed else introduction.people
            print_introduction(told.introduction, dict.fromkeys(passed_on, told.text))
        else:
            _show_sent(told)


def _list(call: Invocation, *, as_json: bool) -> None:
    with call.store() as (config, store):
        found = overview(store, call.now(), config.me.timezone)
    if as_json:
        print_json(overview_document(found))
    else:
        show_overview(found, config.me.timezone)


def _send_on_a_yes(agreed: Introduction, means: Means, call: Invocation) -> None:
    show_words("To both:", introducing.bringing_together_words(agreed, means))
    if click.confirm("Send it to both?" if means.config.mail else "Will you send it to both?"):
        _show_sent(introducing.bring_together(agreed, means, call.now()))


def _show_sent(told: introducing.Told) -> None:
    if told.mailed:
        say("Both get the mail that introduces them, with the next tick.")
    else:
        show_words("Please send this to both of them:", told.text)


def _show_ended(ended: opting.Ended, store: Store, me: str, *, as_json: bool) -> None:
    """Say that it is over, with words for whoever was asked: not why, and not by whose doing."""
    names = {who: opting.name_of(store, who) for who in ended.introduction.people}
    words = {who: regrets(names[who], me) for who in ended.to_tell}
    if as_json:
        print_introduction(ended.introduction, words)
        return
    say(f"{' and '.join(names.values())} will not be introduced.")
    meeting = store.meeting(ended.introduction.meeting) if ended.introduction.meeting else None
    if meeting and meeting.is_open:
        say("What stands in your calendar for you three is called off with the next tick.")
    for who, text in words.items():
        show_words(f"{names[who]} was asked. If you like, tell them:", text)


def _next(introduction: Introduction, store: Store) -> str:
    """What comes next, in a sentence."""
    pair = f"{introduction.first} {introduction.second}"
    if introduction.is_open and not introduction.because:
        begin = opting.command_to_begin(*introduction.people)
        return f"Next, say why they should meet: {begin}"
    match introduction.state, introduction.by:
        case Opting.AGREED, Bringing.MEETING:
            return "Both agree: connectd drafts a meeting of you three when all are free."
        case Opting.AGREED, _:
            return f"Both agree. To write to both: connectd introductions send {pair}"
    left = [who for who in introduction.people if who not in introduction.agreed]
    if asking := [who for who in left if who not in introduction.asked]:
        return f"Next: connectd introductions ask {pair} --of {asking[0]}"
    return f"{opting.name_of(store, left[0])} has not answered yet."


def _talks() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()

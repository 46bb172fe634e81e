"""The command that begins an introduction: the user's reason, two texts, and a yes to each."""

import sys
from collections.abc import Mapping, Sequence

import click

from connectd.cli.contact_name import CONTACT
from connectd.cli.introduction_documents import introduction_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.terminal import say
from connectd.cli.terminal_introductions import show_words
from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Contact
from connectd.service.answers import find_contact
from connectd.service.introducing import Told, ask
from connectd.service.means import Means
from connectd.service.opting import Wanted, begin, check_pair, questions

BRINGING = click.Choice([way.value for way in Bringing])


@click.command()
@click.argument("first", type=CONTACT)
@click.argument("second", type=CONTACT)
@click.option("--because", help="Why they should meet, in your words. Both will read it.")
@click.option(
    "--by",
    type=BRINGING,
    default=Bringing.MEETING.value,
    show_default=True,
    help="How to bring them together once both agree.",
)
@click.option("--to-first", metavar="TEXT", help="Asks FIRST, instead of the usual words.")
@click.option("--to-second", metavar="TEXT", help="Asks SECOND, instead of the usual words.")
@click.option("--send", is_flag=True, help="Say yes to asking both.")
@as_json
@click.pass_obj
def introduce(  # noqa: PLR0913 - one for each thing that the user may choose
    call: Invocation,
    /,
    *,
    first: str,
    second: str,
    because: str | None,
    by: str,
    to_first: str | None,
    to_second: str | None,
    send: bool,
    as_json: bool,
) -> None:
    """Ask FIRST and SECOND, each alone, whether they want to be introduced to each other.

    Neither is asked before you say yes to it: here, with --send, or later with
    `connectd introductions ask`.
    """
    talks = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    with call.means() as means:
        one, other = (find_contact(means.store, words) for words in (first, second))
        me = means.config.me
        check_pair(means.store, one, other, me.timezone)
        if because is None and talks:
            because = click.prompt("Why should they meet? Both will read it")
        wanted = Wanted(because or "", Bringing(by), (to_first, to_second))
        if talks and not send and wanted.because.strip():
            wanted = _edited(wanted, one, other, me.name, call.environment)
        begun = begin(means.store, wanted, one, other, me, call.now())
        left = [who for who in (one, other) if who.id not in begun.asked]
        told: list[tuple[Contact, Told]] = []
        if talks and not send:
            _ask_on_a_yes(begun, left, means, call)
        elif send:
            told = [(who, ask(begun, who.id, means, call.now())) for who in left]
        elif not as_json:
            _say_how_to_ask(begun, left)
    if as_json:
        now = told[-1][1].introduction if told else begun
        print_introduction(now, {who.id: said.text for who, said in told if not said.mailed})
        return
    for who, said in told:
        show_asked(said, who.name)
    if not left:
        say("That is on record. `connectd introductions` shows what comes next.")


def show_asked(told: Told, name: str) -> None:
    """Say that somebody is asked by mail, or show what the user is to tell them."""
    if told.mailed:
        say(f"{name} is asked by mail, with the next tick.")
    else:
        show_words(f"Please ask {name}, alone, in these words or in yours:", told.text)


def print_introduction(introduction: Introduction, to_pass_on: Mapping[str, str]) -> None:
    """Print it, and the texts that the user is to pass on, by the id of who gets them."""
    print_json(introduction_document(introduction) | {"to_pass_on": dict(to_pass_on)})


def _edited(
    wanted: Wanted, one: Contact, other: Contact, me: str, environment: Mapping[str, str]
) -> Wanted:
    """Show both texts, and change them as the user wishes."""
    texts = questions(wanted, one, other, me)
    for who, text in zip((one, other), texts, strict=True):
        show_words(f"To {who.name}:", text)
    if not click.confirm("Change these words in your editor?"):
        return wanted._replace(texts=texts)
    from connectd.cli.editing import in_editor  # noqa: PLC0415 - its imports are seldom needed

    written = (in_editor(text, environment, "letter.txt") for text in texts)
    to_first, to_second = (w if w.strip() else t for w, t in zip(written, texts, strict=True))
    changed = wanted._replace(texts=(to_first, to_second))
    for who, text in zip((one, other), questions(changed, one, other, me), strict=True):
        show_words(f"To {who.name}:", text)
    return changed


def _ask_on_a_yes(
    begun: Introduction, people: Sequence[Contact], means: Means, call: Invocation
) -> None:
    for who in people:
        how = "Send to" if means.config.mail else "Will you ask"
        if click.confirm(f"{how} {who.name}?"):
            show_asked(ask(begun, who.id, means, call.now()), who.name)
        else:
            say(f"Nothing goes to {who.name}. Later: {_command(begun, who.id)}")


def _say_how_to_ask(begun: Introduction, people: Sequence[Contact]) -> None:
    for who in people:
        show_words(f"To {who.name}:", begun.texts[begun.people.index(who.id)])
    if not begun.asked:
        say("Nobody has been asked yet. Ask each of them when you like:")
    for who in people:
        say(f"    {_command(begun, who.id)}")


def _command(begun: Introduction, who: str) -> str:
    return f"connectd introductions ask {begun.first} {begun.second} --of {who}"

"""The commands that put a person on the list or change one: by options, or in an editor."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from connectd.cli import terminal
from connectd.cli.contact_name import CONTACT
from connectd.cli.documents import relation_document
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.domain.model import Contact, Kind, Step
from connectd.edges.store import Store
from connectd.formats.people import PersonRow
from connectd.service import people
from connectd.service.answers import find_contact
from connectd.service.status import Relation, relation

_KINDS = click.Choice([kind.value for kind in Kind])
_STEPS = click.Choice([step.value for step in Step])


_Command = TypeVar("_Command", bound=Callable[..., Any])
_Options = tuple[Callable[[Any], Any], ...]

_OF_BOTH: _Options = (
    click.option("--every", "every_days", type=click.IntRange(1), help="Days between meetings."),
    click.option("--timezone", help="Where they live, as in Europe/Berlin."),
    click.option("--kind", type=_KINDS, help="What you do when you meet; coffee at first."),
    click.option("--note", help="For your eyes only."),
    click.option("--free-busy", metavar="URL", help="Where they publish when they are busy."),
    click.option("--step", type=_STEPS, help="Pins the step, whatever is recorded."),
    click.option("--tag", "tags", multiple=True, metavar="WORD", help="May be given repeatedly."),
    click.option("--birthday", metavar="DAY", help="As in 1980-03-05, or --03-05."),
    click.option(
        "--knows",
        multiple=True,
        type=CONTACT,
        metavar="CONTACT",
        help="Whom they know; repeatable.",
    ),
)
_OF_EDIT: _Options = (
    click.option("--no-every", is_flag=True, help="Let the category decide again."),
    click.option("--no-timezone", is_flag=True),
    click.option("--no-free-busy", is_flag=True),
    click.option("--no-step", is_flag=True, help="Let the step follow from the record again."),
    click.option("--no-tags", is_flag=True),
    click.option("--no-birthday", is_flag=True),
    click.option("--no-snooze", is_flag=True, help="Count them again at once."),
    click.option("--no-archived", is_flag=True, help="Bring them back onto the list."),
)
_EMPTIED = {
    "no_every": "every_days",
    "no_timezone": "timezone",
    "no_free_busy": "free_busy",
    "no_step": "step",
    "no_tags": "tags",
    "no_birthday": "birthday",
    "no_snooze": "snoozed_until",
    "no_archived": "archived",
}


def _with(options: _Options) -> Callable[[_Command], _Command]:
    """Give a command these options, in their order."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.command()
@click.argument("name")
@click.option("--email", "emails", multiple=True, required=True, help="May be given repeatedly.")
@click.option("--category", required=True, help="One of the categories in the configuration.")
@_with(_OF_BOTH)
@as_json
@click.pass_obj
def add(
    call: Invocation,
    /,
    *,
    knows: tuple[str, ...],
    as_json: bool,
    **about: Any,  # noqa: ANN401 - whatever the options hold
) -> None:
    """Put NAME on the list."""
    row = PersonRow(**_given(about))
    with call.store() as (config, store):
        known = _people(store, knows)
        added = people.add(store, row, config.policy.categories, known)
        shown = relation(call.now(), config, store, added)
    _show(shown, f"Added {added.name} ({added.id}).", as_json=as_json)


@click.command()
@click.argument("contact", type=CONTACT)
@click.option("--name")
@click.option("--email", "emails", multiple=True, help="Replaces all addresses; repeatable.")
@click.option("--category")
@_with(_OF_BOTH + _OF_EDIT)
@as_json
@click.pass_obj
def edit(
    call: Invocation,
    /,
    *,
    contact: str,
    knows: tuple[str, ...],
    as_json: bool,
    **about: Any,  # noqa: ANN401 - whatever the options hold
) -> None:
    """Change what is known of CONTACT (an id, or a part of the name).

    On a terminal, and without any of these options, it opens your editor ($VISUAL or $EDITOR).
    A --tag replaces all that are there; who is said to know somebody stays so.
    """
    clear = frozenset(field for flag, field in _EMPTIED.items() if about.pop(flag))
    given = _given(about)
    if both := sorted(clear & given.keys()):
        raise click.UsageError(f"{both[0]}: set it to something, or to nothing; please say one.")
    if not (given or clear or knows):
        if as_json or not at_a_terminal():
            raise click.UsageError("There is nothing to change. Write it as in --every 30.")
        _edit_in_editor(call, contact)
        return
    changes = people.Changes(**given, clear=clear)
    with call.store() as (config, store):
        person, known = find_contact(store, contact), _people(store, knows)
        changed = people.edit(store, person, changes, config.policy.categories, known)
        shown = relation(call.now(), config, store, changed)
    _show(shown, f"Changed {changed.name} ({changed.id}).", as_json=as_json)


def _edit_in_editor(call: Invocation, contact: str) -> None:
    from connectd.cli.editing import edit_person  # noqa: PLC0415 - its imports are seldom needed

    with call.store() as (config, store):
        person = find_contact(store, contact)
        edit_person(store, person, config.policy.categories, call.environment)


def _given(about: dict[str, Any]) -> dict[str, Any]:
    """What was told by options, with the types that a person's fields have."""
    types = {"kind": Kind, "step": Step}
    return {
        field: types.get(field, lambda value: value)(value)
        for field, value in about.items()
        if value not in (None, ())
    }


def _people(store: Store, words: tuple[str, ...]) -> list[Contact]:
    return [find_contact(store, one) for one in words]


def _show(relation: Relation, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(relation_document(relation))
    else:
        terminal.say(text)

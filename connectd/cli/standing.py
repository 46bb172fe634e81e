"""The command `status`."""

import sys
from shutil import get_terminal_size

import click

from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.service.status import status as put_together


@click.command()
@click.option("--all", "everything", is_flag=True, help="Show all, however long it gets.")
@as_json
@click.pass_obj
def status(call: Invocation, everything: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show the plan on one page: the goal, the people, what waits for you and what comes next."""
    with call.store() as (config, store):
        standing = put_together(call.now(), config, store)
    if as_json:
        from connectd.cli.status_documents import status_document  # noqa: PLC0415 - with --json alone

        print_json(status_document(standing))
        return
    from connectd.cli.terminal_status import show_status  # noqa: PLC0415 - without it alone

    show_status(
        standing,
        config.me.timezone,
        width=get_terminal_size().columns,
        colours=_colours(call),
        everything=everything,
    )


def _colours(call: Invocation) -> bool:
    if not sys.stdout.isatty():
        return False
    from connectd.cli.colours import wants_colours  # noqa: PLC0415 - for terminals alone

    return wants_colours(call.environment)

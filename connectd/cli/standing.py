"""The command `status`."""

import click

from connectd.cli import terminal
from connectd.cli.documents import status_document
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.service.status import status as put_together


@click.command()
@as_json
@click.pass_obj
def status(call: Invocation, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show the goal month by month, what stands open, and who is overdue."""
    with call.store() as (config, store):
        standing = put_together(call.now(), config, store)
    if as_json:
        print_json(status_document(standing))
    else:
        terminal.show_status(standing, config.me.timezone)

"""The command `digest`."""

import click

from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.service.digest_words import digest_now


@click.command()
@as_json
@click.pass_obj
def digest(call: Invocation, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show what the weekly digest would say now; nothing is sent."""
    with call.store() as (config, store):
        words = digest_now(call.now(), config, store)
    if as_json:
        print_json(words._asdict())
    else:
        click.echo(f"{words.subject}\n\n{words.text}", nl=False)

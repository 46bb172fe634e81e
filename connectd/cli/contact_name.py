"""What CONTACT is on the command line: any unambiguous part of a name, which a shell completes."""

import os
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from connectd.cli.invocation import Invocation
from connectd.domain.model import Contact
from connectd.edges.store import Store
from connectd.errors import ConnectdError
from connectd.formats.plain_text import clean

_LONGEST_NAME = 60


class _ContactName(click.ParamType[str]):
    """Taken as it is typed: who is meant is found where the list is at hand."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The ids of those one word of whose name, or whose id, begins like ``incomplete``."""
        del param
        config_option = ctx.find_root().params.get("config")
        return [
            CompletionItem(contact.id, help=clean(contact.name, _LONGEST_NAME))
            for contact in _listed(Invocation(config_option, None, os.environ))
            if _begins(contact, incomplete.casefold())
        ]


CONTACT = _ContactName()


def _listed(call: Invocation) -> tuple[Contact, ...]:
    """Who is on the list; nobody where it cannot be read: a shell wants names, not complaints."""
    with suppress(ConnectdError), Store.open(call.config().state, create=False) as store:
        return store.contacts()
    return ()


def _begins(contact: Contact, beginning: str) -> bool:
    words = (contact.id, contact.name, *contact.name.split())
    return any(word.casefold().startswith(beginning) for word in words)

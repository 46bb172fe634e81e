"""Passwords and tokens of accounts: from a command, the service manager, or the keyring.

A secret is fetched when it is needed and kept nowhere. No error made here holds one: neither
the output of a command nor its arguments, nor an exception that could carry them along.
"""

from connectd.edges.secrets.core_dumps import forbid_core_dumps
from connectd.edges.secrets.desktop_keyring import (
    keyring_is_there,
    password_of,
    remove_from_keyring,
    store_in_keyring,
)
from connectd.edges.secrets.sources import Secret, fetch

__all__ = [
    "Secret",
    "fetch",
    "forbid_core_dumps",
    "keyring_is_there",
    "password_of",
    "remove_from_keyring",
    "store_in_keyring",
]

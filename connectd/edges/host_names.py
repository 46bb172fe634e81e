"""Looks a host name up, as the system does it for every connection."""

import socket

from connectd.errors import ServerError


def addresses_of(host: str) -> tuple[str, ...]:
    """Return the addresses of a host, each once; waits as long as the system's resolver does.

    Raises ServerError where there is no such name.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ServerError(f"No address is known for the name {host}.") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

"""Asks the domain name system where a domain has a service (RFC 6763, RFC 2782).

Nothing here is proof of anything: answers come unsigned, so whoever uses one shows it first.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from connectd.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dns.resolver import Answer, Resolver

_ANSWERS_LIMIT = 10
_TEXT_LIMIT = 2000


class Service(NamedTuple):
    """A host and port at which a service is offered; the host without its final dot."""

    host: str
    port: int


class Names:
    """Looks names up, each within ``seconds``.

    ``server`` is the address and port of the name server to ask, None for the system's.
    """

    def __init__(self, *, server: tuple[str, int] | None = None, seconds: float = 5.0) -> None:
        self._server = server
        self._seconds = seconds
        self._resolver: Resolver | None = None

    def services(self, name: str) -> tuple[Service, ...] | None:
        """Where a service is offered (SRV), in the order in which to try (RFC 2782).

        None if nothing is said; nothing where it is said that there is none. Raises ServerError
        if the name server gives no answer.
        """
        answer = self._answer(name, "SRV")
        if answer is None or answer.rrset is None:
            return None
        records: list[Any] = answer.rrset.processing_order()
        return tuple(
            Service(record.target.to_text(omit_final_dot=True), record.port)
            for record in records[:_ANSWERS_LIMIT]
            if len(record.target) > 1 and record.port
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings of the TXT records of a name; raises ServerError as ``services`` does."""
        answer = self._answer(name, "TXT")
        if answer is None or answer.rrset is None:
            return ()
        strings = [part for record in answer.rrset for part in record.strings]
        return tuple(
            part.decode("utf-8", errors="replace")[:_TEXT_LIMIT]
            for part in strings[:_ANSWERS_LIMIT]
        )

    def _answer(self, name: str, kind: str) -> "Answer | None":
        """The records of a kind; None if the name or such records do not exist."""
        from dns.exception import DNSException  # noqa: PLC0415 - seldom needed
        from dns.resolver import NXDOMAIN, NoAnswer  # noqa: PLC0415 - seldom needed

        try:
            return self._asking()(f"{name}.", kind, search=False, lifetime=self._seconds)
        except (NXDOMAIN, NoAnswer):
            return None
        except (DNSException, OSError, ValueError) as error:
            domain = name.rpartition("_tcp.")[2]
            raise ServerError(
                f"The name server gave no answer about {domain}; is this computer online?"
            ) from error

    def _asking(self) -> "Callable[..., Answer]":
        from dns.resolver import Resolver  # noqa: PLC0415 - seldom needed

        if self._resolver is None:
            self._resolver = Resolver(configure=self._server is None)
            if self._server is not None:
                address, self._resolver.port = self._server
                self._resolver.nameservers = [address]
        return self._resolver.resolve

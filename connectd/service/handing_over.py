"""One conversation with the mail server, whatever is mailed: what came of it, and what is next."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from connectd.edges.smtp import MailServer, Stage
from connectd.edges.store import LetterRecord, Mail, Store
from connectd.edges.store.mails import DELIVERED, QUEUED, REFUSED, UNKNOWN
from connectd.errors import (
    CredentialsError,
    LoginRefusedError,
    OutcomeUnknownError,
    RefusedError,
    ServerError,
)
from connectd.service.means import Means

MAY_BE_TRIED_AGAIN = frozenset({QUEUED, Stage.CONNECTING, Stage.LOGGED_IN, Stage.OFFERED})
"""The stages in which the mail server has certainly not taken a mail."""
_RESTS_UNTIL = "mail_rests_until"
_REST_AFTER_REFUSED_LOGIN = timedelta(hours=1)
_REST_WITHOUT_LOGIN = timedelta(seconds=30)
"""Until the next tick: to ask the keyring or a command once in each of them is enough."""


class Outcome(NamedTuple):
    """Where a message stands after the conversation, and what the server said.

    ``stage`` is DELIVERED, REFUSED, UNKNOWN, or QUEUED where it is to be tried again.
    """

    stage: str
    said: str


def hand_over(
    server: MailServer,
    message: Mail | LetterRecord,
    entering: Callable[[Stage], None],
    means: Means,
    now: datetime,
) -> Outcome:
    """Give a message to the mail server; ``entering`` records each stage before it begins."""
    try:
        said = server.send(message.sender, message.recipient, message.message, entering)
    except OutcomeUnknownError as error:
        return Outcome(UNKNOWN, str(error))
    except RefusedError as error:
        return Outcome(REFUSED, str(error))
    except (CredentialsError, ServerError) as error:
        if isinstance(error, CredentialsError):
            # servers lock accounts after a few refusals
            refused = isinstance(error, LoginRefusedError)
            until = now + (_REST_AFTER_REFUSED_LOGIN if refused else _REST_WITHOUT_LOGIN)
            means.store.set_note(_RESTS_UNTIL, until.isoformat())
        return Outcome(QUEUED, str(error))
    return Outcome(DELIVERED, said)


def end_rest(store: Store) -> None:
    """Let the mail server be logged in to again: somebody just was."""
    store.set_note(_RESTS_UNTIL, None)


def rests(means: Means, now: datetime) -> bool:
    """Whether the mail server is left alone after a login that it refused, or that was not had.

    A rest that ends further ahead than one lasts was noted by a clock that was wrong then.
    """
    until = means.store.get_note(_RESTS_UNTIL)
    if until is None:
        return False
    return now < datetime.fromisoformat(until) <= now + _REST_AFTER_REFUSED_LOGIN

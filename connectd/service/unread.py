"""What an error says of a calendar that could not be read because of it."""

from connectd.domain.view import Unread
from connectd.errors import RefusedError, ServerError


def unread_because(error: Exception, account: str, calendar: str) -> Unread:
    """The calendar (or all of them) of an account as unread."""
    return Unread(
        calendar=f"{account}: {calendar}",
        reason=str(error),
        account=account,
        passing=isinstance(error, ServerError) and not isinstance(error, RefusedError),
        retry_after=error.retry_after if isinstance(error, ServerError) else None,
    )

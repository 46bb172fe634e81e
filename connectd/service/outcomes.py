"""What became of an action: it was done, or could not be done now."""

from dataclasses import dataclass

from connectd.domain.view import Name


@dataclass(frozen=True, slots=True)
class Applied:
    """A deed done. ``detail`` says why, in a sentence."""

    action: Name
    meeting: str
    contact: str
    detail: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A deed that could not be done now, and why.

    ``retry_after`` is for how many seconds the calendar server asked to be left alone.
    """

    action: Name
    contact: str
    reason: str
    retry_after: int | None = None


Deed = Applied | Failure

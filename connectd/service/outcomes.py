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
    """A deed that could not be done now, and why."""

    action: Name
    contact: str
    reason: str


Deed = Applied | Failure

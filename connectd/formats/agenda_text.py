"""What the user reads of an agenda: the points of it, and the mail that brings them."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from connectd.domain.model import Contact, Meeting
from connectd.formats.first_names import first_names
from connectd.formats.mail import spelled_out
from connectd.formats.wording import ACTIVITY, listed, one_line, without_addresses


def called(people: Iterable[Contact]) -> str:
    """What friends would call these people: “Ada”, “Ada and Bob”."""
    return " and ".join(first_names([one_line(contact.name) or contact.id for contact in people]))


def talking_points(people: Sequence[Contact], lines: Iterable[str]) -> list[str]:
    """The lines of an agenda below their heading, after an empty one.

    No address of these people is in them, wherever one was typed.
    """
    addresses = [address for contact in people for address in contact.emails]
    points = (without_addresses(one_line(line), addresses) for line in lines)
    return listed(f"To talk about with {called(people)}:", points)


def agenda_subject(people: Iterable[Contact]) -> str:
    """What the mail with an agenda is called."""
    return f"What to talk about with {called(people)}"


def agenda_mail(
    meeting: Meeting, people: Sequence[Contact], zone: ZoneInfo, lines: Iterable[str]
) -> str:
    """The words of the mail that brings the user an agenda, once the invitation is out."""
    names = " and ".join(one_line(contact.name) or contact.id for contact in people)
    opening = [
        f"{ACTIVITY[meeting.kind].capitalize()} with {names}: {spelled_out(meeting.span, zone)}",
        "This is for your eyes only; it stands in no calendar.",
    ]
    return "\n".join([*opening, *talking_points(people, lines), ""])

"""Who takes part in an event, and whether its time is taken for the user."""

from dataclasses import dataclass
from urllib.parse import unquote

from connectd.domain.addresses import valid_address
from connectd.formats.content_lines import Component, Line

_OUT_OF_OFFICE = frozenset({"OOF"})


@dataclass(frozen=True, slots=True)
class Attendance:
    """The fields of an Event that follow from its people and its status."""

    busy: bool
    mine: bool
    people: tuple[str, ...]
    attendee_count: int


def attendance(component: Component, mine: frozenset[str]) -> Attendance:
    """Read who takes part; ``mine`` are the user's own addresses in lower case.

    Asked but not answered, and tentative, are taken time. What the user declined on every
    line that names him, and what is cancelled, is not.
    """
    organizers = [_Participant(line) for line in component.all("ORGANIZER")]
    attendees = [_Participant(line) for line in component.all("ATTENDEE")]
    me = [each for each in attendees if each.is_among(mine)]
    declined = bool(me) and all(each.declined for each in me)
    by_others = bool(organizers) and not any(each.is_among(mine) for each in organizers)
    refusing = {address for each in attendees if each.declined for address in each.addresses}
    others = (address for each in (*organizers, *attendees) for address in each.addresses)
    cancelled = _cancelled(component)
    return Attendance(
        busy=not (cancelled or declined or is_free(component)),
        mine=not (cancelled or declined or (by_others and not me)),
        people=tuple(dict.fromkeys(other for other in others if other not in mine | refusing)),
        attendee_count=len({each.key for each in attendees}),
    )


class _Participant:
    """An ORGANIZER or ATTENDEE line."""

    def __init__(self, line: Line) -> None:
        self.addresses = addresses_of(line)
        self.key = self.addresses[0] if self.addresses else line.value
        self.declined = line.parameters.get("PARTSTAT", "").upper() == "DECLINED"

    def is_among(self, addresses: frozenset[str]) -> bool:
        return not addresses.isdisjoint(self.addresses)


def is_free(component: Component) -> bool:
    """Whether an event says itself that it takes no time; out of office always does.

    Where its lines contradict one another, it takes time.
    """
    shown_as = _words(component, "X-MICROSOFT-CDO-BUSYSTATUS")
    if shown_as & _OUT_OF_OFFICE:
        return False
    return (
        _cancelled(component)
        or shown_as == {"FREE"}
        or _words(component, "TRANSP") == {"TRANSPARENT"}
    )


def addresses_of(line: Line) -> tuple[str, ...]:
    """Return the e-mail addresses of an ORGANIZER or ATTENDEE, in lower case.

    The value counts if it is a ``mailto:`` with nothing but one address in it (RFC 6068), and
    so does the EMAIL parameter (RFC 7986 section 6.2).
    """
    scheme, _, rest = line.value.strip().partition(":")
    written = [unquote(rest)] if scheme.lower() == "mailto" else []
    written.append(line.parameters.get("EMAIL", ""))
    lower = (address.strip().lower() for address in written)
    return tuple(dict.fromkeys(address for address in lower if valid_address(address)))


def _cancelled(component: Component) -> bool:
    return _words(component, "STATUS") == {"CANCELLED"}


def _words(component: Component, name: str) -> set[str]:
    return {line.value.strip().upper() for line in component.all(name)}

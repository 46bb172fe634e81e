"""How the meetings that stand open are told: when, with whom, and what is to be known of each."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from connectd.domain.model import SENT, Delivery, Meeting, Reply, State
from connectd.domain.waiting import may_not_know
from connectd.service.status import Status

_STATES = {
    State.DRAFTED: "draft, waits for your yes",
    State.ACCEPTED: "you said yes, not sent yet",
    State.INVITED: "invited, no answer yet",
    State.CONFIRMED: "confirmed",
    State.CANCELLED: "called off",
    State.TURNED_DOWN: "off, since one of them declined",
}
_UNANSWERED = frozenset({State.DRAFTED, State.ACCEPTED})


def meeting_lines(status: Status, names: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    """A line for each meeting, those ahead first; ``names`` are what the people are called."""
    now = status.now
    told = [one for one in status.meetings if one.is_open or may_not_know(one, now)]
    ahead = sorted(told, key=lambda meeting: meeting.span.end <= now)
    return [f"{_when(one, zone)}  {with_whom(one, names)}: {_standing(one, now)}" for one in ahead]


def with_whom(meeting: Meeting, names: Mapping[str, str]) -> str:
    """Those whom the user meets."""
    return " and ".join(names.get(person, person) for person in meeting.people)


def _standing(meeting: Meeting, now: datetime) -> str:
    text = _STATES[meeting.state]
    if meeting.state is State.INVITED and meeting.reply is Reply.TENTATIVE:
        text = "invited, they answered: perhaps"
    if meeting.conflict:
        text += f"; conflict: {meeting.conflict}"
    if meeting.is_contested and meeting.state in _UNANSWERED:
        text += ", so it needs a yes that knows of it"
    if meeting.delivery is Delivery.UNKNOWN:
        text += f"; {meeting.delivery_detail} (connectd resend {meeting.contact} sends it again)"
    elif meeting.delivery is Delivery.MANUAL:
        text += "; connectd has sent nothing, so please tell them yourself"
    elif meeting.delivery:
        text += f" ({': '.join(filter(None, (meeting.delivery, meeting.delivery_detail)))})"
    if meeting.span.end <= now and meeting.state in SENT:
        text += f"; did it take place? connectd done {meeting.contact}, or missed"
    elif meeting.missing_since:
        meant = "calls it off" if meeting.state in SENT else "counts as a no"
        text += f"; gone from your calendar, which {meant} unless it comes back within ten minutes"
    return text


def _when(meeting: Meeting, zone: ZoneInfo) -> str:
    start, end = meeting.span.start.astimezone(zone), meeting.span.end.astimezone(zone)
    return f"{start:%a %Y-%m-%d %H:%M}-{end:%H:%M}"

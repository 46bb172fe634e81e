"""How the user and the contacts answer: what each would say to a meeting at a given time.

An answer belongs to a contact and to a half of a local day: asked again about the same one,
they say the same. The figures are choices. The user answers a draft after about two and a half
hours (log-normal, 3 minutes to 2 days), overlooks 6 % of the drafts, moves 10 % of those that
suit, and speaks of the past in 80 % of the cases. Nobody answers between 22 and 7 o'clock.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from connectd.domain.model import Span
from simulation.world import World

_OVERLOOKS = 0.06
_MOVES = 0.10
_TELLS = 0.80
_NIGHT = (22, 7)
_SLEEP = timedelta(hours=9)


class UserAnswer(NamedTuple):
    """What the user says to a draft and when; ``moves`` says yes to another time."""

    at: datetime
    yes: bool
    moves: bool


class ContactAnswer(NamedTuple):
    """What the contact says to an invitation and when, and what becomes of a yes.

    ``cancels_at`` is the share of the time until the meeting after which they call it off.
    """

    at: datetime
    yes: bool
    cancels_at: float | None
    comes: bool


def of_user(world: World, contact: str, span: Span, shown_at: datetime) -> UserAnswer | None:
    """The answer to a draft, None where it is overlooked."""
    day, half_day = world.half_day(span.start)
    key = (contact, day, half_day[1])
    chances = world.chances
    if chances.happens(_OVERLOOKS, "overlooks", *key):
        return None
    hours = min(48.0, max(0.05, chances.about(2.5, 1.4, "answers after", *key)))
    yes = not chances.happens(world.user.declines_at(half_day), "declines", *key)
    moves = yes and chances.happens(_MOVES, "moves", *key)
    return UserAnswer(_awake(world, shown_at + timedelta(hours=hours)), yes, moves)


def of_contact(world: World, contact: str, span: Span, sent_at: datetime) -> ContactAnswer | None:
    """The answer to an invitation, None where it is never given."""
    day, half_day = world.half_day(span.start)
    key = (contact, day, half_day[1])
    person, chances = world.people[contact], world.chances
    if chances.happens(person.silent, "silent", *key):
        return None
    hours = chances.about(person.reply_hours, 0.8, "replies after", *key)
    yes = chances.happens(person.agrees, "agrees", *key)
    cancels = yes and chances.happens(person.cancels, "cancels", *key)
    return ContactAnswer(
        _awake(world, sent_at + timedelta(hours=min(240.0, max(0.2, hours)))),
        yes,
        chances.share("cancels at", *key) if cancels else None,
        yes and not cancels and not chances.happens(person.stays_away, "stays away", *key),
    )


def told_at(world: World, uid: str, asked_at: datetime) -> datetime | None:
    """When the user says whether a meeting took place, None for never."""
    if not world.chances.happens(_TELLS, "tells", uid):
        return None
    hours = 1 + 35 * world.chances.share("tells after", uid)
    return _awake(world, asked_at + timedelta(hours=hours))


def _awake(world: World, moment: datetime) -> datetime:
    """The moment, or as long after the end of the night."""
    evening, morning = _NIGHT
    hour = moment.astimezone(world.policy.zone).hour
    return moment + _SLEEP if hour >= evening or hour < morning else moment

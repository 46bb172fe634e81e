"""Says what time must be kept free because of an event that cannot be read for certain.

An event that takes place once costs its own time. One that repeats costs its time of day on
every day of its life, because it is its rule that is not understood. Where no more than a
date can be read, the whole day is kept free.
"""

from connectd.domain.spans import Spans, clip, merge
from connectd.domain.view import Unreadable
from connectd.formats import blocked_words
from connectd.formats.attendance import attendance, is_free
from connectd.formats.content_lines import Component
from connectd.formats.entries import title_of, uid_of
from connectd.formats.plain_text import clean
from connectd.formats.readings import Perspective
from connectd.formats.rough_times import RoughTimes, rough_times
from connectd.formats.time_values import DAY
from connectd.formats.zones import ZoneOptions

SPANS_LIMIT = 1_000
"""Separate spans named for one event; more of them are drawn together."""

_LONGEST_ZONE_NAME = 50


def unknown_time(
    component: Component, options: ZoneOptions, perspective: Perspective, reason: str
) -> Unreadable | None:
    """Return what the component costs in the window, or None if that is nothing.

    Never raises for what the component says. It costs nothing if it says that it is free,
    or if its time lies outside the window.
    """
    mine = frozenset(perspective.addresses)
    if is_free(component) or (component.whole and not attendance(component, mine).busy):
        return None
    times = rough_times(component, options, perspective.window)
    spans = _spans(times, perspective)
    inside = clip(spans, perspective.window)
    if len(inside) > SPANS_LIMIT:
        inside = clip(merge(inside, margin=DAY), perspective.window)
    if not inside and (times.own or times.listed):
        return None
    return Unreadable(
        calendar=perspective.calendar,
        href=perspective.href,
        uid=uid_of(component),
        title=title_of(component),
        reason=reason,
        blocks=_in_words(component, times, spans, options, perspective),
        spans=inside,
    )


def _spans(times: RoughTimes, perspective: Perspective) -> Spans:
    if times.too_many:
        return (perspective.window,)
    if times.life is None:
        return merge(each.span() for each in (*times.own, *times.listed))
    every_day = times.life.spans(perspective.window)
    return merge((*(each.span() for each in times.listed), *every_day))


def _in_words(
    component: Component,
    times: RoughTimes,
    spans: Spans,
    options: ZoneOptions,
    perspective: Perspective,
) -> str:
    if not spans:
        return blocked_words.NO_TIME
    if times.too_many:
        return blocked_words.ALL_TIME
    if times.life is None:
        return blocked_words.these(spans, perspective.zone)
    first = times.life.times[0]
    zone = _zone_name(component, options, perspective)
    return blocked_words.every_day(first.start, first.by_wall, zone, times.life.last)


def _zone_name(component: Component, options: ZoneOptions, perspective: Perspective) -> str:
    """The zone in which a series is described: its own."""
    line = component.first("DTSTART")
    tzid = line.parameters.get("TZID") if line else None
    if line and line.value.strip().upper().endswith("Z"):
        return "UTC"
    if tzid is None:
        return perspective.zone
    name = clean(tzid, _LONGEST_ZONE_NAME)
    return name if options(tzid) else f"{name}, an unknown time zone"

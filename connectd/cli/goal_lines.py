"""How the goal and its months are told: a small bar for each month, and what is to be known."""

from collections.abc import Iterator, Sequence

from connectd.cli.page import row, sentence
from connectd.domain.goal import Standing
from connectd.domain.model import Month
from connectd.domain.outlook import Outlook
from connectd.formats.percents import percent
from connectd.formats.plain_text import clean
from connectd.service.status import Status

_LONG = 500
_LONGEST_BAR = 10
_PAST_MONTHS = 3
_BAR_LINES = 2


def goal_lines(status: Status, this_month: Month, width: int, *, everything: bool) -> list[str]:
    """The goal, and its months in one row where they fit; this month is marked with ``>``."""
    goal = status.goal
    said = f"Goal: {goal.people_per_month} different people a month, {goal.months} months"
    starts = f". It starts in {goal.starts}." if this_month < goal.starts else ""
    months = [month for month in status.months if month.goal]
    bars = _bars(months, this_month, width, everything=everything)
    return [*sentence(said + starts, width), *bars, *_summary(status, width)]


def month_lines(status: Status, this_month: Month, *, everything: bool) -> list[str]:
    """A line for this month, and for those ahead whose chance is known; or for every month."""
    return [
        clean(f"{month.month}: {_told(month, status.outlooks.get(month.month))}", _LONG)
        for month in status.months
        if month.goal
        and (everything or month.month == this_month or month.month in status.outlooks)
    ]


def bar(month: Standing) -> str:
    """Those met as full dots and those missing as empty ones; a large goal in numbers."""
    if month.goal > _LONGEST_BAR:
        return f"{month.met}/{month.goal}"
    return "●" * min(month.met, month.goal) + "○" * max(0, month.goal - month.met)


def _bars(
    months: Sequence[Standing], this_month: Month, width: int, *, everything: bool
) -> tuple[str, ...]:
    drawn = [f"{'>' * (one.month == this_month)}{one.month} {bar(one)}" for one in months]
    laid = row("", drawn, width, gap="  ")
    if everything or len(laid) <= _BAR_LINES:
        return laid
    past = sum(1 for one in months if one.month < this_month)
    recent = max(0, min(past, len(drawn) - 1) - _PAST_MONTHS)
    before = [f"{recent} before"] if recent else []
    return row("", [*before, *drawn[recent:]], width, _BAR_LINES, gap="  ")


def _told(month: Standing, outlook: Outlook | None) -> str:
    told = f"{month.met} of {month.goal} met"
    if month.scheduled:
        told += f", {len(month.scheduled)} scheduled"
    if month.open_drafts:
        told += f", {month.open_drafts} waiting for your yes"
    if outlook is None or month.met >= month.goal:
        return told
    told += f"; chance {percent(outlook.chance)}"
    best = outlook.raised_by[:1]
    return told + "".join(f" ({raised.what}: {percent(raised.chance)})" for raised in best)


def _summary(status: Status, width: int) -> Iterator[str]:
    summary = status.summary
    if summary is None:
        return
    yield from sentence(
        f"The goal is over: {summary.months_reached} of {summary.months} months reached, "
        f"different people met: {summary.people}, meetings: {summary.meetings}.",
        width,
    )
    this_month = status.months[-1].month
    yield f'For the next one, set starts = "{this_month}" and months in [goal]:'
    yield f"    {clean(str(status.configuration), _LONG)}"

"""What came of a goal once its last month is over."""

from typing import NamedTuple

from connectd.domain.goal import Ledger
from connectd.domain.model import Month


class Summary(NamedTuple):
    """The counts in the months of the goal: different people, and meetings with them."""

    months_reached: int
    months: int
    people: int
    meetings: int


def summary(ledger: Ledger) -> Summary:
    """Sum the goal of ``ledger`` up."""
    goal = ledger.goal
    met = [e for e in ledger.encounters if goal.covers(Month.of(e.on))]
    meetings = {e.meeting or (e.contact, e.on) for e in met}
    standings = map(ledger.standing, goal.all_months())
    reached = sum(1 for standing in standings if standing.met >= goal.people_per_month)
    return Summary(reached, goal.months, len({e.contact for e in met}), len(meetings))

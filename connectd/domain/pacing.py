"""How many drafts to keep open for a month, from what came of earlier ones and the time left."""

from datetime import date, datetime, timedelta

from connectd.domain.chance import drafts_wanted
from connectd.domain.experience import Experience
from connectd.domain.goal import Ledger
from connectd.domain.model import MeetingRules, Month
from connectd.domain.outlook import chances_ahead
from connectd.domain.spans import local_midnight

_ROUND = timedelta(days=7)
"""How long it takes about until it is known what came of a draft, and another can be made."""
_SURE_ENOUGH = 0.7
"""The chance of a month that needs no further draft: more would only be in the way."""


def further_drafts(
    ledger: Ledger, month: Month, learnt: Experience, now: datetime, rules: MeetingRules, most: int
) -> int:
    """How many more drafts the month needs now, ``most`` at most.

    A place that comes to nothing can be filled again as long as the month lasts. So early in a
    month a draft for each place is enough, and late in it there are more than places, as many
    as the shares of yes and of meetings that take place make necessary.
    """
    standing = ledger.standing(month)
    rounds = _rounds_left(month, now, rules, ledger)
    draft = learnt.accepted.value * learnt.agreed.value * learnt.held.value
    standing_chances = [
        1 - (1 - chance) * (1 - draft) ** (rounds - 1)
        for chance in chances_ahead(ledger, month, learnt)
    ]
    return drafts_wanted(
        standing.goal - standing.met,
        standing_chances,
        1 - (1 - draft) ** rounds,
        target=_SURE_ENOUGH,
        most=most,
    )


def _rounds_left(month: Month, now: datetime, rules: MeetingRules, ledger: Ledger) -> int:
    """How often a place in the month can be tried for, once at least."""
    following = month.plus(1)
    end = local_midnight(date(following.year, following.number, 1), ledger.zone)
    return max(1, (end - now - timedelta(hours=rules.notice_hours)) // _ROUND)

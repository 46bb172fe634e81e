"""How the months look that drafts are made for: the chance of reaching each one's goal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from connectd.domain.experience import experience
from connectd.domain.goal import Ledger, months_between
from connectd.domain.model import MeetingRules, Month
from connectd.domain.outlook import Outlook, outlook
from connectd.domain.spans import local_day

if TYPE_CHECKING:
    from connectd.service.status import Relation


def outlooks(
    now: datetime, facts: Ledger, people: "Sequence[Relation]", rules: MeetingRules
) -> Mapping[Month, Outlook]:
    """This month and those that the horizon reaches, as far as the goal covers them.

    The meetings of ``facts`` are to go back as far as experience does; ``people`` are those on
    the list.
    """
    learnt = experience(facts.meetings, now)
    names = {relation.contact.id: relation.contact.name for relation in people}
    last = local_day(now + timedelta(days=rules.horizon_days), facts.zone)
    looked_at = (
        outlook(facts, month, learnt, names, _further(now, facts, month, people, rules))
        for month in months_between(facts.today, last)
    )
    return {found.month: found for found in looked_at if found}


def _further(
    now: datetime, facts: Ledger, month: Month, people: "Sequence[Relation]", rules: MeetingRules
) -> int:
    """How many more people could be drafted for the month: each has one open meeting at a time."""
    soonest = local_day(now + timedelta(hours=rules.notice_hours), facts.zone)
    if Month.of(soonest) > month:
        return 0
    taken = {
        *facts.standing(month).people,
        *(person for intended in facts.ahead(month) for person in intended.people),
        *(
            person
            for meeting in facts.meetings
            if meeting.is_open and Month.of(local_day(meeting.span.start, facts.zone)) > month
            for person in meeting.people
        ),
    }
    return sum(
        1
        for relation in people
        if relation.contact.id not in taken and _may_be_asked(relation, month, facts)
    )


def _may_be_asked(relation: "Relation", month: Month, facts: Ledger) -> bool:
    snoozed, resting = relation.contact.snoozed_until, relation.rest
    if snoozed and Month.of(snoozed) > month:
        return False
    return resting is None or Month.of(local_day(resting.until, facts.zone)) <= month

"""Offers the user an introduction, one a week at most, and notices who knows each other."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from connectd.domain.introductions import Introduction, Opting
from connectd.domain.matching import Pair
from connectd.domain.model import Contact
from connectd.domain.seen_together import seen_together
from connectd.domain.spans import local_day
from connectd.domain.view import Name, Snapshot
from connectd.errors import StoreError
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.suggesting import suggested_pairs

_LOOKED, _OFFERED = "introductions_looked_at", "introduction_offered_at"
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def note_acquaintances(snapshot: Snapshot, means: Means) -> None:
    """Record who stands in an event together, as far as that is news; looked for once a day."""
    today = local_day(snapshot.now, means.policy.zone)
    if not snapshot.complete or means.memory.acquainted_on == today:
        return
    means.memory.acquainted_on = today
    ours = {meeting.uid for meeting in snapshot.meetings}
    together = seen_together(snapshot.events, snapshot.contacts, ours)
    if not together:
        return
    with means.store.transaction():
        for one, other in sorted(together - means.store.acquaintances()):
            means.store.add_acquaintance(one, other, "seen")


def offer_introduction(snapshot: Snapshot, means: Means) -> list[Deed]:
    """Record the best introduction there is as suggested; looked for once a day at most.

    Nothing is offered within seven days of the last one, nor while one that was offered waits
    for the user. What was offered is not offered again.
    """
    store, now = means.store, snapshot.now
    if not snapshot.complete or _within(_DAY, _LOOKED, means, now):
        return []
    if _within(_WEEK, _OFFERED, means, now) or any(_waiting(snapshot)):
        return []
    store.set_note(_LOOKED, now.isoformat())
    today = local_day(now, means.policy.zone)
    try:
        found = suggested_pairs(
            snapshot.contacts, snapshot.facts, snapshot.introductions, store, today
        )
    except StoreError as error:
        return [Failure(Name.INTRODUCE, "", str(error))]
    return _offered(found[0], snapshot, means) if found else []


def _offered(pair: Pair, snapshot: Snapshot, means: Means) -> list[Deed]:
    """Record it; the words on record of either stay out of what is told, which logs keep."""
    store, now = means.store, snapshot.now
    names = {contact.id: contact.name for contact in snapshot.contacts}
    detail = (
        f"{names[pair.helper]} may be able to help {names[pair.helped]}; "
        "connectd introductions shows with what"
    )
    with store.transaction():
        if store.introduction(pair.helper, pair.helped):
            return []
        store.save_introduction(Introduction(pair.helper, pair.helped, began_at=now))
        store.set_note(_OFFERED, now.isoformat())
        store.log(now, Name.INTRODUCE, pair.helper, None, detail)
    return [Applied(Name.INTRODUCE, "", pair.helper, detail)]


def _within(time: timedelta, note: str, means: Means, now: datetime) -> bool:
    """Whether what is noted lies so near that it holds.

    One far ahead was noted by a clock that was wrong then, and holds no longer.
    """
    noted = means.store.get_note(note)
    return noted is not None and abs(now - datetime.fromisoformat(noted)) < time


def _waiting(snapshot: Snapshot) -> Iterator[Introduction]:
    """The introductions that were suggested to the user, who has not taken them up."""
    listed = {contact.id for contact in _listed(snapshot)}
    for introduction in snapshot.introductions:
        if introduction.state is Opting.SUGGESTED and listed.issuperset(introduction.people):
            yield introduction


def _listed(snapshot: Snapshot) -> Iterator[Contact]:
    return (contact for contact in snapshot.contacts if not contact.archived)

"""What is on record of the weekly digests: which ones came, and which meetings they told of."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from connectd.domain.model import Encounter
from connectd.domain.weekly import Issue
from connectd.edges.store import Store

_NOTE = "digests"
_REMEMBERED = 200
_WEEK = timedelta(days=7)
_LOOKED_BACK = timedelta(days=90)
"""What is recorded of longer ago is no news for a look at the week."""
_BEFORE_THE_FIRST = ""

_Key = tuple[str, date]


class DigestRecord(NamedTuple):
    """The digests that came, the last ones; ``unwritten`` is the week of one that may be missing.

    So it is from before an event is written until the server has said that it stands. ``told``
    gives the week in whose digest an encounter stands, by contact and day, so that each stands
    in one digest, however late it is recorded.
    """

    issued: tuple[Issue, ...] = ()
    unwritten: str | None = None
    told: Mapping[_Key, str] = MappingProxyType({})

    def came_before(self, week: str | None) -> bool:
        """Whether a digest of another week than ``week`` came."""
        return any(one.week != week for one in self.issued)

    def news(
        self, encounters: Iterable[Encounter], today: date, week: str | None
    ) -> tuple[Encounter, ...]:
        """The encounters of which no digest but that of ``week`` has told.

        For the first digest they are those of the last seven days.
        """
        reach = _LOOKED_BACK if self.came_before(week) else _WEEK
        return tuple(
            met
            for met in encounters
            if today - reach <= met.on <= today
            and self.told.get((met.contact, met.on), week) == week
        )

    def telling(
        self,
        news: Collection[Encounter],
        encounters: Iterable[Encounter],
        today: date,
        week: str,
    ) -> "DigestRecord":
        """The record once the digest of ``week`` tells of ``news``."""
        first = today - _LOOKED_BACK
        told = {key: of for key, of in self.told.items() if of != week and key[1] >= first}
        told |= {(met.contact, met.on): week for met in news}
        if not self.came_before(week):
            older = ((met.contact, met.on) for met in encounters if first <= met.on < today - _WEEK)
            told |= dict.fromkeys(older, _BEFORE_THE_FIRST)
        return self._replace(told=told)

    def never_read(self, week: str) -> "DigestRecord":
        """The record once it is certain that the digest of ``week`` reaches nobody."""
        return self._replace(told={key: of for key, of in self.told.items() if of != week})


def digest_record(store: Store) -> DigestRecord:
    """Read what is on record."""
    note = json.loads(store.get_note(_NOTE) or "{}")
    return DigestRecord(
        tuple(Issue(week, datetime.fromisoformat(due)) for week, due in note.get("issued", ())),
        note.get("unwritten"),
        {(who, date.fromisoformat(on)): week for who, on, week in note.get("told", ())},
    )


def keep_digest_record(record: DigestRecord, store: Store) -> None:
    """Write it down; of the digests that came, the last two hundred."""
    note = {
        "issued": [[one.week, one.due.isoformat()] for one in record.issued[-_REMEMBERED:]],
        "unwritten": record.unwritten,
        "told": [[who, on.isoformat(), week] for (who, on), week in record.told.items()],
    }
    store.set_note(_NOTE, json.dumps(note))

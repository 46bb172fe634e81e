"""Which id somebody who comes on the list gets.

All that is on record about a person hangs on their id, also when they are on the list no more.
So nobody gets an id under which anything is on record, unless it is theirs.
"""

from collections.abc import Iterator, Sequence

from connectd.domain.contacts import slug, slugs
from connectd.edges.store import Store


class ContactIds:
    """The ids that are free now; what is given away here is free no more.

    Reads the record once, for as many people as come on the list within one transaction.
    """

    def __init__(self, store: Store) -> None:
        self._taken = set(store.ids_on_record())
        self._again: set[str] = set()
        self._candidates: dict[str, Iterator[str]] = {}
        self._former = {
            (_folded(former.name), address.casefold()): former.id
            for former in store.former_contacts()
            for address in former.emails
        }

    def give(self, name: str, emails: Sequence[str]) -> str:
        """The id for somebody new: a slug of the name, with a number where that is taken.

        Somebody of the same name and with an address of one who was taken off the list is that
        person, and gets the id of then.
        """
        keys = [(_folded(name), address.casefold()) for address in emails]
        theirs = (self._former[key] for key in keys if key in self._former)
        again = next((former for former in theirs if former not in self._again), None)
        if again:
            self._again.add(again)
            return again
        # kept, because all names without Latin letters have the same slug
        candidates = self._candidates.setdefault(slug(name, ()), slugs(name))
        contact_id = next(one for one in candidates if one not in self._taken)
        self._taken.add(contact_id)
        return contact_id


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()

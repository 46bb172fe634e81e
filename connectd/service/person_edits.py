"""A person changed as a text, which was offered to the user and comes back edited."""

from collections.abc import Collection

from connectd.domain.contacts import tags_of
from connectd.domain.model import Contact, Kind, Step
from connectd.edges.store import Store
from connectd.errors import SenselessError, WrongInputError
from connectd.formats.person_text import read_person
from connectd.service.people import problems_of


def edit_by_text(
    store: Store, contact_id: str, offered: str, edited: str, categories: Collection[str]
) -> Contact:
    """Save what differs between the two texts (see ``formats.person_text``).

    All else stays as it is on record, even if it has changed since the text was offered. Raises
    WrongInputError with everything that is wrong, SenselessError where the person is on the
    list no more or an address belongs to somebody else.
    """
    before, _ = read_person(offered)
    after, problems = read_person(edited)
    changes = {field: value for field, value in after.items() if value != before[field]}
    with store.transaction():
        contact = store.contact(contact_id)
        if contact is None:
            raise SenselessError(f"{contact_id} is on your list no more.")
        changed = contact._replace(**changes)
        changed = changed._replace(tags=tags_of(changed.tags))
        problems += problems_of(changed, categories)
        if problems:
            raise WrongInputError("\n".join(problems))
        step = Step(changed.step) if changed.step else None
        typed = changed._replace(kind=Kind(changed.kind), step=step)
        store.update_contact(typed)
    return typed

"""What a card of an address book says of a person, and what a change of it changes here."""

from typing import Any, NamedTuple

from connectd.domain.model import Contact


class CardPerson(NamedTuple):
    """A person on the list as their card gives it; the fields are those of a contact."""

    name: str
    emails: tuple[str, ...]
    category: str
    timezone: str | None = None
    free_busy: str | None = None
    note: str = ""
    birthday: str | None = None
    tags: tuple[str, ...] = ()


def contact_of(contact_id: str, person: CardPerson) -> Contact:
    """Somebody new on the list."""
    return Contact(id=contact_id, **person._asdict())


def follow(contact: Contact, now: CardPerson, before: CardPerson | None) -> Contact:
    """Give the contact as it is after its card was read.

    What changed on the card since it was read ``before`` changes here, also to nothing; what
    did not stays as the user has it. The first time whatever the card says is taken, and what
    it leaves empty stays. Addresses and tags that never stood on the card are kept behind
    those that do. Who is on the list is not archived.
    """
    last = before or CardPerson("", (), "")
    changed: dict[str, Any] = {
        field: value
        for field, value, earlier in zip(CardPerson._fields, now, last, strict=True)
        if value != earlier and field not in {"emails", "tags"}
    }
    return contact._replace(
        **changed,
        emails=_joined(now.emails, contact.emails, last.emails),
        tags=_joined(now.tags, contact.tags, last.tags),
        archived=False,
    )


def _joined(
    now: tuple[str, ...], kept: tuple[str, ...], before: tuple[str, ...]
) -> tuple[str, ...]:
    """What stands on the card, then what the user added; the user's order where nothing changed."""
    if now == before:
        return kept
    known = {word.casefold() for word in (*now, *before)}
    return (*now, *(word for word in kept if word.casefold() not in known))

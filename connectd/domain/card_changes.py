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


def names_differ(one: str, other: str) -> int:
    """How far two names are from each other.

    0 stands for the same one, in whatever case; 1 where every word of one is in the other, too;
    2 for any others.
    """
    words, others = one.casefold().split(), other.casefold().split()
    if words == others:
        return 0
    return 1 if set(words) <= set(others) or set(others) <= set(words) else 2


def is_surely(contact: Contact, person: CardPerson) -> bool:
    """Whether a contact and the person of a card, who share an address, are one and the same.

    A family or an office may share one: so they have the same name, or the same first address,
    or the card has all addresses of the contact.
    """
    theirs = [address.casefold() for address in contact.emails]
    on_card = [address.casefold() for address in person.emails]
    return (
        not names_differ(contact.name, person.name)
        or theirs[:1] == on_card[:1]
        or set(theirs) <= set(on_card)
    )


def follow(contact: Contact, now: CardPerson, before: CardPerson | None) -> Contact:
    """Give the contact as it is after its card was read.

    What changed on the card since it was read ``before`` changes here, also to nothing; what
    did not stays as the user has it. The first time whatever the card says is taken, and what
    it leaves empty stays. Addresses and tags that never stood on the card are kept behind
    those that do, or in front where they replace the first one. Who is on the list is not archived.
    """
    last = before or CardPerson("", (), "")
    changed: dict[str, Any] = {
        field: value
        for field, value, earlier in zip(CardPerson._fields, now, last, strict=True)
        if value != earlier and field not in {"emails", "tags"}
    }
    return contact._replace(
        **changed,
        emails=_joined(now.emails, contact.emails, last.emails) or now.emails,
        tags=_joined(now.tags, contact.tags, last.tags),
        archived=False,
    )


def _joined(
    now: tuple[str, ...], kept: tuple[str, ...], before: tuple[str, ...]
) -> tuple[str, ...]:
    """What stands on the card, then what the user added; the user's order where nothing changed.

    What the user has taken away does not come back as long as it stands on the card; if it is
    the first there, what the user has put in its place stays in front.
    """
    if now == before:
        return kept
    taken_away = _folded(before) - _folded(kept)
    on_card = tuple(word for word in now if word.casefold() not in taken_away)
    added = tuple(word for word in kept if word.casefold() not in _folded((*now, *before)))
    is_replaced = not taken_away.isdisjoint(_folded(now[:1])) and kept[:1] == added[:1]
    return (*added, *on_card) if is_replaced else (*on_card, *added)


def _folded(words: tuple[str, ...]) -> set[str]:
    return {word.casefold() for word in words}

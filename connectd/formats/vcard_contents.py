"""What one vCard says, as far as connectd wants to know it (RFC 2426, RFC 6350)."""

from typing import Any, NamedTuple

from connectd.domain.addresses import valid_address
from connectd.domain.birthdays import read_birthday
from connectd.domain.contacts import known_zone
from connectd.domain.urls import url_problem
from connectd.errors import UnreadableCardError
from connectd.formats.plain_text import clean
from connectd.formats.vcard_lines import LONGEST_NOTE, VERSIONS, CardLines

_LEAST_PREFERRED = 101
_PREFERRED = 1
_YEAR_THAT_STANDS_FOR_NONE = "X-APPLE-OMIT-YEAR"


class CardContents(NamedTuple):
    """A person or, if ``is_group``, a group named ``name``; all of it as far as it is there.

    ``emails`` stand in the order of preference, only such as can be used if there are any.
    ``timezone`` is a known IANA name, ``free_busy`` a URL that may be asked, ``birthday`` as a
    contact has it: others are left out. ``members`` are the UIDs of a group's members, in the
    form that ``plain_uid`` gives.
    """

    uid: str = ""
    is_group: bool = False
    name: str = ""
    emails: tuple[str, ...] = ()
    timezone: str | None = None
    free_busy: str | None = None
    note: str = ""
    birthday: str | None = None
    categories: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


def plain_uid(uid: str) -> str:
    """One form for the UID of a card and for what a group says of it: ``urn:uuid:`` or not."""
    return uid.strip().lower().removeprefix("urn:uuid:")


def read_contents(card: CardLines) -> CardContents:
    """Read a card; raises UnreadableCardError if that cannot be done, or not for certain."""
    if card.version not in VERSIONS:
        version = clean(card.version, 10) or "of no version"
        raise UnreadableCardError(f"this vCard is {version}; export it as vCard 3.0 or 4.0")
    if not card.readable:
        raise UnreadableCardError("this vCard cannot be understood")
    try:
        return _said(_properties(card))
    except Exception as error:  # foreign text breaks the library in many ways
        raise UnreadableCardError("this vCard cannot be understood") from error


def _properties(card: CardLines) -> dict[str, list[Any]]:
    """The properties by their names in lower case, as the library understands them."""
    import vobject  # noqa: PLC0415 - a library that is needed for vCards alone

    contents: dict[str, list[Any]] = vobject.readOne(card.text).contents
    return contents


def _said(properties: dict[str, list[Any]]) -> CardContents:
    kinds = _texts(properties, "kind") + _texts(properties, "x-addressbookserver-kind")
    members = _texts(properties, "member") + _texts(properties, "x-addressbookserver-member")
    note = "\n".join(_texts(properties, "note"))
    return CardContents(
        uid=next(iter(_texts(properties, "uid")), ""),
        is_group="group" in (kind.lower() for kind in kinds),
        name=_name(properties),
        emails=_emails(properties),
        timezone=next(filter(known_zone, _texts(properties, "tz")), None),
        free_busy=next((url for url in _texts(properties, "fburl") if not url_problem(url)), None),
        note=clean(note, LONGEST_NOTE, keep_lines=True),
        birthday=_birthday(properties),
        categories=_categories(properties),
        members=tuple(map(plain_uid, members)),
    )


def _texts(properties: dict[str, list[Any]], name: str) -> list[str]:
    """The values of a property that are text, without blanks around them."""
    values = (line.value for line in properties.get(name, ()))
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def _name(properties: dict[str, list[Any]]) -> str:
    """The name as it is written in full, else put together of its parts."""
    full = next(iter(_texts(properties, "fn")), "")
    for line in properties.get("n", ()):
        parts = (line.value.given, line.value.additional, line.value.family)
        full = full or " ".join(part for part in map(_joined, parts) if part)
    return " ".join(full.split())


def _joined(part: str | list[str]) -> str:
    return part if isinstance(part, str) else " ".join(part)


def _emails(properties: dict[str, list[Any]]) -> tuple[str, ...]:
    """The addresses, each once, those that are preferred first; unusable ones only if all are."""
    lines = sorted(properties.get("email", ()), key=_preference)
    addresses = (str(line.value).strip() for line in lines)
    by_folded: dict[str, str] = {}
    for address in filter(None, addresses):
        by_folded.setdefault(address.lower(), address)
    usable = tuple(filter(valid_address, by_folded.values()))
    return usable or tuple(by_folded.values())


def _preference(line: Any) -> int:  # noqa: ANN401 the library has no types
    """``PREF=1`` to ``PREF=100`` (RFC 6350 5.3), or ``TYPE=pref`` (RFC 2426)."""
    number = next(iter(line.params.get("PREF", ())), "")
    if number.isascii() and number.isdigit():
        return int(number)
    types = ",".join(line.params.get("TYPE", ())).lower().split(",")
    return _PREFERRED if "pref" in types else _LEAST_PREFERRED


def _birthday(properties: dict[str, list[Any]]) -> str | None:
    for line in properties.get("bday", ()):
        birthday = read_birthday(str(line.value))
        omitted = next(iter(line.params.get(_YEAR_THAT_STANDS_FOR_NONE, ())), None)
        if birthday and omitted and birthday.startswith(omitted):
            return f"-{birthday[len(omitted) :]}"
        if birthday:
            return birthday
    return None


def _categories(properties: dict[str, list[Any]]) -> tuple[str, ...]:
    words: list[str] = []
    for line in properties.get("categories", ()):
        words += map(str, line.value if isinstance(line.value, list) else [line.value])
    return tuple(stripped for word in words if (stripped := word.strip()))

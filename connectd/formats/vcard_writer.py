"""Writes people as vCards (RFC 2426 for 3.0, RFC 6350 for 4.0), which the import reads again."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from connectd.domain.card_groups import USUAL_GROUP
from connectd.domain.model import Contact
from connectd.formats.plain_text import clean
from connectd.formats.vcard_lines import LONGEST_NOTE

Version = Literal["3.0", "4.0"]
_NO_YEAR = "1604"  # stands for none where there has to be one, as Apple's programs write it


def vcards_text(
    people: Iterable[tuple[Contact, str | None]], installation: str, version: Version = "4.0"
) -> str:
    """Return one vCard for each contact, who comes with the UID of their card if there is one.

    Another one gets a UID that is always the same for this contact of this ``installation``.
    """
    return "".join(
        _vcard(contact, uid or _derived_uid(installation, contact.id), version)
        for contact, uid in people
    )


def _derived_uid(installation: str, contact_id: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'connectd:{installation}/{contact_id}')}"


def _vcard(contact: Contact, uid: str, version: Version) -> str:
    import vobject  # noqa: PLC0415 - a library that is needed for vCards alone

    card = vobject.vCard()
    card.add("version").value = version
    card.add("uid").value = uid
    card.add("fn").value = contact.name
    card.add("n").value = _parts(contact.name, vobject.vcard.Name)
    for number, address in enumerate(contact.emails, 1):
        line = card.add("email")
        line.value = address
        _prefer(line, number, version)
    card.add("categories").value = [f"{USUAL_GROUP}/{contact.category}", *contact.tags]
    if contact.timezone:
        zone = card.add("tz")
        zone.value = contact.timezone
        if version == "3.0":
            zone.params["VALUE"] = ["text"]
    if contact.free_busy:
        url = card.add("fburl")
        url.value = contact.free_busy
        url.encoded = True  # a URL is no text, so that nothing in it is escaped
    if contact.note:
        card.add("note").value = clean(contact.note, LONGEST_NOTE, keep_lines=True)
    if contact.birthday:
        _add_birthday(card, contact.birthday, version)
    text: str = card.serialize()
    return text


def _parts(name: str, kind: Any) -> Any:  # noqa: ANN401 the library has no types
    """The name in parts: the last word for the family name, which vCard 3.0 has to have."""
    given, _, family = name.rpartition(" ")
    return kind(family=family if given else "", given=given or family)


def _prefer(line: Any, number: int, version: Version) -> None:  # noqa: ANN401 as above
    if version == "4.0":
        line.params["PREF"] = [str(min(number, 100))]
    elif number == 1:
        line.params["TYPE"] = ["INTERNET", "PREF"]
    else:
        line.params["TYPE"] = ["INTERNET"]


def _add_birthday(card: Any, birthday: str, version: Version) -> None:  # noqa: ANN401 as above
    line = card.add("bday")
    if version == "4.0":
        line.value = (
            f"--{birthday[2:].replace('-', '')}"
            if birthday.startswith("--")
            else birthday.replace("-", "")
        )
    elif birthday.startswith("--"):
        line.value = f"{_NO_YEAR}-{birthday[2:]}"
        line.params["X-APPLE-OMIT-YEAR"] = [_NO_YEAR]
    else:
        line.value = birthday

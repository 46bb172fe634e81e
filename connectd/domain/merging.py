"""What one machine takes over of what is on record on another: decided, not done.

Nothing on record here is lost, nobody is asked and nothing is sent twice, and to take over the
same again changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from connectd.domain.merging_meetings import MeetingMerger
from connectd.domain.moving import (
    ENDED_STAGES,
    OPEN_STATES,
    Change,
    Record,
    Row,
    Rows,
    Value,
    keyed,
    text_of,
)

_NUMBERED = "id"
_EMPTY = ("", "[]", None)
_BY_KEY = {"notes": ("key",), "acquaintances": ("one", "other"), "address_books": ("url",)}
_OF_MAILS = ("meeting", "sequence", "method", "recipient")
_TWO_INSTALLATIONS = (
    "it holds drafts or invitations that are still open, and connectd has planned meetings of its "
    "own on this machine. Import it before connectd has drafted anything here, or once everything "
    "that is open there has ended"
)


class Merger(NamedTuple):
    """What is taken over, in an order in which each change rests on those before it.

    ``adopts`` says that the installation id is, too. ``told`` are sentences about what is not,
    ``blocked`` the reasons why nothing at all can be.
    """

    changes: tuple[Change, ...]
    adopts: bool
    told: tuple[str, ...]
    blocked: tuple[str, ...]


def merge(here: Record, there: Record) -> Merger:
    """Decide it.

    People are completed. Of a meeting or an introduction that both know, the one that is further
    on its way counts, and a mail that left anywhere has left. All else that both know stays as
    it is here. The installation id moves as long as nothing bears the one of this machine.
    """
    mine, theirs = here.rows, there.rows
    adopts = here.installation != there.installation and not _bears_its_id(mine)
    foreign = here.installation != there.installation and not adopts
    meetings = MeetingMerger(mine, theirs, foreign=foreign)
    people, told = _people(mine, theirs)
    changes = (
        *people,
        *_addresses(mine, theirs),
        *_former(mine, theirs, people),
        *meetings.changes(),
        *_mails(mine, theirs, meetings.kept),
        *_new_or_left("letters", ("key",), mine, theirs["letters"]),
        *_encounters(mine, theirs),
        *_new_by_content("facts", mine, theirs["facts"]),
        *_new_by_content("journal", mine, theirs["journal"]),
        *_new_by_content("intents", mine, _intents(theirs, meetings.taken)),
        *_introductions(mine, theirs),
        *_accounts(mine, theirs),
        *(change for table in _BY_KEY for change in _unknown(table, mine, theirs)),
        *_cards(mine, theirs),
    )
    blocked = [*meetings.blocked]
    if foreign and any(row["state"] in OPEN_STATES for row in theirs["meetings"]):
        blocked = [_TWO_INSTALLATIONS]
    told = [*told, *_owned_by_others(mine, theirs), *meetings.told]
    return Merger(changes, adopts, tuple(told), tuple(blocked))


def _bears_its_id(rows: Rows) -> bool:
    """Whether anything that the installation id was used for may be out in the world."""
    used = ("meetings", "mails", "letters", "intents")
    return any(rows[table] for table in used) or any(n["key"] == "digests" for n in rows["notes"])


def _people(here: Rows, there: Rows) -> tuple[list[Change], list[str]]:
    """Who is not on the list yet, and what was empty of those who are; what stays otherwise."""
    known = {row["id"]: row for row in here["contacts"]}
    changes: list[Change] = []
    told: list[str] = []
    for row in there["contacts"]:
        mine = known.get(row["id"])
        if mine is None:
            changes.append(Change("contacts", row))
            continue
        news = {c: v for c, v in row.items() if v not in _EMPTY and v != mine[c]}
        completed = {column: value for column, value in news.items() if mine[column] in _EMPTY}
        if completed:
            changes.append(Change("contacts", completed, {"id": row["id"]}))
        if differing := ", ".join(c for c in news if c not in completed):
            told.append(f"{text_of(row, 'id')} stays as on this machine in: {differing}")
    return changes, told


def _addresses(here: Rows, there: Rows) -> Iterator[Change]:
    """The addresses that nobody has here, after those that the person has."""
    taken = {row["folded"] for row in here["contact_emails"]}
    after = Counter(row["contact"] for row in here["contact_emails"])
    for row in there["contact_emails"]:
        if row["folded"] in taken:
            continue
        yield Change("contact_emails", {**row, "position": after[row["contact"]]})
        after[row["contact"]] += 1


def _owned_by_others(here: Rows, there: Rows) -> Iterator[str]:
    owners = {row["folded"]: text_of(row, "contact") for row in here["contact_emails"]}
    for row in there["contact_emails"]:
        owner = owners.get(row["folded"])
        if owner not in (None, row["contact"]):
            address, other = text_of(row, "address"), text_of(row, "contact")
            yield f"{address} stays with {owner} and is not given to {other}"


def _former(here: Rows, there: Rows, people: Iterable[Change]) -> Iterator[Change]:
    """Who was taken off the list; not those who come on it again."""
    added = {change.row["id"] for change in people if change.where is None}
    listed = {row["id"] for row in here["contacts"]} | added
    known = {row["contact"] for row in here["former_contacts"]}
    for row in here["former_contacts"]:
        if row["contact"] in added:
            yield Change("former_contacts", {}, {"contact": row["contact"]}, drop=True)
    for row in there["former_contacts"]:
        if row["contact"] not in listed | known:
            yield Change("former_contacts", row)


def _mails(here: Rows, there: Rows, meetings: Collection[Value]) -> Iterator[Change]:
    """Those of ``meetings``, by UID; a Message-ID stands for one mail."""
    known = {row["message_id"]: keyed(row, _OF_MAILS) for row in here["mails"]}
    theirs = [
        row
        for row in there["mails"]
        if row["meeting"] in meetings
        and known.get(row["message_id"], keyed(row, _OF_MAILS)) == keyed(row, _OF_MAILS)
    ]
    return _new_or_left("mails", _OF_MAILS, here, theirs)


def _new_or_left(
    table: str, key: Sequence[str], here: Rows, there: Iterable[Row]
) -> Iterator[Change]:
    """Those that are not known, and how far one came there that waits here still."""
    known = {keyed(row, key): row for row in here[table]}
    for row in there:
        mine = known.get(keyed(row, key))
        if mine is None:
            yield Change(table, row)
        elif mine["stage"] not in ENDED_STAGES and row["stage"] not in ("queued", mine["stage"]):
            came = {"stage": row["stage"], "said": row["said"]}
            yield Change(table, came, {column: row[column] for column in key})


def _encounters(here: Rows, there: Rows) -> Iterator[Change]:
    """Days on which nothing is known of the person, but not another day of the same meeting."""
    days = {keyed(row, ("contact", "on_day")) for row in here["encounters"]}
    counted = {keyed(row, ("contact", "meeting")) for row in here["encounters"] if row["meeting"]}
    for row in there["encounters"]:
        if keyed(row, ("contact", "on_day")) in days:
            continue
        if keyed(row, ("contact", "meeting")) not in counted:
            yield Change("encounters", row)


def _intents(there: Rows, taken: Collection[Value]) -> list[Row]:
    """What was begun, for the meetings that are taken over; of all others it is known here."""
    return [row for row in there["intents"] if row["meeting"] in taken]


def _new_by_content(table: str, here: Rows, there: Sequence[Row]) -> Iterator[Change]:
    """The same content as often as it is there; the numbers are kept where all are free."""
    known = Counter(map(_content, here[table]))
    new: list[Row] = []
    for row in there:
        if known[_content(row)]:
            known[_content(row)] -= 1
        else:
            new.append(row)
    taken = {row[_NUMBERED] for row in here[table]}
    free = taken.isdisjoint(row[_NUMBERED] for row in new)
    for row in new:
        yield Change(table, row if free else dict(_content(row)))


def _content(row: Row) -> tuple[tuple[str, Value], ...]:
    return tuple((column, value) for column, value in row.items() if column != _NUMBERED)


def _introductions(here: Rows, there: Rows) -> Iterator[Change]:
    """Those that are not known, or that are further on their way there."""
    known = {row["pair"]: row for row in here["introductions"]}
    for row in there["introductions"]:
        mine = known.get(row["pair"])
        if mine is None:
            yield Change("introductions", row)
        elif _way_of(row) > _way_of(mine):
            yield Change("introductions", row, {"pair": row["pair"]})


def _way_of(introduction: Row) -> tuple[bool, int, int]:
    """How far it is; ids have no quotation marks, so that these tell how many said something."""
    ended = any(introduction[end] for end in ("introduced_at", "dropped_at"))
    agreed, asked = (str(introduction[said]).count('"') for said in ("agreed", "asked"))
    return ended, agreed, asked


def _accounts(here: Rows, there: Rows) -> Iterator[Change]:
    """Where drafts lie, and which form of them a server keeps; where that is not known here."""
    known = {row["name"]: row for row in here["accounts"]}
    for row in there["accounts"]:
        mine = known.get(row["name"])
        if mine is None:
            yield Change("accounts", row)
        elif learned := {c: v for c, v in row.items() if mine[c] is None and v is not None}:
            yield Change("accounts", learned, {"name": row["name"]})


def _unknown(table: str, here: Rows, there: Rows) -> Iterator[Change]:
    known = {keyed(row, _BY_KEY[table]) for row in here[table]}
    for row in there[table]:
        if keyed(row, _BY_KEY[table]) not in known:
            yield Change(table, row)


def _cards(here: Rows, there: Rows) -> Iterator[Change]:
    """The cards of those address books that were never read here."""
    known = {row["url"] for row in here["address_books"]}
    for row in there["cards"]:
        if row["book"] not in known:
            yield Change("cards", row)

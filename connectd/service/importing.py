"""Takes over what was exported on another machine: first decided, then done."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from connectd.config import Config
from connectd.domain.merging import Merger, merge
from connectd.domain.moving import ENDED_STAGES, OPEN_STATES, Change, Record, Row
from connectd.edges.private_file import write_private
from connectd.edges.store import Store
from connectd.edges.store.copying import copy_before_import
from connectd.edges.store.migrations import MIGRATIONS
from connectd.edges.store.moving import adopt, read_record, shape, store_of, take_over
from connectd.errors import ImportFileError, SenselessError, WrongInputError
from connectd.formats.export_document import Export, read_export
from connectd.formats.moved_config import for_another_place
from connectd.formats.questions import parse_questions
from connectd.service.digest_record import digest_record
from connectd.service.exporting import CONFIGURATION, QUESTIONS

_NEWEST = len(MIGRATIONS)
_WRONG = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


class Imported(NamedTuple):
    """An export that was read and checked; ``record`` has the form of today's database."""

    export: Export
    record: Record


class News(NamedTuple):
    """What there is to take over, in numbers; ``merger`` is all of it."""

    merger: Merger
    people: int
    completed: int
    drafts: int
    invitations: int
    ended: int
    mails: int
    days: int
    facts: int
    introductions: int
    other: int

    @property
    def is_any(self) -> bool:
        """Whether anything at all would change in the database."""
        return bool(self.merger.changes)


def read_import(data: bytes) -> Imported:
    """Read an export, of this version or an older one.

    Raises ImportFileError with everything that is wrong with it.
    """
    export = read_export(data, _NEWEST, shape)
    store, problems = store_of(export.record, export.schema)
    with closing(store):
        problems += [*_unreadable(store), *_file_problems(export.files)]
        if problems:
            raise ImportFileError(problems)
        return Imported(export, read_record(store))


def nothing_on_record() -> Record:
    """What is on record where there is no database yet."""
    return Record("", "", dict.fromkeys(shape(_NEWEST), ()))


def news(here: Record, imported: Imported, config: Config) -> News:
    """Decide what is taken over beside what is on record ``here``.

    Raises SenselessError with the reasons, where that would not be safe.
    """
    merger = merge(here, imported.record)
    reasons = [*merger.blocked, *_accounts_missing(merger.changes, config)]
    if reasons:
        listed = "\n".join(f"  {reason}" for reason in reasons)
        raise SenselessError(f"The file cannot be imported here now:\n{listed}")
    return _counted(merger)


def carry_out(
    told: News, imported: Imported, store: Store, database: Path, now: datetime
) -> Path | None:
    """Copy the database at that path, then take everything over: all of it, or nothing.

    No other process may work on it meanwhile. Gives the copy, None where nothing is new. Raises
    StoreError.
    """
    if not told.is_any:
        return None
    copy = copy_before_import(store.database, database, now)
    with store.transaction():
        take_over(store, told.merger.changes)
        if told.merger.adopts:
            adopt(store, imported.record)
    return copy


def write_files(files: Mapping[Path, str]) -> None:
    """Write the user's files, for the user alone; raises WrongInputError where one exists."""
    for path, text in files.items():
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise WrongInputError(f"{path} could not be written: {error.strerror}.") from error
        write_private(path, text.encode())


def _unreadable(store: Store) -> list[str]:
    """What no command could read afterwards, whatever it was that was not seen before."""
    readers: Mapping[str, Callable[[], object]] = {
        "contacts": lambda: store.contacts(include_archived=True),
        "former_contacts": store.former_contacts,
        "meetings": store.meetings,
        "follow_ups": store.standing_follow_ups,
        "mails": store.waiting_mails,
        "letters": store.waiting_letters,
        "encounters": store.encounters,
        "facts": store.all_facts,
        "introductions": store.introductions,
        "journal": store.journal,
        "intents": store.unfinished_intents,
        "address_books": store.address_books,
        "notes": lambda: (digest_record(store), _offered_at(store)),
    }
    problems: list[str] = []
    for name, read in readers.items():
        try:
            read()
        except _WRONG as error:
            problems.append(f"{name}: cannot be read ({type(error).__name__})")
    return problems


def _offered_at(store: Store) -> datetime | None:
    noted = store.get_note("introduction_offered_at")
    moment = datetime.fromisoformat(noted) if noted else None
    if moment and moment.tzinfo is None:
        raise ValueError(noted)
    return moment


def _file_problems(files: Mapping[str, str]) -> Iterator[str]:
    try:
        for_another_place(files.get(CONFIGURATION, ""))
    except ValueError as error:
        yield f"{CONFIGURATION}: is no TOML: {error}"
    _, problems = parse_questions(files.get(QUESTIONS, ""))
    yield from (f"{QUESTIONS}: {problem}" for problem in problems)


def _accounts_missing(changes: Iterable[Change], config: Config) -> Iterator[str]:
    """The accounts in which connectd has something standing, if the configuration has none such."""
    known = {account.name for account in config.accounts}
    standing = {
        str(change.row["account"])
        for change in changes
        if change.table in ("placements", "follow_ups") and not change.row["removed"]
    }
    for name in sorted(standing - known):
        names = ", ".join(sorted(known))
        yield (
            f"drafts and invitations stand in the account “{name}”, and the configuration here has "
            f"none of that name (it has: {names}). Give the [[account]] the same name as there"
        )


def _counted(merger: Merger) -> News:
    added = [change for change in merger.changes if change.where is None]
    tables = Counter(change.table for change in added)
    meetings = [change.row for change in merger.changes if change.table == "meetings"]
    states = Counter(_kind_of(row) for row in meetings)
    counted = ("contacts", "meetings", "mails", "letters", "encounters", "facts", "introductions")
    return News(
        merger,
        people=tables["contacts"],
        completed=sum(c.table == "contacts" and c.where is not None for c in merger.changes),
        drafts=states["drafts"],
        invitations=states["invitations"],
        ended=states["ended"],
        mails=sum(c.table in ("mails", "letters") and _waits(c.row) for c in added),
        days=sum(c.table == "encounters" and not c.row["denied"] for c in added),
        facts=tables["facts"],
        introductions=tables["introductions"],
        other=sum(change.table not in counted for change in merger.changes),
    )


def _kind_of(meeting: Row) -> str:
    if meeting["state"] not in OPEN_STATES:
        return "ended"
    return "drafts" if meeting["state"] == "drafted" else "invitations"


def _waits(mail: Row) -> bool:
    return mail["stage"] not in ENDED_STAGES

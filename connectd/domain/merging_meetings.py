"""Which meetings of another machine are taken over, with the places of their objects."""

from collections.abc import Iterator

from connectd.domain.model import State
from connectd.domain.moving import OPEN_STATES, Change, Row, Rows, Value, keyed, text_of

_ATTEMPT = ("contact", "other", "attempt")
_WAY = (State.DRAFTED.value, State.ACCEPTED.value, State.INVITED.value, State.CONFIRMED.value)


class MeetingMerger:
    """Meetings by UID, each with the placement of its object and its task.

    ``taken`` are the UIDs of those that will be as they are there, ``kept`` of all that will be on
    record, ``told`` says what stays otherwise, ``blocked`` with whom two would be open at once.
    ``foreign`` says that there is another installation, whose attempts and tasks are not ours.
    """

    def __init__(self, here: Rows, there: Rows, *, foreign: bool) -> None:
        self._here, self._there, self._foreign = here, there, foreign
        self._known = {row["uid"]: row for row in here["meetings"]}
        self._attempts = {keyed(row, _ATTEMPT): row for row in here["meetings"]}
        self._new: list[Row] = []
        self._further: list[Row] = []
        self.told: list[str] = []
        for row in there["meetings"]:
            self._choose(row)
        self.taken = {row["uid"] for row in (*self._new, *self._further)}
        self.kept = self.taken | self._known.keys()

    def changes(self) -> Iterator[Change]:
        """Add the new ones, and bring the others as far as they are there."""
        yield from (Change("meetings", row) for row in self._new)
        yield from (Change("meetings", row, {"uid": row["uid"]}) for row in self._further)
        yield from self._belonging("placements", "uid")
        if not self._foreign:
            yield from self._belonging("follow_ups", "meeting")

    @property
    def blocked(self) -> list[str]:
        """The people whom the user would be about to meet twice."""
        ours = [row for uid, row in self._known.items() if uid not in self.taken]
        both = _people_of(ours) & _people_of([*self._new, *self._further])
        return [
            f"a meeting with {person} is open on this machine, and another one there: one of them "
            "must end first"
            for person in sorted(map(str, both))
        ]

    def _choose(self, row: Row) -> None:
        mine = self._known.get(row["uid"])
        if mine is None:
            twin = self._under_another_uid(row)
            if twin is None or _progress(row) > _progress(twin):
                self._new.append(row)
        elif _progress(row) > _progress(mine):
            self._further.append(row)
        elif row != mine:
            self.told.append(
                f"a meeting with {text_of(row, 'contact')} stays {text_of(mine, 'state')} as on "
                f"this machine (there: {text_of(row, 'state')})"
            )

    def _under_another_uid(self, row: Row) -> Row | None:
        """The same draft, where a calendar program gave it a UID that only one of the two knows."""
        return None if self._foreign else self._attempts.get(keyed(row, _ATTEMPT))

    def _belonging(self, table: str, key: str) -> Iterator[Change]:
        known = {row[key] for row in self._here[table]}
        for row in self._there[table]:
            if row[key] in self.taken:
                yield Change(table, row, {key: row[key]} if row[key] in known else None)


def _people_of(meetings: list[Row]) -> set[Value]:
    still_open = [row for row in meetings if row["state"] in OPEN_STATES]
    return {person for row in still_open for person in (row["contact"], row["other"]) if person}


def _progress(meeting: Row) -> int:
    """How far it is on its way; all that have ended are equally far."""
    state = str(meeting["state"])
    return _WAY.index(state) if state in _WAY else len(_WAY)

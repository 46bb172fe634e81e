"""Questions to take to a meeting: which of a step's, so that nobody is asked the same too soon."""

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from connectd.domain.model import Meeting, State, Step

Catalogue = Mapping[Step, tuple[str, ...]]
"""The questions of each step, in their order."""


def choose_questions(
    of_the_step: Sequence[str], used: Sequence[str], contact: str, n: int = 2
) -> tuple[str, ...]:
    """Choose ``n`` questions for a contact, by id; fewer where the step has fewer.

    ``used`` are those that stood on an agenda with them before, oldest first. None of them comes
    again before every other was used; then those come first that were used longest ago. The
    same arguments give the same questions, and different people begin at different places.
    """
    distinct = tuple(dict.fromkeys(of_the_step))
    if not distinct:
        return ()
    begin = crc32(contact.encode()) % len(distinct)
    last_used = {question: number for number, question in enumerate(used)}
    in_turn = distinct[begin:] + distinct[:begin]
    return tuple(sorted(in_turn, key=lambda question: last_used.get(question, -1))[:n])


def used_questions(meetings: Iterable[Meeting]) -> tuple[str, ...]:
    """The questions that meetings with one contact have used up, oldest first.

    A draft that came to nothing before it was sent has used none.
    """
    counting = [meeting for meeting in meetings if _uses_up(meeting)]
    counting.sort(key=lambda meeting: (meeting.drafted_at or meeting.span.start, meeting.attempt))
    return tuple(question for meeting in counting for question in meeting.questions)


def _uses_up(meeting: Meeting) -> bool:
    return meeting.is_open or meeting.invited_at is not None or meeting.state is State.MET

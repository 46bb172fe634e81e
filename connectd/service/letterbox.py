"""Hands plain letters to the mail server, each at most once, as the outbox does for invitations.

How far the conversation came is on disk before each stage begins, so that a letter that broke
off is sent again only if it was certainly not taken.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from connectd.edges.smtp import MailServer, Stage
from connectd.edges.store import LetterRecord
from connectd.edges.store.mails import DELIVERED, DROPPED, QUEUED, REFUSED, UNKNOWN
from connectd.errors import SenselessError, ServerError
from connectd.formats.plain_mail import Reader, letter_id, plain_mail
from connectd.service.handing_over import MAY_BE_TRIED_AGAIN, hand_over, rests
from connectd.service.introduction_letters import people_in
from connectd.service.means import Means

_GONE = "one of the two is no longer on your list"
_ENDED = frozenset({DELIVERED, REFUSED, UNKNOWN, DROPPED})


def queue_letter(
    key: str,
    to: Sequence[Reader],
    subject: str,
    words: str,
    means: Means,
    now: datetime,
    *,
    again: bool = False,
) -> bool:
    """Record a letter to every reader of ``to``; gives False where it was recorded before.

    One that was refused may be recorded ``again``, since an address may be another by now.
    Raises SenselessError without a mail server, or where an address is none.
    """
    configured, store = means.config.mail, means.store
    if configured is None:
        raise SenselessError("There is no [mail] table in the configuration, so nothing is mailed.")
    sender = Reader(means.config.me.name, configured.from_)
    message_id = letter_id(key, store.installation, sender.address)
    message = plain_mail(message_id, sender, to, subject, words, now)
    letters = [
        LetterRecord(
            key=key if len(to) == 1 else f"{key}/{number}",
            message_id=message_id,
            sender=sender.address,
            recipient=reader.address,
            message=message,
            queued_at=now,
        )
        for number, reader in enumerate(to, 1)
    ]
    with store.transaction():
        news = [
            store.queue_letter(letter) or (again and store.queue_refused_letter(letter))
            for letter in letters
        ]
    return any(news)


def post_letters(means: Means, now: datetime, wanted: Callable[[], bool]) -> list[str]:
    """Hand over the letters that wait, as long as ``wanted()`` says so; gives what went wrong."""
    problems: list[str] = []
    for queued in means.store.waiting_letters():
        if not wanted():
            break
        letter = means.store.letter(queued.key)
        if letter is None or letter.stage in _ENDED:
            continue
        if letter.stage == Stage.ACCEPTED:
            means.store.save_letter_stage(letter.key, DELIVERED, letter.said)
        elif letter.stage not in MAY_BE_TRIED_AGAIN:
            problems.append(_ended(letter, UNKNOWN, "connectd was interrupted", means))
        elif not _listed(people_in(letter.key), means):
            means.store.save_letter_stage(letter.key, REFUSED, _GONE)
        elif means.mail and not rests(means, now):
            problems += _sent(means.mail, letter, means, now)
    return problems


def _listed(people: Sequence[str], means: Means) -> bool:
    """Whether all of them are still on the list: nobody else is introduced to anybody."""
    found = [means.store.contact(person) for person in people]
    return all(contact and not contact.archived for contact in found)


def _sent(server: MailServer, letter: LetterRecord, means: Means, now: datetime) -> list[str]:
    store = means.store

    def entering(stage: Stage) -> None:
        if not store.save_letter_stage(letter.key, stage):
            raise ServerError("it was taken back")

    outcome = hand_over(server, letter, entering, means, now)
    if outcome.stage not in (DELIVERED, QUEUED):
        return [_ended(letter, outcome.stage, outcome.said, means)]
    if not store.save_letter_stage(letter.key, outcome.stage, outcome.said):
        return []
    if outcome.stage == DELIVERED:
        return []
    return [f"a letter to {letter.recipient} is not mailed yet, it is tried again: {outcome.said}"]


def _ended(letter: LetterRecord, stage: str, said: str, means: Means) -> str:
    means.store.save_letter_stage(letter.key, stage, said)
    if stage == UNKNOWN:
        return f"it cannot be known whether a letter to {letter.recipient} arrived: {said}"
    return f"the mail server refused a letter to {letter.recipient}: {said}"

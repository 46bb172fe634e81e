"""Asks two people whether they want to meet, and brings those together who do; on a yes alone."""

from datetime import datetime
from typing import NamedTuple

from connectd.domain import opting_in
from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Contact
from connectd.errors import SenselessError
from connectd.formats.introduction_words import (
    bringing_together,
    bringing_together_subject,
    question_subject,
)
from connectd.formats.plain_mail import Reader
from connectd.formats.wording import without_addresses
from connectd.service.introduction_letters import (
    drop_question,
    leave_refused_to_the_user,
    letter_key,
    was_refused,
)
from connectd.service.letterbox import queue_letter
from connectd.service.means import Means
from connectd.service.opting import check_reason, log, take


class Told(NamedTuple):
    """An introduction after a step of it, and the ``text`` that says so to whom it concerns.

    Where it is not ``mailed`` with the next tick, the user passes it on.
    """

    introduction: Introduction
    text: str
    mailed: bool


def ask(
    introduction: Introduction, who: str, means: Means, now: datetime, *, by_hand: bool = False
) -> Told:
    """Ask one of the two, as the user has said: by mail where there is a mail server.

    Whoever has been asked is not mailed again, unless the mail was refused; the text can be had
    again ``by_hand``. Raises SenselessError, also while nobody has said why they should meet.
    """
    store = means.store
    to, about = _both(introduction, who, means)
    mails = means.config.mail is not None and not by_hand
    with store.transaction():
        current = store.introduction(*introduction.people) or introduction
        check_reason(current)
        text = current.texts[current.people.index(who)]
        in_vain = was_refused(store, current, who) and who not in current.agreed
        if mails and who in current.asked and not in_vain:
            raise SenselessError(
                f"{to.name} has {'agreed' if who in current.agreed else 'been asked'} already. "
                "The text to copy: the same with --by-hand."
            )
        asked = take(store, introduction, lambda known: opting_in.ask(known, who))
        if mails:
            subject = question_subject(without_addresses(about.name, about.emails))
            key = letter_key(asked, f"ask/{who}")
            queue_letter(key, [_reader(to)], subject, text, means, now, again=in_vain)
        else:
            drop_question(store, asked, who, "you asked them yourself")
        if asked != current:
            log(store, now, asked, f"{who} is asked {'by mail' if mails else 'by you'}")
    return Told(asked, text, mails)


def bring_together(
    introduction: Introduction, means: Means, now: datetime, *, by_hand: bool = False
) -> Told:
    """Introduce two who agreed by one mail to both, as the user has said; at most once.

    Without a mail server, or ``by_hand``, the user sends the text, and may have it again.
    Raises SenselessError unless both have agreed, and where they are to meet.
    """
    store = means.store
    first, second = _both(introduction, introduction.first, means)
    mails = means.config.mail is not None and not by_hand
    with store.transaction():
        current = store.introduction(*introduction.people) or introduction
        if current.is_open and current.by is not Bringing.MAIL:
            raise SenselessError(
                "These two are to be introduced in a meeting of you three. To write to them "
                f"instead: connectd introductions by {first.id} {second.id} mail"
            )
        check_reason(current)
        text = bringing_together_words(current, means)
        if mails and current.introduced_at:
            raise SenselessError(
                f"{first.name} and {second.name} have been introduced already. "
                "The text to copy: the same with --by-hand."
            )
        introduced = take(store, introduction, lambda known: opting_in.introduce(known, now))
        if mails:
            subject = bringing_together_subject(first.name, second.name)
            readers = [_reader(first), _reader(second)]
            queue_letter(letter_key(introduced, "both"), readers, subject, text, means, now)
        else:
            leave_refused_to_the_user(store, introduced)
        if introduced != current:
            log(store, now, introduced, f"introduced {'by mail' if mails else 'by you'}")
    return Told(introduced, text, mails)


def bringing_together_words(introduction: Introduction, means: Means) -> str:
    """What both would read; raises SenselessError where one is no longer on the list."""
    first, second = _both(introduction, introduction.first, means)
    return bringing_together(first.name, second.name, introduction.because, means.config.me.name)


def _both(introduction: Introduction, who: str, means: Means) -> tuple[Contact, Contact]:
    """The one called ``who``, and the other."""
    people = sorted(introduction.people, key=lambda person: person != who)
    one, other = (means.store.contact(person) for person in people)
    if one is None or other is None or one.archived or other.archived:
        raise SenselessError("One of them is no longer on your list, so nobody is written to.")
    return one, other


def _reader(contact: Contact) -> Reader:
    return Reader(contact.name, contact.emails[0])

"""The letters of an introduction: a question to each of the two alone, and one to both."""

from connectd.domain.introductions import Introduction
from connectd.domain.matching import pair_of
from connectd.domain.model import Meeting, State
from connectd.edges.store import LetterRecord, Store
from connectd.edges.store.mails import DROPPED, REFUSED
from connectd.service.handing_over import MAY_BE_TRIED_AGAIN

_KIND = "introduction"
_NOT_HEARD = MAY_BE_TRIED_AGAIN | {REFUSED}
_OFF = "the two are not to be introduced after all"


def letter_key(introduction: Introduction, what: str) -> str:
    """The key of a letter of this introduction; one that is begun anew has its own."""
    pair = " ".join(pair_of(*introduction.people))
    return f"{_KIND}/{pair}/{introduction.began_at.isoformat()}/{what}"


def question_letter(store: Store, introduction: Introduction, who: str) -> LetterRecord | None:
    """The letter with which one of the two is asked, if it goes by mail."""
    return store.letter(letter_key(introduction, f"ask/{who}"))


def letters_to_both(store: Store, introduction: Introduction) -> dict[str, LetterRecord]:
    """The letters that bring the two together, by the id of the reader, if they go by mail."""
    found = {
        who: store.letter(letter_key(introduction, f"both/{number}"))
        for number, who in enumerate(introduction.people, 1)
    }
    return {who: letter for who, letter in found.items() if letter}


def has_been_asked(store: Store, introduction: Introduction, who: str) -> bool:
    """Whether somebody who is to be asked has the question, or may have: by mail or by hand."""
    letter = question_letter(store, introduction, who)
    return letter is None or letter.stage not in _NOT_HEARD


def was_refused(store: Store, introduction: Introduction, who: str) -> bool:
    """Whether one of the two was to be asked by mail, and the mail was refused."""
    letter = question_letter(store, introduction, who)
    return letter is not None and letter.stage == REFUSED


def leave_refused_to_the_user(store: Store, introduction: Introduction) -> None:
    """Note that the user writes to whom the letter to both could not be brought."""
    for letter in letters_to_both(store, introduction).values():
        if letter.stage == REFUSED:
            store.drop_letter(letter.key, "you wrote to them yourself")


def people_in(key: str) -> tuple[str, ...]:
    """The ids of the two whom a letter is about, by its key; none of a letter of another kind."""
    kind, _, rest = key.partition("/")
    return tuple(rest.partition("/")[0].split(" ")) if kind == _KIND else ()


def drop_question(store: Store, introduction: Introduction, who: str, why: str) -> None:
    """Let a question that waits, or was refused, go out no more."""
    letter = question_letter(store, introduction, who)
    if letter and letter.stage in _NOT_HEARD:
        store.drop_letter(letter.key, why)


def unsay(store: Store, introduction: Introduction) -> bool:
    """Drop what was to bring the two together, if none of it has left; gives False if some has.

    That is the letter to both, or the mails that invite them to a meeting of three. What a
    server has sent, or the user passed on, cannot be kept back.
    """
    letters = letters_to_both(store, introduction).values()
    if letters:
        unheard = all(letter.stage in _NOT_HEARD for letter in letters)
        for letter in letters if unheard else ():
            store.drop_letter(letter.key, _OFF)
        return unheard
    meeting = store.meeting(introduction.meeting) if introduction.meeting else None
    return meeting is not None and _unsay_meeting(store, meeting)


def _unsay_meeting(store: Store, meeting: Meeting) -> bool:
    mails = store.mails_of(meeting.uid)
    unheard = all(mail.stage in _NOT_HEARD | {DROPPED} for mail in mails)
    if not mails or not unheard or meeting.state is not State.INVITED:
        return False
    for mail in mails:
        if mail.stage in MAY_BE_TRIED_AGAIN:
            store.save_mail_stage(mail.message_id, DROPPED, _OFF)
    return True

"""What stands in the calendar, and goes out, of a meeting with two people at once."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

from dataclasses import replace
from datetime import date

import pytest
from client_rewrites import YESES, Rewrite, cases
from sample_drafts import BOB, ME, MINE, NOW, SPAN, edited, event_in, lines, meeting, unfolded

from connectd.domain.model import Contact, Delivery, Form, Kind, Meeting, Reply
from connectd.domain.view import Answer
from connectd.errors import UnreadableEventError
from connectd.formats.calendar_writer import Asked, draft, invitation
from connectd.formats.confined_readers import read
from connectd.formats.follow_up import follow_up
from connectd.formats.gestures import gesture_from_json, gesture_to_json, read_gesture
from connectd.formats.itip import cancellation, request
from connectd.formats.look_alikes import likeness
from connectd.formats.mail import message_id
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import DraftNotes, InvitationWords, first_names, invitation_title

ADA = Contact("ada-ash", "Ada Ash", ("ada@example.test", "a.ash@work.test"), "results")
BOTH = (ADA, BOB)
EMAILS = [ADA.emails, BOB.emails]
REASONS = ("both agreed", "you said: xqbecause they sing, write to ada@example.test")
TITLE = "Coffee – Alice, Ada & Bob"


def of_three(form: Form = Form.INVITATION, sequence: int = 0) -> Meeting:
    asked = meeting(form, reasons=REASONS, sequence=sequence)
    return asked._replace(contact=ADA.id, other=BOB.id)


def drafted(form: Form = Form.INVITATION) -> str:
    notes = DraftNotes(Delivery.MAIL, SPAN.start, "Work", ("Ask bob@example.test",))
    return draft(of_three(form), BOTH, ME, notes, NOW)


def invited(
    stored: str | None = None,
    asked: Asked = Asked.BY_US,
    form: Form = Form.INVITATION,
    words: str | None = None,
) -> str:
    return invitation(
        of_three(sequence=1),
        BOTH,
        ME,
        stored or drafted(form),
        written=drafted(form),
        asked=asked,
        words=InvitationWords(words),
        now=NOW,
    )


def answered(text: str, **partstat: str) -> str:
    """The object after people answered, by what stands before their @."""
    for name, said in partstat.items():
        (line,) = [one for one in lines(text, "ATTENDEE") if f"mailto:{name}@" in one]
        text = unfolded(text).replace(line, line.replace("NEEDS-ACTION", said))
    return text


class TestTheDraft:
    @pytest.mark.parametrize("form", Form)
    def test_names_both_and_no_address_of_either(self, form: Form) -> None:
        text = unfolded(drafted(form))
        assert event_in(text)["SUMMARY"] == "? Ada Ash & Bob Baker – coffee"
        for address in (*ADA.emails, *BOB.emails):
            assert address not in text.lower()

    def test_says_what_happens_in_whole_sentences(self) -> None:
        words = read_stored(drafted()).description
        for sentence in (
            "nothing has been sent, and Ada and Bob know nothing of the time.",
            "Yes: press Accept. Ada and Bob then get an invitation by mail.",
            "No: press Decline, or delete it. Ada and Bob never hear of it.",
            "Why Ada and Bob, and why now:",
            "To talk about with Ada and Bob:",
        ):
            assert sentence in words

    @pytest.mark.parametrize(
        ("before", "says"), [("", Answer.NONE), ("OK ", Answer.YES), ("NO ", Answer.NO)]
    )
    def test_is_known_again_under_another_uid(self, before: str, says: Answer) -> None:
        title = "? Ada Ash & Bob Baker – coffee"
        assert likeness(title, before + title) is says
        assert likeness(title, f"{before}? Bob Baker – coffee") is None

    @pytest.mark.parametrize(("form", "client"), cases(YESES).values(), ids=cases(YESES).keys())
    def test_takes_a_yes_as_any_other(self, form: Form, client: Rewrite) -> None:
        gesture = read_gesture(drafted(form), client(drafted(form)), MINE, EMAILS)
        assert gesture.answer is Answer.YES


class TestTheInvitation:
    def test_asks_both(self) -> None:
        event = event_in(invited())
        assert event["SUMMARY"] == TITLE
        asked = [str(line) for line in lines(invited(), "ATTENDEE") if "NEEDS-ACTION" in line]
        assert [line.rpartition("mailto:")[2] for line in asked] == [ADA.emails[0], BOB.emails[0]]
        assert all("SCHEDULE-AGENT=CLIENT" in line for line in asked)

    def test_names_nobody_where_somebody_else_asks(self) -> None:
        text = unfolded(invited(asked=Asked.NOT_HERE)).lower()
        assert not any(address in text for address in (*ADA.emails, *BOB.emails))
        assert lines(invited(asked=Asked.NOT_HERE), "ATTENDEE") == []

    @pytest.mark.parametrize("asked", Asked)
    def test_holds_nothing_of_the_draft(self, asked: Asked) -> None:
        assert "xqbecause" not in unfolded(invited(asked=asked))
        assert "know nothing" not in unfolded(invited(asked=asked))

    def test_is_in_the_users_words_with_both_names(self) -> None:
        words = "Dear {first_name} ({name}), {activity}?"
        said = read_stored(invited(words=words)).description
        assert said == "Dear Ada and Bob (Ada Ash and Bob Baker), coffee?"
        assert "would like to meet you both: coffee" in read_stored(invited()).description

    def test_is_written_again_with_both_and_their_answers_taken_back(self) -> None:
        said = answered(invited(), ada="ACCEPTED", bob="TENTATIVE")
        again = invitation(
            of_three(sequence=2), BOTH, ME, said, written=invited(), asked=Asked.BY_US, now=NOW
        )
        assert sum("NEEDS-ACTION" in line for line in lines(again, "ATTENDEE")) == len(BOTH)
        assert event_in(again)["SUMMARY"] == TITLE

    def test_of_two_with_one_first_name_uses_the_whole_ones(self) -> None:
        assert first_names(("Ada Ash", "Ada Baker")) == ("Ada Ash", "Ada Baker")
        title = invitation_title("Alice Example", ("Ada Ash", "Ada Baker"), Kind.WALK)
        assert title == "Walk – Alice, Ada Ash & Ada Baker"


class TestTheReplies:
    @pytest.mark.parametrize(
        ("partstats", "together"),
        [
            ({"ada": "ACCEPTED"}, Reply.NONE),
            ({"ada": "ACCEPTED", "bob": "ACCEPTED"}, Reply.ACCEPTED),
            ({"ada": "ACCEPTED", "bob": "DECLINED"}, Reply.DECLINED),
            ({"bob": "TENTATIVE"}, Reply.TENTATIVE),
        ],
    )
    def test_are_read_one_by_one(self, partstats: dict[str, str], together: Reply) -> None:
        gesture = read_gesture(invited(), answered(invited(), **partstats), MINE, EMAILS)
        each = tuple(Reply(partstats.get(who, "needs-action").lower()) for who in ("ada", "bob"))
        assert (gesture.reply, gesture.replies) == (together, each)
        assert gesture_from_json(gesture_to_json(gesture)) == gesture

    def test_of_an_inbox_come_one_for_each(self) -> None:
        asked = request(invited(), EMAILS).replace("METHOD:REQUEST", "METHOD:REPLY")
        text = answered(asked, bob="ACCEPTED")
        alone = edited(text, lambda event: event.__setitem__("ATTENDEE", event["ATTENDEE"][-1:]))
        meant = {
            "people": [list(emails) for emails in EMAILS],
            "sequence": 1,
            "start": SPAN.start.isoformat(),
        }
        uid = of_three().uid
        answer = read({"what": "replies", "texts": [alone], "meetings": {uid: meant}})
        assert answer == {"replies": {uid: ["needs-action", "accepted"]}}


class TestTheMails:
    def test_ask_both_by_the_same_request(self) -> None:
        event = event_in(request(invited(), EMAILS))
        asked = [one for one in event["ATTENDEE"] if one.params["PARTSTAT"] == "NEEDS-ACTION"]
        assert [str(one) for one in asked] == [f"mailto:{one.emails[0]}" for one in BOTH]

    def test_are_refused_where_one_of_them_is_not_invited(self) -> None:
        with pytest.raises(UnreadableEventError, match="guests"):
            request(invited(), [*EMAILS, ("carol@example.test",)])

    def test_that_call_it_off_name_both(self) -> None:
        off = unfolded(cancellation(request(invited(), EMAILS), 2, NOW))
        assert all(f"mailto:{person.emails[0]}" in off for person in BOTH)

    def test_have_ids_of_their_own(self) -> None:
        first = message_id("uid", 1, "REQUEST", ME.email)
        second = message_id("uid", 1, "REQUEST", ME.email, BOB.id)
        assert first != second
        assert "bob" not in second


def test_the_task_asks_about_both() -> None:
    text = unfolded(
        follow_up(of_three(), BOTH, uid="task", due=date(2026, 12, 2), notes=[], now=NOW)
    )
    assert "SUMMARY:How was it with Ada and Bob?" in text
    assert "connectd done ada-ash --need" in text
    assert "connectd note bob-baker --need" in text


def test_names_with_addresses_in_them_do_not_tell_them() -> None:
    odd = (replace_name(ADA, "bob@example.test"), replace_name(BOB, "Bob <ada@example.test>"))
    text = unfolded(draft(of_three(), odd, replace(ME, name="Alice"), DraftNotes(), NOW)).lower()
    assert "@example.test" not in text.replace("alice@example.test", "")


def replace_name(contact: Contact, name: str) -> Contact:
    return contact._replace(name=name)

"""Judges everything that connectd writes by the rules that must never break."""

from datetime import timedelta

from calendar_client import addresses, event_of
from memory_calendar import Written, span_of, uid_of
from memory_life import MemoryLife
from memory_mail import Delivered

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import LAPSED, OPEN, SENT, Contact, Meeting, Reply, State
from connectd.domain.spans import local_day
from connectd.domain.view import Answer
from connectd.service.tick import Report

TEN_MINUTES = 600


class MemoryJudge:
    """Watches each write while it is made, and the record after each tick."""

    def __init__(self, life: MemoryLife) -> None:
        self.life = life
        self.busy = list(life.busy())
        self.asked: set[tuple[str, int]] = set()
        self.mailed: set[tuple[str, int, str]] = set()
        life.account.watched = self.written
        life.mail.watched = self.delivered

    def tick(self) -> Report | None:
        self.busy = list(self.life.busy())
        before = {meeting.uid: meeting for meeting in self.life.store.meetings()}
        report = self.life.tick()
        after = {meeting.uid: meeting for meeting in self.life.store.meetings()}
        self._followed_to_another_uid(before, after)
        for uid, meeting in after.items():
            if known := before.get(uid):
                self._lived_on(known, meeting)
        self._stands_right(report)
        return report

    def written(self, written: Written) -> None:
        """Judge one PUT or DELETE before it is carried out."""
        text = written.text or written.before or ""
        uid = uid_of(text)
        if written.before:
            assert uid_of(written.before) == uid
        if "BEGIN:VTODO" in text:
            tasks = {self._task_of(meeting) for meeting in self.life.store.meetings()}
            assert uid in tasks
            return
        meeting = self.life.store.meeting(uid)
        assert meeting, f"{uid} is no meeting of ours"
        assert not meeting.released
        if written.text is None:
            assert meeting.state in LAPSED
            assert meeting.invited_at is None
        else:
            self._put(meeting, written.text, new=not written.condition)

    def delivered(self, mail: Delivered) -> None:
        """Judge one mail as it arrives."""
        meeting = self.life.store.meeting(mail.uid)
        assert self.life.sender == "mail"
        assert meeting
        assert meeting.invited_at
        for contact in self.life.store.contacts():
            named = contact.emails[0] in mail.text or contact.emails[0] == mail.recipient
            assert named == (contact.id in meeting.people)
        assert (mail.uid, mail.sequence, mail.method) not in self.mailed
        assert mail.method == "REQUEST" or any(
            uid == mail.uid and method == "REQUEST" for uid, _, method in self.mailed
        )
        self.mailed.add((mail.uid, mail.sequence, mail.method))

    def _put(self, meeting: Meeting, text: str, *, new: bool) -> None:
        life, hand = self.life, self.life.hand(meeting.uid)
        event = event_of(text)
        for contact in life.store.contacts():
            if contact.emails[0] in text.lower():
                assert contact.id in meeting.people
                assert meeting.state not in OPEN - SENT or hand.yes_here
        asks = event.get("STATUS") == "CONFIRMED" and "nothing has been sent" not in text.lower()
        if new:
            assert meeting.state is State.DRAFTED
            assert not self._in_the_way(meeting.uid, text)
        elif asks and meeting.state is State.ACCEPTED:
            self._sends(meeting, self._in_the_way(meeting.uid, text))
        elif meeting.state in OPEN - SENT:
            hand.names = self._in_the_way(meeting.uid, text)
            hand.said, hand.before_yes = Answer.NONE, None
        if self._contact(meeting).emails[0] in addresses(event):
            version = (meeting.uid, int(event["SEQUENCE"]))
            assert version not in self.asked
            self.asked.add(version)

    def _sends(self, meeting: Meeting, in_the_way: frozenset[str]) -> None:
        """Only after a yes to this time; in spite of what takes it, after two that knew of it."""
        hand = self.life.hand(meeting.uid)
        assert not hand.refused
        assert hand.yes_here
        assert meeting.span.start > self.life.now
        assert self.life.lies_at(meeting) == meeting.span
        knew = len(hand.yes_here) > 1 and in_the_way <= hand.yes_here[-1]
        assert not in_the_way or knew, (in_the_way, hand)
        hand.said, hand.before_yes = Answer.NONE, None

    def _in_the_way(self, uid: str, text: str) -> frozenset[str]:
        """What took its time when the tick began: nothing is known of what came in between."""
        own, at = self.life.href(uid), span_of(text)
        assert at
        return frozenset(href for href, span in self.busy if span.overlaps(at) and href != own)

    def _contact(self, meeting: Meeting) -> Contact:
        contact = self.life.store.contact(meeting.contact)
        assert contact
        return contact

    def _task_of(self, meeting: Meeting) -> str:
        return follow_up_uid(self.life.store.installation, meeting.uid)

    def _followed_to_another_uid(
        self, before: dict[str, Meeting], after: dict[str, Meeting]
    ) -> None:
        """A draft known by another UID now stands there with a yes; another was never written."""
        by_attempt = {(m.contact, m.attempt): m.uid for m in after.values()}
        for old in before.keys() - after.keys():
            new = by_attempt.get((before[old].contact, before[old].attempt))
            if new and new.startswith("anew-"):
                assert self.life.hand(old).deleted_at
                assert self.life.hand(new).yes_here
            else:
                assert before[old].state is State.DRAFTED
                assert self.life.href(old) is None

    def _lived_on(self, before: Meeting, after: Meeting) -> None:
        """What ended stays so, and a step has its reason."""
        hand = self.life.hand(after.uid)
        assert after.sequence >= before.sequence
        if after.state is before.state:
            return
        if after.state is State.DRAFTED:
            assert before.state in {State.ACCEPTED, State.EXPIRED, State.WITHDRAWN}
            hand.yes_here = [hand.names] if hand.said is Answer.YES else []
        else:
            assert before.is_open
        gone = hand.deleted_at and (self.life.now - hand.deleted_at).total_seconds() >= TEN_MINUTES
        if after.state in {State.DECLINED, State.CANCELLED}:
            assert hand.refused or (gone and not self.life.href(after.uid))
        if after.state is State.TURNED_DOWN:
            assert Reply.DECLINED in hand.replies
        if after.state is State.CONFIRMED:
            assert Reply.ACCEPTED in hand.replies

    def _stands_right(self, report: Report | None) -> None:
        """One meeting each, one object each, and nothing left of a draft that ended."""
        life = self.life
        people = [person for meeting in life.open() for person in meeting.people]
        assert len(set(people)) == len(people)
        uids = [uid_of(text) for text in life.account.objects().values()]
        assert len(set(uids)) == len(uids)
        if report is None or not report.complete or report.failures:
            return
        for meeting in life.store.meetings():
            left = meeting.state in LAPSED and not meeting.invited_at and not meeting.released
            assert not left or not life.href(meeting.uid)
            if task := life.account.objects().get(life.href(self._task_of(meeting)) or ""):
                self._task_stands_right(meeting, task)

    def _task_stands_right(self, meeting: Meeting, task: str) -> None:
        """Nobody is asked about what ended without them, and the day is the one after it."""
        if "STATUS:NEEDS-ACTION" not in task:
            return
        assert meeting.is_open
        due = local_day(meeting.span.end, self.life.config.me.timezone) + timedelta(days=1)
        assert f"DUE;VALUE=DATE:{due:%Y%m%d}" in task

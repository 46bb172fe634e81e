"""Mails the user the agenda of a meeting, where they want it so, once the invitation is out."""

from datetime import datetime

from connectd.domain.model import Meeting
from connectd.formats.agenda_text import agenda_mail, agenda_subject
from connectd.formats.plain_mail import Reader
from connectd.service.agendas import meeting_agenda, people_at
from connectd.service.letterbox import queue_letter
from connectd.service.means import Means


def mail_agenda(meeting: Meeting, means: Means, now: datetime) -> None:
    """Queue the mail to the user's own first address; one for each meeting.

    Raises SenselessError where an address of the configuration is none.
    """
    config, store = means.config, means.store
    if config.agenda.where != "mail" or config.mail is None:
        return
    people = people_at(meeting, store)
    lines = meeting_agenda(meeting, config, store, means.catalogue).lines()
    words = agenda_mail(meeting, people, config.me.timezone, lines)
    me = Reader(config.me.name, config.me.emails[0])
    queue_letter(f"agenda/{meeting.uid}", [me], agenda_subject(people), words, means, now)
